/** Puts the text of an element into the clipboard; says whether that worked. It is selected either
 * way, so that the keys for copying do it where the page may not. */
export async function copyText(element: HTMLElement): Promise<boolean> {
  const selection = document.getSelection();
  const range = document.createRange();
  range.selectNodeContents(element);
  selection?.removeAllRanges();
  selection?.addRange(range);
  try {
    await navigator.clipboard.writeText(element.textContent ?? "");
    return true;
  } catch {
    return false;
  }
}
