//! Every screen of the real window in every state that it has: drawn in light and dark, held against
//! the rules of axe in each look, and in reach where the window is small or enlarged.

use crate::desktop::{Desktop, Window, on_a_desktop, on_a_large_desktop};
use crate::window::plan;

mod publish;
mod published;
mod start;

/// Puts answers in the place of the core's, by the commands that are asked: one that never comes, an
/// error, none or ten thousand of what is in the true answer, or what a function makes of it and of
/// what was asked, or throws.
const STAND_IN: &str = "const usual = window.fetch; \
    const answer = (value, kind) => new Response(JSON.stringify(value), {headers: {'content-type': 'application/json', 'Tauri-Response': kind}}); \
    const many = (rows, change) => Array.from({length: 10000}, (_, number) => ({...rows[number % rows.length], ...change(number)})); \
    const account = {provider: 'gitlab', providerName: 'GitLab', base: 'https://gitlab.com', host: 'gitlab.com', user: 'ada', access: 'browser', way: 'browser', mode: 'individual', isManaged: false, purpose: 'read', scopes: ['read_api'], sites: [], signedIn: '2026-11-01T08:00:00Z', lastUsed: null, ends: null, isUsedFirst: true, health: null}; \
    const multiplied = { \
      list_accounts: () => many([account], (number) => ({id: `many-${number}`, user: `user-${number}`})), \
      list_folder: (found) => ({...found, items: many([{kind: 'file', size: 10, isStrange: false}], (number) => ({name: `page-${String(number).padStart(5, '0')}.md`}))}), \
      list_published: (found) => ({...found, pages: many(found.pages, (number) => ({id: `many-${number}`, title: `Page ${number}`}))}), \
      list_files: (found) => [...found, ...many(found, (number) => ({path: `page-${String(number).padStart(5, '0')}.md`, kind: 'document', skipped: null}))], \
      list_pages: (found) => many(found, (number) => ({id: `many-${number}`, title: `Page ${number}`})), \
      list_audit: (found) => ({...found, total: 10000, entries: many(found.entries, (number) => ({number: String(10000 - number)}))}), \
      apply_plan: (found) => ({...found, outcomes: many(found.outcomes, (number) => ({title: `Page ${number}`, path: `page-${number}.md`, outcome: 'updated', needsAttention: false, reason: null}))}), \
      plan_publish: (found) => ({...found, steps: many(found.steps, (number) => ({index: number, title: `Page ${number}`, path: `page-${number}.md`}))}), \
    }; \
    const emptied = { \
      list_published: (found) => ({...found, pages: []}), \
      list_files: () => [], \
    }; \
    window.answers = {}; \
    window.fetch = async (...asked) => { \
      const command = new URL(String(asked[0]?.url ?? asked[0])).pathname.slice(1); \
      const wanted = window.answers[command]; \
      if (wanted === undefined) return usual(...asked); \
      if (wanted === 'never') return new Promise(() => {}); \
      if (typeof wanted === 'function') try { \
        return answer(await wanted(async () => (await usual(...asked)).json(), JSON.parse(asked[1].body)), 'ok'); \
      } catch (thrown) { \
        if (thrown instanceof Error) throw thrown; \
        return answer(thrown, 'error'); \
      } \
      if (wanted === 'none') return answer(emptied[command](await (await usual(...asked)).json()), 'ok'); \
      if (wanted === 'many') return answer(multiplied[command](await (await usual(...asked)).json()), 'ok'); \
      return answer(wanted, 'error'); \
    }";

const OFFLINE: &str = "{code: 'offline', message: '`acme.atlassian.net` could not be reached', remedy: 'Look whether this machine has a network'}";
const SIGNED_OUT: &str = "{code: 'signedOut', message: 'nobody is signed in to `acme.atlassian.net`', remedy: 'Sign in again under Accounts'}";

const BROKEN: &str = "{code: 'storage', message: 'the disk could not be read', remedy: 'Look whether it is mounted'}";

/// Puts what is in the frame of a page in the place of the window's own page, as it looks there: the
/// frame runs nothing, and so neither what holds it to the rules.
const FRAME_IN_FRONT: &str = "const page = document.querySelector('iframe').contentDocument; \
    const [head, lang, inside, look] = [page.head.cloneNode(true), page.documentElement.lang, page.body.innerHTML, page.body.className]; \
    head.querySelectorAll('meta').forEach((policy) => policy.remove()); \
    document.head.innerHTML = head.innerHTML; \
    document.documentElement.lang = lang; \
    document.body.innerHTML = inside; \
    document.body.className = look";

/// Whether the look of the page is there.
const LOOKS_LIKE_A_PAGE: &str = "return [...document.styleSheets].some((sheet) => sheet.href?.endsWith('/preview.css') && sheet.cssRules.length > 0)";

/// Whether the sandbox is chosen with its space.
const READY: &str =
    "return document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'";

/// Controls that cannot be got at, buttons whose words are cut, and what is wider than its place.
const OUT_OF_REACH: &str = "const out = []; const page = document.scrollingElement; \
    if (page.scrollWidth > innerWidth || page.scrollHeight > innerHeight) out.push(`the page: ${page.scrollWidth}×${page.scrollHeight} of ${innerWidth}×${innerHeight}`); \
    const name = (part) => part.dataset.testid ?? (part.getAttribute('aria-label') || part.textContent.trim().slice(0, 40) || part.className); \
    const scrolls = (part, axis) => { for (let around = part.parentElement; around; around = around.parentElement) if (/auto|scroll/.test(getComputedStyle(around)[`overflow${axis}`])) return true; return false; }; \
    const front = document.querySelector('dialog[open]') ?? document; \
    for (const part of front.querySelectorAll('button, input, select, textarea, [tabindex=\"0\"]')) { \
      const box = part.getBoundingClientRect(); \
      if (!part.checkVisibility() || box.width === 0) continue; \
      if ((box.right > innerWidth + 1 || box.left < -1) && !scrolls(part, 'X')) out.push(`${name(part)} is beside the window`); \
      if ((box.bottom > innerHeight + 1 || box.top < -1) && !scrolls(part, 'Y')) out.push(`${name(part)} is below the window`); \
      if (part.tagName === 'BUTTON' && part.scrollWidth > part.clientWidth + 1) out.push(`the words of ${name(part)} are cut`); \
    } \
    const wide = ['tree', 'source', 'published-grid']; \
    for (const part of document.querySelectorAll('main, main *, dialog')) { \
      if (part.scrollWidth > part.clientWidth + 1 && part.checkVisibility() && /auto|scroll/.test(getComputedStyle(part).overflowX) && !wide.includes(part.dataset.testid) && !part.matches('.rows, .lines, .diff, .scrolls')) out.push(`${name(part)} scrolls to the side: ${part.scrollWidth} of ${part.clientWidth}`); \
    } \
    return out";

/// The window as it goes through its states.
struct Tour<'test> {
    window: &'test Window,
    desktop: &'test Desktop,
    found: std::cell::RefCell<Vec<String>>,
}

impl Tour<'_> {
    /// Answers a command otherwise from now on: `'never'`, `'many'`, an error or a function.
    async fn answer(&self, command: &str, wanted: &str) {
        self.window
            .script(&format!("window.answers.{command} = {wanted}"))
            .await;
    }

    /// Has the core answer everything again.
    async fn answer_truly(&self) {
        self.window.script("window.answers = {}").await;
    }

    /// Draws a state in light and dark and holds it to the rules in each look, with more contrast too.
    async fn state(&self, name: &str) {
        for look in ["light usual", "light more", "dark more", "dark usual"] {
            let (theme, contrast) = look.split_once(' ').expect("two words");
            self.window.take_on(theme).await;
            // As the settings do.
            self.window
                .script(&format!(
                    "document.documentElement.dataset.contrast = '{contrast}'"
                ))
                .await;
            if contrast == "usual" {
                let name = format!("state-{name}");
                self.window.picture_in(theme, self.desktop, &name).await;
            }
            let broken = self.window.broken_rules().await;
            self.note(name, look, &broken);
        }
        let out = self.window.script(OUT_OF_REACH).await;
        let out: Vec<String> = serde_json::from_value(out).expect("what is out of reach");
        self.note(name, "reach", &out);
    }

    fn note(&self, name: &str, look: &str, held: &[String]) {
        let said = held.iter().map(|rule| format!("{name}, {look}: {rule}"));
        let said: Vec<String> = said.collect();
        println!("{name}, {look}: {}", said.len());
        self.found.borrow_mut().extend(said);
    }

    /// Publishes a folder as a whole, so that there is something that was published.
    async fn publish_to_the_sandbox(&self, folder: &str) {
        self.open(folder).await;
        self.press("publish-tab").await;
        self.press("start-sandbox").await;
        self.window.until_script(READY).await;
        plan(self.window).await;
        self.press("publish-button").await;
        self.until_there("report").await;
    }

    async fn press(&self, id: &str) {
        self.window.press(id).await;
    }

    async fn key(&self, key: &str) {
        self.window
            .script(&format!(
                "window.dispatchEvent(new KeyboardEvent('keydown', {{{key}, bubbles: true}}))"
            ))
            .await;
    }

    async fn until_there(&self, id: &str) {
        self.window.find(id).await;
    }

    async fn until_words(&self, words: &str) {
        self.window
            .until_script(&format!(
                "return document.querySelector('.app').innerText.includes('{words}')"
            ))
            .await;
    }

    /// What can be done without a repository, a site or an account.
    async fn nothing_yet(&self) {
        self.state("start-empty").await;
        self.window.type_into("open-path", "/nowhere/at/all").await;
        self.press("open-button").await;
        self.window.find_css("[role='alert']").await;
        self.state("start-error").await;
        self.press("publications-button").await;
        self.until_there("published-accounts").await;
        self.state("publications-no-site").await;
        self.press("accounts-button").await;
        self.window.until_script("return document.querySelector(\"[data-testid='sign-in-button']\")?.disabled === false").await;
        self.state("accounts-empty").await;
        self.press("sign-in-button").await;
        self.until_there("sign-in-provider").await;
        self.state("sign-in").await;
        self.window
            .script("document.querySelector('dialog').close()")
            .await;
        self.answer("list_audit", "'never'").await;
        self.press("audit-button").await;
        self.until_there("audit").await;
        self.state("audit-loading").await;
        self.press("audit-close").await;
        self.answer("list_audit", OFFLINE).await;
        self.press("audit-button").await;
        self.window.find_css(".rows .trouble").await;
        self.state("audit-error").await;
        self.press("audit-close").await;
        self.answer_truly().await;
        self.press("audit-button").await;
        self.until_words("0 of 0 records").await;
        self.state("audit-empty").await;
        self.press("audit-close").await;
        self.key("key: ',', ctrlKey: true").await;
        self.until_there("settings-language").await;
        self.state("settings").await;
        self.press("settings-close").await;
        self.key("key: 'F1'").await;
        self.window.find_css(".help").await;
        self.state("shortcuts").await;
        self.key("key: 'Escape'").await;
        self.press("menu-button").await;
        self.state("menu").await;
        self.press("menu-button").await;
        self.press("palette-button").await;
        self.window.type_into("palette-words", "theme").await;
        self.window.find("palette-row").await;
        self.state("palette").await;
        self.window
            .script("document.querySelector('dialog').close()")
            .await;
    }

    async fn open(&self, folder: &str) {
        self.window.type_into("open-path", folder).await;
        self.press("open-button").await;
        self.until_there("publish-tab").await;
    }

    /// Files and what becomes of them.
    async fn publishing(&self, folder: &str) {
        self.answer("list_files", "'never'").await;
        self.open(folder).await;
        self.state("browse-loading").await;
        self.press("open-another").await;
        self.answer("list_files", "'many'").await;
        self.open(folder).await;
        self.window.find_css("[data-path='page-00009.md']").await;
        self.state("browse-many").await;
        self.press("open-another").await;
        self.answer_truly().await;
        self.open(folder).await;
        self.window.until_script("return (document.querySelector('iframe')?.contentDocument?.querySelector('img')?.naturalWidth ?? 0) > 0").await;
        self.state("browse").await;
        self.press("publish-tab").await;
        self.state("publish-no-site").await;
        self.press("start-sandbox").await;
        self.window.until_script(READY).await;
        self.state("publish-empty").await;
        self.press("parent-select").await;
        self.until_there("parent-option").await;
        self.state("publish-parent").await;
        self.window.script("document.activeElement.blur()").await;
        self.answer("plan_publish", "'never'").await;
        self.press("plan-button").await;
        self.window.find_css("[role='progressbar'], progress").await;
        self.state("plan-loading").await;
        // What never comes is not waited for by a page that begins anew.
        self.again().await;
        self.press("publish-tab").await;
        self.window.until_script(READY).await;
        for (name, error) in [("offline", OFFLINE), ("signed-out", SIGNED_OUT)] {
            self.answer("plan_publish", error).await;
            self.press("plan-button").await;
            self.window.find_css("section .trouble").await;
            self.state(&format!("plan-{name}")).await;
        }
        self.answer("plan_publish", "'many'").await;
        plan(self.window).await;
        self.state("plan-many").await;
        self.answer_truly().await;
        plan(self.window).await;
        self.press("diff-button").await;
        self.until_there("step-diff").await;
        self.state("plan").await;
        self.press("publish-button").await;
        self.until_there("report").await;
        self.state("report").await;
    }

    /// What was published, and what was recorded.
    async fn published(&self) {
        self.answer("list_published", "'none'").await;
        self.press("publications-button").await;
        self.until_there("published-empty").await;
        self.state("publications-empty").await;
        self.press("publications-close").await;
        self.answer("list_published", "'never'").await;
        self.press("publications-button").await;
        self.until_there("published-loading").await;
        self.state("publications-loading").await;
        self.press("publications-close").await;
        for (name, error) in [("offline", OFFLINE), ("signed-out", SIGNED_OUT)] {
            self.answer("list_published", error).await;
            self.press("publications-button").await;
            self.until_there("error").await;
            self.state(&format!("publications-{name}")).await;
            self.press("publications-close").await;
        }
        self.answer_truly().await;
        self.answer("compare_published", OFFLINE).await;
        self.press("publications-button").await;
        self.until_there("published-trouble").await;
        self.state("publications-partial").await;
        self.press("publications-close").await;
        self.answer_truly().await;
        self.answer("list_published", "'many'").await;
        self.press("publications-button").await;
        self.until_words("10,000 pages").await;
        self.state("publications-many").await;
        self.press("publications-close").await;
        self.answer_truly().await;
        self.press("publications-button").await;
        self.window
            .find_css("[data-testid='published-row'][data-state='current']")
            .await;
        self.state("publications").await;
        for (name, wanted, there) in [
            ("loading", "'never'", "past-loading"),
            ("error", BROKEN, "error"),
            ("empty", "() => []", "past-none"),
        ] {
            self.answer("list_reports", wanted).await;
            self.press("published-past").await;
            self.until_there(there).await;
            self.state(&format!("past-{name}")).await;
            self.press("past-close").await;
        }
        self.answer_truly().await;
        self.press("published-past").await;
        self.until_there("past-report").await;
        self.state("publications-past").await;
        self.press("publications-close").await;
        self.answer("list_audit", "'many'").await;
        self.press("audit-button").await;
        self.until_words("10,000 of 10,000 records").await;
        self.state("audit-many").await;
        let drawn = self
            .window
            .script("return document.querySelectorAll(\"[data-testid='audit-row']\").length")
            .await;
        assert!(drawn.as_u64().is_some_and(|drawn| drawn < 200), "{drawn}");
        self.press("audit-close").await;
        self.answer_truly().await;
        self.press("open-another").await;
        self.until_there("home-publication").await;
        self.state("home").await;
    }

    /// Accounts and settings that are waited for, and that cannot be had.
    async fn not_there(&self) {
        self.answer("list_accounts", "'never'").await;
        self.press("accounts-button").await;
        self.until_there("accounts").await;
        self.state("accounts-loading").await;
        self.press("accounts-close").await;
        self.answer("list_accounts", BROKEN).await;
        self.press("accounts-button").await;
        self.until_there("error").await;
        self.state("accounts-error").await;
        self.press("accounts-close").await;
        self.answer("list_accounts", "'many'").await;
        self.press("accounts-button").await;
        self.until_there("account").await;
        self.state("accounts-many").await;
        let drawn = self
            .window
            .script("return document.querySelectorAll(\"[data-testid='account']\").length")
            .await;
        assert!(drawn.as_u64().is_some_and(|drawn| drawn < 200), "{drawn}");
        self.press("accounts-close").await;
        self.answer_truly().await;
        for (name, wanted, there) in [
            ("loading", "'never'", "settings-language"),
            ("error", BROKEN, "error"),
        ] {
            for command in [
                "show_network",
                "show_background",
                "show_updates",
                "show_storage",
            ] {
                self.answer(command, wanted).await;
            }
            self.key("key: ',', ctrlKey: true").await;
            self.until_there(there).await;
            self.in_sight("settings-Background").await;
            self.state(&format!("settings-{name}")).await;
            self.press("settings-close").await;
        }
        self.answer_truly().await;
        self.key("key: ',', ctrlKey: true").await;
        self.until_there("cache-held").await;
        self.in_sight("settings-Advanced").await;
        self.state("settings-advanced").await;
        // A step that fails, after those that do not: nothing listens there.
        crate::network::look(self.window, "http://127.0.0.1:1").await;
        self.window
            .script("document.querySelector(\"[data-testid='doctor-run']\").scrollIntoView({block: 'start'})")
            .await;
        self.state("settings-doctor").await;
        self.press("settings-reset").await;
        self.until_there("reset-dialog").await;
        self.state("settings-reset").await;
        self.press("reset-not").await;
        self.press("settings-close").await;
    }

    /// Scrolls to a part of the settings.
    async fn in_sight(&self, id: &str) {
        self.window
            .script(&format!(
                "document.getElementById('{id}').scrollIntoView({{block: 'start'}})"
            ))
            .await;
    }

    /// A folder that has nothing or cannot be read, and a repository at its commits.
    async fn repository(&self, folder: &str) {
        self.answer("list_files", BROKEN).await;
        self.open(folder).await;
        self.until_there("error").await;
        self.state("browse-error").await;
        self.press("open-another").await;
        self.answer("list_files", "'none'").await;
        self.open(folder).await;
        self.until_words("This folder has no files.").await;
        self.state("browse-empty").await;
        self.press("open-another").await;
        self.answer_truly().await;
        self.answer("show_page", BROKEN).await;
        self.open(folder).await;
        self.until_there("page-trouble").await;
        self.state("browse-partial").await;
        self.answer_truly().await;
        for (name, error) in [("offline", OFFLINE), ("signed-out", SIGNED_OUT)] {
            self.answer("open_visit", error).await;
            self.press("commits-button").await;
            self.until_there("unopened").await;
            self.state(&format!("opening-{name}")).await;
        }
        self.answer("open_visit", "'never'").await;
        self.press("trouble-retry").await;
        self.until_there("opening").await;
        self.state("opening-loading").await;
        // What never comes is not waited for by a page that begins anew.
        self.again().await;
        self.answer("list_folder", "'never'").await;
        self.press("commits-button").await;
        self.until_there("visit").await;
        self.state("visit-loading").await;
        self.press("open-another").await;
        self.answer("list_folder", "'many'").await;
        self.open(folder).await;
        // The folder is there in whole before it is left.
        self.until_there("source").await;
        self.press("commits-button").await;
        self.until_there("visit").await;
        self.window.find_css("[data-path='page-00009.md']").await;
        self.state("visit-many").await;
        self.press("open-another").await;
        for (name, error) in [("offline", OFFLINE), ("signed-out", SIGNED_OUT)] {
            self.answer("list_folder", error).await;
            self.open(folder).await;
            // The folder is there in whole before it is left.
            self.until_there("source").await;
            self.press("commits-button").await;
            self.until_there("error").await;
            self.state(&format!("visit-{name}")).await;
            self.press("open-another").await;
        }
    }

    /// What becomes of files, as the frame shows it: by axe's rules in each look, also those about colors.
    async fn pages(&self, folder: &str, files: &[&str]) {
        for file in files {
            self.open(folder).await;
            crate::previews::choose(self.window, file).await;
            for look in ["", "dark", "contrast", "dark contrast"] {
                let ready = "const page = document.querySelector('iframe')?.contentDocument; return page?.readyState === 'complete' && document.querySelector('.path')?.textContent === FILE && page.querySelector('h1') !== null";
                self.window
                    .until_script(&ready.replace("FILE", &format!("'{file}'")))
                    .await;
                self.window.script(FRAME_IN_FRONT).await;
                self.window.until_script(LOOKS_LIKE_A_PAGE).await;
                self.window
                    .script(&format!(
                        "document.body.classList.remove('dark', 'contrast'); document.body.classList.add(...'{look}'.split(' ').filter(Boolean))"
                    ))
                    .await;
                let broken = self.window.broken_rules().await;
                self.note(file, look, &broken);
                // The window comes back as it was.
                self.again().await;
                crate::previews::choose(self.window, file).await;
            }
            self.press("open-another").await;
        }
    }

    /// Begins the page anew, as after a rest.
    async fn again(&self) {
        self.window.client.refresh().await.expect("the page again");
        self.until_there("theme-select").await;
        self.prepare().await;
    }

    /// Fails with all that was found.
    fn end(self) {
        let found = self.found.into_inner();
        assert!(found.is_empty(), "{}", found.join("\n"));
    }

    async fn prepare(&self) {
        self.window.script(STAND_IN).await;
    }
}

/// Goes over screens in their states: empty, loading, partial, offline, signed out, an error, and ten
/// thousand rows.
fn journey(name: &str, go: impl AsyncFnOnce(&Tour<'_>, &str)) {
    on_a_desktop(name, async |desktop: Desktop| {
        let folder = desktop.sample().display().to_string();
        let window = desktop.window(&[]).await;
        window.find("open-path").await;
        window.resize(900, 600).await;
        // Pictures of what moves would never be alike.
        settings(&window, "reducedMotion: true").await;
        let tour = Tour {
            window: &window,
            desktop: &desktop,
            found: std::cell::RefCell::default(),
        };
        tour.prepare().await;
        go(&tour, &folder).await;
        tour.end();
        window.close().await;
    });
}

/// Draws the state that another test has come to, and holds it to the rules as those of the journeys.
pub(crate) async fn hold(window: &Window, desktop: &Desktop, name: &str) {
    let tour = Tour {
        window,
        desktop,
        found: std::cell::RefCell::default(),
    };
    tour.prepare().await;
    tour.state(name).await;
    tour.end();
}

#[test]
fn without_anything_yet_every_screen_is_drawn_and_accessible() {
    journey(
        "states::without_anything_yet_every_screen_is_drawn_and_accessible",
        async |tour, _| tour.nothing_yet().await,
    );
}

#[test]
fn every_state_of_files_and_of_publishing_is_drawn_and_accessible() {
    journey(
        "states::every_state_of_files_and_of_publishing_is_drawn_and_accessible",
        async |tour, folder| tour.publishing(folder).await,
    );
}

#[test]
fn accounts_and_settings_that_are_not_there_are_drawn_and_accessible() {
    journey(
        "states::accounts_and_settings_that_are_not_there_are_drawn_and_accessible",
        async |tour, _| tour.not_there().await,
    );
}

#[test]
fn every_state_of_a_folder_and_a_repository_is_drawn_and_accessible() {
    journey(
        "states::every_state_of_a_folder_and_a_repository_is_drawn_and_accessible",
        async |tour, folder| {
            let at = std::path::Path::new(folder);
            for arguments in [&["init", "-q", "-b", "main"][..], &["add", "-A"]] {
                crate::previews::git(at, arguments);
            }
            crate::previews::git(at, &["commit", "-qm", "Write the handbook"]);
            tour.repository(folder).await;
        },
    );
}

#[test]
fn what_files_become_is_accessible_inside_its_frame() {
    journey(
        "states::what_files_become_is_accessible_inside_its_frame",
        async |tour, folder| {
            let files = ["write/markdown.md", "write/links-and-images.md"];
            tour.pages(folder, &files).await;
        },
    );
}

/// Whether the screen in front has the window to itself, and what belongs together in it stays together.
const FILLED: &str = "const main = document.querySelector('main'); \
    const front = [...main.children].find((part) => part.checkVisibility()); \
    const out = []; \
    for (const part of [main, front]) { \
      const box = part.getBoundingClientRect(); \
      if (Math.abs(box.bottom - innerHeight) > 1 || Math.abs(box.width - innerWidth) > 1) out.push(`${part.className} has ${box.width} to ${box.bottom}`); \
    } \
    const widest = parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--widest')); \
    for (const part of document.querySelectorAll('.screen > *, .publish > section > *')) { \
      const { width } = part.getBoundingClientRect(); \
      if (part.checkVisibility() && !(width <= widest + 1)) out.push(`${part.dataset.testid ?? part.className} is ${width} wide`); \
    } \
    return out";

#[test]
fn the_largest_screens_are_filled_and_drawn() {
    on_a_large_desktop(
        "states::the_largest_screens_are_filled_and_drawn",
        async |desktop: Desktop| {
            let folder = desktop.sample().display().to_string();
            let window = desktop.window(&[&folder]).await;
            window.find("tree").await;
            window.resize(3840, 2160).await;
            window.until_script("return (document.querySelector('iframe')?.contentDocument?.querySelector('img')?.naturalWidth ?? 0) > 0").await;
            // Two are enough: each of them takes long to be drawn and written.
            window.pictures(&desktop, "4k-browse").await;
            let mut found = Vec::new();
            let mut look = async |screen: &str| {
                for wrong in [OUT_OF_REACH, FILLED] {
                    found.extend(told(&window, wrong, screen).await);
                }
            };
            look("browse").await;
            window.click("[data-testid='publish-tab']").await;
            window.click("[data-testid='start-sandbox']").await;
            window.until_script(READY).await;
            look("publish").await;
            plan(&window).await;
            look("plan").await;
            window.click("[data-testid='publish-button']").await;
            window.find("report").await;
            look("report").await;
            window.pictures(&desktop, "4k-report").await;
            for (screen, button, there) in OVER {
                window.click(&format!("[data-testid='{button}']")).await;
                window.find(there).await;
                look(screen).await;
            }
            window
                .script("window.dispatchEvent(new KeyboardEvent('keydown', {key: ',', ctrlKey: true, bubbles: true}))")
                .await;
            window.find("settings-language").await;
            look("settings").await;
            assert!(found.is_empty(), "{}", found.join("\n"));
            window.close().await;
        },
    );
}

#[test]
fn every_state_of_what_was_published_is_drawn_and_accessible() {
    journey(
        "states::every_state_of_what_was_published_is_drawn_and_accessible",
        async |tour, folder| {
            tour.publish_to_the_sandbox(folder).await;
            tour.published().await;
        },
    );
}

#[test]
fn nothing_is_out_of_reach_from_right_to_left() {
    on_a_desktop(
        "states::nothing_is_out_of_reach_from_right_to_left",
        async |desktop: Desktop| {
            let folder = desktop.sample().display().to_string();
            let window = desktop.window(&["--language=pseudo-rtl", &folder]).await;
            window
                .until_script("return document.documentElement.dir === 'rtl'")
                .await;
            window.resize(900, 600).await;
            screens_are_in_reach(&window, &desktop, "rtl").await;
            window.close().await;
        },
    );
}

#[test]
fn nothing_is_out_of_reach_in_german_at_twice_the_size() {
    on_a_desktop(
        "states::nothing_is_out_of_reach_in_german_at_twice_the_size",
        async |desktop: Desktop| {
            let folder = desktop.sample().display().to_string();
            let window = desktop.window(&[&folder]).await;
            window.find("tree").await;
            settings(&window, "language: 'de', zoom: 200").await;
            window
                .until_script("return document.documentElement.lang === 'de'")
                .await;
            let sized = window.client.set_window_size(900, 600).await;
            sized.expect("another size");
            window.until_script("return innerWidth <= 460").await;
            screens_are_in_reach(&window, &desktop, "german-enlarged").await;
            window.close().await;
        },
    );
}

#[test]
fn the_head_leaves_room_for_what_is_below_it_at_three_times_the_size() {
    on_a_desktop(
        "states::the_head_leaves_room_for_what_is_below_it_at_three_times_the_size",
        async |desktop: Desktop| {
            let folder = desktop.sample().display().to_string();
            let window = desktop.window(&[&folder]).await;
            window.find("tree").await;
            settings(&window, "language: 'de'").await;
            window.resize(900, 600).await;
            window.find("tree").await;
            let rows =
                "return document.querySelector('header').getBoundingClientRect().height < 60";
            assert_eq!(window.script(rows).await, true, "the head has one line");
            settings(&window, "language: 'de', zoom: 300").await;
            window.find("tree").await;
            let sized = window.client.set_window_size(900, 600).await;
            sized.expect("another size");
            window.until_script("return innerWidth <= 310").await;
            screens_are_in_reach(&window, &desktop, "german-thrice").await;
            // The head goes out of the way, and what is below it has the window to itself.
            let room = "const app = document.querySelector('.app'); app.scrollTop = app.scrollHeight; \
                        const box = document.querySelector('main').getBoundingClientRect(); \
                        return Math.abs(box.top) <= 1 && Math.abs(box.bottom - innerHeight) <= 1";
            assert_eq!(window.script(room).await, true, "the screen has the window");
            window.close().await;
        },
    );
}

/// Decides something as the settings do, and begins the page anew with it.
async fn settings(window: &Window, decided: &str) {
    window.script(&format!("const invoke = window.__TAURI_INTERNALS__.invoke; const now = await invoke('start_state'); await invoke('change_settings', {{settings: {{window: {{...now.window, {decided}}}, publish: now.publishDefaults}}}})")).await;
    window.client.refresh().await.expect("the page again");
    window.find("theme-select").await;
}

/// The screens that lie over what is open: the button that opens each, and what is there then.
const OVER: [(&str, &str, &str); 3] = [
    ("publications", "publications-button", "publications-close"),
    ("accounts", "accounts-button", "accounts-close"),
    ("audit", "audit-button", "audit-close"),
];

/// What a script finds wrong with the screen in front, each with the screen's name before it.
async fn told(window: &Window, script: &str, screen: &str) -> Vec<String> {
    let found: Vec<String> = serde_json::from_value(window.script(script).await).expect("names");
    found
        .into_iter()
        .map(|one| format!("{screen}: {one}"))
        .collect()
}

/// Holds each of the main screens to having everything in reach.
async fn screens_are_in_reach(window: &Window, desktop: &Desktop, name: &str) {
    let mut found = Vec::new();
    let tabs = [
        ("browse", "browse-tab", "filter"),
        ("publish", "publish-tab", "start-sandbox"),
    ];
    for (screen, button, there) in tabs.into_iter().chain(OVER) {
        window.find(button).await;
        // Where a driver points is another place in a page that is enlarged.
        window
            .script(&format!(
                "document.querySelector(\"[data-testid='{button}']\").click()"
            ))
            .await;
        window.find(there).await;
        window.pictures(desktop, &format!("{name}-{screen}")).await;
        found.extend(told(window, OUT_OF_REACH, screen).await);
    }
    assert!(found.is_empty(), "{name}: {}", found.join("\n"));
}
