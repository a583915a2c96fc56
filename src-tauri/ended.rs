//! What became of publishes, for the tray, for notifications and for the window to tell.

use tributary::publish::{OutcomeKind, PublishReport};
use tributary::settings::Publication;
use tributary::{Error, Sentence};

use crate::words::Spoken;

/// What a publication is called: the name of what it is made from, and the space it goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    name: String,
    space: String,
}

impl Named {
    pub(crate) fn of(publication: &Publication) -> Self {
        Self {
            name: publication.from.name().to_owned(),
            space: publication.space.clone(),
        }
    }

    /// One without a publication, for tests of what is said of it.
    #[cfg(test)]
    pub(crate) fn called(name: &str, space: &str) -> Self {
        Self {
            name: name.to_owned(),
            space: space.to_owned(),
        }
    }

    pub(crate) fn in_words(&self, spoken: Spoken) -> String {
        let given = [
            ("name", self.name.as_str().into()),
            ("space", self.space.as_str().into()),
        ];
        spoken.say_of("tray-recent-one", given)
    }
}

/// How many pages a publish wrote, and about how many somebody has to do something.
pub(crate) fn counts(report: &PublishReport) -> (usize, usize) {
    let written = report.count(OutcomeKind::Created)
        + report.count(OutcomeKind::Updated)
        + report.count(OutcomeKind::Moved);
    let outcomes = report.outcomes.iter();
    let attention = outcomes.filter(|page| page.kind.needs_attention()).count();
    (written, attention)
}

/// Why a publication is not on its pages as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It did not work.
    Failed(Sentence),
    /// So many pages were left, for somebody to decide or because they did not work.
    Left(usize),
}

impl Trouble {
    /// What of a publish that came to its end is left.
    pub(crate) fn of_report(report: &PublishReport) -> Option<Self> {
        let (_, left) = counts(report);
        (left > 0).then_some(Self::Left(left))
    }

    pub(crate) fn of_error(error: &Error) -> Self {
        Self::Failed(error.sentence().clone())
    }

    pub(crate) fn in_words(&self, spoken: Spoken) -> String {
        match self {
            Self::Failed(why) => spoken.tell(why),
            Self::Left(count) => spoken.say_of("notice-left", [("left", (*count).into())]),
        }
    }
}

/// A publish that ended, one way or the other.
pub(crate) struct Ended {
    pub(crate) publication: Publication,
    pub(crate) became: Result<PublishReport, Error>,
}

impl Ended {
    pub(crate) fn trouble(&self) -> Option<Trouble> {
        match &self.became {
            Ok(report) => Trouble::of_report(report),
            Err(error) => Some(Trouble::of_error(error)),
        }
    }
}

/// What became of several publications that were published one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sum {
    /// The pages that were written.
    pub(crate) written: usize,
    /// The publications that are not on their pages as a whole, and why.
    pub(crate) troubled: Vec<(Named, Trouble)>,
}

impl Sum {
    pub(crate) fn of(all: &[Ended]) -> Self {
        let reports = all.iter().filter_map(|one| one.became.as_ref().ok());
        Self {
            written: reports.map(|report| counts(report).0).sum(),
            troubled: all
                .iter()
                .filter_map(|one| Some((Named::of(&one.publication), one.trouble()?)))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use jiff::Timestamp;
    use tributary::ErrorKind;
    use tributary::http::Traffic;
    use tributary::publish::{Before, Outcome, Source};
    use tributary::settings::{Layer, PublishedFrom};
    use tributary_pages::markup::BodyFormat;

    use super::*;

    /// A publication of a folder to a space.
    fn publication(folder: &str, space: &str) -> Publication {
        Publication {
            from: PublishedFrom::Folder(folder.into()),
            paths: Vec::new(),
            site: "https://acme.atlassian.net/wiki"
                .parse()
                .expect("an address"),
            in_sandbox: false,
            space: space.to_owned(),
            parent: None,
            when: None,
            is_pinned: false,
            is_kept_up: false,
            titles: BTreeMap::new(),
            options: Layer::default(),
            page: None,
        }
    }

    /// A report in which pages ended in these ways.
    fn report(kinds: &[OutcomeKind]) -> PublishReport {
        let outcome = |kind: &OutcomeKind| Outcome {
            source: "a.md".to_owned(),
            title: "A".to_owned(),
            page_id: None,
            url: None,
            kind: *kind,
            version: None,
            uploaded: 0,
            kept: 0,
            restricted: false,
            before: Before::default(),
            format: BodyFormat::Storage,
            problems: Vec::new(),
            reason: None,
        };
        PublishReport {
            started: Timestamp::UNIX_EPOCH,
            planned_in: Duration::ZERO,
            finished: Timestamp::UNIX_EPOCH,
            site: String::new(),
            space: String::new(),
            source: Source::default(),
            outcomes: kinds.iter().map(outcome).collect(),
            traffic: Traffic::default(),
            cancelled: false,
            stopped_by: None,
            links: None,
            kept: None,
        }
    }

    #[test]
    fn what_went_wrong_before_is_not_hidden_by_what_went_well_afterwards() {
        let away = Error::new(ErrorKind::Offline, "`acme.com` could not be reached");
        let ended = |space: &str, became: Result<PublishReport, Error>| Ended {
            publication: publication("/home/ada/handbook", space),
            became,
        };
        let all = [
            ended("DOCS", Err(away)),
            ended(
                "TEAM",
                Ok(report(&[OutcomeKind::Updated, OutcomeKind::Conflict])),
            ),
            ended("OPS", Ok(report(&[OutcomeKind::Created]))),
        ];
        let sum = Sum::of(&all);
        assert_eq!(sum.written, 2);
        let said: Vec<String> = sum
            .troubled
            .iter()
            .map(|(named, trouble)| {
                let spoken = Spoken::English;
                format!("{}: {}", named.in_words(spoken), trouble.in_words(spoken))
            })
            .collect();
        assert_eq!(
            said,
            [
                "handbook to DOCS: `acme.com` could not be reached",
                "handbook to TEAM: 1 page left"
            ]
        );
        assert!(Sum::of(&all[2..]).troubled.is_empty());
    }
}
