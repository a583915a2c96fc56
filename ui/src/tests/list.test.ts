import { render } from "@testing-library/svelte";
import { createRawSnippet, tick } from "svelte";
import { expect, test } from "vitest";
import LongList from "../components/LongList.svelte";

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
