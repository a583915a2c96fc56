//! What a file is to a reader of pages, by its name.

/// What a file is to a reader of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// Markdown.
    Markdown,
    /// AsciiDoc.
    AsciiDoc,
    /// A Jupyter notebook.
    Notebook,
    /// Values between separators, a row on each line.
    Values,
    /// Source code, or any other text, which is shown as it stands.
    Code,
}

impl SourceKind {
    /// What the name of a file says that it is.
    pub fn of_path(path: &str) -> Self {
        match ending(path).as_deref() {
            Some("md" | "markdown" | "mdown" | "mkd" | "mdx") => Self::Markdown,
            Some("adoc" | "asciidoc" | "asc") => Self::AsciiDoc,
            Some("ipynb") => Self::Notebook,
            Some("csv" | "tsv") => Self::Values,
            _ => Self::Code,
        }
    }

    /// Whether such files are written to be read as pages. Others become pages only when somebody
    /// names them.
    pub fn is_documentation(self) -> bool {
        matches!(self, Self::Markdown | Self::AsciiDoc | Self::Notebook)
    }
}

/// Whether a file is written to become a page by itself. AsciiDoc files whose name begins with an
/// underscore are parts that others take in, by a convention that its publishers share.
pub fn is_page(path: &str) -> bool {
    let kind = SourceKind::of_path(path);
    let name = path.rsplit('/').next().unwrap_or(path);
    kind.is_documentation() && !(kind == SourceKind::AsciiDoc && name.starts_with('_'))
}

/// What stands behind the last dot of a file's name, in lower case.
pub(super) fn ending(path: &str) -> Option<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (before, ending) = name.rsplit_once('.')?;
    (!before.is_empty()).then(|| ending.to_ascii_lowercase())
}
