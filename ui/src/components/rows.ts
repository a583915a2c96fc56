/** A row of a tree or list that is drawn only where it is seen. */
export interface Row {
  path: string;
  name: string;
  depth: number;
  isFolder: boolean;
  isOpen: boolean;
  /** A sign before the name. */
  icon: string;
  /** What the sign means, for those who do not see it; empty where the row is what it looks like. */
  sense: string;
  title: string;
  isQuiet: boolean;
  /** Ranges of characters of the name that fit what was looked for. */
  ranges: [number, number][];
}

/** A text in pieces, of which some are marked. Ranges are of characters, sorted. */
export function pieces(text: string, ranges: readonly (readonly [number, number])[]): { text: string; isMarked: boolean }[] {
  if (ranges.length === 0) return [{ text, isMarked: false }];
  const letters = Array.from(text);
  const made: { text: string; isMarked: boolean }[] = [];
  let at = 0;
  for (const [first, end] of ranges) {
    if (first > at) made.push({ text: letters.slice(at, first).join(""), isMarked: false });
    made.push({ text: letters.slice(Math.max(first, at), end).join(""), isMarked: true });
    at = Math.max(at, end);
  }
  if (at < letters.length) made.push({ text: letters.slice(at).join(""), isMarked: false });
  return made;
}
