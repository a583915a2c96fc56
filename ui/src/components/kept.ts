/**
 * What the publish screen hands on when its page ends, because nobody sees it, to the page that shows the
 * window again: a plan that nobody decided about is not made again, which would be another one. The core
 * holds it meanwhile, and the plan itself; it does not read what is written here.
 */
import type { ConflictView, OrphanView, PublishOptionsView, TitleChoiceView } from "../backend";
import type { Part } from "./plan";

export interface Kept {
  siteUrl: string;
  spaceKey: string;
  parentId: string;
  target: string;
  hasTargets: boolean;
  onConflict: ConflictView | "";
  onOrphan: OrphanView | "";
  message: string;
  options: PublishOptionsView;
  title: string;
  /** The sources that alone were asked for. */
  only: string[];
  parts: Part[];
  at: number;
  left: string[];
  picks: [string, string[]][];
  gone: string[];
  choices: [string, { target: string | null; path: string; how: ConflictView }][];
  titles: [string, TitleChoiceView & { target: string | null }][];
}

/** It as a text, with what is open: what is planned of something else is not to be shown. */
export function wrapped(of: string, kept: Kept): string {
  return JSON.stringify({ of, kept });
}

/** Such a text of the page before, which the first publish screen of this one takes. */
export class HandedOn {
  text: string | null = null;

  /** What is in it, unless that is of something else than what is open. */
  take(of: string): Kept | null {
    const { text } = this;
    this.text = null;
    if (text === null) return null;
    const was = JSON.parse(text) as { of: string; kept: Kept };
    return was.of === of ? was.kept : null;
  }
}
