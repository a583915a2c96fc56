//! The two body formats of a page: what is accepted, and what a reader sees.
//!
//! Owns the check of storage format and of ADF, as strict as the real server or stricter, and the
//! drawing of both to safe HTML. Knows nothing of pages, spaces or HTTP: whoever draws a body says
//! through [`Links`] what its links lead to. Written without a look at the client's own writer.

mod adf;
mod convert;
mod draw;
mod draw_adf;
mod draw_storage;
mod html;
mod macros;
mod outline;
mod rules;
mod xml;

use serde_json::Value;

pub(crate) use html::escape;
pub(crate) use macros::readable_size;

/// Says whether a text is storage format that a page may have.
///
/// # Errors
/// The message a client gets, in the words and with the row and column of the real server.
pub fn check_storage(body: &str) -> Result<(), String> {
    let checked = xml::parse(body).and_then(|nodes| rules::check(&nodes));
    checked.map_err(|fault| {
        format!(
            "Error parsing xhtml: {}\n at [row,col {{unknown-source}}]: [{},{}]",
            fault.message, fault.at.row, fault.at.column
        )
    })
}

/// Says whether a document is valid in the Atlassian Document Format.
///
/// # Errors
/// Where the document departs from the official schema, as a JSON pointer, and why.
pub fn check_adf(document: &Value) -> Result<(), String> {
    adf::check(document)
}

/// Draws storage format as the HTML a reader sees; nothing in it can run.
pub fn render_storage(body: &str, links: &dyn Links) -> String {
    draw::draw(Body::Storage(body), links, 0)
}

/// Draws an ADF document as the HTML a reader sees; nothing in it can run.
pub fn render_adf(document: &Value, links: &dyn Links) -> String {
    draw::draw(Body::Adf(document), links, 0)
}

/// The plain text of a storage body, as search and excerpts see it.
pub fn storage_text(body: &str) -> String {
    xml::parse(body)
        .map(|nodes| draw_storage::plain_text(&nodes))
        .unwrap_or_default()
}

/// Turns storage format into an ADF document; a body that is not well-formed becomes an empty one.
pub fn storage_to_adf(body: &str) -> Value {
    convert::to_adf(&xml::parse(body).unwrap_or_default())
}

/// Writes down at the media of an ADF document what the files are called whose ids they have.
pub fn name_media(document: &mut Value, name_of: &dyn Fn(&str) -> Option<String>) {
    convert::name_media(document, name_of);
}

/// Turns an ADF document into storage format.
pub fn adf_to_storage(document: &Value) -> String {
    convert::to_storage(document)
}

/// A page body in one of the two formats.
#[derive(Debug, Clone, Copy)]
pub enum Body<'a> {
    /// Storage format: XHTML with Confluence's own elements.
    Storage(&'a str),
    /// A document in the Atlassian Document Format.
    Adf(&'a Value),
}

/// Something a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// What a reader sees when the link brings no text of its own.
    pub title: String,
    /// The address, relative to the site or absolute.
    pub href: String,
}

/// A file of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The file name.
    pub name: String,
    /// Where the bytes are.
    pub href: String,
    /// The media type, such as `image/png`.
    pub media_type: String,
    /// The size in bytes.
    pub size: u64,
}

/// A page in a tree, with what stands below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// The page itself.
    pub page: Target,
    /// The pages directly below it.
    pub children: Vec<Branch>,
}

/// Another page whose body is drawn inside this one.
pub struct Included<'a> {
    /// Storage format; `None` when the page is ADF.
    pub storage: Option<String>,
    /// ADF; `None` when the page is in storage format.
    pub adf: Option<Value>,
    /// Where the page is.
    pub target: Target,
    /// What the links of the other page lead to.
    pub links: Box<dyn Links + 'a>,
}

/// What surrounds a body: the page it belongs to and everything it can point at.
pub trait Links {
    /// The title of the page the body belongs to.
    fn title(&self) -> String;
    /// A page by its title, in the named space or else in the page's own.
    fn page(&self, space: Option<&str>, title: &str) -> Option<Target>;
    /// A page, blog post or other content by its id.
    fn content(&self, id: &str) -> Option<Target>;
    /// A page by the address a reader would open; used to show its title for a bare address.
    fn page_at(&self, url: &str) -> Option<Target>;
    /// A space by its key.
    fn space(&self, key: &str) -> Option<Target>;
    /// A person's name by account id, user key or user name.
    fn user(&self, id: &str) -> Option<String>;
    /// A file of this page, or of the page named by `owner` (space key, title).
    fn attachment(&self, owner: Option<(Option<&str>, &str)>, name: &str) -> Option<File>;
    /// A file by the id that ADF media carry.
    fn media(&self, file_id: &str) -> Option<File>;
    /// All files of this page.
    fn attachments(&self) -> Vec<File>;
    /// The pages below this one, or below the one named by `of` (space key, title).
    fn children(&self, of: Option<(Option<&str>, &str)>) -> Vec<Branch>;
    /// Another page's body, to be drawn inside this one.
    fn include(&self, space: Option<&str>, title: &str) -> Option<Included<'_>>;
}
