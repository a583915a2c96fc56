//! The readers, each with what it is given and what it begins with.

use std::path::PathBuf;
use std::sync::OnceLock;

use gix::bstr::ByteSlice;
use tempfile::TempDir;
use tributary::account::Policy;
use tributary::hosts::{At, Dialect, Lines, Link, Target as Place};
use tributary::opening::{self, Wanted};
use tributary::preview::{
    HighlightTheme, Preview, find, highlight, picture, to_html, to_json, to_text,
};
use tributary::settings::{RepositorySettings, Settings};
use tributary::store::Paths;

use crate::common::{Target, contents, files, joined, parts, text, within_time};
use crate::{machine, repositories, servers};

pub const TARGETS: [Target; 26] = [
    Target {
        name: "addresses",
        longest: 512,
        run: addresses,
        seeds: addresses_seeds,
        words: ADDRESSES,
    },
    Target {
        name: "opening",
        longest: 512,
        run: opening,
        seeds: || {
            let links = [
                "tributary://open?host=github.com&repo=acme/handbook&ref=main&path=docs/a.md&lines=3-9",
                "tributary://open?site=acme.atlassian.net&space=DOC",
            ];
            links.map(|link| link.as_bytes().to_vec()).to_vec()
        },
        words: &[
            "tributary://open?",
            "host=",
            "repo=",
            "ref=",
            "path=",
            "lines=",
            "site=",
            "space=",
            "&",
            "%2e%2e",
            "%2f",
            "..",
            "//",
            "@",
            ":8080",
            "[::1]",
            "xn--",
        ],
    },
    Target {
        name: "settings",
        longest: 2048,
        run: settings,
        seeds: settings_seeds,
        words: SETTINGS,
    },
    Target {
        name: "policy",
        longest: 1024,
        run: policy,
        seeds: policy_seeds,
        words: POLICY,
    },
    Target {
        name: "highlight",
        longest: 2048,
        run: highlighted,
        seeds: highlight_seeds,
        words: CODE,
    },
    Target {
        name: "find",
        longest: 512,
        run: found,
        seeds: || vec![joined(&["der", "Der Text\nin der\tZeile\r\n\u{1b}[0m der"])],
        words: &[
            "\u{1e}", "\r\n", "\u{202e}", "\u{1b}", "\u{130}", "\u{feff}",
        ],
    },
    Target {
        name: "pictures",
        longest: 1024,
        run: pictures,
        seeds: pictures_seeds,
        words: &[
            "\u{89}PNG",
            "GIF89a",
            "RIFF",
            "WEBPVP8 ",
            "BM",
            "II*\0",
            "ftypavif",
            "ftypheic",
            "<svg ",
            "viewBox=\"0 0 1 1\"",
            "width=\"",
            "<!DOCTYPE",
            "<!--",
            "<?xml",
        ],
    },
    Target {
        name: "host-answers",
        longest: 4096,
        run: repositories::answers,
        seeds: repositories::answers_seeds,
        words: repositories::ANSWERS,
    },
    Target {
        name: "limits",
        longest: 512,
        run: repositories::limits,
        seeds: || {
            let headers = [
                "\u{1}retry-after: 60",
                "\0x-ratelimit-remaining: 0\nx-ratelimit-limit: 60\nx-ratelimit-reset: 1764288000",
                "\u{1}ratelimit-remaining: 3\nratelimit-limit: 600\nratelimit-reset: 9",
                "\0x-ratelimit-remaining: 1.5\nx-ratelimit-limit: 9\nx-ratelimit-reset: 2026-11-28T00:00Z",
            ];
            headers.map(|text| text.as_bytes().to_vec()).to_vec()
        },
        words: &[
            "retry-after: ",
            "x-ratelimit-remaining: ",
            "x-ratelimit-limit: ",
            "x-ratelimit-reset: ",
            "18446744073709551615",
            "1e18",
            "NaN",
            "inf",
            "-1",
            "9999-12-31T23:59:59Z",
            "\n",
        ],
    },
    Target {
        name: "archives",
        longest: 8192,
        run: repositories::archives,
        seeds: repositories::archives_seeds,
        words: &[
            "ustar",
            "PK\u{3}\u{4}",
            "PK\u{1}\u{2}",
            "PK\u{5}\u{6}",
            "../",
            "/",
        ],
    },
    Target {
        name: "git-servers",
        longest: 4096,
        run: repositories::git_servers,
        seeds: repositories::git_servers_seeds,
        words: &[
            "0000",
            "0001",
            "0002",
            "ffff",
            "PACK",
            "ERR ",
            "version 2\n",
            "ls-refs",
            "fetch=shallow filter",
            "packfile\n",
            "refs/heads/",
            "peeled:",
            "symref-target:",
            "\u{1}",
            "\u{2}",
            "\u{3}",
        ],
    },
    Target {
        name: "git-folders",
        longest: 4096,
        run: repositories::folders,
        seeds: repositories::folders_seeds,
        words: &[
            "PACK",
            "\u{ff}tOc",
            "ref: refs/heads/",
            "[core]\n",
            "bare = ",
            "[remote \"origin\"]\n",
            "url = ",
            "tree ",
            "blob ",
            "commit ",
            "40000 ",
            "100644 ",
            "120000 ",
            "160000 ",
            "# pack-refs with: peeled\n",
            "parent ",
            "author ",
        ],
    },
    Target {
        name: "reftables",
        longest: 16384,
        run: repositories::tables,
        seeds: repositories::tables_seeds,
        words: &[
            "REFT",
            "sha1",
            "s256",
            "0.ref\n",
            "1.ref\n",
            "refs/heads/",
            "HEAD",
            "\u{0}\u{0}\u{1c}",
        ],
    },
    Target {
        name: "site-answers",
        longest: 4096,
        run: servers::sites,
        seeds: servers::sites_seeds,
        words: servers::SITES,
    },
    Target {
        name: "sign-in-answers",
        longest: 2048,
        run: servers::sign_in_answers,
        seeds: servers::sign_in_seeds,
        words: servers::SIGN_IN,
    },
    Target {
        name: "callback",
        longest: 1024,
        run: servers::callback,
        seeds: servers::callback_seeds,
        words: &[
            "GET ",
            "/callback",
            " HTTP/1.1\r\n",
            "Host: 127.0.0.1:1\r\n",
            "Origin: null\r\n",
            "\r\n\r\n",
            "?code=",
            "&state=",
            "the-state-of-this-attempt",
            "&error=",
            "&iss=",
            "tributary://oauth/",
            "%00",
            "/done",
        ],
    },
    Target {
        name: "proxy-script",
        longest: 1024,
        run: machine::proxy_script,
        seeds: machine::proxy_script_seeds,
        words: &[
            "\u{1e}",
            "function FindProxyForURL(url, host) {",
            "return ",
            "PROXY ",
            "SOCKS5 ",
            "HTTPS ",
            "DIRECT",
            ";",
            "shExpMatch(",
            "isInNet(",
            "dnsDomainIs(",
            "timeRange(",
            "outside.",
            "*",
            "?",
            "[::1]",
            "@",
        ],
    },
    Target {
        name: "desktop-proxies",
        longest: 1024,
        run: machine::desktop,
        seeds: machine::desktop_seeds,
        words: &[
            "org.gnome.system.proxy",
            ".https host '",
            " port ",
            "ignore-hosts [",
            "mode 'manual'",
            "[Proxy Settings]\n",
            "ProxyType=1\n",
            "httpProxy=",
            "NoProxyFor=",
            "ReversedException=true",
            "@",
        ],
    },
    Target {
        name: "typed",
        longest: 256,
        run: machine::typed,
        seeds: machine::typed_seeds,
        words: ADDRESSES,
    },
    Target {
        name: "certificates",
        longest: 4096,
        run: machine::certificates,
        seeds: machine::certificates_seeds,
        words: &[
            "-----BEGIN CERTIFICATE-----\n",
            "-----END CERTIFICATE-----\n",
            "-----BEGIN PRIVATE KEY-----\n",
            "-----END PRIVATE KEY-----\n",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\n",
            "-----BEGIN EC PRIVATE KEY-----\n",
        ],
    },
    Target {
        name: "update",
        longest: 2048,
        run: machine::update,
        seeds: machine::update_seeds,
        words: &[
            "\"version\":\"",
            "\"notes\":\"",
            "\"page\":\"",
            "\"artifacts\":{",
            "\"url\":\"",
            "\"size\":",
            "\"sha256\":\"",
            "untrusted comment: ",
            "trusted comment: ",
            "\u{1e}",
        ],
    },
    Target {
        name: "own-looks",
        longest: 4096,
        run: machine::own_looks,
        seeds: machine::own_looks_seeds,
        words: LOOKS,
    },
    Target {
        name: "audit-log",
        longest: 4096,
        run: machine::audit_log,
        seeds: machine::audit_log_seeds,
        words: &[
            "\n",
            "\"seq\":",
            "\"hash\":",
            "\"prev\":",
            "\"time\":",
            "\"sig\":",
            "0",
            "-1",
            "1e9",
            "null",
        ],
    },
    Target {
        name: "kept-files",
        longest: 8192,
        run: machine::kept_files,
        seeds: machine::kept_files_seeds,
        words: &[
            "\"format\":",
            "\"accounts\":[",
            "\"id\":",
            "\"sites\":[",
            "\"obtained\":",
            "\"lives\":",
            "18446744073709551615",
            "\"outcomes\":[",
            "\"version\":",
            "\"kept_in\":",
            "\"leaving\":[",
            "\"memory_kib\":",
            "\"checksum\":",
            "null",
        ],
    },
    Target {
        name: "records",
        longest: 1024,
        run: machine::records,
        seeds: machine::records_seeds,
        words: &[
            "Authorization: ",
            "Bearer ",
            "Basic ",
            "token=",
            "password",
            "\":\"",
            "://",
            "@",
            "ghp_",
            "glpat-",
            "-----BEGIN ",
            "eyJ",
            "\u{1e}",
        ],
    },
    Target {
        name: "names",
        longest: 512,
        run: machine::names,
        seeds: machine::names_seeds,
        words: &[
            "\u{1e}",
            "/",
            "\u{301}",
            "\u{130}",
            "\u{df}",
            "\u{1f600}",
            "\\",
            " ",
        ],
    },
];

const DIALECTS: [Dialect; 6] = [
    Dialect::GitHub,
    Dialect::GitLab,
    Dialect::Bitbucket,
    Dialect::BitbucketDataCenter,
    Dialect::AzureDevOps,
    Dialect::Gitea,
];

fn addresses(bytes: &[u8]) {
    let parts = parts(bytes);
    let commit = "a".repeat(40);
    for dialect in DIALECTS {
        let known = [("https://git.acme.com/context", dialect)];
        let read = || Link::read_at(&parts[0], &known);
        let Some(link) = within_time(bytes.len(), read) else {
            continue;
        };
        assert!(!link.identity().is_empty());
        assert!(!link.base.contains('@'), "{link:?}");
        let mut names = link.repository.split('/');
        assert!(
            !names.any(|part| part == ".." || part.is_empty()),
            "{link:?}"
        );
        if let Place::Path { path, .. } = &link.target {
            let mut parts = path.split(|byte| *byte == b'/');
            assert!(!parts.any(|part| part == b".."), "{link:?}");
        }
        within_time(bytes.len(), || link.splits());
        // Without a dialect nobody knows how a host writes its addresses.
        if let Some(of) = link.dialect {
            let web = link.web();
            let again = Link::read_at(&web, &[(&link.base, of)]);
            assert!(again.is_some(), "{web} of {link:?} is not read");
        }
        let path = "docs/a b#.md".as_bytes().as_bstr();
        if let (Some(text), Some(of)) = (
            link.permalink(&commit, path, Lines::new(2, 3)),
            link.dialect,
        ) {
            let back = Link::read_at(&text, &[(&link.base, of)]).map(|back| back.target);
            let expected = Place::Path {
                at: At::Commit(commit.clone()),
                path: path.to_owned(),
                lines: Lines::new(2, 3),
            };
            assert_eq!(back, Some(expected), "{text} of {link:?}");
        }
        link.edit_link("main", path);
    }
}

fn addresses_seeds() -> Vec<Vec<u8>> {
    let seeds = [
        "https://github.com/acme/handbook/blob/main/docs/a%20b.md?plain=1#L10-L20",
        "https://github.com/acme/handbook/pull/12/files#diff-0123456789abcdef0123456789abcdef01234567L3",
        "https://gitlab.example.com/a/b/c/-/blob/feature/x/docs/a.md#L3-9",
        "https://gitlab.com/a/b/-/merge_requests/3/diffs",
        "https://bitbucket.org/acme/handbook/src/abc/docs/a.md?at=x%2Fy#lines-10:20",
        "https://git.acme.com/context/projects/DOC/repos/a/browse/docs/a.md?at=refs%2Fheads%2Fx#10-20",
        "https://dev.azure.com/o/p/_git/r?path=%2Fa.md&version=GBmain&line=3&lineEnd=4",
        "https://acme.visualstudio.com/p/_git/r",
        "https://codeberg.org/a/b/src/commit/0123456789abcdef0123456789abcdef01234567/a.md#L1",
        "git@github.com:acme/handbook.git",
        "ssh://git@git.acme.com:7999/doc/a.git",
        "github.com/acme/handbook",
    ];
    seeds.map(|seed| seed.as_bytes().to_vec()).to_vec()
}

fn opening(bytes: &[u8]) {
    let link = text(bytes);
    let read = within_time(bytes.len(), || opening::read(&link));
    match read {
        Ok(Wanted::File(file)) => {
            let address = file.address();
            let url =
                url::Url::parse(&address).unwrap_or_else(|error| panic!("{address}: {error}"));
            assert!(matches!(url.scheme(), "http" | "https") && url.host().is_some());
            assert!(
                url.username().is_empty() && url.password().is_none(),
                "{address}"
            );
            for part in file.path.split('/').chain(file.repository.split('/')) {
                assert!(part != ".." && part != ".", "{file:?}");
            }
            let told = format!("{}{}{}", file.path, file.repository, file.host);
            assert!(!told.chars().any(char::is_control), "{file:?}");
        }
        Ok(Wanted::Publication { site, .. }) => assert!(!site.is_empty()),
        Err(error) => {
            // Nothing of it is repeated.
            let told = error.chain();
            let quoted = link.len() > 12 && told.contains(&*link);
            assert!(!quoted, "{told}");
        }
    }
}

/// A folder for what is read from files, in memory where there is such a place.
fn folder() -> &'static TempDir {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let memory = PathBuf::from("/dev/shm");
        let place = if memory.is_dir() {
            memory
        } else {
            std::env::temp_dir()
        };
        tempfile::tempdir_in(place).expect("a temporary folder")
    })
}

fn settings(bytes: &[u8]) {
    let read = || RepositorySettings::read(".tributary.toml", bytes.to_vec());
    if let Ok(settings) = within_time(bytes.len(), read) {
        RepositorySettings::looks(Some(settings.clone()), None);
        for target in &settings.targets {
            drop(settings.of_target(target));
        }
    }
    let paths = Paths::below(folder().path());
    let file = Settings::file(&paths);
    std::fs::create_dir_all(&paths.config).expect("a folder of the fuzzer's own");
    std::fs::write(&file, bytes).expect("a file of the fuzzer's own");
    if let Ok(settings) = Settings::load(&paths) {
        settings.save(&paths).expect("what was read is written");
        let again = Settings::load(&paths).expect("what was written is read");
        assert_eq!(without_lines(&again), without_lines(&settings));
    }
}

/// Settings in words, without the lines that they stand in.
fn without_lines(settings: &Settings) -> String {
    let told = format!("{settings:?}");
    let parts = told.split("lines: {");
    let parts: Vec<&str> = parts
        .enumerate()
        .map(|(number, part)| match number {
            0 => part,
            _ => part.split_once('}').map_or(part, |(_, rest)| rest),
        })
        .collect();
    parts.concat()
}

fn settings_seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = Vec::new();
    for file in files("docs/guide", &[".md"]) {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let blocks = text.split("```toml\n").skip(1);
        let texts = blocks.filter_map(|block| block.split("```").next());
        seeds.extend(texts.map(|text| text.as_bytes().to_vec()));
    }
    seeds.push(
        b"theme = \"dark\"\n[[sites]]\nurl = \"https://acme.atlassian.net/wiki\"\nflavor = \"cloud\"\n\
          [[publications]]\nsite = \"https://acme.atlassian.net/wiki\"\nspace = \"DOC\"\nfolder = \"/a\"\n\
          [network]\nproxy = \"http://proxy:3128\"\n[audit]\nforward = { address = \"a:514\" }\n"
            .to_vec(),
    );
    seeds
}

fn policy(bytes: &[u8]) {
    let file = folder().path().join("policy.toml");
    std::fs::write(&file, bytes).expect("a file of the fuzzer's own");
    let read = || Policy::load(&file);
    if let Ok(policy) = within_time(bytes.len(), read) {
        policy.in_words();
        policy.digest();
    }
}

fn policy_seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = Vec::new();
    for file in files("docs", &[".md"]) {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let blocks = text.split("```toml\n").skip(1);
        let texts = blocks.filter_map(|block| block.split("```").next());
        let wanted = texts.filter(|text| text.contains("allow") || text.contains("authorities"));
        seeds.extend(wanted.map(|text| text.as_bytes().to_vec()));
    }
    seeds
}

/// The first line is the file's name, the rest is the file.
fn highlighted(bytes: &[u8]) {
    let (name, rest) = match bytes.find_byte(b'\n') {
        Some(at) => (&bytes[..at], &bytes[at + 1..]),
        None => (&b"a"[..], bytes),
    };
    let name = text(name);
    let shown = within_time(rest.len(), || {
        highlight(&name, rest, HighlightTheme::Light, 0..u32::MAX)
    });
    let Preview::Text(shown) = &shown else {
        to_json(&shown);
        return;
    };
    assert_eq!(
        shown.lines.len(),
        usize::try_from(shown.total_lines).expect("few lines")
    );
    let html = to_html(shown);
    let tags = html.split('<').skip(1).map(|rest| rest.split('>').next());
    for tag in tags {
        let tag = tag.unwrap_or_default();
        let known = ["span", "/span", "pre", "/pre", "code", "/code", "p", "/p"];
        let name = tag.split(' ').next().unwrap_or_default();
        assert!(known.contains(&name), "<{tag}> in {html}");
    }
    for span in shown.lines.iter().flatten() {
        assert!(usize::from(span.style) < shown.palette.len());
        let mut signs = span.text.chars();
        assert!(
            !signs.any(|sign| sign.is_control() && sign != '\t'),
            "{:?}",
            span.text
        );
    }
    to_text(shown);
    // A part is shown with the same words as the whole.
    let half = shown.total_lines / 2;
    let part = highlight(&name, rest, HighlightTheme::Dark, half..half + 3);
    let Preview::Text(part) = part else {
        panic!("it was text");
    };
    let words = |lines: &[Vec<tributary::preview::Span>]| -> Vec<String> {
        let line = |line: &Vec<tributary::preview::Span>| {
            line.iter().map(|span| span.text.as_str()).collect()
        };
        lines.iter().map(line).collect()
    };
    let from = usize::try_from(half).expect("few lines");
    let until = (from + 3).min(shown.lines.len());
    assert_eq!(words(&part.lines), words(&shown.lines[from..until]));
}

/// Endings of names that have a language, as many kinds of grammars as there are.
const ENDINGS: &str = "ada adb applescript as asm asp awk bash bat bib c cabal clj cljs cmake coffee \
    conf cpp cr cs css csv d dart diff dockerfile dot ejs elm env erb erl ex exs f90 fish fs gd glsl \
    go gql gradle groovy gv haml hbs hs html http idr ini java jinja2 jl js json jsonnet jsx kt \
    latex less lisp log lua mak man matlab md mjs ml nim ninja nix org pas patch perl php pl proto \
    ps1 puppet purs py qml r rake rb rego rkt robot rs rst sass scala scm scss sh slim sml sol sql \
    srt sty svelte svg swift tcl tex tf thrift toml ts tsx twig txt typ v vb vhd vim vue vy wgsl xml \
    yaml zig zsh";

fn highlight_seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for ending in ENDINGS.split_whitespace() {
        let code = "// a\n/* b */ # c\nif (x == \"y\\n${z}\") { f('a'); } <tag a=\"b\">`c`</tag>\n\
            def g(x): return \"\"\"x\"\"\" -- d\n[a]: {b: 1}\n$x = @y; %w{z} <<EOF\nz\nEOF\n";
        seeds.push(format!("a.{ending}\n{code}").into_bytes());
    }
    for (folder, ending) in [
        ("src-tauri", ".rs"),
        ("ui/src", ".svelte"),
        ("ui/src", ".ts"),
        ("ui/src", ".css"),
        ("scripts", ""),
        ("packaging", ""),
        ("docs", ".md"),
        ("crates/tributary/src", ".toml"),
        (".github", ".yml"),
    ] {
        for file in files(folder, &[ending]).into_iter().take(4) {
            let name = file
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if let Ok(bytes) = std::fs::read(&file) {
                seeds.push([name.as_bytes(), b"\n", &bytes[..]].concat());
            }
        }
    }
    // UTF-16 both ways, a mark, and what is no text.
    seeds.push(b"a.rs\n\xff\xfef\0n\0 \0\xd8\0".to_vec());
    seeds.push(b"a.rs\n\xfe\xff\0f\0n\0 \xd8\0".to_vec());
    seeds.push(b"a.rs\n\xef\xbb\xbffn \xff\xc3(".to_vec());
    seeds.push(b"a.rs\nfn \0".to_vec());
    seeds
}

fn found(bytes: &[u8]) {
    let (words, rest) = match bytes.find_byte(crate::common::BETWEEN) {
        Some(at) => (&bytes[..at], &bytes[at + 1..]),
        None => return,
    };
    let words = text(words);
    let places = within_time(bytes.len(), || find(rest, &words, 3));
    assert!(places.places.len() <= 3 && places.places.len() <= places.total);
    for place in &places.places {
        let length = usize::try_from(place.end - place.first).expect("few letters");
        assert_eq!(length, words.chars().count());
    }
}

fn pictures(bytes: &[u8]) {
    if let Some(picture) = within_time(bytes.len(), || picture(bytes))
        && let Some((width, height)) = picture.dimensions
    {
        assert!(width > 0 && height > 0);
    }
}

fn pictures_seeds() -> Vec<Vec<u8>> {
    let mut seeds = contents("icons", &[".png", ".ico", ".icns", ".svg"]);
    seeds.extend(
        contents("../shared/corpus", &[".png", ".jpg", ".svg"])
            .into_iter()
            .take(60),
    );
    seeds.push(
        b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"
            .to_vec(),
    );
    seeds.push(b"RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0\x30\x01\0\x9d\x01\x2a\x01\0\x01\0\x02\0\x34\x25\xa4\0\x03p\0\xfe\xfb\x94\0\0".to_vec());
    seeds
        .push(b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0".to_vec());
    seeds.push(b"\0\0\0\x20ftypavif\0\0\0\0avifmif1miaf\0\0\0\xf2meta\0\0\0\0".to_vec());
    seeds
}

const ADDRESSES: &[&str] = &[
    "https://",
    "http://",
    "ssh://",
    "git@",
    "git+ssh://",
    "github.com",
    "gitlab.com",
    "bitbucket.org",
    "dev.azure.com",
    "visualstudio.com",
    "codeberg.org",
    "git.acme.com/context",
    "/",
    ":",
    "/-/",
    "/blob/",
    "/tree/",
    "/raw/",
    "/src/",
    "/branch/",
    "/commit/",
    "/tag/",
    "/_git/",
    "/projects/",
    "/repos/",
    "/browse/",
    "/users/",
    "~",
    "/pull/",
    "/pull-requests/",
    "/files",
    "/-/merge_requests/",
    "#L1-L2",
    "#lines-1:2",
    "#L1-9",
    "?plain=1",
    "?path=%2F",
    "&version=GB",
    "&version=GC",
    "&version=GT",
    "?at=refs%2Fheads%2F",
    ".git",
    "%2F",
    "%00",
    "%FF",
    "..",
    "@",
    "diff-",
    "&line=1&lineEnd=2",
    "pullrequest/",
];
const SETTINGS: &[&str] = &[
    "[publish]\n",
    "[template]\n",
    "[template.variables]\n",
    "[template.snippets]\n",
    "[restrictions]\n",
    "[[targets]]\n",
    "[[sites]]\n",
    "[[publications]]\n",
    "[network]\n",
    "[audit]\n",
    "[window]\n",
    "[notifications]\n",
    "site = \"",
    "space = \"",
    "parent = \"",
    "include = [",
    "exclude = [",
    "labels = [",
    "concurrency = ",
    "on_conflict = \"",
    "on_orphan = \"",
    "orphan_limit = ",
    "on_title = \"",
    "title_prefix = \"",
    "message = \"",
    "minor_edit = ",
    "label_mode = \"",
    "page_width = \"",
    "format = \"adf\"",
    "verify = ",
    "strict = ",
    "header = \"",
    "footer = \"",
    "name = \"",
    "paths = [",
    "url = \"https://a\"",
    "flavor = \"cloud\"",
    "folder = \"/a\"",
    "proxy = \"",
    "theme = \"",
    "language = \"",
    "token = \"",
    "\"\"\"",
    "'''",
    "true",
    "-1",
    "9223372036854775808",
    "1979-05-27",
];
const POLICY: &[&str] = &[
    "[vault]\n",
    "allow = [",
    "\"keystore\"",
    "\"file\"",
    "read_only = true",
    "[applications.",
    "[network]\n",
    "ca_files = [",
    "[authorities]\n",
    "[change]\n",
    "[modes]\n",
    "[scopes]\n",
    "[hosts]\n",
    "[purposes]\n",
    "[tokens]\n",
    "days = ",
    "\"github\"",
    "\"atlassian\"",
    "\"gitlab\"",
    "only = ",
    "deny = ",
    "proxy = ",
    "= \"*.acme.com\"",
    "[",
    "]\n",
    "[[",
    "\"",
    "true",
];
const CODE: &[&str] = &[
    ".rs\n",
    ".py\n",
    ".js\n",
    ".html\n",
    ".md\n",
    ".tex\n",
    ".php\n",
    ".rb\n",
    ".sh\n",
    ".yaml\n",
    "#!/bin/sh\n",
    "<?xml",
    "<?php",
    "<%",
    "%>",
    "{{",
    "}}",
    "{%",
    "%}",
    "<script>",
    "</script>",
    "<style>",
    "/*",
    "*/",
    "//",
    "--",
    "#",
    ";",
    "\"\"\"",
    "'''",
    "`",
    "${",
    "$(",
    "<<EOF\n",
    "EOF\n",
    "\\begin{",
    "\\end{",
    "\\",
    "r#\"",
    "\"#",
    "fn ",
    "class ",
    "def ",
    "if ",
    "=>",
    "->",
    "::",
    "@",
    "&",
    "[[",
    "]]",
    "(",
    ")",
    "{",
    "}",
    "\t",
    "\r\n",
    "\u{0}",
    "\u{202e}",
    "\u{1b}[0m",
];
const LOOKS: &[&str] = &[
    "<dict>",
    "</dict>",
    "<array>",
    "</array>",
    "<key>",
    "</key>",
    "<string>",
    "</string>",
    "<key>settings</key>",
    "<key>scope</key>",
    "<key>foreground</key>",
    "#ffffff",
    "fontStyle",
    "name: ",
    "scope: ",
    "file_extensions: [mine]",
    "contexts:\n",
    "  main:\n",
    "    - match: ",
    "    - include: ",
    "      push: ",
    "      pop: true\n",
    "      set: ",
    "      embed: ",
    "      escape: ",
    "      with_prototype:\n",
    "      captures:\n",
    "      branch: [",
    "      fail: ",
    "    - meta_scope: ",
    "  prototype:\n",
    "variables:\n",
    "{{id}}",
    "(?<=",
    "(a*)*",
    "\\1",
    "hidden: true\n",
    "first_line_match: ",
    "&a ",
    "*a",
];
