// What buttons of single screens do, as commands: the palette, the menu and the shortcuts have them too.
// `tests/actions.test.ts` holds the list against every button of the window.

import type { Command, CommandGroup } from "./commands";
import type { Plain } from "./settings";

/** What is opened for an action: a screen, the tab for publishing, or the start, for which what is open is left. */
export type Place = "start" | "publish" | "audit" | "accounts" | "publications" | "settings";

export interface Action {
  id: string;
  /** The controls that do it, by their `data-testid`; the first that is shown and answers is pressed. */
  controls: readonly string[];
  words: Plain;
  /** Other words that it is looked for by. */
  also?: Plain;
  /** What is opened for it. Without one it is there for as long as what is in front shows a control of it. */
  on?: Place;
  /** What is there only once it is known what the action is about, as a selector. */
  after?: string;
  /** Whether opening the screen does it already. */
  isDoneByOpening?: true;
  /** Whether somebody goes on in what is shown: one of several rows to choose, or a field to fill in. */
  isChosenThere?: true;
}

const GROUPS: Readonly<Record<Place, CommandGroup>> = { start: "repository", publish: "publish", publications: "publish", accounts: "accounts", audit: "accounts", settings: "program" };

export const ACTIONS: readonly Action[] = [
  { id: "choose-folder", controls: ["choose-button"], words: "command-choose-folder", also: "find-open", on: "start" },
  { id: "tour", controls: ["try-sandbox"], words: "home-try", also: "find-tour", on: "start" },

  { id: "connect", controls: ["connect-button"], words: "publish-connect", also: "find-connect", on: "publish" },
  { id: "plan", controls: ["plan-button"], words: "command-plan", on: "publish" },
  { id: "look-behind", controls: ["published-refresh"], words: "command-look-behind", on: "publications", isDoneByOpening: true },
  { id: "plan-behind", controls: ["plan-behind"], words: "command-plan-behind", on: "publications", after: "[data-testid=plan-behind][data-whole]" },
  { id: "past", controls: ["published-past"], words: "command-past", also: "find-take-back", on: "publications" },
  { id: "pause", controls: ["settings-pause"], words: "command-pause", also: "find-pause", on: "settings" },

  { id: "sign-in", controls: ["sign-in-button", "hosts-sign-in"], words: "sign-in-more", also: "find-accounts", on: "accounts" },
  { id: "check-accounts", controls: ["accounts-check"], words: "command-check-accounts", on: "accounts" },
  { id: "sign-out", controls: ["account-sign-out"], words: "account-sign-out", on: "accounts", isChosenThere: true },
  { id: "change-access", controls: ["access-change"], words: "accounts-change", also: "find-access", on: "accounts", isChosenThere: true },
  { id: "hand-over", controls: ["account-hand-over"], words: "command-hand-over", on: "accounts", isChosenThere: true },
  { id: "unlock", controls: ["unlock-passphrase"], words: "command-unlock", also: "find-vault", on: "accounts", isChosenThere: true },
  { id: "vault-lock", controls: ["vault-lock"], words: "command-vault-lock", also: "find-vault", on: "accounts" },
  { id: "vault-move", controls: ["vault-change"], words: "command-vault-move", also: "find-vault", on: "accounts" },
  { id: "audit-verify", controls: ["audit-verify"], words: "command-audit-verify", also: "find-audit", on: "audit" },
  { id: "audit-export", controls: ["audit-export"], words: "command-audit-export", also: "find-audit", on: "audit" },

  { id: "update", controls: ["update-look"], words: "update-look", on: "settings" },
  { id: "log-folder", controls: ["log-folder"], words: "log-folder", on: "settings" },

  { id: "publish-this", controls: ["publish-this"], words: "command-publish-this" },
  { id: "publish-lines", controls: ["publish-lines"], words: "command-publish-lines" },
  { id: "publish-all", controls: ["publish-all"], words: "publish-everything-instead" },
  { id: "publish-planned", controls: ["publish-button", "republish-publish"], words: "command-publish-planned" },
  { id: "plan-checked", controls: ["plan-pick"], words: "command-plan-checked" },
  { id: "let-go", controls: ["plan-let-go"], words: "command-let-go" },
  { id: "plan-selected", controls: ["plan-together", "republish"], words: "command-plan-selected" },
  { id: "select-behind", controls: ["select-behind"], words: "published-select-behind" },
  { id: "select-none", controls: ["published-none"], words: "published-select-none" },
  { id: "open-published", controls: ["published-open"], words: "command-open-published" },
  { id: "open-published-source", controls: ["published-source"], words: "command-open-published-source" },
  { id: "check-links", controls: ["check-links"], words: "command-check-links" },
  { id: "take-back", controls: ["take-back"], words: "take-back", also: "find-take-back" },
  { id: "take-back-planned", controls: ["taking-back-apply"], words: "command-take-back-planned", also: "find-take-back" },
  { id: "stop", controls: ["cancel-button", "saving-cancel"], words: "command-stop" },
  { id: "start-sandbox", controls: ["start-sandbox", "published-sandbox"], words: "start-sandbox" },

  { id: "find-in-file", controls: ["find-button"], words: "find-words" },
  { id: "save", controls: ["save-button"], words: "save", also: "save-hint" },
  { id: "copy-link", controls: ["copy-link"], words: "command-copy-link" },
  { id: "copy-snippet", controls: ["copy-snippet"], words: "command-copy-snippet" },
  { id: "wrap", controls: ["wrap-button"], words: "command-wrap" },
  { id: "blame", controls: ["blame-button"], words: "blame", also: "blame-hint" },
  { id: "compare", controls: ["compare-button"], words: "compare", also: "compare-hint" },
  { id: "commits", controls: ["history-button"], words: "history", also: "find-history" },
  { id: "choose-ref", controls: ["ref-button"], words: "command-choose-ref", also: "find-history" },
  { id: "look-for-newer", controls: ["look-for-newer"], words: "newer-look" },
  { id: "show-newer", controls: ["newer-show"], words: "command-show-newer" },
  { id: "view-source", controls: ["view-source"], words: "command-view-source" },
  { id: "view-host", controls: ["view-host"], words: "command-view-host" },
  { id: "view-page", controls: ["view-page"], words: "command-view-page" },
  { id: "pictures", controls: ["fetch-pictures", "fetch-pictures-host"], words: "command-pictures" },
  { id: "open-submodule", controls: ["open-submodule"], words: "command-open-submodule" },
  { id: "follow-link", controls: ["follow-link"], words: "command-follow-link" },
  { id: "install-update", controls: ["update-install"], words: "command-install-update" },
];

/** The controls of what is in front that are shown and answer, those named first before the others. */
function shownControls(names: readonly string[]): HTMLElement[] {
  const found = names.flatMap((name) => [...document.querySelectorAll<HTMLElement>(`main [data-testid="${name}"]`)]);
  return found.filter((one) => one.closest("[hidden]") === null && !one.matches(":disabled"));
}

/** As long as what is read first may take, for which some ask servers. */
const FRAMES = 1800;

/** Does something with controls once they are there and answer, until that is done; whoever does something
 * else meanwhile wants it no more. */
export function whenShown(names: readonly string[], act: (found: HTMLElement[]) => boolean, after?: string): void {
  let frames = FRAMES;
  const stop = (): void => {
    frames = 0;
    removeEventListener("pointerdown", stop, true);
    removeEventListener("keydown", stop, true);
  };
  const look = (): void => {
    if (frames === 0) return;
    const found = after === undefined || document.querySelector(`main ${after}`) !== null ? shownControls(names) : [];
    frames -= 1;
    if ((found.length > 0 && act(found)) || frames === 0) stop();
    else requestAnimationFrame(look);
  };
  addEventListener("pointerdown", stop, true);
  addEventListener("keydown", stop, true);
  requestAnimationFrame(look);
}

/** Shows a control and gives it the focus; says whether it took it. */
export function focusOn(control: HTMLElement): boolean {
  // jsdom does not scroll.
  control.scrollIntoView?.({ block: "center" });
  control.focus();
  return document.activeElement === control;
}

/** An action as a command. `open` opens its place and says whether that is in front then, and `isThere` whether it can be. */
export function commandOfAction(action: Action, title: string, also: string, isThere: () => boolean, open: (place: Place) => Promise<"before" | "now" | "not">): Command {
  const { id, controls, on } = action;
  if (on === undefined) return { id, title, also, group: "screen", usual: "", isEnabled: () => shownControls(controls).length > 0, run: () => shownControls(controls)[0]?.click() };
  const run = async (): Promise<void> => {
    const opened = await open(on);
    if (opened === "not" || (opened === "now" && action.isDoneByOpening)) return;
    whenShown(controls, ([first]) => {
      if (!first || !focusOn(first)) return false;
      if (!action.isChosenThere) first.click();
      return true;
    }, action.after);
  };
  return { id, title, also, group: GROUPS[on], usual: "", isEnabled: isThere, run: () => void run() };
}
