//! Everything that becomes a page, and every page that is read back.

#![no_main]

#[path = "../common.rs"]
mod common;
mod holds;
mod returned;
mod targets;

libfuzzer_sys::fuzz_target!(
    init: common::begin(&[&targets::TARGETS, &returned::TARGETS]),
    |bytes: &[u8]| {
        common::run(bytes);
    }
);
