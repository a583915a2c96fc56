import { afterAll, beforeAll, vi } from "vitest";
import { speak } from "../words.svelte";
import { computeStylesOnce } from "./styles";

/** What jsdom lacks and the screens use: sizes never change in it. */
class NoResize implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver ??= NoResize;
computeStylesOnce();

/** The files of a worker share a page: each begins with it as a start has it, and leaves nothing there. */
beforeAll(() => {
  speak("en");
  localStorage.clear();
  for (const { name } of [...document.documentElement.attributes]) document.documentElement.removeAttribute(name);
});
afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  const left = document.body.innerHTML;
  if (left !== "") throw new Error(`the next file of tests would find this in the page: ${left.slice(0, 200)}`);
});
