/** Finds what somebody means by parts of its words. Paths of repositories are found by the core. */

export interface Match {
  score: number;
  /** Ranges of characters that fit, sorted. */
  ranges: [number, number][];
}

/** Whether all words fit into a text, each with its letters in order, and how well. */
export function match(words: string, text: string): Match | null {
  const letters = Array.from(text.toLowerCase());
  const fitting = new Set<number>();
  let score = 0;
  for (const word of words.toLowerCase().split(/\s+/).filter(Boolean)) {
    const found = best(Array.from(word), letters);
    if (!found) return null;
    score += found.score;
    found.places.forEach((place) => fitting.add(place));
  }
  return { score: score - letters.length / 100, ranges: together([...fitting].sort((a, b) => a - b)) };
}

function isStart(letters: readonly string[], at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(letters[at - 1] ?? "");
}

/** The best of the readings that begin at each place where the first letter stands. */
function best(word: readonly string[], letters: readonly string[]): { score: number; places: number[] } | null {
  let found: { score: number; places: number[] } | null = null;
  for (let begin = letters.indexOf(word[0] ?? ""); begin >= 0; begin = letters.indexOf(word[0] ?? "", begin + 1)) {
    const places = [begin];
    let score = isStart(letters, begin) ? 8 : 0;
    for (const letter of word.slice(1)) {
      const last = places.at(-1) ?? 0;
      const next = letters.indexOf(letter, last + 1);
      if (next < 0) return found;
      score += next === last + 1 ? 6 : isStart(letters, next) ? 4 : -Math.min(4, next - last);
      places.push(next);
    }
    if (!found || score > found.score) found = { score, places };
  }
  return found;
}

function together(places: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const place of places) {
    const last = ranges.at(-1);
    if (last && last[1] === place) last[1] = place + 1;
    else ranges.push([place, place + 1]);
  }
  return ranges;
}

/** What fits, the best first; everything in its order without words. */
export function search<Item>(items: readonly Item[], words: string, textOf: (item: Item) => string, most: number): { item: Item; ranges: [number, number][] }[] {
  if (words.trim() === "") return items.slice(0, most).map((item) => ({ item, ranges: [] }));
  const all = items.flatMap((item) => {
    const found = match(words, textOf(item));
    return found ? [{ item, ...found }] : [];
  });
  // Letters that are strewn over a text are what somebody meant only where nothing says the words.
  const parts = words.trim().split(/\s+/).length;
  const said = all.filter(({ ranges }) => ranges.length <= parts);
  return (said.length > 0 ? said : all)
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ item, ranges }) => ({ item, ranges }));
}
