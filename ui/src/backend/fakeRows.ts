/** The rows of a text as the program gives them: a line is one, a long line several. */
import type { RowView, SourceView } from "./index";

const LONGEST = 4096;
const OF_A_ROW = 256;
/** What is given at once. */
const MOST = 16 * 1024;

interface Row {
  number: number;
  column: number;
  text: string;
}

function cut(text: string): Row[] {
  return text.split("\n").flatMap((line, number) => {
    const letters = [...line];
    if (letters.length <= LONGEST) return [{ number, column: 0, text: line }];
    return Array.from({ length: Math.ceil(letters.length / OF_A_ROW) }, (_, row) => ({
      number,
      column: row * OF_A_ROW,
      text: letters.slice(row * OF_A_ROW, (row + 1) * OF_A_ROW).join(""),
    }));
  });
}

/** A row that has one style from its beginning to its end. */
export function inOneStyle(text: string, style = 0): RowView {
  return { text, ends: [text.length], styles: [style] };
}

/** The row that a character of a line is in. */
export function rowAt(text: string, line: number, column: number): number {
  return cut(text).filter((row) => row.number < line || (row.number === line && row.column <= column)).length - 1;
}

export function rowsOf(text: string, first: number, count: number, isDark = false): Pick<SourceView, "totalLines" | "totalRows" | "first" | "palette" | "rows" | "columns" | "longLines"> {
  const lines = text.split("\n");
  const all = cut(text);
  let given = 0;
  const rows = all.slice(first, first + count).filter((row, at) => {
    const isFirst = at === 0;
    given += row.text.length;
    return isFirst || given <= MOST;
  });
  const long = lines.map((_, line) => ({ line, rows: all.filter((row) => row.number === line).length }));
  return {
    totalLines: lines.length,
    totalRows: all.length,
    first,
    palette: [
      { color: isDark ? "#e6edf3" : "#24292f", bold: false, italic: false, underline: false },
      { color: isDark ? "#79c0ff" : "#0550ae", bold: true, italic: false, underline: false },
    ],
    rows: rows.map(({ text }) => inOneStyle(text, text.startsWith("#") ? 1 : 0)),
    columns: rows.map((row) => row.column),
    longLines: first === 0 ? long.filter(({ rows }) => rows > 1) : [],
  };
}
