//! Where the cells of a page are: in what holds them, and words on lines where the lines are.

use std::collections::HashMap;

use resvg::usvg::roxmltree::Node;

use crate::Failure;
use crate::canvas::Point;

use super::model::{Cells, Room, cell_of, parse};
use super::route;

/// Cells of a page that are drawn.
const MOST_CELLS: usize = 20_000;
/// Cells in cells beyond this are not drawn.
const DEEPEST: usize = 100;

impl Cells {
    pub(super) fn read(model: &str) -> Result<Self, Failure> {
        let document = parse(model)?;
        let root = document.root_element();
        let Some(root) = root.children().find(|node| node.has_tag_name("root")) else {
            return Err(Failure::new("one of its pages has no drawing"));
        };
        let mut cells = Vec::new();
        for node in root.children().filter(Node::is_element) {
            if cells.len() == MOST_CELLS {
                return Err(Failure::new("it has too many shapes for a picture"));
            }
            cells.extend(cell_of(node));
        }
        let mut by_id = HashMap::with_capacity(cells.len());
        for (at, cell) in cells.iter().enumerate() {
            by_id.entry(cell.id.clone()).or_insert(at);
        }
        let mut made = Self {
            origins: vec![(0.0, 0.0); cells.len()],
            bounds: vec![None; cells.len()],
            order: Vec::with_capacity(cells.len()),
            cells,
            by_id,
        };
        made.place_all();
        Ok(made)
    }

    /// Puts the cells in order and finds out where each is. What is in a hidden cell is hidden.
    fn place_all(&mut self) {
        let mut inside: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut roots = Vec::new();
        for (at, cell) in self.cells.iter().enumerate() {
            match self.by_id.get(&cell.parent).filter(|parent| **parent != at) {
                Some(parent) => inside.entry(*parent).or_default().push(at),
                None => roots.push(at),
            }
        }
        // From the last to the first, because what was put in last is taken first.
        let mut waiting: Vec<(usize, Point, usize)> = Vec::new();
        waiting.extend(roots.iter().rev().map(|at| (*at, (0.0, 0.0), 0)));
        let mut on_lines = Vec::new();
        while let Some((at, origin, depth)) = waiting.pop() {
            let cell = &self.cells[at];
            if !cell.is_visible || depth > DEEPEST {
                continue;
            }
            self.order.push(at);
            self.origins[at] = origin;
            let geometry = &cell.geometry;
            let mut next = origin;
            if cell.is_vertex {
                let parent = self.by_id.get(&cell.parent).copied();
                if parent.is_some_and(|parent| self.cells[parent].is_edge) {
                    on_lines.push(at);
                } else {
                    let (x, y) = match (geometry.is_relative, parent.and_then(|at| self.bounds[at]))
                    {
                        (true, Some(around)) => {
                            let (right, down) = geometry.offset.unwrap_or_default();
                            (
                                around.x + geometry.x * around.width + right,
                                around.y + geometry.y * around.height + down,
                            )
                        }
                        _ => (origin.0 + geometry.x, origin.1 + geometry.y),
                    };
                    self.bounds[at] = Some(Room {
                        x,
                        y,
                        width: geometry.width.max(0.0),
                        height: geometry.height.max(0.0),
                    });
                    next = (x, y);
                }
            }
            let children = inside.get(&at).into_iter().flatten().rev();
            waiting.extend(children.map(|child| (*child, next, depth + 1)));
        }
        // Words on lines stand where the lines are, which is known once all shapes have places.
        for at in on_lines {
            let cell = &self.cells[at];
            let Some(line) = self.by_id.get(&cell.parent) else {
                continue;
            };
            let Some(points) = route::points(self, &self.cells[*line]) else {
                continue;
            };
            let (x, y) = route::label_place(&points, cell);
            self.bounds[at] = Some(Room {
                x,
                y,
                width: 0.0,
                height: 0.0,
            });
        }
    }
}
