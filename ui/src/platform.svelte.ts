/**
 * The customs of systems, as data: the order of buttons, the names and signs of keys, and what commands
 * are called. What closing the window does is the program's part: `src-tauri/platform.rs`.
 *
 * The screen is called Settings everywhere, as the guide and what errors advise name it; it is found by
 * "preferences" too, as GNOME calls it.
 */
import type { Platform } from "./backend/bindings";
import type { PlainId } from "./words.svelte";

/** What is written on a key that changes others, and on some others. */
export type KeySign = "Ctrl" | "Mod" | "Alt" | "Shift" | "Enter";

export interface Customs {
  /** Whether the button that does what a dialog asks about stands behind the one that leaves it. */
  actsLast: boolean;
  /** Whether the key for commands is one of its own, so that Ctrl is another. */
  hasCommandKey: boolean;
  /** The signs of keys in the order they are written in, without anything between; null where their
   * names are written with `+` between. */
  signs: readonly (readonly [KeySign, string])[] | null;
  settings: PlainId;
  settingsKey: string;
  quit: PlainId;
  /** Empty where the system has none, and only closes windows by keys. */
  quitKey: string;
}

export const CUSTOMS: Readonly<Record<Platform, Customs>> = {
  linux: { actsLast: true, hasCommandKey: false, signs: null, settings: "command-settings", settingsKey: "Mod+,", quit: "command-quit", quitKey: "Mod+Q" },
  macos: {
    actsLast: true,
    hasCommandKey: true,
    signs: [
      ["Ctrl", "⌃"],
      ["Alt", "⌥"],
      ["Shift", "⇧"],
      ["Mod", "⌘"],
      ["Enter", "↩"],
    ],
    settings: "command-settings-more",
    settingsKey: "Mod+,",
    quit: "command-quit",
    quitKey: "Mod+Q",
  },
  windows: { actsLast: false, hasCommandKey: false, signs: null, settings: "command-settings", settingsKey: "Mod+,", quit: "command-exit", quitKey: "" },
};

let here = $state<Platform>("linux");

/** Says what system it is, once the core has told. */
export function settle(platform: Platform): void {
  here = platform;
}

/** The customs of this system. */
export function customs(): Customs {
  return CUSTOMS[here];
}
