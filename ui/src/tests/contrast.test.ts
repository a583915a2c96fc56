import { describe, expect, it } from "vitest";
import tokens from "../styles/tokens.css?raw";

/** The tokens of one theme by name: those of the block that a selector begins. */
function theme(selector: string): Map<string, string> {
  const at = tokens.indexOf(selector);
  expect(at, `tokens.css has ${selector}`).toBeGreaterThanOrEqual(0);
  const block = tokens.slice(at, tokens.indexOf("}", at));
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

describe.each([
  ["light", [], false],
  ["dark", [':root[data-theme="dark"] {'], false],
  ["light high contrast", [':root[data-contrast="more"] {'], true],
  ["dark high contrast", [':root[data-theme="dark"] {', ':root[data-theme="dark"][data-contrast="more"] {'], true],
])("the %s theme", (_, selectors, isHigh) => {
  const colors = new Map([":root {", ...selectors].flatMap((selector) => [...theme(selector)]));
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
