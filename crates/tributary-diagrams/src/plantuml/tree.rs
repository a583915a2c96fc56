//! Maps of thoughts, and work that is broken down: trees that are written as lists.

use super::super::Failure;
use super::super::canvas::{Anchor, Canvas, number, polyline};
use super::colors;
use super::frame::{Frame, Reader, words_of};
use super::lines::{Line, unknown, wrong};
use super::shapes::{filled, reach, rounded, stroke};
use super::words::{SIZE, Words};

const LINE: &str = "#181818";
const FILL: &str = "#F1F1F1";
const PAD: f64 = 8.0;
/// Between a thought and those that come from it, and between those.
const AWAY: f64 = 40.0;
const APART: f64 = 12.0;
/// How far parts of work are to the right of what they are parts of.
const INDENT: f64 = 18.0;
const MOST: usize = 1_000;
const DEEPEST: usize = 30;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Mind,
    Work,
}

#[derive(Debug)]
struct Branch {
    words: Words,
    color: Option<String>,
    has_box: bool,
    is_left: bool,
    children: Vec<usize>,
}

#[derive(Debug, Default)]
struct Tree {
    branches: Vec<Branch>,
    roots: Vec<usize>,
    /// The branch of each level that is still growing.
    open: Vec<usize>,
    is_left: bool,
}

pub(super) fn draw(reader: &mut Reader, frame: &mut Frame, kind: Kind) -> Result<Canvas, Failure> {
    let mut tree = Tree::default();
    while let Some(line) = reader.next() {
        if tree.branches.len() > MOST {
            return Err(wrong(line.number, "it has too much in it for a picture"));
        }
        if !frame.take(line, reader)? {
            tree.line(line, reader, kind)?;
        }
    }
    if tree.roots.is_empty() {
        return Err(Failure::new("it shows nothing"));
    }
    let mut whole = Canvas::new();
    for root in &tree.roots {
        let mut canvas = Canvas::new();
        match kind {
            Kind::Mind => tree.mind(*root, &mut canvas),
            Kind::Work => tree.work(*root, &mut canvas),
        }
        whole.put_below(canvas, 2.0 * APART);
    }
    Ok(whole)
}

impl Tree {
    fn line(&mut self, line: &Line, reader: &mut Reader, kind: Kind) -> Result<(), Failure> {
        let text = line.text.trim();
        match (kind, text.to_ascii_lowercase().as_str()) {
            (Kind::Mind, "left side") => {
                self.is_left = true;
                return Ok(());
            }
            (Kind::Mind, "right side") => {
                self.is_left = false;
                return Ok(());
            }
            _ => {}
        }
        let sign = text.chars().next().filter(|sign| "*+-#".contains(*sign));
        let sign = sign.ok_or_else(|| unknown(line))?;
        let level = text.chars().take_while(|letter| *letter == sign).count();
        let mut rest = &text[level..];
        let mut color = None;
        if let Some(inside) = rest.strip_prefix("[#") {
            let (named, after) = inside.split_once(']').ok_or_else(|| unknown(line))?;
            color = colors::of(named);
            rest = after;
        }
        let mut has_box = true;
        if let Some(after) = rest.strip_prefix('_') {
            has_box = false;
            rest = after;
        }
        let mut is_left = self.is_left || sign == '-' && kind == Kind::Mind;
        // On which side parts of work are is of no matter here.
        if kind == Kind::Work
            && let Some(after) = rest.strip_prefix(['<', '>'])
        {
            rest = after;
        }
        let words = if let Some(first) = rest.strip_prefix(':') {
            let mut text = first.trim().to_owned();
            if !text.ends_with(';') {
                // The end stands at the end of a line.
                loop {
                    let Some(more) = reader.next() else {
                        return Err(wrong(line.number, "a `;` is missing"));
                    };
                    text.push('\n');
                    text.push_str(more.text.trim());
                    if text.ends_with(';') {
                        break;
                    }
                }
            }
            text.pop();
            words_of(&text, SIZE, line)?
        } else if rest.starts_with(char::is_whitespace) {
            words_of(rest.trim(), SIZE, line)?
        } else {
            return Err(unknown(line));
        };
        if level > self.open.len() + 1 || level > DEEPEST {
            return Err(unknown(line));
        }
        self.open.truncate(level - 1);
        // All below a branch is on its side.
        if self.open.len() > 1 {
            is_left = self.branches[self.open[1]].is_left;
        }
        self.branches.push(Branch {
            words,
            color,
            has_box,
            is_left,
            children: Vec::new(),
        });
        let made = self.branches.len() - 1;
        match self.open.last() {
            Some(parent) => self.branches[*parent].children.push(made),
            None => self.roots.push(made),
        }
        self.open.push(made);
        Ok(())
    }

    fn size(&self, at: usize) -> (f64, f64) {
        let words = &self.branches[at].words;
        (words.width() + 2.0 * PAD, words.height() + 2.0 * PAD)
    }

    fn put(&self, at: usize, place: (f64, f64), canvas: &mut Canvas) {
        let branch = &self.branches[at];
        let size = self.size(at);
        if branch.has_box {
            let fill = branch.color.as_deref().unwrap_or(FILL);
            canvas.path(&rounded(place, size, 8.0), &filled(fill, LINE));
        }
        reach(canvas, place, size);
        let middle = place.0 + size.0 / 2.0;
        branch
            .words
            .draw(canvas, (middle, place.1 + PAD), Anchor::Middle);
    }

    /// The height of a branch with all that comes from it on a side.
    fn height(&self, at: usize, side: Option<bool>) -> f64 {
        let children = self.of_side(at, side);
        let heights = children.iter().map(|child| self.height(*child, None));
        let gaps = APART * children.len().saturating_sub(1) as f64;
        (heights.sum::<f64>() + gaps).max(self.size(at).1)
    }

    fn of_side(&self, at: usize, side: Option<bool>) -> Vec<usize> {
        let children = self.branches[at].children.iter().copied();
        children
            .filter(|child| side.is_none_or(|side| self.branches[*child].is_left == side))
            .collect()
    }

    fn mind(&self, root: usize, canvas: &mut Canvas) {
        let (width, height) = self.size(root);
        self.put(root, (-width / 2.0, -height / 2.0), canvas);
        for is_left in [false, true] {
            let edge = if is_left { -width / 2.0 } else { width / 2.0 };
            self.grow(root, Some(is_left), (edge, 0.0), is_left, canvas);
        }
    }

    /// Draws what comes from a branch, beside the middle of its edge.
    fn grow(
        &self,
        at: usize,
        side: Option<bool>,
        (x, y): (f64, f64),
        is_left: bool,
        canvas: &mut Canvas,
    ) {
        let children = self.of_side(at, side);
        let heights: Vec<f64> = children.iter().map(|one| self.height(*one, None)).collect();
        let gaps = APART * children.len().saturating_sub(1) as f64;
        let mut top = y - (heights.iter().sum::<f64>() + gaps) / 2.0;
        let way = if is_left { -1.0 } else { 1.0 };
        for (child, height) in children.iter().zip(heights) {
            let middle = top + height / 2.0;
            let (width, own) = self.size(*child);
            let near = x + way * AWAY;
            let left = if is_left { near - width } else { near };
            let bend = x + way * AWAY / 2.0;
            let path = format!(
                "M{} {}C{} {} {} {} {} {}",
                number(x),
                number(y),
                number(bend),
                number(y),
                number(bend),
                number(middle),
                number(near),
                number(middle)
            );
            canvas.path(&path, &stroke(LINE, 1.0));
            self.put(*child, (left, middle - own / 2.0), canvas);
            let far = near + way * width;
            self.grow(*child, None, (far, middle), is_left, canvas);
            top += height + APART;
        }
    }

    /// The first parts stand in a row, those of them in lists below.
    fn work(&self, root: usize, canvas: &mut Canvas) {
        let (width, height) = self.size(root);
        let children = &self.branches[root].children;
        let line = stroke(LINE, 1.0);
        let mut x = 0.0;
        let mut middles = Vec::new();
        for child in children {
            let size = self.size(*child);
            let (top, left) = (height + AWAY, x);
            self.put(*child, (left, top), canvas);
            middles.push(left + size.0 / 2.0);
            let mut y = top + size.1;
            let right = self.list(*child, (left + INDENT / 2.0, &mut y), canvas);
            x = right.max(left + size.0) + 2.0 * APART;
        }
        let middle = match (middles.first(), middles.last()) {
            (Some(first), Some(last)) => (first + last) / 2.0,
            _ => width / 2.0,
        };
        let bend = height + AWAY / 2.0;
        for child in &middles {
            let points = [
                (middle, height),
                (middle, bend),
                (*child, bend),
                (*child, height + AWAY),
            ];
            canvas.path(&polyline(&points), &line);
        }
        self.put(root, (middle - width / 2.0, 0.0), canvas);
    }

    /// Draws parts below a place. Gives how far they reach.
    fn list(&self, at: usize, (x, y): (f64, &mut f64), canvas: &mut Canvas) -> f64 {
        let start = *y;
        let mut right = x;
        for child in &self.branches[at].children {
            *y += APART;
            let size = self.size(*child);
            let middle = *y + size.1 / 2.0;
            let points = [(x, start), (x, middle), (x + INDENT, middle)];
            canvas.path(&polyline(&points), &stroke(LINE, 1.0));
            self.put(*child, (x + INDENT, *y), canvas);
            right = right.max(x + INDENT + size.0);
            *y += size.1;
            right = right.max(self.list(*child, (x + 1.5 * INDENT, y), canvas));
        }
        right
    }
}
