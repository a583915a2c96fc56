import { describe, expect, it } from "vitest";
import preview from "../../public/preview.css?raw";
import base from "../styles/base.css?raw";
import tokens from "../styles/tokens.css?raw";

/** The tokens of one theme by name: those of the block that a selector begins. */
function theme(selector: string, style: string): Map<string, string> {
  const at = `\n${style}`.indexOf(`\n${selector}`);
  expect(at, `there is ${selector}`).toBeGreaterThanOrEqual(0);
  const block = style.slice(at, style.indexOf("}", at));
  return new Map([...block.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{6});/g)].map((found) => [found[1] ?? "", found[2] ?? ""]));
}

/** Relative luminance (WCAG 2.2). */
function luminance(color: string): number {
  const channel = (at: number): number => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

const grounds = ["ground", "surface", "raised", "hover"];
// What is written on what, and the least contrast: 4.5 for text (WCAG 1.4.3), 3 for the outlines of
// controls (1.4.11).
const pairs: [string, string[], number][] = [
  ["text", [...grounds, "accent-soft", "added-soft", "added-strong", "removed-soft", "removed-strong", "warning-soft"], 4.5],
  ["muted", grounds, 4.5],
  ["accent", [...grounds, "accent-soft"], 4.5],
  ["accent-text", ["accent"], 4.5],
  ["added", ["surface", "added-soft"], 4.5],
  ["removed", ["surface", "removed-soft"], 4.5],
  ["warning", ["surface", "warning-soft"], 4.5],
  ["line-strong", ["ground", "surface"], 3],
];

/** The same for the page in the preview. */
const panels = ["info", "tip", "note", "warning"];
const ofPreview: typeof pairs = [
  ["text", ["ground", "code", "block", "head", ...panels], 4.5],
  ["muted", ["ground", "head"], 4.5],
  ["link", ["ground", ...panels], 4.5],
  ["line-strong", ["ground"], 3],
];

describe.each([
  ["light", tokens, pairs, [], false],
  ["dark", tokens, pairs, ['[data-theme="dark"] {'], false],
  ["light high contrast", tokens, pairs, ['[data-contrast="more"] {'], true],
  ["dark high contrast", tokens, pairs, ['[data-theme="dark"] {', '[data-theme="dark"][data-contrast="more"] {'], true],
  ["light page", preview, ofPreview, [], false],
  ["dark page", preview, ofPreview, ["body.dark {"], false],
  ["light page of high contrast", preview, ofPreview, ["body.contrast {"], true],
  ["dark page of high contrast", preview, ofPreview, ["body.dark.contrast {"], true],
])("the %s theme", (_, style, pairs, selectors, isHigh) => {
  const first = style === tokens ? ":root," : "body {";
  const colors = new Map([first, ...selectors].flatMap((selector) => [...theme(selector, style)]));
  it.each(pairs)("writes %s legibly", (name, on, usual) => {
    // High contrast is 7 for text (WCAG 1.4.6), and 4.5 for outlines.
    const least = isHigh ? (usual === 3 ? 4.5 : 7) : usual;
    const color = colors.get(name);
    for (const ground of on) {
      const below = colors.get(ground);
      expect(color && below, `${name} and ${ground} are tokens`).toBeTruthy();
      if (color && below) expect(contrast(color, below), `${name} on ${ground}`).toBeGreaterThanOrEqual(least);
    }
  });
});

it("knows black from white", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
});

it("leaves desktops that have few colors theirs", () => {
  const at = base.indexOf("@media (forced-colors: active)");
  expect(at).toBeGreaterThan(0);
  const colors = [...base.slice(at).matchAll(/(?:outline|border|color): (?:\d+px \w+ )?([^;\d][^;]*);/g)].map((found) => found[1]);
  expect(colors.length).toBeGreaterThan(2);
  for (const color of colors) expect(["Highlight", "GrayText"]).toContain(color);
});

it("boxes and circles are drawn with the outline that is strong enough, and not the desktop's", () => {
  const rules = [...base.matchAll(/([^{}]+)\{([^{}]*)\}/g)].map((found) => [found[1] ?? "", found[2] ?? ""] as const);
  for (const type of ["checkbox", "radio"]) {
    const drawn = rules.filter(([selector, style]) => selector.includes(`[type="${type}"]`) && style.includes("appearance: none") && style.includes("border: 1px solid var(--line-strong)"));
    expect(drawn, type).toHaveLength(1);
  }
});
