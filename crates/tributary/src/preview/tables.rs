//! Lines of Markdown that its syntax would look for a table in for too long.
//!
//! The syntax decides by one pattern whether a line begins a table, and the pattern tries every way
//! to part the line into texts and code before it gives up: twice as long for each code span, until
//! the engine ends it after a tenth of a second. Read in two parts a line is none before it gets
//! there, since its first part has few code spans and the second goes on in a paragraph.

use std::sync::LazyLock;

use syntect::parsing::{Scope, ScopeStack, SyntaxReference};

/// Fewer signs than these, of four code spans, take less than a millisecond.
const FEW: usize = 8;

static MARKDOWN: LazyLock<Scope> = LazyLock::new(|| scope("text.html.markdown"));
/// Where a line is looked at otherwise, or goes on with what the one before it began.
static ELSEWHERE: LazyLock<[Scope; 2]> =
    LazyLock::new(|| [scope("markup.raw"), scope("meta.paragraph")]);

fn scope(name: &str) -> Scope {
    // An empty one is the beginning of every other.
    Scope::new(name).unwrap_or_default()
}

/// Whether tables are looked for in the lines of a syntax.
pub(super) fn are_looked_for(syntax: &SyntaxReference) -> bool {
    MARKDOWN.is_prefix_of(syntax.scope)
}

/// Where to part a line that is read in these scopes, in bytes from its beginning; none where it can
/// be read as it is, or where no place in it stands outside of everything.
pub(super) fn part(line: &str, scopes: &ScopeStack) -> Option<usize> {
    let signs = line.bytes().filter(|sign| *sign == b'`').count();
    if signs <= FEW || line.contains('|') {
        return None;
    }
    let is_elsewhere = |scope: &Scope| ELSEWHERE.iter().any(|one| one.is_prefix_of(*scope));
    if scopes.as_slice().iter().any(is_elsewhere) {
        return None;
    }
    first_place(line)
}

/// Behind the first code span, within a word or in front of the next code: a part that begins so
/// begins nothing else. What is emphasized or linked is not parted.
fn first_place(line: &str) -> Option<usize> {
    let mut is_code = false;
    let mut runs = 0;
    let mut open = 0_i32;
    let [mut has_stars, mut has_lines] = [false; 2];
    let mut before = '\n';
    for (at, sign) in line.char_indices() {
        let is_outside = !is_code && open == 0 && !has_stars && !has_lines;
        let is_within_word = before.is_alphabetic() && sign.is_alphabetic();
        let begins_code = sign == '`' && before == ' ' && !line[..at].ends_with("  ");
        if is_outside && runs >= 2 && (is_within_word || begins_code) {
            return Some(at);
        }
        if runs > FEW {
            return None;
        }
        match sign {
            '`' if before != '`' => {
                is_code = !is_code;
                runs += 1;
            }
            _ if is_code => {}
            '[' | '(' | '<' | '{' => open += 1,
            ']' | ')' | '>' | '}' => open -= 1,
            '*' if before != '*' => has_stars = !has_stars,
            '_' if before != '_' && !is_within_name(before, &line[at..]) => has_lines = !has_lines,
            '\\' => return None,
            _ => {}
        }
        before = sign;
    }
    None
}

/// Whether a low line stands within a word, where it emphasizes nothing.
fn is_within_name(before: char, from_here: &str) -> bool {
    let next = from_here.trim_start_matches('_').chars().next();
    before.is_alphanumeric() && next.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::{first_place, part};
    use syntect::parsing::ScopeStack;

    #[test]
    fn a_line_is_parted_outside_of_everything_behind_its_first_code() {
        let parted =
            |line: &str| first_place(line).map(|at| (line[..at].to_owned(), line[at..].to_owned()));
        let two = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(parted("Use `a` and `b`"), two("Use `a` a", "nd `b`"));
        assert_eq!(parted("`a`, `b`, `c`"), two("`a`, ", "`b`, `c`"));
        assert_eq!(parted("**`a` or** so"), two("**`a` or** s", "o"));
        assert_eq!(parted("_`a` or_ so"), two("_`a` or_ s", "o"));
        assert_eq!(parted("a_b `a` so"), two("a_b `a` s", "o"));
        assert_eq!(parted("[`a` or](b) so"), two("[`a` or](b) s", "o"));
        assert_eq!(parted("`a`  `b`"), None);
        assert_eq!(parted("`a\\` or \\`"), two("`a\\` o", "r \\`"));
        assert_eq!(parted("\\`a` or"), None);
    }

    #[test]
    fn few_codes_and_tables_are_read_whole() {
        let none = ScopeStack::new();
        assert_eq!(part("`a` or `b` or `c` or `d`", &none), None);
        assert_eq!(part("| `a` or | `b` | `c` | `d` | `e` |", &none), None);
        assert!(part("`a` or `b` or `c` or `d` or `e`", &none).is_some());
    }
}
