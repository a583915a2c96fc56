/** What the page lets through, alone: script injections that other people published, as if the core
 * had let all of them through. The core alone is tried in `crates/tributary/tests/local/injections.rs`. */
import { expect, test } from "vitest";
import purify from "../../../crates/tributary-testbed/payloads/dompurify/expect.js?raw";
import naughty from "../../../crates/tributary-testbed/payloads/naughty/blns.txt?raw";
import { clean } from "../components/page";

const files = (found: Record<string, unknown>) => Object.values(found).map(String);
const bleach = files(import.meta.glob("../../../crates/tributary-testbed/payloads/bleach/*.test", { query: "?raw", import: "default", eager: true }));
const lxml = files(import.meta.glob("../../../crates/tributary-testbed/payloads/lxml/*.data", { query: "?raw", import: "default", eager: true }));

/** Its lines as they stand, and with the signs that their `\x` stand for. */
const lines = (naughty.split("#\tScript Injection")[1]?.split("#\tSQL Injection")[0] ?? "").split("\n").filter((line) => line !== "" && !line.startsWith("#"));
const read = (line: string) => line.replace(/\\x([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));

const PAYLOADS: string[] = [
  ...(JSON.parse(purify.trim().replace(/^module\.exports = /, "").replace(/;$/, "")) as { payload: string }[]).map(({ payload }) => payload),
  ...lines,
  ...lines.filter((line) => read(line) !== line).map(read),
  ...bleach.map((text) => text.split("\n--")[0] ?? ""),
  ...lxml.map((text) => text.slice(text.indexOf("\n\n") + 2).split("\n----------")[0] ?? ""),
];

/** Where a payload can stand in what the core writes, when its own look is not there. */
const PLACES: ((payload: string) => string)[] = [
  (payload) => payload,
  (payload) => `<p data-line="1">${payload}</p>`,
  (payload) => `<table><tbody><tr><td>${payload}</td></tr></tbody></table>`,
  (payload) => `<a href="${payload}">a</a><img src="${payload}" alt="${payload}"><abbr title="${payload}" dir="${payload}">b</abbr><table><tbody><tr><th scope="${payload}" valign="${payload}">c</th></tr></tbody></table>`,
  (payload) => `<a href='${payload}'>a</a><img src='${payload}' alt='${payload}'>`,
  (payload) => `<svg>${payload}</svg>`,
  (payload) => `<math><mtext>${payload}</mtext></math>`,
  (payload) => `<noscript>${payload}</noscript>`,
  (payload) => `<template>${payload}</template>`,
  (payload) => `<select><option>${payload}</option></select>`,
];

const ELEMENTS = /^(a|abbr|blockquote|br|code|dd|del|details|div|dl|dt|em|h[1-6]|hr|img|ins|kbd|li|mark|ol|p|pre|s|small|span|strong|sub|summary|sup|table|tbody|td|th|tr|u|ul)$/;
const ATTRIBUTES = /^(alt|aria-label|class|colspan|data-line|dir|height|id|rowspan|scope|start|title|valign|width)$/;

/** What there is in a page that may not be there. It is read twice: what changes its meaning when it
 * is read once more is what such lists are after. */
function faults(html: string): string[] {
  const found: string[] = [];
  let text = html;
  for (let time = 0; time < 2; time++) {
    const page = new DOMParser().parseFromString(text, "text/html");
    // By name: a selector would be made ready for each of thousands of pages.
    for (const element of [...page.head.getElementsByTagName("*"), ...page.body.getElementsByTagName("*")]) {
      const isKnown = element.namespaceURI === "http://www.w3.org/1999/xhtml" && ELEMENTS.test(element.localName);
      if (!isKnown) found.push(`<${element.localName}>`);
      for (const { name, value } of element.attributes) {
        // Links lead to places of the frame, by their numbers, or to what they name in it.
        const isLink = name === "href" && element.localName === "a" && value.startsWith("about:srcdoc#");
        const isPicture = name === "src" && element.localName === "img" && /^(data:image\/|repository:)/.test(value);
        if (!ATTRIBUTES.test(name) && !isLink && !isPicture) found.push(`${name}=${value}`);
      }
    }
    // What is written as it was read is read the same once more.
    if (page.body.innerHTML === text) break;
    text = page.body.innerHTML;
  }
  return found;
}

test("nothing of what others published gets through the page's own look", () => {
  expect(PAYLOADS.length).toBe(620);
  for (const payload of PAYLOADS) {
    for (const place of PLACES) {
      const { html, links } = clean(place(payload));
      expect(faults(html), place(payload)).toEqual([]);
      const opened = links.map((link) => new URL(link, "repository://localhost/").protocol);
      expect(opened.filter((protocol) => !/^(https?|mailto|repository):$/.test(protocol)), place(payload)).toEqual([]);
    }
  }
});

test("the rules do see what was not looked at", () => {
  const harmless = PAYLOADS.filter((payload) => faults(payload).length === 0);
  expect(harmless.length * 5).toBeLessThan(PAYLOADS.length);
});
