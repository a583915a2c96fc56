//! What a click on a file costs: how often it is read to be shown.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, Once, OnceLock};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::browse::Nobody;
use crate::fake;
use crate::hosted::Answering;
use crate::local::{commit, git, put};
use crate::server::{Answer, Server};

/// How often each path was read so far, in all tests of this process.
fn readings() -> &'static Mutex<HashMap<String, usize>> {
    static READINGS: OnceLock<Mutex<HashMap<String, usize>>> = OnceLock::new();
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| {
        tracing::subscriber::set_global_default(Readings).expect("nobody else traces here");
    });
    READINGS.get_or_init(Mutex::default)
}

struct Readings;

impl Subscriber for Readings {
    fn enabled(&self, about: &Metadata<'_>) -> bool {
        about.target() == "tributary::publish::alone"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Path);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Path;

impl Visit for Path {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "path" {
            let mut readings = readings().lock().expect("no test panicked");
            *readings.entry(value.to_owned()).or_default() += 1;
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

/// How often a file was read since this was asked last.
fn read(path: &str) -> usize {
    let mut readings = readings().lock().expect("no test panicked");
    readings.remove(path).unwrap_or_default()
}

/// Also where a host tells few paths at once, so that it has to be read to know which are asked for.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_read_once_for_its_page_unless_it_takes_in_what_was_not_known() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q", "-b", "main"]);
    let words = "Words that go on and on. ".repeat(40_000);
    put(root, "clicked/one-line.md", &words);
    put(
        root,
        "clicked/linking.md",
        "[one](parts/deep/one.md), ![two](../pictures/two.png)\n",
    );
    put(
        root,
        "clicked/taking.adoc",
        "= T\n\ninclude::parts/deep/more.adoc[]\n",
    );
    put(root, "clicked/parts/deep/one.md", "# One\n");
    put(root, "clicked/parts/deep/more.adoc", "More of it.\n");
    put(root, "pictures/two.png", "no picture");
    commit(root, "first");
    let hosts: [(&str, Answering); 2] = [
        ("/acme/handbook/-/tree/main", fake::gitlab),
        ("/acme/handbook/src/branch/main", fake::gitea),
    ];
    for (form, answering) in hosts {
        let real = fake::at(root);
        let server = Server::start(move |base, asked| {
            answering(&real, base, asked).unwrap_or_else(|| Answer::status(404))
        })
        .await;
        let nobody = Nobody::new();
        let opened = nobody.open(&format!("{}{form}", server.base), None).await;
        let visit = Arc::new(opened.unwrap_or_else(|error| panic!("{}", error.chain())));
        for (path, expected, part) in [
            ("clicked/one-line.md", 1, "Words that go on"),
            ("clicked/linking.md", 1, "href=\"parts/deep/one.md\""),
            // Once more when the folder of what it takes in was listed.
            ("clicked/taking.adoc", 2, "More of it."),
        ] {
            read(path);
            let page = visit.page(path, None, str::to_owned).await;
            let page = page.unwrap_or_else(|error| panic!("{path}: {}", error.chain()));
            let shown = page.expect("it has one").body.content;
            assert!(shown.contains(part), "{form} {path}: {part}");
            assert_eq!(read(path), expected, "{form} {path}");
            let look = visit.host_look(path, str::to_owned).await;
            look.expect("it is read").expect("it has one");
            assert_eq!(read(path), 1, "{form} {path}, as the host shows it");
        }
    }
}
