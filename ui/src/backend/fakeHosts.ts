/** Git hosts without a core: one host with two repositories, and a folder as large as is wanted. */
import type { Backend, ChangedPathView, ChangeEvent, ChangesView, CodeThemeView, CodeView, CommitView, ComparisonView, FolderView, GitHostView, ItemView, PageLookView, PageView, PdfPageView, SourceView, VisitView } from "./index";
import { rowAt, rowsOf } from "./fakeRows";

export interface FakeGit {
  /** Whether somebody is signed in; the hosts are there then. */
  signedIn?: boolean;
  /** Who is signed in; only Ada if not said. */
  accounts?: string[];
  /** How the account is. */
  health?: GitHostView["health"];
  /** What every question about repositories fails with. */
  fails?: CodeView;
  /** Whether the host cannot be reached: what was seen is there, and nothing else. */
  offline?: boolean;
  /** As which host files are shown; GitHub if not said. */
  look?: VisitView["look"];
  /** Whether a listing is cut. */
  cut?: boolean;
  /** How many files the folder `many` has. */
  many?: number;
  /** When the list of all paths is there; at once if not said. */
  listed?: Promise<void>;
  /** What main leads to now. */
  newer?: CommitView;
}

const words: Record<CodeView, [string, string | null]> = {
  signedOut: ["`git.acme.com` does not accept the account's access", "Sign in again"],
  forbidden: ["`acme/secret` is not at `git.acme.com`, or the account may not see it", "Check the name, and ask its owner for the right to read it"],
  notFound: ["There is no `docs/gone.md` in `acme/handbook` at `main`", "Check the path, or choose another branch"],
  conflict: ["This repository is not open any more", "Open it again"],
  rateLimited: ["`git.acme.com` takes no more requests for a while", "Try again later"],
  offline: ["`git.acme.com` could not be reached", "Check the network"],
  vaultUnavailable: ["The vault is locked", "Unlock it"],
  invalidInput: ["`https://example.com/` is no address of a repository", "Give it as the browser shows it"],
  bug: ["`git.acme.com` answered in a form that is not its own", null],
};

/** One that is seen through. */
const pixel = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

function refuse(code: CodeView): never {
  const [message, remedy] = words[code];
  throw { code, message, remedy };
}

const texts: Record<string, string> = {
  "README.md": "# Handbook\n\nHow we work at Acme.\n",
  "docs/install.md": "# Install\n\nAs it was called first.",
  "docs/setup.md": ["# Setup", "", ...Array.from({ length: 60 }, (_, line) => `Step ${line + 1}: turn the key.`)].join("\n"),
  "docs/empty.md": "",
};

const commits: CommitView[] = [
  { id: "1a2b3c4d5e6f708192a3b4c5d6e7f80912345678", author: "Bob Baker", when: "2026-11-20T08:00:00Z", summary: "Bring the guide along" },
  { id: "2b3c4d5e6f708192a3b4c5d6e7f8091234567890", author: "Alice Archer", when: "2026-10-01T08:00:00Z", summary: "Start the handbook" },
];

function itemsOf(folder: string, many: number): ItemView[] | null {
  switch (folder) {
    case "":
      return [
        { name: "docs", kind: "folder" },
        ...(many > 0 ? [{ name: "many", kind: "folder" as const }] : []),
        { name: "README.md", kind: "file", size: 40 },
        { name: "theme", kind: "submodule" },
      ];
    case "docs":
      return [
        { name: "caf\\xE9.md", kind: "file", size: 7, isStrange: true },
        { name: "empty.md", kind: "file", size: 0 },
        { name: "first.md", kind: "link" },
        { name: "locked.pdf", kind: "file", size: 1800 },
        { name: "map.png", kind: "file", size: 43 },
        { name: "plan.pdf", kind: "file", size: 1800 },
        { name: "setup.md", kind: "file", size: 1400 },
        { name: "tour.mp4", kind: "lfs", size: 42 },
      ];
    case "many":
      return Array.from({ length: many }, (_, number) => ({ name: `file-${String(number).padStart(6, "0")}.md`, kind: "file" as const, size: 10 }));
    default:
      return null;
  }
}

/** A repository that a Git server shows only to whoever signs in there. */
export const CLOSED = "https://git.example.com/team/acme/handbook.git";

export function fakeHosts(options: { git?: FakeGit }, tell: (event: ChangeEvent) => void) {
  const git = options.git ?? {};
  let current: VisitView | null = null;
  /** The addresses that somebody signed in for. */
  const letIn = new Set<string>();
  let count = 0;
  const base = "https://git.acme.com";
  const all = () => ["README.md", "docs/caf\\xE9.md", "docs/empty.md", "docs/first.md", "docs/locked.pdf", "docs/map.png", "docs/plan.pdf", "docs/setup.md", "docs/tour.mp4", ...(itemsOf("many", git.many ?? 0) ?? []).map(({ name }) => `many/${name}`)];

  function at(id: string): VisitView {
    if (current?.id !== id) refuse("conflict");
    return current;
  }

  const backend = {
    listHosts: async () => (git.signedIn ? (git.accounts ?? ["ada"]).map((user, number) => ({ base, host: "git.acme.com", provider: "gitlab", providerName: "GitLab", account: user, user, isUsed: number === 0, health: number === 0 ? (git.health ?? null) : null })) : []),
    listRepositories: async (_account, search) => {
      if (git.fails) refuse(git.fails);
      const names = [
        ["acme/handbook", "How we work"],
        ["acme/secret", ""],
      ] as const;
      const items = names.filter(([name]) => name.includes(search)).map(([name, description]) => ({ name, description, address: `${base}/${name}` }));
      return { items, incomplete: git.cut ? "There are more than these 2; search for one" : null, isRemembered: git.offline ?? false };
    },
    listVisited: async () => (git.signedIn ? [{ address: `${base}/acme/handbook`, name: "handbook", place: "git.acme.com/acme" }] : []),
    openVisit: async (address, reference) => {
      if (address === CLOSED && !letIn.has(address)) {
        const asking = { provider: "git-server", host: "https://git.example.com", repository: "team/acme/handbook.git" };
        throw { code: "signedOut", message: "`git.example.com` shows this repository only to whoever has a token", remedy: "Sign in there with your user name and a password or token", asking };
      }
      if (!address.includes("acme/") && !address.startsWith("/")) refuse("invalidInput");
      if (address.includes("acme/secret")) refuse("forbidden");
      if (git.fails === "signedOut") refuse("signedOut");
      const isLocal = address.startsWith("/");
      const lines = /#L(\d+)(?:-L?(\d+))?$/.exec(address);
      const path = /\/-\/blob\/[^/]+\/([^#]+)/.exec(address)?.[1] ?? "";
      const isThere = path === "" || all().includes(path);
      const commit = commits.find(({ id }) => id === reference);
      const newest = git.newer ?? commits[0];
      if (!newest) throw new Error("there are commits");
      count += 1;
      current = {
        id: String(count),
        name: isLocal ? "handbook" : "acme/handbook",
        host: isLocal ? null : "git.acme.com",
        address: isLocal ? address : `${base}/acme/handbook`,
        reference: commit ? null : (reference ?? "main"),
        isFollowing: !commit,
        commit: commit ?? (count > 1 ? newest : (commits[0] ?? newest)),
        isOffline: git.offline ?? false,
        look: git.look ?? "github",
        landing: {
          path: isThere ? path : "",
          isFolder: path === "" || !isThere,
          lines: lines && isThere ? { first: Number(lines[1]), last: Number(lines[2] ?? lines[1]) } : null,
          trouble: isThere ? null : `There is no \`${path}\` in \`acme/handbook\` at \`main\``,
        },
      };
      tell("visit-changed");
      return current;
    },
    closeVisit: async () => {
      current = null;
      tell("visit-changed");
    },
    lookForNewer: async (id) => {
      const { commit, isFollowing } = at(id);
      if (git.offline) refuse("offline");
      return isFollowing && git.newer && git.newer.id !== commit.id ? git.newer : null;
    },
    listReferences: async (id, kind, beginning) => {
      at(id);
      const names = kind === "branch" ? ["feature/pay-grades", "main"] : ["v1.0", "v1.1"];
      return { names: names.filter((name) => name.startsWith(beginning)), incomplete: git.cut ? "There are more than these 2; search for one" : null, isRemembered: git.offline ?? false };
    },
    listFolder: async (id, folder): Promise<FolderView> => {
      at(id);
      if (git.fails && git.fails !== "offline") refuse(git.fails);
      if (git.fails === "offline" && folder !== "") refuse("offline");
      const items = itemsOf(folder, git.many ?? 0);
      return items ? { items, incomplete: git.cut ? "The host lists 1,000 files of a folder at most" : null } : refuse("notFound");
    },
    findPaths: async (id, wanted) => {
      at(id);
      await git.listed;
      const paths = all();
      const found = paths.filter((path) => path.includes(wanted.trim()));
      const best = found.slice(0, 200).map((path) => ({
        path,
        kind: "file" as const,
        ranges: [[path.indexOf(wanted.trim()), path.indexOf(wanted.trim()) + wanted.trim().length]] as [number, number][],
      }));
      return { best, fitting: found.length, all: paths.length, incomplete: null };
    },
    showFile: async (id: string, path: string, { isDark }: CodeThemeView, first: number, count: number): Promise<SourceView> => {
      at(id);
      const instead = { language: "", totalLines: 0, totalRows: 0, first: 0, background: "", palette: [], rows: [], columns: [], longLines: [], isGuessed: false, imageUrl: null, pages: [] as SourceView["pages"], size: 0, notes: [] as string[], target: null as string | null, address: null as string | null };
      if (path === "theme") return { ...instead, kind: "submodule", target: "5f3a1c2b4d6e8f90a1b2c3d4e5f60718293a4b5c", address: `${base}/acme/theme` };
      if (path === "docs/first.md") return { ...instead, kind: "link", target: "setup.md" };
      if (path === "docs/plan.pdf") return { ...instead, kind: "pdf", pages: Array.from({ length: 12 }, () => ({ width: 595, height: 842 })), size: 1800 };
      if (path === "docs/locked.pdf") return { ...instead, kind: "pdf", size: 1800, notes: ["This PDF cannot be shown: it is encrypted.", "Save the file and open it in a PDF viewer."] };
      if (path === "docs/map.png") return { ...instead, kind: "image", imageUrl: pixel, size: 43, notes: ["40 × 30 pixels"] };
      if (path === "docs/empty.md") return { ...instead, kind: "empty" };
      if (path === "docs/tour.mp4") return { ...instead, kind: "binary", size: 42, notes: ["This file is kept in Git LFS (42 bytes)"] };
      if (path.startsWith("many/") || path === "docs/caf\\xE9.md") return { ...instead, kind: "text", ...rowsOf("# One of many", 0, 1, isDark), size: 13 };
      const text = texts[path];
      if (text === undefined) refuse("notFound");
      if (git.fails === "offline") refuse("offline");
      return { ...instead, kind: "text", language: "Markdown", ...rowsOf(text, first, count, isDark), size: text.length };
    },
    showPdfPage: async (id: string, path: string, page: number): Promise<PdfPageView> => {
      at(id);
      if (path !== "docs/plan.pdf" || page > 11) refuse("notFound");
      if (page === 1) throw { code: "invalidInput", message: "Page 2 cannot be shown: it takes longer than 10 seconds to draw; make it smaller", remedy: "Save the file and open it in a PDF viewer" };
      return { picture: pixel, words: [{ text: `Words of page ${page + 1}`, left: 10_000, top: 10_000, width: 30_000, height: 3_000 }] };
    },
    listChanges: async (id: string, folder: string, reference: string): Promise<ChangesView> => {
      at(id);
      if (reference === "refs/tags/v1.0") refuse("notFound");
      const before = commits.find((commit) => commit.id === reference) ?? commits[1] ?? refuse("notFound");
      const many = (itemsOf("many", git.many ?? 0) ?? []).map(({ name }): ChangedPathView => ({ path: `many/${name}`, kind: "added", was: null }));
      const some: ChangedPathView[] = [
        { path: "README.md", kind: "modified", was: null },
        { path: "docs/gone.md", kind: "removed", was: null },
        { path: "docs/map.png", kind: "added", was: null },
        { path: "docs/setup.md", kind: "renamed", was: "docs/start.md" },
      ];
      const all = reference === commits[0]?.id ? [] : [...some, ...many];
      const files = all.filter(({ path }) => folder === "" || path.startsWith(`${folder}/`));
      return { before, files, total: files.length, incomplete: git.cut ? "The host tells 300 changed files at most" : null };
    },
    compareFile: async (id: string, path: string, reference: string): Promise<ComparisonView> => {
      at(id);
      if (reference === "refs/tags/v1.0") refuse("notFound");
      const before = commits.find((commit) => commit.id === reference) ?? commits[1] ?? refuse("notFound");
      const made = { before, was: null, beforeSize: 40, afterSize: 43, lines: [], isCut: false, beforePicture: null, afterPicture: null };
      if (reference === commits[0]?.id) return { ...made, kind: "same" };
      if (path === "docs/map.png") {
        const afterPicture = { url: pixel, width: 40, height: 30 };
        if (reference === "main") return { ...made, kind: "pictures", beforeSize: null, afterPicture };
        return { ...made, kind: "pictures", beforePicture: { url: pixel, width: 20, height: 30 }, afterPicture };
      }
      if (path.endsWith(".pdf")) return { ...made, kind: "binary" };
      const line = (kind: string, text: string) => ({ kind, text, emphasis: [] });
      return { ...made, kind: "lines", was: "docs/start.md", isCut: true, lines: [line("gap", "3"), line("removed", "Turn the key"), line("added", "Turn the key twice")] };
    },
    findInFile: async (_id, path, wanted) => {
      const lines = (texts[path] ?? "").split("\n");
      const places = lines.flatMap((line, number) => {
        const first = line.toLowerCase().indexOf(wanted.toLowerCase());
        return first < 0 ? [] : [{ line: number, row: rowAt(texts[path] ?? "", number, first), first, end: first + wanted.length }];
      });
      return { places, total: places.length };
    },
    showPage: async (id: string, path: string, look: PageLookView): Promise<PageView | null> => {
      at(id);
      const text = texts[path];
      if (text === undefined || !path.endsWith(".md")) return null;
      const [title = "", ...rest] = text.split("\n");
      if (look === "host") return { title: path, html: `<h1 data-line="1">${title.replace(/^# /, "")}</h1><p data-line="2">As the host shows it</p>`, problems: [], labels: [], hasHostLook: true };
      return { title: title.replace(/^# /, ""), html: `<p data-line="2">${rest.join(" ")}</p><a href="docs/setup.md">There</a>`, problems: [], labels: [], hasHostLook: true };
    },
    showHistory: async (id, path, most) => {
      at(id);
      return { items: commits.slice(0, most).map((commit, at) => ({ ...commit, path: path === "docs/setup.md" && at > 0 ? "docs/install.md" : path })), incomplete: null, isRemembered: git.offline ?? false };
    },
    showBlame: async (id, path) => {
      if (id === null) return { commits: [commits[0] ?? refuse("notFound")], parts: [{ first: 1, last: 1, commit: 0 }, { first: 3, last: 3, commit: 0 }], incomplete: null, isRemembered: false };
      at(id);
      if (path === "README.md") refuse("rateLimited");
      const parts = [
        { first: 1, last: 2, commit: 0 },
        { first: 3, last: 9, commit: 1 },
        { first: 10, last: (texts[path] ?? "").split("\n").length, commit: 0 },
      ];
      return { commits: [commits[1] ?? refuse("notFound"), commits[0] ?? refuse("notFound")], parts, incomplete: git.cut ? "Only the newest 50 versions were looked at" : null, isRemembered: git.offline ?? false };
    },
    makePermalink: async (id, path, lines) => {
      const { commit, host } = at(id);
      if (host === null) return null;
      const marked = lines === null ? "" : lines.first === lines.last ? `#L${lines.first}` : `#L${lines.first}-${lines.last}`;
      return `${base}/acme/handbook/-/blob/${commit.id}/${path}${marked}`;
    },
    countBehind: async () => [{ path: "README.md", commits: 2 }],
  } satisfies Partial<Backend>;

  return {
    backend,
    visited: () => current,
    /** Somebody signed in for what is at an address. */
    letIn: (address: string) => void letIn.add(address),
    leave: () => (current = null),
  };
}
