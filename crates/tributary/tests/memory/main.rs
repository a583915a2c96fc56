//! What is held in memory stays bounded, measured by an allocator of this program alone.
//!
//! One test only: others would be measured with it.

use bytes::Bytes;
use peak_alloc::PeakAlloc;
use tokio_util::sync::CancellationToken;
use tributary::preview::{HighlightTheme, Looks, Preview, Swept, Viewer};

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

#[test]
fn an_open_file_costs_little_more_than_itself() {
    let looks = Looks::built_in();
    // What a language costs once, and what the file does not.
    let see = |name: &str, text: &Bytes| {
        let viewer = Viewer::open(&looks, name, text);
        let swept = viewer.sweep(&CancellationToken::new(), |_| ());
        assert_eq!(swept, Swept::Whole);
        let Preview::Text(view) = viewer.rows(0..60, usize::MAX, HighlightTheme::Light) else {
            panic!("it is text");
        };
        assert!(!view.is_guessed);
        viewer
    };
    let lines = |line: &str, size: usize| Bytes::from(line.repeat(size / line.len()));
    for (name, line, size, most) in [
        // Ten megabytes as people write them, of lines that are almost nothing, and of one line.
        ("a.csv", "word, 12, \"text\"\n", 10_000_000, 4_000_000),
        ("a.txt", "\n", 10_000_000, 4_000_000),
        ("a.js", "x,", 10_000_000, 4_000_000),
        // What opens again and again, with a mark that each remembers.
        (
            "a.sh",
            "cat <<A && cat <<B && cat <<C\n",
            300_000,
            20_000_000,
        ),
        ("a.json", "[[[[[[[[[[[[[[[[[[[[\n", 300_000, 20_000_000),
    ] {
        drop(see(name, &lines(line, line.len() * 300)));
        let text = lines(line, size);
        let before = ALLOCATED.current_usage();
        ALLOCATED.reset_peak_usage();
        let viewer = see(name, &text);
        let peak = ALLOCATED.peak_usage() - before;
        assert!(
            peak < most,
            "{name} of {size} bytes took {peak} bytes beside itself"
        );
        drop(viewer);
    }
}
