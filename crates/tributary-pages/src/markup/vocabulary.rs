//! What stored pages call things: the names, styles and sizes by which what a writer writes is known
//! again by a reader, in both of Confluence's formats.

use super::document::Alignment;

/// What Cloud calls a list of decisions, and one of them; and the class that the list had before.
pub(super) const DECISION_LIST: &str = "decision-list";
pub(super) const DECISION_ITEM: &str = "decision-item";

/// The state of a decision. Others are none of its editor's.
pub(super) const DECIDED: &str = "DECIDED";

/// How many pixels wide a line of a page is. Storage format has no widths in per cent.
pub(super) const LINE_WIDTH: u32 = 760;

/// The style of marked text.
pub(super) const MARK: &str = "background-color: rgb(255,240,179);";

/// The line around a picture, as the editor draws it first.
pub(super) const BORDER_COLOR: &str = "#091e4224";
pub(super) const BORDER_SIZE: u64 = 2;

/// The macro in which a node is kept as it stands.
pub(super) const KEPT: &str = "tributary-adf";

/// The parameter in which it is, of a node of a line.
pub(super) const KEPT_NODE: &str = "node";

/// The extension type of Confluence's own macros.
pub(super) const MACROS: &str = "com.atlassian.confluence.macro.core";

/// The parameter in which a macro's body stands when it is text.
pub(super) const PLAIN_BODY: &str = "__bodyContent";

/// What the macro of a panel in colors of its own says, and what the node does.
pub(super) const CUSTOM_PANEL: [(&str, &str); 4] = [
    ("bgColor", "panelColor"),
    ("panelIcon", "panelIcon"),
    ("panelIconId", "panelIconId"),
    ("panelIconText", "panelIconText"),
];

/// The style of aligned text.
pub(super) fn alignment_style(alignment: Alignment) -> Option<&'static str> {
    match alignment {
        Alignment::None => None,
        Alignment::Left => Some("text-align: left;"),
        Alignment::Center => Some("text-align: center;"),
        Alignment::Right => Some("text-align: right;"),
    }
}

/// The anchor of a footnote.
pub(super) fn note_anchor(number: usize) -> String {
    format!("footnote-{number}")
}

/// The anchor of one of its mentions.
pub(super) fn mention_anchor(number: usize, mention: usize) -> String {
    format!("footnote-{number}-mention-{mention}")
}
