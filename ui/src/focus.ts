/**
 * Keeps the focus somewhere: browsers drop it to the page itself when what had it is taken away, hidden
 * or disabled, and whoever goes by keyboard or hears the screen begins at its top again.
 */

/** What the focus lands on: what is marked as that, such as the end of something long, or the heading. */
const LANDINGS = ["[data-landing]", "main h1"];

/** Whether a part can have the focus: it is in the page, seen, and answers. */
function canHaveFocus(part: Element | null | undefined): part is HTMLElement {
  return part instanceof HTMLElement && part !== document.body && part.isConnected && part.closest("[hidden]") === null && !part.matches(":disabled");
}

function give(part: HTMLElement): void {
  if (part.matches("h1")) part.tabIndex = -1;
  part.focus({ preventScroll: true });
}

/** Begins a screen at its heading, as a new page begins. */
export function beginAtHeading(): void {
  const heading = [...document.querySelectorAll("main h1")].find(canHaveFocus);
  if (heading) give(heading);
}

/**
 * Gives the focus back whenever it is lost without anybody's doing: to what had it last in what is in
 * front, and otherwise to where that begins. `front` names what is in front.
 */
export function keepFocus(front: () => string): () => void {
  const held = new Map<string, HTMLElement>();
  let last: HTMLElement | null = null;

  function onfocusin({ target }: FocusEvent): void {
    if (!(target instanceof HTMLElement)) return;
    last = target;
    if (!target.closest("dialog")) held.set(front(), target);
  }
  function onfocusout({ target }: FocusEvent): void {
    // Some browsers tell of it while what had the focus is still there.
    queueMicrotask(() => {
      if (target === last && canHaveFocus(last) && document.activeElement !== last) last = null;
    });
  }
  /** Whoever presses anywhere while nothing has the focus begins there. */
  function onpointerdown(): void {
    if (document.activeElement === document.body) last = null;
  }
  function look(): void {
    if (last === null || canHaveFocus(document.activeElement)) return;
    // What is disabled for as long as it works gets the focus back once it has.
    if (last.isConnected && last.closest("[hidden]") === null) {
      if (canHaveFocus(last)) give(last);
      return;
    }
    const landings = [held.get(front()), ...LANDINGS.flatMap((css) => [...document.querySelectorAll(css)])];
    const there = landings.find(canHaveFocus);
    if (there) give(there);
  }

  const changes = new MutationObserver(look);
  changes.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["disabled", "hidden"] });
  document.addEventListener("focusin", onfocusin);
  document.addEventListener("focusout", onfocusout);
  document.addEventListener("pointerdown", onpointerdown);
  return () => {
    changes.disconnect();
    document.removeEventListener("focusin", onfocusin);
    document.removeEventListener("focusout", onfocusout);
    document.removeEventListener("pointerdown", onpointerdown);
  };
}

/** Goes on to the next pane of what is in front, or back. */
export function nextPane(by: number): void {
  const panes = [...document.querySelectorAll<HTMLElement>("[role=tree], [role=region], [role=grid], [data-testid=plan-button]")].filter((pane) => !pane.closest("[hidden]"));
  const at = panes.findIndex((pane) => pane === document.activeElement);
  // Before the first stands the last, also for whoever is in none.
  panes[(Math.max(at, by < 0 ? 0 : -1) + by + panes.length) % panes.length]?.focus();
}
