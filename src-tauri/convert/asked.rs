//! What somebody asks of one publish, as the layer of configuration that goes before all others.

use tributary::settings::Layer;
use tributary_pages::markup::{BodyFormat, Editor};
use tributary_pages::plan::{LabelMode, OnTitle, PageWidth};

use super::{on_conflict, on_orphan};
use crate::views::publish::{PublishOptionsView, PublishRequestView};
use crate::views::settings::{EditorView, WidthView};
use crate::views::step::BodyFormatView;

/// What a request says beside where it goes and what of it.
pub(crate) fn asked(request: &PublishRequestView) -> Layer {
    Layer {
        on_conflict: request.on_conflict.map(on_conflict),
        on_orphan: request.on_orphan.map(on_orphan),
        message: said(request.message.as_ref()),
        ..options(&request.options)
    }
}

/// How pages are made, which is kept with the publication; the rest is asked of one publish.
pub(crate) fn options(options: &PublishOptionsView) -> Layer {
    Layer {
        on_title: options.refuses_titles.map(|refuses| match refuses {
            true => OnTitle::Refuse,
            false => OnTitle::Rename,
        }),
        title_prefix: said(options.title_prefix.as_ref()),
        labels: options.labels.clone().filter(|labels| !labels.is_empty()),
        label_mode: options.sets_labels.map(|sets| match sets {
            true => LabelMode::Set,
            false => LabelMode::Append,
        }),
        minor_edit: options.minor_edit,
        page_width: options.page_width.map(page_width),
        editor: options.editor.map(editor),
        format: options.format.map(|format| match format {
            BodyFormatView::Storage => BodyFormat::Storage,
            BodyFormatView::Adf => BodyFormat::Adf,
        }),
        folders: options.folders,
        keep_order: options.keep_order,
        keep_place: options.keep_place,
        verify: options.verify,
        strict: options.strict,
        ..Layer::default()
    }
}

/// The same as it was kept, for the window to begin with.
pub(crate) fn options_view(kept: &Layer) -> PublishOptionsView {
    PublishOptionsView {
        refuses_titles: kept.on_title.map(|on_title| on_title == OnTitle::Refuse),
        title_prefix: kept.title_prefix.clone(),
        labels: kept.labels.clone(),
        sets_labels: kept.label_mode.map(|mode| mode == LabelMode::Set),
        minor_edit: kept.minor_edit,
        page_width: kept.page_width.map(|width| match width {
            PageWidth::Default => WidthView::Default,
            PageWidth::Full => WidthView::Full,
            PageWidth::Max => WidthView::Max,
        }),
        editor: kept.editor.map(|editor| match editor {
            Editor::New => EditorView::New,
            Editor::Legacy => EditorView::Legacy,
        }),
        format: kept.format.map(|format| match format {
            BodyFormat::Storage => BodyFormatView::Storage,
            BodyFormat::Adf => BodyFormatView::Adf,
        }),
        folders: kept.folders,
        keep_order: kept.keep_order,
        keep_place: kept.keep_place,
        verify: kept.verify,
        strict: kept.strict,
    }
}

/// A text that says something.
fn said(text: Option<&String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty()).cloned()
}

pub(crate) fn page_width(view: WidthView) -> PageWidth {
    match view {
        WidthView::Default => PageWidth::Default,
        WidthView::Full => PageWidth::Full,
        WidthView::Max => PageWidth::Max,
    }
}

pub(crate) fn editor(view: EditorView) -> Editor {
    match view {
        EditorView::New => Editor::New,
        EditorView::Legacy => Editor::Legacy,
    }
}

#[cfg(test)]
mod tests {
    use tributary::settings::Layer;
    use tributary_pages::markup::{BodyFormat, Editor};
    use tributary_pages::plan::{LabelMode, OnConflict, OnTitle, PageWidth};

    use super::{asked, options, options_view};
    use crate::views::publish::PublishRequestView;

    fn request(on_conflict: &str, options: &str) -> PublishRequestView {
        let request = format!(
            "{{\"visit\": null, \"paths\": [], \"siteUrl\": \"\", \"spaceKey\": \"\", \
             \"parentId\": null, \"target\": null, \"onConflict\": {on_conflict}, \
             \"conflicts\": [], \"titles\": [], \"onOrphan\": null, \"orphansAreGone\": false, \
             \"message\": \" \", \"title\": null, \"only\": [], \"beside\": [], \
             \"options\": {options}}}"
        );
        serde_json::from_str(&request).expect("a request of the window")
    }

    #[test]
    fn what_nobody_says_is_left_to_the_repository_and_the_settings() {
        let nothing = "{\"refusesTitles\": null, \"titlePrefix\": \" \", \"labels\": [], \
             \"setsLabels\": null, \"minorEdit\": null, \"pageWidth\": null, \"editor\": null, \
             \"format\": null, \"folders\": null, \"keepOrder\": null, \"keepPlace\": null, \
             \"verify\": null, \"strict\": null}";
        assert_eq!(asked(&request("null", nothing)), Layer::default());
    }

    #[test]
    fn what_is_said_of_one_publish_is_all_asked_of_it() {
        let all = "{\"refusesTitles\": true, \"titlePrefix\": \"Handbook: \", \
             \"labels\": [\"handbook\"], \"setsLabels\": false, \"minorEdit\": true, \
             \"pageWidth\": \"full\", \"editor\": \"legacy\", \"format\": \"adf\", \
             \"folders\": true, \"keepOrder\": false, \"keepPlace\": true, \"verify\": true, \
             \"strict\": false}";
        let expected = Layer {
            on_conflict: Some(OnConflict::Merge),
            on_title: Some(OnTitle::Refuse),
            title_prefix: Some("Handbook: ".to_owned()),
            labels: Some(vec!["handbook".to_owned()]),
            label_mode: Some(LabelMode::Append),
            minor_edit: Some(true),
            page_width: Some(PageWidth::Full),
            editor: Some(Editor::Legacy),
            format: Some(BodyFormat::Adf),
            folders: Some(true),
            keep_order: Some(false),
            keep_place: Some(true),
            verify: Some(true),
            strict: Some(false),
            ..Layer::default()
        };
        let request = request("\"merge\"", all);
        assert_eq!(asked(&request), expected);
        // What is kept of it, and shown again, is all but what becomes of edits.
        let kept = options(&request.options);
        let on_conflict = Some(OnConflict::Merge);
        assert_eq!(
            Layer {
                on_conflict,
                ..kept.clone()
            },
            expected
        );
        assert_eq!(options(&options_view(&kept)), kept);
    }
}
