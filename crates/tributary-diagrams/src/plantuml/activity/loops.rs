//! Chooses the places of steps that are done again.

use super::super::words::Words;
use super::layout::{
    BEND, GAP, MERGE, NEAR, RAIL, action_size, connect, down, last_arrow, lead, put_action,
    put_test, room, stroke_of, test_size, words_of,
};
use super::tile::{Place, Port, Sign, Tile, axis};
use super::{Action, Arrow, Block, Test};

/// What is done as long as a test says so, which stands above it.
pub(super) fn as_long_as<'a>(
    test: &'a Test,
    (yes, no): (&'a Words, &'a Words),
    inner: &'a Block,
    back: Option<&'a Action>,
) -> Tile<'a> {
    let lane = test.lane;
    let mut tile = Tile::new(lane);
    let (width, height) = test_size(test);
    let (half, middle) = (width / 2.0, height / 2.0);
    put_test(&mut tile, test, middle);
    let bottom = Port {
        place: axis(lane),
        y: height,
    };
    let exit = down(&mut tile, bottom, lead(inner, Some(yes), lane), 0.0);
    if let Some(exit) = exit {
        let end = (axis(lane).beside(half), middle);
        turn_back(&mut tile, exit, end, back, last_arrow(inner));
    }
    let left = axis(lane).beside(-half);
    tile.label(no, left.beside(-3.0), middle - no.height() - 1.0, true);
    let rail = Place {
        lane,
        x: tile.span(lane).0.min(-half - no.width() - 6.0) - RAIL,
    };
    tile.line(vec![(left, middle), (rail, middle)], None, false);
    let mut end = middle;
    for port in std::mem::take(&mut tile.breaks) {
        let y = port.y + BEND;
        tile.line(
            vec![(port.place, port.y), (port.place, y), (rail, y)],
            None,
            true,
        );
        end = end.max(y);
    }
    tile.line(vec![(rail, middle), (rail, end)], None, false);
    tile.exit = Some(Port {
        place: rail,
        y: end,
    });
    tile
}

/// Leads the flow back up to an earlier place, at the right of all that is between.
fn turn_back<'a>(
    tile: &mut Tile<'a>,
    from: Port,
    (to, top): (Place, f64),
    back: Option<&'a Action>,
    arrow: Option<&'a Arrow>,
) {
    let stroke = stroke_of(arrow);
    let far = tile.span(to.lane).1.max(to.x) + RAIL;
    let mut low = tile.height + 10.0;
    let Some(action) = back else {
        let rail = Place {
            lane: to.lane,
            x: far,
        };
        let points = vec![
            (from.place, from.y),
            (from.place, low),
            (rail, low),
            (rail, top),
            (to, top),
        ];
        tile.line(points, stroke, true);
        back_words(tile, rail, (top + low) / 2.0, arrow);
        tile.height = tile.height.max(low);
        return;
    };
    let (width, height) = action_size(action);
    let rail = Place {
        lane: to.lane,
        x: far + width / 2.0,
    };
    let upper = ((top + low - height) / 2.0).max(top + GAP);
    low = low.max(upper + height + GAP);
    let points = vec![
        (from.place, from.y),
        (from.place, low),
        (rail, low),
        (rail, upper + height),
    ];
    tile.line(points, stroke, true);
    tile.line(vec![(rail, upper), (rail, top), (to, top)], stroke, true);
    let exit = tile.exit.take();
    put_action(tile, action, rail, upper);
    tile.exit = exit;
    back_words(tile, rail.beside(width / 2.0), upper, arrow);
    tile.height = tile.height.max(low);
}

fn back_words<'a>(tile: &mut Tile<'a>, rail: Place, y: f64, arrow: Option<&'a Arrow>) {
    if let Some(words) = words_of(arrow) {
        tile.label(words, rail.beside(NEAR), y, false);
    }
}

/// What is done again as long as a test says so, which stands below it.
pub(super) fn repeat<'a>(
    first: Option<&'a Action>,
    inner: &'a Block,
    back: Option<&'a Action>,
    test: &'a Test,
    (yes, no): (&'a Words, &'a Words),
    lane: usize,
) -> Tile<'a> {
    let mut tile = Tile::new(lane);
    let size = match first {
        Some(action) => put_action(&mut tile, action, axis(lane), 0.0),
        None => {
            let size = (MERGE, MERGE);
            tile.sign(Sign::Merge, axis(lane), 0.0, size, (None, None));
            size
        }
    };
    let mut exit = Some(Port {
        place: axis(lane),
        y: size.1,
    });
    if !inner.steps.is_empty() || inner.is_detached {
        let from = Port {
            place: axis(lane),
            y: size.1,
        };
        exit = down(&mut tile, from, lead(inner, None, lane), 0.0);
    }
    let arrow = match inner.steps.is_empty() {
        true => inner.arrow.as_ref(),
        false => last_arrow(inner),
    };
    let from = tile.height;
    let (width, height) = test_size(test);
    let place = axis(test.lane);
    let turns = exit.is_some_and(|exit| exit.place != place);
    let top = from + GAP + room(words_of(arrow)) + if turns { BEND } else { 0.0 };
    let (half, middle) = (width / 2.0, top + height / 2.0);
    put_test(&mut tile, test, middle);
    if let Some(exit) = exit {
        connect(&mut tile, exit, Port { place, y: top }, from, arrow, true);
    }
    let corner = place.beside(half);
    tile.label(yes, corner.beside(3.0), middle - yes.height() - 1.0, false);
    let far = tile.span(lane).1.max(size.0 / 2.0) + RAIL;
    let rail = Place {
        lane,
        x: match test.lane == lane {
            true => far.max(half + yes.width() + 6.0 + RAIL),
            false => far,
        },
    };
    let top_corner = (axis(lane).beside(size.0 / 2.0), size.1 / 2.0);
    match back {
        None => {
            let points = vec![
                (corner, middle),
                (rail, middle),
                (rail, top_corner.1),
                top_corner,
            ];
            tile.line(points, None, true);
        }
        Some(action) => {
            let (width, height) = action_size(action);
            let rail = rail.beside(width / 2.0);
            let upper = (top_corner.1 + middle - height) / 2.0;
            tile.line(
                vec![(corner, middle), (rail, middle), (rail, upper + height)],
                None,
                true,
            );
            tile.line(
                vec![(rail, upper), (rail, top_corner.1), top_corner],
                None,
                true,
            );
            put_action(&mut tile, action, rail, upper);
        }
    }
    let mut end = Port {
        place,
        y: middle + height / 2.0,
    };
    tile.label(no, place.beside(NEAR), end.y + 1.0, false);
    tile.height = tile.height.max(end.y + no.height());
    let breaks = std::mem::take(&mut tile.breaks);
    if !breaks.is_empty() {
        let low = tile.height + 10.0;
        let left = Place {
            lane,
            x: tile.span(lane).0 - RAIL,
        };
        let mut high = low;
        for port in breaks {
            let y = port.y + BEND;
            tile.line(
                vec![(port.place, port.y), (port.place, y), (left, y)],
                None,
                true,
            );
            high = high.min(y);
        }
        tile.line(vec![(left, high), (left, low), (place, low)], None, false);
        tile.line(vec![(place, end.y), (place, low)], None, false);
        tile.height = low;
        end.y = low;
    }
    tile.exit = Some(end);
    tile
}
