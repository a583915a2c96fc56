/** Where the links of a page lead. */

/** Whether an address leads out of the repository. */
export function isElsewhere(href: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(href) || href.startsWith("//");
}

/** The paths that a link on the page of a file may mean, the likeliest first; empty for the root. */
export function pathsOf(href: string, from: string): string[] {
  const base = new URL(`repository://localhost/${from.split("/").map(encodeURIComponent).join("/")}`);
  let target: string;
  try {
    target = decodeURIComponent(new URL(href, base).pathname.slice(1)).replace(/\/$/, "");
  } catch {
    // Neither an address nor a path: nothing is there.
    return [];
  }
  if (target === "") return [""];
  const stem = target.replace(/\.html?$/, "");
  const named = [target, `${stem}.md`, `${stem}.adoc`, `${target}.md`, `${target}/README.md`, `${target}/index.md`];
  return [...new Set(named)];
}

/** The forms that a link has: with its scheme, of a clone over SSH, and as browsers copy it that leave the scheme
 * out. What would be a path as well, with a number or nothing behind the dot, is none. */
const LINKS: readonly RegExp[] = [/^(https?|ssh|git):\/\/\S+$/, /^[\w.-]+@[\w.-]+:\S+$/, /^[\w-]+(\.[\w-]+)*\.[a-z]{2,}(:\d+)?\/[^\s/]+\/\S+$/i];

/** A link to anywhere, as a browser gives it. */
export function linkIn(text: string): string | null {
  const line = text.split("\n").find((one) => one.trim() !== "" && !one.startsWith("#"))?.trim() ?? "";
  return LINKS.some((form) => form.test(line)) ? line : null;
}
