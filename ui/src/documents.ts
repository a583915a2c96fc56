// Which files become pages, by their names. `crates/tributary/tests/hosts/browse.rs` holds the first list against
// what the core makes pages of.

const PAGES =
  /\.(md|markdown|mdown|mkd|mdx|adoc|asciidoc|asc|ipynb|csv|tsv|json|geojson|webmanifest|jsonl|ndjson|yaml|yml|toml|mmd|mermaid|dot|gv|puml|plantuml|pu|iuml|wsd|drawio|dio|excalidraw|actdiag|blockdiag|bpmn|bytefield|c4plantuml|d2|dbml|ditaa|erd|nomnoml|nwdiag|packetdiag|pikchr|rackdiag|seqdiag|structurizr|svgbob|symbolator|tikz|vega|vegalite|wavedrom|wireviz)$/i;
const WRITTEN = /\.(md|markdown|mdown|mkd|mdx|adoc|asciidoc|asc|ipynb)$/i;
const FIRST = /^(readme|index)\.(md|markdown|mdown|mkd|mdx|adoc|asciidoc|asc)$/i;

/** Whether a file can be published as a page of its own. */
export function canBePage(path: string): boolean {
  return PAGES.test(path);
}

/** Whether a file is written to be read as a page, so that it stands out among others. */
export function isDocument(path: string): boolean {
  return WRITTEN.test(path);
}

/** Whether a file is what a folder shows first. */
export function isFirst(name: string): boolean {
  return FIRST.test(name);
}
