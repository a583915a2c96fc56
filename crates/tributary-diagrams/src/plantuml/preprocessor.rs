//! What the preprocessor makes of lines: definitions, variables, branches, loops, procedures and
//! functions. A command that is not known here, or would read another file, is a failure.

mod value;

use std::collections::HashMap;

use super::super::Failure;
use super::MOST_LINES;
use super::c4;
use super::lines::{Line, unknown, wrong};
use value::{Expression, Found, Value, name_of};

/// How often one line may be made anew from definitions.
const MOST_PASSES: usize = 16;
/// How long a line may become by definitions, in bytes.
const LONGEST_LINE: usize = 20_000;
/// How many bytes of lines are read, those of loops and routines each time.
const MOST_WORK: usize = 2_000_000;
const MOST_STEPS: usize = 50_000;
/// How deep routines may call each other.
const DEEPEST: usize = 20;

/// A procedure or function.
#[derive(Debug, Clone)]
struct Routine {
    /// The names of what it is given, with what stands for those that are left out.
    parameters: Vec<(String, Option<Value>)>,
    /// Its lines; none for one that is a value only.
    body: (usize, usize),
    value: Option<String>,
    is_function: bool,
    is_unquoted: bool,
}

pub(super) struct Machine {
    lines: Vec<Line>,
    /// For each line that opens or goes on with something, the one that goes on or ends it; for one
    /// that ends a loop, the one that begins it.
    next: HashMap<usize, usize>,
    definitions: HashMap<String, String>,
    globals: HashMap<String, Value>,
    /// Of the routine that is run.
    locals: Vec<HashMap<String, Value>>,
    routines: HashMap<String, Routine>,
    made: Vec<Line>,
    steps: usize,
    work: usize,
}

/// What the preprocessor leaves of lines.
pub(super) fn processed(lines: Vec<Line>) -> Result<Vec<Line>, Failure> {
    let next = matched(&lines)?;
    let end = lines.len();
    let mut machine = Machine {
        lines,
        next,
        definitions: HashMap::new(),
        globals: HashMap::new(),
        locals: Vec::new(),
        routines: HashMap::new(),
        made: Vec::new(),
        steps: 0,
        work: 0,
    };
    machine.run((0, end), false)?;
    Ok(machine.made)
}

/// The command of a line and what comes after it.
fn command(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    if !text.starts_with('!') || text.starts_with("!!") {
        return None;
    }
    let end = text.find(|letter: char| letter.is_whitespace() || letter == '(');
    let (word, rest) = text.split_at(end.unwrap_or(text.len()));
    let rest = rest.trim();
    match word {
        "!unquoted" | "!final" => {
            let (second, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            let word = match (word, second) {
                ("!unquoted", "procedure") => "!unquoted procedure",
                ("!unquoted", "function") => "!unquoted function",
                ("!final", "procedure") => "!procedure",
                ("!final", "function") => "!function",
                _ => return Some((word, rest)),
            };
            Some((word, rest.trim()))
        }
        _ => Some((word, rest)),
    }
}

/// Which lines belong together.
fn matched(lines: &[Line]) -> Result<HashMap<usize, usize>, Failure> {
    let mut next = HashMap::new();
    // Where each one began, where its last part is, and what ends it.
    let mut open: Vec<(usize, usize, &str)> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((word, rest)) = command(&line.text) else {
            continue;
        };
        let ends = match word {
            "!if" | "!ifdef" | "!ifndef" => "!endif",
            "!while" => "!endwhile",
            "!foreach" => "!endfor",
            "!procedure" | "!unquoted procedure" => "!endprocedure",
            // One on a line of its own has no end.
            "!function" | "!unquoted function" if !rest.contains("!return") => "!endfunction",
            "!else" if !rest.is_empty() => return Err(unknown(line)),
            "!elseif" | "!else" => {
                let (_, last, _) = open
                    .last_mut()
                    .filter(|(_, _, ends)| *ends == "!endif")
                    .ok_or_else(|| unknown(line))?;
                next.insert(*last, at);
                *last = at;
                continue;
            }
            "!endif" | "!endwhile" | "!endfor" | "!endprocedure" | "!endfunction" => {
                let (begun, last, _) = open
                    .pop()
                    .filter(|(_, _, ends)| *ends == word)
                    .ok_or_else(|| unknown(line))?;
                next.insert(last, at);
                if word != "!endif" {
                    next.insert(at, begun);
                }
                continue;
            }
            _ => continue,
        };
        open.push((at, at, ends));
    }
    match open.last() {
        Some((begun, _, ends)) => Err(wrong(
            lines[*begun].number,
            format!("an `{ends}` is missing"),
        )),
        None => Ok(next),
    }
}

impl Machine {
    /// Runs lines. Gives what a function returns.
    fn run(
        &mut self,
        (from, to): (usize, usize),
        is_function: bool,
    ) -> Result<Option<Value>, Failure> {
        let mut at = from;
        // The loops over lists that go on: where they begin, and what is left of the list.
        let mut loops: Vec<(usize, Vec<Value>)> = Vec::new();
        while at < to {
            let line = self.lines[at].clone();
            self.steps += 1;
            self.work += line.text.len();
            if self.steps > MOST_STEPS || self.work > MOST_WORK || self.made.len() > MOST_LINES {
                return Err(wrong(
                    line.number,
                    "the preprocessor does not come to an end with it",
                ));
            }
            let Some((word, rest)) = command(&line.text) else {
                if is_function && !line.text.trim().is_empty() {
                    return Err(unknown(&line));
                }
                self.text(&line)?;
                at += 1;
                continue;
            };
            match word {
                "!if" | "!ifdef" | "!ifndef" => at = self.branch(at)? + 1,
                // The branch before it was taken.
                "!elseif" | "!else" => {
                    while let Some(next) = self.next.get(&at) {
                        at = *next;
                    }
                    at += 1;
                }
                "!endif" => at += 1,
                "!while" => {
                    let is_true = self.whole(rest, &line)?.is_true();
                    at = if is_true { at } else { self.next[&at] } + 1;
                }
                "!endwhile" => at = self.next[&at],
                "!foreach" => {
                    let (name, mut values) = self.list(rest, &line)?;
                    values.reverse();
                    match values.pop() {
                        Some(first) => {
                            self.put(&name, first, None);
                            loops.push((at, values));
                            at += 1;
                        }
                        None => at = self.next[&at] + 1,
                    }
                }
                "!endfor" => {
                    let begun = self.next[&at];
                    let next = loops
                        .last_mut()
                        .filter(|(loop_at, _)| *loop_at == begun)
                        .and_then(|(_, left)| left.pop());
                    match next {
                        Some(next) => {
                            let text = self.lines[begun].text.clone();
                            let name = command(&text)
                                .and_then(|(_, rest)| name_of(rest))
                                .ok_or_else(|| unknown(&line))?;
                            self.put(name, next, None);
                            at = begun + 1;
                        }
                        None => {
                            loops.pop();
                            at += 1;
                        }
                    }
                }
                "!procedure" | "!function" | "!unquoted procedure" | "!unquoted function" => {
                    let end = self.next.get(&at).copied();
                    self.routine(word, rest, (at + 1, end.unwrap_or(at + 1)), &line)?;
                    at = end.unwrap_or(at) + 1;
                }
                "!return" if is_function => return self.whole(rest, &line).map(Some),
                _ => {
                    self.command(word, rest, &line)?;
                    at += 1;
                }
            }
        }
        Ok(None)
    }

    /// The line of the branch that is taken, or of the end of all.
    fn branch(&mut self, at: usize) -> Result<usize, Failure> {
        let mut at = at;
        loop {
            let line = self.lines[at].clone();
            let (word, rest) = command(&line.text).ok_or_else(|| unknown(&line))?;
            let is_taken = match word {
                "!if" | "!elseif" => self.whole(rest, &line)?.is_true(),
                "!ifdef" => self.has(rest),
                "!ifndef" => !self.has(rest),
                _ => true,
            };
            if is_taken {
                return Ok(at);
            }
            at = self.next[&at];
        }
    }

    /// A command that stands alone.
    fn command(&mut self, word: &str, rest: &str, line: &Line) -> Result<(), Failure> {
        match word {
            // How it looks, which program lays it out, and what other files may take from it.
            "!theme" | "!pragma" | "!startsub" | "!endsub" => Ok(()),
            // It is told as looks that are left out.
            "!option" => {
                self.made.push(line.clone());
                Ok(())
            }
            // Its macros are known without it.
            "!include" | "!includeurl" | "!include_once" | "!include_many"
                if c4::is_library(rest) =>
            {
                Ok(())
            }
            "!include" | "!includeurl" | "!include_once" | "!include_many" | "!includesub"
            | "!includedef" | "!import" => {
                let what = line.text.trim();
                let what = format!("`{what}` takes in a file that is not at hand");
                Err(wrong(line.number, what))
            }
            "!define" => {
                let (name, value) = match rest.split_once(char::is_whitespace) {
                    Some((name, value)) => (name, value.trim()),
                    None => (rest, ""),
                };
                if name.is_empty() || !name.chars().all(is_letter) {
                    return Err(unknown(line));
                }
                self.definitions.insert(name.to_owned(), value.to_owned());
                Ok(())
            }
            "!undef" | "!undefine" => {
                self.definitions.remove(rest);
                self.globals.remove(rest);
                Ok(())
            }
            _ => self.set(line),
        }
    }

    /// A variable and its value.
    fn set(&mut self, line: &Line) -> Result<(), Failure> {
        let text = line.text.trim().trim_start_matches('!');
        let (scope, text) = match (text.strip_prefix("global "), text.strip_prefix("local ")) {
            (Some(text), _) => (Some(true), text),
            (_, Some(text)) => (Some(false), text),
            _ => (None, text),
        };
        let text = text.trim();
        let name = name_of(text)
            .filter(|name| name.starts_with('$'))
            .ok_or_else(|| unknown(line))?;
        let rest = text[name.len()..].trim_start();
        let (only_first, rest) = match rest.strip_prefix('?') {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let rest = rest.strip_prefix('=').ok_or_else(|| unknown(line))?;
        if only_first && self.variable(name).is_some() {
            return Ok(());
        }
        let value = self.whole(rest, line)?;
        self.put(name, value, scope);
        Ok(())
    }

    /// Sets a variable: of all, of the routine, or where it is known.
    fn put(&mut self, name: &str, value: Value, is_global: Option<bool>) {
        let is_global = is_global.unwrap_or_else(|| {
            let is_local = self
                .locals
                .last()
                .is_some_and(|locals| locals.contains_key(name));
            !is_local && self.globals.contains_key(name)
        });
        let scope = match self.locals.last_mut() {
            Some(locals) if !is_global => locals,
            _ => &mut self.globals,
        };
        scope.insert(name.to_owned(), value);
    }

    fn has(&self, name: &str) -> bool {
        self.definitions.contains_key(name) || self.variable(name).is_some()
    }

    fn variable(&self, name: &str) -> Option<&Value> {
        let local = self.locals.last().and_then(|locals| locals.get(name));
        local.or_else(|| self.globals.get(name))
    }

    fn is_unquoted(&self, name: &str) -> bool {
        self.routines
            .get(name)
            .is_some_and(|routine| routine.is_unquoted)
    }

    /// Whether a text has the name of something that has a value.
    fn names_something(&self, text: &str) -> bool {
        text.match_indices(['$', '%']).any(|(at, _)| {
            name_of(&text[at..]).is_some_and(|name| {
                self.variable(name).is_some()
                    || self.routines.contains_key(name)
                    || name.starts_with('%') && text[at + name.len()..].starts_with('(')
            })
        })
    }

    /// The value of an expression that goes to the end of its text.
    fn whole(&mut self, text: &str, line: &Line) -> Result<Value, Failure> {
        let mut expression = Expression {
            rest: text,
            machine: self,
            depth: 0,
        };
        let value = expression.any();
        let is_whole = expression.rest.trim().is_empty();
        let value = value.map_err(|failure| failure.unwrap_or_else(|| unknown(line)))?;
        if is_whole {
            Ok(value)
        } else {
            Err(unknown(line))
        }
    }

    /// The variable and the values of a loop over a list.
    fn list(&mut self, text: &str, line: &Line) -> Result<(String, Vec<Value>), Failure> {
        let name = name_of(text)
            .filter(|name| name.starts_with('$'))
            .ok_or_else(|| unknown(line))?;
        let inside = text[name.len()..]
            .trim_start()
            .strip_prefix("in ")
            .and_then(|rest| rest.trim().strip_prefix('[')?.strip_suffix(']'))
            .ok_or_else(|| unknown(line))?;
        let mut expression = Expression {
            rest: inside.trim(),
            machine: self,
            depth: 0,
        };
        let mut values = Vec::new();
        while !expression.rest.is_empty() {
            let value = expression.any();
            values.push(value.map_err(|failure| failure.unwrap_or_else(|| unknown(line)))?);
            expression.rest = expression.rest.trim_start();
            if expression.rest.is_empty() {
                break;
            }
            let rest = expression.rest.strip_prefix(',').map(str::trim_start);
            expression.rest = rest
                .filter(|rest| !rest.is_empty())
                .ok_or_else(|| unknown(line))?;
        }
        Ok((name.to_owned(), values))
    }

    /// Keeps a procedure or function.
    fn routine(
        &mut self,
        word: &str,
        rest: &str,
        body: (usize, usize),
        line: &Line,
    ) -> Result<(), Failure> {
        let name = name_of(rest)
            .filter(|name| name.starts_with('$'))
            .ok_or_else(|| unknown(line))?;
        let inside = rest[name.len()..].trim_start().strip_prefix('(');
        let (inside, after) = inside
            .and_then(|inside| inside.split_once(')'))
            .ok_or_else(|| unknown(line))?;
        let mut parameters = Vec::new();
        for parameter in inside.split(',').map(str::trim) {
            if parameter.is_empty() && inside.trim().is_empty() {
                break;
            }
            let parameter_name = name_of(parameter)
                .filter(|name| name.starts_with('$'))
                .ok_or_else(|| unknown(line))?;
            let rest = parameter[parameter_name.len()..].trim();
            let default = match rest.strip_prefix('=') {
                Some(default) => Some(self.whole(default, line)?),
                None if rest.is_empty() => None,
                None => return Err(unknown(line)),
            };
            parameters.push((parameter_name.to_owned(), default));
        }
        let is_function = word.ends_with("function");
        let after = after.trim();
        let value = match (after.strip_prefix("!return"), after.is_empty()) {
            (Some(value), _) if is_function => Some(value.trim().to_owned()),
            (None, true) => None,
            _ => return Err(unknown(line)),
        };
        let routine = Routine {
            parameters,
            body,
            value,
            is_function,
            is_unquoted: word.starts_with("!unquoted"),
        };
        self.routines.insert(name.to_owned(), routine);
        Ok(())
    }

    /// What a function gives.
    fn function(&mut self, name: &str, arguments: Vec<Value>) -> Found<Value> {
        let routine = self
            .routines
            .get(name)
            .filter(|routine| routine.is_function)
            .cloned()
            .ok_or(None)?;
        self.call(&routine, arguments)?.ok_or(None)
    }

    fn call(&mut self, routine: &Routine, arguments: Vec<Value>) -> Found<Option<Value>> {
        let count = arguments.len();
        if count > routine.parameters.len() || self.locals.len() >= DEEPEST {
            return Err(None);
        }
        let defaults = routine.parameters.iter().skip(count);
        let defaults: Option<Vec<Value>> = defaults.map(|(_, default)| default.clone()).collect();
        let values = arguments.into_iter().chain(defaults.ok_or(None)?);
        let names = routine.parameters.iter().map(|(name, _)| name.clone());
        self.locals.push(names.zip(values).collect());
        let found = match &routine.value {
            Some(value) => {
                let line = self.lines[routine.body.0 - 1].clone();
                self.work += value.len();
                self.steps += 1;
                match self.steps > MOST_STEPS || self.work > MOST_WORK {
                    true => Err(unknown(&line)),
                    false => self.whole(value, &line).map(Some),
                }
            }
            None => self.run(routine.body, routine.is_function),
        };
        self.locals.pop();
        found.map_err(Some)
    }

    /// A line of the diagram, or one that calls a procedure.
    fn text(&mut self, line: &Line) -> Result<(), Failure> {
        let trimmed = line.text.trim();
        if let Some(name) = name_of(trimmed)
            && let Some(routine) = self.routines.get(name).filter(|one| !one.is_function)
        {
            let routine = routine.clone();
            let mut expression = Expression {
                rest: &trimmed[name.len()..],
                machine: self,
                depth: 0,
            };
            let arguments = expression.arguments(name);
            let is_whole = expression.rest.trim().is_empty();
            let called = match is_whole || arguments.is_err() {
                true => arguments.and_then(|arguments| self.call(&routine, arguments)),
                false => Err(None),
            };
            return match called {
                Ok(_) => Ok(()),
                Err(failure) => Err(failure.unwrap_or_else(|| unknown(line))),
            };
        }
        let defined = self.defined(line)?;
        let text = self
            .with_variables(&defined, 0)
            .map_err(|failure| failure.unwrap_or_else(|| unknown(line)))?;
        self.work += text.len();
        if text.len() > LONGEST_LINE && text.len() > line.text.len() {
            return Err(wrong(line.number, "the definitions make it too long"));
        }
        if let Some(called) = called(&text) {
            let what = format!("`{called}` asks PlantUML for a value");
            return Err(wrong(line.number, what));
        }
        self.made.push(Line {
            number: line.number,
            text,
        });
        Ok(())
    }

    /// A text with variables and what functions give in their places.
    fn with_variables(&mut self, text: &str, depth: usize) -> Found<String> {
        let mut made = String::new();
        let mut rest = text;
        let mut before = ' ';
        while let Some(at) = rest.find(['$', '%']) {
            made.push_str(&rest[..at]);
            before = rest[..at].chars().next_back().unwrap_or(before);
            rest = &rest[at..];
            let sign = if rest.starts_with('$') { '$' } else { '%' };
            let name = name_of(rest).unwrap_or_default();
            let after = &rest[name.len()..];
            let is_call = after.starts_with('(')
                && match name.strip_prefix('%') {
                    Some(name) => KNOWN.contains(&name),
                    None => self.routines.contains_key(name),
                };
            let has_value = sign == '$' && self.variable(name).is_some();
            if !is_call && !has_value {
                made.push(sign);
                before = sign;
                rest = &rest[1..];
                continue;
            }
            // Versions of PlantUML differ in whether this is the name.
            if sign == '$' && (is_letter(before) || !is_call && after.starts_with('$')) {
                return Err(None);
            }
            let mut expression = Expression {
                rest,
                machine: self,
                depth,
            };
            let value = match is_call {
                true => expression.any_call()?,
                false => {
                    expression.rest = after;
                    expression.machine.variable(name).cloned().ok_or(None)?
                }
            };
            rest = expression.rest;
            made.push_str(&value.text());
            if made.len() > LONGEST_LINE + text.len() {
                return Err(None);
            }
            before = ' ';
        }
        made.push_str(rest);
        Ok(made)
    }

    /// A line with all that is defined put in its place.
    fn defined(&self, line: &Line) -> Result<String, Failure> {
        let mut text = line.text.clone();
        if self.definitions.is_empty() {
            return Ok(text);
        }
        for _ in 0..MOST_PASSES {
            let made = self.pass(&text);
            if made.len() > LONGEST_LINE {
                return Err(wrong(line.number, "the definitions make it too long"));
            }
            if made == text {
                return Ok(text);
            }
            text = made;
        }
        Err(wrong(line.number, "its definitions do not come to an end"))
    }

    fn pass(&self, text: &str) -> String {
        let mut made = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(is_letter) {
            made.push_str(&rest[..at]);
            rest = &rest[at..];
            let end = rest.find(|letter: char| !is_letter(letter));
            let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
            made.push_str(self.definitions.get(name).map_or(name, String::as_str));
            rest = after;
            if made.len() > LONGEST_LINE {
                break;
            }
        }
        made.push_str(rest);
        made
    }
}

/// Functions that everybody has and that are worked in.
const KNOWN: [&str; 7] = ["true", "false", "not", "strlen", "upper", "lower", "string"];

/// A function of the preprocessor, or a value that only it knows.
fn called(text: &str) -> Option<&str> {
    const VALUES: [&str; 6] = [
        "date",
        "page",
        "lastpage",
        "autonumber",
        "filename",
        "dirpath",
    ];
    text.match_indices('%').find_map(|(at, _)| {
        let rest = &text[at + 1..];
        let end = rest
            .find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'))
            .unwrap_or(rest.len());
        let is_call = rest[end..].starts_with('(')
            && rest.starts_with(|letter: char| letter.is_ascii_alphabetic());
        let is_value = VALUES.contains(&&rest[..end]) && rest[end..].starts_with(['%', '[']);
        (is_call || is_value).then(|| &text[at..at + 1 + end])
    })
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$'
}

#[cfg(test)]
mod tests {
    use super::super::lines::read;

    fn texts(source: &str) -> Result<Vec<String>, String> {
        let mut blocks = read(source).map_err(|failure| failure.message)?;
        let lines = blocks.remove(0).lines;
        let lines = super::processed(lines).map_err(|failure| failure.message)?;
        Ok(lines.into_iter().map(|line| line.text).collect())
    }

    #[test]
    fn comments_and_definitions_are_worked_in() {
        let source = "before\n@startuml x\n' no\n/' no\nno '/\n!define A b c\n!$d = \"e\" + \"f\"\n\
                      !$g = $d + \"h\"\nA -> $g: it's A, not AA /' no '/\n!ifdef A\nx\n!else\ny\n\
                      !endif\n!ifndef A\nz\n!include no\n!endif\none \\\n  two\n@enduml\nafter";
        let wanted = ["b c -> efh: it's b c, not AA ", "x", "one two"];
        assert_eq!(texts(source).unwrap(), wanted);
    }

    /// Counted by PlantUML 1.2020.02, but for procedures and lists, which it has not.
    #[test]
    fn what_is_counted_compared_and_called_is_worked_in() {
        for (source, wanted) in [
            ("!$n = 2 + 3 * 4\nt $n", "t 14"),
            ("!$n = (2 + 3) * 4 - 7 / 2\nt $n", "t 17"),
            ("!$s = \"5\" + 1\nt $s", "t 51"),
            (
                "!function $f($a)\n!return $a + 1\n!endfunction\nt $f(4) and $f(\"q\")",
                "t 5 and q1",
            ),
            (
                "!function $f($a, $b=3) !return $a * $b\nt $f($f(2), 5)",
                "t 30",
            ),
            (
                "!$i = 0\n!while $i < 3\nt $i\n!$i = $i + 1\n!endwhile",
                "t 0;t 1;t 2",
            ),
            (
                "!$n = 3\n!if ($n == 4) || ($n < 1)\na\n!elseif $n > 2\nb\n!else\nc\n!endif\nd",
                "b;d",
            ),
            (
                "!if %not(1 == 1)\na\n!elseif \"x\" == \"y\"\nb\n!else\nc\n!endif",
                "c",
            ),
            ("t %strlen(\"abc\") %upper(\"x\")", "t 3 X"),
            ("!$y = 1\nt $yx $z", "t $yx $z"),
            (
                "!$n = 1\n!function $g($a)\n!local $q = $a + 2\n!$n = 99\n!return $q * 2\n\
                 !endfunction\nt $g(1) $n $q",
                "t 6 99 $q",
            ),
            (
                "!procedure $p($a, $b=\"c\")\n!if $a > 1\n$a -> $b\n!endif\n!endprocedure\n$p(1)\n\
                 $p(2)\n  $p(3, \"d\")",
                "2 -> c;3 -> d",
            ),
            (
                "!unquoted procedure $u($a, $b)\n$b : $a\n!endprocedure\n!$v = 7\n$u(one two, $v)",
                "7 : one two",
            ),
            (
                "!foreach $x in [\"a\", 1 + 1]\n!foreach $y in []\nno\n!endfor\nt $x\n!endfor",
                "t a;t 2",
            ),
            ("!$x ?= 1\n!$x ?= 2\nt $x", "t 1"),
        ] {
            assert_eq!(
                texts(source).map(|lines| lines.join(";")).as_deref(),
                Ok(wanted),
                "{source}"
            );
        }
    }

    #[test]
    fn what_is_not_known_of_the_preprocessor_is_a_failure() {
        for wrong in [
            "!include a.puml",
            "!includeurl http://a",
            "!define F(x) x",
            "!procedure $a()",
            "!$a = %date()",
            "!$a = 1 +",
            "!$a = 1 / 0",
            "!$a = \"b\" - 1",
            "!$a = $b",
            "!$b = 1\n!$a = \"x $b\"",
            "!$b = 1\nx$b",
            "!$b = 1\n$b$b",
            "!if (1 == 1)",
            "!if 1 == \n!endif",
            "!if {\"a\": 1}\n!endif",
            "!endif",
            "!while 1\n!endif",
            "!else",
            "!return 1",
            "!ifdef A",
            "!x",
            "!function $f()\na\n!endfunction\nb $f()",
            "!function $f($a)\n!return $a\n!endfunction\nb $f()",
            "!function $f($a)\n!return $a\n!endfunction\nb $f(1, 2)",
            "!procedure $p()\na\n!endprocedure\nb $p()",
            "!procedure $p()\na\n!endprocedure\n$p() b",
            "!foreach $x in $list\n!endfor",
            "a -> b : %getenv(\"HOME\")",
            "footer %page% of 2",
        ] {
            assert!(texts(wrong).is_err(), "{wrong}");
        }
        assert!(texts("a -> b : 5% (of 10) %x").is_ok());
        assert!(texts("!define A B\n!define B A A\nA").is_err());
    }

    #[test]
    fn what_does_not_end_is_a_failure() {
        let brackets = format!("!$a = {}1", "(".repeat(10_000));
        let calls = format!("!$a = {}1{}", "%not(".repeat(5_000), ")".repeat(5_000));
        let twice = "!$a = \"x\"\n".to_owned() + &"!$a = $a + $a\n".repeat(60) + "$a";
        for source in [
            "!while 1\n!endwhile",
            "!while 1\na\n!endwhile",
            "!function $f($a)\n!return $f($a)\n!endfunction\n$f(1)",
            "!function $f($a) !return $f($a + 1) + $f($a + 2)\n$f(1)",
            "!procedure $p()\n$p()\n$p()\n!endprocedure\n$p()",
            &brackets,
            &calls,
            &twice,
        ] {
            assert!(
                texts(source).is_err(),
                "{}",
                &source[..source.len().min(60)]
            );
        }
    }
}
