import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, expect, test, vi } from "vitest";
import type { PageView, SourceView as Source } from "../backend";
import PagePreview from "../components/PagePreview.svelte";
import SourceView from "../components/SourceView.svelte";

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

test("a frame that kept another page is given the wanted one again", async () => {
  const frames: FrameRequestCallback[] = [];
  vi.stubGlobal("requestAnimationFrame", (call: FrameRequestCallback) => frames.push(call));
  const shown = (text: string): PageView => ({ title: "Page", html: `<p>${text}</p>`, problems: [], labels: [], hasHostLook: false });
  const given = { page: shown("before"), dark: false, contrast: false, fetchPictures: async () => [], onscrollline: () => undefined, onlink: () => undefined };
  const { rerender } = render(PagePreview, given);
  const frame = screen.getByTestId<HTMLIFrameElement>("preview");
  let inside = new DOMParser().parseFromString(frame.srcdoc, "text/html");
  Object.defineProperty(frame, "contentDocument", { get: () => inside });
  await rerender({ ...given, page: shown("now") });
  const wanted = frame.srcdoc;
  const set = vi.fn();
  Object.defineProperty(frame, "srcdoc", { set });
  const draw = (count: number) => {
    for (let at = 0; at < count; at += 1) frames.splice(0).forEach((call) => call(0));
  };
  // A page has some time to come.
  draw(100);
  expect(set).not.toHaveBeenCalled();
  draw(50);
  expect(set.mock.calls).toEqual([[wanted]]);
  inside = new DOMParser().parseFromString(wanted, "text/html");
  draw(500);
  expect(set).toHaveBeenCalledTimes(1);
  vi.unstubAllGlobals();
});

/** What is told of elements that come near what is seen; jsdom lays nothing out. */
class Nearing implements IntersectionObserver {
  static near: (which: (element: Element) => boolean) => void = () => undefined;
  readonly root = null;
  readonly rootMargin = "";
  readonly thresholds = [];
  #seen = new Set<Element>();
  constructor(told: IntersectionObserverCallback) {
    Nearing.near = (which) => {
      const entries = [...this.#seen].map((target) => ({ target, isIntersecting: which(target) }));
      told(entries as unknown as IntersectionObserverEntry[], this);
    };
  }
  observe(element: Element): void {
    this.#seen.add(element);
  }
  unobserve(element: Element): void {
    this.#seen.delete(element);
  }
  disconnect(): void {
    this.#seen.clear();
  }
  takeRecords(): IntersectionObserverEntry[] {
    return [];
  }
}

test("a row of thousands of pieces is there at once, and takes its colors where somebody comes near", async () => {
  vi.stubGlobal("IntersectionObserver", Nearing);
  const text = "1,".repeat(500);
  const parts = Array.from(text, (_, at) => at);
  const palette = ["#0550ae", "#24292f"].map((color) => ({ color, bold: false, italic: false, underline: false }));
  const view: Source = {
    kind: "text", language: "JavaScript", totalLines: 1, totalRows: 1, first: 0, background: "#ffffff", palette, rows: [{ text, ends: parts.map((at) => at + 1), styles: parts.map((at) => at % 2) }], columns: [0],
    longLines: [], isGuessed: false, imageUrl: null, pages: [], size: text.length, notes: [], target: null, address: null,
  };
  render(SourceView, { path: "min.js", theme: "light", load: async () => view, find: async () => ({ places: [], total: 0 }), onerror: () => undefined });
  const row = await waitFor(() => {
    const found = document.querySelector<HTMLElement>("[data-line='1'] .text");
    if (!found?.textContent) throw new Error("nothing is drawn yet");
    return found;
  });
  // All of its text comes to be there; of its pieces those that a screen shows.
  await waitFor(() => expect(row.textContent).toBe(text));
  expect(row.querySelectorAll("span")).toHaveLength(64);
  expect(row.querySelector<HTMLElement>("[data-row='0']")?.style.color).toBe("rgb(5, 80, 174)");
  const stretches = [...row.querySelectorAll(".stretch")];
  expect(stretches).toHaveLength(15);
  Nearing.near((element) => element === stretches[0]);
  expect(row.querySelectorAll("span")).toHaveLength(128);
  expect(stretches[0]?.querySelector("span")?.style.color).toBe("rgb(5, 80, 174)");
  Nearing.near(() => true);
  expect(row.querySelectorAll("span")).toHaveLength(1_000);
  expect(row.textContent).toBe(text);
  vi.unstubAllGlobals();
});
