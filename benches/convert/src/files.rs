//! The files that converters are measured on.

use std::path::{Path, PathBuf};

/// The Markdown files below a folder that are texts, with what they say.
pub fn read(folder: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    find(Path::new(folder), &mut files);
    let text = |path: PathBuf| std::fs::read_to_string(&path).ok().map(|text| (path, text));
    files.into_iter().filter_map(text).collect()
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            find(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            files.push(path);
        }
    }
}
