/** The HTML of a page, looked at once more before it goes into its frame: the core writes known
 * elements only, and here nothing else is let through. */

const ELEMENTS = new Set(
  "a abbr blockquote br code dd details div dl dt em h1 h2 h3 h4 h5 h6 hr img kbd li mark ol p pre s small span strong sub summary sup table tbody td th tr u ul".split(" "),
);
const ATTRIBUTES = new Set("alt aria-label class colspan data-line dir height id rowspan scope start title valign width".split(" "));
/** What links may lead to; `repository:` stands for files of the repository, by relative addresses. */
const SCHEMES = new Set(["http:", "https:", "mailto:", "repository:"]);
const PICTURES = /^(data:image\/(png|jpeg|gif|webp|svg\+xml|bmp)[;,]|repository:\/\/localhost\/|http:\/\/repository\.localhost\/)/i;

export interface Page {
  html: string;
  /** The addresses of pictures of other servers, each once. */
  elsewhere: string[];
  /** Where its links lead, by the numbers that stand in them. */
  links: string[];
}

/** The frame of a page runs nothing, and in WebKit not even what listens to it from outside. So a link
 * leads to a place of the page itself, which can be read: to its number, or to where it led anyway. */
const FRAME = "about:srcdoc";
const LINK = "#tributary/link/";
/** Where the frame is once a link was followed: no heading has such an anchor. */
export const FOLLOWED = `${FRAME}#tributary/followed`;

/** A short text that another text hardly has too (FNV-1a, 32 bits). */
export function digestOf(text: string): string {
  let digest = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) digest = Math.imul(digest ^ text.charCodeAt(at), 0x01000193);
  return (digest >>> 0).toString(36);
}

/** Where a link of a page leads whose place in the frame this is; none for what is no link. */
export function linkAt(place: string, links: readonly string[]): string | null {
  const number = place.startsWith(LINK) ? place.slice(LINK.length) : "";
  return /^\d+$/.test(number) ? (links[Number(number)] ?? null) : null;
}

/** Lets known elements, attributes and addresses through. Pictures of other servers are left out but
 * for those in `fetched`, by their address. */
export function clean(html: string, fetched: ReadonlyMap<string, string> = new Map()): Page {
  // Nothing of a document that is parsed is loaded or run.
  const { body } = new DOMParser().parseFromString(html, "text/html");
  const elsewhere = new Set<string>();
  const links: string[] = [];
  for (const element of [...body.getElementsByTagName("*")]) {
    if (!body.contains(element)) continue;
    if (!ELEMENTS.has(element.localName) || element.namespaceURI !== "http://www.w3.org/1999/xhtml") {
      element.replaceWith(element.textContent);
      continue;
    }
    const address = element.getAttribute(element.localName === "img" ? "src" : "href")?.trim() ?? "";
    for (const { name } of [...element.attributes]) if (!ATTRIBUTES.has(name)) element.removeAttribute(name);
    if (element.localName === "a" && SCHEMES.has(read(address)?.protocol ?? "")) {
      const isWithin = address.startsWith("#") && !address.startsWith(LINK);
      element.setAttribute("href", `${FRAME}${isWithin ? address : `${LINK}${links.length}`}`);
      if (!isWithin) {
        links.push(address);
        if (!element.hasAttribute("title")) element.setAttribute("title", address);
      }
    }
    if (element.localName !== "img") continue;
    if (PICTURES.test(address)) {
      element.setAttribute("src", address);
      continue;
    }
    if (!/^(https?:)?\/\//i.test(address)) continue;
    const asked = address.startsWith("//") ? `https:${address}` : address;
    elsewhere.add(asked);
    const carried = fetched.get(asked);
    if (carried !== undefined && PICTURES.test(carried)) element.setAttribute("src", carried);
    else element.setAttribute("class", "elsewhere");
  }
  return { html: body.innerHTML, elsewhere: [...elsewhere], links };
}

/** The servers of addresses, each once. */
export function serversOf(addresses: readonly string[]): string[] {
  return [...new Set(addresses.map((address) => read(address)?.host ?? address))];
}

/** An address as a browser takes it, which leaves out line breaks and more. */
function read(address: string): URL | null {
  try {
    return new URL(address, "repository://localhost/");
  } catch {
    return null;
  }
}
