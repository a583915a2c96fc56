//! Web links, tree, history, files, search, and what happens when something is not there.

use reqwest::StatusCode;
use tributary_sandbox::signin::Product;

use crate::browser::Reader;

#[tokio::test]
async fn a_page_is_shown_at_its_web_link_with_everything_around_it() {
    let reader = Reader::start().await;
    let parent = reader.write(Product::Cloud, None, "Guide", "<p>All of it.</p>");
    let id = reader.write(
        Product::Cloud,
        Some(&parent),
        "First steps & more",
        "<h2>Begin</h2><p>Do <strong>this</strong>.</p>",
    );
    reader.write(Product::Cloud, Some(&id), "Deeper", "<p>x</p>");
    let store = reader.store(Product::Cloud);
    let number: i64 = id.parse().expect("ids are numbers");
    store.add_label(number, "global", "howto").expect("a label");

    let seen = reader
        .open(&format!(
            "/wiki/spaces/DOCS/pages/{id}/First+steps+%26+more"
        ))
        .await;
    assert_eq!(seen.status, StatusCode::OK);
    seen.shows("<h1 class=\"title\">First steps &amp; more</h1>")
        .shows("<h2 id=\"Begin\">")
        .shows("Do <strong>this</strong>.")
        .shows("Somebody else")
        .shows("Version 1, ")
        .shows("<span class=\"label\">howto</span>")
        .shows(&format!(
            "<a href=\"/wiki/spaces/DOCS/pages/{parent}/Guide\">Guide</a>"
        ))
        .shows("aria-current=\"page\">First steps &amp; more</a>")
        .shows(">Deeper</a>")
        .hides("<script");
    assert!(
        seen.policy.contains("default-src 'none'") && !seen.policy.contains("script-src"),
        "{}",
        seen.policy
    );

    let untitled = reader.open(&format!("/wiki/spaces/DOCS/pages/{id}")).await;
    untitled.shows("Do <strong>this</strong>.");
    let by_id = reader
        .open(&format!("/wiki/pages/viewpage.action?pageId={id}"))
        .await;
    by_id.shows("Do <strong>this</strong>.");
}

#[tokio::test]
async fn data_center_addresses_pages_by_title_and_by_id() {
    let reader = Reader::start().await;
    let plain = reader.write(Product::DataCenter, None, "Plain Title", "<p>By title.</p>");
    let odd = reader.write(
        Product::DataCenter,
        Some(&plain),
        "What? 50% a/b + ü",
        "<p>By id.</p>",
    );

    let seen = reader.open("/confluence/display/DOCS/Plain+Title").await;
    seen.shows("By title.")
        .shows(&format!("/confluence/pages/viewpage.action?pageId={odd}"));
    reader
        .open(&format!("/confluence/pages/viewpage.action?pageId={odd}"))
        .await
        .shows("By id.");
    reader
        .open("/confluence/display/DOCS")
        .await
        .shows("/confluence/display/DOCS/Plain+Title");
    let cloud = reader
        .open(&format!("/wiki/spaces/DOCS/pages/{plain}"))
        .await;
    assert_eq!(
        cloud.status,
        StatusCode::NOT_FOUND,
        "the two products hold pages of their own"
    );
}

#[tokio::test]
async fn the_web_link_that_the_api_gives_opens_the_page_whatever_its_title() {
    let reader = Reader::start().await;
    for title in [
        "Plain Title",
        "What? 50% a/b",
        "C++ & <generics>",
        "a;b:c #1 \"quoted\"",
        "Über – 漢字",
        "x+y",
        "100%25",
    ] {
        for (product, base, asked) in [
            (Product::Cloud, "/wiki", "/wiki/api/v2/pages/"),
            (
                Product::DataCenter,
                "/confluence",
                "/confluence/rest/api/content/",
            ),
        ] {
            let id = reader.write(product, None, title, "<p>You arrived.</p>");
            let answer = reader.ask(&format!("{asked}{id}")).await;
            let link = answer["_links"]["webui"].as_str().expect("a web link");
            let seen = reader.open(&format!("{base}{link}")).await;
            assert_eq!(seen.status, StatusCode::OK, "{title}: {link}");
            seen.shows("You arrived.").shows(&format!("pageId={id}"));
            let short = answer["_links"]["tinyui"].as_str().expect("a short link");
            reader
                .open(&format!("{base}{short}"))
                .await
                .shows("You arrived.");
        }
    }
}

#[tokio::test]
async fn links_lead_to_pages_and_files_that_open_and_missing_ones_are_marked() {
    let reader = Reader::start().await;
    for (product, target_link, file_base) in [
        (Product::Cloud, "/wiki/spaces/DOCS/pages/", "/wiki"),
        (
            Product::DataCenter,
            "/confluence/display/DOCS/Target+Page",
            "/confluence",
        ),
    ] {
        reader.write(product, None, "Target Page", "<p>You arrived.</p>");
        let id = reader.write(
            product,
            None,
            "Source Page",
            "<p><ac:link><ri:page ri:content-title=\"Target Page\"/></ac:link> <ac:link><ri:page ri:content-title=\"Nowhere\"/></ac:link></p>\
             <ac:image><ri:attachment ri:filename=\"a picture.png\"/></ac:image><ac:image><ri:attachment ri:filename=\"gone.png\"/></ac:image>\
             <ac:structured-macro ac:name=\"attachments\"/>",
        );
        let number: i64 = id.parse().expect("ids are numbers");
        let store = reader.store(product);
        store
            .attach(
                number,
                None,
                "a picture.png",
                "image/png",
                "drawn",
                "u1",
                false,
                b"\x89PNG\r\n\x1a\n",
            )
            .expect("a file");

        let seen = reader
            .open(&format!("{file_base}/pages/viewpage.action?pageId={id}"))
            .await;
        seen.shows("<a class=\"broken-link\" title=\"Nowhere\">Nowhere</a>")
            .shows("<span class=\"broken-image\" role=\"img\" title=\"This image is missing\">gone.png</span>");
        let source = format!("{file_base}/download/attachments/{id}/a%20picture.png");
        seen.shows(&format!("<img src=\"{source}\""));
        let picture = reader.open(&source).await;
        assert_eq!(
            (picture.status, picture.media_type.as_str()),
            (StatusCode::OK, "image/png")
        );

        let (before, _) = seen
            .html
            .split_once("\">Target Page</a> <a class=\"broken-link\"")
            .expect("the link is there");
        let (_, href) = before
            .rsplit_once("<a href=\"")
            .expect("it leads somewhere");
        assert!(href.starts_with(target_link), "{href}");
        reader.open(href).await.shows("You arrived.");

        let files = reader
            .open(&format!(
                "{file_base}/pages/viewpageattachments.action?pageId={id}"
            ))
            .await;
        files.shows("a picture.png").shows("drawn");
    }
}

#[tokio::test]
async fn the_history_leads_to_every_version() {
    let reader = Reader::start().await;
    let id = reader.write(Product::Cloud, None, "Changing", "<p>The first words.</p>");
    reader
        .control()
        .edit_page_by_hand(Product::Cloud, &id, "<p>The second words.</p>")
        .expect("a new version");

    let history = reader
        .open(&format!(
            "/wiki/pages/viewpreviousversions.action?pageId={id}"
        ))
        .await;
    let old = format!("/wiki/pages/viewpage.action?pageId={id}&amp;pageVersion=1");
    history.shows(&old).shows("pageVersion=2");
    let first = reader.open(&old.replace("&amp;", "&")).await;
    first
        .shows("The first words.")
        .shows("You are viewing version 1 of this page. The current version is 2.")
        .hides("The second words.");
    let now = reader
        .open(&format!(
            "/wiki/pages/viewpage.action?pageId={id}&pageVersion=2"
        ))
        .await;
    now.shows("The second words.")
        .hides("You are viewing version");
    let never = reader
        .open(&format!(
            "/wiki/pages/viewpage.action?pageId={id}&pageVersion=3"
        ))
        .await;
    assert_eq!(never.status, StatusCode::NOT_FOUND);
    let source = reader
        .open(&format!(
            "/wiki/plugins/viewstorage/viewpagestorage.action?pageId={id}"
        ))
        .await;
    source.shows("&lt;p&gt;The second words.&lt;/p&gt;");
}

#[tokio::test]
async fn macros_draw_on_the_pages_around_them() {
    let reader = Reader::start().await;
    let parent = reader.write(
        Product::Cloud,
        None,
        "Overview",
        "<ac:structured-macro ac:name=\"children\"><ac:parameter ac:name=\"all\">true</ac:parameter></ac:structured-macro>\
         <ac:structured-macro ac:name=\"include\"><ac:parameter ac:name=\"\"><ri:page ri:content-title=\"Leaf\"/></ac:parameter></ac:structured-macro>",
    );
    let child = reader.write(Product::Cloud, Some(&parent), "Branch", "<p>x</p>");
    reader.write(
        Product::Cloud,
        Some(&child),
        "Leaf",
        "<p>Words from the leaf.</p>",
    );
    let seen = reader
        .open(&format!("/wiki/spaces/DOCS/pages/{parent}"))
        .await;
    let (_, body) = seen
        .html
        .split_once("<article class=\"body\">")
        .expect("a body");
    assert!(
        body.contains(">Branch</a><ul><li>") && body.contains(">Leaf</a>"),
        "{body}"
    );
    assert!(body.contains("Words from the leaf."), "{body}");
}

#[tokio::test]
async fn spaces_can_be_entered_and_searched() {
    let reader = Reader::start().await;
    reader.write(Product::Cloud, None, "A needle <b>", "<p>x</p>");
    reader.write(
        Product::Cloud,
        None,
        "Plain",
        "<p>There is a NEEDLE in here.</p>",
    );
    for path in ["/", "/wiki", "/confluence"] {
        let seen = reader.open(path).await;
        assert_eq!(seen.status, StatusCode::OK, "{path}");
        seen.shows("Documentation");
    }
    reader
        .open("/wiki")
        .await
        .shows("/wiki/spaces/DOCS/overview");
    reader
        .open("/confluence/")
        .await
        .shows("/confluence/display/DOCS");
    reader
        .open("/wiki/spaces/DOCS/overview")
        .await
        .shows("A needle &lt;b&gt;");
    let found = reader.open("/wiki/search?text=needle").await;
    found
        .shows("A needle &lt;b&gt;")
        .shows(">Plain</a>")
        .hides("<b>");
    assert!(
        found.html.find("A needle") < found.html.find(">Plain</a>"),
        "titles come before texts"
    );
    reader
        .open("/wiki/search?text=nothing+has+this")
        .await
        .shows("No page has these words");
    reader
        .open("/wiki/search?text=%22%3E%3Cscript%3E")
        .await
        .hides("<script>");
    let style = reader.open("/_sandbox/site.css").await;
    assert_eq!(style.media_type, "text/css; charset=utf-8");
}

#[tokio::test]
async fn what_is_not_there_is_a_page_that_says_so() {
    let reader = Reader::start().await;
    for path in [
        "/wiki/spaces/NOPE",
        "/wiki/spaces/DOCS/pages/1/Gone",
        "/wiki/spaces/DOCS/pages/not-a-number",
        "/confluence/display/DOCS/Nothing+Here",
        "/confluence/pages/viewpage.action",
        "/confluence/pages/viewpreviousversions.action?pageId=1",
    ] {
        let seen = reader.open(path).await;
        assert_eq!(seen.status, StatusCode::NOT_FOUND, "{path}");
        seen.shows("Page not found");
    }
    let id = reader.write(Product::Cloud, None, "Thrown away", "<p>x</p>");
    assert!(reader.control().trash_page(Product::Cloud, &id));
    reader
        .open(&format!("/wiki/spaces/DOCS/pages/{id}"))
        .await
        .shows("its status is trashed");
}

#[tokio::test]
async fn a_folder_shows_what_is_in_it() {
    let reader = Reader::start().await;
    let store = reader.store(Product::Cloud);
    let space = store
        .space_by_key("DOCS")
        .expect("the store is readable")
        .expect("a first space");
    let draft = tributary_sandbox::state::Draft {
        title: "A folder",
        body: "",
        representation: "storage",
        message: "",
        author: "u1",
        minor: false,
    };
    let folder = store
        .create("folder", space.id, space.home_id, "current", &draft)
        .expect("the store is writable")
        .expect("a new folder");
    let id = folder.id.to_string();
    reader.write(Product::Cloud, Some(&id), "Inside", "<p>x</p>");
    let seen = reader.open(&format!("/wiki/spaces/DOCS/folder/{id}")).await;
    seen.shows("class=\"folder\" aria-current=\"page\">A folder</a>");
    let (_, body) = seen
        .html
        .split_once("<article class=\"body\">")
        .expect("a body");
    assert!(body.contains(">Inside</a>"), "{body}");
}
