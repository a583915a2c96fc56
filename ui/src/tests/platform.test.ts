import { cleanup, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { MenuGroupView, Platform } from "../backend";
import { inWords, shortcutOf } from "../keys";
import { CUSTOMS, settle } from "../platform.svelte";
import { speak, t } from "../words.svelte";
import { expectAccessible, show } from "./show";

afterEach(cleanup);
beforeEach(() => {
  settle("linux");
  speak("en");
});

const platforms = Object.keys(CUSTOMS) as Platform[];
const press = (key: string, more: KeyboardEventInit = {}) => shortcutOf(new KeyboardEvent("keydown", { key, ...more }));

test.each([
  ["linux", ["Cancel", "Sign in"]],
  ["macos", ["Cancel", "Sign in"]],
  ["windows", ["Sign in", "Cancel"]],
] as const)("on %s the buttons of dialogs stand in its order, for Tab too", async (platform, expected) => {
  const { user } = show({ platform, keystore: true });
  await user.click(await screen.findByTestId("accounts-button"));
  const open = await screen.findByTestId<HTMLButtonElement>("sign-in-button");
  await waitFor(() => expect(open.disabled).toBe(false));
  await user.click(open);
  const dialog = await screen.findByTestId("sign-in-dialog");
  const buttons = [...dialog.querySelectorAll(".buttons button")];
  expect(buttons.map((one) => one.textContent?.trim())).toEqual(expected);
  // Where they stand is where Tab comes by: nothing is turned around by looks alone.
  (buttons[0] as HTMLElement).focus();
  await user.tab();
  expect(document.activeElement).toBe(buttons[1]);
  await expectAccessible();
});

test.each([
  ["linux", "Settings", "Ctrl+,", "Quit Tributary", "Ctrl+Q"],
  ["macos", "Settings…", "⌘,", "Quit Tributary", "⌘Q"],
  ["windows", "Settings", "Ctrl+,", "Exit", null],
] as const)("on %s the menu and the sheet say its words and keys", async (platform, settings, settingsKey, quit, quitKey) => {
  let closed = 0;
  const { user } = show({ platform }, (backend) => (backend.closeWindow = async () => void (closed += 1)));
  await screen.findByTestId("open-path");
  await user.keyboard(platform === "macos" ? "{Meta>}w{/Meta}" : "{Control>}w{/Control}");
  expect(closed).toBe(1);
  await user.keyboard("{F10}");
  const menu = await screen.findByRole("menu");
  const entry = (id: string) => {
    const found = menu.querySelector(`[data-command=${id}]`);
    return [found?.querySelector("span")?.textContent, found?.querySelector("kbd")?.textContent ?? null];
  };
  expect(entry("settings")).toEqual([settings, settingsKey]);
  expect(entry("quit")).toEqual([quit, quitKey]);
  await user.keyboard("{Escape}{F1}");
  const sheet = await screen.findByTestId("shortcut-sheet");
  const keys = [...sheet.querySelectorAll("dt")].map((one) => one.textContent);
  expect(keys).toContain(settingsKey);
  expect(keys.some((one) => one?.includes("Ctrl"))).toBe(platform !== "macos");
  await user.keyboard("{Escape}");
  // The key opens them, whatever it is called.
  await user.keyboard(platform === "macos" ? "{Meta>},{/Meta}" : "{Control>},{/Control}");
  await screen.findByTestId("settings");
});

test("the bar of menus on macOS is told the commands of the window's menu, and what is chosen there is done", async () => {
  let told: MenuGroupView[] = [];
  let cancelled = 0;
  const heard: Partial<Record<string, () => void>> = {};
  const waiting: (string | null)[] = ["audit"];
  const { user } = show({ platform: "macos" }, (backend) => {
    backend.tellMenu = async (groups) => void (told = groups);
    backend.takeCommand = async () => waiting.shift() ?? null;
    backend.cancel = async () => void (cancelled += 1);
    const { onChange } = backend;
    backend.onChange = async (event, call) => {
      heard[event] = call;
      return onChange(event, call);
    };
  });
  // Chosen while there was no page.
  await screen.findByTestId("audit");
  const command = (id: string) => told.flatMap((group) => group.commands).find((one) => one.id === id);
  await waitFor(() => expect(command("settings")).toEqual({ id: "settings", title: "Settings…", shortcut: "Mod+,", isEnabled: true, isChosen: null }));
  expect(command("browse")?.isEnabled).toBe(false);
  expect(command("theme-system")?.isChosen).toBe(true);
  // Of what single screens can do, that of the one in front.
  await waitFor(() => expect(command("audit-verify")).toBeDefined());
  expect(command("find-in-file")).toBeUndefined();

  await user.keyboard("{F10}");
  const menu = await screen.findByRole("menu");
  const inWindow = [...menu.querySelectorAll<HTMLElement>("[data-command]")].map((one) => one.dataset["command"]);
  await user.keyboard("{Escape}");
  expect(told.flatMap((group) => group.commands.map(({ id }) => id))).toEqual(inWindow);

  waiting.push("theme-dark");
  heard["command-wanted"]?.();
  await waitFor(() => expect(command("theme-dark")?.isChosen).toBe(true));
  // What cannot be done is not, also when the bar was told too late.
  for (const id of ["cancel", "accounts"]) {
    waiting.push(id);
    heard["command-wanted"]?.();
  }
  await screen.findByTestId("accounts");
  expect(cancelled).toBe(0);
  speak("de");
  await waitFor(() => expect(command("quit")?.title).toBe("Tributary beenden"));
});

test.each(["linux", "windows"] as const)("on %s no bar is told", async (platform) => {
  const heard: string[] = [];
  show({ platform }, (backend) => {
    const { onChange } = backend;
    backend.onChange = async (event, call) => {
      heard.push(event);
      return onChange(event, call);
    };
    backend.takeCommand = () => Promise.reject(new Error("nobody asks"));
  });
  await screen.findByTestId("open-path");
  expect(heard).toContain("palette-wanted");
  expect(heard).not.toContain("command-wanted");
});

test("modifiers are written as the system writes them, and in German too", () => {
  settle("macos");
  expect(["Mod+K", "Mod+Shift+K", "Mod+Alt+Shift+ArrowUp", "Mod+Enter", "Shift+F6", "F1"].map(inWords)).toEqual(["⌘K", "⇧⌘K", "⌥⇧⌘↑", "⌘↩", "⇧F6", "F1"]);
  // Ctrl edits text there, and is no other way to press what the command key does.
  expect(press("k", { metaKey: true })).toBe("Mod+K");
  expect(press("k", { ctrlKey: true })).toBe("Ctrl+K");
  expect(inWords("Ctrl+K")).toBe("⌃K");
  for (const platform of ["linux", "windows"] as const) {
    settle(platform);
    speak("en");
    expect(inWords("Mod+Shift+K")).toBe("Ctrl+Shift+K");
    speak("de");
    expect(inWords("Mod+Enter")).toBe("Strg+Eingabe");
    expect(press("k", { ctrlKey: true })).toBe("Mod+K");
  }
});

test.each(platforms)("on %s what closing does is asked where the system leaves it to a person", async (platform) => {
  const { user, backend } = show({ platform, tray: platform === "linux" });
  await screen.findByTestId("open-path");
  await user.keyboard(platform === "macos" ? "{Meta>},{/Meta}" : "{Control>},{/Control}");
  const settings = await screen.findByTestId("settings");
  await within(settings).findByTestId("settings-autostart");
  const stay = within(settings).queryByTestId<HTMLInputElement>("settings-stay");
  if (platform === "macos") {
    expect(stay).toBeNull();
    return;
  }
  expect(stay?.checked).toBe(true);
  // Without a tray it is said that closing quits all the same.
  expect(within(settings).queryByTestId("no-tray") !== null).toBe(platform === "windows");
  await user.click(stay as HTMLElement);
  await waitFor(async () => expect((await backend.showBackground()).quitsWhenClosed).toBe(true));
  expect(t(CUSTOMS[platform].settings)).toBe("Settings");
});
