//! What people do in Confluence between two publishes.

use tributary_sandbox::HeldPage;
use tributary_sandbox::signin::Product;
use tributary_sandbox::state::Restoring;

use super::{Model, TITLES};
use crate::Journey;

impl Model {
    /// Does what a person does in Confluence.
    pub(super) fn act_by_hand(&mut self, journey: &Journey) {
        let held = journey.pages();
        let below: Vec<HeldPage> = held
            .iter()
            .filter(|page| page.parent_id.is_some())
            .cloned()
            .collect();
        let word = self.word();
        let act = self.dice.below(14);
        let page = self.dice.one_of(&below).cloned();
        let is_theirs = |id: &String| self.foreign.contains(id) || self.named.contains(id);
        let Some(page) = page.filter(|page| act > 0 && !is_theirs(&page.id)) else {
            self.make_a_page(journey, &held, &word);
            return;
        };
        self.is_untouched = false;
        match act {
            1..=5 | 13 => self.write_on_it(journey, act, &page, word),
            6 | 12 => self.put_it_elsewhere(journey, act, &page, &held),
            _ => self.put_beside_its_text(journey, act, &page, word),
        }
    }

    fn make_a_page(&mut self, journey: &Journey, held: &[HeldPage], word: &str) {
        let (control, product) = (journey.sandbox.control(), journey.product);
        let title = TITLES[self.dice.below(TITLES.len())];
        let parent = self.dice.one_of(held).map(|page| page.id.clone());
        let body = format!("<p>Nobody else's: {word}.</p>");
        let parent = parent.as_deref();
        if let Some(id) = control.create_page_by_hand(product, "DOCS", parent, title, &body) {
            self.is_untouched = false;
            self.tell(&format!("a person makes `{title}` ({id}) below {parent:?}"));
            if self.dice.below(2) == 0 {
                control.edit_page_by_hand(product, &id, "<p>Nobody else's, twice.</p>");
            }
            self.made_by_people.insert(id.clone());
            self.foreign.insert(id);
        }
    }

    fn write_on_it(&mut self, journey: &Journey, act: usize, page: &HeldPage, word: String) {
        let (control, product) = (journey.sandbox.control(), journey.product);
        let (id, title) = (page.id.clone(), &page.title);
        match act {
            1 | 2 => {
                self.tell(&format!("a person adds {word} to `{title}` ({id})"));
                let body = format!("{}<p>By hand {word}.</p>", page.body);
                control.edit_page_by_hand(product, &id, &body);
                self.by_hand.entry(id).or_default().insert(word);
            }
            3 => {
                let body = page.body.replacen("The source says", &word, 1);
                if body != page.body {
                    self.tell(&format!("a person writes {word} in `{title}` ({id})"));
                    control.edit_page_by_hand(product, &id, &body);
                    self.by_hand.entry(id).or_default().insert(word);
                }
            }
            13 => {
                let renamed = format!("{title} {word}");
                self.tell(&format!("a person renames `{title}` ({id}) to `{renamed}`"));
                control.rename_page_by_hand(product, &id, &renamed);
                self.renamed.insert(id);
            }
            _ => {
                if !page.body.contains("inline-comment-marker")
                    && control.comment_by_hand(product, &id, "Remarkable words")
                {
                    self.tell(&format!("a person comments on `{title}` ({id})"));
                }
            }
        }
    }

    /// Moves a page below another or into another space, archives it or puts it into the trash; or brings
    /// back one that was put there.
    fn put_it_elsewhere(
        &mut self,
        journey: &Journey,
        act: usize,
        page: &HeldPage,
        held: &[HeldPage],
    ) {
        if self.bring_back(journey) {
            return;
        }
        let (control, product) = (journey.sandbox.control(), journey.product);
        let (id, title) = (page.id.clone(), &page.title);
        if act == 6 {
            let target = self.dice.one_of(held).expect("the home page");
            if target.id != id && control.move_page_by_hand(product, &id, &target.id) {
                let target = &target.title;
                self.tell(&format!("a person moves `{title}` ({id}) below `{target}`"));
            }
            return;
        }
        match self.dice.below(3) {
            0 => {
                let mut team = control.pages(product, "TEAM").into_iter();
                let team = team.find(|page| page.parent_id.is_none());
                let team = team.expect("a home page").id;
                assert!(control.move_page_by_hand(product, &id, &team));
                self.has_left = true;
                self.tell(&format!("a person moves `{title}` ({id}) to another space"));
            }
            // Data Center has no archive for pages.
            1 if product == Product::Cloud => {
                self.tell(&format!("a person archives `{title}` ({id})"));
                let number = id.parse().expect("a number");
                let archived = control.store(product).set_status(number, "archived");
                archived.expect("the database works");
            }
            _ => {
                self.tell(&format!("a person puts `{title}` ({id}) into the trash"));
                control.trash_page(product, &id);
                self.in_trash.insert(id);
            }
        }
        // What was below it may have gone with it.
        let left: Vec<String> = journey.pages().into_iter().map(|page| page.id).collect();
        for gone in held.iter().filter(|page| !left.contains(&page.id)) {
            let of_path = self.pages.iter().find(|(_, id)| **id == gone.id);
            if let Some((path, id)) = of_path.map(|(path, id)| (path.clone(), id.clone())) {
                self.gone_by_hand.insert(path, id);
            }
            self.forget(&gone.id);
        }
    }

    /// Takes a page out of the trash that a person put there, and says whether there was one whose title is
    /// free. A publish may have made another page of its source meanwhile.
    fn bring_back(&mut self, journey: &Journey) -> bool {
        let Some(id) = self.in_trash.first().cloned() else {
            return false;
        };
        let (control, product) = (journey.sandbox.control(), journey.product);
        // At the top of the space it would be a page like any other of theirs.
        let below = Restoring {
            makes_version: true,
            keeps_place: true,
        };
        control.set_restoring(product, below);
        let is_back = control.restore_page_by_hand(product, &id);
        control.set_restoring(product, Restoring::default());
        if is_back {
            self.tell(&format!("a person takes {id} out of the trash"));
            self.in_trash.remove(&id);
            self.pages.retain(|_, known| *known != id);
            // A version of theirs is on top, which says nothing that is to stay.
            self.renamed.insert(id.clone());
            self.restored.insert(id);
        }
        is_back
    }

    /// A label, a property, a file of their own, or another picture in the place of ours.
    fn put_beside_its_text(
        &mut self,
        journey: &Journey,
        act: usize,
        page: &HeldPage,
        word: String,
    ) {
        let (control, product) = (journey.sandbox.control(), journey.product);
        let (id, title) = (page.id.clone(), &page.title);
        let number: i64 = id.parse().expect("a number");
        let store = control.store(product);
        match act {
            7 => {
                self.tell(&format!(
                    "a person puts the label {word} on `{title}` ({id})"
                ));
                let labeled = store.add_label(number, "global", &word);
                labeled.expect("the database works");
                self.labels.entry(id).or_default().insert(word);
            }
            8 | 9 => {
                self.tell(&format!(
                    "a person sets the property {word} of `{title}` ({id})"
                ));
                let value = serde_json::json!({"by": "hand"});
                let set = store.add_property(&format!("content/{id}"), &word, &value);
                set.expect("the database works");
                self.properties.entry(id).or_default().insert(word);
            }
            10 => {
                self.tell(&format!("a person attaches {word} to `{title}` ({id})"));
                self.attach(journey, number, None, &word, &word);
                self.files.entry(id).or_default().insert(word);
            }
            _ => {
                let ours = store.attachment(number, "picture.svg");
                if let Some(ours) = ours.expect("the database works") {
                    self.tell(&format!(
                        "a person replaces the picture of `{title}` ({id})"
                    ));
                    let theirs =
                        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"{word}\"/>");
                    self.attach(journey, number, Some(ours.id), "picture.svg", &theirs);
                    self.pictures_by_hand.insert(id, super::sha256(&theirs));
                }
            }
        }
    }

    fn attach(&self, journey: &Journey, page: i64, replaces: Option<i64>, name: &str, text: &str) {
        let store = journey.sandbox.control().store(journey.product);
        let kind = match replaces {
            Some(_) => "image/svg+xml",
            None => "text/plain",
        };
        let author = "somebody-else";
        let text = text.as_bytes();
        let attached = store.attach(page, replaces, name, kind, "Mine", author, false, text);
        attached.expect("the database works");
    }

    /// Forgets what has to hold of a page that is not in the space any more.
    pub(super) fn forget(&mut self, id: &str) {
        self.by_hand.remove(id);
        self.renamed.remove(id);
        self.labels.remove(id);
        self.properties.remove(id);
        self.files.remove(id);
        self.pictures_by_hand.remove(id);
        for source in self.sources.values_mut() {
            source.page_id = source.page_id.take().filter(|named| named != id);
        }
    }
}
