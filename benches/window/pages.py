"""What is done in the page, and the files that it is done with."""

import statistics
import subprocess

UNTIL = """
const until = async (look) => { for (;;) { const found = look(); if (found) return found; await new Promise((resolve) => setTimeout(resolve, 1)); } };
const one = (selector) => document.querySelector(selector);
const id = (name) => one(`[data-testid='${name}']`);
"""

# When the page began and when its first screen could be used, by the clock of the system.
USABLE = """
const mark = performance.getEntriesByName('usable')[0];
return mark ? { page: performance.timeOrigin, usable: performance.timeOrigin + mark.startTime } : null;
"""

OPEN_FOLDERS = UNTIL + """
const frame = () => new Promise((resolve) => requestAnimationFrame(resolve)), list = one("[role=tree]");
for (;;) {
  const closed = one("[role=treeitem][aria-expanded=false]"), at = list.scrollTop;
  // Only rows near what is seen are in the page.
  if (closed) closed.click(); else list.scrollTop += list.clientHeight;
  await frame();
  await frame();
  if (!closed && list.scrollTop === at) break;
}
list.scrollTop = 0;
await frame();
"""

HEIGHT = UNTIL + """
const list = one(given[0]), row = list.querySelector('[role=treeitem], .row[role=row]');
return row ? Math.round(list.scrollHeight / row.offsetHeight) : 0;
"""

# Scrolls at every frame, and gives how far frames are apart and what each takes: scripts, and then style,
# layout and paint up to the first task behind them.
FRAMES = UNTIL + """
const [selector, count, speed] = given, list = selector ? one(selector) : null;
const apart = [], work = [], behind = new MessageChannel();
let began = 0;
behind.port1.onmessage = () => work.push(performance.now() - began);
let last = null, down = 1;
await new Promise((done) => {
  const frame = () => {
    began = performance.now();
    if (last !== null) apart.push(began - last);
    last = began;
    if (list) {
      if (list.scrollTop + list.clientHeight >= list.scrollHeight - 1) down = -1;
      if (list.scrollTop <= 0) down = 1;
      list.scrollTop += down * speed;
    }
    behind.port2.postMessage(null);
    if (apart.length < count) requestAnimationFrame(frame); else setTimeout(done, 50);
  };
  requestAnimationFrame(frame);
});
return { apart, work };
"""

# Scrolls on while keys come, and notes how long each takes until the frame that answers it is drawn.
WATCH_KEYS = UNTIL + """
const [selector, focused] = given, list = selector ? one(selector) : null;
window.watched = { ends: false, found: [], noted: null };
const watched = window.watched;
one(focused).focus();
watched.noted = (event) => requestAnimationFrame(() => {
  const behind = new MessageChannel();
  behind.port1.onmessage = () => watched.found.push(performance.now() - event.timeStamp);
  behind.port2.postMessage(null);
});
addEventListener('keydown', watched.noted, true);
let down = 1;
const frame = () => {
  if (watched.ends) return;
  if (list.scrollTop + list.clientHeight >= list.scrollHeight - 1) down = -1;
  if (list.scrollTop <= 0) down = 1;
  list.scrollTop += down * 53;
  requestAnimationFrame(frame);
};
if (list) requestAnimationFrame(frame);
"""

KEYS = """
const watched = window.watched;
await new Promise((resolve) => setTimeout(resolve, 200));
watched.ends = true;
removeEventListener('keydown', watched.noted, true);
return watched.found;
"""

PLAN_ROWS = ".steps"

PLAN = UNTIL + """
id('publish-tab').click();
if (given[0]) (await until(() => id('start-sandbox'))).click();
await until(() => id('space-select')?.value === 'DOCS' && !id('plan-button').disabled);
const before = id('plan-step');
id('plan-button').click();
await until(() => id('plan-button').disabled);
await until(() => !id('plan-button').disabled && (id('plan-step') || id('publish-button')));
"""

# Opens so many files one after the other, from one on, as somebody does who chooses them in the tree.
OPEN_FILES = UNTIL + """
const [first, count] = given;
id('browse-tab').click();
const filter = await until(() => id('filter'));
for (let number = first; number < first + count; number += 1) {
  const path = `page-${String(number).padStart(5, '0')}.md`;
  filter.value = path;
  filter.dispatchEvent(new Event('input', { bubbles: true }));
  const row = await until(() => [...document.querySelectorAll('[data-path]')].find((row) => row.dataset.path.endsWith(path)));
  row.click();
  await until(() => one('.path')?.textContent?.endsWith(path) && one("[data-testid='source'] [data-line='1']")?.textContent.includes(`number ${number}`));
}
filter.value = '';
filter.dispatchEvent(new Event('input', { bubbles: true }));
"""

# Looks at what one page would say, sends what is planned, and looks at the report.
PUBLISH = UNTIL + """
id('publish-tab').click();
const differs = id('diff-button');
if (differs) {
  differs.click();
  await until(() => id('step-diff'));
}
(await until(() => id('publish-button') && !id('publish-button').disabled && id('publish-button'))).click();
await until(() => id('report'));
await until(() => id('report-row') || id('report').textContent.trim());
"""

# Goes to the newest commit, opens a file of it, and comes back to the files on the disk.
GO_TO_COMMIT = UNTIL + """
id('browse-tab').click();
(await until(() => id('commits-button'))).click();
const row = await until(() => id('visit') && [...document.querySelectorAll('[data-path]')].find((row) => /page-|part-/.test(row.dataset.path)));
row.click();
const file = await until(() => [...document.querySelectorAll('[data-path]')].find((row) => row.dataset.path.endsWith('.md')));
file.click();
await until(() => id('visit')?.querySelector(`[aria-selected=true][data-path='${file.dataset.path}']`) && one("[data-testid='source'] [data-line='1'] .text")?.textContent.trim());
id('ref-button').click();
(await until(() => id('ref-files'))).click();
await until(() => !id('visit'));
"""

GO_AROUND = UNTIL + """
const rest = () => new Promise((resolve) => setTimeout(resolve, 150));
for (const name of ['publications-button', 'accounts-button', 'audit-button']) {
  id(name).click();
  await rest();
}
id('audit-button').click();
await rest();
// Settings have no button of their own in the bar.
for (let times = 0; times < 2; times += 1) {
  dispatchEvent(new KeyboardEvent('keydown', { key: ',', code: 'Comma', ctrlKey: true, bubbles: true }));
  await rest();
}
id('browse-tab').click();
await rest();
"""

# Clicks on a file, and waits for its first line in color.
OPEN_FILE = UNTIL + """
const path = given[0], asked = [], usual = window.fetch;
window.fetch = async (...what) => {
  const began = performance.now(), address = String(what[0]?.url ?? what[0]);
  const answer = await usual(...what);
  if (address.includes('show_file')) {
    const body = await answer.clone().arrayBuffer();
    asked.push({ began, ended: performance.now(), size: body.byteLength });
  }
  return answer;
};
const words = path === 'min.js' ? 'let begun' : 'the beginning';
const row = [...document.querySelectorAll('[data-path]')].find((row) => row.dataset.path === path);
const began = performance.now();
row.click();
let ended = 0, ready = 0, frame = 0;
const isThere = () => {
  const line = one("[data-testid='source'] [data-line='1'] .text");
  return one('.path')?.textContent === path && line?.textContent.includes(words) && line.querySelector('span').style.color;
};
await new Promise((resolve) => {
  const watcher = new MutationObserver(() => {
    if (!isThere()) return;
    watcher.disconnect();
    ready = performance.now();
    // What is in the document is laid out and painted by the first task behind the frame.
    requestAnimationFrame(() => {
      frame = performance.now();
      const behind = new MessageChannel();
      behind.port1.onmessage = () => { ended = performance.now(); resolve(); };
      behind.port2.postMessage(null);
    });
  });
  watcher.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
});
window.fetch = usual;
const command = asked.length > 0 ? asked[0].ended - asked[0].began : 0;
// The wait for the next frame of the screen is nobody's work.
const own = ended - began - (frame - ready);
return { total: ended - began, own, command, draws: ended - frame, asked, ready: ready - began, frame: frame - began };
"""


# Notes of each key that is pressed in the field that finds a file how long it takes until the rows that
# answer it are drawn: its count or its first row, with what is marked in it, is another one then. What of
# it is ours is noted apart, without the waits for the next frame of the screen: the scripts from the letter
# that the key became, or from the answer of the core, to the new rows, and what draws them.
WATCH_FINDING = UNTIL + """
const shown = () => `${id('fitting')?.textContent ?? ''} ${id('tree-item')?.innerHTML ?? ''}`;
const watched = window.finding = { found: [] };
const usual = window.fetch;
let asked = null;
window.fetch = async (...what) => {
  const began = performance.now(), address = String(what[0]?.url ?? what[0]);
  const answer = await usual(...what);
  if (address.includes('find_paths')) {
    await answer.clone().arrayBuffer();
    const ended = performance.now();
    asked = { took: ended - began, ended };
  }
  return answer;
};
const drawn = (since, scripts, command) => requestAnimationFrame(() => {
  const began = performance.now();
  // What is in the document is laid out and painted by the first task behind the frame.
  const behind = new MessageChannel();
  behind.port1.onmessage = () => {
    const ended = performance.now();
    watched.found.push({ total: ended - since, own: scripts + command + ended - began, command, draws: ended - began });
  };
  behind.port2.postMessage(null);
});
let watcher = null;
addEventListener('keydown', (event) => {
  const before = shown(), since = event.timeStamp;
  // The key goes to the toolkit and its input method and comes back as a letter, which is nobody's work.
  let began = performance.now();
  addEventListener('input', () => { began = performance.now(); }, { capture: true, once: true });
  asked = null;
  watcher?.disconnect();
  watcher = new MutationObserver(() => {
    if (shown() === before) return;
    watcher.disconnect();
    drawn(since, performance.now() - (asked?.ended ?? began), asked?.took ?? 0);
  });
  watcher.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
}, true);
"""

# Empties the field, so that what is typed next begins anew.
FORGET_FINDING = UNTIL + """
const field = id('filter');
field.value = '';
field.dispatchEvent(new Event('input', { bubbles: true }));
await until(() => !id('fitting'));
await new Promise((resolve) => setTimeout(resolve, 100));
window.finding.found = [];
field.focus();
"""

FOUND = "const last = window.finding.found.at(-1); return [last.total, last.own, last.command, last.draws]"


def frames_in_words(found):
    apart, work = found["apart"], found["work"]
    on_time = sum(each <= 16.7 for each in apart) / len(apart)
    dropped = sum(each > 25 for each in apart)
    cheap = sum(each <= 16.7 for each in work) / len(work)
    return (
        f"{len(apart)} frames, apart median {statistics.median(apart):.1f} and worst {max(apart):.1f}, {on_time:.0%} within 16.7 and {dropped} later than 25; "
        f"own work of a frame median {statistics.median(work):.1f}, worst {max(work):.1f}, {cheap:.0%} within 16.7"
    )


def make_tree(folder, pages):
    """Short pages, a hundred in each folder."""
    for number in range(pages):
        part = folder / f"part-{number // 100:03}"
        part.mkdir(parents=True, exist_ok=True)
        (part / f"page-{number:05}.md").write_text(f"# Page number {number}\n\nSome *words* with `code` and a [link](https://example.com/{number}).\n\n- one\n- two\n")


def change(folder, turn, count):
    """Another sentence in so many of the pages, from the second turn on."""
    for number in range(count if turn else 0):
        page = folder / f"part-{number // 100:03}" / f"page-{number:05}.md"
        page.write_text(f"{page.read_text()}\nChanged in turn {turn}.\n")
    keep(folder, f"Turn {turn}")


def keep(folder, message):
    """A commit of all there is."""
    git = ["git", "-C", folder, "-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "--allow-empty", "-m", message]):
        subprocess.run([*git, *command], check=True)


# What somebody types to find a file, each letter a key.
TYPED = ["readme", "service arch", "docs/payment", "paymentg"]


def paths(count):
    """Paths as large repositories have them: those that `benches/find-paths` makes up."""
    folders = ["docs", "services", "packages", "guides", "architecture", "decisions", "runbooks"]
    things = ["payment", "gateway", "order", "customer", "deploy", "index", "search", "ledger", "session", "tenant"]
    endings = ["README.md", "overview.md", "PaymentGateway.java", "deploy-guide.md", "diagram.puml", "values.yaml", "logo.svg"]
    for number in range(count):
        folder, thing = folders[number % 7], things[number // 7 % 10]
        other, ending = things[number // 70 % 10], endings[number // 700 % 7]
        yield f"{folder}/{thing}-service/{other}-{number // 4900}/{ending}"


def make_paths(folder, count):
    """A repository with so many files, checked out."""
    git = ["git", "-C", folder, "-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    folder.mkdir(parents=True)
    subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
    files = "".join(f"M 100644 inline {path}\ndata 2\n#\n" for path in paths(count))
    commit = f"commit refs/heads/main\ncommitter Ada <ada@example.com> 1700000000 +0000\ndata 4\nMany\n{files}\n"
    subprocess.run([*git, "fast-import", "--quiet"], input=commit.encode(), check=True)
    subprocess.run([*git, "reset", "-q", "--hard"], check=True)


def make_files(folder):
    """Files of a kB, a MB, ten MB, and of a MB in one line, all of them a comment or one value."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, size in (("small.rs", 1_000), ("one.rs", 1_000_000), ("ten.rs", 10_000_000)):
        lines, length, number = ["/* the beginning\n"], 17, 1
        while length < size:
            number += 1
            lines.append(f'let line_{number} = "text"; // and words\n')
            length += len(lines[-1])
        (folder / name).write_text("".join(lines))
    (folder / "min.js").write_text(f"let begun = [{'1,' * 500_000}];\nlet after = 1;\n")
    keep(folder, "All of it")
