/** Signs in names and addresses that would turn the direction of the text or hide, marked as the core
 * marks them in what it shows. */

/** By their numbers: as they are, they would turn this line around. */
const RANGES: readonly (readonly [number, number])[] = [
  [0x61c, 0x61c],
  [0x200b, 0x200b],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x2069],
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
  [0xe0000, 0xe007f],
];

const inWords = (sign: string) => `⟨U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
const oneOf = (ranges: readonly (readonly [number, number])[]) => new RegExp(`[${ranges.map((range) => range.map((code) => `\\u{${code.toString(16)}}`).join("-")).join("")}]`, "gu");

const TREACHEROUS = oneOf(RANGES);
/** Those that turn what is behind them, and stand in no text of ours. */
const TURNING = oneOf([[0x202a, 0x202e]]);

/** A name or an address as it is shown. */
export function visible(text: string): string {
  return text.replace(TREACHEROUS, inWords);
}

/** The name of a branch or tag, without what says which of both it is. */
export function shortName(reference: string): string {
  return reference.replace(/^refs\/(heads|tags)\//, "");
}

/** The beginning of the full id of a commit, of either kind; any other name as it is. */
export function shortId(name: string): string {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(name) ? name.slice(0, 8) : name;
}

/** What is put into a sentence. */
export function unturned(text: string): string {
  return text.replace(TURNING, inWords);
}
