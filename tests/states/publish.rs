//! Publishing in the states that a publish has which is under way, went wrong or has nothing to do, and
//! a site whose spaces and pages are read, are none or cannot be listed.

use super::{OFFLINE, READY, SIGNED_OUT, Tour, journey};
use crate::window::plan;

/// A publish that tells how far it is and never ends.
const UNDER_WAY: &str = "(_, {progress}) => { \
    const message = {phase: 'publishing', done: 7, total: 20, current: 'The command line'}; \
    window.__TAURI_INTERNALS__.runCallback(Number(progress.split(':')[1]), {index: 0, message}); \
    return new Promise(() => {}); \
    }";

/// What was published, but for one page that failed, one that somebody edited and one that was refused.
pub(super) const WITH_FAILURES: &str = "async (truly) => { \
    const report = await truly(); \
    const wrong = [ \
      {outcome: 'failed', version: null, reason: '`acme.atlassian.net` answered 500 three times'}, \
      {outcome: 'conflict', reason: 'Mara Lind edited the page after version 3'}, \
      {outcome: 'refused', url: null, version: null, reason: 'the space has a page of this title already'}, \
    ]; \
    const outcomes = report.outcomes.map((one, index) => index < wrong.length ? {...one, needsAttention: true, ...wrong[index]} : one); \
    return window.published = {...report, outcomes}; \
    }";

/// A plan with something to do, whatever there is to do.
pub(super) const TO_UPDATE: &str = "async (truly) => { \
    const plan = await truly(); \
    return {...plan, steps: plan.steps.map((step, index) => index < 4 ? {...step, kind: 'update'} : step)}; \
    }";

/// Two targets, to one of which nobody is signed in.
const TARGETS: &str = "() => { \
    const account = {user: 'ada', host: 'acme.atlassian.net', mode: 'individual', isOneOfSeveral: false}; \
    const inside = {name: 'inside', paths: ['docs'], site: 'wiki.acme.com', space: 'TEAM', parent: null, account, trouble: null}; \
    const outside = {...inside, name: 'outside', paths: ['public'], site: 'acme.atlassian.net/wiki', space: 'DOCS', account: null, trouble: SIGNED_OUT}; \
    return {targets: [inside, outside], trouble: null}; \
    }";

/// A publish that ended before it was through.
const STOPPED: &str = "() => { \
    const rest = {outcome: 'not_reached', needsAttention: true, version: null, reason: 'publishing ended before'}; \
    const outcomes = window.published.outcomes.map((one, index) => index === 1 ? {...one, outcome: 'updated', needsAttention: false, reason: null} : index > 1 && index < 6 ? {...one, ...rest} : one); \
    return {...window.published, outcomes, stoppedBy: '`acme.atlassian.net` could not be reached, so that publishing ended'}; \
    }";

impl Tour<'_> {
    /// Opens the place where it is chosen what is published where.
    async fn to_publish(&self, folder: &str) {
        self.open(folder).await;
        self.press("publish-tab").await;
    }

    /// A publish while it goes on and what it comes to.
    async fn publishes(&self) {
        let options = "document.querySelector(\"[data-testid='publish-options']\")";
        self.window
            .script(&format!(
                "{options}.open = true; {options}.scrollIntoView({{block: 'start'}})"
            ))
            .await;
        self.until_there("publish-option-verify").await;
        self.state("publish-options").await;
        self.window.script(&format!("{options}.open = false")).await;
        plan(self.window).await;
        self.answer("apply_plan", UNDER_WAY).await;
        self.press("publish-button").await;
        self.until_words("7 of 20").await;
        self.state("publishing").await;
        // What never comes is not waited for by a page that begins anew.
        self.again().await;
        self.press("publish-tab").await;
        self.window.until_script(READY).await;

        self.answer("apply_plan", WITH_FAILURES).await;
        plan(self.window).await;
        self.press("publish-button").await;
        for outcome in ["failed", "conflict", "refused"] {
            self.outcome(outcome).await;
        }
        self.state("report-failures").await;

        self.press("plan-button").await;
        self.until_words("Every page says what its source says.")
            .await;
        self.state("plan-nothing").await;

        self.answer("plan_publish", TO_UPDATE).await;
        self.answer("apply_plan", STOPPED).await;
        plan(self.window).await;
        self.press("publish-button").await;
        self.outcome("not_reached").await;
        self.until_words("so that publishing ended").await;
        self.state("report-stopped").await;

        self.answer("apply_plan", "'many'").await;
        plan(self.window).await;
        self.press("publish-button").await;
        self.outcome("updated").await;
        self.until_words("Page 9").await;
        self.state("report-many").await;
        let drawn = self
            .window
            .script("return document.querySelectorAll(\"[data-testid='report-row']\").length")
            .await;
        assert!(drawn.as_u64().is_some_and(|drawn| drawn < 200), "{drawn}");
    }

    /// Waits for a page that ended in a way.
    async fn outcome(&self, outcome: &str) {
        let row = format!("[data-testid='report-row'][data-outcome='{outcome}']");
        self.window.find_css(&row).await;
    }

    /// Where it can be published to, as it is asked for.
    async fn places(&self, folder: &str) {
        self.answer("list_spaces", "'never'").await;
        self.to_publish(folder).await;
        self.until_words("Reading the spaces…").await;
        self.state("publish-spaces-loading").await;
        self.press("open-another").await;
        for (name, error) in [("offline", OFFLINE), ("signed-out", SIGNED_OUT)] {
            self.answer("list_spaces", error).await;
            self.to_publish(folder).await;
            self.window.find_css("section .trouble").await;
            self.state(&format!("publish-spaces-{name}")).await;
            self.press("open-another").await;
        }
        self.answer("list_spaces", "() => []").await;
        self.to_publish(folder).await;
        self.until_words("This account sees no space of the site.")
            .await;
        self.state("publish-spaces-none").await;
        self.press("open-another").await;
        self.answer_truly().await;

        self.answer("list_pages", "'never'").await;
        self.to_publish(folder).await;
        self.window.until_script(READY).await;
        self.press("parent-select").await;
        self.until_words("Reading the pages…").await;
        self.state("publish-pages-loading").await;
        self.window.script("document.activeElement.blur()").await;
        self.press("open-another").await;
        self.answer("list_pages", OFFLINE).await;
        self.to_publish(folder).await;
        self.until_words("The pages could not be listed").await;
        self.state("publish-pages-offline").await;
        self.press("open-another").await;
        self.answer_truly().await;

        self.answer("list_targets", &TARGETS.replace("SIGNED_OUT", SIGNED_OUT))
            .await;
        self.to_publish(folder).await;
        self.until_there("target-trouble").await;
        self.state("targets").await;
    }
}

#[test]
fn what_a_publish_comes_to_is_drawn_and_accessible() {
    journey(
        "states::publish::what_a_publish_comes_to_is_drawn_and_accessible",
        async |tour, folder| {
            tour.to_publish(folder).await;
            tour.press("start-sandbox").await;
            tour.window.until_script(READY).await;
            tour.publishes().await;
        },
    );
}

#[test]
fn where_it_is_published_to_is_drawn_and_accessible_in_every_state() {
    journey(
        "states::publish::where_it_is_published_to_is_drawn_and_accessible_in_every_state",
        async |tour, folder| {
            tour.to_publish(folder).await;
            tour.press("start-sandbox").await;
            tour.window.until_script(READY).await;
            tour.press("open-another").await;
            tour.places(folder).await;
        },
    );
}
