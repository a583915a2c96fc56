/** Copies the text of an element, and says whether that worked. Where it did not, the text is selected,
 * so that the keys for copying do it; selecting alone is a copy too on some desktops. */
export async function copyText(element: HTMLElement, copy = () => navigator.clipboard.writeText(element.textContent ?? "")): Promise<boolean> {
  try {
    await copy();
    return true;
  } catch {
    const selection = document.getSelection();
    const range = document.createRange();
    range.selectNodeContents(element);
    selection?.removeAllRanges();
    selection?.addRange(range);
    return false;
  }
}
