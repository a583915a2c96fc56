//! Mermaid, laid out by merman, which reads Mermaid's language in Rust.
//!
//! Its default output is what a browser would show, with HTML in it. What is asked for here is the
//! output for programs that draw SVG, with text measured in the fonts that it is drawn in.

mod lost;

use std::borrow::Cow;
use std::sync::LazyLock;

use merman::svg::SvgPipeline;
use merman::{
    Engine, MermaidConfig, OperationControl, RenderError, RenderOutput, RenderRequest, Renderer,
    SvgEnvironment, SvgRequest,
};

use super::picture::Drawn;
use super::{Failure, bounded, fonts};

/// Room around the diagram in pixels. Most kinds have some of their own, and some have none.
const MARGIN: f32 = 4.0;

static RENDERER: LazyLock<Renderer> = LazyLock::new(|| {
    // Without a font of ours by name, text is measured in one and drawn in another, and loses its
    // first and last letters.
    let config = MermaidConfig::from_value(serde_json::json!({
        "theme": "default",
        "fontFamily": fonts::PLAIN,
        "themeVariables": { "fontFamily": fonts::PLAIN, "fontSize": "14px" }
    }));
    Renderer::new().with_engine(Engine::new().with_site_config(config))
});

pub(crate) fn draw(source: &str) -> Result<Drawn, Failure> {
    let control = OperationControl::new().with_deadline(bounded::TIME);
    let measured = SvgEnvironment::deterministic()
        .with_native_font_context(fonts::context()?.for_operation(&control))
        .map_err(|error| Failure::new(error.to_string()))?;
    let lain = lain_down(source);
    let mut left_out = Vec::new();
    if lain.is_some() {
        left_out.push(DOWNWARDS.to_owned());
    }
    // A timeline is no flowchart.
    let made = lain.or_else(|| lost::with_names_of_icons(source));
    let written = source;
    let source = made.as_deref().unwrap_or(written);
    let svg = match render(source, &control, measured) {
        // It refuses styles such as `letter-spacing` that its measuring with fonts does not know;
        // with estimated widths the diagram is drawn, a little less neatly.
        Err(RenderError::Svg(_)) => render(source, &control, SvgEnvironment::deterministic()),
        other => other,
    };
    let svg = mended(&svg.map_err(|error| explained(error, source))?);
    left_out.extend(lost::lost(written, &svg));
    Ok(Drawn {
        svg,
        below: 0.0,
        margin: MARGIN,
        left_out,
    })
}

/// How a timeline says that it goes from top to bottom.
const DOWNWARDS: &str = "TD";

/// A timeline with several sections that goes from top to bottom, as one from left to right, in
/// as many letters: the head of a section would lie over what the one before it ends with, and
/// hide its words. None for every other source.
fn lain_down(source: &str) -> Option<String> {
    let (mut direction, mut sections, mut begun) = (None, 0, 0);
    for line in source.split_inclusive('\n') {
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or_default();
        if direction.is_some() {
            sections += usize::from(first.eq_ignore_ascii_case("section"));
        } else if first == "timeline"
            && let Some(word) = words.next()
            && word.eq_ignore_ascii_case(DOWNWARDS)
        {
            direction = line.find(word).map(|at| begun + at);
        }
        begun += line.len();
    }
    let direction = direction.filter(|_| sections > 1)?;
    let mut lain = source.to_owned();
    lain.replace_range(direction..direction + DOWNWARDS.len(), "LR");
    Some(lain)
}

fn render(
    source: &str,
    control: &OperationControl,
    environment: SvgEnvironment,
) -> Result<String, RenderError> {
    let request = SvgRequest {
        environment,
        pipeline: Some(SvgPipeline::resvg_safe()),
        ..SvgRequest::default()
    };
    match RENDERER.render(RenderRequest::svg(source, control.clone(), request))? {
        RenderOutput::Svg(Some(svg)) => Ok(svg.into_parts().0),
        _ => Err(RenderError::NoDiagram),
    }
}

fn explained(error: RenderError, source: &str) -> Failure {
    match error {
        RenderError::Cancelled(_) => bounded::too_long(),
        RenderError::NoDiagram => {
            Failure::new("its first line names no kind of diagram that Mermaid has")
        }
        RenderError::Parse(parse) => {
            let failure = Failure::new(parse.terminal_safe_message());
            match parse.terminal_diagnostic_details().span {
                Some(span) => failure.at(source, span.start),
                None => failure,
            }
        }
        RenderError::ResourceLimitExceeded(limit) => Failure::new(format!(
            "it is too large or too deep for a picture (`{}`); make it smaller",
            limit.id
        )),
        error => Failure::new(error.to_string()),
    }
}

/// Mends what a browser forgives and other programs do not.
fn mended(svg: &str) -> String {
    let svg = without_today(svg);
    // Labels are in boxes that cut off the second line of a comment in an entity.
    let svg = svg
        .replace("overflow:hidden", "overflow:visible")
        .replace("overflow: hidden", "overflow: visible");
    // The edges of a mind map get thinner with depth, and less than nothing from the fifth on.
    let mut mended = String::with_capacity(svg.len());
    let mut rest = svg.as_str();
    while let Some(at) = rest.find("stroke-width") {
        let after = &rest[at + "stroke-width".len()..];
        let value = after.trim_start_matches([':', '=', '"', ' ']);
        let number = value.strip_prefix('-');
        mended.push_str(&rest[..rest.len() - value.len()]);
        match number {
            Some(number) => {
                mended.push('1');
                let digits = |letter: char| letter.is_ascii_digit() || letter == '.';
                rest = number.trim_start_matches(digits);
            }
            None => rest = value,
        }
    }
    mended.push_str(rest);
    mended
}

/// A chart of tasks without the line of today. A picture is the same on every day, so its day is
/// one of long ago, and the line that nobody sees made it half as wide again.
fn without_today(svg: &str) -> Cow<'_, str> {
    let line = svg.split_once("<g class=\"today\">");
    let parts = line.and_then(|(before, rest)| Some((before, rest.split_once("</g>")?.1)));
    match parts {
        Some((before, after)) => Cow::Owned(format!("{before}{after}")),
        None => Cow::Borrowed(svg),
    }
}

#[cfg(test)]
mod tests {
    use super::{lain_down, mended};

    #[test]
    fn only_a_timeline_whose_sections_would_hide_words_is_lain_down() {
        let source = "---\ntitle: T\n---\n  timeline  td\n section A\n a : b\n section C\n";
        let lain = lain_down(source).expect("it has two sections");
        assert_eq!(lain, source.replace("td\n", "LR\n"));
        for fine in [
            "timeline TD\n section A\n a : b\n",
            "timeline\n section A\n a\n section B\n b\n",
            "timeline LR\n section A\n a\n section B\n b\n",
            "flowchart TD\n section --> timeline\n section --> a\n",
        ] {
            assert_eq!(lain_down(fine), None, "{fine}");
        }
    }

    #[test]
    fn negative_widths_become_thin_lines_and_labels_are_not_cut() {
        assert_eq!(
            mended(r#"<a style="stroke-width: -3.5px;overflow:hidden" stroke-width="-1"/>"#),
            r#"<a style="stroke-width: 1px;overflow:visible" stroke-width="1"/>"#
        );
        assert_eq!(
            mended(r#"<a/><g class="today"><line x1="-9" class="today"/></g><g/>"#),
            "<a/><g/>"
        );
        let fine = r#"<a style="stroke-width:2px" stroke-width="3"/>"#;
        assert_eq!(mended(fine), fine);
    }
}
