/** Points in time as people say them. */
import { locale, t } from "../words.svelte";

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 86400],
  ["month", 30 * 86400],
  ["week", 7 * 86400],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

/** How long ago a point in time was, such as `3 weeks ago`. */
export function ago(when: string, now = Date.now()): string {
  const seconds = (Date.parse(when) - now) / 1000;
  if (Number.isNaN(seconds)) return when;
  const step = steps.find(([, length]) => Math.abs(seconds) >= length);
  if (!step) return t("just-now");
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(Math.round(seconds / step[1]), step[0]);
}

/** The same point in full. */
export function inFull(when: string): string {
  return written(when, { dateStyle: "long", timeStyle: "short" });
}

/** Its day alone. */
export function day(when: string): string {
  return written(when, { year: "numeric", month: "short", day: "numeric" });
}

/** Day and time in short. */
export function moment(when: string): string {
  return written(when, {});
}

function written(when: string, options: Intl.DateTimeFormatOptions): string {
  const date = new Date(when);
  return Number.isNaN(date.getTime()) ? when : date.toLocaleString(locale(), options);
}
