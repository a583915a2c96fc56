/** A flat list of files as a tree of rows that can be opened and closed. */
import type { FileView } from "../backend";
import { visible } from "../visible";
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

/** The rows to show: of closed folders only the folder; with a filter, every file that fits. */
export function rowsOf(files: readonly FileView[], open: ReadonlySet<string>, filter: string): Row[] {
  const wanted = filter.trim().toLowerCase();
  if (wanted !== "") {
    return files
      .filter((file) => fits(file.path.toLowerCase(), wanted))
      .map((file) => rowOf(file, file.path, 0));
  }
  interface Folder {
    folders: Map<string, Folder>;
    files: FileView[];
  }
  const root: Folder = { folders: new Map(), files: [] };
  for (const file of files) {
    const parts = file.path.split("/");
    let folder = root;
    for (const part of parts.slice(0, -1)) {
      let next = folder.folders.get(part);
      if (!next) {
        next = { folders: new Map(), files: [] };
        folder.folders.set(part, next);
      }
      folder = next;
    }
    folder.files.push(file);
  }
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
  walk(root, "", 0);
  return rows;
}

/** Whether the letters of the filter stand in the path in this order. */
function fits(path: string, filter: string): boolean {
  if (path.includes(filter)) return true;
  let at = 0;
  for (const letter of filter) {
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
