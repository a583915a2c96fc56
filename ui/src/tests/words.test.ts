import { afterEach, expect, test } from "vitest";
import { ago, day, inFull, moment } from "../components/time";
import { accented } from "../pseudo";
import { fitting, isMessage, list, number, piecesOf, speak, t, wordFor } from "../words.svelte";
import { filesOf, languagesThere, read, shellSources, types, windowSources } from "./catalogue";

afterEach(() => speak("en"));

const english = read("en");

test("every language has all messages, with the same parts and the same put into them", () => {
  expect(languagesThere()).toEqual(["de", "en"]);
  expect(english.messages.size).toBeGreaterThan(100);
  expect(english.wrong).toEqual([]);
  for (const language of languagesThere()) {
    const { messages, wrong } = read(language);
    expect(wrong).toEqual([]);
    expect(filesOf(language)).toEqual(filesOf("en"));
    const differences = [...new Set([...english.messages.keys(), ...messages.keys()])].flatMap((id) => {
      const [one, other] = [english.messages.get(id), messages.get(id)];
      if (!one || !other) return [`${id} is only in ${one ? "en" : language}`];
      const shape = ({ file, given, parts }: typeof one) => JSON.stringify([file, [...given].sort(), parts]);
      return shape(one) === shape(other) ? [] : [`${id}: ${shape(one)} and ${shape(other)}`];
    });
    expect(differences).toEqual([]);
  }
});

test("the types of messages are those of the catalogue", async () => {
  await expect(types()).toMatchFileSnapshot("../messages.ts");
});

test("every message is used, and whatever is used is there", () => {
  const window = Object.values(windowSources);
  const shell = Object.values(shellSources);
  expect(Math.min(window.length, shell.length)).toBeGreaterThan(20);
  const unused = (texts: string[], ids: string[]) => {
    const all = texts.join("\n");
    const literal = new Set([...all.matchAll(/"([A-Za-z0-9-]+)"/g)].map((found) => found[1]));
    // `t(`state-${state}`)` and `wordFor("outcome", …)` use all that begin so.
    const prefixes = [...all.matchAll(/(?:\bt\(|id=\{)`([a-z-]+-)\$\{/g), ...all.matchAll(/\bwordFor\("([a-z]+)"/g)].map((found) => (found[1] ?? "").replace(/-?$/, "-"));
    return ids.filter((id) => !literal.has(id) && !prefixes.some((prefix) => id.startsWith(prefix)));
  };
  const of = (folder: string) => [...english.messages].filter(([, { file }]) => file.startsWith(folder)).map(([id]) => id);
  expect(unused(window, of("window"))).toEqual([]);
  expect(unused(shell, of("desktop"))).toEqual([]);
  // In the window the types say so; in the shell every id is written where it is said.
  const said = shell.flatMap((text) => [...text.matchAll(/"((?:tray|dialog|notice|access)-[a-z-]+)"/g)].map((found) => found[1] ?? ""));
  expect(said.length).toBeGreaterThan(20);
  expect(said.filter((id) => !english.messages.has(id))).toEqual([]);
});

test("German is German: no message of more than one word is left in English", () => {
  const german = read("de").messages;
  const same = [...english.messages].filter(([id, { text }]) => text.trim().split(/\s+/).length > 1 && text === german.get(id)?.text);
  // Names, and what is written into Confluence, which is the same for everybody who reads it there.
  expect(same.map(([id]) => id)).toEqual(["file-kind-lfs", "by-when", "settings-message-usual"]);
});

test("the language of the desktop is spoken where it is known", () => {
  expect(["de-AT", "de_DE.UTF-8", "DE"].map((tag) => fitting([tag]))).toEqual(["de", "de", "de"]);
  expect(fitting(["fr-FR", "de", "en"])).toBe("de");
  expect(fitting(["fr"])).toBe("en");
  expect(fitting([])).toBe("en");
});

test("plurals, numbers and lists are those of the language", () => {
  expect([1, 2, 1234].map((count) => t("publications-count-behind", { count }))).toEqual(["1 page behind", "2 pages behind", "1,234 pages behind"]);
  expect([1, 299, 300].map((commits) => t("behind-by", { commits }))).toEqual(["1 commit behind", "299 commits behind", "300+ commits behind"]);
  expect(number(0.5)).toBe("0.5");
  expect(list(["a", "b"])).toBe("a, b");
  speak("de");
  expect([1, 2, 1234].map((count) => t("publications-count-behind", { count }))).toEqual(["1 Seite veraltet", "2 Seiten veraltet", "1.234 Seiten veraltet"]);
  expect(number(0.5)).toBe("0,5");
});

test("days and times are those of the language", () => {
  // Of the machine's own time zone, so that it is the same everywhere.
  const when = new Date(2026, 10, 3, 15, 4).toISOString();
  const seconds = Date.parse(when);
  const agos = () => [30, 110 * 60, 86_400, 3 * 604_800, 400 * 86_400].map((past) => ago(when, seconds + past * 1000));
  expect(agos()).toEqual(["just now", "2 hours ago", "yesterday", "3 weeks ago", "last year"]);
  expect([day, inFull, moment].map((write) => write(when).replace(/\s/g, " "))).toEqual(["Nov 3, 2026", "November 3, 2026 at 3:04 PM", "11/3/2026, 3:04:00 PM"]);
  speak("de");
  expect(agos()).toEqual(["gerade eben", "vor 2 Stunden", "gestern", "vor 3 Wochen", "letztes Jahr"]);
  expect([day, inFull, moment].map((write) => write(when).replace(/\s/g, " "))).toEqual(["3. Nov. 2026", "3. November 2026 um 15:04", "3.11.2026, 15:04:00"]);
  // What is no date is shown as it is.
  expect([ago, day, inFull, moment].map((write) => write("some day"))).toEqual(Array(4).fill("some day"));
});

test("a word of the core is translated where the catalogue has it, and shown as it is elsewhere", () => {
  expect(isMessage("state-behind")).toBe(true);
  speak("de");
  expect(wordFor("state", "behind")).toBe("veraltet");
  expect(wordFor("state", "not_known_here")).toBe("not known here");
});

test("what is put into a message makes no element, and turns no sentence around", () => {
  const pieces = piecesOf("publications-to", { space: "<muted>x</muted>", site: "a<b" });
  expect(pieces).toEqual([{ part: "muted", text: "to <muted>x</muted> at a<b" }]);
  expect(t("app-opening", { address: "example.com" })).toBe("Opening example.com…");
  expect(t("app-opening", { address: "מדריך" })).toBe("Opening \u2068מדריך\u2069…");
  expect(t("app-opening", { address: "a\u202Eb" })).toBe("Opening \u2068a⟨U+202E⟩b\u2069…");
  speak("pseudo-rtl");
  expect(t("app-opening", { address: "example.com" })).toContain("\u2068example.com\u2069");
});

test("accents are on every letter of words, longer by a third, and on no name of a part", () => {
  expect(accented("Sign <link>in</link>")).toMatch(/^[^a-zA-Z]+<link>[^a-zA-Z]+<\/link>$/);
  expect(accented("abcdef").length).toBe(8);
  // Letters of a script from right to left are turned, and neither parts nor what is put in.
  speak("pseudo-rtl");
  const pieces = piecesOf("publications-to", { space: "A", site: "B" });
  expect(pieces[0]?.text).toMatch(/^\u202E[^a-zA-Z]+\u202C\u2068A\u2069\u202E[^a-zA-Z]+\u202C\u2068B\u2069$/);
  speak("pseudo");
  expect(t("app-opening", { address: "example.com" })).toMatch(/^[^a-zA-Z]+example\.com…$/);
  expect(piecesOf("publications-to", { space: "A", site: "B" }).map(({ part }) => part)).toEqual(["muted"]);
});
