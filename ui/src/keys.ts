/** Shortcuts as text: `Mod+Shift+K`, where `Mod` is Ctrl, and the command key where there is one. */
import { customs, type KeySign } from "./platform.svelte";
import { t } from "./words.svelte";

/** What a key is called in a shortcut; none for those that only change what others mean. */
function nameOf(event: KeyboardEvent): string | null {
  const { key } = event;
  if (["Control", "Meta", "Alt", "Shift", "AltGraph", "CapsLock", "Dead", "Process", "Unidentified"].includes(key)) return null;
  if (key === " ") return "Space";
  // The same key with or without shift, by keyboard; what enlarges is written either way.
  if (key === "+" && (event.ctrlKey || event.metaKey)) return "=";
  return key.length === 1 ? key.toUpperCase() : key;
}

/** The shortcut that somebody pressed. */
export function shortcutOf(event: KeyboardEvent): string | null {
  const name = nameOf(event);
  if (name === null) return null;
  const parts = [];
  // Where commands have a key of their own, Ctrl edits text.
  if (customs().hasCommandKey && event.ctrlKey) parts.push("Ctrl");
  if (event.metaKey || (event.ctrlKey && !customs().hasCommandKey)) parts.push("Mod");
  if (event.altKey) parts.push("Alt");
  // A sign is what shift made of the key: on another keyboard it needs no shift.
  if (event.shiftKey && (name.length > 1 || /[A-Z]/.test(name))) parts.push("Shift");
  return [...parts, name].join("+");
}

/** Whether a shortcut is one that nobody types as text, or needs to edit text. */
export function isSafeInFields(shortcut: string): boolean {
  return /^(Mod|Alt)\+/.test(shortcut) || /^(Shift\+)?F\d+$/.test(shortcut);
}

/** Why a shortcut cannot be chosen; null when it can. */
export function whyNot(shortcut: string): string | null {
  if (["Escape", "Tab", "Shift+Tab", "Enter", "Space", "Shift+Enter"].includes(shortcut)) return t("keys-everywhere");
  if (/^(Shift\+)?(Arrow\w+|Home|End|PageUp|PageDown|Backspace|Delete)$/.test(shortcut)) return t("keys-moving");
  if (/^Mod\+(Shift\+)?[ACVXZF]$/.test(shortcut)) return t("keys-editing");
  if (/^(Shift\+)?[A-Z0-9]$/.test(shortcut)) return t("keys-letter");
  return null;
}

const signs: Record<string, string> = { ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→" };

/** What is written on a key. */
function keyInWords(key: string): string {
  switch (key) {
    case "Mod":
      return t("key-mod");
    case "Alt":
      return t("key-alt");
    case "Shift":
      return t("key-shift");
    case "Enter":
      return t("key-enter");
    default:
      return signs[key] ?? key;
  }
}

/** A shortcut as people read it. */
export function inWords(shortcut: string): string {
  if (shortcut === "") return t("keys-none");
  // `+` itself can be the key.
  const parts = shortcut.match(/\+$|[^+]+/g) ?? [shortcut];
  const { signs } = customs();
  if (signs === null) return parts.map(keyInWords).join("+");
  const isSign = (part: string): part is KeySign => signs.some(([key]) => key === part);
  const before = signs.filter(([key]) => parts.includes(key) && key !== "Enter").map(([, sign]) => sign);
  const last = signs.find(([key]) => key === "Enter" && parts.includes(key))?.[1];
  return [...before, ...parts.filter((part) => !isSign(part)).map(keyInWords), last ?? ""].join("");
}
