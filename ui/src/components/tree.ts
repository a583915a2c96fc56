/** A flat list of files as a tree of rows that can be opened and closed. */
import type { FileView } from "../backend";
import { visible } from "../visible";
import { match } from "./fuzzy";
import { t } from "../words.svelte";
import type { Row } from "./rows";

/** The row of a file, called by its whole path or by its name alone. */
function rowOf(file: FileView, name: string, depth: number): Row {
  const [icon, sense] = file.skipped ? ["⊘", t("file-left-out")] : file.kind === "document" ? ["¶", ""] : file.kind === "image" ? ["▣", ""] : ["·", ""];
  return {
    path: file.path,
    name: visible(name),
    depth,
    isFolder: false,
    isOpen: false,
    icon: icon ?? "",
    sense: sense ?? "",
    title: file.skipped ?? visible(file.path),
    isQuiet: file.kind !== "document",
    ranges: [],
  };
}

/** The row of a folder. */
export function folderRow(path: string, name: string, depth: number, isOpen: boolean): Row {
  return { path, name: visible(name), depth, isFolder: true, isOpen, icon: isOpen ? "▾" : "▸", sense: "", title: visible(path), isQuiet: false, ranges: [] };
}

/** How many of the files that fit are shown, as of a repository at a commit. */
const SHOWN = 200;

interface Folder {
  folders: Map<string, Folder>;
  files: FileView[];
}

/** The files of a folder, made ready once for their tree and for what is typed to find one: there may
 * be a hundred thousand of them, and a key has to be answered within a frame. */
export class Files {
  readonly #files: readonly FileView[];
  readonly #root: Folder = { folders: new Map(), files: [] };
  readonly #paths: readonly string[];
  /** Where the name begins in each path. */
  readonly #names: readonly number[];
  /** What was looked for last, and the places of the files that fitted. */
  #last: { words: string; places: readonly number[] } | null = null;

  constructor(files: readonly FileView[]) {
    this.#files = files;
    this.#paths = files.map((file) => file.path.toLowerCase());
    this.#names = this.#paths.map((path) => path.lastIndexOf("/") + 1);
    for (const file of files) {
      let folder = this.#root;
      for (const part of file.path.split("/").slice(0, -1)) {
        let next = folder.folders.get(part);
        if (!next) {
          next = { folders: new Map(), files: [] };
          folder.folders.set(part, next);
        }
        folder = next;
      }
      folder.files.push(file);
    }
  }

  get count(): number {
    return this.#files.length;
  }

  /** The rows of the tree: of closed folders only the folder. */
  rows(open: ReadonlySet<string>): Row[] {
    const rows: Row[] = [];
    const walk = (folder: Folder, prefix: string, depth: number) => {
      for (const [name, inner] of folder.folders) {
        const path = prefix + name;
        const isOpen = open.has(path);
        rows.push(folderRow(path, name, depth, isOpen));
        if (isOpen) walk(inner, `${path}/`, depth + 1);
      }
      for (const file of folder.files) {
        rows.push(rowOf(file, file.path.slice(prefix.length), depth));
      }
    };
    walk(this.#root, "", 0);
    return rows;
  }

  /** The files that fit what was typed, the best first, and how many there are: those whose name has
   * all words, then those whose path has, then those with the letters of each word in this order. */
  find(typed: string): { rows: Row[]; fitting: number } {
    const words = typed.trim().toLowerCase();
    const each = words.split(/\s+/).map((word) => ({ word, letters: Array.from(word) }));
    const fitting: [number[], number[], number[]] = [[], [], []];
    // What does not fit the beginning of words does not fit the words.
    const before = this.#last && words.startsWith(this.#last.words) ? this.#last.places : null;
    const count = before ? before.length : this.#paths.length;
    for (let at = 0; at < count; at += 1) {
      const place = before?.[at] ?? at;
      const rank = rankOf(this.#paths[place] ?? "", this.#names[place] ?? 0, each);
      if (rank !== null) fitting[rank].push(place);
    }
    const places = fitting.flat();
    this.#last = { words, places };
    const rows = places.slice(0, SHOWN).flatMap((place) => {
      const file = this.#files[place];
      if (!file) return [];
      const row = rowOf(file, file.path, 0);
      let ranges: [number, number][] | null = null;
      return [
        {
          ...row,
          /** Looked for where the row is drawn. */
          get ranges() {
            // Signs that are shown by their numbers have more letters there than in the path.
            ranges ??= row.name === file.path ? (match(words, file.path)?.ranges ?? []) : [];
            return ranges;
          },
        },
      ];
    });
    return { rows, fitting: places.length };
  }
}

/** How well a path fits words: its name, which begins at a place, has all of them, it has them, or their
 * letters in this order; not at all otherwise. */
function rankOf(path: string, name: number, words: readonly { word: string; letters: readonly string[] }[]): 0 | 1 | 2 | null {
  let rank: 0 | 1 | 2 = 0;
  for (const { word, letters } of words) {
    if (path.indexOf(word, name) >= 0) continue;
    if (path.indexOf(word) >= 0) {
      if (rank === 0) rank = 1;
    } else if (fits(path, letters)) rank = 2;
    else return null;
  }
  return rank;
}

/** Whether letters stand in a path in this order. */
function fits(path: string, letters: readonly string[]): boolean {
  let at = 0;
  for (const letter of letters) {
    at = path.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** The folders above a path. */
export function above(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
