//! Digits that stand for what is published with a page, and for a plan.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use crate::markup::PageKind;

use super::snapshot::hex;
use super::step::{LabelMode, MadeOf, PlannedAttachment, Step};

/// Stands for everything that is published with a page: 16 hexadecimal digits.
///
/// Which commit it is does not count, nor on what day it was made: links to files that are no pages
/// and the repository's own header or footer may name it, and a page is not written again because
/// something else was committed.
///
/// Of lines of a file all of the file counts: the page leads to the file, and is as old as that.
pub(super) fn fingerprint(
    step: &Step,
    body: &str,
    commit: Option<&str>,
    edition: Option<&str>,
) -> String {
    let mut body = Cow::Borrowed(body);
    if let Some(commit) = commit {
        for name in [commit, &commit[..commit.len().min(12)]] {
            if body.contains(name) {
                body = Cow::Owned(body.replace(name, ""));
            }
        }
    }
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    };
    part(&step.title);
    part(&body);
    for attachment in &step.attachments {
        part(&attachment.filename);
        part(&attachment.sha256);
    }
    part("labels");
    for label in &step.labels {
        part(label);
    }
    if step.label_mode == LabelMode::Set {
        // Changing the mode is a change of every page: its labels are looked at.
        part("no other labels");
    }
    if step.content == PageKind::BlogPost {
        part("blog post");
    }
    if !step.restrictions.declared().is_empty() {
        // Pages without any keep the fingerprint that they had before there were restrictions.
        part("restrictions");
        part(&step.restrictions.to_string());
    }
    if let Some(edition) = edition {
        part("lines of");
        part(edition);
    }
    part("properties");
    for (key, value) in &step.properties {
        part(key);
        part(&value.to_string());
    }
    hex(&hash.finalize(), 16)
}

pub(super) fn digest(steps: &[Step], minor_edit: bool) -> String {
    let mut hash = Sha256::new();
    hash.update([u8::from(minor_edit)]);
    for step in steps {
        let text = format!(
            "{:?}\u{0}{}\u{0}{}\u{0}{:?}\u{0}{:?}\u{0}{}\u{0}{:?}\u{0}{:?}\u{0}",
            step.kind,
            step.path,
            step.title,
            step.parent,
            step.page_id,
            step.message,
            step.marker,
            step.place
        );
        hash.update(text.as_bytes());
        hash.update(step.sent().sha256());
        if step.overwrites_files && !step.attachments.is_empty() {
            hash.update(b"files\0");
        }
        // What the marker does not stand for where an earlier one is restored.
        let earlier = |file: &&PlannedAttachment| matches!(file.made, Some(MadeOf::Version { .. }));
        for file in step.attachments.iter().filter(earlier) {
            hash.update(format!("{file:?}\u{0}").as_bytes());
        }
        if !step.takes_off.is_empty() {
            // The marker stands for what the page gets, and not for what it loses.
            hash.update(format!("{:?}\u{0}", step.takes_off).as_bytes());
        }
    }
    hex(&hash.finalize(), 64)
}
