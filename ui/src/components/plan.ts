/** What is in a plan. */
import type { PlanView, ReportView, Words } from "../backend";
import { wordsOf } from "../backend";
import { list, t, wordFor } from "../words.svelte";

/** One of the places that are planned and published together, such as a target. */
export interface Part {
  id: string;
  name: string;
  plan: PlanView | null;
  report: ReportView | null;
  error: Words | null;
}

/** The kinds of steps, in the order in which they are shown. */
export const order = ["create", "update", "merge", "move", "archive", "trash", "restore", "refuse", "orphan", "leave"] as const;

const writing: readonly string[] = ["create", "update", "merge", "move", "archive", "trash", "restore"];

/** How many pages would be written. */
export function writesOf(plan: PlanView): number {
  return plan.steps.filter((step) => writing.includes(step.kind)).length;
}

/** Whether a plan leaves something to somebody: a page to write, or one to decide about. */
export function waits(plan: PlanView): boolean {
  return plan.steps.some((step) => step.kind !== "leave");
}

/** How a publish ended as a whole. */
export function endOf({ cancelled, stoppedBy, outcomes }: ReportView): string {
  if (cancelled) return t("report-stopped");
  if (stoppedBy) return t("report-unfinished");
  return outcomes.some((outcome) => outcome.needsAttention) ? t("report-open") : t("report-published");
}

/** How a part stands, in a few words. */
export function standing({ plan, report, error }: Part): string {
  if (error) return t("target-failed");
  if (report) return endOf(report);
  return plan ? t("target-changes", { count: writesOf(plan) }) : "";
}

/** How many there are of each of the given words, in the order of these. */
function counted(words: readonly string[]): string[] {
  return [...new Set(words)].map((kind) => t("plan-chip", { count: words.filter((word) => word === kind).length, kind }));
}

/** What failed as a whole among several parts. */
function failed(parts: readonly Part[]): string[] {
  return parts.filter((part) => part.error !== null).map(() => t("target-failed"));
}

/** What planning came to, in one sentence for whoever hears it; nothing where there is no plan. */
export function plannedInWords(parts: readonly Part[]): string {
  const steps = parts.flatMap(({ plan }) => plan?.steps ?? []);
  const kinds = order.flatMap((kind) => steps.filter((step) => step.kind === kind).map(() => t(`step-${kind}`)));
  if (!parts.some(({ plan }) => plan)) return "";
  return steps.length === 0 ? t("plan-none") : t("plan-ended", { counts: list([...counted(kinds), ...counted(failed(parts))]) });
}

/** What publishing came to, in one sentence for whoever hears it; nothing where nothing was published. */
export function publishedInWords(parts: readonly Part[]): string {
  const reports = parts.flatMap(({ report }) => report ?? []);
  if (reports.length === 0) return "";
  const ends = [...new Set(reports.map(endOf))];
  const outcomes = reports.flatMap((report) => outcomesOf(report).flatMap(({ outcome, count }) => Array<string>(count).fill(wordFor("outcome", outcome))));
  return t("publish-ended", { end: list(ends), counts: list([...counted(outcomes), ...counted(failed(parts))]) });
}

/** How many pages of a report ended in which way: first what somebody has to look at, last what stayed. */
export function outcomesOf({ outcomes }: ReportView): { outcome: string; count: number }[] {
  const rank = ({ needsAttention, outcome }: ReportView["outcomes"][number]) => (needsAttention ? 0 : outcome === "unchanged" ? 2 : 1);
  const sorted = [...outcomes].sort((one, other) => rank(one) - rank(other)).map(({ outcome }) => outcome);
  return [...new Set(sorted)].map((outcome) => ({ outcome, count: sorted.filter((one) => one === outcome).length }));
}

/** Publishes what is planned, one part after the other. `begins` is told where a part begins, and says
 * whether it may; `ends` is told what became of it. */
export async function publishEach(
  parts: readonly Part[],
  apply: (plan: PlanView) => Promise<ReportView>,
  begins: (index: number) => boolean,
  ends: (index: number, became: Pick<Part, "plan" | "report" | "error">) => void,
): Promise<void> {
  for (const [index, { plan, report }] of parts.entries()) {
    if (!plan || writesOf(plan) === 0 || !begins(index)) continue;
    try {
      ends(index, { plan: null, report: await apply(plan), error: null });
    } catch (thrown) {
      ends(index, { plan, report, error: wordsOf(thrown) });
    }
  }
}

/** The parts with what became of one of them. */
export function became(parts: readonly Part[], index: number, what: Partial<Part>): Part[] {
  return parts.map((part, here) => (here === index ? { ...part, ...what } : part));
}
