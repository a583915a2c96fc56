//! A small fixed site around the bodies under test.

use serde_json::Value;
use tributary_sandbox::format::{
    Branch, File, Included, Links, Target, render_adf, render_storage,
};

pub(crate) struct Site;

/// Draws a storage body that stands on the page "My Page" of the small site.
pub(crate) fn draw(body: &str) -> String {
    render_storage(body, &Site)
}

/// Draws an ADF document that stands on the same page.
pub(crate) fn draw_adf(document: &Value) -> String {
    render_adf(document, &Site)
}

fn target(title: &str, href: &str) -> Target {
    Target {
        title: title.to_owned(),
        href: href.to_owned(),
    }
}

fn picture() -> File {
    File {
        name: "plan.png".to_owned(),
        href: "/files/plan.png".to_owned(),
        media_type: "image/png".to_owned(),
        size: 2048,
    }
}

fn manual() -> File {
    File {
        name: "manual.pdf".to_owned(),
        href: "/files/manual.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size: 3,
    }
}

impl Links for Site {
    fn title(&self) -> String {
        "My Page".to_owned()
    }

    fn page(&self, space: Option<&str>, title: &str) -> Option<Target> {
        match (space, title) {
            (None | Some("DOCS"), "Other Page") => Some(target("Other Page", "/pages/2")),
            (Some("TEAM"), "Team Page") => Some(target("Team Page", "/team/9")),
            _ => None,
        }
    }

    fn content(&self, id: &str) -> Option<Target> {
        (id == "2").then(|| target("Other Page", "/pages/2"))
    }

    fn page_at(&self, url: &str) -> Option<Target> {
        url.ends_with("/pages/2").then(|| target("Other Page", url))
    }

    fn space(&self, key: &str) -> Option<Target> {
        (key == "TEAM").then(|| target("The Team", "/team"))
    }

    fn user(&self, id: &str) -> Option<String> {
        (id == "u1").then(|| "Ada Author".to_owned())
    }

    fn attachment(&self, owner: Option<(Option<&str>, &str)>, name: &str) -> Option<File> {
        match (owner, name) {
            (None, "plan.png") => Some(picture()),
            (None, "manual.pdf") => Some(manual()),
            (Some((None, "Other Page")), "plan.png") => Some(File {
                href: "/files/other/plan.png".to_owned(),
                ..picture()
            }),
            _ => None,
        }
    }

    fn media(&self, file_id: &str) -> Option<File> {
        match file_id {
            "file-1" => Some(picture()),
            "file-2" => Some(manual()),
            _ => None,
        }
    }

    fn attachments(&self) -> Vec<File> {
        vec![picture(), manual()]
    }

    fn children(&self, of: Option<(Option<&str>, &str)>) -> Vec<Branch> {
        let leaf = |title: &str, href: &str| Branch {
            page: target(title, href),
            children: Vec::new(),
        };
        match of {
            None => vec![
                Branch {
                    page: target("Second", "/pages/4"),
                    children: vec![leaf("Deeper", "/pages/5")],
                },
                leaf("First", "/pages/3"),
            ],
            Some((_, "Other Page")) => vec![leaf("Below other", "/pages/6")],
            Some(_) => Vec::new(),
        }
    }

    fn include(&self, _: Option<&str>, title: &str) -> Option<Included<'_>> {
        let storage = match title {
            "Other Page" => {
                "<h2>Included</h2><ac:structured-macro ac:name=\"excerpt\"><ac:rich-text-body><p>The gist.</p></ac:rich-text-body></ac:structured-macro>"
            }
            "My Page" => {
                "<p>again</p><ac:structured-macro ac:name=\"include\"><ac:parameter ac:name=\"\"><ri:page ri:content-title=\"My Page\"/></ac:parameter></ac:structured-macro>"
            }
            _ => return None,
        };
        Some(Included {
            storage: Some(storage.to_owned()),
            adf: None,
            target: target(title, "/pages/2"),
            links: Box::new(Site),
        })
    }
}
