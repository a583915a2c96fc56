/** What the window says, in the language that somebody chose. The words are in `locales/`, in Fluent's
 * form; nothing of them is downloaded. Whatever calls `t` is drawn anew when the language changes. */
import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";
import type { Messages } from "./messages";
import { accented, turned } from "./pseudo";
import { unturned } from "./visible";

export type MessageId = keyof Messages;
/** The messages that nothing is put into. */
export type PlainId = { [Id in MessageId]: Messages[Id] extends undefined ? Id : never }[MessageId];
/** What has to be put into a message; nothing for most. */
export type Arguments<Id extends MessageId> = Messages[Id] extends undefined ? [] : [Messages[Id]];

/** The languages that the window speaks. The last two are for tests and development: English with
 * accents and a third longer, and the same from right to left. */
export const languages = ["en", "de", "pseudo", "pseudo-rtl"] as const;
export type Language = (typeof languages)[number];

const sources = import.meta.glob<string>("../../locales/*/window/*.ftl", { query: "?raw", import: "default", eager: true });
const bundles = new Map<Language, FluentBundle>();

let spoken = $state<Language>("en");

/** Changes the language, everywhere at once. */
export function speak(language: Language): void {
  spoken = language;
}

export function language(): Language {
  return spoken;
}

/** From where to where the language is written. */
export function direction(): "ltr" | "rtl" {
  return spoken === "pseudo-rtl" ? "rtl" : "ltr";
}

/** The language's own name, as `<html lang>` has it. */
export function tag(): string {
  return isPseudo(spoken) ? "en" : spoken;
}

/** Where numbers and dates are written as they are here: the country of the desktop, if its language
 * is the one that is spoken. */
export function locale(): string {
  const wanted = tag();
  return navigator.languages?.find((one) => one === wanted || one.startsWith(`${wanted}-`)) ?? wanted;
}

/** The best language for what a desktop prefers, such as `de-AT`. */
export function fitting(preferred: readonly string[]): Language {
  for (const one of preferred) {
    const base = one.toLowerCase().split(/[-_.]/)[0];
    if (base === "en" || base === "de") return base;
  }
  return "en";
}

/** Whether there is a message, such as for a word that the core gave. */
export function isMessage(id: string): id is MessageId {
  return bundleOf("en").hasMessage(id);
}

/** A message in words. */
export function t<Id extends MessageId>(id: Id, ...given: Arguments<Id>): string {
  return format(id, given[0]);
}

/** A word of the core in the language that is spoken; as it is where the catalogue has none for it. */
export function wordFor(prefix: string, word: string): string {
  const id = `${prefix}-${word.replaceAll("_", "-").replaceAll(".", "-")}`;
  return isMessage(id) ? format(id, undefined) : word.replaceAll("_", " ");
}

/** A piece of a message: plain, or what stands between `<part>` and `</part>`. */
export interface Piece {
  part: string | null;
  text: string;
}

/** A message in pieces, for elements inside of it. What is put into it never makes a piece. */
export function piecesOf(id: MessageId, given: Record<string, string | number> | undefined): Piece[] {
  // A sign that nobody types stands for the one that begins a piece, until all pieces are known.
  const safe = Object.entries(given ?? {}).map(([name, value]) => [name, typeof value === "string" ? value.replaceAll("<", HELD) : value]);
  const text = format(id, Object.fromEntries(safe));
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of text.matchAll(/<([a-z]+)>(.*?)<\/\1>/gs)) {
    if (found.index > at) pieces.push({ part: null, text: text.slice(at, found.index) });
    pieces.push({ part: found[1] ?? null, text: found[2] ?? "" });
    at = found.index + found[0].length;
  }
  if (at < text.length) pieces.push({ part: null, text: text.slice(at) });
  return pieces.map((piece) => ({ ...piece, text: piece.text.replaceAll(HELD, "<") }));
}

const HELD = "\u{E000}";

/** A number as people here write it. */
export function number(value: number, options: Intl.NumberFormatOptions = {}): string {
  return new Intl.NumberFormat(locale(), options).format(value);
}

/** Several things as people here enumerate them, all of them. */
export function list(items: readonly string[]): string {
  const where = locale();
  // Ten thousand rows have one each.
  const known = lists.get(where) ?? new Intl.ListFormat(where, { style: "short", type: "unit" });
  lists.set(where, known);
  return known.format(items);
}
const lists = new Map<string, Intl.ListFormat>();

function format(id: string, given: Record<string, string | number> | undefined): string {
  const bundle = bundleOf(spoken);
  const message = bundle.getMessage(id);
  // The types allow only what is there, and a test that nothing lacks in a language.
  if (!message?.value) return id;
  return bundle.formatPattern(message.value, given ? isolated(given) : null);
}

const BIDIRECTIONAL = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;

/** The signs that isolate a text; by their numbers, since they would turn this line around. */
const [ISOLATE, ISOLATED] = [String.fromCodePoint(0x2068), String.fromCodePoint(0x2069)];

/** Keeps what is put into a sentence from turning it around: names in another direction than the
 * sentence stand in marks of their own. In a language from right to left all of them do. */
function isolated(given: Record<string, string | number>): Record<string, FluentVariable> {
  const turns = (value: string) => direction() === "rtl" || BIDIRECTIONAL.test(value);
  const whole = (value: string) => (turns(value) ? `${ISOLATE}${unturned(value)}${ISOLATED}` : value);
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, typeof value === "string" ? whole(value) : value]));
}

function isPseudo(language: Language): boolean {
  return language === "pseudo" || language === "pseudo-rtl";
}

function bundleOf(wanted: Language): FluentBundle {
  const known = bundles.get(wanted);
  if (known) return known;
  const folder = isPseudo(wanted) ? "en" : wanted;
  // Names of other scripts are isolated here, and others not: they would carry signs along when a
  // sentence is copied.
  const bundle = new FluentBundle(folder, { useIsolating: false, ...(isPseudo(wanted) ? { transform: wanted === "pseudo-rtl" ? turned : accented } : {}) });
  for (const [path, text] of Object.entries(sources)) if (path.includes(`/${folder}/`)) bundle.addResource(new FluentResource(text));
  bundles.set(wanted, bundle);
  return bundle;
}
