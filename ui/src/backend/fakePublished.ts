/** What was published, for the backend without a core. */
import { asConfigured } from "../components/publishOptions";
import type { Backend, PublicationView, PublishedPageView, SiteView, StandingKindView, StandingView } from "./index";

export interface FakePublished {
  /** How many pages there are beside the few that have a state each. */
  pages?: number;
  /** Whether nothing was published yet. */
  nothing?: boolean;
  /** What asking Confluence fails with. */
  fails?: { code: string; message: string; remedy: string };
  /** What asking for the other repository fails with. */
  unreached?: { code: string; message: string; remedy: string };
  /** What is in the way of the first publication since it was published last. */
  trouble?: string;
  /** Whether it was published to a site that is no sandbox. */
  elsewhere?: boolean;
}

const handbook = "gitlab.acme.com/acme/handbook";
const services = "github.com/acme/services";

/** The remembered publications. */
export function fakePublications(options: FakePublished): PublicationView[] {
  if (options.nothing) return [];
  const one = (id: string, name: string, place: string, isPinned: boolean): PublicationView => ({
    id,
    name,
    place,
    path: null,
    siteName: "Sandbox",
    siteUrl: "http://127.0.0.1:8090/wiki",
    inSandbox: !options.elsewhere,
    space: id === "a" ? "DOCS" : "TEAM",
    when: "2026-11-27T08:00:00Z",
    isPinned,
    isKeptUp: false,
    trouble: id === "a" ? (options.trouble ?? null) : null,
  });
  return [one("a", "handbook", "/home/you/handbook", true), one("b", "services", "github.com/acme/services", false)];
}

type Wanted = "listPublished" | "comparePublished" | "findPublishedSource" | "findPublication" | "pinPublication";

export function fakePublished(options: FakePublished, publications: PublicationView[], sandbox: SiteView, changed: () => void): Pick<Backend, Wanted> {
  const rows: [string, string, string, StandingKindView, number | null][] = [
    ["Handbook", "README.md", handbook, "current", null],
    ["Start", "guide/start.md", handbook, "behind", 3],
    ["Old page", "guide/old.md", handbook, "unknown", null],
    ["Removed", "guide/removed.md", handbook, "sourceGone", null],
    ["Billing", "docs/billing.md", services, "behind", 1],
    ["From a pipeline", "docs/pipeline.md", "github.com/acme/elsewhere", "current", null],
  ];
  for (let number = 0; number < (options.pages ?? 0); number += 1) {
    rows.push([`Page ${String(number).padStart(5, "0")}`, `many/${number}.md`, handbook, "current", null]);
  }
  const pages: PublishedPageView[] = rows.map(([title, path, repository], index) => ({
    id: String(index + 1),
    title,
    url: `${sandbox.url}/spaces/DOCS/pages/${index + 1}`,
    spaceKey: repository === services ? "TEAM" : "DOCS",
    spaceName: repository === services ? "Team" : "Documentation",
    version: 4,
    repository,
    path,
    commit: title === "Old page" ? null : "1a2b3c4d5e6f",
    isEdited: title === "Old page",
    account: repository === services ? "grace" : "ada",
    publication: repository === handbook ? "a" : repository === services ? "b" : null,
  }));
  const find = (id: string) => {
    const found = publications.find((one) => one.id === id);
    if (!found) throw { code: "notFound", message: "This publication is no longer remembered", remedy: "Publish its folder or repository once more" };
    return found;
  };
  return {
    listPublished: async (_siteUrl, everywhere) => {
      if (options.fails) throw options.fails;
      return { pages: options.nothing ? [] : pages, spaces: everywhere ? ["DOCS", "TEAM", "HR"] : ["DOCS", "TEAM"], isEverywhere: everywhere, notAsked: 0 };
    },
    comparePublished: async (_siteUrl, repository): Promise<StandingView[]> => {
      if (options.unreached && repository === services) throw options.unreached;
      return rows.flatMap(([, , of, kind, commits], index) => (of === repository ? [{ pageId: String(index + 1), kind, commits, branch: null }] : []));
    },
    findPublishedSource: async (repository) =>
      repository === handbook
        ? { folder: "/home/you/handbook", address: null, reference: null }
        : { folder: null, address: `https://${repository}`, reference: null },
    findPublication: async (id) => {
      const { place, space, siteUrl } = find(id);
      const isFolder = place.startsWith("/");
      return {
        source: { folder: isFolder ? place : null, address: isFolder ? null : `https://${place}`, reference: null },
        path: "",
        siteUrl,
        spaceKey: space,
        parentId: null,
        options: asConfigured,
      };
    },
    pinPublication: async (id, pinned, keptUp) => {
      Object.assign(find(id), { isPinned: pinned, isKeptUp: pinned && keptUp });
      changed();
    },
  };
}
