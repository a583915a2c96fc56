//! Who may read and edit a page goes back to what it was, as far as that shows nobody what they were not to
//! see.
//!
//! The versions that a publish wrote stay in the page's history. Where fewer people could read the page since
//! the publish, its text was written for these, so it stays theirs.

use std::collections::BTreeMap;

use tributary_pages::markup::{Access, Restrictions};

use crate::confluence::{Restricted, Subjects};
use crate::publish::before::Before;

use super::{Beside, Now, Page};

/// Who may read and edit pages, by their ids; those are missing of which the site does not tell it.
pub(super) type Allowed = BTreeMap<String, Restricted>;

impl Beside<'_> {
    /// Lets those read and edit the page who could before, unless somebody decided otherwise since.
    pub(super) fn give_access_back(&mut self, page: &Page, before: &Before, now: &Now<'_>) {
        let (Some(change), Some(is)) = (&before.restrictions, now.restricted) else {
            if page.restricted {
                self.access_stays();
            }
            return;
        };
        let mut back = Restrictions::default();
        for operation in ["read", "update"] {
            let (was, since) = (change.was.get(operation), change.is.get(operation));
            let is = is.get(operation);
            if was == since || is == was {
                continue;
            }
            if is != since {
                self.stay(
                    "undo.restrictions",
                    sentence!("who may read or edit the page stays: somebody changed it since"),
                );
                continue;
            }
            let access = match was {
                Some(was) => Access::Only {
                    users: was.users.clone(),
                    groups: was.groups.clone(),
                },
                None => Access::Everybody,
            };
            match operation {
                "read" if !are_among(was, since) => self.stay(
                    "undo.restrictions",
                    sentence!(
                        "who may read the page stays as the publish set it: what it wrote for \
                         fewer people is in the page's history"
                    ),
                ),
                "read" => back.read = Some(access),
                _ => back.edit = Some(access),
            }
        }
        self.restrictions = back;
    }

    /// What a report says without saying how it was.
    pub(super) fn access_stays(&mut self) {
        self.stay(
            "undo.restrictions",
            sentence!("who may read and edit the page stays as the publish set it"),
        );
    }
}

/// Whether some are among others, where everybody is said by none.
fn are_among(some: Option<&Subjects>, others: Option<&Subjects>) -> bool {
    match (some, others) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(some), Some(others)) => {
            some.users.is_subset(&others.users) && some.groups.is_subset(&others.groups)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Subjects, are_among};

    #[test]
    fn everybody_is_among_nobody_else() {
        let only = |users: &[&str], groups: &[&str]| Subjects {
            users: users.iter().map(|name| (*name).to_owned()).collect(),
            groups: groups.iter().map(|name| (*name).to_owned()).collect(),
        };
        let (few, more) = (only(&["a"], &[]), only(&["a", "b"], &["c"]));
        let cases = [
            (Some(&few), None, true),
            (None, None, true),
            (None, Some(&more), false),
            (Some(&few), Some(&more), true),
            (Some(&more), Some(&few), false),
            (Some(&few), Some(&few), true),
        ];
        for (some, others, expected) in cases {
            assert_eq!(are_among(some, others), expected, "{some:?}, {others:?}");
        }
        // Who is in a group is not known.
        let group = only(&[], &["c"]);
        assert!(!are_among(Some(&few), Some(&group)));
    }
}
