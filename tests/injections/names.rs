//! Injections in what Git keeps beside files: messages of commits, who made them, branches, and the
//! names of files. All of it is words of the window itself, and no page in a frame.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::{arm, is_plain, pointed_at};
use crate::desktop::{Desktop, Window, on_a_desktop};
use crate::previews::{INSPECT, Listener, folder, git};

/// As many commits of a file as the window lists.
const COMMITS_OF_A_FILE: usize = 50;

/// Every so many payloads, the file that is named as one is opened too.
const OPENED: usize = 20;

/// What the window is made of, from which a name may add nothing: elements that are known, without
/// attributes that run something, and the one frame of a page with its sandbox.
const STRANGERS: &str = "const known = new Set('aside bdi button circle code dd details dialog div dl dt em g h1 h2 h3 header input kbd label li main mark nav ol optgroup option p path pre progress rect section select span strong summary svg time ul'.split(' ')); const strangers = []; \
    for (const one of document.body.querySelectorAll('*')) { \
      const { localName } = one; \
      if (localName === 'iframe' ? one.getAttribute('sandbox') !== 'allow-same-origin' || one.dataset.testid !== 'preview' : !known.has(localName)) strangers.push(one.outerHTML.slice(0, 300)); \
      for (const { name, value } of one.attributes) if (/^(on|srcdoc$|formaction$|ping$|action$|background$|poster$|style$)/.test(name) && !(localName === 'iframe' && name === 'srcdoc') && !(name === 'style' && !/url|[\\/\\\\@]/i.test(value)) || (name === 'href' || name === 'src' || name === 'xlink:href')) strangers.push(`${localName} ${name}=${value}`); \
    };";

/// That names did nothing to the window.
async fn assert_only_words(window: &Window, listener: &Listener, usual: &Value, place: &str) {
    let strangers = window
        .script(&format!("{STRANGERS} return strangers"))
        .await;
    assert_eq!(strangers, json!([]), "{place}");
    let seen = window.script(INSPECT).await;
    assert_eq!(seen["ran"], Value::Null, "{place}: {seen}");
    assert_eq!(seen["found"], json!([]), "{place}");
    assert_eq!(seen["title"], usual["title"], "{place}");
    assert_eq!(seen["elements"], usual["elements"], "{place}");
    assert_eq!(listener.asked(), 0, "{place}: {}", listener.said());
}

/// Waits until all of a list has been in front, from its top to its end, and gives what was said in
/// some part of its rows.
async fn read_through(window: &Window, list: &str, rows: &str, said: &str) -> Vec<String> {
    window
        .script("window.said = new Set(); window.reached = 0")
        .await;
    // A row is drawn once its place is near, so nothing is passed before what is there was drawn.
    window
        .until_script(&format!(
            "const list = document.querySelector(\"{list}\"); if (list === null) return false; list.scrollTop = window.reached; \
             const box = list.getBoundingClientRect(); const rows = [...list.querySelectorAll(\"{rows}\")]; const boxes = rows.map((row) => row.getBoundingClientRect()); \
             const end = Math.min(box.bottom, box.top + list.scrollHeight - list.scrollTop); \
             if (rows.length === 0 || Math.min(...boxes.map((row) => row.top)) > box.top + 30 || Math.max(...boxes.map((row) => row.bottom)) < end - 30) return false; \
             for (const row of rows) window.said.add((row.querySelector(\"{said}\") ?? row).textContent); \
             if (list.scrollTop >= list.scrollHeight - list.clientHeight - 1) return true; \
             window.reached = list.scrollTop + list.clientHeight / 2; return false"
        ))
        .await;
    let told = window.script("return [...window.said]").await;
    serde_json::from_value(told).expect("texts")
}

/// Looks whether all of these are among what was said, letter for letter.
fn assert_said(said: &[String], wanted: &[String], place: &str) {
    let said: Vec<&str> = said.iter().map(|text| text.trim()).collect();
    let wanted: Vec<&String> = wanted.iter().filter(|text| is_plain(text)).collect();
    assert!(!wanted.is_empty(), "{place}: nothing is looked for");
    let missing: Vec<&&String> = wanted
        .iter()
        .filter(|text| !said.contains(&text.trim()))
        .collect();
    assert!(missing.is_empty(), "{place}: {missing:#?}\nin {said:#?}");
}

/// A payload in one line, without the one sign that Git takes for an end.
fn line(text: &str) -> String {
    text.replace(['\r', '\n', '\0'], " ")
}

/// The longest beginning of a name that a file system takes, with some room behind it.
fn cut(name: &str) -> &str {
    let end = name.floor_char_boundary(200);
    &name[..end]
}

/// A payload as the name of a file: where it has a slash, a folder ends.
fn path_of(text: &str, number: usize) -> String {
    let line = line(text);
    // What begins with a dot is hidden in a folder.
    let parts = line
        .split('/')
        .map(|part| cut(part).trim_start_matches('.'));
    let parts = parts.filter(|part| !part.trim_matches(['.', ' ']).is_empty());
    let parts: Vec<&str> = parts.collect();
    format!("{} {number}.md", parts.join("/"))
}

/// A payload as the name of a branch, without what Git refuses in one. HTML takes a slash for a space
/// between attributes.
fn branch_of(text: &str, number: usize) -> String {
    let mut name = String::new();
    for letter in text.chars() {
        match letter {
            ' ' | '\n' | '\r' | '\t' => name.push('/'),
            '~' | '^' | ':' | '?' | '*' | '[' | '\\' => name.push('-'),
            letter if letter.is_control() => {}
            letter => name.push(letter),
        }
    }
    let name = name.replace("@{", "{");
    let parts = name
        .split('/')
        .map(|part| cut(part).trim_matches('.').replace("..", "."));
    let parts = parts.filter(|part| !part.is_empty() && !part.contains("..") && part != "@");
    let mut parts: Vec<String> = parts.collect();
    // Branches are found by how they begin.
    parts.insert(0, format!("part-{}", number % PARTS_OF_BRANCHES));
    parts.push(number.to_string());
    parts.join("/")
}

/// So many parts of all branches that none has more than are shown at once, which are 200.
const PARTS_OF_BRANCHES: usize = 5;

/// A repository with a commit for each payload, fifty to a file and a line for each; then a file that
/// is called as each, and a branch.
fn fill(folder: &Path, all: &[String]) {
    let mut stream = Vec::new();
    let mut say = |text: &str| stream.extend_from_slice(text.as_bytes());
    let person = |number: usize| {
        format!(
            "Eve <eve@example.com> {} +0000",
            1_700_000_000 + number * 60
        )
    };
    let said = |text: &str| format!("data {}\n{text}\n", text.len());
    let head = |say: &mut dyn FnMut(&str), number: usize, message: &str| {
        let (person, message) = (person(number), said(message));
        say(&format!(
            "commit refs/heads/main\nauthor {person}\ncommitter {person}\n{message}"
        ));
    };
    for (file, texts) in all.chunks(COMMITS_OF_A_FILE).enumerate() {
        let mut contents = String::new();
        for (number, text) in texts.iter().enumerate() {
            head(&mut say, file * COMMITS_OF_A_FILE + number, &line(text));
            contents += &format!("line {number}\n");
            let contents = said(&contents);
            say(&format!("M 100644 inline said-{file:02}.txt\n{contents}\n"));
        }
    }
    head(&mut say, all.len(), "Names");
    for (number, text) in all.iter().enumerate() {
        let path = path_of(text, number)
            .replace('\\', "\\\\")
            .replace('"', "\\\"");
        let contents = said(&format!("Nothing {number}.\n"));
        say(&format!("M 100644 inline \"{path}\"\n{contents}"));
    }
    for (number, text) in all.iter().enumerate() {
        let name = branch_of(text, number);
        say(&format!(
            "reset refs/heads/{name}\nfrom refs/heads/main\n\n"
        ));
    }
    let feed = |arguments: &[&str], input: &[u8]| {
        let mut child = Command::new("git")
            .arg("-C")
            .arg(folder)
            // What another system would take for a folder of Git's own is a name here.
            .args(["-c", "core.protectNTFS=false", "-c", "core.protectHFS=false"])
            .args(arguments)
            .stdin(Stdio::piped())
            .spawn()
            .expect("git is here");
        let mut pipe = child.stdin.take().expect("it is piped");
        pipe.write_all(input).expect("git listens");
        drop(pipe);
        assert!(child.wait().expect("it ends").success(), "{arguments:?}");
    };
    feed(&["fast-import", "--quiet"], &stream);
    feed(&["reset", "-q", "--hard", "main"], &[]);
}

/// Puts words into the filter of the files that are listed.
async fn filter(window: &Window, words: &str) {
    window.find("filter").await;
    window.script(&format!("const field = document.querySelector(\"[data-testid='filter']\"); field.value = '{words}'; field.dispatchEvent(new Event('input', {{bubbles: true}}))")).await;
}

#[test]
fn published_injections_are_words_in_commits_branches_and_names_of_files() {
    on_a_desktop(
        "injections::names::published_injections_are_words_in_commits_branches_and_names_of_files",
        async |desktop: Desktop| {
            let listener = Listener::start();
            let folder = folder(&desktop);
            let all = pointed_at(&listener);
            fill(&folder, &all);
            let paths: Vec<String> = (0..).zip(&all).map(|(n, text)| path_of(text, n)).collect();
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.find("tree").await;
            arm(&window).await;
            let usual = window.script(INSPECT).await;

            // The names of files: in the folder by their paths, and at the commit folder by folder.
            let (list, rows) = ("[data-testid='tree']", "[data-testid='tree-item']");
            let mut said = Vec::new();
            // The best 200 that fit are shown, and a tenth of the names ends so.
            for digit in 0..10 {
                filter(&window, &format!("{digit}.md")).await;
                said.extend(read_through(&window, list, rows, ".name").await);
                assert_only_words(&window, &listener, &usual, "the files of the folder").await;
            }
            assert_said(&said, &paths, "the files of the folder");
            filter(&window, "").await;
            window.click("[data-testid='commits-button']").await;
            window.find("visit").await;
            let first = |path: &String| path.split('/').next().unwrap_or_default().to_owned();
            let names: Vec<String> = paths.iter().map(first).collect();
            let said = read_through(&window, list, rows, ".name").await;
            assert_said(&said, &names, "the files at a commit");
            assert_only_words(&window, &listener, &usual, "the files at a commit").await;

            look_at_commits((&window, &folder), &listener, &usual, &all).await;

            // Branches, part by part.
            window.click("[data-testid='ref-button']").await;
            window.click("[data-testid='ref-branch']").await;
            let branches: Vec<String> = (0..)
                .zip(&all)
                .map(|(number, text)| branch_of(text, number))
                .collect();
            let mut said: Vec<String> = Vec::new();
            for part in 0..PARTS_OF_BRANCHES {
                let beginning = format!("part-{part}/");
                let count = branches
                    .iter()
                    .filter(|name| name.starts_with(&beginning))
                    .count();
                window.script(&format!("const field = document.querySelector(\"[data-testid='ref-filter']\"); field.value = '{beginning}'; field.dispatchEvent(new Event('input', {{bubbles: true}}))")).await;
                window.until_script(&format!("const items = [...document.querySelectorAll(\"[data-testid='ref-item']\")]; return items.length === {count} && items.every((one) => one.dataset.name.startsWith('{beginning}'))")).await;
                let shown = window.script("return [...document.querySelectorAll(\"[data-testid='ref-item'] .name\")].map((one) => one.textContent)").await;
                said.extend(serde_json::from_value::<Vec<String>>(shown).expect("texts"));
                assert_only_words(&window, &listener, &usual, "the branches").await;
            }
            assert_said(&said, &branches, "the branches");
            window.click("[data-testid='ref-button']").await;

            // What is open: its name in the path, in its page, and for those who hear it.
            // A row is told by the name that it shows, which has marks in place of some signs.
            for path in paths.iter().filter(|path| is_plain(path)).step_by(OPENED) {
                let place = format!("the file {path}");
                let number = path.rsplit(' ').next().unwrap_or_default();
                let number = number.strip_suffix(".md").unwrap_or_default();
                filter(&window, &format!(" {number}.md")).await;
                let name = json!(path);
                window.until_script(&format!("const row = [...document.querySelectorAll(\"[data-testid='tree-item']\")].find((row) => row.dataset.path === {name}); row?.click(); return row !== undefined")).await;
                window.until_script(&format!("const page = document.querySelector('iframe')?.contentDocument; return page?.readyState === 'complete' && page.body.textContent.includes('Nothing {number}.')")).await;
                let shown = window
                    .script("return document.querySelector(\"[data-testid='path']\").textContent")
                    .await;
                let last = path.rsplit('/').next().unwrap_or_default();
                if is_plain(last) {
                    assert_eq!(shown.as_str().map(str::trim), Some(last.trim()), "{place}");
                }
                assert_only_words(&window, &listener, &usual, &place).await;
            }
            window.close().await;
        },
    );
}

/// Messages, and who made the commits: in the history, at the lines, as the last change, and as the
/// commit that is shown. A name of Git's ends where it has a pointed bracket; an API of a host says any,
/// so that the window is told of people who are called as their messages are.
async fn look_at_commits(
    (window, folder): (&Window, &Path),
    listener: &Listener,
    usual: &Value,
    all: &[String],
) {
    window.script("const ask = window.fetch; window.fetch = async (...call) => { const answer = await ask(...call); const of = ['show_history', 'show_blame'].find((name) => String(call[0]).includes(name)); if (of === undefined) return answer; const told = await answer.json(); for (const commit of told.items ?? told.commits ?? []) commit.author = commit.summary; return new Response(JSON.stringify(told), { status: answer.status, headers: answer.headers }) }").await;
    for (file, texts) in all.chunks(COMMITS_OF_A_FILE).enumerate() {
        let path = format!("said-{file:02}.txt");
        let place = format!("the commits of {path}");
        let messages: Vec<String> = texts.iter().map(|text| line(text)).collect();
        filter(window, &path).await;
        window.until_script(&format!("const row = document.querySelector(\"[data-testid='tree-item'][data-path='{path}']\"); row?.click(); return row !== null")).await;
        window.until_script(&format!("return document.querySelector(\"[data-testid='path']\")?.textContent === '{path}' && document.querySelector(\"[data-testid='source'] [data-line='1']\") !== null")).await;
        if file == 0 {
            window.click("[data-testid='history-button']").await;
            window.click("[data-testid='blame-button']").await;
        }
        let ids = git(folder, &["log", "--format=%H", "--", &path]);
        let ids: Vec<&str> = ids.lines().collect();
        assert_eq!(ids.len(), texts.len(), "{place}");
        let [newest, oldest] = [json!(ids.first()), json!(ids.last())];
        // What was shown of the file before is gone by then.
        window.until_script(&format!("return document.querySelector(\"[data-testid='commit']\")?.dataset.commit === {newest} && document.querySelector(\"[data-testid='blame-part']\")?.dataset.commit === {oldest}")).await;
        let said = window.script("const all = (css) => [...document.querySelectorAll(css)].map((one) => one.textContent); return all(\"[data-testid='commit'] .summary\")").await;
        let said: Vec<String> = serde_json::from_value(said).expect("texts");
        assert_said(&said, &messages, &place);
        // Each line is of another commit; those are drawn that are near what is seen.
        let lines = texts.len();
        window
            .script("window.authors = new Map(); document.querySelector('.lines').scrollTop = 0")
            .await;
        window.until_script(&format!("const list = document.querySelector('.lines'); for (const line of list.querySelectorAll('[data-line]')) {{ const author = line.querySelector('.author'); if (author !== null) window.authors.set(line.dataset.line, author.textContent); }} list.scrollTop += list.clientHeight / 2; return window.authors.size === {lines}")).await;
        let authors = window.script("return [...window.authors.values()]").await;
        let authors: Vec<String> = serde_json::from_value(authors).expect("texts");
        assert_said(&authors, &messages, &format!("{place}, at its lines"));
        assert_only_words(window, listener, usual, &place).await;
    }
}
