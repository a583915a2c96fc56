import { cleanup, render } from "@testing-library/svelte";
import { createRawSnippet, tick } from "svelte";
import { afterEach, expect, test } from "vitest";
import LongList from "../components/LongList.svelte";
import { windowSources } from "./catalogue";

afterEach(cleanup);

test("of ten thousand rows those near what is seen are drawn, and all of them are reached", async () => {
  const high = 40;
  let scrolled = 0;
  const viewport = document.createElement("div");
  // jsdom lays nothing out.
  Object.defineProperty(viewport, "clientHeight", { value: 600 });
  viewport.getBoundingClientRect = () => ({ top: scrolled }) as DOMRect;
  const row = createRawSnippet<[string, number]>((item, index) => ({ render: () => `<p data-row="${index()}">${item()}</p>` }));
  const items = Array.from({ length: 10_000 }, (_, number) => `row ${number}`);
  const { container, rerender } = render(LongList<string>, { items, viewport, usual: high, row });
  const drawn = () => [...container.querySelectorAll<HTMLElement>("[data-row]")].map((one) => Number(one.dataset["row"]));
  const spaces = () => [...container.querySelectorAll<HTMLElement>(".space")].map((one) => parseFloat(one.style.height));
  const scroll = async (row: number) => {
    scrolled = row * high;
    viewport.dispatchEvent(new Event("scroll"));
    await tick();
  };
  for (const seen of [0, 4, 777, 5_000, 9_985, 3]) {
    await scroll(seen);
    const rows = drawn();
    for (let row = seen; row < seen + 15; row += 1) expect(rows, `at ${seen}`).toContain(row);
    expect(rows.length).toBeLessThanOrEqual(150);
    const [before, after] = spaces();
    expect(before).toBe((rows[0] ?? 0) * high);
    expect((before ?? 0) + rows.length * high + (after ?? 0)).toBe(10_000 * high);
  }
  await scroll(9_985);
  await rerender({ items: ["one", "two", "three"] });
  expect(drawn()).toEqual([0, 1, 2]);
  await rerender({ items: [] });
  expect(drawn()).toEqual([]);
  expect(spaces()).toEqual([0, 0]);
});

test("rows that are all of one height are drawn a few at once, and none is measured", async () => {
  const viewport = document.createElement("div");
  let scrolled = 0;
  Object.defineProperty(viewport, "clientHeight", { value: 260 });
  viewport.getBoundingClientRect = () => ({ top: scrolled }) as DOMRect;
  const row = createRawSnippet<[number, number]>((item) => ({ render: () => `<p data-row="${item()}"></p>` }));
  const items = Array.from({ length: 10_000 }, (_, number) => number);
  const { container } = render(LongList<number>, { items, viewport, usual: 26, exact: true, together: 12, row });
  const drawn = () => [...container.querySelectorAll<HTMLElement>("[data-row]")].map((one) => Number(one.dataset["row"]));
  for (const seen of [0, 5_000, 9_990]) {
    scrolled = seen * 26;
    viewport.dispatchEvent(new Event("scroll"));
    await tick();
    for (let row = seen; row < seen + 10; row += 1) expect(drawn()).toContain(row);
    expect(drawn().length).toBeLessThanOrEqual(84);
  }
  // What is scrolled a little draws the same rows, not new ones.
  const before = [...container.querySelectorAll("[data-row]")];
  scrolled -= 26;
  viewport.dispatchEvent(new Event("scroll"));
  await tick();
  const kept = new Set(container.querySelectorAll("[data-row]"));
  expect(before.filter((one) => kept.has(one)).length).toBeGreaterThanOrEqual(before.length - 12);
});

/** WebKit draws what scrolls through a mask of round corners anew for every frame: with them, frames of
 * the publications took three times as long. */
test("what scrolls many rows has no round corners, nor has what it is in", () => {
  // These lie in front for a moment, and hold little.
  const inFront = ["CommandPalette dialog", "Dialog dialog", "ShortcutSheet .help", "CommandMenu .panel"];
  const round = Object.entries(windowSources).flatMap(([path, source]) => {
    const style = source.match(/<style>(.*)<\/style>/s)?.[1] ?? "";
    const name = path.replace(/^.*\/|\.svelte$/g, "");
    return [...style.matchAll(/([^{}]+)\{([^{}]*)\}/g)]
      .filter(([, , rules]) => /overflow(-[xy])?:\s*(auto|scroll|hidden)/.test(rules ?? "") && /border-radius/.test(rules ?? ""))
      .map(([, selector]) => `${name} ${(selector ?? "").replace(/\/\*.*?\*\//gs, "").trim()}`);
  });
  expect(round.sort()).toEqual(inFront.sort());
});
