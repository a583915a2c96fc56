//! What is found in lines of text: addresses, emoji, and what stands behind headings.

use std::borrow::Cow;

use super::super::content::begins_in_word;
use super::super::document::Inline;
use super::super::extended::attributes;
use super::super::node::{Kind, Node};

/// Takes `{#id}` off the end of a heading, as documentation generators write it, be it with other
/// attributes. Other braces are text, as on Git hosts.
pub(super) fn take_heading_id(last: &mut Node<'_>) -> Option<String> {
    let Kind::Text(text) = &mut last.kind else {
        return None;
    };
    let open = text.rfind('{')?;
    let inside = text[open + 1..].trim_end().strip_suffix('}')?;
    let words: Vec<&str> = inside.split_whitespace().collect();
    let is_attribute = |word: &&str| word.starts_with(['#', '.']) && word.len() > 1;
    let id = if !words.is_empty() && words.iter().all(is_attribute) {
        let mut ids = words.iter().filter_map(|word| word.strip_prefix('#'));
        ids.next().map(str::to_owned)
    } else {
        let (given, length) = attributes(&text[open..])?;
        let is_last = text[open + length..].trim().is_empty();
        let id = given.into_iter().find(|(name, _)| name == "id");
        // Without an id they are none of a heading's.
        Some(id.filter(|_| is_last)?.1)
    };
    let kept = text[..open].trim_end().len();
    match text {
        Cow::Borrowed(text) => *text = &text[..kept],
        Cow::Owned(text) => text.truncate(kept),
    }
    id
}

pub(super) fn push_text(content: &mut Vec<Inline>, text: &str) {
    match content.last_mut() {
        Some(Inline::Text(before)) => before.push_str(text),
        _ if text.is_empty() => {}
        _ => content.push(Inline::Text(text.to_owned())),
    }
}

/// Takes white space and breaks away from both ends.
pub(super) fn trim(content: &mut Vec<Inline>) {
    loop {
        match content.last_mut() {
            Some(Inline::Break) => {}
            Some(Inline::Text(text)) => {
                let ends_in_word = text.as_bytes().last().is_some_and(u8::is_ascii_graphic);
                if !ends_in_word {
                    text.truncate(text.trim_end().len());
                }
                if !text.is_empty() {
                    break;
                }
            }
            _ => break,
        }
        content.pop();
    }
    let mut from = 0;
    while let Some(first) = content.get_mut(from) {
        match first {
            Inline::Break => from += 1,
            Inline::Text(text) if begins_in_word(text) => break,
            Inline::Text(text) => {
                let blank = text.len() - text.trim_start().len();
                if blank < text.len() {
                    if blank > 0 {
                        text.drain(..blank);
                    }
                    break;
                }
                from += 1;
            }
            _ => break,
        }
    }
    if from > 0 {
        content.drain(..from);
    }
}

/// A caption in an attribute, which may hold code between backticks.
pub(super) fn caption_text(caption: &str) -> Vec<Inline> {
    let mut content = Vec::new();
    for (at, part) in caption.split('`').enumerate() {
        if part.is_empty() {
            continue;
        }
        content.push(if at % 2 == 1 {
            Inline::Code(part.to_owned())
        } else {
            Inline::Text(part.to_owned())
        });
    }
    content
}

/// Whether a text may hold an address or an emoji shortcode: whether it has a colon, the sign of a
/// mailbox, or what an address without a scheme begins with.
pub(super) fn may_hold_more(text: &str) -> bool {
    /// Bytes that are looked at together, and those behind them that tell `www.` from other words.
    const SIZE: usize = 16;
    const BEHIND: usize = 3;
    let is_clean = |block: &[u8; SIZE + BEHIND]| {
        let is_sign = |at: usize| {
            let (byte, third) = (block[at], block[at + BEHIND]);
            (byte == b':') | (byte == b'@') | ((byte == b'w') & (third == b'.'))
        };
        !(0..SIZE).fold(false, |found, at| found | is_sign(at))
    };
    let is_any = |bytes: &[u8]| {
        bytes.iter().enumerate().any(|(at, byte)| match byte {
            b':' | b'@' => true,
            b'w' => bytes[at..].starts_with(b"www."),
            _ => false,
        })
    };
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(block) = bytes[from..].first_chunk()
        && is_clean(block)
    {
        from += SIZE;
    }
    match bytes.last_chunk() {
        // The last block begins in the one before it, so that few bytes are looked at alone.
        Some(last) if bytes.len() - from < last.len() && is_clean(last) => is_any(&last[SIZE..]),
        _ => is_any(&bytes[from..]),
    }
}

/// Replaces emoji shortcodes such as `:rocket:`, and notes what each became where that is wanted.
pub(super) fn with_emoji<'t>(
    text: &'t str,
    replaced: &mut Option<Vec<(&'static str, String)>>,
) -> Cow<'t, str> {
    let mut made = String::new();
    let mut from = 0;
    let mut look = 0;
    while let Some(open) = memchr::memchr(b':', &text.as_bytes()[look..]).map(|at| look + at) {
        let after = &text[open + 1..];
        let length = after
            .find(|letter: char| !letter.is_ascii_alphanumeric() && !"_+-".contains(letter))
            .unwrap_or(after.len());
        let emoji = (length > 0 && after[length..].starts_with(':'))
            .then(|| emojis::get_by_shortcode(&after[..length]))
            .flatten();
        match emoji {
            Some(emoji) => {
                made.push_str(&text[from..open]);
                made.push_str(emoji.as_str());
                if let Some(replaced) = replaced {
                    replaced.push((emoji.as_str(), after[..length].to_owned()));
                }
                from = open + length + 2;
                look = from;
            }
            None => look = open + 1,
        }
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    made.push_str(&text[from..]);
    Cow::Owned(made)
}

/// Words as they were before their shortcodes became emoji: Git hosts make the anchors of headings
/// of these.
pub(super) fn with_shortcodes(words: String, replaced: &[(&'static str, String)]) -> String {
    if replaced.is_empty() {
        return words;
    }
    let mut made = String::with_capacity(words.len());
    let mut rest = words.as_str();
    for (emoji, shortcode) in replaced {
        if let Some((before, after)) = rest.split_once(emoji) {
            made.push_str(before);
            made.push_str(shortcode);
            rest = after;
        }
    }
    made.push_str(rest);
    made
}

/// An address in a text: where it begins and ends, and what it leads to.
pub(super) type Address = (usize, usize, String);

/// Finds the addresses in plain text, one after the other, by the rules of GitHub's extended
/// autolinks.
pub(super) struct Addresses<'t> {
    text: &'t str,
    /// Where the text begins that was not looked at.
    at: usize,
    /// The next of each kind, once it was looked for: a text of many addresses of one kind is not
    /// gone through for the other at each of them.
    site: Option<Option<Address>>,
    mail: Option<Option<Address>>,
    sites: Sites,
}

impl<'t> Addresses<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            site: None,
            mail: None,
            sites: Sites::of(text),
        }
    }
}

impl Iterator for Addresses<'_> {
    type Item = Address;

    fn next(&mut self) -> Option<Address> {
        let (text, at) = (self.text, self.at);
        let absolute = |(start, end, target): Address| (at + start, at + end, target);
        let is_past = |known: &Option<Option<Address>>| match known {
            Some(Some((start, ..))) => *start < at,
            Some(None) => false,
            None => true,
        };
        if is_past(&self.site) {
            self.site = Some(self.sites.find(text, at));
        }
        if is_past(&self.mail) {
            let rest = &text[at..];
            self.mail = Some(find_mail(rest, rest.len()).map(absolute));
        }
        let begin = |known: &Option<Option<Address>>| {
            let known = known.as_ref().and_then(Option::as_ref);
            known.map_or(usize::MAX, |(start, ..)| *start)
        };
        let next = match begin(&self.mail) < begin(&self.site) {
            true => self.mail.take(),
            false => self.site.take_if(|site| site.is_some()),
        };
        let found = next.flatten()?;
        self.at = found.1;
        Some(found)
    }
}

/// Finds the first address of a mailbox whose sign stands before an offset, with or without
/// `mailto:` or `xmpp:` before it.
pub(in crate::markup) fn find_mail(text: &str, before: usize) -> Option<(usize, usize, String)> {
    let bytes = text.as_bytes();
    let is_local = |byte: &u8| byte.is_ascii_alphanumeric() || b".+-_".contains(byte);
    let is_domain = |byte: &u8| byte.is_ascii_alphanumeric() || b".-_".contains(byte);
    let mut taken = 0;
    for at in memchr::memchr_iter(b'@', &bytes[..before]) {
        let local = bytes[taken..at]
            .iter()
            .rev()
            .take_while(|byte| is_local(byte));
        let start = at - local.count();
        let domain = bytes[at + 1..]
            .iter()
            .take_while(|byte| is_domain(byte))
            .count();
        taken = at + 1;
        let named = text[at + 1..at + 1 + domain].trim_end_matches('.');
        let is_domain = named.contains('.')
            && !named.starts_with('.')
            && !named.contains("..")
            && !named.ends_with(['-', '_']);
        if start == at || !is_domain || text[..start].ends_with('/') {
            continue;
        }
        let end = at + 1 + named.len();
        let scheme = ["mailto:", "xmpp:"]
            .into_iter()
            .find(|scheme| text[..start].ends_with(scheme));
        let begin = start - scheme.map_or(0, str::len);
        let target = format!("{}{}", scheme.unwrap_or("mailto:"), &text[start..end]);
        return Some((begin, end, target));
    }
    None
}

/// What the addresses of sites begin with.
const SCHEMES: [&str; 3] = ["https://", "http://", "www."];

/// Finds the addresses of sites in a text, one after the other.
struct Sites {
    /// Where each beginning is next, so that the text is gone through once for each of them.
    next: [Option<usize>; 3],
}

impl Sites {
    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut signs = memchr::memchr2_iter(b':', b'.', bytes);
        let may_hold = signs.any(|at| match bytes[at] {
            b':' => bytes[at..].starts_with(b"://"),
            _ => bytes[..at].ends_with(b"www"),
        });
        Self {
            next: match may_hold {
                true => SCHEMES.map(|scheme| next_of(scheme, text, 0)),
                false => [None; 3],
            },
        }
    }

    /// The first address from an offset on. Whoever asks again asks for one farther on.
    fn find(&mut self, text: &str, from: usize) -> Option<Address> {
        let mut look = from;
        loop {
            for (scheme, at) in SCHEMES.iter().zip(&mut self.next) {
                if at.is_some_and(|at| at < look) {
                    *at = next_of(scheme, text, look);
                }
            }
            let found = SCHEMES.iter().zip(&self.next);
            let (start, scheme) = found
                .filter_map(|(scheme, at)| Some(((*at)?, *scheme)))
                .min()?;
            let before = text[from..start].chars().next_back();
            if before.is_none_or(|letter| letter.is_whitespace() || "*_~(\"'".contains(letter)) {
                let rest = &text[start..];
                let end = rest
                    .find(|letter: char| letter.is_whitespace() || letter == '<')
                    .unwrap_or(rest.len());
                let end = without_trailing(&rest[..end]);
                let host = &rest[scheme.len().min(end)..end];
                let named = host.split(['/', '?', '#']).next().unwrap_or_default();
                let is_host = match scheme {
                    "www." => named.contains('.'),
                    _ => !named.is_empty(),
                };
                if is_host {
                    let prefix = if scheme == "www." { "http://" } else { "" };
                    return Some((start, start + end, format!("{prefix}{}", &rest[..end])));
                }
            }
            look = start + scheme.len();
        }
    }
}

/// Where a beginning stands next, from an offset on.
fn next_of(scheme: &str, text: &str, from: usize) -> Option<usize> {
    let found = text[from..].find(scheme);
    #[cfg(test)]
    tests::LOOKED.with(|looked| {
        looked.set(looked.get() + found.unwrap_or(text.len() - from));
    });
    found.map(|found| from + found)
}

/// Punctuation at the end of an address belongs to the sentence around it, and so does a closing
/// parenthesis without an opening one.
pub(super) fn without_trailing(address: &str) -> usize {
    let mut end = address.len();
    // Counted when the first is met: every one may be the last that stays.
    let mut unopened = None;
    loop {
        let Some(last) = address[..end].chars().next_back() else {
            return 0;
        };
        if "?!.,:*_~'\"".contains(last) {
            end -= last.len_utf8();
        } else if last == ')' {
            let part = &address[..end];
            let unopened = unopened.get_or_insert_with(|| {
                let closing = part.matches(')').count();
                closing.saturating_sub(part.matches('(').count())
            });
            if *unopened == 0 {
                return end;
            }
            *unopened -= 1;
            end -= 1;
        } else {
            return end;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::{Addresses, may_hold_more, without_trailing};

    thread_local! {
        /// Bytes that were gone through for what addresses begin with.
        pub(super) static LOOKED: Cell<usize> = const { Cell::new(0) };
    }

    #[test]
    fn a_text_is_gone_through_once_for_all_of_its_addresses() {
        for (piece, addresses) in [
            ("https://a.b/ ", 1),
            ("www.a.b a@b.c ", 2),
            ("http://a.b, (www.c.d) ", 2),
        ] {
            let text = piece.repeat(500);
            LOOKED.set(0);
            let found = Addresses::of(&text).count();
            assert_eq!(found, 500 * addresses, "{piece}");
            assert!(LOOKED.get() <= 3 * text.len(), "{piece}: {}", LOOKED.get());
        }
    }

    #[test]
    fn a_text_may_hold_more_wherever_its_sign_stands() {
        for length in 0..60 {
            for at in 0..=length {
                let around = |sign: &str| {
                    let (before, after) = ("w".repeat(at), "x.".repeat(length - at));
                    format!("{before}{sign}{after}")
                };
                for sign in [":", "@", "www."] {
                    assert!(may_hold_more(&around(sign)), "{sign} at {at} of {length}");
                }
                for sign in ["", "ab.", "w x.", "ww x.", "ä."] {
                    assert!(!may_hold_more(&around(sign)), "{sign} at {at} of {length}");
                }
            }
        }
    }

    #[test]
    fn parentheses_without_an_opening_one_are_none_of_an_address() {
        for (address, kept) in [
            ("https://a.b/c_(d)", "https://a.b/c_(d)"),
            ("https://a.b/c_(d))", "https://a.b/c_(d)"),
            ("https://a.b/c).)*)", "https://a.b/c"),
            ("https://a.b/(c).)", "https://a.b/(c)"),
            ("https://a.b/((c)).", "https://a.b/((c))"),
            (")", ""),
        ] {
            assert_eq!(&address[..without_trailing(address)], kept, "{address}");
        }
    }
}
