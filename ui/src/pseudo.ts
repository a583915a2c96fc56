/** English with an accent on every letter and longer by a third, so that tests and people see at a
 * glance which words are not in the catalogue, and what is cut when words get longer. */

const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const marked = "åƀçđéƒĝĥîĵķļɱñöþɋŕšţûṽŵẋýžÅƁÇĐÉƑĜĤÎĴĶĻṀÑÖÞɊŔŠŢÛṼŴẊÝŽ";
const letters = new Map(Array.from(plain, (letter, at) => [letter, Array.from(marked)[at] ?? letter]));

/** A text with accents. The names of parts between `<` and `>` stay, since no reader sees them. */
export function accented(text: string): string {
  return text.replace(/<\/?[a-z]+>|[^<]+|</g, (piece) => {
    if (/^<\/?[a-z]+>$/.test(piece)) return piece;
    // Every third letter stands twice.
    let count = 0;
    return Array.from(piece, (letter) => {
      const made = letters.get(letter);
      if (made === undefined) return letter;
      count += 1;
      return count % 3 === 0 ? made + made : made;
    }).join("");
  });
}
