/** What a page that nobody sees would lose by ending, for all that is not handed on to the next. */

/** Fields whose words are somewhere else too: settings and the record show what is kept anyway, the publish
 * screen hands its own on, and one that is chosen from shows what was chosen. */
const ELSEWHERE = "[data-testid=settings], [data-testid=audit], [data-kept], [role=combobox][aria-expanded=false]";

/** Whether words that were typed, a dialog, or a plan of another screen than that for publishing would be gone. */
export function isLostWithThePage(): boolean {
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input:is([type=text], [type=search], [type=password], [type=url], :not([type])), textarea");
  if ([...fields].some((field) => field.value !== "" && !field.closest(ELSEWHERE))) return true;
  const undecided = [...document.querySelectorAll("[data-testid=plan-step], [data-testid=progress], dialog")];
  return undecided.some((one) => one.matches("dialog") || !one.closest("[data-testid=publish-view]"));
}
