/** The styles of elements as jsdom computes them, at a small part of its effort.
 *
 * jsdom tries every rule of every stylesheet at an element, and axe asks for every element of a screen:
 * that was three quarters of what these tests took. Here a rule is tried only where its selector can
 * match at all, and what comes of it is asked once for all elements that the same rules match, with the
 * same around them. `styles.test.ts` holds it against what jsdom computes by itself. */

interface Rule {
  number: number;
  selector: string;
}

/** The rules of a stylesheet, by what an element has to have for them. */
type Sheet = Map<string, Rule[]>;

/** What jsdom's own stylesheet asks for beside tags, and the styles that an element has by itself. */
const ATTRIBUTES = ["dir", "disabled", "hidden", "list", "open", "readonly", "style", "type"];

/** Where a selector says nothing of the element that could be told at once. */
const NOTHING = "*";

/** The parts of a selector between signs that are not within brackets. */
function split(selector: string, at: RegExp): string[] {
  const parts = [""];
  let depth = 0;
  for (const sign of selector) {
    if (sign === "(" || sign === "[") depth += 1;
    if (sign === ")" || sign === "]") depth -= 1;
    if (depth === 0 && at.test(sign)) parts.push("");
    else parts[parts.length - 1] += sign;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

const needs = new Map<string, string[]>();

/** An id, a class or a tag that the element has to have, one for each selector of a list. */
function needsOf(selector: string): string[] {
  let found = needs.get(selector);
  if (found === undefined) {
    const each = split(selector, /,/).map((one) => {
      const last = split(one, /[\s>+~]/).at(-1) ?? "";
      const certain = last.replace(/\[[^\]]*\]/g, "").replace(/:.*$/s, "");
      return /[.#][\w-]+/.exec(certain)?.[0] ?? /^[a-z][\w-]*/i.exec(certain)?.[0].toLowerCase() ?? NOTHING;
    });
    found = [...new Set(each)];
    needs.set(selector, found);
  }
  return found;
}

/** What an element has of what selectors can need. */
function hasOf(element: Element): string[] {
  const has = [NOTHING, element.localName];
  if (element.id !== "") has.push(`#${element.id}`);
  for (const name of element.classList) has.push(`.${name}`);
  return has;
}

let numbers = 0;
function read(sheet: CSSStyleSheet): Sheet {
  const byNeed = new Map<string, Rule[]>();
  const addAll = (rules: CSSRuleList): void => {
    for (const rule of rules) {
      if ("selectorText" in rule) {
        const read = { number: ++numbers, selector: String(rule.selectorText) };
        for (const need of needsOf(read.selector)) byNeed.set(need, [...(byNeed.get(need) ?? []), read]);
      } else if ("cssRules" in rule) addAll(rule.cssRules as CSSRuleList);
    }
  };
  addAll(sheet.cssRules);
  return byNeed;
}

interface Matcher {
  /** Frames of an animation are asked for too, and have no selector. */
  match: (selector: string | undefined, element: Element) => boolean;
}

/** What jsdom has of a document where it computes styles; it has no name outside of it. */
interface Inner {
  _nwsapiDontThrow: Matcher;
  _styleCache: unknown;
}

function innerOf(document: Document): Inner {
  const name = Object.getOwnPropertySymbols(document).find((symbol) => symbol.description === "impl");
  const inner: unknown = name && Reflect.get(document, name);
  const isAsKnown = typeof inner === "object" && inner !== null && "_styleCache" in inner && "_nwsapiDontThrow" in inner;
  if (!isAsKnown) throw new Error("jsdom computes styles otherwise than it did: look at `styles.ts`");
  return inner as Inner;
}

const done = new WeakSet<Document>();

/** How jsdom computes styles by itself. */
export let byItself: typeof getComputedStyle;

/** Has styles computed so from now on, by whichever name of the window they are asked for. */
export function computeStylesOnce(): void {
  // The files of a worker share a page, and each of them sets it up.
  if (done.has(document)) return;
  done.add(document);
  const real = window.getComputedStyle.bind(window);
  // It makes its matcher when it is needed.
  real(document.documentElement);
  const inner = innerOf(document);
  const matcher = inner._nwsapiDontThrow;
  const tries = matcher.match.bind(matcher);
  let last: Element | null = null;
  let has = new Set<string>();
  matcher.match = (selector, element) => {
    if (selector === undefined) return false;
    if (element !== last) [last, has] = [element, new Set(hasOf(element))];
    return needsOf(selector).some((need) => has.has(need)) && tries(selector, element);
  };
  byItself = (...given) => {
    const quick = matcher.match;
    matcher.match = tries;
    try {
      return real(...given);
    } finally {
      matcher.match = quick;
    }
  };

  const sheets = new WeakMap<CSSStyleSheet, Sheet>();
  /** The elements that have everything in common, by what that is. */
  const kinds = new Map<string, number>();
  const styles = new Map<number, CSSStyleDeclaration>();
  let known = new WeakMap<Element, number>();
  let current: Sheet[] = [];
  let focused: Element | null = null;
  let isAsBefore = false;
  const changes = new MutationObserver(() => (isAsBefore = false));
  changes.observe(document, { attributes: true, characterData: true, childList: true, subtree: true });

  /** Begins anew where anything is other than it was. */
  const look = (): void => {
    // Of what has the focus jsdom takes no notice by itself.
    if (focused !== document.activeElement) inner._styleCache = null;
    else if (changes.takeRecords().length === 0 && isAsBefore) return;
    known = new WeakMap();
    last = null;
    focused = document.activeElement;
    current = [...document.styleSheets].map((sheet) => {
      const found = sheets.get(sheet) ?? read(sheet);
      sheets.set(sheet, found);
      return found;
    });
    isAsBefore = true;
  };

  const kindOf = (element: Element): number => {
    const before = known.get(element);
    if (before !== undefined) return before;
    let kind = String(element.parentElement === null ? 0 : kindOf(element.parentElement));
    kind += ` ${element.localName} ${element === focused ? "focus" : ""}`;
    for (const name of ATTRIBUTES) kind += ` ${JSON.stringify(element.getAttribute(name))}`;
    const matching = new Set<number>();
    for (const need of hasOf(element)) {
      for (const sheet of current) {
        for (const rule of sheet.get(need) ?? []) if (tries(rule.selector, element)) matching.add(rule.number);
      }
    }
    kind += [...matching].sort((a, b) => a - b).join();
    const number = kinds.get(kind) ?? kinds.size + 1;
    kinds.set(kind, number);
    known.set(element, number);
    return number;
  };

  const once: typeof getComputedStyle = (element, pseudo) => {
    if (pseudo || element.ownerDocument !== document || !element.isConnected) return real(element, pseudo);
    look();
    const kind = kindOf(element);
    const found = styles.get(kind) ?? real(element);
    styles.set(kind, found);
    return found;
  };
  // What tests run in is not the window of the document, but looks like it.
  for (const one of [window, document.defaultView]) if (one) one.getComputedStyle = once;
}
