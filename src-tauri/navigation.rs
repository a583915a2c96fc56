//! Where the window goes: to its own pages, and nowhere else.
//!
//! An address that is dropped on a rendered page does not come to the page around it, because a frame has
//! its drags to itself, and this one runs nothing that could pass them on. The engine goes there in the
//! place of the window's page instead. It is kept from that, and what was dropped is handed on to the
//! page, which opens it as if it had been dropped beside the frame.

use std::sync::{Mutex, PoisonError};

use tauri::{AppHandle, Emitter, Manager};
use url::Url;

/// A link that was dropped where the page does not see it, until the page takes it.
#[derive(Default)]
pub(crate) struct Dropped(Mutex<Option<String>>);

impl Dropped {
    fn want(&self, link: &str) {
        let mut dropped = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *dropped = Some(link.to_owned());
    }

    pub(crate) fn take(&self) -> Option<String> {
        let mut dropped = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        dropped.take()
    }
}

/// What becomes of an address that the window, or a frame in it, is about to go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// It is ours.
    Goes,
    /// The window stays, and opens what the address leads to in a repository.
    Opens,
    /// The window stays.
    Stays,
}

impl Way {
    /// By where the pages come from while somebody develops them, if they do.
    fn to(url: &Url, development: Option<&Url>) -> Self {
        let host = url.host_str();
        let is_ours = match url.scheme() {
            // A frame that has its page written down in it, or none yet.
            "about" => true,
            "tauri" => host == Some("localhost"),
            // That scheme, in an engine that knows no others.
            "http" if host == Some("tauri.localhost") => cfg!(any(windows, target_os = "android")),
            _ => development.is_some_and(|pages| pages.origin() == url.origin()),
        };
        match url.scheme() {
            _ if is_ours => Self::Goes,
            "http" | "https" | "ssh" | "git" => Self::Opens,
            _ => Self::Stays,
        }
    }
}

/// Says of each address whether the window goes there, and tells the page of a link that was dropped.
pub(crate) fn at_home(app: AppHandle) -> impl Fn(&Url) -> bool + Send + 'static {
    let pages = app.config().build.dev_url.clone();
    let development = pages.filter(|_| tauri::is_dev());
    move |url: &Url| {
        let way = Way::to(url, development.as_ref());
        if way == Way::Opens {
            app.state::<Dropped>().want(url.as_str());
            // Not from within an event of the engine, which waits for the answer.
            let app = app.clone();
            tauri::async_runtime::spawn(async move {
                // A page that is on its way out opens nothing.
                app.emit("link-dropped", ()).ok();
            });
        }
        way == Way::Goes
    }
}

#[cfg(test)]
mod tests {
    use super::{Dropped, Way};
    use url::Url;

    fn to(address: &str, development: Option<&str>) -> Way {
        let parse = |address: &str| Url::parse(address).expect("an address");
        Way::to(&parse(address), development.map(parse).as_ref())
    }

    #[test]
    fn the_window_goes_to_its_own_pages_alone_and_opens_links() {
        for own in [
            "tauri://localhost",
            "tauri://localhost/index.html?a#b",
            "about:blank",
            "about:srcdoc",
            "about:srcdoc#to-a-heading",
        ] {
            assert_eq!(to(own, None), Way::Goes, "{own}");
        }
        for link in [
            "https://github.com/acme/handbook/blob/main/docs/pay.md#L1-L3",
            "http://127.0.0.1:8080/hosts/gitea/acme/handbook",
            "ssh://git@git.acme.com/acme/handbook.git",
            "git://git.acme.com/acme/handbook.git",
            // What begins or ends as one of ours is none.
            "https://tauri.localhost.example/",
            "https://localhost/",
            "http://localhost:1420/",
        ] {
            assert_eq!(to(link, None), Way::Opens, "{link}");
        }
        for other in [
            "file:///etc/passwd",
            "data:text/html,%3Cscript%3E1%3C/script%3E",
            "blob:tauri://localhost/0d4b2a",
            "javascript:alert(1)",
            "tauri://elsewhere/index.html",
            "tributary://open?site=wiki.acme.com&space=DOCS",
            "mailto:ada@example.com",
        ] {
            assert_eq!(to(other, None), Way::Stays, "{other}");
        }
    }

    #[test]
    fn pages_that_are_developed_come_from_their_server() {
        let server = Some("http://localhost:1420/");
        assert_eq!(to("http://localhost:1420/preview.css", server), Way::Goes);
        for other in [
            "http://localhost:1421/",
            "https://localhost:1420/",
            "http://127.0.0.1:1420/",
        ] {
            assert_eq!(to(other, server), Way::Opens, "{other}");
        }
        // An address without an origin is the same as no other.
        assert_eq!(to("file:///", Some("file:///")), Way::Stays);
    }

    #[test]
    fn where_an_engine_knows_no_other_schemes_the_pages_have_a_host() {
        let way = match cfg!(any(windows, target_os = "android")) {
            true => Way::Goes,
            false => Way::Opens,
        };
        assert_eq!(to("http://tauri.localhost/index.html", None), way);
        assert_eq!(to("https://tauri.localhost/", None), Way::Opens);
    }

    #[test]
    fn what_was_dropped_is_taken_once() {
        let dropped = Dropped::default();
        assert_eq!(dropped.take(), None);
        dropped.want("https://git.example/a/b");
        dropped.want("https://git.example/a/c");
        assert_eq!(dropped.take().as_deref(), Some("https://git.example/a/c"));
        assert_eq!(dropped.take(), None);
    }
}
