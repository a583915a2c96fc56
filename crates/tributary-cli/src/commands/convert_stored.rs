//! `tributary convert --from storage` and `--from adf`: pages as Confluence stores them, to any
//! format.

use std::collections::{BTreeMap, BTreeSet};

use tributary::store::read_if_there;
use tributary::{Error, ErrorKind};
use tributary_pages::markup::{
    AdfOptions, AdfPage, Flavor, HtmlOptions, StorageOptions, StoredPictures, read_storage,
    read_to_rewrite, read_to_rewrite_as_adf, storage_text, write_adf, write_html,
    write_markdown_of_page, write_storage,
};

use super::convert::Page;
use super::convert_options::{Format, Options, Source};
use crate::output::{Exit, Output};

/// Converts every file that is named, by its name; says whether some were left out because of
/// their problems.
pub(super) fn convert_stored(
    options: &Options,
    output: &Output,
) -> Result<(BTreeMap<String, Page>, Exit), Error> {
    let mut converted = BTreeMap::new();
    let mut exit = Exit::Done;
    for path in &options.paths {
        let shown = path.display().to_string();
        let refuse =
            |reason: &str| Error::new(ErrorKind::InvalidInput, format!("`{shown}` {reason}"));
        if path.is_dir() {
            return Err(refuse("is a folder").remedy("Name the files that hold pages"));
        }
        let Some(bytes) = read_if_there(path)? else {
            return Err(refuse("does not exist").remedy("Check the path"));
        };
        let Ok(page) = String::from_utf8(bytes) else {
            return Err(refuse("is not UTF-8 text").remedy("Name a page as Confluence stores it"));
        };
        let read = match (options.from, options.to) {
            (Source::Adf, Format::Storage | Format::Text) => AdfPage::to_store(&page),
            (Source::Adf, _) => AdfPage::of(&page),
            _ => None,
        };
        if options.from == Source::Adf && read.is_none() {
            return Err(refuse("is no page in the Atlassian Document Format")
                .remedy("Name a file with the JSON of `body.atlas_doc_format`"));
        }
        // Diagrams and formulas stay the pictures that they are on the page, unless the format has a
        // form for what they were drawn of.
        let document = match (&read, options.to) {
            (Some(read), Format::Storage) => read.read_to_rewrite(),
            (Some(read), Format::Adf) => read.read_to_rewrite_as_adf(),
            (Some(read), _) => read.read(),
            (None, Format::Storage) => read_to_rewrite(&page),
            (None, Format::Adf) => read_to_rewrite_as_adf(&page),
            (None, _) => read_storage(&page),
        };
        let page = read.map_or(page, |read| read.storage);
        let resolve = StoredPictures::of(&page);
        let (content, problems) = match options.to {
            Format::Markdown => (write_markdown_of_page(&document), Vec::new()),
            Format::Text => (storage_text(&page), Vec::new()),
            Format::Html => {
                let options = HtmlOptions { omit_title: false };
                let body = write_html(&document, &options, &resolve);
                (body.content, body.problems)
            }
            Format::Adf => {
                let anchors: BTreeSet<String> = document.anchors.iter().cloned().collect();
                let options = AdfOptions {
                    omit_title: false,
                    anchors: Some(&anchors),
                };
                let body = write_adf(&document, &options, &resolve);
                (body.content, body.problems)
            }
            Format::Storage => {
                let anchors: BTreeSet<String> = document.anchors.iter().cloned().collect();
                let options = StorageOptions {
                    flavor: options.flavor.flavor().unwrap_or(Flavor::Cloud),
                    omit_title: false,
                    anchors: Some(&anchors),
                };
                let body = write_storage(&document, &options, &resolve);
                (body.content, body.problems)
            }
        };
        output.problems(&shown, &document.problems);
        output.problems(&shown, &problems);
        let problems = document.problems.into_iter().chain(problems).collect();
        let page = Page::of(content, problems, options);
        if page.content.is_none() {
            exit = Exit::Attention;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if converted.insert(name.into_owned(), page).is_some() {
            return Err(refuse("has the name of another file")
                .remedy("Convert files of one name into different folders"));
        }
    }
    Ok((converted, exit))
}
