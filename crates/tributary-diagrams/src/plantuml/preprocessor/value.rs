//! What the preprocessor counts and compares: numbers and texts.

use super::Machine;

/// How deep an expression may be in brackets.
const DEEPEST: usize = 40;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Number(i64),
    Text(String),
}

impl Value {
    pub(super) fn text(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }

    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Number(number) => *number != 0,
            Self::Text(text) => !text.is_empty(),
        }
    }

    fn truth(is_true: bool) -> Self {
        Self::Number(i64::from(is_true))
    }
}

/// Why there is no value: it is not understood, or a routine that it calls failed.
pub(super) type Found<T> = Result<T, Option<super::Failure>>;

/// An expression, of which the rest is to be read.
pub(super) struct Expression<'a, 'b> {
    pub(super) rest: &'a str,
    pub(super) machine: &'b mut Machine,
    pub(super) depth: usize,
}

/// Signs between two values, from those that bind least.
const SIGNS: [&[&str]; 5] = [
    &["||"],
    &["&&"],
    &["==", "!=", "<=", ">=", "<", ">"],
    &["+", "-"],
    &["*", "/"],
];

impl Expression<'_, '_> {
    pub(super) fn any(&mut self) -> Found<Value> {
        self.level(0)
    }

    fn level(&mut self, level: usize) -> Found<Value> {
        let Some(signs) = SIGNS.get(level) else {
            return self.one();
        };
        let mut value = self.level(level + 1)?;
        loop {
            self.rest = self.rest.trim_start();
            let Some(sign) = signs.iter().find(|sign| self.rest.starts_with(**sign)) else {
                return Ok(value);
            };
            self.rest = &self.rest[sign.len()..];
            let other = self.level(level + 1)?;
            value = both(&value, sign, &other).ok_or(None)?;
            if value.text().len() > super::LONGEST_LINE {
                return Err(None);
            }
        }
    }

    fn one(&mut self) -> Found<Value> {
        self.rest = self.rest.trim_start();
        if let Some(inside) = self.rest.strip_prefix('(') {
            self.rest = inside;
            self.deeper()?;
            let value = self.any()?;
            self.depth -= 1;
            self.sign(')')?;
            return Ok(value);
        }
        let quote = ['"', '\'']
            .into_iter()
            .find(|quote| self.rest.starts_with(*quote));
        if let Some(quote) = quote {
            let (text, rest) = self.rest[1..].split_once(quote).ok_or(None)?;
            // Whether names in texts are worked in is not clear.
            if self.machine.names_something(text) {
                return Err(None);
            }
            self.rest = rest;
            return Ok(Value::Text(text.to_owned()));
        }
        let digits = self.rest.strip_prefix('-').unwrap_or(self.rest);
        if digits.starts_with(|letter: char| letter.is_ascii_digit()) {
            let sign = self.rest.len() - digits.len();
            let end = digits.find(|letter: char| !letter.is_ascii_digit());
            let (number, rest) = self.rest.split_at(sign + end.unwrap_or(digits.len()));
            self.rest = rest;
            return number.parse().map(Value::Number).map_err(|_| None);
        }
        let name = name_of(self.rest).ok_or(None)?;
        let after = &self.rest[name.len()..];
        if after.starts_with('(') {
            return self.any_call();
        }
        self.rest = after;
        self.machine.variable(name).cloned().ok_or(None)
    }

    /// What a function gives whose name is the next.
    pub(super) fn any_call(&mut self) -> Found<Value> {
        let name = name_of(self.rest).ok_or(None)?;
        self.rest = &self.rest[name.len()..];
        let arguments = self.arguments(name)?;
        match name.strip_prefix('%') {
            Some(name) => built_in(name, &arguments).ok_or(None),
            None => self.machine.function(name, arguments),
        }
    }

    fn deeper(&mut self) -> Found<()> {
        self.depth += 1;
        if self.depth > DEEPEST {
            Err(None)
        } else {
            Ok(())
        }
    }

    fn sign(&mut self, sign: char) -> Found<()> {
        self.rest = self.rest.trim_start();
        self.rest = self.rest.strip_prefix(sign).ok_or(None)?;
        Ok(())
    }

    /// What stands in the brackets behind the name of a routine.
    pub(super) fn arguments(&mut self, name: &str) -> Found<Vec<Value>> {
        self.sign('(')?;
        self.deeper()?;
        let is_unquoted = self.machine.is_unquoted(name);
        let mut arguments = Vec::new();
        self.rest = self.rest.trim_start();
        if let Some(rest) = self.rest.strip_prefix(')') {
            self.rest = rest;
            self.depth -= 1;
            return Ok(arguments);
        }
        loop {
            if is_unquoted {
                let end = self.rest.find([',', ')', '(', '"']).ok_or(None)?;
                let (text, rest) = self.rest.split_at(end);
                let text = self.machine.with_variables(text.trim(), self.depth)?;
                arguments.push(Value::Text(text));
                self.rest = rest;
            } else {
                arguments.push(self.any()?);
            }
            self.rest = self.rest.trim_start();
            match self.rest.strip_prefix(',') {
                Some(rest) => self.rest = rest,
                None => break,
            }
        }
        self.depth -= 1;
        self.sign(')')?;
        Ok(arguments)
    }
}

/// The name of a variable or routine at the beginning of a text.
pub(super) fn name_of(text: &str) -> Option<&str> {
    let inside = text.strip_prefix(['$', '%'])?;
    let end = inside.find(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    let end = end.unwrap_or(inside.len());
    (end > 0).then(|| &text[..=end])
}

fn both(one: &Value, sign: &str, other: &Value) -> Option<Value> {
    if let (Value::Number(one), Value::Number(other)) = (one, other) {
        let counted = match sign {
            "+" => one.checked_add(*other),
            "-" => one.checked_sub(*other),
            "*" => one.checked_mul(*other),
            "/" => one.checked_div(*other),
            _ => return compared(one, sign, other),
        };
        return counted.map(Value::Number);
    }
    match sign {
        "+" => Some(Value::Text(one.text() + &other.text())),
        "&&" => Some(Value::truth(one.is_true() && other.is_true())),
        "||" => Some(Value::truth(one.is_true() || other.is_true())),
        "-" | "*" | "/" => None,
        _ => compared(&one.text(), sign, &other.text()),
    }
}

fn compared<T: PartialOrd + Default>(one: &T, sign: &str, other: &T) -> Option<Value> {
    let is_true = match sign {
        "==" => one == other,
        "!=" => one != other,
        "<=" => one <= other,
        ">=" => one >= other,
        "<" => one < other,
        ">" => one > other,
        // Numbers are true when they are not nought.
        "&&" => *one != T::default() && *other != T::default(),
        "||" => *one != T::default() || *other != T::default(),
        _ => return None,
    };
    Some(Value::truth(is_true))
}

/// Functions that everybody has and that ask for nothing.
pub(super) fn built_in(name: &str, arguments: &[Value]) -> Option<Value> {
    match (name, arguments) {
        ("true", []) => Some(Value::truth(true)),
        ("false", []) => Some(Value::truth(false)),
        ("not", [value]) => Some(Value::truth(!value.is_true())),
        ("strlen", [value]) => i64::try_from(value.text().encode_utf16().count())
            .ok()
            .map(Value::Number),
        ("upper", [value]) => Some(Value::Text(value.text().to_uppercase())),
        ("lower", [value]) => Some(Value::Text(value.text().to_lowercase())),
        ("string", [value]) => Some(Value::Text(value.text())),
        _ => None,
    }
}
