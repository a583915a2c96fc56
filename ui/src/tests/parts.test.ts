import { expect, test } from "vitest";
import { isElsewhere, linkIn, pathsOf } from "../components/links";
import { clean, linkAt, serversOf } from "../components/page";
import { lineOfTop, topOfLine } from "../components/sync";
import { above, Files } from "../components/tree";

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
  const tree = new Files(files);
  const names = (open: string[]) => tree.rows(new Set(open)).map((row) => row.path);
  const found = (filter: string) => tree.find(filter).rows.map((row) => row.path);
  expect(names([])).toEqual(["a", "z.md"]);
  expect(names(["a", "a/b"])).toEqual(["a", "a/b", "a/b/c.md", "a/d.md", "z.md"]);
  expect(found("abc")).toEqual(["a/b/c.md"]);
  expect(found("nothing")).toEqual([]);
  expect(above("a/b/c.md")).toEqual(["a", "a/b"]);
});

test("of a hundred thousand files the best that fit are shown, whatever was typed before", () => {
  const paths = Array.from({ length: 100_000 }, (_, number) => `part-${number % 7}/setup-${number}/page.md`);
  paths[70_000] = "Docs/Setup.md";
  paths[80_000] = "docs/s-e-t-u-p.md";
  const files = paths.map((path) => ({ path, size: 1, kind: "document" as const, skipped: null }));
  const tree = new Files(files);
  for (const typed of ["s", "se", "setup", "setup d", "setup do", "setup docs"]) {
    const { rows, fitting } = tree.find(typed);
    // By the name, then by the path, then letter by letter.
    if (typed === "setup") {
      expect(rows[0]?.path).toBe("Docs/Setup.md");
      expect(fitting).toBe(100_000);
    }
    expect(rows.length).toBeLessThanOrEqual(200);
    if (typed === "setup do") expect(fitting).toBe(new Files(files).find(typed).fitting);
  }
  const both = tree.find("setup docs").rows;
  expect(both.map(({ path }) => path)).toEqual(["Docs/Setup.md", "docs/s-e-t-u-p.md"]);
  expect(both[0]?.ranges).toEqual([[0, 4], [5, 10]]);
  // A letter taken back finds what the longer word had left out.
  expect(tree.find("s").fitting).toBe(100_000);
  expect(tree.find("page").fitting).toBe(99_998);
  expect(tree.find("zzz")).toEqual({ rows: [], fitting: 0 });
});

test("of a page only known elements, attributes and addresses get through", () => {
  const picture = "data:image/png;base64,iVBORw0KGgo=";
  for (const [given, wanted] of [
    ["<p data-line=\"2\">a <b>b</b></p>", "<p data-line=\"2\">a b</p>"],
    ["<p onclick=\"x()\" style=\"color:red\">a</p>", "<p>a</p>"],
    ["<a href=\"docs/setup.md#one\" target=\"_top\">a</a>", "<a href=\"about:srcdoc#tributary/link/0\" title=\"docs/setup.md#one\">a</a>"],
    ["<a href=\"#one\">a</a>", "<a href=\"about:srcdoc#one\">a</a>"],
    ["<a href=\"https://example.com/a:b\">a</a>", "<a href=\"about:srcdoc#tributary/link/0\" title=\"https://example.com/a:b\">a</a>"],
    ["<a href=\"java\nscript:x()\">a</a>", "<a>a</a>"],
    ["<a href=\" JaVaScRiPt:x()\">a</a>", "<a>a</a>"],
    ["<a href=\"data:text/html,x\">a</a>", "<a>a</a>"],
    ["<a href=\"vbscript:x\">a</a><a href=\"file:///etc/passwd\">b</a>", "<a>a</a><a>b</a>"],
    [`<img src="${picture}" alt="a" srcset="https://example.com/a 2x">`, `<img alt="a" src="${picture}">`],
    ["<img src=\"data:text/html,x\">", "<img>"],
    ["<img src=\"repository://localhost/a.png\">", "<img src=\"repository://localhost/a.png\">"],
    ["<svg><script>x()</script></svg>", "x()"],
    ["<iframe src=\"https://example.com\"></iframe><form action=\"/x\"><input></form>", ""],
    ["<math><mi><a href=\"#\">a</a></mi></math>", "a"],
    ["<p>a</p><template><img src=x></template><style>p { color: red }</style>", "<p>a</p>p { color: red }"],
  ] as const) {
    expect(clean(given)).toMatchObject({ html: wanted, elsewhere: [] });
  }
});

test("a link of a page leads to a place of its own frame, which tells where it leads", () => {
  const { html, links } = clean('<a href="#one">a</a><a href="docs/b.md">b</a><a title="c" href="https://example.com/">c</a><a href="about:srcdoc#tributary/link/1">d</a>');
  expect(links).toEqual(["docs/b.md", "https://example.com/"]);
  expect([...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual(["about:srcdoc#one", "about:srcdoc#tributary/link/0", "about:srcdoc#tributary/link/1"]);
  expect([...html.matchAll(/title="([^"]*)"/g)].map(([, title]) => title)).toEqual(["docs/b.md", "c"]);
  expect(linkAt("#tributary/link/1", links)).toBe("https://example.com/");
  for (const place of ["", "#one", "#tributary/link/2", "#tributary/link/", "#tributary/link/x", "#followed"]) expect(linkAt(place, links)).toBeNull();
});

test("pictures of other servers are left out until they were fetched, and named", () => {
  const html = "<img src=\"https://a.example/1.png\" alt=\"one\"><img src=\"//b.example/2.png\"><img src=\"https://a.example/1.png\">";
  const before = clean(html);
  expect(before.elsewhere).toEqual(["https://a.example/1.png", "https://b.example/2.png"]);
  expect(before.html).not.toContain("src=");
  expect(serversOf(before.elsewhere)).toEqual(["a.example", "b.example"]);
  const after = clean(html, new Map([["https://a.example/1.png", "data:image/gif;base64,R0lG"], ["https://b.example/2.png", "https://b.example/2.png"]]));
  expect(after.html.match(/src="data:image\/gif;base64,R0lG"/g)).toHaveLength(2);
  expect(after.html).not.toContain("b.example");
});

test("a link is known in every form that it is copied in, and text is none", () => {
  for (const link of [
    "https://github.com/acme/handbook/blob/main/docs/pay.md#L1-L3",
    "ssh://git@git.acme.com:7999/acme/handbook.git",
    "git@github.com:acme/handbook.git",
    // Without the scheme, which some browsers leave out.
    "github.com/acme/handbook",
    "github.com/acme/handbook/blob/feature/x/docs/pay.md#L1-L3",
    "git.acme.com:8443/projects/ACME/repos/handbook/browse/a.md?at=main",
  ]) {
    expect(linkIn(link)).toBe(link);
    expect(linkIn(`# a comment of the list\n  ${link} \nThe title of it\n`)).toBe(link);
  }
  for (const text of ["", "words", "see github.com/acme/handbook", "github.com/acme", "github.com/acme/", "docs/a/b.md", "./docs/a/b.md", "1.2/3/4", "v1.0/docs/a.md", "..", "a./b/c", ".com/b/c", "github.com/a b/c"]) {
    expect(linkIn(text)).toBeNull();
  }
  // However long a text is, it is soon known that it is none.
  expect(linkIn(`${"a.".repeat(50_000)}/ `)).toBeNull();
  expect(linkIn(`a.com/${"b/".repeat(50_000)} c`)).toBeNull();
});

test("a link on a page may mean a file in several ways, the likeliest first", () => {
  expect(pathsOf("../a%20b.md#c", "docs/x/y.md")).toEqual(["docs/a b.md", "docs/a b.md.md", "docs/a b.md.adoc", "docs/a b.md/README.md", "docs/a b.md/index.md"]);
  expect(pathsOf("guide.html", "docs/y.md").slice(0, 3)).toEqual(["docs/guide.html", "docs/guide.md", "docs/guide.adoc"]);
  expect(pathsOf("/", "docs/y.md")).toEqual([""]);
  expect(pathsOf("%E9.md", "docs/y.md")).toEqual([]);
  expect(pathsOf("a.md", "docs/50%/y#1.md")[0]).toBe("docs/50%/a.md");
  expect(["https://a.example", "mailto:a@b.example", "//a.example"].every(isElsewhere)).toBe(true);
  expect(["a.md", "../a:b.md", "C:"].some(isElsewhere)).toBe(false);
});
