/** No words in markup or code but those of the catalogue. */
import { parse } from "svelte/compiler";
import { expect, test } from "vitest";
import { windowSources } from "./catalogue";

/** Examples of what is typed into fields, which is the same in every language, and names. */
const data = new Set([
  "https://acme.atlassian.net/wiki",
  "https://git.acme.com",
  "you@acme.com",
  "DOCS",
  "owner/name",
  "7d, 2026-11-27",
  "1d, 2026-11-30",
  "publish, token",
  "ada, gitlab.com",
  "http://proxy.example.com:8080",
  "http://pac.example.com/proxy.pac",
  "https://kroki.example.com",
  "https://downloads.example.com/tributary/latest.json",
  ".intern.example.com\n10.0.0.0/8",
  "/etc/ssl/company.pem",
  "wiki.example.com",
  "/home/you/you.p12",
  "CSV",
  "JSON Lines",
  "CEF",
  "OCSF",
  "Syslog",
]);
/** Attributes, and what components take for one, that people read. */
const read = new Set(["aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "title", "placeholder", "alt", "label", "message", "remedy", "empty", "words", "can", "cannot", "summary", "content"]);

interface Node {
  type: string;
  [field: string]: unknown;
}
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;
const children = (node: Node) => Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value])).filter(isNode);
const isWords = (text: string) => /\p{L}{2}/u.test(text) && !data.has(text.trim());

/** What an expression may show: its literals, but for those that are compared or given to a call. */
function shownBy(node: Node): string[] {
  switch (node.type) {
    case "Literal":
      return typeof node["value"] === "string" ? [node["value"]] : [];
    case "TemplateElement":
      return [String((node["value"] as { cooked?: string }).cooked ?? "")];
    case "ConditionalExpression":
      return [node["consequent"], node["alternate"]].filter(isNode).flatMap(shownBy);
    case "BinaryExpression":
      return node["operator"] === "+" ? children(node).flatMap(shownBy) : [];
    case "LogicalExpression":
      return [node["right"]].filter(isNode).flatMap(shownBy);
    case "TemplateLiteral":
    case "ExpressionTag":
      return children(node).flatMap(shownBy);
    default:
      return [];
  }
}

/** The words in the markup of a component that are not from the catalogue. */
export function literalsIn(source: string): string[] {
  const found: string[] = [];
  const walk = (node: Node): void => {
    if (node.type === "Text") {
      if (isWords(String(node["data"]))) found.push(String(node["data"]).trim());
      return;
    }
    if (node.type === "Attribute") {
      if (!read.has(String(node["name"]))) return;
      const value = node["value"];
      const values = (Array.isArray(value) ? value : [value]).filter(isNode);
      found.push(...values.flatMap((one) => (one.type === "Text" ? [String(one["data"])] : shownBy(one))).filter(isWords));
      return;
    }
    if (node.type === "StyleDirective") return;
    if (node.type === "ExpressionTag") {
      found.push(...shownBy(node).filter(isWords));
      return;
    }
    if (node.type === "RegularElement" && (node["name"] === "style" || node["name"] === "script")) return;
    children(node).forEach(walk);
  };
  const { fragment } = parse(source, { modern: true }) as unknown as { fragment: Node };
  walk(fragment);
  return found;
}

/** Sentences in code: a capital letter, and a word after the first. */
export function sentencesIn(source: string): string[] {
  const code = source.replace(/<style>[^]*<\/style>/, "").replace(/\/\*[^]*?\*\/|<!--[^]*?-->|^\s*\/\/.*$/gm, "");
  return [...code.matchAll(/["`](\p{Lu}[\p{L}'’]* (?:[^"`\n]*))["`]/gu)].map((found) => found[1] ?? "").filter((text) => isWords(text) && !/^\p{Lu}\w* extends /u.test(text));
}

test("what is read in a component is in the catalogue", () => {
  const found = Object.entries(windowSources).flatMap(([path, source]) => (path.endsWith(".svelte") ? literalsIn(source).map((text) => `${path}: ${text}`) : []));
  expect(found).toEqual([]);
});

test("no sentence is in the code of the window", () => {
  const found = Object.entries(windowSources).flatMap(([path, source]) => (path.includes("/backend/") ? [] : sentencesIn(source).map((text) => `${path}: ${text}`)));
  expect(found).toEqual([]);
});

test("words are found wherever they are written", () => {
  for (const markup of [
    "<p>Hello</p>",
    "<p>{#if a}Hello{/if}</p>",
    '<button aria-label="Hello">x</button>',
    "<button title={`Hello ${name}`}></button>",
    '<p>{a ? "Hello" : ""}</p>',
    '<input placeholder={a ? "" : "Hello"} />',
    '<Dialog title="Hello" />',
    '{#snippet a()}{#each b as c}<li>{c ?? "Hello"}</li>{/each}{/snippet}',
  ]) {
    expect(literalsIn(markup).map((text) => text.trim()), markup).toEqual(["Hello"]);
  }
  for (const markup of ['<p>{t("hello")}</p>', '<p class="hello">· {name}</p>', '<p data-testid="hello" aria-label={t("hello")}></p>', '<p hidden={a === "hello"}>{a === "hello" ? 1 : 2}</p>']) {
    expect(literalsIn(markup), markup).toEqual([]);
  }
  expect(sentencesIn('error = { message: "Nothing there", remedy: `Try ${it} again` };')).toEqual(["Nothing there", "Try ${it} again"]);
  expect(sentencesIn('const a = t("nothing"); /* "Nothing there" */ if (b === "Enter") c();')).toEqual([]);
});
