//! Files that will be attached are never in memory as a whole, measured by an allocator of this program
//! alone.
//!
//! One test only: others would be measured with it.

use std::io::{BufWriter, Write};
use std::path::Path;

use peak_alloc::PeakAlloc;
use tributary::publish::{PublishRequest, sources};
use tributary_pages::plan::PlanSettings;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

#[expect(clippy::disallowed_methods, reason = "tests write plain files")]
fn write(path: &Path, megabytes: usize) {
    let file = std::fs::File::create(path).expect("a file");
    let mut file = BufWriter::new(file);
    for part in 0..megabytes {
        let bytes = vec![u8::try_from(part % 251).expect("a byte"); 1_000_000];
        file.write_all(&bytes).expect("it is written");
    }
    file.flush().expect("it is written");
}

fn request(folder: &Path) -> PublishRequest {
    PublishRequest {
        paths: vec![folder.to_path_buf()],
        space: "DOCS".to_owned(),
        parent: None,
        include: Vec::new(),
        exclude: Vec::new(),
        settings: PlanSettings::default(),
        concurrency: 8,
        verify: false,
    }
}

#[test]
fn files_that_will_be_attached_are_hashed_part_by_part() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = folder.path().join("a.md");
    #[expect(clippy::disallowed_methods, reason = "tests write plain files")]
    std::fs::write(&text, "# Alpha\n\n[Film](film.bin)\n").expect("a file");
    let mut peaks = Vec::new();
    for megabytes in [1, 90] {
        write(&folder.path().join("film.bin"), megabytes);
        let before = ALLOCATED.current_usage();
        ALLOCATED.reset_peak_usage();
        let gathered = sources(&request(folder.path())).expect("it is read");
        peaks.push(ALLOCATED.peak_usage() - before);
        let asset = gathered
            .sources
            .files
            .get("film.bin")
            .and_then(|file| file.asset.clone());
        assert_eq!(
            asset.expect("it is attached").size,
            megabytes as u64 * 1_000_000
        );
    }
    assert!(
        peaks[1] < 16_000_000,
        "{peaks:?} bytes were held for 1 and 90 megabytes"
    );
}
