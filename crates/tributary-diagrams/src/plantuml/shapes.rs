//! Outlines that diagrams of several families have, and how they are painted.

use super::super::canvas::{Canvas, Paint, Point, ellipse, polyline};

/// A rectangle as a path.
pub(super) fn rectangle((x, y): Point, (width, height): (f64, f64)) -> String {
    let (right, bottom) = (x + width, y + height);
    let mut path = polyline(&[(x, y), (right, y), (right, bottom), (x, bottom)]);
    path.push('Z');
    path
}

/// Makes room for a rectangle.
pub(super) fn reach(canvas: &mut Canvas, (x, y): Point, (width, height): (f64, f64)) {
    canvas.reach((x, y));
    canvas.reach((x + width, y + height));
}

/// A line without what is inside of it.
pub(super) fn stroke(color: &str, width: f64) -> Paint {
    Paint {
        fill: None,
        stroke: Some(color.to_owned()),
        width,
        dashes: None,
        opacity: 1.0,
    }
}

/// An outline with what is inside of it.
pub(super) fn filled(fill: &str, line: &str) -> Paint {
    Paint {
        fill: Some(fill.to_owned()),
        ..stroke(line, 1.0)
    }
}

/// A rectangle with round corners.
pub(super) fn rounded((x, y): Point, (width, height): (f64, f64), radius: f64) -> String {
    let radius = radius.min(width / 2.0).min(height / 2.0);
    let (right, bottom) = (x + width, y + height);
    format!(
        "M{} {y}H{}A{radius} {radius} 0 0 1 {right} {}V{}A{radius} {radius} 0 0 1 {} {bottom}H{}A{radius} {radius} 0 0 1 {x} {}V{}A{radius} {radius} 0 0 1 {} {y}Z",
        x + radius,
        right - radius,
        y + radius,
        bottom - radius,
        right - radius,
        x + radius,
        bottom - radius,
        y + radius,
        x + radius
    )
}

/// A barrel that stands.
pub(super) fn barrel((x, y): Point, (width, height): (f64, f64)) -> String {
    let (half, right) = (width / 2.0, x + width);
    format!(
        "M{x} {}A{half} 6 0 0 1 {right} {}V{}A{half} 6 0 0 1 {x} {}Z",
        y + 6.0,
        y + 6.0,
        y + height - 6.0,
        y + height - 6.0
    )
}

/// A barrel that lies.
pub(super) fn pipe((x, y): Point, (width, height): (f64, f64)) -> String {
    let (half, bottom) = (height / 2.0, y + height);
    format!(
        "M{} {y}H{}A7 {half} 0 0 1 {} {bottom}H{}A7 {half} 0 0 1 {} {y}Z",
        x + 7.0,
        x + width - 7.0,
        x + width - 7.0,
        x + 7.0,
        x + 7.0
    )
}

/// Somebody, drawn with lines, below a place.
pub(super) fn person(canvas: &mut Canvas, (x, y): Point, paint: &Paint) {
    canvas.path(&ellipse((x, y + 9.0), 8.0, 8.0), paint);
    let body = format!(
        "M{x} {}V{}M{} {}H{}M{x} {}L{} {}M{x} {}L{} {}",
        y + 17.0,
        y + 42.0,
        x - 13.0,
        y + 25.0,
        x + 13.0,
        y + 42.0,
        x - 12.0,
        y + 56.0,
        y + 42.0,
        x + 12.0,
        y + 56.0
    );
    canvas.path(
        &body,
        &Paint {
            fill: None,
            ..paint.clone()
        },
    );
    reach(canvas, (x - 13.0, y), (26.0, 56.0));
}
