//! How pictures and tables stand on a page, as its front matter says it, heads of rows, and colors.

use tributary_pages::markup::{
    AdfOptions, Flavor, HtmlOptions, adf_to_storage, read_markdown, storage_to_adf, write_adf,
    write_html, write_markdown,
};
use tributary_sandbox::format::{check_adf, check_storage};

use crate::{Simple, storage};

fn adf(text: &str) -> String {
    let options = AdfOptions {
        omit_title: false,
        anchors: None,
    };
    let body = write_adf(&read_markdown(text), &options, &Simple).content;
    let content = serde_json::from_str(&body).expect("the content is JSON");
    assert_eq!(check_adf(&content), Ok(()), "{body}");
    body
}

#[test]
fn pictures_and_tables_stand_as_the_front_matter_says() {
    let matter = "---\nlayout:\n  alignment: left\n  image:\n    alignment: right\n    max_width: 8\n  \
                  table:\n    width: 640\n    display_mode: fixed\n---\n";
    let text = format!(
        "{matter}![a](pic.png)\n\nBeside <img src=\"pic.png\" width=\"16\" height=\"20\"> text.\n\n\
         <p align=\"center\"><img src=\"pic.png\" width=\"4\"></p>\n\n| A |\n|---|\n| b |\n"
    );
    assert_eq!(
        write_markdown(&read_markdown("---\nlayout: post\n---\nText.\n")),
        "---\n\"layout\": \"post\"\n---\n\nText.\n"
    );
    let body = storage(&text, Flavor::Cloud).content;
    assert_eq!(check_storage(&body), Ok(()), "{body}");
    for part in [
        // The file is 10 wide.
        "<p><ac:image ac:alt=\"a\" ac:align=\"right\" ac:layout=\"align-end\" ac:width=\"8\">",
        "Beside <ac:image ac:width=\"8\" ac:height=\"10\">",
        "<p style=\"text-align: center;\"><ac:image ac:width=\"4\">",
        "<table data-layout=\"align-start\" data-table-display-mode=\"fixed\" \
         data-table-width=\"640\">",
    ] {
        assert!(body.contains(part), "{part} in {body}");
    }
    let body = adf(&text);
    for part in [
        "\"layout\":\"align-end\",\"width\":8,\"widthType\":\"pixel\"",
        "\"layout\":\"center\",\"width\":4,\"widthType\":\"pixel\"",
        "\"displayMode\":\"fixed\",\"layout\":\"align-start\",\"width\":640",
    ] {
        assert!(body.contains(part), "{part} in {body}");
    }
    let remote = text.replace("![a](pic.png)", "![a](https://example.com/a.png)");
    let options = HtmlOptions { omit_title: false };
    let html = write_html(&read_markdown(&remote), &options, &Simple).content;
    assert!(html.contains("class=\"right\"><img "), "{html}");
    // Nothing of this without the front matter.
    let plain = storage(text.trim_start_matches(matter), Flavor::Cloud).content;
    for part in ["ac:align", "ac:layout", "data-"] {
        assert!(!plain.contains(part), "{part} in {plain}");
    }
}

#[test]
fn what_a_page_says_of_itself_is_written_back() {
    let text = "---\nlayout: { alignment: left }\nrestrictions: { edit: [ada] }\ntype: blogpost\n\
                format: adf\n---\nText.\n";
    let document = read_markdown(text);
    let again = read_markdown(&write_markdown(&document));
    assert_eq!(again.front_matter, document.front_matter);
    assert!(again.front_matter.format.is_some() && again.front_matter.layout.tables_left);
}

#[test]
fn what_says_nothing_of_the_layout_is_told() {
    let document = read_markdown(
        "---\nlayout:\n  alignment: up\n  image: { max_width: wide, alignment: left, x: 1 }\n  \
         table: { width: 0, display_mode: odd }\n  page: 1\n---\nText.\n",
    );
    let mut told: Vec<&str> = document
        .problems
        .iter()
        .filter(|problem| problem.code == "front_matter.layout")
        .filter_map(|problem| problem.message.split('`').nth(1))
        .collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            "layout.alignment",
            "layout.image.max_width",
            "layout.image.x",
            "layout.page",
            "layout.table.display_mode",
            "layout.table.width",
        ]
    );
}

#[test]
fn a_second_column_without_a_name_or_content_makes_the_first_one_heads() {
    let body = |text: &str| storage(text, Flavor::Cloud).content;
    let heads = body("| N | | A | B |\n|---|-|:-:|---|\n| 1 | | x | y |\n| 2 | | z | |\n");
    let expected = "<tr><th><p>N</p></th><th><p style=\"text-align: center;\">A</p></th>\
                    <th><p>B</p></th></tr><tr><th><p>1</p></th>\
                    <td><p style=\"text-align: center;\">x</p></td><td><p>y</p></td></tr>";
    assert!(heads.contains(expected), "{heads}");
    let json = adf("| N | | A |\n|---|-|---|\n| 1 | | x |\n");
    assert_eq!(json.matches("tableHeader").count(), 3, "{json}");
    // A row without a head above is one too.
    let bare = body("| | | |\n|-|-|-|\n| 1 | | x |\n");
    assert!(
        bare.contains("<tr><th><p>1</p></th><td><p>x</p></td></tr>"),
        "{bare}"
    );
    // Something in the column, a name of it, or nothing behind it: it is a column.
    for text in [
        "| N | | A |\n|---|-|---|\n| 1 | | x |\n| 2 | ! | y |\n",
        "| N | M | A |\n|---|-|---|\n| 1 | | x |\n",
        "| N | |\n|---|-|\n| 1 | |\n",
        "| N | | A |\n|---|-|---|\n",
    ] {
        let body = body(text);
        assert!(!body.contains("<th><p>1</p></th>"), "{body}");
        assert!(
            body.contains("<th></th>") || body.contains("<td></td>"),
            "{body}"
        );
    }
}

#[test]
fn text_keeps_its_colors_and_no_other_style_in_every_format() {
    let text = "<span style=\"font-size: 9px; color: RED\">a</span> <font color=\"#00f\">b</font> \
                <span style=\"background: #fff0b3\">c</span> \
                <span style=\"background-color: #c6edfb;color:#000\">*d*</span> \
                <span style=\"position: fixed\">e</span> <span style=\"color: url(x)\">f</span>\n";
    let written = "<p><span style=\"color: rgb(255,0,0);\">a</span> \
                   <span style=\"color: rgb(0,0,255);\">b</span> \
                   <span style=\"background-color: rgb(255,240,179);\">c</span> \
                   <span style=\"color: rgb(0,0,0);background-color: rgb(198,237,251);\"><em>d</em></span> \
                   e f</p>";
    assert_eq!(storage(text, Flavor::Cloud).content, written);
    let body = adf(text);
    for (color, mark) in [
        ("#ff0000", "textColor"),
        ("#0000ff", "textColor"),
        ("#FFF0B3", "backgroundColor"),
        ("#c6edfb", "backgroundColor"),
    ] {
        let mark = format!("{{\"attrs\":{{\"color\":\"{color}\"}},\"type\":\"{mark}\"}}");
        assert!(body.contains(&mark), "{mark} in {body}");
    }
    let back = adf_to_storage(&body).expect("it is a page");
    assert_eq!(storage_to_adf(&back).content, body, "{back}");
    let markdown = write_markdown(&read_markdown(text));
    assert_eq!(
        storage(&markdown, Flavor::Cloud).content,
        written,
        "{markdown}"
    );
}
