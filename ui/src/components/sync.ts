/** Scrolling two views of one document together, by the line of the source. */

export interface Mark {
  line: number;
  top: number;
}

/** Where a line is in the other view, between the two marks around it. */
export function topOfLine(marks: readonly Mark[], line: number): number {
  const next = marks.findIndex((mark) => mark.line > line);
  if (next === -1) return marks.at(-1)?.top ?? 0;
  const after = marks[next];
  const before = marks[next - 1];
  if (!after) return 0;
  if (!before) return (after.top * line) / Math.max(1, after.line);
  const share = (line - before.line) / (after.line - before.line);
  return before.top + share * (after.top - before.top);
}

/** Which line is at a place of the other view. */
export function lineOfTop(marks: readonly Mark[], top: number): number {
  const next = marks.findIndex((mark) => mark.top > top);
  if (next === -1) return marks.at(-1)?.line ?? 1;
  const after = marks[next];
  const before = marks[next - 1];
  if (!after) return 1;
  if (!before) return Math.max(1, (after.line * top) / Math.max(1, after.top));
  const share = (top - before.top) / (after.top - before.top);
  return before.line + share * (after.line - before.line);
}
