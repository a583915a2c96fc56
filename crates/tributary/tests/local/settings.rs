//! The user's settings, the repository's file, and the layers on top of each other.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tributary::account::site_url;
use tributary::settings::{
    AuditSettings, Auth, AuthKind, FlavorChoice, ForwardSettings, KEYS, Language, Layer,
    LooksEvery, Pane, Publication, PublishedFrom, RepositorySettings, Resolved, Settings,
    SiteSettings, Theme, Transport, UnusedDays, WindowSettings, read_diagram_server, resolve,
};
use tributary::store::{Paths, write_atomically};
use tributary::{Error, ErrorKind};
use tributary_pages::markup::{BodyFormat, Editor, Flavor};
use tributary_pages::plan::{LabelMode, OnTitle, PageWidth};
use url::Url;

fn url(text: &str) -> Url {
    Url::parse(text).expect("a correct address")
}

fn home() -> (TempDir, Paths) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let paths = Paths::below(home.path());
    (home, paths)
}

fn site(address: &str, user: Option<&str>) -> SiteSettings {
    let auth = user.map_or(Auth::Bearer, |user| Auth::Basic {
        user: user.to_owned(),
    });
    SiteSettings {
        url: url(address),
        flavor: Some(Flavor::Cloud),
        auth,
        gateway: None,
    }
}

/// What is wrong with a repository's file.
fn mistake(text: &str) -> Error {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_atomically(&folder.path().join(".tributary.toml"), text.as_bytes()).expect("ours");
    RepositorySettings::find(folder.path()).expect_err(text)
}

#[test]
fn settings_come_back_as_they_were_saved() {
    let (_home, paths) = home();
    let mut settings = Settings::load(&paths).expect("without a file there are the defaults");
    assert_eq!(settings, Settings::default());
    settings.remember_site(site(
        "https://acme.atlassian.net/wiki",
        Some("ada@acme.com"),
    ));
    settings.remember_site(SiteSettings {
        flavor: None,
        gateway: Some(url("https://api.atlassian.com/ex/confluence/1")),
        ..site("https://wiki.acme.com/", None)
    });
    settings.appearance = Theme::Dark;
    settings.window = WindowSettings {
        language: Language::German,
        high_contrast: Some(true),
        code_theme: Some("mine".to_owned()),
        reduced_motion: Some(false),
        zoom: 125,
        panes: vec![Pane::Page, Pane::Host],
        shortcuts: [
            ("open".to_owned(), "Mod+Shift+O".to_owned()),
            ("audit".to_owned(), String::new()),
        ]
        .into(),
    };
    settings.notifications.behind = false;
    for number in 0..12 {
        settings.remember_folder(Path::new(&format!("/home/ada/{number}")));
    }
    settings.remember_folder(Path::new("/home/ada/5"));
    settings.remember_publication(Publication {
        from: PublishedFrom::Folder(PathBuf::from("/home/ada/handbook")),
        paths: vec!["docs".to_owned()],
        site: url("https://acme.atlassian.net/wiki"),
        in_sandbox: true,
        space: "DOCS".to_owned(),
        parent: Some("Home".to_owned()),
        when: "2026-11-24T12:00:00Z".parse().ok(),
        is_pinned: false,
        is_kept_up: true,
        titles: [("docs/set up.md".to_owned(), "Setting up".to_owned())].into(),
        options: Layer {
            title_prefix: Some("Payments: ".to_owned()),
            labels: Some(vec!["handbook".to_owned()]),
            ..Layer::default()
        },
        page: Some(url("https://acme.atlassian.net/wiki/spaces/DOCS/pages/1")),
    });
    settings.unused_days = UnusedDays(30);
    settings.watches_folders = true;
    settings.pauses_looking = true;
    settings.looks_every = LooksEvery::QuarterHour;
    settings.audit = AuditSettings {
        keep_days: Some(400),
        forward: Some(ForwardSettings {
            transport: Transport::Tls,
            host: "::1".to_owned(),
            port: 6514,
            ca_file: Some(PathBuf::from("/etc/ssl/acme.pem")),
            enterprise: Some(99_999),
            wait_seconds: 0,
        }),
    };
    settings.save(&paths).expect("saved");
    let loaded = Settings::load(&paths).expect("read");
    assert_eq!(loaded, settings);
    assert_eq!(loaded.recent.len(), 10);
    assert_eq!(loaded.recent[0], Path::new("/home/ada/5"));

    for address in [
        "https://git.acme.com/a/one",
        "https://git.acme.com/a/two",
        "https://git.acme.com/a/one",
    ] {
        settings.remember_visit(address);
    }
    for reference in [None, Some("v1.0".to_owned())] {
        let last = settings.publications.first_mut().expect("it is there");
        last.from = PublishedFrom::Repository {
            address: "https://git.acme.com/a/one/".to_owned(),
            reference,
        };
        assert_eq!(last.from.name(), "one");
        settings.save(&paths).expect("saved");
        assert_eq!(Settings::load(&paths).expect("read"), settings);
    }
    assert_eq!(
        settings.visited,
        ["https://git.acme.com/a/one", "https://git.acme.com/a/two"]
    );

    settings.remember_site(site("https://acme.atlassian.net/wiki/", None));
    assert_eq!(
        settings.sites.len(),
        2,
        "a slash at the end makes no other site"
    );
    assert!(settings.forget_site(&url("https://wiki.acme.com")));
    assert_eq!(settings.sites.len(), 1);
}

#[test]
fn publications_are_remembered_once_and_those_pinned_for_good() {
    let (_home, paths) = home();
    let publication = |number: usize| Publication {
        from: PublishedFrom::Folder(PathBuf::from(format!("/home/ada/{number}"))),
        paths: Vec::new(),
        site: url("https://acme.atlassian.net/wiki"),
        in_sandbox: false,
        space: "DOCS".to_owned(),
        parent: None,
        when: None,
        is_pinned: number == 0,
        is_kept_up: false,
        titles: BTreeMap::new(),
        options: Layer::default(),
        page: None,
    };
    let mut settings = Settings::default();
    for number in 0..30 {
        settings.remember_publication(publication(number));
    }
    assert_eq!(settings.publications.len(), 21);
    assert_eq!(settings.publications.last(), Some(&publication(0)));
    // Again: once in the list, in front, and pinned still.
    settings.remember_publication(Publication {
        site: url("https://acme.atlassian.net/wiki/"),
        is_pinned: false,
        ..publication(0)
    });
    assert_eq!(settings.publications.len(), 21);
    assert!(settings.last_publication().expect("one").is_pinned);
    // And so does whether it is published by itself.
    settings.publications[0].is_kept_up = true;
    settings.remember_publication(publication(0));
    assert!(settings.last_publication().expect("one").is_kept_up);
    // How its pages are made is as it was published last.
    let options = Layer {
        title_prefix: Some("Handbook: ".to_owned()),
        labels: Some(vec!["handbook".to_owned()]),
        label_mode: Some(LabelMode::Set),
        on_title: Some(OnTitle::Refuse),
        minor_edit: Some(true),
        page_width: Some(PageWidth::Max),
        editor: Some(Editor::New),
        format: Some(BodyFormat::Adf),
        folders: Some(true),
        keep_order: Some(false),
        keep_place: Some(true),
        verify: Some(true),
        strict: Some(false),
        ..Layer::default()
    };
    settings.remember_publication(Publication {
        options: options.clone(),
        ..publication(0)
    });
    assert_eq!(settings.publications[0].options, options);
    // Elsewhere is another one.
    settings.remember_publication(Publication {
        space: "TEAM".to_owned(),
        ..publication(29)
    });
    assert_eq!(settings.publications.len(), 21);
    settings.save(&paths).expect("saved");
    assert_eq!(Settings::load(&paths).expect("read"), settings);

    settings.remember_folder(Path::new("/home/ada/1"));
    settings.remember_visit("https://git.acme.com/a/one");
    settings.publications[2].is_pinned = true;
    settings.forget_past();
    assert!(settings.recent.is_empty() && settings.visited.is_empty());
    assert_eq!(settings.publications.len(), 2, "what is pinned stays");

    // The file of a version that kept one alone.
    let before = "[last_publication]\nfolder = \"/home/ada/1\"\npaths = []\n\
        site = \"https://acme.atlassian.net/wiki\"\nspace = \"DOCS\"\n";
    write_atomically(&Settings::file(&paths), before.as_bytes()).expect("the folder is ours");
    let settings = Settings::load(&paths).expect("read");
    assert_eq!(settings.publications, [publication(1)]);
}

#[test]
fn a_reset_begins_anew_and_leaves_accounts_publications_and_what_only_the_file_decides() {
    let (_home, paths) = home();
    let kept = "version = 1\nrecent = [\"/home/ada/1\"]\nvisited = [\"https://git.acme.com/a/one\"]\n\
        future = { key = 1 }\n\n[audit]\nkeep_days = 30\n\n[accounts]\nunused_days = 10\n\n\
        [[sites]]\nurl = \"https://wiki.acme.com/\"\n\n[[publications]]\nfolder = \"/home/ada/1\"\n\
        paths = []\nsite = \"https://wiki.acme.com/\"\nspace = \"DOCS\"\npinned = true\n";
    let put = |text: &str| {
        write_atomically(&Settings::file(&paths), text.as_bytes()).expect("the folder is ours");
        Settings::load(&paths).expect("read")
    };
    let expected = put(kept);
    assert_eq!(expected.publications.len(), 1);
    let mut settings = put(&format!(
        "appearance = \"dark\"\n{kept}\n[window]\nlanguage = \"de\"\nzoom = 150\n\n\
         [background]\nwatch = true\npause = true\nevery = \"day\"\nquit_when_closed = true\n\n\
         [publish]\non_conflict = \"overwrite\"\n"
    ));
    settings.network.certificate_hosts = vec!["wiki.acme.com".to_owned()];
    settings.network.ca_files = vec![PathBuf::from("/etc/ssl/acme.pem")];
    settings.crash_reports = true;
    settings.save(&paths).expect("saved");
    let mut settings = Settings::load(&paths).expect("read");
    assert!(settings.quits_when_closed && settings.crash_reports);
    assert!(settings.window.zoom == 150 && settings.publish.on_conflict.is_some());

    settings.reset();
    assert_eq!(settings.network.certificate_hosts, ["wiki.acme.com"]);
    settings.network.certificate_hosts.clear();
    assert_eq!(settings, expected);
}

#[test]
fn what_a_newer_version_wrote_is_kept_or_refused_and_secrets_are_always_refused() {
    let (_home, paths) = home();
    let put = |text: &str| {
        write_atomically(&Settings::file(&paths), text.as_bytes()).expect("the folder is ours");
    };
    put("version = 1\nfuture = { key = [1, 2] }\nappearance = \"light\"\n");
    let mut settings = Settings::load(&paths).expect("unknown keys do no harm");
    settings.appearance = Theme::System;
    settings.save(&paths).expect("saved");
    let text = std::fs::read_to_string(Settings::file(&paths)).expect("readable");
    assert!(text.contains("[future]\nkey = "), "{text}");

    for (text, expected) in [
        ("version = 9\n", "newer version"),
        ("version = 1\nappearance = \"pink\"\n", "line 2 column 14"),
        ("token = \"x\"\n", "secrets are never kept in files"),
        (
            "[[sites]]\nurl = \"https://a.com\"\npassword = \"x\"\n",
            "line 3 column 1",
        ),
        ("[[sites]]\nuser = \"ada\"\n", "lacks `sites.url`"),
        ("appearance = \n", "is not TOML"),
        ("[audit]\nkeep_days = 0\n", "line 2 column 13"),
        ("[accounts]\nunused_days = 0\n", "line 2 column 15"),
        (
            "[audit.forward]\nca_file = \"a\"\n",
            "lacks `audit.forward.to`",
        ),
        (
            "[audit.forward]\nto = \"udp://a.com\"\n",
            "tls://syslog.example.com",
        ),
        (
            "[audit.forward]\nto = \"tls://a.com/path\"\n",
            "tls://syslog.example.com",
        ),
        ("[audit]\nkeepdays = 4\n", "not known"),
    ] {
        put(text);
        let error = Settings::load(&paths).expect_err(text);
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(expected), "{text}: {error}");
        assert!(error.to_string().contains("settings.toml"), "{error}");
    }
}

#[test]
fn mistakes_in_a_repository_file_are_told_with_their_place_and_remedy() {
    for (text, expected, remedy) in [
        (
            "[publish]\nspce = \"DOCS\"\n",
            "line 2 column 1 has the key `publish.spce`",
            "`publish.space`",
        ),
        (
            "[publish]\non-conflict = \"refuse\"\n",
            "`publish.on-conflict`",
            "`publish.on_conflict`",
        ),
        (
            "[publish]\nzebra = 1\n",
            "`publish.zebra`",
            "Known keys: site, space",
        ),
        ("[publsh]\n", "line 1", "`publish`"),
        (
            "space = \"DOCS\"\n",
            "the key `space`",
            "Known keys: publish",
        ),
        (
            "[publish]\nspace = 7\n",
            "line 2 column 9 sets `publish.space`",
            "Correct",
        ),
        (
            "[publish]\nconcurrency = 65\n",
            "a whole number from 1 to 64",
            "Correct",
        ),
        (
            "[publish]\non_orphan = \"delete\"\n",
            "one of `report`, `archive`, `trash`",
            "Correct",
        ),
        (
            "[publish]\ninclude = \"docs\"\n",
            "a list of texts",
            "Correct",
        ),
        (
            "[publish]\nlabels = [\"a\", 1]\n",
            "line 2 column 16",
            "Correct",
        ),
        (
            "[publish]\ntoken = \"x\"\n",
            "secrets are never kept in files",
            "revoked",
        ),
        (
            "[publish]\ngateway = \"https://evil.example\"\n",
            "line 2",
            "Tokens are sent there",
        ),
        (
            "[[targets]]\nspace = \"DOCS\"\n",
            "lacks `targets.name`",
            "Add the key",
        ),
        (
            "[[targets]]\nname = \"a b\"\n",
            "line 2 column 8",
            "Correct",
        ),
        (
            "[[targets]]\nname = \"a\"\n[[targets]]\nname = \"A\"\n",
            "line 4",
            "Correct",
        ),
        (
            "[[targets]]\nname = \"a\"\npaths = [\"../b\"]\n",
            "below the one of this file",
            "Correct",
        ),
        (
            "[[targets]]\nname = \"a\"\ngateway = \"https://evil.example\"\n",
            "line 3",
            "Tokens are sent there",
        ),
        ("[publish\n", "is not TOML", "Correct"),
        (
            "[publish]\nspace = \"A\"\nspace = \"B\"\n",
            "line 3",
            "Correct",
        ),
    ] {
        let error = mistake(text);
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(".tributary.toml`"), "{error}");
        assert!(error.to_string().contains(expected), "{text}: {error}");
        assert!(
            error
                .remedy_text()
                .is_some_and(|text| text.contains(remedy)),
            "{}",
            error.chain()
        );
    }
}

#[test]
fn the_repository_file_is_searched_upward_as_far_as_the_repository() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().canonicalize().expect("it is there");
    let put = |path: &str, text: &str| {
        write_atomically(&root.join(path), text.as_bytes()).expect("the folder is ours");
    };
    put(".tributary.toml", "[publish]\nspace = \"OUTSIDE\"\n");
    put("copy/.git/HEAD", "ref: refs/heads/main\n");
    put("copy/docs/a.md", "# A\n");
    let found = RepositorySettings::find(&root.join("copy/docs/a.md")).expect("readable");
    assert_eq!(
        found, None,
        "what is above the repository does not speak for it"
    );
    put(
        "copy/.tributary.toml",
        "# Comments are welcome.\n[publish]\nspace = \"DOCS\"\n",
    );
    let found = RepositorySettings::find(&root.join("copy/docs/a.md")).expect("readable");
    let found = found.expect("it is in the folder above");
    assert_eq!(found.file, root.join("copy/.tributary.toml"));
    assert_eq!(found.publish.space.as_deref(), Some("DOCS"));
}

/// Resolves with the given repository file, environment and flags.
fn resolved(
    settings: &Settings,
    repository: &str,
    environment: &[(&str, &str)],
    flags: &Layer,
) -> Result<Resolved, Error> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_atomically(
        &folder.path().join(".tributary.toml"),
        repository.as_bytes(),
    )
    .expect("ours");
    let repository = RepositorySettings::find(folder.path())?;
    let environment: BTreeMap<&str, &str> = environment.iter().copied().collect();
    resolve(
        (settings, PathBuf::from("/home/ada/settings.toml")),
        repository.as_ref(),
        &|name| environment.get(name).map(|value| (*value).to_owned()),
        flags,
        &site_url,
    )
}

/// Value and origin of a key, without the folder that changes with every run.
fn row(resolved: &Resolved, key: &str) -> (String, String) {
    let rows = resolved.rows();
    let (_, value, origin) = rows
        .iter()
        .find(|(name, ..)| *name == key)
        .expect("every key is shown");
    let origin = origin.to_string();
    let origin = match origin.rsplit_once('/') {
        Some((_, file)) => file.to_owned(),
        None => origin,
    };
    (value.clone(), origin)
}

#[test]
fn every_layer_covers_the_one_below_and_says_who_it_is() {
    let mut settings = Settings::default();
    let file = "[publish]\nspace = \"FILE\"\n";
    let flags = Layer {
        space: Some("FLAG".to_owned()),
        ..Layer::default()
    };
    let environment = [("TRIBUTARY_SPACE", "ENV")];
    let space = |settings: &Settings, file, environment: &[(&str, &str)], flags: &Layer| {
        row(
            &resolved(settings, file, environment, flags).expect("correct"),
            "space",
        )
    };
    let pair = |value: &str, origin: &str| (value.to_owned(), origin.to_owned());
    let none = Layer::default();
    assert_eq!(space(&settings, "", &[], &none), pair("", "built in"));
    settings.publish.space = Some("USER".to_owned());
    assert_eq!(
        space(&settings, "", &[], &none),
        pair("USER", "settings.toml")
    );
    assert_eq!(
        space(&settings, file, &[], &none),
        pair("FILE", ".tributary.toml:2")
    );
    assert_eq!(
        space(&settings, file, &environment, &none),
        pair("ENV", "environment TRIBUTARY_SPACE")
    );
    assert_eq!(
        space(&settings, file, &environment, &flags),
        pair("FLAG", "flag --space")
    );
    assert_eq!(
        space(&settings, file, &[("TRIBUTARY_SPACE", "")], &none),
        pair("FILE", ".tributary.toml:2"),
        "an empty variable says nothing"
    );
}

/// Keys that a repository's own file must not have.
const OWN: [&str; 2] = ["gateway", "diagram_server"];

#[test]
fn every_key_can_be_set_in_a_file_and_in_the_environment() {
    let values = [
        ("site", "https://wiki.acme.com/", "\"wiki.acme.com\""),
        ("space", "DOCS", "\"DOCS\""),
        ("parent", "Home", "\"Home\""),
        ("flavor", "data-center", "\"data-center\""),
        ("auth", "basic", "\"basic\""),
        ("user", "ada", "\"ada\""),
        (
            "gateway",
            "https://gate.acme.com/",
            "\"https://gate.acme.com\"",
        ),
        ("include", "docs/**, *.md", "[\"docs/**\", \"*.md\"]"),
        ("exclude", "drafts", "[\"drafts\"]"),
        ("labels", "handbook", "[\"handbook\"]"),
        ("concurrency", "3", "3"),
        ("on_conflict", "merge", "\"merge\""),
        ("on_orphan", "archive", "\"archive\""),
        ("orphan_limit", "40", "40"),
        ("on_title", "refuse", "\"refuse\""),
        ("title_prefix", "Handbook:", "\"Handbook:\""),
        ("message", "from CI", "\"from CI\""),
        ("minor_edit", "true", "true"),
        ("label_mode", "set", "\"set\""),
        ("page_width", "full-width", "\"full-width\""),
        ("editor", "legacy", "\"legacy\""),
        ("folders", "true", "true"),
        ("keep_order", "true", "true"),
        ("keep_place", "true", "true"),
        ("format", "adf", "\"adf\""),
        ("verify", "true", "true"),
        ("strict", "true", "true"),
        (
            "diagrams",
            "mermaid=code, math=macro:mathblock, format=svg",
            "[\"mermaid=code\", \"math=macro:mathblock\", \"format=svg\"]",
        ),
        (
            "diagram_server",
            "http://kroki.acme.com/",
            "\"http://kroki.acme.com\"",
        ),
    ];
    assert_eq!(
        values.map(|(key, ..)| key),
        KEYS,
        "no key is forgotten here"
    );
    let mut file = "[publish]\n".to_owned();
    for (key, _, text) in values.iter().filter(|(key, ..)| !OWN.contains(key)) {
        file.push_str(&format!("{key} = {text}\n"));
    }
    let variables: Vec<(String, String)> = values
        .iter()
        .map(|(key, value, _)| {
            (
                format!("TRIBUTARY_{}", key.to_uppercase()),
                (*value).to_owned(),
            )
        })
        .collect();
    let variables: Vec<(&str, &str)> = variables
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let settings = Settings::default();
    let from_file = resolved(&settings, &file, &[], &Layer::default()).expect("correct");
    let from_environment = resolved(&settings, "", &variables, &Layer::default()).expect("correct");
    for (key, value, _) in values {
        assert_eq!(row(&from_environment, key).0, value, "{key}");
        if !OWN.contains(&key) {
            assert_eq!(row(&from_file, key).0, value, "{key}");
        }
    }
    for (name, value) in [
        ("TRIBUTARY_CONCURRENCY", "0"),
        ("TRIBUTARY_ON_CONFLICT", "ask"),
        ("TRIBUTARY_ORPHAN_LIMIT", "101"),
        ("TRIBUTARY_FLAVOR", "server"),
        ("TRIBUTARY_GATEWAY", "here"),
        ("TRIBUTARY_DIAGRAMS", "mermaid=gif"),
    ] {
        let error = resolved(&settings, "", &[(name, value)], &Layer::default()).expect_err(name);
        assert!(
            error.to_string().contains(name) && error.to_string().contains(value),
            "{error}"
        );
    }
    let error = resolved(
        &settings,
        "[publish]\nsite = \"ftp://x\"\n",
        &[],
        &Layer::default(),
    );
    let error = error.expect_err("no web address");
    assert!(error.to_string().contains(".tributary.toml:2"), "{error}");
}

#[test]
fn what_is_known_of_a_site_applies_to_it() {
    let mut settings = Settings::default();
    settings.remember_site(site(
        "https://acme.atlassian.net/wiki",
        Some("ada@acme.com"),
    ));
    let none = Layer::default();
    let only = resolved(&settings, "", &[], &none)
        .expect("correct")
        .site_settings();
    assert_eq!(only.expect("the only site is meant"), settings.sites[0]);
    settings.remember_site(site("https://wiki.acme.com/", None));
    let several = resolved(&settings, "", &[], &none)
        .expect("correct")
        .site_settings();
    let error = several.expect_err("nobody said which");
    assert!(error.chain().contains("--site URL"), "{}", error.chain());

    let named = |address: &str, layer: Layer| {
        let layer = Layer {
            site: Some(address.to_owned()),
            ..layer
        };
        resolved(&settings, "", &[], &layer)
    };
    let found = named("acme.atlassian.net", Layer::default()).expect("correct");
    assert_eq!(found.site_settings().expect("known"), settings.sites[0]);
    assert_eq!(
        row(&found, "user"),
        ("ada@acme.com".to_owned(), "settings.toml".to_owned())
    );

    let other = Layer {
        user: Some("grace@acme.com".to_owned()),
        ..Layer::default()
    };
    let found = named("https://wiki.acme.com", other).expect("correct");
    assert_eq!(
        found.auth.value,
        Auth::Basic {
            user: "grace@acme.com".to_owned()
        }
    );
    let bearer = Layer {
        auth: Some(AuthKind::Bearer),
        flavor: Some(FlavorChoice::Ask),
        ..Layer::default()
    };
    let found = named("acme.atlassian.net", bearer).expect("correct");
    assert_eq!(
        (&found.auth.value, found.flavor.value),
        (&Auth::Bearer, FlavorChoice::Ask)
    );
    let basic = Layer {
        auth: Some(AuthKind::Basic),
        ..Layer::default()
    };
    let error = named("https://wiki.acme.com", basic).expect_err("whose token?");
    assert!(error.chain().contains("--user EMAIL"), "{}", error.chain());
}

#[test]
fn a_server_of_diagrams_is_named_by_its_address_without_a_user() {
    for (typed, read) in [
        ("", None),
        ("  ", None),
        (" https://kroki.acme.com ", Some("https://kroki.acme.com/")),
        (
            "http://diagrams.acme.com:8080/plantuml",
            Some("http://diagrams.acme.com:8080/plantuml"),
        ),
    ] {
        let server = read_diagram_server(typed).expect("it can be used");
        assert_eq!(server.as_ref().map(Url::as_str), read, "{typed}");
        // What the window takes, the settings' file gives back.
        let (_home, paths) = home();
        let mut settings = Settings::default();
        settings.publish.diagram_server = server.clone();
        settings.save(&paths).expect("written");
        let again = Settings::load(&paths).expect("read");
        assert_eq!(again.publish.diagram_server, server, "{typed}");
    }
    for typed in [
        "kroki",
        "kroki.acme.com",
        "file:///etc/passwd",
        "ftp://kroki.acme.com",
        "https://",
        "https://ada@kroki.acme.com",
        "https://ada:sesame@kroki.acme.com",
    ] {
        let error = read_diagram_server(typed).expect_err(typed);
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{typed}");
        assert!(!error.chain().contains("sesame"), "{}", error.chain());
    }
}

#[test]
fn the_schema_agrees_with_what_is_read() {
    let schema = include_str!("../../../../docs/schemas/tributary.toml.schema.json");
    let schema: serde_json::Value = serde_json::from_str(schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a correct schema");
    let examples = [
        "",
        "[publish]\n",
        "[publish]\nsite = \"https://acme.atlassian.net/wiki\"\nspace = \"DOCS\"\nparent = \"Home\"\n\
         flavor = \"cloud\"\nauth = \"basic\"\nuser = \"ada@acme.com\"\ninclude = [\"docs/**\"]\n\
         exclude = [\"docs/drafts\"]\nlabels = [\"handbook\"]\nconcurrency = 8\n\
         on_conflict = \"refuse\"\non_orphan = \"report\"\nmessage = \"Release\"\n\
         orphan_limit = 40\non_title = \"refuse\"\ntitle_prefix = \"Handbook: \"\nlabel_mode = \"set\"\npage_width = \"max\"\neditor = \"new\"\nformat = \"adf\"\nverify = true\nstrict = true\n",
        "[template]\nheader = \"From [Git]({{ source.url }})\"\nfooter = \"-\"\n\
         [template.variables]\nproduct = \"Tributary\"\n\
         [template.snippets]\nkey-hint = \"Press {{ key }}.\"\n",
        "[template]\nbody = \"x\"\n",
        "[template]\nheader = 1\n",
        "[template.variables]\nproduct = 2\n",
        "[template.variables]\n\"a b\" = \"x\"\n",
        "[template.variables]\n\"source.url\" = \"x\"\n",
        "[publish]\norphan_limit = 101\n",
        "[publish]\non_title = \"prefix\"\n",
        "[titles]\n\"docs/set up.md\" = \"Setting up\"\n\"docs/guide/\" = \"Guide\"\n",
        "[titles]\n\"docs/setup.md\" = 1\n",
        "titles = \"Guide\"\n",
        "[publish]\npage_width = \"wide\"\n",
        "[publish]\neditor = \"v2\"\n",
        "[publish]\nformat = \"html\"\n",
        "[publish]\nflavor = \"server\"\n",
        "[publish]\nconcurrency = 0\n",
        "[publish]\nconcurrency = \"8\"\n",
        "[publish]\ninclude = [1]\n",
        "[publish]\ngateway = \"https://gate.acme.com\"\n",
        "[publish]\ndiagram_server = \"https://kroki.acme.com\"\n",
        "[publish]\nspce = \"DOCS\"\n",
        "[publish]\ntoken = \"x\"\n",
        "other = 1\n",
        "[publish]\nspace = \"A\"\n[[targets]]\nname = \"one\"\nsite = \"https://wiki.acme.com\"\n\
         paths = [\"docs/a\"]\nverify = true\n[[targets]]\nname = \"two-2\"\n",
        "[[targets]]\nspace = \"A\"\n",
        "[[targets]]\nname = \"a b\"\n",
        "[[targets]]\nname = \"a\"\npaths = [\"/etc\"]\n",
        "[[targets]]\nname = \"a\"\npaths = [\"docs/../..\"]\n",
        "[[targets]]\nname = \"a\"\ngateway = \"https://gate.acme.com\"\n",
        "[targets]\nname = \"a\"\n",
        "[repository]\nname = \"https://github.com/acme/handbook\"\nformerly = [\"acme/old\"]\n",
        "[repository]\nformerly = []\n",
        "[repository]\nname = \"\"\n",
        "[repository]\nformerly = \"acme/old\"\n",
        "[repository]\nonce = \"acme/old\"\n",
        "restrictions = \"keep\"\n",
        "[restrictions]\nedit = [\"ada\"]\nread = { groups = [\"staff\"] }\n[[targets]]\n\
         name = \"a\"\n[targets.restrictions]\nread = \"everybody\"\n",
        "[restrictions]\nview = [\"ada\"]\n",
        "[restrictions]\nread = { user = [\"ada\"] }\n",
        "[restrictions]\nread = 7\n",
        "[restrictions]\nread = [7]\n",
        "[publish]\nrestrictions = \"keep\"\n",
    ];
    let mut accepted = 0;
    for example in examples {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write_atomically(&folder.path().join(".tributary.toml"), example.as_bytes()).expect("ours");
        let read = RepositorySettings::find(folder.path()).is_ok();
        let table: toml::Table = toml::from_str(example).expect("TOML");
        let value = serde_json::to_value(table).expect("JSON can say it");
        assert_eq!(validator.is_valid(&value), read, "{example}");
        accepted += usize::from(read);
    }
    assert_eq!(accepted, 10);
    let listed = schema["properties"]["publish"]["properties"]
        .as_object()
        .expect("an object");
    let listed: Vec<&str> = listed.keys().map(String::as_str).collect();
    let mut known: Vec<&str> = KEYS.into_iter().filter(|key| !OWN.contains(key)).collect();
    known.sort_unstable();
    assert_eq!(listed, known);
    let of_target = schema["properties"]["targets"]["items"]["properties"].as_object();
    let mut of_target: Vec<&str> = of_target
        .into_iter()
        .flatten()
        .map(|(key, _)| &**key)
        .collect();
    of_target.retain(|key| !["name", "paths", "restrictions"].contains(key));
    assert_eq!(of_target, known);
}

#[test]
fn names_of_a_repository_are_read_in_every_form_of_their_addresses() {
    let read = |text: &str| {
        let read = RepositorySettings::read(".tributary.toml", text.as_bytes().to_vec());
        read.expect("correct").repository
    };
    assert_eq!(read("").formerly, None, "nothing is said");
    let said = read(
        "[repository]\nname = \"https://github.com/Acme/Handbook.git\"\n\
         formerly = [\"git@github.com:acme/manual.git\", \"github.com/acme/older\", \"Docs\"]\n",
    );
    assert_eq!(said.called("elsewhere"), "github.com/acme/handbook");
    let formerly = said.formerly.expect("a list");
    assert_eq!(
        formerly,
        ["github.com/acme/manual", "github.com/acme/older", "Docs"]
    );
}

#[test]
fn a_target_says_what_differs() {
    let read = RepositorySettings::read(
        ".tributary.toml",
        b"[publish]\nspace = \"SHARED\"\nlabels = [\"all\"]\n\n[[targets]]\nname = \"one\"\n\
          labels = [\"mine\"]\n"
            .to_vec(),
    )
    .expect("correct");
    let one = read.of_target(&read.targets[0]).publish;
    assert_eq!(one.space.as_deref(), Some("SHARED"));
    assert_eq!(one.labels, Some(vec!["mine".to_owned()]));
    assert_eq!((one.lines["space"], one.lines["labels"]), (2, 7));
}

#[test]
fn what_the_guide_shows_can_be_copied() {
    let guide = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guide"));
    let mut pages = vec![guide.join("../../README.md")];
    let mut folders = vec![guide.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)
            .expect("the guide is there")
            .flatten()
        {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                pages.push(path);
            }
        }
    }
    let mut examples = 0;
    for page in pages {
        let Ok(text) = std::fs::read_to_string(&page) else {
            continue;
        };
        for block in text.split("```toml\n").skip(1) {
            let example = block.split("```").next().unwrap_or_default();
            if !example.contains("[publish]") {
                continue;
            }
            examples += 1;
            let folder = tempfile::tempdir().expect("a temporary folder");
            let file = folder.path().join(".tributary.toml");
            write_atomically(&file, example.as_bytes()).expect("the folder is ours");
            if let Err(error) = RepositorySettings::find(folder.path()) {
                panic!("an example in {}: {}", page.display(), error.chain());
            }
        }
    }
    assert!(examples > 0, "the guide shows no `.tributary.toml`");
}
