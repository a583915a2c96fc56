import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import type { UserEvent } from "@testing-library/user-event";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import type { NewSignIn } from "../backend";
import { CLOSED, type FakeGit } from "../backend/fakeHosts";
import { inOneStyle, rowAt, rowsOf } from "../backend/fakeRows";
import { ago } from "../components/time";
import { pieces } from "../components/rows";
import { cut, lineOf, nameOfLines, placed, placeOf, rowOf, snippetOf, topsOf } from "../components/source";
import { shortId } from "../visible";
import { expectAccessible, show } from "./show";

afterEach(cleanup);

const FILE = "https://git.acme.com/acme/handbook/-/blob/main/docs/setup.md#L10-12";

/** Opens the handbook at its host. */
async function open(git: FakeGit = {}, change: Parameters<typeof show>[1] = () => undefined) {
  const shown = show({ git: { signedIn: true, ...git } }, change);
  await shown.user.click((await screen.findAllByTestId("repository"))[0]!);
  await screen.findByTestId("visit");
  return shown;
}

async function paste(text: string): Promise<void> {
  await fireEvent.paste(document.body, { clipboardData: { getData: () => text } });
}

const inSource = (text: string) => waitFor(() => expect(screen.getByTestId("source").textContent).toContain(text));
const chosen = () => [...document.querySelectorAll("[data-chosen]")].map((line) => line.getAttribute("data-line"));
const row = (path: string) =>
  waitFor(() => {
    const found = [...document.querySelectorAll<HTMLElement>("[data-path]")].find((one) => one.dataset["path"] === path);
    if (!found) throw new Error(`no row ${path}`);
    return found;
  });

test("nobody is signed in: the way there is shown, and leads to the accounts", async () => {
  const { user } = show();
  await screen.findByTestId("hosts-empty");
  await expectAccessible();
  await user.click(screen.getByTestId("hosts-sign-in"));
  await screen.findByRole("heading", { name: "Accounts" });
});

test("a Git server that asks who one is lets in whoever signs in there, and nothing is asked twice", async () => {
  const asked: NewSignIn[] = [];
  const { user } = show({}, (backend) => {
    const real = backend.signIn;
    backend.signIn = (request, progress) => {
      asked.push(request);
      return real(request, progress);
    };
  });
  await screen.findByTestId("hosts-empty");
  await paste(CLOSED);
  await user.click(await screen.findByTestId("trouble-sign-in"));
  const field = (id: string) => screen.findByTestId(id) as Promise<HTMLInputElement>;
  expect((await field("sign-in-host")).value).toBe("https://git.example.com");
  expect((await field("sign-in-repository")).value).toBe("team/acme/handbook.git");
  expect((await field("sign-in-any-server")).textContent).toContain("keys and the agent of your own ssh");
  await expectAccessible();
  await user.type(await field("sign-in-user"), "ada");
  await user.type(await field("sign-in-token"), "pass word");
  await user.click(screen.getByTestId("sign-in-go"));
  await user.click(await screen.findByTestId("sign-in-done"));
  await screen.findByTestId("visit");
  const [request] = asked;
  expect(request?.token).toEqual({ token: "pass word", kind: "password", user: "ada", repository: "team/acme/handbook.git", ends: null });
  expect(request?.host).toBe("https://git.example.com");
});

test("a repository is found at its host and opened, and its first document is shown", async () => {
  const { user } = show({ git: { signedIn: true, cut: true } });
  await waitFor(() => expect(screen.getAllByTestId("repository").length).toBe(2));
  expect(screen.getByTestId("git-hosts").textContent).toContain("There are more than these 2");
  await user.type(screen.getByTestId("repository-search"), "hand");
  await waitFor(() => expect(screen.getAllByTestId("repository").length).toBe(1));
  await expectAccessible();
  await user.click(screen.getByTestId("repository"));
  await screen.findByTestId("visit");
  await inSource("How we work at Acme.");
  await waitFor(() => expect(screen.getByTestId("last-change").textContent).toContain("Bob Baker"));
  expect(screen.getByTestId("ref-button").textContent).toContain("main");
  await expectAccessible();
});

test("beside its source a file has its page, with pictures of elsewhere only when wanted", async () => {
  const asked: string[][] = [];
  const { user } = await open({}, (backend) => {
    const real = backend.showPage;
    backend.showPage = async (id, path, look) => {
      const page = await real(id, path, look);
      const pictures = `<img src="https://img.example/a.png" alt="a"><img src="https://img.example/gone.png" alt="b">`;
      return page && { ...page, html: page.html + pictures };
    };
    const fetch = backend.fetchPictures;
    backend.fetchPictures = (addresses) => {
      asked.push(addresses);
      return fetch(addresses);
    };
  });
  const frame = (await screen.findByTestId("preview")) as HTMLIFrameElement;
  expect(frame.getAttribute("sandbox")).toBe("allow-same-origin");
  expect(frame.srcdoc).toContain("default-src 'none'");
  expect(screen.getByTestId("elsewhere").textContent).toContain("2 pictures are on img.example");
  expect(frame.srcdoc).not.toContain("img.example");
  expect(asked).toEqual([]);
  await expectAccessible();
  await user.click(screen.getByTestId("fetch-pictures"));
  await waitFor(() => expect(screen.getByTestId("elsewhere").textContent).toContain("img.example has no such picture"));
  // Somebody allowed it once, so that it is asked for and recorded once.
  expect(asked).toEqual([["https://img.example/a.png", "https://img.example/gone.png"]]);
  expect(frame.srcdoc.match(/src="data:image\/png/g)).toHaveLength(1);

  await user.click(screen.getByTestId("view-source"));
  expect(screen.queryByTestId("source")).toBeNull();
  // One is always there.
  await user.click(screen.getByTestId("view-page"));
  expect(screen.getByTestId("view-page").getAttribute("aria-pressed")).toBe("true");
  await user.click(screen.getByTestId("view-source"));
  await user.click(screen.getByTestId("view-page"));
  expect(screen.queryByTestId("preview")).toBeNull();
  await user.click(screen.getByTestId("view-page"));
  // What is source only has no page, and none to choose.
  await user.click(await row("docs"));
  await user.click(await row("docs/tour.mp4"));
  await waitFor(() => expect(screen.queryByTestId("views")).toBeNull());
  expect(screen.queryByTestId("preview")).toBeNull();
});

test("source, the host's look and the page are shown, any two beside each other, and the choice is kept", async () => {
  const asked: string[] = [];
  const saved: string[][] = [];
  const { user } = await open({}, (backend) => {
    const [show, change] = [backend.showPage, backend.changeSettings];
    backend.showPage = (id, path, look) => {
      asked.push(`${path} ${look}`);
      // A draft becomes no page, and a host shows it all the same.
      return path === "docs/setup.md" && look === "confluence" ? Promise.resolve(null) : show(id, path, look);
    };
    backend.changeSettings = (settings) => {
      saved.push(settings.window.panes);
      return change(settings);
    };
  });
  const pressed = () => within(screen.getByTestId("views")).getAllByRole("button", { pressed: true }).map((button) => button.textContent);
  await screen.findByTestId("preview");
  expect(pressed()).toEqual(["Source", "Confluence"]);
  // What nobody wants to see is not made.
  expect(asked).toEqual(["README.md confluence"]);
  await user.click(screen.getByTestId("view-host"));
  const frame = (await screen.findByTestId("preview-host")) as HTMLIFrameElement;
  expect(pressed()).toEqual(["GitHub's look", "Confluence"]);
  expect(screen.queryByTestId("source")).toBeNull();
  // Whose rules they are is said: at another host they are others.
  expect([frame.title, screen.getByTestId("view-host").title]).toEqual(["As GitHub shows it", expect.stringContaining("whichever host it is at")]);
  expect(frame.getAttribute("sandbox")).toBe("allow-same-origin");
  expect(frame.srcdoc).toContain("default-src 'none'");
  expect(frame.srcdoc).toContain("As the host shows it");
  expect(frame.srcdoc).toContain('<body class="host">');
  // The page has its title above its text, the look of a host has what is in the file.
  expect(frame.srcdoc.match(/<h1/g)).toHaveLength(1);
  expect(screen.getByRole("separator", { name: "Width of GitHub's look" })).toBeTruthy();
  await expectAccessible();
  await user.click(screen.getByTestId("view-source"));
  expect(pressed()).toEqual(["Source", "GitHub's look"]);
  expect(screen.queryByTestId("preview")).toBeNull();
  await inSource("How we work at Acme.");
  expect(saved).toEqual([["page", "host"], ["host", "source"]]);
  await user.click(await row("docs"));
  await user.click(await row("docs/setup.md"));
  await waitFor(() => expect(pressed()).toEqual(["Source", "GitHub's look"]));
  expect(screen.queryByTestId("view-page")).toBeNull();
  await screen.findByTestId("preview-host");
  await expectAccessible();
});

test("where there is no room, most tools of a file are behind one button", async () => {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(600);
  onTestFinished(() => void vi.restoreAllMocks());
  const { user } = await open();
  await inSource("How we work at Acme.");
  const more = screen.getByTestId("tools-more");
  const isShut = () => screen.getByTestId("wrap-button").closest(".closed") !== null;
  expect([more.getAttribute("aria-expanded"), isShut()]).toEqual(["false", true]);
  await expectAccessible();
  more.focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("find-button")));
  await expectAccessible();
  // By keyboard through them; a choice closes them, and the focus is where it was.
  await user.keyboard("{ArrowDown}{Enter}");
  await waitFor(() => expect(isShut()).toBe(true));
  await waitFor(() => expect(document.activeElement).toBe(more));
  await user.keyboard("{Enter}");
  expect(isShut()).toBe(false);
  expect(screen.getByTestId("wrap-button").getAttribute("aria-pressed")).toBe("true");
  await user.keyboard("{Escape}");
  await waitFor(() => expect(isShut()).toBe(true));
  expect(document.activeElement).toBe(more);
  // What opens a field leaves the focus there.
  await user.click(more);
  await user.click(screen.getByTestId("find-button"));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("find-words")));
  await user.click(more);
  await user.click(screen.getByTestId("compare-button"));
  await screen.findByTestId("comparison");
  // A click elsewhere closes them too.
  await user.click(more);
  await user.pointer({ keys: "[MouseLeft]", target: screen.getByTestId("comparison") });
  await waitFor(() => expect(more.getAttribute("aria-expanded")).toBe("false"));
});

test("a page is asked for again when a server came that draws its diagrams, or went", async () => {
  const asked: string[] = [];
  let tell: () => void = () => undefined;
  await open({}, (backend) => {
    const [show, listen] = [backend.showPage, backend.onChange];
    backend.showPage = (id, path, look) => {
      asked.push(`${path} ${look}`);
      return show(id, path, look);
    };
    backend.onChange = (event, call) => {
      if (event === "drawing-changed") tell = call;
      return listen(event, call);
    };
  });
  await screen.findByTestId("preview");
  expect(asked).toEqual(["README.md confluence"]);
  tell();
  await waitFor(() => expect(asked).toEqual(["README.md confluence", "README.md confluence"]));
  await screen.findByTestId("preview");
});

test("guessed colors are replaced in place once they are known, also when that is said early", async () => {
  let tell: () => void = () => undefined;
  let known = false;
  const { user } = await open({}, (backend) => {
    const real = backend.showFile;
    backend.showFile = async (id, path, theme, first, count) => {
      const view = await real(id, path, theme, first, count);
      const isGuessed = !known;
      // Said while the answer is still on its way.
      if (path === "docs/setup.md" && !known) {
        known = true;
        tell();
      }
      return { ...view, isGuessed, rows: view.rows.map(({ text, styles }) => inOneStyle(`${isGuessed ? "guessed" : "known"} ${text}`, styles[0])) };
    };
    const listen = backend.onChange;
    backend.onChange = (event, call) => {
      if (event === "colors-known") tell = call;
      return listen(event, call);
    };
  });
  await inSource("guessed");
  const line = screen.getByTestId("source").querySelector("[data-line='1']");
  known = true;
  tell();
  await inSource("known");
  expect(screen.getByTestId("source").textContent).not.toContain("guessed");
  expect(screen.getByTestId("source").querySelector("[data-line='1']")).toBe(line);
  known = false;
  await user.click(await row("docs"));
  await user.click(await row("docs/setup.md"));
  await inSource("known");
  expect(screen.getByTestId("source").textContent).not.toContain("guessed");
});

test("what is not text is shown for what it is", async () => {
  const { user } = await open();
  await user.click(await row("docs"));
  for (const [path, said] of [
    ["docs/empty.md", "This file is empty."],
    ["docs/tour.mp4", "kept in Git LFS (42 bytes)"],
    ["theme", "5f3a1c2b4d6e8f90a1b2c3d4e5f60718293a4b5c"],
    ["docs/caf\\xE9.md", "One of many"],
  ] as const) {
    await user.click(await row(path));
    await inSource(said);
  }
  expect((await row("docs/caf\\xE9.md")).title).toContain("not valid UTF-8");
  expect((await row("theme")).textContent).toContain("(submodule)");
  await user.click(await row("docs/first.md"));
  await user.click(await screen.findByTestId("follow-link"));
  await inSource("Step 1: turn the key.");
  expect(screen.getByTestId("path").textContent).toBe("setup.md");
});

test("a link to a folder leads into it, and one to nothing says so", async () => {
  let target = "../docs/";
  const { user } = await open({}, (backend) => {
    const real = backend.showFile;
    backend.showFile = async (...asked) => {
      const file = await real(...asked);
      return file.kind === "link" ? { ...file, target } : file;
    };
  });
  await user.click(await row("docs"));
  await user.click(await row("docs/first.md"));
  await user.click(await screen.findByTestId("follow-link"));
  await screen.findByRole("region", { name: "Folder" });
  expect(screen.queryByTestId("source")).toBeNull();
  expect(screen.queryByTestId("error")).toBeNull();
  target = "absent/file.md";
  await user.click(await row("docs/first.md"));
  await user.click(await screen.findByTestId("follow-link"));
  await waitFor(() => expect(screen.getByTestId("error").textContent).toContain("There is no"));
});

test("a PDF shows its pages with their words, those that are scrolled to are drawn, and a page that cannot be drawn says so", async () => {
  const asked: number[] = [];
  const { user } = await open({}, (backend) => {
    const real = backend.showPdfPage;
    backend.showPdfPage = (id, path, page, width) => {
      asked.push(page);
      return real(id, path, page, width);
    };
  });
  await user.click(await row("docs"));
  await user.click(await row("docs/plan.pdf"));
  const pages = await screen.findAllByTestId("pdf-page");
  expect(pages).toHaveLength(12);
  await waitFor(() => expect(pages[1]?.textContent).toContain("Page 2 cannot be shown: it takes longer than 10 seconds"));
  expect(within(pages[0]!).getByText("Words of page 1")).toBeTruthy();
  expect(screen.getByTestId("pdf-count").textContent).toBe("Page 1 of 12");
  // What is in front, and the one that comes next; no other.
  expect(asked).toEqual([0, 1]);
  await expectAccessible();
  const box = screen.getByTestId("pdf");
  box.scrollTop = Number.parseInt(pages[8]!.style.top, 10);
  await fireEvent.scroll(box);
  await within(pages[8]!).findByText("Words of page 9");
  await within(pages[9]!).findByText("Words of page 10");
  expect(screen.getByTestId("pdf-count").textContent).toBe("Page 9 of 12");
  // Pictures far from what is in front are given back, and drawn anew for who returns.
  await waitFor(() => expect(pages[0]?.querySelector("img")).toBeNull());
  expect(asked).toEqual([0, 1, 8, 9]);
  box.scrollTop = 0;
  await fireEvent.scroll(box);
  await within(pages[0]!).findByText("Words of page 1");
  // There is nothing to choose beside it, and what cannot be opened is said.
  expect(screen.queryByTestId("views")).toBeNull();
  await user.click(await row("docs/locked.pdf"));
  await inSource("This PDF cannot be shown: it is encrypted.");
  await inSource("Save the file and open it in a PDF viewer.");
  expect(screen.queryByTestId("pdf")).toBeNull();
  await expectAccessible();
});

test("a folder of 100,000 files makes only the rows that are seen, and any is found by its name", async () => {
  const { user } = await open({ many: 100_000 });
  await user.click(await row("many"));
  await row("many/file-000000.md");
  expect(screen.getAllByTestId("tree-item").length).toBeLessThan(120);
  screen.getByTestId("tree").focus();
  await user.keyboard("{End}{ArrowUp}");
  await user.type(screen.getByTestId("filter"), "099999");
  await waitFor(() => expect(screen.getByTestId("fitting").textContent).toContain("1 of 100,009"));
  expect((await row("many/file-099999.md")).querySelector("mark")?.textContent).toBe("099999");
  await user.keyboard("{Enter}");
  await inSource("One of many");
});

test("while all paths are read it is said, and what was typed meanwhile is what is found", async () => {
  let there = (): void => undefined;
  const { user } = await open({ listed: new Promise<void>((resolve) => (there = resolve)) });
  await user.type(screen.getByTestId("filter"), "setup");
  await screen.findByText("Reading all paths…");
  await expectAccessible();
  there();
  await row("docs/setup.md");
  expect(screen.getAllByTestId("tree-item").length).toBe(1);
});

test("lines are marked by pointer and by keys, and the link to them is copied", async () => {
  const written = vi.fn(async () => undefined);
  const { user } = await open();
  Object.defineProperty(navigator, "clipboard", { value: { writeText: written }, configurable: true });
  await user.click(await row("docs"));
  await user.click(await row("docs/setup.md"));
  await inSource("Step 1: turn");
  const number = (line: number) => document.querySelector<HTMLElement>(`[data-line="${line}"] .number`)!;
  await user.click(number(5));
  expect(chosen()).toEqual(["5"]);
  await user.keyboard("{Shift>}");
  await user.click(number(3));
  await user.keyboard("{/Shift}");
  expect(chosen()).toEqual(["3", "4", "5"]);
  screen.getByRole("region", { name: "Source of docs/setup.md" }).focus();
  await user.keyboard("{Shift>}{ArrowDown}{/Shift}");
  expect(chosen()).toEqual(["4", "5"]);
  await user.keyboard("{ArrowDown}");
  expect(chosen()).toHaveLength(1);
  await waitFor(() => expect(screen.getByTestId("permalink").textContent).toMatch(/1a2b3c4d.*docs\/setup\.md#L\d+$/));
  await user.click(screen.getByTestId("copy-link"));
  await waitFor(() => expect(screen.getByTestId("copy-link").textContent).toContain("Copied"));
  expect(written).toHaveBeenCalledWith(screen.getByTestId("permalink").textContent);
  await user.keyboard("{Escape}");
});

test("words are found in the file, counted and walked through", async () => {
  const { user } = await open();
  await user.click(await row("docs"));
  await user.click(await row("docs/setup.md"));
  await inSource("Step 1: turn");
  await user.keyboard("{Control>}f{/Control}");
  await user.type(await screen.findByTestId("find-words"), "Step 1");
  await waitFor(() => expect(screen.getByTestId("find-count").textContent).toBe("1 of 11"));
  expect(document.querySelector("mark.here")?.textContent).toBe("Step 1");
  await expectAccessible();
  await user.keyboard("{Shift>}{Enter}{/Shift}");
  expect(screen.getByTestId("find-count").textContent).toBe("11 of 11");
  await user.click(screen.getByTestId("wrap-button"));
  expect(document.querySelector(".lines.wrap [data-line='1']")).not.toBeNull();
});

test("a line that is far too long goes on in rows, of which those in front are asked for and drawn", async () => {
  const words = Array.from({ length: 40_000 }, (_, number) => `word${number}`).join(",");
  const text = `one\n${words}\nthree`;
  const asked: [number, number][] = [];
  const { user } = await open({}, (backend) => {
    const real = backend.showFile;
    backend.showFile = async (id, path, theme, first, count) => {
      const view = await real(id, path, theme, first, count);
      if (path !== "docs/setup.md") return view;
      const rows = rowsOf(text, first, count);
      // A host that is slow, or a line that is hard to read.
      const few = Math.min(rows.rows.length, 20);
      asked.push([first, count]);
      return { ...view, ...rows, rows: rows.rows.slice(0, few), columns: rows.columns.slice(0, few) };
    };
    backend.findInFile = async (_id, _path, wanted) => {
      const first = words.indexOf(wanted);
      return { places: [{ line: 1, row: rowAt(text, 1, first), first, end: first + wanted.length }], total: 1 };
    };
  });
  await user.click(await row("docs"));
  await user.click(await row("docs/setup.md"));
  await inSource("word0,word1,");
  const source = screen.getByTestId("source");
  const drawn = () => [...source.querySelectorAll<HTMLElement>(".line")];
  await waitFor(() => expect(drawn().at(-1)?.textContent).toContain("word"));
  expect(asked.slice(0, 3)).toEqual([[0, 50], [20, 30], [40, 10]]);
  expect(drawn().length).toBeLessThan(80);
  const numbers = drawn().map((line) => line.querySelector(".number")?.textContent?.trim());
  expect(numbers.slice(0, 4)).toEqual(["1", "2", "↪", "↪"]);
  expect(drawn()[3]?.dataset["line"]).toBe("2");
  expect(source.querySelectorAll("[data-line='2'] .text")[1]?.textContent).toBe(words.slice(256, 512));
  // The end of it, and what is behind.
  const lines = source.querySelector<HTMLElement>(".lines")!;
  lines.scrollTop = Number.parseInt(source.querySelector<HTMLElement>(".all")!.style.height, 10) - 100;
  await fireEvent.scroll(lines);
  await inSource("word39999");
  await inSource("three");
  expect(drawn().at(-1)?.dataset["line"]).toBe("3");
  expect(drawn().length).toBeLessThan(80);
  // What is looked for is marked wherever it stands, in two rows where it does.
  lines.scrollTop = 0;
  await fireEvent.scroll(lines);
  await user.keyboard("{Control>}f{/Control}");
  const last = words.slice(256 * 1000 - 5, 256 * 1000 + 5);
  await user.type(await screen.findByTestId("find-words"), last);
  await waitFor(() => expect([...document.querySelectorAll("mark.here")].map((mark) => mark.textContent)).toEqual([last.slice(0, 5), last.slice(5)]));
  await expectAccessible();
  // Where lines wrap, what belongs together is one line, up to the end of what is drawn together.
  await user.click(screen.getByTestId("wrap-button"));
  lines.scrollTop = 0;
  await fireEvent.scroll(lines);
  await inSource("word0,");
  const wrapped = source.querySelector("[data-line='2'] .text")?.textContent ?? "";
  expect(words.startsWith(wrapped) && wrapped.length === 49 * 256).toBe(true);
  expect(screen.queryByTestId("no-wrap")).toBeNull();
});

test("a file with more rows than a page can be high says that its lines do not wrap", async () => {
  const { user } = await open({}, (backend) => {
    const real = backend.showFile;
    backend.showFile = async (...asked) => {
      const view = await real(...asked);
      return asked[1] === "docs/setup.md" ? { ...view, totalRows: 500_000, totalLines: 500_000 } : view;
    };
  });
  await user.click(await row("docs"));
  await user.click(await row("docs/setup.md"));
  await inSource("Step 1: turn");
  expect(screen.queryByTestId("no-wrap")).toBeNull();
  await user.click(screen.getByTestId("wrap-button"));
  expect((await screen.findByTestId("no-wrap")).textContent).toContain("400,000");
  expect(document.querySelector(".lines.wrap")).toBeNull();
  await expectAccessible();
});

test("rows of long lines lead to their lines and back", () => {
  const long = placed([{ line: 1, rows: 3 }, { line: 2, rows: 2 }, { line: 5, rows: 4 }]);
  const lines = Array.from({ length: 13 }, (_, row) => lineOf(row, long));
  expect(lines.map(({ line }) => line)).toEqual([0, 1, 1, 1, 2, 2, 3, 4, 5, 5, 5, 5, 6]);
  expect(lines.flatMap(({ begins }, row) => (begins ? [row] : []))).toEqual([0, 1, 4, 6, 7, 8, 12]);
  expect([0, 1, 2, 3, 4, 5, 6, 7].map((line) => rowOf(line, long))).toEqual([0, 1, 4, 6, 7, 8, 12, 13]);
  expect([rowOf(7, []), lineOf(7, [])]).toEqual([7, { line: 7, begins: true }]);
});

test("whoever has two accounts at a host sees the repositories of each, and opens one as the account it was listed for", async () => {
  const [listed, chosen] = [vi.fn(), vi.fn()];
  const { user } = show({ git: { signedIn: true, accounts: ["ada", "bob"] } }, (backend) => {
    const list = backend.listRepositories;
    backend.listRepositories = async (account, search) => (listed(account), list(account, search));
    backend.chooseAccount = async (...of) => chosen(...of);
  });
  await waitFor(() => expect(listed).toHaveBeenLastCalledWith("ada"));
  const options = () => [...document.querySelectorAll("[data-testid=host-select] option")].map((one) => one.textContent);
  expect(options().map((one) => /ada|bob/.exec(one ?? "")?.[0])).toEqual(["ada", "bob"]);
  await user.selectOptions(screen.getByTestId("host-select"), options()[1]!);
  await waitFor(() => expect(listed).toHaveBeenLastCalledWith("bob"));
  const first = (await screen.findAllByTestId("repository"))[0]!;
  await user.click(first);
  await screen.findByTestId("visit");
  expect(chosen.mock.calls).toEqual([["gitlab", expect.stringContaining("git.acme.com"), first.dataset["name"], "bob"]]);
});

test("a link that is pasted anywhere leads to its lines; in a field it is text", async () => {
  const { user } = show({ git: { signedIn: true } });
  const field = await screen.findByTestId("open-path");
  await fireEvent.paste(field, { clipboardData: { getData: () => FILE } });
  expect(screen.queryByTestId("visit")).toBeNull();
  await paste("no link at all");
  expect(screen.queryByTestId("opening")).toBeNull();
  await paste(FILE);
  await inSource("Step 10: turn");
  await waitFor(() => expect(chosen()).toEqual(["10", "11", "12"]));
  // And one that is dropped, also when something is open already.
  await fireEvent.drop(document.body, { dataTransfer: { getData: (kind: string) => (kind === "text/uri-list" ? FILE.replace("docs/setup.md#L10-12", "README.md") : "") } });
  await inSource("How we work at Acme.");
  await user.click(screen.getByTestId("open-another"));
  await screen.findByTestId("git-hosts");
});

test("missing is told from not allowed, from signed out, and from no address at all", async () => {
  show({ git: { signedIn: true } });
  await screen.findByTestId("git-hosts");
  for (const [link, code, title] of [
    ["https://git.acme.com/acme/secret", "forbidden", "No access"],
    ["https://example.com/", "invalidInput", "That did not work"],
  ] as const) {
    await paste(link);
    await waitFor(() => expect(screen.getByTestId("error").dataset["code"]).toBe(code));
    expect(screen.getByTestId("error").textContent).toContain(title);
    await expectAccessible();
  }
  await paste("https://git.acme.com/acme/handbook/-/blob/main/docs/gone.md");
  expect((await screen.findByTestId("landing-trouble")).textContent).toContain("There is no docs/gone.md");
  await row("README.md");
});

test("an access that is over is said at the hosts, with the way to the accounts", async () => {
  const health = { state: "needsSignIn" as const, message: "The access of `ada` is over", remedy: null, checked: null };
  const { user } = show({ git: { signedIn: true, health, fails: "signedOut" } });
  await waitFor(() => expect(screen.getByTestId("error").dataset["code"]).toBe("signedOut"));
  expect(screen.getByTestId("git-hosts").textContent).toContain("Needs sign-in");
  await expectAccessible();
  await user.click(screen.getByTestId("trouble-accounts"));
  await screen.findByRole("heading", { name: "Accounts" });
});

test("offline, what was seen is there and says so, and what was not says why", async () => {
  const { user } = show({ git: { signedIn: true, offline: true, fails: "offline" } }, (backend) => {
    backend.listRepositories = async () => ({
      items: [{ name: "acme/handbook", description: "", address: "https://git.acme.com/acme/handbook" }],
      incomplete: null,
      isRemembered: true,
    });
  });
  await screen.findByTestId("repositories-remembered");
  await user.click(await screen.findByTestId("repository"));
  expect((await screen.findByTestId("offline")).textContent).toContain("git.acme.com could not be reached");
  await user.click(await row("README.md"));
  await waitFor(() => expect(within(screen.getByTestId("visit")).getByTestId("error").dataset["code"]).toBe("offline"));
  await expectAccessible();
  await user.click(await row("docs"));
  await waitFor(() => expect(screen.getByTestId("tree").textContent).toContain("could not be reached"));
});

test("a listing that is cut, and one that fails, say so", async () => {
  await open({ cut: true });
  await screen.findByText(/1,000 files of a folder at most/);
  cleanup();
  await open({}, (backend) => {
    backend.listFolder = async () => {
      throw { code: "rateLimited", message: "`git.acme.com` takes no more requests for a while", remedy: "Try again later" };
    };
  });
  await waitFor(() => expect(screen.getByTestId("error").textContent).toContain("Too many requests"));
  await expectAccessible();
});

test("branches, tags and commits are chosen by keyboard, and the file stays in front", async () => {
  const asked: (string | null)[] = [];
  const { user } = await open({}, (backend) => {
    const real = backend.openVisit;
    backend.openVisit = (address, reference) => {
      if (reference !== null) asked.push(reference);
      return real(address, reference);
    };
  });
  await user.click(await row("docs"));
  await user.click(await row("docs/setup.md"));
  await inSource("Step 1: turn");
  screen.getByTestId("ref-button").focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("ref-filter")));
  await screen.findAllByTestId("ref-item");
  await expectAccessible();
  await user.click(screen.getByTestId("ref-tag"));
  await user.type(screen.getByTestId("ref-filter"), "v1.0");
  await waitFor(() => expect(screen.getAllByTestId("ref-item").length).toBe(1));
  await user.keyboard("{ArrowDown}{Enter}");
  // It is asked for as a tag, and shown as people say it.
  await waitFor(() => expect(screen.getByTestId("ref-button").textContent?.trim()).toMatch(/^v1\.0/));
  expect(asked).toEqual(["refs/tags/v1.0"]);
  await inSource("Step 1: turn");
  await user.click(screen.getByTestId("ref-button"));
  await user.click(screen.getByTestId("ref-tag"));
  const here = (await screen.findAllByTestId("ref-item")).filter((item) => item.getAttribute("aria-current") === "true");
  expect(here.map((item) => item.dataset["name"])).toEqual(["v1.0"]);
  await user.click(screen.getByTestId("ref-commit"));
  await user.click((await screen.findAllByTestId("commit"))[1]!);
  await waitFor(() => expect(screen.getByTestId("visit").dataset["commit"]).toMatch(/^2b3c/));
  expect(screen.queryByTestId("look-for-newer")).toBeNull();
  await user.click(screen.getByTestId("history-button"));
  // A file that was called otherwise is told so, and is opened under that name.
  expect((await screen.findAllByTestId("commit-path")).map((name) => name.textContent)).toEqual(["Then called docs/install.md"]);
  await expectAccessible();
  await user.click(screen.getAllByTestId("commit")[1]!);
  await waitFor(() => expect(screen.getByTestId("path").textContent).toBe("install.md"));
  await user.click((await screen.findAllByTestId("commit"))[0]!);
  await waitFor(() => expect(screen.getByTestId("visit").dataset["commit"]).toMatch(/^1a2b/));
  await expectAccessible();
});

test("who wrote which line is shown beside the lines when asked for, and leads to the commit", async () => {
  const asked: string[] = [];
  const { user } = await open({ cut: true }, (backend) => {
    const real = backend.showBlame;
    backend.showBlame = (id, path) => {
      asked.push(path);
      return real(id, path);
    };
  });
  await user.click(await row("docs"));
  await user.click(await row("docs/setup.md"));
  await inSource("Step 1: turn");
  expect(screen.queryByTestId("blame-part")).toBeNull();
  expect(asked).toEqual([]);

  await user.click(screen.getByTestId("blame-button"));
  const parts = () => screen.getAllByTestId("blame-part").map((part) => `${part.dataset["blame"]} ${part.dataset["commit"]?.slice(0, 4)}`);
  // What came together says it once.
  await waitFor(() => expect(parts()).toEqual(["1 2b3c", "3 1a2b", "10 2b3c"]));
  const first = screen.getAllByTestId("blame-part")[0]!;
  expect(first.textContent).toContain("Alice Archer");
  expect(first.getAttribute("aria-label")).toBe(`Alice Archer ${ago("2026-10-01T08:00:00Z")}: Start the handbook, lines 1 to 2`);
  expect(first.title).toBe("Start the handbook");
  expect(screen.getByTestId("blame-said").textContent).toContain("Only the newest 50 versions");
  await expectAccessible();

  // One of them is reached by Tab, the others by the arrows, which mark no lines there.
  const stops = () => screen.getAllByTestId("blame-part").flatMap((part) => (part.tabIndex === 0 ? [part.dataset["blame"]] : []));
  expect(stops()).toEqual(["1"]);
  first.focus();
  await user.keyboard("{ArrowDown}");
  await waitFor(() => expect(document.activeElement).toBe(screen.getAllByTestId("blame-part")[1]));
  await user.keyboard("{ArrowDown}{ArrowDown}");
  await waitFor(() => expect(document.activeElement?.getAttribute("data-blame")).toBe("10"));
  expect(stops()).toEqual(["10"]);
  expect(chosen()).toEqual([]);
  await user.keyboard("{ArrowUp}{ArrowUp}");
  await waitFor(() => expect(document.activeElement).toBe(screen.getAllByTestId("blame-part")[0]));

  // At its commit the file has the name that it had then.
  await user.keyboard("{Enter}");
  await waitFor(() => expect(screen.getByTestId("visit").dataset["commit"]).toMatch(/^2b3c/));
  await waitFor(() => expect(screen.getByTestId("path").textContent).toBe("install.md"));
  await waitFor(() => expect(asked).toEqual(["docs/setup.md", "docs/install.md"]));

  // Why nobody knows is said, and the lines are there all the same.
  await user.click(await row("README.md"));
  await waitFor(() => expect(screen.getByTestId("blame-said").textContent).toContain("takes no more requests"));
  await inSource("How we work at Acme.");
  await user.click(screen.getByTestId("blame-button"));
  expect(screen.queryByTestId("blame-said")).toBeNull();
});

test("marked lines are copied as what takes them into a page, and published as a page of their own", async () => {
  const asked: { paths: string[]; title: string | null }[] = [];
  const { user } = await open({}, (backend) => {
    const plan = backend.planPublish;
    backend.planPublish = (request, progress) => {
      asked.push({ paths: request.paths, title: request.title });
      return plan(request, progress);
    };
  });
  await inSource("How we work at Acme.");
  expect(screen.queryByTestId("publish-lines")).toBeNull();
  await paste(FILE);
  await inSource("Step 10: turn");
  await waitFor(() => expect(screen.getByTestId("snippet").textContent).toBe('```md title="setup.md" linenums="10"\n--8<-- "docs/setup.md:10:12"\n```\n'));
  await user.click(screen.getByTestId("copy-snippet"));
  await waitFor(() => expect(screen.getByTestId("copy-snippet").textContent?.trim()).toBe("Copied"));
  await expectAccessible();

  await user.click(screen.getByTestId("publish-lines"));
  await waitFor(() => expect(screen.getByTestId("publish-source").textContent).toContain("docs/setup.md#L10-L12"));
  await user.click(await screen.findByTestId("start-sandbox"));
  await waitFor(() => expect(screen.getByTestId<HTMLSelectElement>("space-select").value).toBe("DOCS"));
  await user.click(screen.getByTestId("plan-button"));
  await waitFor(() => expect(asked.length).toBe(1));
  await user.type(screen.getByTestId("lines-title"), "The steps");
  await expectAccessible();
  await waitFor(() => expect(screen.getByTestId("plan-button").hasAttribute("disabled")).toBe(false));
  await user.click(screen.getByTestId("plan-button"));
  await waitFor(() => expect(asked.length).toBe(2));
  expect(asked).toEqual([
    { paths: ["docs/setup.md#L10-L12"], title: null },
    { paths: ["docs/setup.md#L10-L12"], title: "The steps" },
  ]);
  // Of all of it there is no title to be said.
  await user.click(screen.getByTestId("publish-all"));
  expect(screen.queryByTestId("lines-title")).toBeNull();
});

test("the source of a page says which lines it is", () => {
  expect(placeOf("docs/setup.md#L10-L12")).toEqual({ path: "docs/setup.md", lines: { first: 10, last: 12 } });
  expect(placeOf("a#L3")).toEqual({ path: "a", lines: { first: 3, last: 3 } });
  for (const whole of ["docs/setup.md", "docs/", "a#L", "#L3"]) expect(placeOf(whole)).toEqual({ path: whole, lines: null });
  expect(nameOfLines("a", { first: 3, last: 3 })).toBe("a#L3");
  expect(snippetOf("Makefile", { first: 1, last: 2 })).toContain('``` title="Makefile" linenums="1"');
});

test("an answer from before something else was opened does not put that away", async () => {
  let answer = (): void => undefined;
  let held = false;
  const { user } = await open({}, (backend) => {
    const state = backend.startState;
    backend.startState = async () => {
      const now = await state();
      if (held) {
        held = false;
        await new Promise<void>((resolve) => (answer = resolve));
      }
      return now;
    };
  });
  held = true;
  await paste(FILE);
  await inSource("Step 10: turn");
  await user.click(screen.getByTestId("ref-button"));
  await user.click(screen.getByTestId("ref-tag"));
  await user.click((await screen.findAllByTestId("ref-item"))[0]!);
  await waitFor(() => expect(screen.getByTestId("ref-button").textContent).toContain("v1.0"));
  answer();
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(screen.getByTestId("ref-button").textContent).toContain("v1.0");
});

test("a branch that moved on is said, and shown when that is wanted", async () => {
  const newer = { id: "9".repeat(40), author: "Alice Archer", when: null, summary: "Say it better" };
  const { user } = await open({ newer });
  await user.keyboard("{F5}");
  window.dispatchEvent(new Event("focus"));
  expect((await screen.findByTestId("newer")).textContent).toContain("Say it better");
  await user.click(screen.getByTestId("newer-show"));
  await waitFor(() => expect(screen.getByTestId("visit").dataset["commit"]).toBe(newer.id));
  expect(screen.queryByTestId("newer")).toBeNull();
});

test("every file that becomes a page can be published, and what is to be read first may be in any markup", async () => {
  const { user } = await open({}, (backend) => {
    const list = backend.listFolder;
    const items = ["README.adoc", "notes.ipynb", "prices.csv", "tool.sh"].map((name) => ({ name, kind: "file" as const, size: 40, isStrange: false }));
    backend.listFolder = async (id, folder) => (folder === "" ? { ...(await list(id, folder)), items } : list(id, folder));
  });
  const chosen = () => document.querySelector("[aria-selected=true] [data-path], [data-path][aria-selected=true]")?.getAttribute("data-path");
  await waitFor(() => expect(chosen()).toBe("README.adoc"));
  for (const [path, offered] of [["README.adoc", true], ["notes.ipynb", true], ["prices.csv", true], ["tool.sh", false]] as const) {
    await user.click(await row(path));
    await waitFor(() => expect(screen.queryByTestId("publish-this")?.textContent.trim() ?? null).toBe(offered ? "Publish this file…" : null));
  }
});

test("a folder is published from the repository, and the plan says how far its pages are behind", async () => {
  const asked = vi.fn();
  const { user } = await open({}, (backend) => {
    const plan = backend.planPublish;
    backend.planPublish = async (request, progress) => {
      asked(request.visit, request.paths);
      return plan(request, progress);
    };
  });
  await user.click(await row("docs"));
  await user.click(screen.getByTestId("publish-this"));
  expect(screen.getByTestId("publish-source").textContent).toContain("docs");
  await user.click(await screen.findByTestId("start-sandbox"));
  await waitFor(() => expect(screen.getByTestId<HTMLSelectElement>("space-select").value).toBe("DOCS"));
  await user.click(screen.getByTestId("plan-button"));
  await waitFor(() => expect(screen.getByTestId("behind").textContent).toBe("2 commits behind"));
  expect(screen.getByTestId("plan-source").textContent).toContain("1a2b3c4d5e");
  expect(asked).toHaveBeenCalledWith("1", ["docs"]);
  await expectAccessible();
  // A plan of something else is gone.
  await user.click(screen.getByTestId("publish-all"));
  await waitFor(() => expect(screen.queryByTestId("plan-step")).toBeNull());
});

test("in an opened folder lines say their commit too, and those that nobody committed say that", async () => {
  const { user } = show({ opened: true });
  await user.click(await screen.findByTestId("blame-button"));
  const parts = await screen.findAllByTestId("blame-part");
  expect(parts.map((part) => part.dataset["blame"])).toEqual(["1", "3"]);
  expect(screen.getAllByTestId("blame-none").map((said) => said.closest("[data-line]")?.getAttribute("data-line"))).toEqual(["2", "4"]);
  expect(screen.getAllByTestId("blame-none")[0]?.textContent).toBe("Not committed yet");
  expect(parts.map((part) => part.tabIndex)).toEqual([0, -1]);
  await expectAccessible();
  // The commit opens, in front of the folder.
  await user.click(parts[0]!);
  await screen.findByTestId("visit");
});

test("a folder with Git is looked at by its commits, and its files are there again", async () => {
  const { user } = show({ opened: true });
  await user.click(await screen.findByTestId("commits-button"));
  await screen.findByTestId("visit");
  await waitFor(() => expect(screen.queryByTestId("copy-link")).toBeNull());
  await user.click(screen.getByTestId("ref-button"));
  await user.click(await screen.findByTestId("ref-files"));
  await screen.findByTestId("preview");
  expect(screen.queryByTestId("visit")).toBeNull();
});

test("times, pieces and heights are as people expect them", () => {
  const now = Date.parse("2026-11-28T12:00:00Z");
  expect(ago("2026-11-28T11:59:40Z", now)).toBe("just now");
  expect(ago("2026-11-28T09:00:00Z", now)).toBe("3 hours ago");
  expect(ago("2026-11-07T12:00:00Z", now)).toBe("3 weeks ago");
  expect(ago("2024-04-15T11:20:00Z", now)).toBe("3 years ago");
  expect(pieces("größe.md", [[0, 2], [6, 8]]).map(({ text, isMarked }) => (isMarked ? `[${text}]` : text)).join("")).toBe("[gr]öße.[md]");
  const place = { line: 0, row: 0, first: 1, end: 4 };
  expect(cut({ text: "abcde", ends: [2, 5], styles: [0, 1] }, [place], place)).toEqual([
    { text: "a", style: 0, hit: "" },
    { text: "b", style: 0, hit: "here" },
    { text: "cd", style: 1, hit: "here" },
    { text: "e", style: 1, hit: "" },
  ]);
  expect(topsOf(450, new Map([[0, 9000]]), 200)).toEqual([0, 9000, 13000, 14000]);
});

test("an id of a commit is shortened, of either kind, and no other name is", () => {
  for (const id of ["1a2b3c4d5e6f708192a3b4c5d6e7f80912345678", "90cea53f".repeat(8)]) expect(shortId(id)).toBe(id.slice(0, 8));
  for (const name of ["a".repeat(41), "release/of-forty-letters-as-ids-have-them", "1a2b3c4d"]) expect(shortId(name)).toBe(name);
});

/** Chooses in what a file or folder is compared with, of those that are listed. */
async function compareWith(user: UserEvent, kind: "branch" | "tag" | "commit", name: string): Promise<void> {
  await user.click(await screen.findByTestId("compare-with-button"));
  const panel = within(screen.getByTestId("compare-with-panel"));
  await user.click(panel.getByTestId(`compare-with-${kind}`));
  if (kind === "commit") await user.click((await panel.findAllByTestId("commit")).find((commit) => commit.dataset["commit"] === name)!);
  else await user.click((await panel.findAllByTestId("compare-with-item")).find((item) => item.dataset["name"] === name)!);
}

test("a file is compared with the commit before, and with what somebody chooses", async () => {
  const asked: string[] = [];
  const { user } = await open({}, (backend) => {
    const real = backend.compareFile;
    backend.compareFile = (id, path, reference) => {
      asked.push(`${path} ${reference.slice(0, 8)}`);
      return real(id, path, reference);
    };
  });
  await inSource("How we work at Acme.");
  await user.click(screen.getByTestId("compare-button"));
  const choice = await screen.findByTestId("compare-with-button");
  const shown = () => screen.getByTestId("comparison").textContent;
  // What the last change did comes first.
  await waitFor(() => expect(asked).toEqual(["README.md 2b3c4d5e"]));
  await waitFor(() => expect(screen.getByTestId("step-diff").textContent).toContain("Turn the key twice"));
  expect(shown()).toContain("It was called docs/start.md there.");
  expect(shown()).toContain("More lines differ; the first 3 are shown.");
  expect(screen.queryByTestId("source")).toBeNull();
  await expectAccessible();
  expect(choice.textContent?.trim()).toMatch(/^2b3c4d5e .+/);
  await compareWith(user, "commit", "1a2b3c4d5e6f708192a3b4c5d6e7f80912345678");
  await screen.findByText("Nothing differs.");
  await compareWith(user, "tag", "v1.0");
  await waitFor(() => expect(shown()).toContain("There is no"));
  await compareWith(user, "branch", "feature/pay-grades");
  await screen.findByTestId("step-diff");
  await user.click(screen.getByTestId("compare-button"));
  await inSource("How we work at Acme.");
});

test("the files that differ are listed with what happened to each, and lead to what differs in them", async () => {
  const asked: string[] = [];
  const { user } = await open({ many: 3000 }, (backend) => {
    const real = backend.listChanges;
    backend.listChanges = (id, folder, reference) => {
      asked.push(`${folder} ${reference.slice(0, 8)}`);
      return real(id, folder, reference);
    };
  });
  await user.click(screen.getByRole("button", { name: "handbook" }));
  await user.click(screen.getByTestId("compare-button"));
  const list = () => within(screen.getByTestId("changed-files"));
  const shown = () => list().getAllByTestId("tree-item").map((item) => item.textContent?.replace(/\s+/g, " ").trim());
  await waitFor(() => expect(screen.getByTestId("changes-count").textContent).toContain("3,004 files differ."));
  expect(screen.getByTestId("changes-count").textContent?.replace(/\s+/g, " ")).toContain("+ 3,001 new − 1 gone ~ 1 changed → 1 renamed");
  // What the last change did comes first, and only rows that are seen are drawn.
  expect(asked).toEqual([" 2b3c4d5e"]);
  expect(shown().slice(0, 4)).toEqual(["~ README.md (changed)", "− docs/gone.md (gone)", "+ docs/map.png (new)", "→ docs/start.md → docs/setup.md (renamed)"]);
  expect(shown().length).toBeLessThan(100);
  await expectAccessible();
  // By keyboard, to a file, with what it is compared with; also to one that is gone.
  await compareWith(user, "branch", "feature/pay-grades");
  await waitFor(() => expect(asked).toEqual([" 2b3c4d5e", " feature/"]));
  (await list().findByTestId("tree")).focus();
  await user.keyboard("{ArrowDown}{Enter}");
  await screen.findByTestId("comparison");
  expect(screen.getByTestId("path").textContent).toBe("gone.md");
  await waitFor(() => expect(screen.getByTestId("compare-with-button").textContent?.trim()).toMatch(/^feature\/pay-grades/));
  await expectAccessible();
  // And back to the list of the folder that it was in.
  await user.click(screen.getByRole("button", { name: "docs" }));
  await waitFor(() => expect(asked.at(-1)).toBe("docs feature/"));
  await waitFor(() => expect(shown().length).toBe(3));
  await compareWith(user, "commit", "1a2b3c4d5e6f708192a3b4c5d6e7f80912345678");
  await waitFor(() => expect(screen.getByTestId("changes-count").textContent).toContain("No file differs."));
  await compareWith(user, "tag", "v1.0");
  await waitFor(() => expect(screen.getByTestId("changed-files").textContent).toContain("There is no"));
  await user.click(screen.getByTestId("compare-button"));
  expect(screen.queryByTestId("changed-files")).toBeNull();
});

test("a folder of ten thousand files draws the rows that are seen, opened and found", async () => {
  const { user } = await open({ many: 10_000 });
  const tree = await screen.findByTestId("tree");
  await row("many");
  tree.focus();
  await user.keyboard("{Home}{ArrowDown}{ArrowRight}");
  await row("many/file-000000.md");
  const drawn = () => within(screen.getByTestId("tree")).getAllByTestId("tree-item").length;
  expect(drawn()).toBeLessThan(120);
  await expectAccessible();
  await user.type(screen.getByTestId("filter"), "file-");
  await waitFor(() => expect(screen.getByTestId("fitting").textContent).toContain("10,000"));
  expect(drawn()).toBeLessThan(120);
  await expectAccessible();
});

test("what something is compared with is found by what is typed, and that not all are listed is said", async () => {
  const asked: string[] = [];
  const listed: string[] = [];
  const { user } = await open({ cut: true }, (backend) => {
    const [compareFile, listReferences] = [backend.compareFile, backend.listReferences];
    backend.compareFile = (id, path, reference) => {
      asked.push(reference);
      return compareFile(id, path, reference);
    };
    backend.listReferences = (id, kind, beginning) => {
      listed.push(`${kind} ${beginning}`.trim());
      return listReferences(id, kind, beginning);
    };
  });
  await inSource("How we work at Acme.");
  await user.click(screen.getByTestId("compare-button"));
  await user.click(await screen.findByTestId("compare-with-button"));
  const panel = within(screen.getByTestId("compare-with-panel"));
  await waitFor(() => expect(document.activeElement).toBe(panel.getByTestId("compare-with-filter")));
  // The commits that changed the file come first; by its id, any other is compared with.
  await waitFor(() => expect(panel.getAllByTestId("commit").filter((commit) => commit.getAttribute("aria-current") === "true").map((commit) => commit.dataset["commit"]?.slice(0, 8))).toEqual(["2b3c4d5e"]));
  expect(listed).toEqual([]);
  await expectAccessible();
  await user.type(panel.getByTestId("compare-with-filter"), "0badc0ffee");
  await user.click(panel.getByTestId("compare-with-typed"));
  await waitFor(() => expect(asked.at(-1)).toBe("0badc0ffee"));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("compare-with-button")));
  expect(screen.getByTestId("compare-with-button").textContent?.trim()).toMatch(/^0badc0ffee/);
  // The host lists some branches; what is typed is asked for.
  await user.keyboard("{Enter}");
  const again = within(screen.getByTestId("compare-with-panel"));
  await user.click(again.getByTestId("compare-with-branch"));
  expect((await again.findByTestId("compare-with-incomplete")).textContent).toBe("There are more than these 2; search for one.");
  await expectAccessible();
  await user.type(again.getByTestId("compare-with-filter"), "feat");
  await waitFor(() => expect(again.getAllByTestId("compare-with-item").length).toBe(1));
  expect([listed[0], listed.at(-1)]).toEqual(["branch", "branch feat"]);
  await user.keyboard("{ArrowDown}{Enter}");
  await waitFor(() => expect(asked.at(-1)).toBe("feature/pay-grades"));
});

test("that a host does not tell all files that differ is said", async () => {
  const { user } = await open({ cut: true });
  await user.click(screen.getByRole("button", { name: "handbook" }));
  await user.click(screen.getByTestId("compare-button"));
  await waitFor(() => expect(screen.getByTestId("changes-incomplete").textContent).toBe("The host tells 300 changed files at most."));
});

test("pictures are compared side by side, by a swipe and one through the other, with what they are", async () => {
  const { user } = await open();
  await user.click(await row("docs"));
  await user.click(await row("docs/map.png"));
  await waitFor(() => expect(screen.getByTestId("source").textContent).toContain("40 × 30 pixels"));
  expect(screen.getByTestId("picture-size").textContent).toBe("43 bytes");
  await user.click(screen.getByTestId("compare-button"));
  const comparison = await screen.findByTestId("picture-comparison");
  expect(comparison.dataset["way"]).toBe("beside");
  expect(screen.getByTestId("picture-before").textContent).toContain("Before 20 × 30 pixels 40 bytes");
  expect(screen.getByTestId("picture-after").textContent).toContain("Now 40 × 30 pixels 43 bytes");
  await expectAccessible();
  await user.click(screen.getByTestId("picture-swipe"));
  const images = () => [...comparison.querySelectorAll<HTMLImageElement>(".stack img")];
  const share = screen.getByTestId<HTMLInputElement>("picture-share");
  await fireEvent.input(share, { target: { value: "25" } });
  // The old one is half as wide, and is cut where the edge goes through it.
  await waitFor(() => expect(images().map((image) => [image.style.width, image.style.clipPath])).toEqual([
    ["50%", "inset(0 50% 0 0)"],
    ["100%", "inset(0 0 0 25%)"],
  ]));
  await expectAccessible();
  await user.click(screen.getByTestId("picture-onion"));
  await waitFor(() => expect(images().map((image) => image.style.opacity)).toEqual(["", "0.25"]));
  await expectAccessible();
  // Where it was not there, there is nothing to lay it over.
  await compareWith(user, "branch", "main");
  await waitFor(() => expect(screen.getByTestId("picture-before").textContent).toContain("It is not there."));
  expect(screen.getByTestId("comparison").textContent).toContain("All of it is new.");
  expect(screen.queryByTestId("picture-swipe")).toBeNull();
});

test("a file is saved, says how far it is, and is left when that is cancelled; why it is not is said", async () => {
  const asked: [string | null, string][] = [];
  let stop: ((nothing: null) => void) | null = null;
  let wanted: "well" | "long" | "refused" = "well";
  const { user } = await open({}, (backend) => {
    const real = backend.saveFile;
    backend.saveFile = (id, path, progress) => {
      asked.push([id, path]);
      if (wanted === "refused") return Promise.reject({ code: "storage", message: "`/full/README.md` cannot be written", remedy: "Make room on the disk" });
      if (wanted === "well") return real(id, path, progress);
      progress({ bytes: 12 * 1024 * 1024, total: 40 * 1024 * 1024 });
      return new Promise((resolve) => (stop = resolve));
    };
    backend.cancel = async (operation) => {
      if (operation === "save") stop?.(null);
    };
  });
  await inSource("Handbook");
  await user.click(await screen.findByTestId("save-button"));
  await waitFor(() => expect(screen.getByTestId("saved").textContent).toContain("README.md is saved as /home/you/README.md"));
  expect(asked[0]?.[1]).toBe("README.md");
  expect(asked[0]?.[0]).not.toBeNull();
  await expectAccessible();

  wanted = "long";
  await user.click(screen.getByTestId("save-button"));
  await waitFor(() => expect(screen.getByTestId("saving").textContent).toContain("12 MB of 40 MB"));
  expect((screen.getByTestId("save-button") as HTMLButtonElement).disabled).toBe(true);
  await expectAccessible();
  await user.click(screen.getByTestId("saving-cancel"));
  await waitFor(() => expect(screen.queryByTestId("saving")).toBeNull());
  expect(screen.queryByTestId("saved")).toBeNull();

  wanted = "refused";
  await user.click(screen.getByTestId("save-button"));
  await waitFor(() => expect(screen.getByTestId("error").textContent).toContain("Make room on the disk"));
});

test("a file of the opened folder is saved too", async () => {
  const asked: (string | null)[] = [];
  const { user } = show({ opened: true }, (backend) => {
    const real = backend.saveFile;
    backend.saveFile = (id, path, progress) => {
      asked.push(id);
      return real(id, path, progress);
    };
  });
  await user.click(await screen.findByTestId("save-button"));
  await screen.findByTestId("saved");
  expect(asked).toEqual([null]);
});
