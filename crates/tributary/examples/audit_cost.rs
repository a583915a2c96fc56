//! Measures what a record costs: `cargo run --release -p tributary --example audit_cost`.

use std::time::Instant;

use tributary::audit::{Audit, Clock, Event, PageEffect, PageName, What};
use tributary::store::Paths;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    const RECORDS: u32 = 2000;
    let home = tempfile::tempdir_in(".")?;
    let page = |number: u32| {
        Event::new(What::Page {
            effect: PageEffect::Update,
            page: PageName {
                host: "acme.atlassian.net".to_owned(),
                id: Some(number.to_string()),
                space: "DOCS".to_owned(),
                title: format!("Page {number}"),
                source: format!("docs/page-{number}.md"),
            },
            before: Some(1),
            after: Some(2),
            attachments: 0,
        })
    };
    let audit = Audit::open(&Paths::below(home.path()), None, Clock::of_system());
    audit.record(page(0))?;
    let begun = Instant::now();
    for number in 0..RECORDS {
        audit.record(page(number))?;
    }
    println!("a record: {:?}", begun.elapsed() / RECORDS);
    let begun = Instant::now();
    for number in 0..200 {
        audit.record(page(number))?;
        audit.sync()?;
    }
    println!(
        "a record that waits for the disk: {:?}",
        begun.elapsed() / 200
    );
    let begun = Instant::now();
    let found = audit.verify()?;
    println!("verifying {} records: {:?}", found.records, begun.elapsed());
    Ok(())
}
