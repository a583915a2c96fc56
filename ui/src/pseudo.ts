/** English with an accent on every letter and longer by a third, so that tests and people see at a
 * glance which words are not in the catalogue, and what is cut when words get longer. */

const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const marked = "åƀçđéƒĝĥîĵķļɱñöþɋŕšţûṽŵẋýžÅƁÇĐÉƑĜĤÎĴĶĻṀÑÖÞɊŔŠŢÛṼŴẊÝŽ";
/** The signs around letters that are to be written from right to left; by their numbers, since they
 * would turn this line around. */
const [OVERRIDE, OVERRIDDEN] = [String.fromCodePoint(0x202e), String.fromCodePoint(0x202c)];

const letters = new Map(Array.from(plain, (letter, at) => [letter, Array.from(marked)[at] ?? letter]));

/** The same, written from right to left as the letters of other scripts are: Latin ones would go on
 * from left to right, which hides faults and makes others. */
export function turned(text: string): string {
  return pieced(text, (piece) => `${OVERRIDE}${withAccents(piece)}${OVERRIDDEN}`);
}

/** A text with accents. The names of parts between `<` and `>` stay, since no reader sees them. */
export function accented(text: string): string {
  return pieced(text, withAccents);
}

function pieced(text: string, make: (piece: string) => string): string {
  return text.replace(/<\/?[a-z]+>|[^<]+|</g, (piece) => (/^<\/?[a-z]+>$/.test(piece) ? piece : make(piece)));
}

function withAccents(piece: string): string {
  // Every third letter stands twice.
  let count = 0;
  return Array.from(piece, (letter) => {
    const made = letters.get(letter);
    if (made === undefined) return letter;
    count += 1;
    return count % 3 === 0 ? made + made : made;
  }).join("");
}
