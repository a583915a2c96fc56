/** How published pages are called, sorted into groups and let through by a filter. */
import type { PublishedPageView, StandingView } from "../backend";
import { t } from "../words.svelte";

export type PageState = "edited" | "behind" | "gone" | "current" | "unknown" | "comparing";

export interface Published extends PublishedPageView {
  state: PageState;
  /** Whether its source changed since, which an edit by hand does not hide. */
  isBehind: boolean;
  /** Whether its source is gone, which an edit by hand does not hide either. */
  isGone: boolean;
  /** Whether nobody looked, because its host was asked about too many others. */
  isNotReached: boolean;
  /** In how many commits the source changed, where they were counted. */
  commits: number | null;
  /** How many of its links lead nowhere; null where they were not looked at. */
  broken: number | null;
  /** The branch it is published from again, where that is not the one its repository is opened at. */
  branch: string | null;
}

/** In the order in which somebody has to look at them. */
export const states: readonly PageState[] = ["edited", "gone", "behind", "unknown", "comparing", "current"];

export function withStanding(page: PublishedPageView, standing: StandingView | undefined, isCompared: boolean, broken: number | null = null): Published {
  const isBehind = standing?.kind === "behind";
  const commits = isBehind ? standing.commits : null;
  const state = stateOf(page, standing, isCompared);
  const isGone = standing?.kind === "sourceGone";
  const isNotReached = standing?.kind === "notReached";
  return { ...page, state, isBehind, isGone, isNotReached, commits, broken, branch: standing?.branch ?? null };
}

function stateOf(page: PublishedPageView, standing: StandingView | undefined, isCompared: boolean): PageState {
  // Whatever the source says, somebody has to decide about the edit first.
  if (page.isEdited) return "edited";
  if (standing?.kind === "sourceGone") return "gone";
  if (standing?.kind === "current") return "current";
  if (standing?.kind === "behind") return "behind";
  return isCompared || page.repository === null ? "unknown" : "comparing";
}

/** How a page stands in words, with the number of commits where they were counted. */
export function standingInWords({ state, isBehind, isGone, commits }: Pick<Published, "state" | "isBehind" | "isGone" | "commits">): string {
  const behind = commits === null ? t("state-behind") : t("behind-by", { commits });
  if (state === "behind") return behind;
  if (state === "edited" && isGone) return t("state-edited-gone");
  return state === "edited" && isBehind ? t("state-edited-behind", { behind }) : t(`state-${state}`);
}

export interface PublishedFilter {
  words: string;
  space: string;
  repository: string;
  /** Whose access is used for publishing; everybody's when empty. */
  account: string;
  state: PageState | null;
  /** Only those of which a link leads nowhere. */
  isBroken: boolean;
}

export function letThrough(page: Published, filter: PublishedFilter): boolean {
  if (filter.space !== "" && page.spaceKey !== filter.space) return false;
  if (filter.repository !== "" && (page.repository ?? "") !== filter.repository) return false;
  if (filter.account !== "" && page.account !== filter.account) return false;
  if (filter.state !== null && page.state !== filter.state) return false;
  if (filter.isBroken && !page.broken) return false;
  const text = `${page.title}\n${page.path ?? ""}\n${page.repository ?? ""}\n${page.commit ?? ""}`.toLowerCase();
  return filter.words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Sources that are published again in one go. */
export interface Group {
  publication: string;
  /** The branch they are published from, where it is not the one that their repository is opened at. */
  branch: string | null;
  paths: string[];
}

/** The pages that can be published again, by the publication and the branch that they are published from. */
export function inGroups(pages: readonly Published[]): Group[] {
  const groups: Group[] = [];
  for (const { publication, branch, path } of pages) {
    if (publication === null || path === null) continue;
    const same = groups.find((group) => group.publication === publication && group.branch === branch);
    if (same) same.paths.push(path);
    else groups.push({ publication, branch, paths: [path] });
  }
  return groups;
}
