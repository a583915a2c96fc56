//! Whether the links of published pages lead anywhere.

use tributary::links::{CheckedLinks, Links, check};
use tributary::published::list;
use tributary_sandbox::signin::Product;

use crate::{Journey, sample, write};

const BOTH: [Product; 2] = [Product::Cloud, Product::DataCenter];

pub(crate) async fn checked(journey: &Journey, which: Links) -> CheckedLinks {
    let space = journey.client.space("DOCS").await.expect("the space");
    let pages: Vec<String> = journey.pages().into_iter().map(|page| page.id).collect();
    check(&journey.client, &[space], &pages, which)
        .await
        .expect("an answer")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_link_of_the_sample_leads_somewhere_and_costs_no_request_of_its_own() {
    for product in BOTH {
        let (_keep, path) = sample();
        let journey = Journey::new(product).await;
        journey.publish(&path).await;
        let pages = journey.pages();
        let control = journey.sandbox.control();
        control.clear_requests();
        let found = checked(&journey, Links::Internal).await;
        assert_eq!(found.broken, [], "{product:?}");
        assert_eq!(found.pages, pages.len());
        assert!(found.checked > pages.len(), "{found:?}");
        // The space, its pages, their bodies, and the files of pages that show some.
        let with_files = pages.iter().filter(|page| !page.attachments.is_empty());
        let requests = u64::try_from(3 + with_files.count()).expect("few");
        assert_eq!(control.requests().len() as u64, requests);
        assert_eq!(
            found.traffic.total,
            requests - 1,
            "all but asking for the space"
        );
        assert!(control.writes().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_link_is_to_lead_to_and_is_not_there_is_named() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write(
            folder.path(),
            &[
                ("README.md", "# Handbook\n"),
                ("b.md", "# Über uns\n\n## The end\n"),
            ],
        );
        let journey = Journey::new(product).await;
        journey.publish(folder.path()).await;
        let control = journey.sandbox.control();
        let (page, other) = (journey.page("Handbook"), journey.page("Über uns"));
        let site = journey.client.site().to_owned();
        let gone = format!("{site}/pages/viewpage.action?pageId=999999");
        let links = [
            ("<ac:link><ri:page ri:content-title=\"über UNS\" /></ac:link>".to_owned(), None),
            (
                "<ac:link><ri:page ri:content-title=\"Nobody\" /></ac:link>".to_owned(),
                Some(("Nobody", "the space `DOCS` has no page `Nobody`")),
            ),
            ("<ac:link ac:anchor=\"The-end\"><ri:page ri:content-title=\"Über uns\" /></ac:link>".to_owned(), None),
            (
                "<ac:link ac:anchor=\"middle\"><ri:page ri:content-title=\"Über uns\" /></ac:link>".to_owned(),
                Some(("Über uns#middle", "the page `Über uns` has no anchor `middle`")),
            ),
            (
                "<a href=\"#nowhere\">x</a>".to_owned(),
                Some(("#nowhere", "the page `Handbook` has no anchor `nowhere`")),
            ),
            (
                "<ac:image><ri:attachment ri:filename=\"no.png\" /></ac:image>".to_owned(),
                Some(("no.png", "the page has no attachment `no.png`")),
            ),
            (format!("<a href=\"{site}/spaces/DOCS/pages/{}/Whatever#the-end\">x</a>", other.id), None),
            (
                format!("<a href=\"{gone}\">x</a>"),
                Some((gone.as_str(), "the site shows no page with the id 999999")),
            ),
            ("<a href=\"mailto:ada@example.com\">x</a>".to_owned(), None),
        ];
        let not_known = "<a href=\"https://example.com/\">x</a> <ac:link><ri:page \
             ri:space-key=\"TEAM\" ri:content-title=\"Nobody\" /></ac:link>";
        let body: String = links
            .iter()
            .map(|(link, _)| format!("<p>{link}</p>"))
            .collect();
        control
            .edit_page_by_hand(product, &page.id, &format!("{body}<p>{not_known}</p>"))
            .expect("the page is there");
        control.clear_requests();
        let found = checked(&journey, Links::Internal).await;
        let mut broken: Vec<(&str, &str)> = found
            .broken
            .iter()
            .map(|link| {
                assert_eq!(link.page_id, page.id);
                (link.target.as_str(), link.reason.as_str())
            })
            .collect();
        broken.sort_unstable();
        let mut expected: Vec<(&str, &str)> = links.iter().filter_map(|(_, told)| *told).collect();
        expected.sort_unstable();
        assert_eq!(broken, expected, "{product:?}");
        assert_eq!(found.not_checked, 2);
        assert_eq!(found.checked, 8, "a mail address is no link to look at");
        // Space, pages, bodies, the files of one page, and the one id that no listing has.
        assert_eq!(control.requests().len(), 5, "{:#?}", control.requests());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn blog_posts_are_looked_at_and_links_to_them_too() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let post = "---\ntype: blogpost\n---\n# Release 2\n\n[Handbook](README.md)\n";
        write(
            folder.path(),
            &[("README.md", "# Handbook\n"), ("two.md", post)],
        );
        let journey = Journey::new(product).await;
        let report = journey.publish(folder.path()).await;
        let id_of = |title: &str| {
            let ended = report.outcomes.iter().find(|ended| ended.title == title);
            ended
                .and_then(|ended| ended.page_id.clone())
                .expect("a page")
        };
        let (page, post) = (id_of("Handbook"), id_of("Release 2"));
        let space = journey.client.space("DOCS").await.expect("the space");
        let spaces = std::slice::from_ref(&space);
        let url = journey.client.blog_posts(&space).await.expect("posts")[0]
            .url
            .clone();
        let site = journey.client.site();
        let links = [
            (format!("<a href=\"{url}\">x</a>"), true),
            (
                format!("<a href=\"{site}/spaces/DOCS/blog/2026/01/31/{post}/R\">x</a>"),
                true,
            ),
            (
                format!("<a href=\"{site}/display/DOCS/2026/01/31/Release+2\">x</a>"),
                true,
            ),
            (
                format!("<a href=\"{site}/display/DOCS/2026/01/31/Release+3\">x</a>"),
                false,
            ),
            (
                "<ac:link><ri:blog-post ri:content-title=\"Release 2\" /></ac:link>".to_owned(),
                true,
            ),
            (
                "<ac:link><ri:blog-post ri:content-title=\"Release 4\" /></ac:link>".to_owned(),
                false,
            ),
        ];
        let control = journey.sandbox.control();
        let body: String = links.iter().map(|(link, _)| link.as_str()).collect();
        let gone = "<p><ac:link><ri:page ri:content-title=\"Nobody\" /></ac:link></p>";

        // Whoever asks what was published to the site hears of the post, edited or not.
        for is_edited in [false, true] {
            if is_edited {
                control
                    .edit_page_by_hand(product, &post, gone)
                    .expect("the post is there");
            }
            let found = list(&journey.client, spaces, &[], &|_| {}).await;
            let found = found.expect("a list").pages;
            let listed = found.iter().find(|listed| listed.id == post);
            let listed = listed.expect("the post is listed");
            assert_eq!(listed.path.as_deref(), Some("two.md"), "{product:?}");
            assert_eq!(listed.is_edited, is_edited);
        }
        control
            .edit_page_by_hand(product, &page, &format!("<p>{body}</p>"))
            .expect("the page is there");

        let of_page = check(
            &journey.client,
            spaces,
            std::slice::from_ref(&page),
            Links::Internal,
        )
        .await
        .expect("an answer");
        let broken: Vec<&str> = of_page
            .broken
            .iter()
            .map(|link| link.reason.as_str())
            .collect();
        let missing = |title| format!("the space `DOCS` has no blog post `{title}`");
        assert_eq!(broken.len(), 2, "{product:?}: {of_page:#?}");
        for title in ["Release 3", "Release 4"] {
            assert!(broken.contains(&missing(title).as_str()), "{broken:?}");
        }
        assert_eq!((of_page.checked, of_page.not_checked), (6, 0));

        let of_post = check(
            &journey.client,
            spaces,
            std::slice::from_ref(&post),
            Links::Internal,
        )
        .await
        .expect("an answer");
        assert_eq!(of_post.pages, 1);
        assert_eq!(of_post.broken[0].page_id, post);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_servers_are_asked_only_on_demand_and_without_a_credential() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), &[("README.md", "# Handbook\n")]);
    let journey = Journey::new(Product::Cloud).await;
    journey.publish(folder.path()).await;
    let control = journey.sandbox.control();
    let page = journey.page("Handbook");
    // The other product is another server as far as the first one is concerned.
    let elsewhere = journey.sandbox.data_center_url();
    let nobody = "http://127.0.0.1:1/";
    let body = format!(
        "<p><a href=\"{elsewhere}/rest/api/space\">a</a> <a href=\"{elsewhere}/rest/nothing\">b</a> \
         <a href=\"{nobody}\">c</a></p>"
    );
    control
        .edit_page_by_hand(Product::Cloud, &page.id, &body)
        .expect("the page is there");
    let found = checked(&journey, Links::Internal).await;
    assert_eq!((found.not_checked, found.broken.len()), (3, 0));
    control.clear_requests();
    let found = checked(&journey, Links::All).await;
    let targets: Vec<&str> = found
        .broken
        .iter()
        .map(|link| link.target.as_str())
        .collect();
    assert!(targets.contains(&nobody), "{found:#?}");
    let asked: Vec<_> = control
        .requests()
        .into_iter()
        .filter(|request| request.method == "HEAD")
        .collect();
    assert_eq!(asked.len(), 2, "{asked:#?}");
    assert!(
        asked.iter().all(|request| request.authorization == "none"),
        "{asked:#?}"
    );
    assert!(
        targets
            .iter()
            .any(|target| target.ends_with("/rest/nothing")),
        "{found:#?}"
    );
}
