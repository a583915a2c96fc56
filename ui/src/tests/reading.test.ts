/** What is open is read again, in place. */
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import type { Backend, FileView } from "../backend";
import { rowsOf } from "../backend/fakeRows";
import { LINE_HEIGHT } from "../components/source";
import { show } from "./show";

afterEach(cleanup);

const file = (path: string): FileView => ({ path, kind: "document", size: 10, skipped: null });

/** A window over a folder that changes on the disk. */
function openFolder() {
  const lines = Array.from({ length: 600 }, (_, line) => `line ${line + 1}`);
  const disk = { files: [file("README.md"), file("long.md")], text: lines.join("\n"), commit: "1111111", isThere: true, asked: 0 };
  const calls = new Map<string, () => void>();
  const shown = show({ opened: true }, (backend: Backend) => {
    const { showFile, showPage, startState, onChange } = backend;
    backend.onChange = async (event, call) => {
      calls.set(event, call);
      return onChange(event, call);
    };
    backend.listFiles = async () => disk.files;
    backend.startState = async () => {
      const now = await startState();
      disk.asked += 1;
      return { ...now, opened: now.opened && { ...now.opened, shortCommit: disk.commit } };
    };
    backend.showFile = async (id, path, look, first, count) => {
      if (path === "long.md" && !disk.isThere) throw { code: "notFound", message: "`long.md` is not there", remedy: null };
      const view = await showFile(id, path, look, first, count);
      return path === "long.md" ? { ...view, ...rowsOf(disk.text, first, count) } : view;
    };
    backend.showPage = async (id, path, look) => {
      const made = await showPage(id, path, look);
      return made && path === "long.md" ? { ...made, html: `<p data-line="1">${disk.text.slice(0, 40)}</p>`, problems: [] } : made;
    };
  });
  return { ...shown, disk, lines, tell: (event: string) => calls.get(event)?.() };
}

const source = () => screen.getByTestId("source");
const viewport = () => screen.getByRole("region", { name: /long\.md/ });
const rowOf = (text: string) => [...source().querySelectorAll(".text span")].find((one) => one.textContent === text);

test("a file that was saved elsewhere is shown as it is now, with the place, the marks and the folders that were chosen", async () => {
  const { user, disk, lines, tell } = openFolder();
  await user.click(within(await screen.findByTestId("tree")).getByText("long.md"));
  await waitFor(() => expect(rowOf("line 1")).toBeTruthy());
  viewport().scrollTop = 300 * LINE_HEIGHT;
  await fireEvent.scroll(viewport());
  expect(rowOf("line 305") ?? (await screen.findByText("line 305"))).toBeTruthy();
  const before = await waitFor(() => rowOf("line 301") ?? expect.fail("not there yet"));
  const text = screen.getByTestId("preview").getAttribute("srcdoc");

  // A folder that is as it was draws nothing anew: text that is selected stays so.
  const asked = disk.asked;
  tell("files-changed");
  // The head comes last.
  await waitFor(() => expect(disk.asked).toBe(asked + 1));
  await tick();
  expect(rowOf("line 301")).toBe(before);

  disk.text = lines.map((line, at) => (at === 0 ? "the first" : at === 304 ? "another" : line)).join("\n");
  disk.files = [...disk.files, file("added.md")];
  disk.commit = "2222222";
  tell("files-changed");
  await waitFor(() => expect(rowOf("another")).toBeTruthy());
  expect(rowOf("line 305")).toBeUndefined();
  expect(viewport().scrollTop).toBe(300 * LINE_HEIGHT);
  await waitFor(() => expect(screen.getByTestId("preview").getAttribute("srcdoc")).not.toBe(text));
  expect(screen.getByTestId("preview").getAttribute("srcdoc")).toContain("the first");
  await within(screen.getByTestId("tree")).findByText("added.md");
  expect(document.querySelector("[data-path='long.md']")?.closest("[aria-selected=true]")).not.toBeNull();
  await waitFor(() => expect(screen.getByTestId("open-another").textContent).toContain("2222222"));
  // What is not in front is read when somebody goes there, and not as it was.
  viewport().scrollTop = 0;
  await fireEvent.scroll(viewport());
  await waitFor(() => expect(rowOf("the first")).toBeTruthy());
});

test.each([
  ["coming back to the window", async () => void window.dispatchEvent(new Event("focus"))],
  ["F5", async (user: ReturnType<typeof openFolder>["user"]) => user.keyboard("{F5}")],
  ["Ctrl+R", async (user: ReturnType<typeof openFolder>["user"]) => user.keyboard("{Control>}r{/Control}")],
  [
    "the menu",
    async (user: ReturnType<typeof openFolder>["user"]) => {
      await user.keyboard("{F10}");
      await user.click(within(await screen.findByRole("menu")).getByText("Read again"));
    },
  ],
])("the folder is read again by %s", async (_, act) => {
  const { user, disk } = openFolder();
  await user.click(within(await screen.findByTestId("tree")).getByText("long.md"));
  await waitFor(() => expect(rowOf("line 1")).toBeTruthy());
  disk.text = "short now";
  await act(user);
  await waitFor(() => expect(rowOf("short now")).toBeTruthy());
});

test("a file that is gone says so, and is shown once it is there again", async () => {
  const { user, disk, tell } = openFolder();
  await user.click(within(await screen.findByTestId("tree")).getByText("long.md"));
  await waitFor(() => expect(rowOf("line 1")).toBeTruthy());
  disk.isThere = false;
  tell("files-changed");
  await screen.findByText(/is not there/);
  disk.isThere = true;
  disk.text = "back";
  tell("files-changed");
  await waitFor(() => expect(rowOf("back")).toBeTruthy());
  expect(screen.queryByText(/is not there/)).toBeNull();
});

test("an answer to an earlier reading does not take the place of a later one", async () => {
  const { user, disk, tell, backend } = openFolder();
  await user.click(within(await screen.findByTestId("tree")).getByText("long.md"));
  await waitFor(() => expect(rowOf("line 1")).toBeTruthy());
  const { showFile } = backend;
  const answers: (() => void)[] = [];
  backend.showFile = async (...args) => {
    const view = await showFile(...args);
    await new Promise<void>((resolve) => answers.push(resolve));
    return view;
  };
  disk.text = "earlier";
  tell("files-changed");
  await waitFor(() => expect(answers.length).toBeGreaterThan(0));
  backend.showFile = showFile;
  disk.text = "later";
  // It changed while it was being read: it is read once more.
  tell("files-changed");
  answers.forEach((answer) => answer());
  await waitFor(() => expect(rowOf("later")).toBeTruthy());
  expect(rowOf("earlier")).toBeUndefined();
});

test("whoever left the folder, or looks at its commits, has nothing read on the disk", async () => {
  const { user, backend, tell } = openFolder();
  await screen.findByTestId("tree");
  const listFiles = vi.spyOn(backend, "listFiles");
  await user.click(screen.getByTestId("open-another"));
  await screen.findByTestId("open-path");
  tell("files-changed");
  window.dispatchEvent(new Event("focus"));
  await screen.findByTestId("open-path");
  expect(listFiles).not.toHaveBeenCalled();
  expect(screen.queryByTestId("tree")).toBeNull();
});

test("a repository at a branch asks its host again, by the keys that somebody chose for it", async () => {
  const { user, backend } = show({ git: { signedIn: true }, shortcuts: { "read-again": "F9" } });
  await screen.findByTestId("git-hosts");
  await fireEvent.paste(document.body, { clipboardData: { getData: () => "https://git.acme.com/acme/handbook" } });
  await screen.findByTestId("visit");
  const looks = vi.spyOn(backend, "lookForNewer");
  await user.keyboard("{F5}");
  expect(looks).not.toHaveBeenCalled();
  await user.keyboard("{F9}");
  await waitFor(() => expect(looks).toHaveBeenCalledOnce());
  await user.keyboard("{Control>}r{/Control}");
  await waitFor(() => expect(looks).toHaveBeenCalledTimes(2));
});
