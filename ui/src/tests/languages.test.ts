/** Every screen in other languages: accented, from right to left, and German. */
import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import App from "../App.svelte";
import { fake, type FakeOptions } from "../backend/fake";
import type { Backend, DoctorStepView } from "../backend";
import { piecesOf, speak, type Language, type MessageId } from "../words.svelte";
import { read as catalogue, windowSources } from "./catalogue";
import { expectAccessible } from "./show";

afterEach(() => {
  cleanup();
  speak("en");
});

/** The strings that the core gave, and parts of them as they are shown. */
class Given {
  readonly #texts = new Set<string>();

  backend(options: FakeOptions): Backend {
    return new Proxy(fake(options), {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== "function" || name === "onChange") return member;
        return (...given: unknown[]) => {
          this.keep(given);
          const answer: unknown = Reflect.apply(member, target, given.map((one) => (typeof one === "function" ? this.#told(one) : one)));
          return Promise.resolve(answer).then(
            (found) => this.keep(found),
            (thrown: unknown) => {
              throw this.keep(thrown);
            },
          );
        };
      },
    });
  }

  #told(call: object): (...now: unknown[]) => unknown {
    return (...now) => Reflect.apply(call as (...now: unknown[]) => unknown, undefined, now.map((one) => this.keep(one)));
  }

  keep<Value>(value: Value): Value {
    if (typeof value === "string") {
      for (const part of [value, ...value.split("/"), ...value.split("\n"), ...value.split("`"), value.slice(0, 8), value.slice(0, 10), value.slice(0, 16)]) this.#texts.add(part.trim());
    } else if (Array.isArray(value)) value.forEach((one) => this.keep(one));
    else if (typeof value === "object" && value !== null) Object.values(value).forEach((one) => this.keep(one));
    return value;
  }

  /** What is left of a text without what the core gave. */
  without(text: string): string {
    const known = [...this.#texts].filter((one) => /[A-Za-z]{2}/.test(one)).sort((a, b) => b.length - a.length);
    return known.reduce((rest, one) => rest.replaceAll(one, ""), text);
  }
}

/** What people are to type, names of languages and forms, and dates, which `Intl` writes. */
const NAMES = /https?:\/\/\S+|\.intern\.example\.com|wiki\.example\.com|\/etc\/ssl\/company\.pem|you@acme\.com|\bDOCS\b|owner\/name|7d, 2026-11-27|1d, 2026-11-30|publish, token|ada, gitlab\.com|\b(CSV|JSON Lines|CEF|OCSF|Syslog|English|Deutsch)\b/g;
const DATES = /\b(January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec|AM|PM|at|in|last|next|yesterday|tomorrow|now)\b|\b(year|month|week|day|hour|minute)s?( ago)?\b/g;

/** What stands in the page to be read, seen or heard. */
function read(): string[] {
  const texts: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    // Code and pages are what somebody wrote, and colored in pieces.
    const around = walker.currentNode.parentElement;
    if (around?.closest("script, style, code, .lines, .diff .text, kbd, mark")) continue;
    // What was typed is marked in it, which parts no word for whoever reads it.
    const marked = around?.closest(".title");
    texts.push((marked?.querySelector("mark") ? marked : walker.currentNode).textContent ?? "");
  }
  for (const element of document.body.querySelectorAll("*")) {
    for (const name of ["aria-label", "title", "placeholder", "alt", "aria-valuetext"]) texts.push(element.getAttribute(name) ?? "");
  }
  return texts;
}

/** Words that stand in the page and are neither accented nor what the core gave. */
function plain(given: Given): string[] {
  const foreign = read().filter((text) => /[A-Za-z]{2}/.test(text.replace(NAMES, "")));
  const left = foreign.map((text) => given.without(text).replace(NAMES, "").replace(DATES, "").trim());
  return [...new Set(left.filter((text) => /[A-Za-z]{2}/.test(text)))];
}

/** The English messages that are others in German, each as it looks with anything put into it. */
function englishForms(): RegExp[] {
  const anything = "\u{F8FF}";
  const [english, german] = [catalogue("en").messages, catalogue("de").messages];
  speak("en");
  const forms = [...english].flatMap(([id, { file, given, text }]) => {
    // Without a word of its own it is the same in every language.
    if (!file.startsWith("window") || text === german.get(id)?.text || !/[A-Za-z]{3}/.test(text.replace(/<[^>]+>/g, ""))) return [];
    const all = Object.fromEntries([...given].map(([name, kind]) => [name, kind === "number" ? 77 : anything]));
    const said = piecesOf(id as MessageId, all).map((piece) => piece.text);
    // An element inside is a text of its own.
    return said.map((piece) => piece.trim()).filter((piece) => /[A-Za-z]{3}/.test(piece));
  });
  speak("de");
  const also = new Set([...german.values()].map(({ text }) => text.trim()));
  const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(anything, ".+").replaceAll("77", "[\\d.,]+");
  return [...new Set(forms)].filter((form) => !also.has(form)).map((form) => new RegExp(`^${escaped(form)}$`, "s"));
}

/** What stands in the page in English and is not what the core gave. */
function leftInEnglish(forms: readonly RegExp[], given: Given): string[] {
  const texts = [...new Set(read().map((text) => text.trim()))].filter((text) => /[A-Za-z]{3}/.test(given.without(text)));
  return texts.filter((text) => forms.some((form) => form.test(text)));
}

async function every(language: Language, look: (given: Given, where: string) => Promise<void>): Promise<void> {
  const begin = async (options: FakeOptions, until: string): Promise<{ user: UserEvent; at: (where: string) => Promise<void> }> => {
    cleanup();
    const given = new Given();
    render(App, { backend: given.backend(options), language });
    await screen.findByTestId(until);
    return { user: userEvent.setup(), at: (where) => look(given, where) };
  };
  const states: FakeOptions["accounts"] = ["ok", "expiring", "needsSignIn", "locked", "forbidden", null];

  const home = await begin({ published: { trouble: "`wiki.acme.com` could not be reached" }, running: true, accounts: states }, "home-publications");
  await home.at("home");
  for (const [button, there] of [["publications-button", "published-grid"], ["audit-button", "audit"], ["accounts-button", "accounts"]] as const) {
    await home.user.click(screen.getByTestId(button));
    await screen.findByTestId(there);
    await home.at(there);
  }
  await home.user.click(screen.getByTestId("sign-in-button"));
  await screen.findByTestId("sign-in-dialog");
  await home.at("signing in");

  const empty = await begin({}, "open-path");
  await empty.at("an empty home");
  await empty.user.click(screen.getByTestId("accounts-button"));
  await screen.findByTestId("accounts-empty");
  await empty.at("no accounts");

  const host = await begin({ git: { signedIn: true } }, "git-hosts");
  await host.user.click((await screen.findAllByTestId("repository"))[0]!);
  await screen.findByTestId("visit");
  await waitFor(() => expect(screen.getByTestId("last-change").textContent).toContain("Bob Baker"));
  await host.user.click(screen.getByTestId("history-button"));
  await screen.findAllByTestId("commit");
  await host.at("a repository");
  await host.user.click(screen.getByTestId("ref-button"));
  await screen.findAllByTestId("ref-item");
  await host.at("branches");

  const steps: DoctorStepView[] = (["fine", "notice", "failed"] as const).map((state) => ({ subject: "git.acme.com", what: "TLS", state, message: "Nobody vouches for it", remedy: "Add the file" }));
  const folder = await begin({ opened: true, records: true, network: { steps } }, "tree");
  await waitFor(() => expect(screen.getAllByTestId("tree-item").length).toBeGreaterThan(0));
  await folder.at("browse");
  await folder.user.keyboard("{Control>},{/Control}");
  await screen.findByTestId("settings-autostart");
  await folder.user.selectOptions(await screen.findByTestId("network-proxy"), "manual");
  await folder.user.click(screen.getByTestId("diagnostics-copy"));
  await screen.findByTestId("diagnostics");
  await folder.user.click(screen.getByTestId("doctor-run"));
  await waitFor(() => expect(screen.getAllByTestId("doctor-step").length).toBe(3));
  await folder.user.type(screen.getByTestId("certificate-host"), "wiki.acme.com");
  await folder.user.type(screen.getByTestId("certificate-file"), "/home/ada/ada.p12");
  await folder.user.type(screen.getByTestId("certificate-passphrase"), "correct horse");
  await folder.user.click(screen.getByTestId("certificate-keep"));
  await screen.findByTestId("certificate-forget");
  await folder.at("settings");
  await folder.user.keyboard("{F1}");
  await screen.findByTestId("shortcut-sheet");
  await folder.at("shortcuts");
  await folder.user.keyboard("{Escape}{Escape}");
  await folder.user.click(screen.getByTestId("menu-button"));
  await screen.findByTestId("menu");
  await folder.at("menu");
  await folder.user.keyboard("{Escape}{Control>}k{/Control}");
  await folder.user.type(await screen.findByTestId("palette-words"), "a");
  await folder.at("palette");
  await folder.user.keyboard("{Escape}");
  await folder.user.click(screen.getByTestId("publish-tab"));
  await folder.at("publish");
  await folder.user.click(screen.getByTestId("start-sandbox"));
  await waitFor(() => expect(screen.getByTestId<HTMLSelectElement>("space-select").value).not.toBe(""));
  await folder.user.click(screen.getByTestId("plan-button"));
  await screen.findAllByTestId("plan-step");
  await folder.at("plan");
  await folder.user.click(screen.getByTestId("publish-button"));
  await screen.findByTestId("report");
  await folder.at("report");
  await folder.user.click(screen.getByTestId("connect-button"));
  await screen.findByTestId("sign-in-host");
  await folder.at("connecting");

  const link = { id: "1", isKnown: false, place: "git.acme.com", space: null, name: "docs/handbook" };
  const file = await begin({ linked: { ...link, publication: null } }, "link-dialog");
  await file.at("a link to a file");
  const publication = await begin({ linked: { ...link, publication: "p1", space: "DOCS" } }, "link-dialog");
  await publication.at("a link to a publication");
}

/** Axe looks at twenty screens; the limit only ends a test that would hang. */
const LONG = 300_000;

test("with accents on, nothing is left without them but what the core gave", async () => {
  const seen: string[] = [];
  await every("pseudo", async (given, where) => {
    seen.push(where);
    // A real screen was looked at.
    expect(document.body.textContent, where).toMatch(/[åéîöû]/);
    expect(plain(given), where).toEqual([]);
  });
  expect(seen).toHaveLength(20);
});

test("from right to left every screen is that, and as accessible", async () => {
  await every("pseudo-rtl", async (_, where) => {
    await waitFor(() => expect(document.documentElement.dir, where).toBe("rtl"));
    await expectAccessible();
  });
}, LONG);

test("in German every screen is German, and as accessible", async () => {
  const forms = englishForms();
  expect(forms.length).toBeGreaterThan(500);
  expect(forms.some((form) => form.test("Signed in as ada at git.acme.com"))).toBe(true);
  await every("de", async (given, where) => {
    await waitFor(() => expect(document.documentElement.lang, where).toBe("de"));
    expect(leftInEnglish(forms, given), where).toEqual([]);
    await expectAccessible();
  });
}, LONG);

test("no style says left or right, so that everything turns with the language", () => {
  const physical = /(?:margin|padding|border)-(?:left|right)|(?:^|[{;\s])(?:left|right)\s*:|text-align:\s*(?:left|right)|float:\s*(?:left|right)|border-(?:top|bottom)-(?:left|right)-radius|style:(?:margin-|padding-)?(?:left|right)=/;
  const uneven = /(?:margin|padding|inset|border-width):\s*\S+ (\S+) \S+ (\S+);/g;
  const styles = import.meta.glob<string>("../styles/*.css", { query: "?raw", import: "default", eager: true });
  const all = [...Object.entries(windowSources).filter(([path]) => path.endsWith(".svelte")), ...Object.entries(styles)];
  expect(all.length).toBeGreaterThan(40);
  const found = all.flatMap(([path, source]) => {
    // A component's styles, and the directives in its markup.
    const lines = source.split("\n").filter((line) => /^\s*[\w-]+:|style:/.test(line) && !/^\s*(\w+)\??: .*[,{]$/.test(line));
    const wrong = lines.filter((line) => physical.test(line) || [...line.matchAll(uneven)].some(([, one, other]) => one !== other));
    return wrong.map((line) => `${path}: ${line.trim()}`);
  });
  // The sign in a checkbox is drawn by two edges of a box that is turned.
  expect(found.filter((line) => !line.endsWith("border-width: 0 0 2px 2px;"))).toEqual([]);
  for (const line of ["left: 0;", "  margin-left: auto;", "text-align: right;"]) expect(physical.test(line), line).toBe(true);
});
