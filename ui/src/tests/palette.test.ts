import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { match, search } from "../components/fuzzy";
import { commandOf, type Command } from "../commands";
import { inWords, isSafeInFields, shortcutOf, whyNot } from "../keys";
import { SETTINGS } from "../settings";
import { t } from "../words.svelte";
import { expectAccessible, show } from "./show";

afterEach(cleanup);

const titles = () => screen.getAllByTestId("palette-row").map((row) => row.querySelector(".title")?.textContent);

test("the palette finds commands by parts of their words and runs them by keyboard", async () => {
  const { user } = show({ opened: true });
  const tree = await screen.findByTestId("tree");
  tree.focus();
  await user.keyboard("{Control>}k{/Control}");
  const box = await screen.findByRole("combobox", { name: "Find a command, file or page" });
  expect(document.activeElement).toBe(box);
  expect(titles().length).toBeGreaterThan(10);
  await expectAccessible();
  await user.keyboard("aud");
  await waitFor(() => expect(titles()[0]).toBe("Audit log"));
  const option = screen.getAllByTestId("palette-row")[0];
  expect(box.getAttribute("aria-activedescendant")).toBe(option?.id);
  expect(option?.getAttribute("aria-selected")).toBe("true");
  expect(option?.textContent).toContain("Ctrl+3");
  await user.keyboard("{Enter}");
  await screen.findByTestId("audit");
  expect(screen.queryByTestId("palette")).toBeNull();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("heading", { name: "Audit log" })));
  await user.keyboard("{Escape}");
  await waitFor(() => expect(document.activeElement).toBe(tree));
});

test("arrows go round, words that fit nothing say so, and Escape leaves everything as it was", async () => {
  const { user } = show({ opened: true });
  await screen.findByTestId("tree");
  await user.click(screen.getByTestId("palette-button"));
  const chosen = () => screen.getAllByTestId("palette-row").findIndex((row) => row.getAttribute("aria-selected") === "true");
  expect(chosen()).toBe(0);
  await user.keyboard("{ArrowUp}");
  expect(chosen()).toBe(titles().length - 1);
  await user.keyboard("{ArrowDown}{ArrowDown}");
  expect(chosen()).toBe(1);
  await user.keyboard("zzzz");
  await screen.findByText("Nothing fits.");
  await expectAccessible();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByTestId("palette")).toBeNull());
});

test("files of the folder, of a repository at a host, and published pages open from it", async () => {
  const openLink = vi.fn(async () => undefined);
  const { user, backend } = show({ opened: true, published: {} }, (backend) => {
    backend.openLink = openLink;
  });
  await backend.startSandbox();
  await screen.findByTestId("tree");
  await user.keyboard("{Control>}k{/Control}start md");
  await user.click(await screen.findByText("guide/start.md", { selector: ".place" }));
  await waitFor(() => expect(screen.getByTestId("source").textContent).toContain("# Start"));
  await user.click(screen.getByTestId("publications-button"));
  await waitFor(() => expect(screen.getAllByTestId("published-row")).toHaveLength(6));
  await user.keyboard("{Control>}k{/Control}billing");
  await user.click(await screen.findByText("TEAM, docs/billing.md", { selector: ".place" }));
  expect(openLink).toHaveBeenCalledWith(expect.stringContaining("/pages/5"));
});

test("Enter means what was typed, however late the files with it are found", async () => {
  let answer: (() => void) | null = null;
  let isSlow = false;
  const { user } = show({ git: { signedIn: true } }, (backend) => {
    const usual = backend.findPaths;
    backend.findPaths = async (id, words) => {
      if (isSlow) await new Promise<void>((resolve) => (answer = resolve));
      return usual(id, words);
    };
  });
  await user.click((await screen.findAllByTestId("repository"))[0]!);
  await screen.findByTestId("visit");
  await user.keyboard("{Control>}k{/Control}README");
  await screen.findByText("README.md", { selector: ".place" });
  isSlow = true;
  await user.keyboard("{Control>}a{/Control}setup{Enter}");
  // The files of earlier words are there still, and are not what is meant.
  expect(screen.getByTestId("palette")).toBeTruthy();
  (answer as (() => void) | null)?.();
  await waitFor(() => expect(screen.queryByTestId("palette")).toBeNull());
  await waitFor(() => expect(screen.getByTestId("path").textContent).toContain("setup.md"));
});

test("the files of a folder are read once while the palette is open, and anew when it opens again", async () => {
  let readings = 0;
  const { user } = show({ opened: true }, (backend) => {
    const usual = backend.listFiles;
    backend.listFiles = async () => {
      readings += 1;
      return [...(await usual()), ...(readings > 2 ? [{ path: "new.md", size: 1, kind: "document" as const, skipped: null }] : [])];
    };
  });
  await screen.findByTestId("tree");
  expect(readings).toBe(1);
  await user.keyboard("{Control>}k{/Control}start md");
  await screen.findByText("guide/start.md", { selector: ".place" });
  await user.keyboard("{Control>}a{/Control}new.md");
  await waitFor(() => expect(screen.queryByText("guide/start.md", { selector: ".place" })).toBeNull());
  expect(readings).toBe(2);
  await user.keyboard("{Escape}");
  await user.keyboard("{Control>}k{/Control}new.md");
  await screen.findByText("new.md", { selector: ".place" });
  expect(readings).toBe(3);
});

test("a row that somebody went to is the one that runs, also when others come before it", async () => {
  let answer: (() => void) | null = null;
  let isSlow = false;
  const { user } = show({ opened: true }, (backend) => {
    const usual = backend.listFiles;
    backend.listFiles = async () => {
      if (isSlow) await new Promise<void>((resolve) => (answer = resolve));
      return usual();
    };
  });
  await screen.findByTestId("tree");
  isSlow = true;
  // Commands have these letters here and there; files that have them come before those.
  await user.keyboard("{Control>}k{/Control}rm{ArrowDown}");
  const chosen = () => screen.getAllByTestId("palette-row").find((row) => row.getAttribute("aria-selected") === "true")?.querySelector(".title")?.textContent;
  const wanted = titles()[1];
  expect(chosen()).toBe(wanted);
  (answer as (() => void) | null)?.();
  await waitFor(() => expect(titles()[0]).toBe("README.md"));
  expect(titles().indexOf(wanted)).toBeGreaterThan(1);
  expect(chosen()).toBe(wanted);
});

test("a command that makes no sense now is not offered, and its shortcut does nothing", async () => {
  const { user } = show();
  await screen.findByTestId("open-path");
  await user.click(screen.getByTestId("palette-button"));
  expect(titles()).not.toContain("Publish");
  await user.keyboard("{Escape}");
  await user.keyboard("{Control>}2{/Control}");
  expect(screen.queryByTestId("plan-button")).toBeNull();
});

test("buttons of other screens are pressed from anywhere, and those of this one as long as it has them", async () => {
  const { user } = show({ git: { signedIn: true } });
  const run = async (words: string, title: string) => {
    await user.keyboard(`{Control>}k{/Control}${words}`);
    await waitFor(() => expect(titles()).toContain(title));
    await user.click(screen.getAllByTestId("palette-row")[titles().indexOf(title)] as HTMLElement);
  };
  await screen.findByTestId("git-hosts");
  await user.keyboard("{Control>}k{/Control}");
  expect(titles()).not.toContain("Blame");
  await user.keyboard("{Escape}");
  await run("verify", "Verify the audit log");
  await screen.findByTestId("audit-verdict");
  await run("sign in", "Sign in…");
  await screen.findByTestId("sign-in-dialog");
  await user.click(screen.getByText("Cancel"));
  await waitFor(() => expect(screen.queryByTestId("sign-in-dialog")).toBeNull());
  await run("pause", "Pause looking what is behind");
  await waitFor(() => expect(screen.getByTestId<HTMLInputElement>("settings-pause").checked).toBe(true));
  await user.keyboard("{Escape}");

  await fireEvent.paste(document.body, { clipboardData: { getData: () => "https://git.acme.com/acme/handbook/-/blob/main/docs/setup.md#L10-12" } });
  await waitFor(() => expect(screen.getByTestId("source").textContent).toContain("Step 10: turn"));
  for (const [words, title, control] of [["blame", "Blame", "blame-button"], ["wrap", "Wrap long lines", "wrap-button"], ["history", "History", "history-button"], ["compare", "Compare", "compare-button"]] as const) {
    expect(screen.getByTestId(control).getAttribute("aria-pressed")).toBe("false");
    await run(words, title);
    await waitFor(() => expect(screen.getByTestId(control).getAttribute("aria-pressed")).toBe("true"));
  }
  // The menu has them too, and without the screen neither has.
  await user.keyboard("{F10}");
  const menu = await screen.findByRole("menu");
  expect([...menu.querySelectorAll("[data-command]")].map((item) => item.getAttribute("data-command"))).toEqual(expect.arrayContaining(["copy-link", "publish-this", "compare"]));
  await user.keyboard("{Escape}{Control>}4{/Control}");
  await screen.findByTestId("accounts");
  await user.keyboard("{F10}");
  expect((await screen.findByRole("menu")).querySelector("[data-command=copy-link]")).toBeNull();
});

test("the menu has every command, and is gone through by keys", async () => {
  const { user } = show({ opened: true });
  await screen.findByTestId("tree");
  await user.keyboard("{F10}");
  const menu = await screen.findByRole("menu", { name: "Menu" });
  const items = within(menu).getAllByRole("menuitem");
  expect(document.activeElement).toBe(items[0]);
  await expectAccessible();
  await user.keyboard("{ArrowUp}");
  expect(document.activeElement).toBe(items.at(-1));
  await user.keyboard("{Home}acc");
  expect(document.activeElement?.textContent).toContain("Cancel");
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("menu")).toBeNull());
  expect(document.activeElement).toBe(screen.getByTestId("menu-button"));
  await user.keyboard("{Enter}");
  await user.click(within(await screen.findByRole("menu")).getByText("Accounts"));
  await screen.findByTestId("accounts");
});

test("light and dark are chosen in the menu at every width, which says what is chosen", async () => {
  const { user } = show();
  await screen.findByTestId("open-path");
  const entry = async (id: string) => {
    await user.keyboard("{F10}");
    return (await screen.findByRole("menu")).querySelector(`[data-command=${id}]`) as HTMLElement;
  };
  expect((await entry("theme-system")).getAttribute("aria-checked")).toBe("true");
  await expectAccessible();
  await user.keyboard("{Escape}");
  await user.click(await entry("theme-dark"));
  await waitFor(() => expect(document.documentElement.dataset["theme"]).toBe("dark"));
  expect((await entry("theme-dark")).getAttribute("aria-checked")).toBe("true");
  expect((await screen.findByRole("menu")).querySelectorAll("[aria-checked=true]")).toHaveLength(1);
  await user.keyboard("{Escape}{Control>}k{/Control}light theme{Enter}");
  await waitFor(() => expect(document.documentElement.dataset["theme"]).toBe("light"));
});

test("the tray opens the palette and the settings, but nothing over a dialog that waits", async () => {
  const calls = new Map<string, () => void>();
  const { user } = show({}, (backend) => {
    backend.onChange = async (event, call) => {
      calls.set(event, call);
      return () => undefined;
    };
  });
  await screen.findByTestId("open-path");
  calls.get("palette-wanted")?.();
  await screen.findByTestId("palette");
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByTestId("palette")).toBeNull());
  calls.get("settings-wanted")?.();
  await screen.findByTestId("settings");
  await user.click(await screen.findByTestId("settings-reset"));
  await screen.findByTestId("reset-dialog");
  calls.get("palette-wanted")?.();
  expect(screen.queryByTestId("palette")).toBeNull();
  cleanup();
  // In a window that was not there yet, the start says so.
  show({}, (backend) => {
    const usual = backend.startState;
    backend.startState = async () => ({ ...(await usual()), isPaletteWanted: true });
  });
  await screen.findByTestId("palette");
});

test("menu, palette and sheet are made of the same commands", async () => {
  const { user } = show({ opened: true });
  await screen.findByTestId("tree");
  await user.keyboard("{F1}");
  const sheet = await screen.findByTestId("shortcut-sheet");
  const told = [...sheet.querySelectorAll("dd")].map((one) => one.textContent);
  await user.keyboard("{Escape}");
  await user.click(screen.getByTestId("menu-button"));
  const withKeys = [...screen.getByTestId("menu").querySelectorAll("[data-command]")].filter((item) => item.querySelector("kbd"));
  const named = withKeys.map((item) => item.querySelector("span")?.textContent);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !told.includes(name ?? ""))).toEqual([]);
  expect(named.length).toBe(told.length - 5);
});

test("shortcuts are read from keys, and those that text or lists need are not given away", () => {
  const press = (key: string, more: KeyboardEventInit = {}) => shortcutOf(new KeyboardEvent("keydown", { key, ...more }));
  expect(press("k", { ctrlKey: true })).toBe("Mod+K");
  expect(press("k", { metaKey: true })).toBe("Mod+K");
  expect(press("K", { ctrlKey: true, shiftKey: true })).toBe("Mod+Shift+K");
  expect(press("?", { shiftKey: true })).toBe("?");
  expect(press("F6", { shiftKey: true })).toBe("Shift+F6");
  expect(press("+", { ctrlKey: true })).toBe("Mod+=");
  expect(press("Shift", { shiftKey: true })).toBeNull();
  expect(["Mod+K", "F6", "Shift+F6", "Alt+1"].every(isSafeInFields)).toBe(true);
  expect(["?", "A", "Shift+A", "Enter"].some(isSafeInFields)).toBe(false);
  expect(["Escape", "Mod+C", "Mod+F", "ArrowDown", "A", "7", "Tab"].map(whyNot)).not.toContain(null);
  expect(["Mod+K", "F9", "Mod+Shift+P", "Alt+A", "?"].map(whyNot)).toEqual([null, null, null, null, null]);
  expect(["Mod++", "Mod+ArrowUp", "Shift+F6", ""].map(inWords)).toEqual(["Ctrl++", "Ctrl+↑", "Shift+F6", "none"]);
});

test("a key that is pressed right after a dialog was left is heard", async () => {
  const { user } = show();
  await user.click(await screen.findByTestId("accounts-button"));
  const button = await screen.findByTestId<HTMLButtonElement>("sign-in-button");
  await waitFor(() => expect(button.disabled).toBe(false));
  await user.click(button);
  const dialog = await screen.findByTestId("sign-in-dialog");
  await user.keyboard("{Control>}3{/Control}");
  expect(screen.queryByTestId("audit")).toBeNull();
  // Engines tell that a dialog was closed some time after they closed it.
  Object.assign(dialog, { close: () => dialog.removeAttribute("open") });
  await fireEvent.keyDown(dialog, { key: "Escape" });
  await fireEvent.keyDown(document.body, { key: "3", ctrlKey: true });
  await screen.findByTestId("audit");
});

test("a shortcut that was chosen runs its command, and the usual one no longer", () => {
  const command = (id: string, usual: string): Command => ({ id, title: id, group: "help", usual, run: () => undefined });
  const commands = [command("one", "Mod+1"), command("two", "Mod+2")];
  const rebound = { one: "Mod+9", two: "" };
  expect(commandOf(commands, rebound, "Mod+9")?.id).toBe("one");
  expect(commandOf(commands, rebound, "Mod+1")).toBeUndefined();
  expect(commandOf(commands, rebound, "Mod+2")).toBeUndefined();
  expect(commandOf(commands, {}, "Mod+2")?.id).toBe("two");
});

test("letters that are strewn over a text are found only where nothing says the word", () => {
  const texts = ["Open something else, from somewhere", "Theme", "Dark theme"];
  const found = (words: string) => search(texts, words, (text) => text, 10).map(({ item }) => item);
  expect(found("theme")).toEqual(["Theme", "Dark theme"]);
  expect(found("ose")).toEqual(["Open something else, from somewhere"]);
});

test("what is looked for is found by starts of words before scattered letters", () => {
  const texts = ["Show the files on the disk", "Find a file", "Profile", "Publish"];
  const found = search(texts, "file", (text) => text, 10).map(({ item }) => item);
  expect(found.slice(0, 2).sort()).toEqual(["Find a file", "Show the files on the disk"]);
  expect(found).not.toContain("Publish");
  expect(match("pb", "Publish")?.ranges).toEqual([[0, 1], [2, 3]]);
  expect(match("disk show", "Show the files on the disk")?.ranges).toEqual([[0, 4], [22, 26]]);
  expect(match("xyz", "Publish")).toBeNull();
});

test("letters typed into a field run nothing", async () => {
  const { user } = show();
  await user.type(await screen.findByTestId("open-path"), "?");
  expect(screen.queryByTestId("shortcut-sheet")).toBeNull();
  await fireEvent.keyDown(screen.getByTestId("open-path"), { key: "F1" });
  await screen.findByTestId("shortcut-sheet");
});

test("every setting is found by its words and opened with the focus on it", async () => {
  const { user } = show({ opened: true });
  await screen.findByTestId("tree");
  await user.keyboard("{Control>}k{/Control}contrast");
  await waitFor(() => expect(titles()).toContain(t("settings-contrast")));
  const row = screen.getAllByTestId("palette-row").find((row) => row.querySelector(".title")?.textContent === t("settings-contrast"));
  await user.click(row as HTMLElement);
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("settings-contrast")));
  const settings = screen.getByTestId("settings");
  for (const { control, words, section } of SETTINGS) {
    const found = await waitFor(() => within(settings).getByTestId(control));
    const part = found.closest("section");
    expect(part?.textContent, control).toContain(t(words));
    expect(part?.querySelector("h2")?.textContent, control).toBe(t(section));
  }
  // What can be chosen there and is not found would be forgotten.
  const controls = [...settings.querySelectorAll("select, input[type=checkbox]")].map((control) => control.getAttribute("data-testid"));
  expect(controls.filter((control) => !SETTINGS.some((setting) => setting.control === control))).toEqual([]);
});

test("published pages are found before anybody looked at Publications", async () => {
  const { user, backend } = show({ opened: true, published: {} });
  await backend.startSandbox();
  await screen.findByTestId("tree");
  await user.keyboard("{Control>}k{/Control}old page");
  await waitFor(() => expect(titles()).toContain("Old page"));
});
