import { cleanup, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import type { SettingsView } from "../backend";
import type { FakeOptions } from "../backend/fake";
import { expectAccessible, show } from "./show";

afterEach(cleanup);

async function open(options: FakeOptions = {}) {
  const saved: SettingsView[] = [];
  const shown = show({ opened: true, ...options }, (backend) => {
    const real = backend.changeSettings;
    backend.changeSettings = (settings) => {
      saved.push(settings);
      return real(settings);
    };
  });
  await screen.findByTestId("tree");
  await shown.user.keyboard("{Control>},{/Control}");
  await screen.findByTestId("settings");
  return { ...shown, saved };
}

const line = (command: string) => {
  const found = screen.getAllByTestId("shortcut").find((one) => one.dataset["command"] === command);
  if (!found) throw new Error(`${command} has a line`);
  return within(found);
};

test("starting with the desktop and each kind of notification is changed by itself", async () => {
  const { user, backend } = await open();
  const box = (name: string) => screen.findByTestId<HTMLInputElement>(name);
  expect((await box("settings-autostart")).checked).toBe(false);
  expect((await box("settings-watch")).checked).toBe(false);
  await user.click(await box("settings-watch"));
  await user.selectOptions(screen.getByTestId("settings-every"), "quarterHour");
  await user.click(await box("settings-pause"));
  await user.click(await box("settings-autostart"));
  await user.click(await box("settings-notify-behind"));
  await waitFor(async () =>
    expect(await backend.showBackground()).toEqual({ autostart: true, watch: true, pause: true, every: "quarterHour", quitsWhenClosed: false, hasTray: true, asksWhatClosingDoes: true, notifications: { publishing: true, behind: false, accounts: true } }),
  );
  await expectAccessible();
  backend.changeBackground = async () => {
    throw { code: "storage", message: "The file could not be removed", remedy: "Remove the file yourself" };
  };
  await user.click(await box("settings-autostart"));
  await screen.findByText("The file could not be removed");
  await waitFor(async () => expect((await box("settings-autostart")).checked).toBe(true));
});

test("settings that could not be read are asked for again, and the part that is read is marked", async () => {
  let fails = true;
  const { user } = show({ opened: true }, (backend) => {
    const { showBackground } = backend;
    backend.showBackground = () => (fails ? Promise.reject({ code: "storage", message: "The file could not be read", remedy: null }) : showBackground());
  });
  await screen.findByTestId("tree");
  await user.keyboard("{Control>},{/Control}");
  const retry = await screen.findByTestId("trouble-retry");
  expect(screen.getByRole("region", { name: "Notifications" }).textContent).toContain("could not be read");
  await expectAccessible();
  fails = false;
  await user.click(retry);
  expect((await screen.findByTestId<HTMLInputElement>("settings-notify-behind")).closest("section")?.getAttribute("aria-labelledby")).toBe("settings-Notifications");
  await user.click(screen.getByRole("button", { name: "Notifications" }));
  expect(screen.getByRole("button", { name: "Notifications" }).getAttribute("aria-current")).toBe("true");
  expect(screen.getByRole("button", { name: "Appearance" }).hasAttribute("aria-current")).toBe(false);
});

test("contrast, motion and zoom are kept and seen at once", async () => {
  const { user, saved } = await open();
  const root = document.documentElement.dataset;
  expect([root["contrast"], root["motion"]]).toEqual(["usual", "usual"]);
  await expectAccessible();
  await user.selectOptions(screen.getByTestId("settings-contrast"), "yes");
  await user.selectOptions(screen.getByTestId("settings-motion"), "yes");
  await user.selectOptions(screen.getByTestId("settings-zoom"), "125");
  expect(saved.at(-1)?.window).toMatchObject({ highContrast: true, reducedMotion: true, zoom: 125 });
  await waitFor(() => expect([root["contrast"], root["motion"]]).toEqual(["more", "reduced"]));
  await user.selectOptions(screen.getByTestId("settings-contrast"), "system");
  expect(saved.at(-1)?.window.highContrast).toBeNull();
  await user.keyboard("{Control>}={/Control}");
  expect(saved.at(-1)?.window.zoom).toBe(135);
  await user.keyboard("{Control>}0{/Control}");
  expect(saved.at(-1)?.window.zoom).toBe(100);
});

test("contrast and motion are as the desktop tells the core, unless somebody decides", async () => {
  let now = { moreContrast: true, lessMotion: true };
  let changed = () => {};
  const { user } = show({ opened: true }, (backend) => {
    const { onChange } = backend;
    backend.onChange = (event, call) => {
      if (event === "appearance-changed") changed = call;
      return onChange(event, call);
    };
    backend.showAppearance = async () => now;
  });
  const root = document.documentElement.dataset;
  const are = (contrast: string, motion: string) => waitFor(() => expect([root["contrast"], root["motion"]]).toEqual([contrast, motion]));
  // What was told before the page listened counts too.
  await are("more", "reduced");
  for (const [moreContrast, lessMotion] of [[false, true], [true, false], [false, false], [true, true]] as const) {
    now = { moreContrast, lessMotion };
    changed();
    await are(moreContrast ? "more" : "usual", lessMotion ? "reduced" : "usual");
  }
  await user.keyboard("{Control>},{/Control}");
  await user.selectOptions(await screen.findByTestId("settings-contrast"), "no");
  await are("usual", "reduced");
  await user.selectOptions(screen.getByTestId("settings-motion"), "no");
  await are("usual", "usual");
  await user.selectOptions(screen.getByTestId("settings-motion"), "system");
  await are("usual", "reduced");
});

test("what a publish is like is kept, and is what the next one begins with", async () => {
  const { user, saved } = await open();
  await user.selectOptions(screen.getByTestId("settings-conflict"), "overwrite");
  await user.selectOptions(screen.getByTestId("settings-orphan"), "archive");
  await user.selectOptions(screen.getByTestId("settings-width"), "full");
  await user.selectOptions(screen.getByTestId("settings-editor"), "legacy");
  await user.type(screen.getByTestId("settings-message"), "From the handbook");
  await user.click(screen.getByTestId("settings-verify"));
  const number = screen.getByTestId("settings-concurrency");
  await user.clear(number);
  await user.type(number, "400");
  await user.tab();
  expect(saved.at(-1)?.publish).toEqual({
    onConflict: "overwrite",
    onOrphan: "archive",
    message: "From the handbook",
    pageWidth: "full",
    editor: "legacy",
    setsLabels: false,
    minorEdit: false,
    verify: true,
    concurrency: 64,
  });
  await user.click(screen.getByTestId("publish-tab"));
  // What the settings and the repository say holds unless something else is chosen for this publish.
  expect(screen.getByTestId<HTMLSelectElement>("publish-conflict").value).toBe("");
  expect(screen.getByLabelText<HTMLInputElement>("Version message").value).toBe("From the handbook");
});

test("a shortcut is chosen by its keys, and runs its command then", async () => {
  const { user, saved } = await open();
  await user.click(line("audit").getByTestId("shortcut-keys"));
  expect(line("audit").getByTestId("shortcut-keys").textContent).toBe("Press the keys…");
  await expectAccessible();
  await user.keyboard("{Control>}{Shift>}L{/Shift}{/Control}");
  expect(saved.at(-1)?.window.shortcuts).toEqual({ audit: "Mod+Shift+L" });
  expect(line("audit").getByTestId("shortcut-keys").textContent).toBe("Ctrl+Shift+L");
  await user.keyboard("{Control>}3{/Control}");
  expect(screen.queryByTestId("audit")).toBeNull();
  await user.keyboard("{Control>}{Shift>}L{/Shift}{/Control}");
  await screen.findByTestId("audit");
  expect(screen.getByTestId("audit-button").title).toContain("Ctrl+Shift+L");
});

test("keys of another command are told, and taken only when that is agreed to", async () => {
  const { user, saved } = await open();
  await user.click(line("audit").getByTestId("shortcut-keys"));
  await user.keyboard("{Control>}4{/Control}");
  expect((await screen.findByTestId("shortcut-refused")).textContent).toContain("Ctrl+4 is Accounts");
  expect(saved).toEqual([]);
  await expectAccessible();
  await user.click(screen.getByTestId("shortcut-take"));
  expect(saved.at(-1)?.window.shortcuts).toEqual({ audit: "Mod+4", accounts: "" });
  expect(line("accounts").getByTestId("shortcut-keys").textContent).toBe("none");
  // Its usual keys are somebody else's by now.
  await user.click(line("accounts").getByTestId("shortcut-usual"));
  expect((await screen.findByTestId("shortcut-refused")).textContent).toContain("Ctrl+4 is Audit log");
  await user.click(screen.getByTestId("shortcut-take"));
  expect(saved.at(-1)?.window.shortcuts).toEqual({ audit: "" });
  await user.click(line("audit").getByTestId("shortcut-usual"));
  expect(saved.at(-1)?.window.shortcuts).toEqual({});
});

test("keys that text or lists need are refused with the reason, and Escape keeps what was", async () => {
  const { user, saved } = await open();
  await user.click(line("browse").getByTestId("shortcut-keys"));
  await user.keyboard("{Control>}c{/Control}");
  expect((await screen.findByTestId("shortcut-refused")).textContent).toContain("edits text");
  await user.keyboard("{Escape}");
  expect(line("browse").getByTestId("shortcut-keys").textContent).toBe("Ctrl+1");
  await user.click(line("browse").getByTestId("shortcut-none"));
  expect(saved).toHaveLength(1);
  expect(saved[0]?.window.shortcuts).toEqual({ browse: "" });
  expect(screen.getByTestId("settings")).not.toBeNull();
});

test("what was opened is forgotten on request, and what is pinned stays", async () => {
  const { user, backend } = await open({ published: {} });
  await user.click(screen.getByTestId("settings-forget"));
  await screen.findByText(/Forgotten/);
  const now = await backend.startState();
  expect(now.recent).toEqual([]);
  expect(now.publications.map((one) => one.id)).toEqual(["a"]);
});

test("a setting that cannot be kept is put back and said", async () => {
  const { user } = show({ opened: true }, (backend) => {
    backend.changeSettings = vi.fn(async () => {
      throw { code: "storage", message: "The settings could not be written", remedy: "Free some space" };
    });
  });
  await screen.findByTestId("tree");
  await user.keyboard("{Control>},{/Control}");
  await user.selectOptions(await screen.findByTestId("settings-contrast"), "yes");
  expect((await screen.findByTestId("error")).textContent).toContain("Free some space");
  await waitFor(() => expect(document.documentElement.dataset["contrast"]).toBe("usual"));
});

test("another language is spoken at once, everywhere, and kept", async () => {
  const { user, saved } = await open();
  expect(document.documentElement.lang).toBe("en");
  await user.selectOptions(screen.getByTestId("settings-language"), "de");
  expect(saved.at(-1)?.window.language).toBe("de");
  await screen.findByRole("heading", { name: "Einstellungen" });
  expect(document.documentElement.lang).toBe("de");
  expect(screen.getByTestId("publications-button").textContent).toBe("Veröffentlichungen");
  expect(line("audit").getByTestId("shortcut-keys").textContent).toBe("Strg+3");
  await expectAccessible();
  await user.selectOptions(screen.getByTestId("settings-language"), "system");
  await screen.findByRole("heading", { name: "Settings" });
});

test("without a choice the language of the desktop is spoken", async () => {
  await open({ systemLanguage: "de" });
  await screen.findByRole("heading", { name: "Einstellungen" });
  cleanup();
  await open({ systemLanguage: "de", language: "en" });
  await screen.findByRole("heading", { name: "Settings" });
});

test("code has the colors of the window, of high contrast too, or those that somebody chose", async () => {
  const asked: string[] = [];
  const unusable = [{ file: "/home/you/.config/tributary/highlighting/odd.tmTheme", why: "it is no property list in XML", remedy: "Mend the file, or take it out" }];
  let reads = 0;
  const { user } = show({ opened: true, unusable }, (backend) => {
    const real = backend.showFile;
    backend.showFile = (id, path, codeTheme, first, count) => {
      asked.push([codeTheme.chosen ?? "window", codeTheme.isDark ? "dark" : "light", codeTheme.hasHighContrast ? "more" : "usual"].join(" "));
      return real(id, path, codeTheme, first, count).then((view) => (codeTheme.chosen === "Solarized" ? { ...view, background: "#002b36" } : view));
    };
    const list = backend.listCodeThemes;
    backend.listCodeThemes = () => {
      reads += 1;
      return list();
    };
  });
  const source = () => screen.getByTestId("source").querySelector<HTMLElement>(".lines");
  await screen.findByTestId("tree");
  await waitFor(() => expect(asked.at(-1)).toBe("window light usual"));
  await waitFor(() => expect(source()?.dataset["theme"]).toBeUndefined());
  await user.keyboard("{Control>},{/Control}");
  await user.selectOptions(await screen.findByTestId("settings-contrast"), "yes");
  await waitFor(() => expect(asked.at(-1)).toBe("window light more"));
  await user.selectOptions(screen.getByTestId("settings-theme"), "dark");
  await waitFor(() => expect(asked.at(-1)).toBe("window dark more"));
  await user.selectOptions(screen.getByTestId("settings-code"), "high-contrast-light");
  await waitFor(() => expect(asked.at(-1)).toBe("high-contrast-light dark more"));
  // The page beside it is of high contrast too.
  await waitFor(() => expect(document.querySelector("iframe")?.getAttribute("srcdoc")).toContain('<body class="dark contrast">'));
  const choice = screen.getByTestId("settings-code");
  await within(choice).findByText("Solarized");
  expect((await screen.findByTestId("code-unusable")).textContent).toContain("odd.tmThemeit is no property list in XML. Mend the file, or take it out.");
  await expectAccessible();
  const before = reads;
  await user.click(screen.getByTestId("settings-code-again"));
  await waitFor(() => expect(reads).toBe(before + 1));
  await user.selectOptions(choice, "Solarized");
  await waitFor(() => expect(asked.at(-1)).toBe("Solarized dark more"));
  await user.click(screen.getByTestId("settings-close"));
  // Lines that are marked stand out on a ground that is not the window's.
  await waitFor(() => expect([source()?.dataset["theme"], source()?.dataset["contrast"], source()?.style.getPropertyValue("--surface")]).toEqual(["dark", "more", "#002b36"]));
  // What nothing here changes is not shown anew.
  const shown = asked.length;
  await user.keyboard("{Control>},{/Control}");
  await user.selectOptions(await screen.findByTestId("settings-zoom"), "125");
  expect(asked).toHaveLength(shown);
});

test("a theme that is gone from the folder is said to be", async () => {
  const { user } = show({ opened: true }, (backend) => {
    const list = backend.listCodeThemes;
    let reads = 0;
    backend.listCodeThemes = async () => {
      reads += 1;
      return { ...(await list()), own: reads === 1 ? ["Solarized"] : [] };
    };
  });
  await screen.findByTestId("tree");
  await user.keyboard("{Control>},{/Control}");
  const choice = await screen.findByTestId<HTMLSelectElement>("settings-code");
  await within(choice).findByText("Solarized");
  await user.selectOptions(choice, "Solarized");
  await user.click(screen.getByTestId("settings-code-again"));
  await within(choice).findByText("Solarized (not in the folder)");
  expect(choice.value).toBe("Solarized");
});

test("what can be made again is told and cleared, and each folder is opened", async () => {
  const { user, backend } = await open();
  const opened = vi.spyOn(backend, "openStored");
  await waitFor(() => expect(screen.getByTestId("cache-held").textContent).toBe("700 MB are used, of 1.6 GB at most."));
  await expectAccessible();
  await user.click(screen.getByTestId("cache-clear"));
  await waitFor(() => expect(screen.getByTestId("cache-held").textContent).toContain("0 MB are used"));
  expect(screen.getByTestId("cache-cleared").textContent).toContain("Cleared");
  for (const row of screen.getAllByTestId("stored")) await user.click(within(row).getByRole("button"));
  expect(opened.mock.calls.map(([what]) => what)).toEqual(["settings", "data", "cache", "log"]);
  expect(screen.getByRole("button", { name: "Open the folder: Data and audit log" })).toBeTruthy();
  backend.clearCache = async () => {
    throw { code: "storage", message: "The cache could not be cleared", remedy: "Close other windows and commands of Tributary, and try again" };
  };
  await user.click(screen.getByTestId("cache-clear"));
  await screen.findByText("The cache could not be cleared");
  expect(screen.getByTestId("cache-cleared").textContent).toBe("");
});

test("all settings are reset once somebody agreed, and accounts and publications stay", async () => {
  const { user, backend } = await open({ accounts: ["ok"], published: {}, language: "de" });
  await user.selectOptions(screen.getByTestId("settings-language"), "en");
  await user.selectOptions(screen.getByTestId("settings-theme"), "dark");
  await user.selectOptions(screen.getByTestId("settings-zoom"), "150");
  await user.click(await screen.findByTestId("settings-watch"));
  await user.selectOptions(await screen.findByTestId("network-proxy"), "none");
  await user.click(screen.getByTestId("network-save"));
  await waitFor(() => expect(screen.getByTestId("network-saved").textContent).not.toBe(""));
  const before = await backend.startState();
  expect(before.window.zoom).toBe(150);

  await user.click(screen.getByTestId("settings-reset"));
  const dialog = await screen.findByTestId("reset-dialog");
  expect(dialog.textContent).toContain("Accounts, publications");
  await expectAccessible();
  await user.click(screen.getByTestId("reset-not"));
  await waitFor(() => expect(screen.queryByTestId("reset-dialog")).toBeNull());
  expect((await backend.startState()).window.zoom).toBe(150);

  await user.click(screen.getByTestId("settings-reset"));
  await user.click(await screen.findByTestId("reset-go"));
  await waitFor(() => expect(screen.getByTestId("settings-reset-said").textContent).toBe("All settings are as they were at first."));
  expect(screen.queryByTestId("reset-dialog")).toBeNull();
  const value = (id: string) => screen.getByTestId<HTMLSelectElement>(id).value;
  expect(["settings-language", "settings-theme", "settings-zoom"].map(value)).toEqual(["system", "system", "100"]);
  await waitFor(() => expect(value("network-proxy")).toBe("system"));
  expect((await screen.findByTestId<HTMLInputElement>("settings-watch")).checked).toBe(false);
  const now = await backend.startState();
  expect(now.publications).toEqual(before.publications);
  expect(await backend.listAccounts()).toHaveLength(1);
});
