//! Finds paths as somebody types parts of them, in whichever order a person remembers them.
//!
//! Knows nothing of repositories, so that the bench in `benches/find-paths` measures it alone.

use std::cmp::Reverse;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use nucleo_matcher::chars::normalize;
use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str, Utf32String};

/// Fewer paths than this are looked through faster than a thread begins.
const WORTH_A_THREAD: usize = 8_000;
/// So many times what is wanted is judged with care, after all were judged roughly: finding the
/// best way to read words into each of 100,000 paths takes longer than a person's next key.
const CAREFULLY: usize = 5;

/// All paths of a repository, in a form that is quick to search.
#[derive(Debug, Default)]
pub struct Paths {
    all: Vec<Utf32String>,
    /// The words that were looked for last, and what fits them: who types on looks there only.
    last: Mutex<(String, Arc<Vec<u32>>)>,
}

/// The paths that fit best.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// The best first; each with its number among the paths that were given, and the ranges of
    /// characters that fit.
    pub best: Vec<Hit>,
    /// How many fit in all.
    pub fitting: usize,
}

/// A path that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Its number among the paths that were given.
    pub number: usize,
    /// The ranges of characters, first and behind the last, that fit.
    pub ranges: Vec<(u32, u32)>,
}

/// How well a path fits: the score, then the shorter path, then the earlier one.
type Rank = (u32, Reverse<usize>, Reverse<u32>);

impl Paths {
    /// Takes paths, which keep their numbers.
    pub fn new<'a>(paths: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            all: paths.into_iter().map(Utf32String::from).collect(),
            last: Mutex::default(),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The paths that have all letters of the words in their order, at most `most` of them. Words
    /// are separated by spaces and may stand in any order; capital letters are told from small ones
    /// only where a word has some. Without words, the first paths.
    pub fn find(&self, words: &str, most: usize) -> Found {
        let pattern = Pattern::parse(words, CaseMatching::Smart, Normalization::Smart);
        if pattern.atoms.is_empty() {
            let first = (0..self.len().min(most)).map(|number| Hit {
                number,
                ranges: Vec::new(),
            });
            return Found {
                best: first.collect(),
                fitting: self.len(),
            };
        }
        let among = self.among(words);
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let part = among.len().div_ceil(threads.min(8)).max(WORTH_A_THREAD);
        let looked_through: Vec<Part> = thread::scope(|scope| {
            let running: Vec<_> = among
                .chunks(part)
                .map(|numbers| scope.spawn(|| self.look_through(&pattern, numbers, most)))
                .collect();
            let ended = running.into_iter().map(|thread| thread.join());
            // A thread that panicked found nothing; the others still did.
            ended.map(Result::unwrap_or_default).collect()
        });
        let (mut ranks, mut fitting) = (Vec::new(), Vec::new());
        for part in looked_through {
            ranks.extend(part.best);
            fitting.extend(part.fitting);
        }
        keep_best(&mut ranks, most.saturating_mul(CAREFULLY));
        let mut matcher = matcher();
        for (score, _, Reverse(number)) in &mut ranks {
            let carefully = pattern.score(self.path(*number), &mut matcher);
            *score = carefully.unwrap_or(*score);
        }
        keep_best(&mut ranks, most);
        ranks.sort_unstable_by(|one, other| other.cmp(one));
        let mut indices = Vec::new();
        let best = ranks.into_iter().map(|(_, _, Reverse(number))| {
            indices.clear();
            pattern.indices(self.path(number), &mut matcher, &mut indices);
            indices.sort_unstable();
            indices.dedup();
            Hit {
                number: number as usize,
                ranges: ranges(&indices),
            }
        });
        let found = Found {
            best: best.collect(),
            fitting: fitting.len(),
        };
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = (words.to_owned(), Arc::new(fitting));
        found
    }

    fn path(&self, number: u32) -> Utf32Str<'_> {
        self.all[number as usize].slice(..)
    }

    /// The numbers of the paths that can fit: who typed on has fewer than before. Words with signs
    /// that say more than letters may fit more when they go on.
    fn among(&self, words: &str) -> Arc<Vec<u32>> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let goes_on = !last.0.trim().is_empty() && words.starts_with(&last.0);
        if goes_on && !words.contains(['!', '^', '$', '\'', '\\']) {
            return Arc::clone(&last.1);
        }
        drop(last);
        Arc::new((0..u32::try_from(self.len()).unwrap_or(u32::MAX)).collect())
    }

    /// The paths among these that roughly fit best, and all that fit.
    fn look_through(&self, pattern: &Pattern, numbers: &[u32], most: usize) -> Part {
        let most = most.saturating_mul(CAREFULLY);
        let mut matcher = matcher();
        let mut part = Part::default();
        for number in numbers {
            let path = self.path(*number);
            let scores = pattern
                .atoms
                .iter()
                .map(|word| roughly(word, path, &mut matcher));
            let Some(score) = scores.sum::<Option<u32>>() else {
                continue;
            };
            part.fitting.push(*number);
            let rank = (score, Reverse(path.len()), Reverse(*number));
            part.best.push(rank);
            // Now and then only, so that almost every path is moved once.
            if part.best.len() >= most.saturating_mul(4).max(1024) {
                keep_best(&mut part.best, most);
            }
        }
        keep_best(&mut part.best, most);
        part
    }
}

/// What one thread found.
#[derive(Default)]
struct Part {
    best: Vec<Rank>,
    fitting: Vec<u32>,
}

fn matcher() -> Matcher {
    Matcher::new(Config::DEFAULT.match_paths())
}

/// Whether a word fits, and roughly how well: the first way to read it into the path counts.
fn roughly(word: &Atom, path: Utf32Str<'_>, matcher: &mut Matcher) -> Option<u32> {
    if word.negative || word.kind != AtomKind::Fuzzy {
        return word.score(path, matcher).map(u32::from);
    }
    let letters = word.needle_text();
    // As the careful judgement has it: what the word has of capitals and accents must be there.
    matcher.config.ignore_case = !letters.chars().any(char::is_uppercase);
    matcher.config.normalize = letters.chars().all(|letter| normalize(letter) == letter);
    matcher.fuzzy_match_greedy(path, letters).map(u32::from)
}

/// Lets go of all but the best, in no order.
fn keep_best(ranks: &mut Vec<Rank>, most: usize) {
    if ranks.len() > most {
        if most > 0 {
            ranks.select_nth_unstable_by(most - 1, |one, other| other.cmp(one));
        }
        ranks.truncate(most);
    }
}

/// Neighbors become one range.
fn ranges(indices: &[u32]) -> Vec<(u32, u32)> {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for index in indices {
        match ranges.last_mut() {
            Some((_, end)) if *end == *index => *end += 1,
            _ => ranges.push((*index, index + 1)),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::{Found, Paths};

    fn found(paths: &[&str], words: &str) -> Vec<String> {
        let all = Paths::new(paths.iter().copied());
        let Found { best, fitting } = all.find(words, 100);
        assert_eq!(best.len(), fitting, "{words}");
        best.into_iter()
            .map(|hit| {
                let letters: Vec<char> = paths[hit.number].chars().collect();
                let mut shown = String::new();
                let mut at = 0;
                for (first, end) in hit.ranges {
                    let (first, end) = (first as usize, end as usize);
                    shown.extend(&letters[at..first]);
                    shown.push('[');
                    shown.extend(&letters[first..end]);
                    shown.push(']');
                    at = end;
                }
                shown.extend(&letters[at..]);
                shown
            })
            .collect()
    }

    #[test]
    fn what_a_person_remembers_of_a_path_finds_it_best_first() {
        let paths = [
            "docs/guide/setup.md",
            "docs/Setup.md",
            "src/set/up.rs",
            "README.md",
            "größe/straße.md",
        ];
        for (words, expected) in [
            ("readme", vec!["[README].md"]),
            ("Setup", vec!["docs/[Setup].md"]),
            ("setup guide", vec!["docs/[guide]/[setup].md"]),
            ("dgs", vec!["[d]ocs/[g]uide/[s]etup.md"]),
            ("strasse", vec![]),
            ("größe", vec!["[größe]/straße.md"]),
            ("nothing", vec![]),
        ] {
            assert_eq!(found(&paths, words), expected, "{words}");
        }
        assert_eq!(found(&paths, "setup").len(), 3);
        assert_eq!(found(&paths, " ").len(), 5, "without words, all of them");
    }

    #[test]
    fn of_many_only_the_best_come_and_all_are_counted() {
        let names: Vec<String> = (0..50_000)
            .map(|number| format!("many/file-{number:05}.md"))
            .collect();
        let mut all: Vec<&str> = names.iter().map(String::as_str).collect();
        all.push("file-1.md");
        let paths = Paths::new(all.iter().copied());
        let found = paths.find("file1md", 20);
        assert_eq!(found.best.len(), 20);
        assert_eq!(
            all[found.best[0].number], "file-1.md",
            "the shortest fits best"
        );
        let fitting = all.iter().filter(|path| path[5..].contains('1')).count();
        assert_eq!(found.fitting, fitting);
        // Who types on, and who takes letters back, finds the same as who asks at once.
        let mut words = String::new();
        for letter in "file 12 md".chars().chain("\u{8}\u{8}\u{8}!23".chars()) {
            match letter {
                '\u{8}' => {
                    words.pop();
                }
                _ => words.push(letter),
            }
            let fresh = Paths::new(all.iter().copied());
            assert_eq!(paths.find(&words, 50), fresh.find(&words, 50), "{words}");
        }
        assert_eq!(paths.find("", 3).best.len(), 3);
        assert_eq!(paths.find("file", 0).fitting, 50_001);
    }
}
