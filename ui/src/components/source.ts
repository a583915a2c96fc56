/** What the view of a source does with lines, without drawing any. */
import type { BlamedView, LinesView, LongLineView, OccurrenceView, RowView, SourceView } from "../backend";
import { t } from "../words.svelte";

/** Rows that are asked for, kept and drawn together: about a screen full. */
export const PART = 50;
/** Parts that are kept above and below what is in front. */
export const PARTS_KEPT = 40;
export const LINE_HEIGHT = 20;
/** The highest page that is made, well below what engines draw. */
export const HIGHEST = 8_000_000;

export interface Piece {
  text: string;
  style: number;
  /** Whether it is what somebody looks for, and whether it is the place that is in front. */
  hit: "" | "hit" | "here";
}

/** A line that is shown in several rows, and the first of them; both counted from 0. */
export interface Placed extends LongLineView {
  row: number;
}

/** Which rows long lines are shown in. */
export function placed(long: readonly LongLineView[]): Placed[] {
  let further = 0;
  return long.map(({ line, rows }) => {
    const row = line + further;
    further += rows - 1;
    return { line, rows, row };
  });
}

/** The last of them that does not begin behind a place. */
function lastUpTo(long: readonly Placed[], isUpTo: (one: Placed) => boolean): Placed | undefined {
  let [low, high] = [0, long.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const one = long[middle];
    if (one && isUpTo(one)) low = middle + 1;
    else high = middle;
  }
  return long[low - 1];
}

/** The row that a line begins in; both counted from 0. */
export function rowOf(line: number, long: readonly Placed[]): number {
  const last = lastUpTo(long, (one) => one.line <= line);
  if (!last) return line;
  return last.line === line ? last.row : last.row + last.rows + line - last.line - 1;
}

/** The line that a row is of, and whether it is the line's first; counted from 0. */
export function lineOf(row: number, long: readonly Placed[]): { line: number; begins: boolean } {
  const last = lastUpTo(long, (one) => one.row <= row);
  if (!last) return { line: row, begins: true };
  const further = row - last.row;
  return further < last.rows ? { line: last.line, begins: further === 0 } : { line: last.line + 1 + further - last.rows, begins: true };
}

/** The parts of a row in one style, cut where what was found begins and ends. So many characters of its
 * line are before it. */
export function cut({ text, ends, styles }: RowView, places: readonly OccurrenceView[], here: OccurrenceView | null, column = 0): Piece[] {
  const parts = ends.map((end, part): Piece => ({ text: text.slice(ends[part - 1] ?? 0, end), style: styles[part] ?? 0, hit: "" }));
  if (places.length === 0) return parts;
  const made: Piece[] = [];
  let at = column;
  for (const part of parts) {
    for (const letter of part.text) {
      const place = places.find(({ first, end }) => first <= at && at < end);
      const hit = place === undefined ? "" : place === here ? "here" : "hit";
      const last = made.at(-1);
      if (last && last.style === part.style && last.hit === hit) last.text += letter;
      else made.push({ ...part, text: letter, hit });
      at += 1;
    }
  }
  return made;
}

/** The text of pieces from one of them up to another one. */
export function textOf(pieces: readonly Piece[], from: number, end: number): string {
  return pieces.slice(from, end).map(({ text }) => text).join("");
}

/** Lines by what was marked first and last, in whichever order. */
export function linesOf(one: number, other: number): LinesView {
  return { first: Math.min(one, other), last: Math.max(one, other) };
}

export function inWords({ first, last }: LinesView): string {
  // As they stand beside the lines, which have no separators.
  return first === last ? t("line-one", { line: String(first) }) : t("line-several", { first: String(first), last: String(last) });
}

/** A file that something leads to, and the line of it that is shown; none for its beginning. */
export interface Jump {
  path: string;
  line: number | null;
}

/** What lines of a file are called as the source of a page. */
export function nameOfLines(path: string, { first, last }: LinesView): string {
  return first === last ? `${path}#L${first}` : `${path}#L${first}-L${last}`;
}

/** The file that a source is in, with its lines where it is no whole file. */
export function placeOf(source: string): { path: string; lines: LinesView | null } {
  const named = /^(.+)#L(\d+)(?:-L?(\d+))?$/.exec(source);
  if (!named?.[1]) return { path: source, lines: null };
  return { path: named[1], lines: linesOf(Number(named[2]), Number(named[3] ?? named[2])) };
}

/** What takes lines into a page written in Markdown, as code with their numbers. */
export function snippetOf(path: string, { first, last }: LinesView): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const ending = name.includes(".") ? name.slice(name.lastIndexOf(".") + 1) : "";
  return `\`\`\`${ending} title="${name}" linenums="${first}"\n--8<-- "${path}:${first}:${last}"\n\`\`\`\n`;
}

/** The lines that came together with a line, which is counted from 1; none where nobody knows. */
export function partAt(parts: readonly BlamedView[], line: number): number | null {
  let [low, high] = [0, parts.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const part = parts[middle];
    if (!part) break;
    if (part.last < line) low = middle + 1;
    else if (part.first > line) high = middle - 1;
    else return middle;
  }
  return null;
}

/** Where parts of rows begin that are not all as high as each other: as high as they were measured, or
 * as a row usually is. The lines of a file that wrap are such rows. */
export function topsOf(total: number, heights: ReadonlyMap<number, number>, size = PART, high = LINE_HEIGHT): number[] {
  const tops = [0];
  for (let part = 0; part * size < total; part += 1) {
    const usual = Math.min(size, total - part * size) * high;
    tops.push((tops[part] ?? 0) + (heights.get(part) ?? usual));
  }
  return tops;
}

/** Whether light text belongs on a ground, which is written as `#rrggbb`. */
export function isDark(ground: string): boolean {
  const [red = 255, green = 255, blue = 255] = [1, 3, 5].map((at) => Number.parseInt(ground.slice(at, at + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}

/** What a file is when it has no lines to show, in words. */
export function instead(view: SourceView): string {
  const { size } = view;
  switch (view.kind) {
    case "empty":
      return t("source-empty");
    case "tooLarge":
      return t("source-large", { size });
    case "pdf":
      return t("source-pdf", { size });
    case "link":
      return t("source-link");
    case "submodule":
      return t("source-submodule");
    default:
      return t("source-binary", { size });
  }
}
