/** How much room something takes, as people say it. */
import { number, t } from "../words.svelte";

/** Kilobytes in megabytes, and above a thousand of those in gigabytes. */
export function sizeInWords(kilobytes: number): string {
  const megabytes = kilobytes / 1024;
  if (megabytes > 1024) return t("size-gb", { size: number(megabytes / 1024, { maximumFractionDigits: 1 }) });
  return t("size-mb", { size: number(megabytes, { maximumFractionDigits: megabytes < 10 ? 1 : 0 }) });
}
