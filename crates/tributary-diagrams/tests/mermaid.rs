//! Mermaid: every kind of diagram, from its authors' own examples.

use tributary_diagrams::{Kind, Picture, draw};

use super::drawn;

/// The headings and the code of the fences of a Markdown file.
fn examples() -> Vec<(String, String)> {
    let text = include_str!("mermaid/examples.md");
    let (mut kind, mut title, mut code) = (String::new(), String::new(), None);
    let mut found = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("## ") {
            kind = name.to_owned();
        } else if let Some(name) = line.strip_prefix("### ") {
            title = name.to_owned();
        } else if line == "```mermaid" {
            code = Some(String::new());
        } else if line == "```" {
            let name = format!("{kind} {title}");
            let name = name.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
            found.extend(code.take().map(|code| (name, code)));
        } else if let Some(code) = &mut code {
            code.push_str(line);
            code.push('\n');
        }
    }
    found
}

#[test]
fn every_example_of_every_kind_of_diagram_is_drawn() {
    let examples = examples();
    assert!(examples.len() > 60, "{} examples", examples.len());
    for (name, code) in examples {
        drawn(Kind::Mermaid, &code, &name);
    }
}

#[test]
fn a_mistake_has_its_line() {
    let failure = draw(Kind::Mermaid, "flowchart TD\n  a --> b\n  b --> [c\n").unwrap_err();
    assert_eq!(failure.line, Some(3), "{failure}");
    let failure = draw(Kind::Mermaid, "no such diagram\n").unwrap_err();
    assert!(failure.message.contains("type"), "{failure}");
}

#[test]
fn a_chart_of_tasks_has_no_room_for_a_day_that_is_not_in_it() {
    let tasks = "dateFormat YYYY-MM-DD\nsection S\nA :a1, 2014-01-01, 30d\n";
    let width = |head: &str| {
        let source = format!("gantt\n{head}{tasks}");
        drawn(Kind::Mermaid, &source, "mermaid-today").width()
    };
    assert_eq!(width(""), width("todayMarker off\n"));
}

#[test]
fn a_timeline_whose_sections_would_hide_words_is_drawn_the_other_way_and_says_so() {
    let sections = " section A\n  one : a : b\n section B\n  two : c\n";
    let picture = |direction: &str| {
        let source = format!("timeline {direction}\n{sections}");
        drawn(Kind::Mermaid, &source, "mermaid-timeline")
    };
    let (down, right) = (picture("TD"), picture("LR"));
    assert_eq!(
        (down.width(), down.height()),
        (right.width(), right.height())
    );
    assert_eq!(down.left_out(), ["TD"]);
    assert!(right.left_out().is_empty());
}

#[test]
fn what_a_picture_does_not_show_of_its_labels_is_told() {
    let source = "graph LR\n  A([fa:fa-spinner]) --> B[\"`**bold** words`\"]\n";
    let picture = drawn(Kind::Mermaid, source, "mermaid-marks");
    assert_eq!(picture.left_out(), ["**bold", "fa:fa-spinner"]);
    // A label of nothing but an icon is not empty.
    let [icon, word] = ["graph LR\n  A([fa:fa-spinner])", "graph LR\n  A([spinner])"]
        .map(|source| drawn(Kind::Mermaid, source, "mermaid-icon"));
    let paths = |picture: &Picture| picture.svg().matches("<path").count();
    assert_eq!(paths(&icon), paths(&word));
    assert!(word.left_out().is_empty());
}

/// The color at a place of a picture as PNG.
fn colors_at_edges(png: &[u8]) -> Vec<[u8; 3]> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png))
        .read_info()
        .expect("it is PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("it has a size")];
    let frame = reader.next_frame(&mut pixels).expect("it has pixels");
    let (width, height) = (frame.width as usize, frame.height as usize);
    let at = |x: usize, y: usize| {
        let from = (y * width + x) * 3;
        [pixels[from], pixels[from + 1], pixels[from + 2]]
    };
    let rows = (0..height).flat_map(|y| [at(0, y), at(width - 1, y)]);
    rows.chain((0..width).flat_map(|x| [at(x, 0), at(x, height - 1)]))
        .collect()
}

#[test]
fn labels_that_reach_beyond_the_size_of_their_diagram_are_whole() {
    let named = examples();
    let radar = named.iter().find(|(name, _)| name.contains("Polygon-Grid"));
    let tree = named
        .iter()
        .find(|(name, _)| name.contains("Unicode-Icons"));
    for (name, source) in [radar, tree].into_iter().flatten() {
        let png = drawn(Kind::Mermaid, source, name).png().expect("a picture");
        let touched = colors_at_edges(&png).iter().any(|color| *color != [255; 3]);
        assert!(!touched, "{name} reaches its edge");
    }
    assert!(radar.is_some() && tree.is_some());
}
