/** The catalogue as tests read it: every message of every language, with what is in it. */
import { FluentParser, Visitor, type FunctionReference, type Message, type SelectExpression, type VariableReference } from "@fluent/syntax";

// The library's sentences have codes that are a world of their own, and a test beside the sources.
const catalogue = import.meta.glob<string>(["../../../locales/*/**/*.ftl", "!../../../locales/*/library.ftl"], { query: "?raw", import: "default", eager: true });
const inLocales = (path: string) => path.replace(/^.*\/locales\//, "");

/** The sources of the window, but for its tests, and those of the shell around it, by their paths. */
export const windowSources = import.meta.glob<string>(["../**/*.{ts,svelte}", "!../tests/**", "!../messages.ts"], { query: "?raw", import: "default", eager: true });
export const shellSources = import.meta.glob<string>("../../../src-tauri/**/*.rs", { query: "?raw", import: "default", eager: true });

export interface Entry {
  file: string;
  /** What is put into it, and whether that is a number. */
  given: Map<string, "number" | "string">;
  /** The parts that elements are made of. */
  parts: string[];
  /** What stands there between placeables. */
  text: string;
}

class Reader extends Visitor {
  readonly given = new Map<string, "number" | "string">();
  text = "";
  override visitVariableReference(node: VariableReference): void {
    if (!this.given.has(node.id.name)) this.given.set(node.id.name, "string");
  }
  override visitFunctionReference(node: FunctionReference): void {
    const value = node.arguments.positional[0];
    if (node.id.name === "NUMBER" && value?.type === "VariableReference") this.given.set(value.id.name, "number");
    this.genericVisit(node);
  }
  override visitSelectExpression(node: SelectExpression): void {
    const counts = node.variants.some(({ key }) => key.type === "NumberLiteral" || ["zero", "one", "two", "few", "many"].includes(key.name));
    if (counts && node.selector.type === "VariableReference") this.given.set(node.selector.id.name, "number");
    this.genericVisit(node);
  }
  override visitTextElement(node: { value: string }): void {
    this.text += node.value;
  }
}

/** The files of a language, by their paths in its folder. */
export function filesOf(language: string): string[] {
  return Object.keys(catalogue).map(inLocales).filter((path) => path.startsWith(`${language}/`)).map((path) => path.slice(language.length + 1)).sort();
}

export function languagesThere(): string[] {
  return [...new Set(Object.keys(catalogue).map((path) => inLocales(path).split("/")[0] ?? ""))].sort();
}

/** Every message of a language. What is no message is said by the place where it stands. */
export function read(language: string): { messages: Map<string, Entry>; wrong: string[] } {
  const messages = new Map<string, Entry>();
  const wrong: string[] = [];
  for (const [path, source] of Object.entries(catalogue)) {
    const [of, file] = [inLocales(path).split("/")[0], inLocales(path).replace(/^[^/]*\//, "")];
    if (of !== language) continue;
    for (const entry of new FluentParser().parse(source).body) {
      if (entry.type === "Junk") wrong.push(`${language}/${file}: ${entry.content.split("\n")[0]}`);
      if (entry.type !== "Message") continue;
      const { id, value } = entry as Message;
      if (messages.has(id.name)) wrong.push(`${language}/${file}: ${id.name} is there twice`);
      if (!value) {
        wrong.push(`${language}/${file}: ${id.name} says nothing`);
        continue;
      }
      const reader = new Reader();
      reader.visit(value);
      const parts = [...new Set([...reader.text.matchAll(/<([a-z]+)>/g)].map((found) => found[1] ?? ""))].sort();
      messages.set(id.name, { file, given: reader.given, parts, text: reader.text });
    }
  }
  return { messages, wrong };
}

/** The messages of the window, with the types of what is put into each. */
export function types(): string {
  const lines = [...read("en").messages].filter(([, { file }]) => file.startsWith("window")).map(([id, { given }]) => {
    const fields = [...given].sort().map(([name, type]) => `${name}: ${type}`);
    return `  "${id}": ${fields.length === 0 ? "undefined" : `{ ${fields.join("; ")} }`};`;
  });
  return [
    "// Made from locales/en/window by `npm --prefix ui test -- words -u`. Do not edit.",
    "/** Every message of the window, with what is put into it. */",
    "export interface Messages {",
    ...lines.sort(),
    "}",
    "",
  ].join("\n");
}
