import { cleanup, render, screen } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, expect, test } from "vitest";
import type { PageView } from "../backend";
import PagePreview from "../components/PagePreview.svelte";

afterEach(() => {
  cleanup();
  document.head.innerHTML = document.body.innerHTML = document.body.className = "";
});

/** What the core makes of Markdown, one of each kind. */
const html = [
  `<h2 data-line="3" id="code">Code</h2><div class="code"><div class="code-title"><span>rust</span></div><pre><code>fn main() {}</code></pre></div>`,
  `<div class="panel panel-tip" aria-label="Tip"><p>Read this.</p></div>`,
  `<table><tbody><tr><th>Name</th><th>Value</th></tr><tr><td>one</td><td class="right">1</td></tr></tbody></table>`,
  `<ul class="tasks"><li>☑ done</li></ul><details><summary>More</summary><p>Text</p></details>`,
  `<p><a href="../start.md">start</a> <a href="https://example.com">elsewhere</a> <img src="data:image/png;base64,iVBORw0KGgo=" alt="A drawing"></p>`,
  `<div class="toc"><ul><li><a href="#code">Code</a></li></ul></div><div class="footnotes"><ol><li>A note</li></ol></div>`,
].join("");

/** Holds the document of the frame to axe's rules: the frame runs nothing, so it takes the place of this one. */
async function violationsInside(ofHost: boolean): Promise<string[]> {
  const shown: PageView = { title: "Tributary", html: ofHost ? `<h1>Tributary</h1>${html}` : html, problems: [], labels: [], hasHostLook: true };
  render(PagePreview, { page: shown, ofHost: ofHost ? "github" : null, dark: false, contrast: false, fetchPictures: async () => [], onscrollline: () => undefined, onlink: () => undefined });
  const frame = screen.getByTestId<HTMLIFrameElement>(ofHost ? "preview-host" : "preview");
  const inside = new DOMParser().parseFromString(frame.srcdoc, "text/html");
  cleanup();
  document.head.innerHTML = inside.head.innerHTML;
  document.body.innerHTML = inside.body.innerHTML;
  document.body.className = inside.body.className;
  document.documentElement.lang = inside.documentElement.lang;
  const found = await axe.run(document, { rules: { "color-contrast": { enabled: false } } });
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

test.each([false, true])("the page inside the frame keeps axe's rules, as a host shows it: %s", async (ofHost) => {
  expect(await violationsInside(ofHost)).toEqual([]);
  expect(document.querySelectorAll("main h1")).toHaveLength(1);
});
