//! The sample repository: Tributary's own guide, so that a first publish shows something real.

use std::io;
use std::path::Path;

/// The name of the folder the sample goes by.
pub const NAME: &str = "tributary-guide";

macro_rules! sample {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_bytes!(concat!("../../../docs/guide/", $path)))),*]
    };
}

/// Path and contents of every file.
pub const FILES: &[(&str, &[u8])] = sample![
    "README.md",
    "command-line.md",
    "how-publishing-works.md",
    "images/flow.svg",
    "images/mark.png",
    "problems.md",
    "start/README.md",
    "start/connect.md",
    "start/links.md",
    "start/looks.md",
    "start/network.md",
    "start/first-publish.md",
    "start/language.md",
    "start/repositories.md",
    "write/README.md",
    "write/front-matter.md",
    "write/links-and-images.md",
    "write/markdown.md",
    "write/templates.md",
];

/// How many of them become pages.
pub fn documents() -> usize {
    let document = |(path, _): &&(&str, &[u8])| path.ends_with(".md");
    FILES.iter().filter(document).count()
}

/// Writes the sample into a folder, which is made when it is not there.
///
/// # Errors
/// When the folder or a file cannot be written.
pub fn write_to(folder: &Path) -> io::Result<()> {
    for (path, contents) in FILES {
        let target = folder.join(path);
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent)?;
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "this crate shares nothing with `store`"
        )]
        std::fs::write(&target, contents)?;
    }
    Ok(())
}
