//! What the user wants diagrams and formulas to become.

use crate::markup::DrawingKind;

/// What the user wants diagrams and formulas to become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawingSettings {
    /// Mermaid's diagrams.
    pub mermaid: DrawingForm,
    /// Graphviz' diagrams.
    pub graphviz: DrawingForm,
    /// PlantUML's diagrams.
    pub plantuml: DrawingForm,
    /// Formulas, in lines of text and on their own.
    pub math: DrawingForm,
    /// What pictures are attached as.
    pub format: PictureFormat,
}

/// What one kind of diagram becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DrawingForm {
    /// A picture, attached to the page.
    Image,
    /// Its source, as code.
    Code,
    /// A macro of the site, by its name in storage format, which gets the source as its body.
    Macro(String),
}

/// The formats of attached pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PictureFormat {
    /// Pixels, twice as many as are shown.
    #[default]
    Png,
    /// Shapes, sharp at any size. Confluence leaves them out of some exports.
    Svg,
}

impl PictureFormat {
    /// The ending of files in it.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Svg => "svg",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Svg => "image/svg+xml",
        }
    }
}

impl Default for DrawingSettings {
    fn default() -> Self {
        Self {
            mermaid: DrawingForm::Image,
            graphviz: DrawingForm::Image,
            plantuml: DrawingForm::Code,
            math: DrawingForm::Image,
            format: PictureFormat::default(),
        }
    }
}

impl DrawingSettings {
    /// What a kind becomes.
    pub fn form(&self, kind: DrawingKind) -> &DrawingForm {
        match kind {
            DrawingKind::Mermaid => &self.mermaid,
            DrawingKind::Graphviz => &self.graphviz,
            DrawingKind::PlantUml => &self.plantuml,
            DrawingKind::Formula | DrawingKind::Equation => &self.math,
        }
    }
}
