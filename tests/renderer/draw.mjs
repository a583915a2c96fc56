// Draws the documents that standard input lists with Atlassian's renderer, and says what is wrong.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { JSDOM, VirtualConsole } = createRequire(
  new URL("../../ui/package.json", import.meta.url),
)("jsdom");

let noticed = [];
const virtualConsole = new VirtualConsole();
virtualConsole.on("error", (...said) => noticed.push(String(said[0])));
virtualConsole.on("jsdomError", (error) => noticed.push(error.message));
const { window } = new JSDOM('<!doctype html><div id="root"></div>', {
  runScripts: "outside-only",
  pretendToBeVisual: true,
  url: "http://renderer.test/",
  virtualConsole,
});
// What every browser has and jsdom has not.
window.matchMedia = () => ({
  matches: false,
  addListener() {},
  removeListener() {},
  addEventListener() {},
  removeEventListener() {},
});
class Observer {
  observe() {}
  unobserve() {}
  disconnect() {}
}
window.ResizeObserver = Observer;
window.IntersectionObserver = Observer;
window.eval(readFileSync(process.argv[2], "utf8"));

const bare = (text) => text.replace(/\s/g, "");

/** The texts of a document, in their order. A macro with a body stands there by its name. */
function* texts(node) {
  if (node.type === "bodiedExtension") return;
  if (node.type === "text") yield bare(node.text);
  for (const child of node.content ?? []) yield* texts(child);
}

/** What is wrong with how a document is drawn, once it did not change for some milliseconds. */
async function faults(adf, quiet = 20) {
  const missing = () => {
    const shown = bare(window.document.getElementById("root").textContent);
    let from = 0;
    for (const text of texts(adf)) {
      const at = shown.indexOf(text, from);
      if (at < 0) return text;
      from = at + text.length;
    }
    return undefined;
  };
  noticed = [];
  const drawn = await window.renderADF(adf, { quiet });
  const found = [...drawn.errors, ...noticed];
  const root = window.document.getElementById("root");
  for (const node of root.querySelectorAll(".unsupported, span")) {
    const says = node.firstChild?.nodeType === 3 ? node.firstChild.data : "";
    const named = /^(?:This editor does not support displaying this content: |Unsupported )(\w+)/;
    const name = node.querySelector('[role="presentation"]') && named.exec(says)?.[1];
    if (name) found.push(`it does not know the node ${name}`);
  }
  const lost = missing();
  if (lost !== undefined) found.push(`it does not show "${lost.slice(0, 80)}"`);
  return [...new Set(found)];
}

/** A document with words for people: this build of the renderer has no drawing of mentions. */
function withoutMentions(node) {
  if (node.type === "mention") return text(node.attrs.text ?? "@");
  const content = node.content?.map(withoutMentions);
  return content === undefined ? node : { ...node, content };
}

const text = (said) => ({ type: "text", text: said });
const page = (...content) => ({ version: 1, type: "doc", content });

// What cannot fail checks nothing: unknown nodes have to be found, in lines and beside them.
const known = await faults(
  page(
    { type: "paragraph", content: [{ type: "nonsense" }] },
    { type: "rubbish", content: [{ type: "paragraph", content: [text("words")] }] },
  ),
);
for (const fault of ["node nonsense", "node rubbish", '"words"']) {
  if (!known.some((found) => found.includes(fault))) {
    console.error(`error: the check does not see what is wrong (${fault}): ${known.join("; ")}`);
    process.exit(1);
  }
}

let failed = 0;
const listed = readFileSync(0, "utf8").split("\n").filter(Boolean);
for (const path of listed) {
  const adf = withoutMentions(JSON.parse(readFileSync(path, "utf8")));
  let found = await faults(adf);
  // Some parts of the renderer are loaded when they are first needed, and drawn only then, on a busy
  // machine later.
  for (const quiet of [100, 500, 2500]) {
    if (found.length > 0) found = await faults(adf, quiet);
  }
  if (found.length > 0) {
    failed += 1;
    console.error(`${path}: ${found.join("; ")}`);
  }
}
console.log(`${listed.length} documents drawn, ${failed} of them with faults`);
process.exit(failed > 0 ? 1 : 0);
