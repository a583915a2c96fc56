//! What the product reads of people, machines and servers: addresses, settings, files to be shown,
//! repositories, and the answers of Git hosts.

#![no_main]

mod answers;
#[path = "../common.rs"]
mod common;
mod machine;
mod noted;
mod repositories;
mod repository_files;
mod servers;
mod targets;
mod vectors;

// The hosts of the tests, which answer as the vendors' documents say.
#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../../../../crates/tributary/tests/hosts/fake.rs"]
mod fake;
#[expect(dead_code, unused_imports, reason = "without the tests in it")]
#[path = "../../../../crates/tributary/tests/hosts/hosted.rs"]
mod hosted;
#[expect(dead_code, unused_imports, reason = "without the tests in it")]
#[path = "../../../../crates/tributary/tests/hosts/local.rs"]
mod local;
#[expect(dead_code, unused_imports, reason = "without the tests in it")]
#[path = "../../../../crates/tributary/tests/hosts/remote.rs"]
mod remote;
#[path = "../../../../crates/tributary/tests/hosts/server.rs"]
mod server;

libfuzzer_sys::fuzz_target!(
    init: common::begin(&[
        &targets::TARGETS,
        &noted::TARGETS,
        &repository_files::TARGETS,
        &vectors::TARGETS,
    ]),
    |bytes: &[u8]| {
        common::run(bytes);
    }
);
