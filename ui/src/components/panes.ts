/** What is shown of a file, at most two of it beside each other. */

/** Its source, the look that a Git host gives it, or the page that Confluence will show. */
export type Pane = "source" | "host" | "page";

/** In the order in which they stand beside each other. */
export const PANES: readonly Pane[] = ["source", "host", "page"];

/** What somebody wants to see, the one chosen last at the end: whatever the file, so that the choice is
 * there again for the next one. */
export type Panes = readonly Pane[];

export const USUAL: Panes = ["source", "page"];

/** The choice after somebody pressed one: it goes away or comes, in the place of the one that was chosen
 * first when there are two. One is always there. */
export function pressed(wanted: Panes, pane: Pane): Panes {
  if (!wanted.includes(pane)) return [...wanted, pane].slice(-2);
  return wanted.length > 1 ? wanted.filter((other) => other !== pane) : wanted;
}

/** What of the choice can be shown of a file, in the order of the screen. */
export function shownOf(wanted: Panes, possible: Panes): Panes {
  const shown = PANES.filter((pane) => wanted.includes(pane) && possible.includes(pane));
  if (shown.length > 0) return shown;
  // Somebody who wants a look gets the other one before the source.
  return [possible.includes("page") ? "page" : possible.includes("host") ? "host" : "source"];
}
