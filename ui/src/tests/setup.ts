import { computeStylesOnce } from "./styles";

/** What jsdom lacks and the screens use: sizes never change in it. */
class NoResize implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver ??= NoResize;
computeStylesOnce();
