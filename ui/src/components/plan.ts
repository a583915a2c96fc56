/** What is in a plan. */
import type { PlanView, ReportView } from "../backend";
import { wordsOf } from "../backend";
import { t } from "../words.svelte";

export type Trouble = { message: string; remedy: string | null };

/** One of the places that are planned and published together, such as a target. */
export interface Part {
  id: string;
  name: string;
  plan: PlanView | null;
  report: ReportView | null;
  error: Trouble | null;
}

/** The kinds of steps, in the order in which they are shown. */
export const order = ["create", "update", "merge", "move", "archive", "trash", "refuse", "orphan", "leave"] as const;

const writing: readonly string[] = ["create", "update", "merge", "move", "archive", "trash"];

/** How many pages would be written. */
export function writesOf(plan: PlanView): number {
  return plan.steps.filter((step) => writing.includes(step.kind)).length;
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
