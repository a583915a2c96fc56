//! What the user wants diagrams and formulas to become.

use crate::markup::DrawingKind;

/// What the user wants diagrams and formulas to become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawingSettings {
    /// Mermaid's diagrams.
    pub mermaid: DrawingForm,
    /// Graphviz' diagrams.
    pub graphviz: DrawingForm,
    /// PlantUML's diagrams. A server of one's own draws them where one is named.
    pub plantuml: DrawingForm,
    /// Diagrams in all other languages; pictures where a server draws them, else code, when none.
    pub others: Option<DrawingForm>,
    /// Formulas, in lines of text and on their own.
    pub math: DrawingForm,
    /// What pictures are attached as.
    pub format: PictureFormat,
    /// The address of one's own server, Kroki's or PlantUML's, which draws what is not drawn here and
    /// all of PlantUML. It is none of the entries: a repository must not choose where sources are sent.
    pub server: Option<String>,
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

impl DrawingSettings {
    /// Reads entries such as `mermaid=code`, `math=macro:mathblock`, `format=svg`; what they do not
    /// mention stays as it is by default. `code` by itself is all of them.
    ///
    /// # Errors
    /// The entry that is wrong, and what there may be instead.
    pub fn read(entries: &[String]) -> Result<Self, String> {
        let mut settings = Self::default();
        for entry in entries {
            let (key, value) = entry.split_once('=').unwrap_or(("all", entry));
            let (key, value) = (key.trim(), value.trim());
            if key == "format" {
                settings.format = match value {
                    "png" => PictureFormat::Png,
                    "svg" => PictureFormat::Svg,
                    _ => return Err(format!("`{entry}` must be `format=png` or `format=svg`")),
                };
                continue;
            }
            let form = match (value, value.strip_prefix("macro:")) {
                ("image", _) => DrawingForm::Image,
                ("code", _) => DrawingForm::Code,
                (_, Some(name)) if !name.is_empty() && key != "all" => {
                    DrawingForm::Macro(name.to_owned())
                }
                _ => {
                    return Err(format!("`{entry}` must be `image`, `code` or `macro:NAME`"));
                }
            };
            match key {
                "mermaid" => settings.mermaid = form,
                "graphviz" => settings.graphviz = form,
                "plantuml" => settings.plantuml = form,
                "others" => settings.others = Some(form),
                "math" => settings.math = form,
                "all" => {
                    settings.mermaid = form.clone();
                    settings.graphviz = form.clone();
                    settings.plantuml = form.clone();
                    settings.others = Some(form.clone());
                    settings.math = form;
                }
                _ => {
                    return Err(format!(
                        "`{entry}` must begin with `mermaid=`, `graphviz=`, `plantuml=`, `others=`, \
                         `math=` or `format=`"
                    ));
                }
            }
        }
        Ok(settings)
    }

    /// The entries that [`DrawingSettings::read`] reads, for what is not as it is by default.
    pub fn entries(&self) -> Vec<String> {
        let usual = Self::default();
        let drawn = |key, form, usual| (form != usual).then_some((key, form));
        let forms = [
            drawn("mermaid", self.mermaid.clone(), usual.mermaid),
            drawn("graphviz", self.graphviz.clone(), usual.graphviz),
            drawn("plantuml", self.plantuml.clone(), usual.plantuml),
            self.others.clone().map(|form| ("others", form)),
            drawn("math", self.math.clone(), usual.math),
        ];
        let mut entries: Vec<String> = forms
            .into_iter()
            .flatten()
            .map(|(key, form)| match form {
                DrawingForm::Image => format!("{key}=image"),
                DrawingForm::Code => format!("{key}=code"),
                DrawingForm::Macro(name) => format!("{key}=macro:{name}"),
            })
            .collect();
        if self.format != usual.format {
            entries.push(format!("format={}", self.format.ending()));
        }
        entries
    }
}

impl Default for DrawingSettings {
    fn default() -> Self {
        Self {
            mermaid: DrawingForm::Image,
            graphviz: DrawingForm::Image,
            plantuml: DrawingForm::Image,
            others: None,
            math: DrawingForm::Image,
            format: PictureFormat::default(),
            server: None,
        }
    }
}

impl DrawingSettings {
    /// What a kind becomes.
    pub fn form(&self, kind: DrawingKind) -> &DrawingForm {
        let unsaid = match self.server {
            Some(_) => &DrawingForm::Image,
            None => &DrawingForm::Code,
        };
        match kind {
            DrawingKind::Mermaid => &self.mermaid,
            DrawingKind::Graphviz => &self.graphviz,
            DrawingKind::PlantUml => &self.plantuml,
            DrawingKind::Other(_) => self.others.as_ref().unwrap_or(unsaid),
            // They are drawn here, so no server has to be named.
            DrawingKind::DrawIo | DrawingKind::Excalidraw => {
                self.others.as_ref().unwrap_or(&DrawingForm::Image)
            }
            DrawingKind::Formula | DrawingKind::Equation => &self.math,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DrawingForm, DrawingSettings, PictureFormat};

    #[test]
    fn entries_are_read_as_they_are_written() {
        let read = |entries: &[&str]| {
            let entries: Vec<String> = entries.iter().map(|entry| (*entry).to_owned()).collect();
            DrawingSettings::read(&entries)
        };
        assert_eq!(read(&[]), Ok(DrawingSettings::default()));
        let settings = DrawingSettings {
            mermaid: DrawingForm::Code,
            graphviz: DrawingForm::Image,
            plantuml: DrawingForm::Macro("plantuml".to_owned()),
            others: Some(DrawingForm::Image),
            math: DrawingForm::Macro("mathblock".to_owned()),
            format: PictureFormat::Svg,
            server: None,
        };
        let entries = [
            "mermaid=code",
            "plantuml=macro:plantuml",
            "others=image",
            "math=macro:mathblock",
            "format=svg",
        ];
        assert_eq!(read(&entries), Ok(settings.clone()));
        assert_eq!(settings.entries(), entries);
        let code = read(&["code"]).unwrap();
        assert!(code.mermaid == DrawingForm::Code && code.math == DrawingForm::Code);
        for wrong in [
            "mermaid=picture",
            "math=macro:",
            "format=gif",
            "d2=code",
            "plantuml=picture",
            "macro:x",
        ] {
            let error = read(&[wrong]).unwrap_err();
            assert!(error.contains(wrong), "{error}");
        }
    }
}
