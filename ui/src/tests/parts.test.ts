import { expect, test } from "vitest";
import { lineOfTop, topOfLine } from "../components/sync";
import { above, rowsOf } from "../components/tree";

test("a line is found between the marks around it, both ways", () => {
  const marks = [
    { line: 1, top: 0 },
    { line: 11, top: 100 },
    { line: 21, top: 400 },
  ];
  for (const line of [1, 6, 11, 16]) {
    expect(lineOfTop(marks, topOfLine(marks, line))).toBeCloseTo(line);
  }
  expect(topOfLine(marks, 16)).toBe(250);
  expect(topOfLine(marks, 99)).toBe(400);
  expect(topOfLine([], 5)).toBe(0);
  expect(lineOfTop([], 5)).toBe(1);
});

test("folders open and close, and a filter shows every file that fits", () => {
  const file = (path: string) => ({ path, size: 1, kind: "document" as const, skipped: null });
  const files = ["a/b/c.md", "a/d.md", "z.md"].map(file);
  const names = (open: string[], filter = "") => rowsOf(files, new Set(open), filter).map((row) => row.path);
  expect(names([])).toEqual(["a", "z.md"]);
  expect(names(["a", "a/b"])).toEqual(["a", "a/b", "a/b/c.md", "a/d.md", "z.md"]);
  expect(names([], "abc")).toEqual(["a/b/c.md"]);
  expect(names([], "nothing")).toEqual([]);
  expect(above("a/b/c.md")).toEqual(["a", "a/b"]);
});
