//! What is chosen and planned from the list of what was published: from one place and from several,
//! with links that lead nowhere, and publications that are not on their pages as a whole.

use super::publish::{TO_UPDATE, WITH_FAILURES};
use super::{OFFLINE, Tour, journey};

/// What is listed, which later answers are about.
const LISTED: &str = "async (truly) => (window.listed = await truly())";

/// The first two pages are behind, and the second of them was published from `BRANCH`.
const BEHIND: &str = "async (truly) => { \
    const [one, other] = window.listed.pages; \
    const branches = new Map([[one.id, null], [other.id, BRANCH]]); \
    return (await truly()).map((found) => branches.has(found.pageId) ? {...found, kind: 'behind', commits: 2, branch: branches.get(found.pageId)} : found); \
    }";

/// Two of the links that were looked at lead nowhere, each of another page.
const NOWHERE: &str = "async (truly) => { \
    const found = await truly(); \
    const [one, other] = window.listed.pages; \
    const reason = 'no page of the space is called so'; \
    const broken = [{pageId: one.id, target: 'The page before', reason}, {pageId: other.id, target: 'Nobody wrote this', reason}]; \
    return {...found, broken: [...found.broken, ...broken]}; \
    }";

/// A publication of a site that stays, which is published by itself and was not as a whole.
const LEFT: &str = "async (truly) => { \
    const now = await truly(); \
    const left = {inSandbox: false, siteUrl: now.sandbox.url, isPinned: true, isKeptUp: true, trouble: '2 pages were edited on Confluence'}; \
    return {...now, publications: now.publications.map((one) => ({...one, ...left}))}; \
    }";

impl Tour<'_> {
    /// Lists what was published, of which two pages are behind: one of them of a branch, as a script
    /// has it.
    async fn behind(&self, branch: &str) {
        self.answer("list_published", LISTED).await;
        self.answer("compare_published", &BEHIND.replace("BRANCH", branch))
            .await;
        self.press("publications-button").await;
        self.window
            .find_css("[data-testid='plan-behind'][data-whole]")
            .await;
    }

    /// Pages that are chosen, planned and published together.
    async fn planned(&self) {
        self.behind("null").await;
        self.press("select-behind").await;
        self.until_there("published-chosen").await;
        self.state("publications-selected").await;
        self.answer("plan_publication", "'never'").await;
        self.press("plan-behind").await;
        self.window.find_css("[role='progressbar'], progress").await;
        self.state("republish-loading").await;
        // What never comes is not waited for by a page that begins anew.
        self.again().await;

        self.behind("null").await;
        self.answer("plan_publication", TO_UPDATE).await;
        self.press("plan-behind").await;
        self.until_there("plan-step").await;
        self.state("republish").await;
        self.answer("apply_plan", WITH_FAILURES).await;
        self.press("republish-publish").await;
        self.until_there("report-row").await;
        self.state("republish-report").await;
        self.press("publications-close").await;

        self.behind("'release'").await;
        let one_is_away = format!(
            "async (truly, {{part}}) => {{ if (part.branch !== null) throw {OFFLINE}; return ({TO_UPDATE})(truly); }}"
        );
        self.answer("plan_publication", &one_is_away).await;
        self.press("plan-behind").await;
        self.until_there("plan-step").await;
        self.window
            .until_script(
                "return document.querySelectorAll(\"[data-testid='plan-part']\").length === 2",
            )
            .await;
        self.state("republish-several").await;
        self.window
            .click("[data-testid='plan-part']:last-child")
            .await;
        self.until_there("error").await;
        self.state("republish-several-offline").await;
        self.press("publications-close").await;
    }

    /// Links that lead nowhere, in the list and below it.
    async fn nowhere(&self) {
        self.answer("list_published", LISTED).await;
        self.answer("check_links", NOWHERE).await;
        self.press("publications-button").await;
        self.press("check-links").await;
        self.until_there("published-broken").await;
        self.state("publications-links").await;
        self.press("publications-close").await;
    }

    /// What is left of a publication, on the start screen and in the list.
    async fn left(&self, folder: &str) {
        self.press("open-another").await;
        self.answer("start_state", LEFT).await;
        self.to_start(folder).await;
        self.until_there("home-trouble").await;
        self.window
            .find_css("[data-testid='home-keep-up'][aria-pressed='true']")
            .await;
        self.state("home-left").await;
        self.press("publications-button").await;
        self.until_there("published-left").await;
        self.window
            .find_css("[data-testid='published-row'][data-state='current']")
            .await;
        self.state("publications-left").await;
    }
}

#[test]
fn what_is_planned_from_publications_is_drawn_and_accessible() {
    journey(
        "states::published::what_is_planned_from_publications_is_drawn_and_accessible",
        async |tour, folder| {
            tour.publish_to_the_sandbox(folder).await;
            tour.planned().await;
            tour.answer_truly().await;
            tour.nowhere().await;
            tour.answer_truly().await;
            tour.left(folder).await;
        },
    );
}
