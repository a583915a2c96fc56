//! How the lines of arrows look, which their brackets say alike in all families.

use super::colors;

/// What the brackets within an arrow say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Stroke {
    pub(super) is_dashed: bool,
    pub(super) is_dotted: bool,
    pub(super) is_bold: bool,
    pub(super) is_hidden: bool,
    pub(super) color: Option<String>,
}

impl Stroke {
    /// Reads what stands in brackets. None for what is not known.
    pub(super) fn read(&mut self, looks: &str) -> Option<()> {
        for look in looks.split([',', ';']) {
            match look.trim() {
                "bold" => self.is_bold = true,
                "dashed" => self.is_dashed = true,
                "dotted" => self.is_dotted = true,
                "hidden" => self.is_hidden = true,
                "plain" | "" => {}
                look if look.starts_with("thickness=") => self.is_bold = true,
                look if look.starts_with('#') => self.color = colors::of(look),
                _ => return None,
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::Stroke;

    #[test]
    fn what_brackets_say_is_read_whole_or_not() {
        let mut stroke = Stroke::default();
        assert!(stroke.read("#green,dashed;thickness=2").is_some());
        assert_eq!(stroke.color.as_deref(), Some("green"));
        assert!(stroke.is_dashed && stroke.is_bold && !stroke.is_hidden);
        assert!(Stroke::default().read("dashed,wavy").is_none());
    }
}
