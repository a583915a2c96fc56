//! What is asked about pages one by one.
//!
//! Taking back what wrote a thousand pages asks thousands of times, so a server that fails now and then fails
//! at some of them. Those are asked for once more when everything else is known, and a page that cannot be
//! read even then is left by itself: all that was read of the others is of use.

use std::collections::BTreeMap;

use futures_util::{StreamExt, stream};

use crate::Sentence;
use crate::error::Error;

/// Failures one after the other, after which nothing more is asked: the server is gone, or takes the access
/// no more.
const PATIENCE: usize = 5;

/// Asks once more where the first time failed, for what nothing can be planned without.
///
/// # Errors
/// That of the second time.
pub(super) async fn twice<T, F>(ask: impl Fn() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    match ask().await {
        Ok(told) => Ok(told),
        Err(_) => ask().await,
    }
}

/// Asks about pages, a few at once.
pub(super) struct Asking {
    concurrency: usize,
    /// Whether the server told anything yet.
    was_told: bool,
    /// Why pages could not be read, by their ids.
    pub(super) unread: BTreeMap<String, Sentence>,
}

impl Asking {
    pub(super) fn new(concurrency: usize) -> Self {
        Self {
            concurrency: concurrency.max(1),
            was_told: false,
            unread: BTreeMap::new(),
        }
    }

    /// Asks something about each of some pages, by what is named beside it. A page that could not be read is
    /// noted as that, and one that is noted already is not asked for.
    ///
    /// # Errors
    /// The last failure, when the server fails so many times in a row, or told nothing at all so far.
    pub(super) async fn each<A, T, F>(
        &mut self,
        asked: Vec<(String, A)>,
        ask: impl Fn(String, A) -> F,
    ) -> Result<Vec<(String, A, T)>, Error>
    where
        A: Clone,
        F: Future<Output = Result<T, Error>>,
    {
        let mut told = Vec::new();
        let mut left: Vec<(String, A)> = asked
            .into_iter()
            .filter(|(page, _)| !self.unread.contains_key(page))
            .collect();
        let mut failures = Vec::new();
        for _ in 0..2 {
            failures.clear();
            let mut in_a_row = 0;
            let asking: Vec<_> = std::mem::take(&mut left)
                .into_iter()
                .map(|(page, what)| {
                    let answer = ask(page.clone(), what.clone());
                    async move { (page, what, answer.await) }
                })
                .collect();
            let mut answers = stream::iter(asking).buffer_unordered(self.concurrency);
            while let Some((page, what, answer)) = answers.next().await {
                match answer {
                    Ok(answer) => {
                        in_a_row = 0;
                        told.push((page, what, answer));
                    }
                    Err(error) => {
                        in_a_row += 1;
                        if in_a_row == PATIENCE {
                            return Err(error);
                        }
                        left.push((page.clone(), what));
                        failures.push((page, error));
                    }
                }
            }
        }
        self.was_told |= !told.is_empty();
        if !self.was_told
            && let Some((_, error)) = failures.pop()
        {
            return Err(error);
        }
        let reasons = failures.into_iter();
        let reasons = reasons.map(|(page, error)| (page, error.sentence_of_chain()));
        self.unread.extend(reasons);
        Ok(told)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::{Asking, PATIENCE, twice};
    use crate::error::{Error, ErrorKind};

    fn pages(count: usize) -> Vec<(String, ())> {
        (0..count).map(|page| (page.to_string(), ())).collect()
    }

    fn failure() -> Error {
        Error::new(ErrorKind::Offline, "It broke off")
    }

    #[tokio::test]
    async fn what_failed_is_asked_once_more_and_a_page_that_fails_twice_is_left() {
        let count = Cell::new(0);
        let ask = |page: String, ()| {
            count.set(count.get() + 1);
            // The third fails always, and the fifth the first time.
            let fails = page == "3" || page == "5" && count.get() <= 10;
            async move {
                match fails {
                    true => Err(failure()),
                    false => Ok(page),
                }
            }
        };
        let mut asking = Asking::new(1);
        let told = asking.each(pages(10), ask).await.expect("most of it");
        assert_eq!(told.len(), 9);
        assert_eq!(count.get(), 12);
        assert_eq!(asking.unread.keys().collect::<Vec<_>>(), ["3"]);
        assert_eq!(asking.unread["3"].as_str(), "It broke off");

        // Nothing more is asked about that page.
        let all = |page: String, ()| async move { Ok::<_, Error>(page) };
        let told = asking.each(pages(10), all).await.expect("the rest");
        assert!(told.iter().all(|(page, ..)| page != "3"), "{told:?}");
        assert_eq!(told.len(), 9);

        // A question that fails for the only page that it is of ends nothing, once others were answered.
        let none = |_: String, ()| async move { Err::<(), Error>(failure()) };
        let told = asking.each(pages(1), none).await.expect("nothing");
        assert!(told.is_empty());
        assert_eq!(asking.unread.len(), 2);
    }

    #[tokio::test]
    async fn what_is_asked_twice_fails_where_both_fail() {
        let count = &Cell::new(0);
        let from = |first: i32| {
            move || async move {
                count.set(count.get() + 1);
                match count.get() < first {
                    true => Err(failure()),
                    false => Ok(count.get()),
                }
            }
        };
        for (first, expected, asked) in [(1, Some(1), 1), (2, Some(2), 2), (3, None, 2)] {
            count.set(0);
            assert_eq!(twice(from(first)).await.ok(), expected);
            assert_eq!(count.get(), asked, "{first}");
        }
    }

    #[tokio::test]
    async fn a_server_that_is_gone_is_not_asked_about_every_page() {
        let count = &Cell::new(0);
        let ask = move |_: String, ()| async move {
            count.set(count.get() + 1);
            Err::<(), Error>(failure())
        };
        let mut asking = Asking::new(1);
        assert!(asking.each(pages(100), ask).await.is_err());
        assert_eq!(count.get(), PATIENCE);
        // Fewer questions are all that could be asked.
        assert!(asking.each(pages(2), ask).await.is_err());
        assert!(
            asking.unread.is_empty(),
            "it is the server's, and no page's"
        );
        let told = asking.each(pages(0), ask).await.expect("nothing");
        assert!(told.is_empty());
    }
}
