//! Colors as PlantUML's sources name them.

use super::super::canvas::color_of;

/// The names that SVG knows.
const NAMES: &str = " aliceblue antiquewhite aqua aquamarine azure beige bisque black \
    blanchedalmond blue blueviolet brown burlywood cadetblue chartreuse chocolate coral \
    cornflowerblue cornsilk crimson cyan darkblue darkcyan darkgoldenrod darkgray darkgreen \
    darkgrey darkkhaki darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon \
    darkseagreen darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink \
    deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro \
    ghostwhite gold goldenrod gray green greenyellow grey honeydew hotpink indianred indigo ivory \
    khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan \
    lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen \
    lightskyblue lightslategray lightslategrey lightsteelblue lightyellow lime limegreen linen \
    magenta maroon mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen \
    mediumslateblue mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream \
    mistyrose moccasin navajowhite navy oldlace olive olivedrab orange orangered orchid \
    palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum \
    powderblue purple rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen \
    seashell sienna silver skyblue slateblue slategray slategrey snow springgreen steelblue tan \
    teal thistle tomato turquoise violet wheat white whitesmoke yellow yellowgreen ";

/// A color, with or without the sign before it; of two that run into each other the first. None for
/// what is no color.
pub(super) fn of(written: &str) -> Option<String> {
    let written = written.trim().trim_start_matches('#');
    let first = written
        .split(['/', '|', '\\', ';', '-'])
        .next()
        .unwrap_or_default()
        .trim();
    let is_digits = first.bytes().all(|letter| letter.is_ascii_hexdigit());
    if is_digits && matches!(first.len(), 3 | 6 | 8) {
        return color_of(&format!("#{first}"));
    }
    let name = first.to_ascii_lowercase();
    NAMES.contains(&format!(" {name} ")).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn colors_have_names_or_digits() {
        assert_eq!(of("#LightBlue").as_deref(), Some("lightblue"));
        assert_eq!(of("#FF8800").as_deref(), Some("#ff8800"));
        assert_eq!(of("#red/blue").as_deref(), Some("red"));
        for none in ["", "#", "#technology", "url(x)", "#12", "red\"", " "] {
            assert_eq!(of(none), None, "{none}");
        }
    }
}
