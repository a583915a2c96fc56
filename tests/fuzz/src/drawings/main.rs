//! Diagrams, formulas, and pictures of other people.

#![no_main]

#[expect(dead_code, reason = "the other programs use more of it")]
#[path = "../common.rs"]
mod common;
mod targets;

libfuzzer_sys::fuzz_target!(
    init: common::begin(&[&targets::TARGETS]),
    |bytes: &[u8]| {
        common::run(bytes);
    }
);
