//! Finds paths as somebody types parts of them, in whichever order a person remembers them.
//!
//! Knows nothing of repositories, so that the bench in `benches/find-paths` measures it alone.

use std::cmp::Reverse;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use memchr::memchr2;
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
    /// What was looked for last: who types on looks only there, and only for what is new.
    last: Mutex<Arc<Last>>,
}

/// The words that were looked for, and what fits them.
#[derive(Debug, Default)]
struct Last {
    words: Vec<Atom>,
    fitting: Vec<Fitting>,
}

/// A path that fits, with what the next key need not judge again.
#[derive(Debug, Clone, Copy, Default)]
struct Fitting {
    number: u32,
    /// How well all words but the last fit, roughly.
    before: u32,
    /// How well the last word fits, roughly.
    last: u32,
    /// Behind the letters that were taken for those of the last word, where [`read`] took them.
    end: u32,
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
            all: paths.into_iter().map(letters).collect(),
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
        let last = Arc::clone(&self.last.lock().unwrap_or_else(PoisonError::into_inner));
        let words: Vec<Word<'_>> = pattern.atoms.iter().map(Word::of).collect();
        let known = Known::of(&last.words, &words);
        let all: Vec<Fitting>;
        let among = match known {
            Known::Nothing => {
                let numbers = 0..u32::try_from(self.len()).unwrap_or(u32::MAX);
                all = numbers
                    .map(|number| Fitting {
                        number,
                        ..Fitting::default()
                    })
                    .collect();
                &all
            }
            Known::Words(_) | Known::Letters(..) => &last.fitting,
        };
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let part = among.len().div_ceil(threads.min(8)).max(WORTH_A_THREAD);
        let looked_through: Vec<Part> = thread::scope(|scope| {
            let running: Vec<_> = among
                .chunks(part)
                .map(|among| scope.spawn(|| self.look_through(&words, known, among, most)))
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
        let now = Arc::new(Last {
            words: pattern.atoms,
            fitting,
        });
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = now;
        found
    }

    fn path(&self, number: u32) -> Utf32Str<'_> {
        self.all[number as usize].slice(..)
    }

    /// The paths among these that roughly fit best, and all that fit.
    fn look_through(
        &self,
        words: &[Word<'_>],
        known: Known,
        among: &[Fitting],
        most: usize,
    ) -> Part {
        let most = most.saturating_mul(CAREFULLY);
        let mut matcher = matcher();
        let mut part = Part::default();
        let mut worst = None;
        for before in among {
            let path = self.path(before.number);
            let Some(fitting) = judge(words, known, *before, path, &mut matcher) else {
                continue;
            };
            part.fitting.push(fitting);
            let score = fitting.before + fitting.last;
            let rank = (score, Reverse(path.len()), Reverse(fitting.number));
            if worst.is_some_and(|worst| rank < worst) {
                continue;
            }
            part.best.push(rank);
            // Now and then only, so that almost every path is moved once.
            if part.best.len() >= most.saturating_mul(4).max(1024) {
                keep_best(&mut part.best, most);
                worst = part.best.iter().min().copied();
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
    fitting: Vec<Fitting>,
}

/// The characters of a path, each of which counts: of a letter with a sign in a character of its own
/// the matcher would take both for one, and what it found would be marked in the wrong place.
fn letters(path: &str) -> Utf32String {
    if path.is_ascii() {
        Utf32String::Ascii(path.into())
    } else {
        Utf32String::Unicode(path.chars().collect())
    }
}

fn matcher() -> Matcher {
    Matcher::new(Config::DEFAULT.match_paths())
}

/// A word that is looked for.
struct Word<'a> {
    atom: &'a Atom,
    /// Its letters may stand apart from each other in a path.
    is_fuzzy: bool,
    ignores_case: bool,
    normalizes: bool,
    /// Of such a word in ASCII, each letter in both forms that it may have in a path.
    plain: Option<Vec<[u8; 2]>>,
}

impl<'a> Word<'a> {
    fn of(atom: &'a Atom) -> Self {
        let letters = atom.needle_text();
        let is_fuzzy = !atom.negative && atom.kind == AtomKind::Fuzzy;
        // As the careful judgement has it: what the word has of capitals and accents must be there.
        let ignores_case = !letters.chars().any(char::is_uppercase);
        let plain = match letters {
            Utf32Str::Ascii(letters) if is_fuzzy => {
                let forms = |letter: &u8| {
                    let capital = letter.to_ascii_uppercase();
                    [*letter, if ignores_case { capital } else { *letter }]
                };
                Some(letters.iter().map(forms).collect())
            }
            Utf32Str::Ascii(_) | Utf32Str::Unicode(_) => None,
        };
        Self {
            atom,
            is_fuzzy,
            ignores_case,
            normalizes: letters.chars().all(|letter| normalize(letter) == letter),
            plain,
        }
    }

    /// Whether it begins with the letters of an earlier word, and so fits nothing that that one did
    /// not.
    fn goes_on(&self, earlier: &Self) -> bool {
        let (new, old) = (self.atom.needle_text(), earlier.atom.needle_text());
        self.is_fuzzy && earlier.is_fuzzy && old.chars().eq(new.chars().take(old.len()))
    }
}

/// What is known of the words when a key is pressed, from the key before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Nothing,
    /// How well the first so many words fit.
    Words(usize),
    /// How well the first so many words fit, and where so many letters of the next are.
    Letters(usize, usize),
}

impl Known {
    fn of(last: &[Atom], words: &[Word<'_>]) -> Self {
        let same = last
            .iter()
            .zip(words)
            .take_while(|(last, word)| *last == word.atom)
            .count();
        let [.., ending] = last else {
            return Self::Nothing;
        };
        if same == last.len() {
            return Self::Words(same);
        }
        let ending = Word::of(ending);
        match words.get(same) {
            Some(word) if same + 1 == last.len() && word.goes_on(&ending) => {
                let is_same_case = word.ignores_case == ending.ignores_case;
                let letters = ending.plain.filter(|_| is_same_case);
                Self::Letters(same, letters.map_or(0, |letters| letters.len()))
            }
            _ => Self::Nothing,
        }
    }
}

/// Whether a path that fitted what is known still fits, and roughly how well.
fn judge(
    words: &[Word<'_>],
    known: Known,
    before: Fitting,
    path: Utf32Str<'_>,
    matcher: &mut Matcher,
) -> Option<Fitting> {
    let mut now = before;
    let (judged, mut letters) = match known {
        Known::Nothing => (0, 0),
        Known::Words(judged) => (judged, 0),
        Known::Letters(judged, letters) => (judged, letters),
    };
    for (number, word) in words.iter().enumerate().skip(judged) {
        if number > judged || matches!(known, Known::Words(_)) {
            now.before += now.last;
        }
        (now.last, now.end) = match (&word.plain, path) {
            (Some(word), Utf32Str::Ascii(path)) => read(path, word, letters, now.end as usize)?,
            _ => (roughly(word, path, matcher)?, 0),
        };
        letters = 0;
    }
    Some(now)
}

/// Whether a word fits, and roughly how well: the first way to read it into the path counts.
fn roughly(word: &Word<'_>, path: Utf32Str<'_>, matcher: &mut Matcher) -> Option<u32> {
    if !word.is_fuzzy {
        return word.atom.score(path, matcher).map(u32::from);
    }
    matcher.config.ignore_case = word.ignores_case;
    matcher.config.normalize = word.normalizes;
    let score = matcher.fuzzy_match_greedy(path, word.atom.needle_text());
    score.map(u32::from)
}

/// Does the same as [`roughly`] for letters of ASCII, of which the first so many were found up to
/// an end before: how well they fit, and where the last of them ends.
fn read(path: &[u8], word: &[[u8; 2]], known: usize, end: usize) -> Option<(u32, u32)> {
    let mut end = if known == 0 { 0 } else { end };
    for [small, capital] in &word[known..] {
        end += memchr2(*small, *capital, &path[end..])? + 1;
    }
    let is = |at: usize, [small, capital]: &[u8; 2]| path[at] == *small || path[at] == *capital;
    // Backwards from there, so that letters before a gap that need not be are left out.
    let mut start = end;
    for letter in word.iter().rev() {
        start -= 1;
        while !is(start, letter) {
            start -= 1;
        }
    }
    let mut at = start;
    let (mut score, mut of_run) = (0u32, 0);
    for (number, letter) in word.iter().enumerate() {
        let from = at;
        while !is(at, letter) {
            at += 1;
        }
        let bonus = bonus(path, at);
        let gap = u32::try_from(at - from).unwrap_or(u32::MAX);
        if number == 0 {
            of_run = bonus;
            score = LETTER + bonus * 2;
        } else if gap == 0 {
            if bonus >= BEGINS_WORD {
                of_run = of_run.max(bonus);
            }
            score += LETTER + bonus.max(of_run).max(FOLLOWS);
        } else {
            of_run = bonus;
            score = score.saturating_sub(gap.saturating_add(GAP - 1)) + LETTER + bonus;
        }
        at += 1;
    }
    Some((score, u32::try_from(end).unwrap_or(u32::MAX)))
}

// The weights are those of `nucleo_matcher`, which judges what is best of all with care; a test
// holds the two together.

/// What a letter counts that is there.
const LETTER: u32 = 16;
/// What it counts more at the beginning of a word.
const BEGINS_WORD: u32 = 8;
/// What it counts more behind the letter before it.
const FOLLOWS: u32 = 4;
/// What a gap takes, beside the letters in it.
const GAP: u32 = 3;

/// What a letter counts more for where it is in a path of ASCII.
fn bonus(path: &[u8], at: usize) -> u32 {
    let class = CLASSES[usize::from(path[at])];
    let before = match at {
        0 => Class::Slash,
        _ => CLASSES[usize::from(path[at - 1])],
    };
    match (before, class) {
        (Class::Slash, Class::Small | Class::Capital | Class::Digit) => BEGINS_WORD + 1,
        (Class::Space | Class::Sign, Class::Small | Class::Capital | Class::Digit)
        | (_, Class::Space | Class::Sign) => BEGINS_WORD,
        (Class::Small, Class::Capital) | (Class::Small | Class::Capital, Class::Digit) => 5,
        (_, Class::Slash)
        | (Class::Small | Class::Capital | Class::Digit, Class::Small | Class::Capital)
        | (Class::Digit, Class::Digit) => 0,
    }
}

#[derive(Clone, Copy)]
enum Class {
    Space,
    Sign,
    Slash,
    Small,
    Capital,
    Digit,
}

/// What each byte is.
const CLASSES: [Class; 256] = {
    let mut classes = [Class::Sign; 256];
    let mut byte = 0u8;
    loop {
        classes[byte as usize] = match byte {
            b'/' => Class::Slash,
            b'\\' if cfg!(windows) => Class::Slash,
            b'a'..=b'z' => Class::Small,
            b'A'..=b'Z' => Class::Capital,
            b'0'..=b'9' => Class::Digit,
            _ if byte.is_ascii_whitespace() => Class::Space,
            _ => Class::Sign,
        };
        if byte == u8::MAX {
            break classes;
        }
        byte += 1;
    }
};

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
    use std::cmp::Reverse;

    use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
    use proptest::prelude::{Strategy, prop, prop_assert_eq, proptest};

    use super::{CAREFULLY, Found, Paths, Rank, keep_best, matcher};

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
            // As some systems write it, each sign in a character of its own.
            "e\u{301}te\u{301}/plan.txt",
        ];
        for (words, expected) in [
            ("readme", vec!["[README].md"]),
            ("Setup", vec!["docs/[Setup].md"]),
            ("setup guide", vec!["docs/[guide]/[setup].md"]),
            ("dgs", vec!["[d]ocs/[g]uide/[s]etup.md"]),
            ("strasse", vec![]),
            ("größe", vec!["[größe]/straße.md"]),
            ("plantxt", vec!["e\u{301}te\u{301}/[plan].[txt]"]),
            ("nothing", vec![]),
        ] {
            assert_eq!(found(&paths, words), expected, "{words}");
        }
        assert_eq!(found(&paths, "setup").len(), 3);
        assert_eq!(found(&paths, " ").len(), 6, "without words, all of them");
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

    /// The numbers of the best, and how many fit, by the matcher of others alone and from the
    /// beginning each time.
    fn plainly(paths: &[String], words: &str, most: usize) -> (Vec<usize>, usize) {
        let pattern = Pattern::parse(words, CaseMatching::Smart, Normalization::Smart);
        let mut matcher = matcher();
        let all = Paths::new(paths.iter().map(String::as_str));
        let mut ranks: Vec<Rank> = Vec::new();
        for (number, path) in (0u32..).zip(&all.all) {
            let path = path.slice(..);
            let scores = pattern.atoms.iter().map(|word| {
                // Judging with care tells whether it fits, and leaves the matcher as the word is.
                let carefully = word.score(path, &mut matcher)?;
                let letters = word.needle_text();
                match word.kind {
                    AtomKind::Fuzzy if !word.negative => {
                        matcher.fuzzy_match_greedy(path, letters).map(u32::from)
                    }
                    _ => Some(u32::from(carefully)),
                }
            });
            if let Some(score) = scores.sum::<Option<u32>>() {
                ranks.push((score, Reverse(path.len()), Reverse(number)));
            }
        }
        let fitting = ranks.len();
        keep_best(&mut ranks, most * CAREFULLY);
        for (score, _, Reverse(number)) in &mut ranks {
            let path = all.path(*number);
            *score = pattern.score(path, &mut matcher).expect("it fits");
        }
        ranks.sort_unstable_by(|one, other| other.cmp(one));
        ranks.truncate(most);
        let numbers = ranks.into_iter().map(|(_, _, number)| number.0 as usize);
        (numbers.collect(), fitting)
    }

    fn paths() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec("[abAB1/ _.]{0,12}|[abäÄß1/.]{0,8}|(ab|Ab|a1|/)*", 0..20)
    }

    /// What is typed, in which `<` takes a letter back.
    fn typing() -> impl Strategy<Value = String> {
        "[abAB1/ <]{0,9}|[abäÄ <]{0,5}|[abAB!'^$ \\\\<]{0,7}|a b (ab|1|/)*"
    }

    proptest! {
        #[test]
        fn each_key_finds_what_judging_every_path_from_the_beginning_finds(
            paths in paths(),
            typing in typing(),
            most in 0usize..4,
        ) {
            let all = Paths::new(paths.iter().map(String::as_str));
            let mut words = String::new();
            for key in typing.chars() {
                if key == '<' {
                    words.pop();
                } else {
                    words.push(key);
                }
                let pattern = Pattern::parse(&words, CaseMatching::Smart, Normalization::Smart);
                if pattern.atoms.is_empty() {
                    continue;
                }
                let found = all.find(&words, most);
                let best: Vec<usize> = found.best.iter().map(|hit| hit.number).collect();
                prop_assert_eq!((best, found.fitting), plainly(&paths, &words, most), "{}", words);
            }
        }
    }
}
