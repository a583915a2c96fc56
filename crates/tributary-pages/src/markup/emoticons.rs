//! The emoticons of Confluence's editor of before: the names that storage format has for them, and
//! what the editor of Cloud calls the same pictures.
//!
//! Some of them are in Unicode. The others are Atlassian's own pictures, which a reader of anything
//! but Confluence sees as the nearest sign of Unicode.

/// An emoticon.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Emoticon {
    /// Its name in storage format.
    pub(super) name: &'static str,
    /// Its short name in Cloud, without the colons.
    short: &'static str,
    /// Its id in Cloud.
    pub(super) id: &'static str,
    /// The sign of Unicode that looks like it.
    pub(super) sign: &'static str,
}

const EMOTICONS: [Emoticon; 22] = [
    of("smile", "slight_smile", "1f642", "\u{1f642}"),
    of("sad", "disappointed", "1f61e", "\u{1f61e}"),
    of("cheeky", "stuck_out_tongue", "1f61b", "\u{1f61b}"),
    of("laugh", "smiley", "1f603", "\u{1f603}"),
    of("wink", "wink", "1f609", "\u{1f609}"),
    of("thumbs-up", "thumbsup", "1f44d", "\u{1f44d}"),
    of("thumbs-down", "thumbsdown", "1f44e", "\u{1f44e}"),
    of("information", "info", "atlassian-info", "\u{2139}\u{fe0f}"),
    of("tick", "check_mark", "atlassian-check_mark", "\u{2705}"),
    of("cross", "cross_mark", "atlassian-cross_mark", "\u{274c}"),
    of(
        "warning",
        "warning",
        "atlassian-warning",
        "\u{26a0}\u{fe0f}",
    ),
    of("plus", "plus", "atlassian-plus", "\u{2795}"),
    of("minus", "minus", "atlassian-minus", "\u{2796}"),
    of(
        "question",
        "question_mark",
        "atlassian-question_mark",
        "\u{2753}",
    ),
    of(
        "light-on",
        "light_bulb_on",
        "atlassian-light_bulb_on",
        "\u{1f4a1}",
    ),
    of(
        "light-off",
        "light_bulb_off",
        "atlassian-light_bulb_off",
        "\u{1f4a1}",
    ),
    of(
        "yellow-star",
        "yellow_star",
        "atlassian-yellow_star",
        "\u{2b50}",
    ),
    of("red-star", "red_star", "atlassian-red_star", "\u{2b50}"),
    of(
        "green-star",
        "green_star",
        "atlassian-green_star",
        "\u{2b50}",
    ),
    of("blue-star", "blue_star", "atlassian-blue_star", "\u{2b50}"),
    of("heart", "heart", "2764", "\u{2764}\u{fe0f}"),
    of("broken-heart", "broken_heart", "1f494", "\u{1f494}"),
];

const fn of(
    name: &'static str,
    short: &'static str,
    id: &'static str,
    sign: &'static str,
) -> Emoticon {
    Emoticon {
        name,
        short,
        id,
        sign,
    }
}

impl Emoticon {
    /// The one that storage format calls so; none where what Cloud calls it says that it is another,
    /// for which the name stands because the editor of before has none.
    pub(super) fn of(name: &str, short: Option<&str>, id: Option<&str>) -> Option<&'static Self> {
        EMOTICONS.iter().find(|known| {
            known.name == name
                && short.is_none_or(|short| short == known.short_name())
                && id.is_none_or(|id| id == known.id)
        })
    }

    /// The one that Cloud knows by an id.
    pub(super) fn of_id(id: &str) -> Option<&'static Self> {
        EMOTICONS.iter().find(|known| known.id == id)
    }

    /// Its short name in Cloud.
    pub(super) fn short_name(&self) -> String {
        format!(":{}:", self.short)
    }

    /// Whether it is a picture of Atlassian's own, which Unicode has no sign for.
    pub(super) fn is_own(&self) -> bool {
        self.id.starts_with("atlassian-")
    }
}
