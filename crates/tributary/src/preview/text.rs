//! The text of a file, and where its lines are and the rows that it is shown in.

use std::borrow::Cow;
use std::ops::Range;

use bytes::Bytes;

use super::LongLine;
use super::paint::visible;

/// Every so many lines it is noted where one begins.
const EVERY: usize = 256;
/// Lines of more bytes than this are shown in several rows.
const LONGEST_ROW: usize = 4096;
/// The characters of each of those rows: about as many as fit on a wide screen, so that a row more
/// is little to draw.
const OF_A_ROW: usize = 256;

/// Text in UTF-8, and where its lines are.
#[derive(Debug)]
pub(super) struct Text {
    bytes: Bytes,
    /// How many lines there are.
    pub(super) total: usize,
    /// Where every 256th line begins.
    marks: Vec<u32>,
    /// The rows that lines go on in, from the top; lines that are one row have none here.
    further: Vec<Further>,
}

/// A row that is not the first one of its line.
#[derive(Debug)]
struct Further {
    line: u32,
    /// Where it begins in the file.
    at: u32,
    /// How many characters of the line are before it, as they are shown.
    column: u32,
}

/// A row as it is shown.
#[derive(Debug)]
pub(super) struct Row {
    /// Where it is in the file, without the end of its line.
    pub(super) bytes: Range<usize>,
    /// How many characters of its line are before it, as they are shown.
    pub(super) column: u32,
}

/// A place in the text, and the line around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) at: usize,
    pub(super) line: usize,
    /// Where the line ends, without what ends it.
    pub(super) ends: usize,
    /// Where the next line begins.
    next: usize,
}

impl Text {
    pub(super) fn new(bytes: Bytes) -> Self {
        let mut marks = vec![0];
        let mut further = Vec::new();
        let (mut total, mut begun) = (0, 0);
        for end in memchr::memchr_iter(b'\n', &bytes) {
            if end - begun > LONGEST_ROW {
                cut(
                    &bytes,
                    begun..without_return(&bytes, begun, end),
                    total,
                    &mut further,
                );
            }
            total += 1;
            begun = end + 1;
            if total % EVERY == 0 {
                marks.push(small(begun));
            }
        }
        if begun < bytes.len() {
            if bytes.len() - begun > LONGEST_ROW {
                cut(&bytes, begun..bytes.len(), total, &mut further);
            }
            total += 1;
        }
        further.shrink_to_fit();
        Self {
            bytes,
            total,
            marks,
            further,
        }
    }

    /// The beginning of the first line.
    pub(super) fn beginning(&self) -> Cow<'_, str> {
        let first = memchr::memchr(b'\n', &self.bytes).unwrap_or(self.bytes.len());
        String::from_utf8_lossy(&self.bytes[..first.min(1000)])
    }

    /// How many rows there are: as many as lines, and more where lines are long.
    pub(super) fn rows(&self) -> usize {
        self.total + self.further.len()
    }

    /// The row that a line begins in.
    pub(super) fn row_of(&self, line: usize) -> usize {
        line + self
            .further
            .partition_point(|row| (row.line as usize) < line)
    }

    /// The line that a row is of, and how many further rows are above the row and in it.
    fn line_of(&self, row: usize) -> (usize, usize) {
        // The further row of a number is below its line's first one and those above it.
        let (mut low, mut high) = (0, self.further.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.further[middle].line as usize + 1 + middle <= row {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (row - low, low)
    }

    /// The row that a character of a line is in, as characters are shown.
    pub(super) fn row_at(&self, line: usize, column: u32) -> usize {
        let before = |row: &Further| (row.line as usize, row.column) <= (line, column);
        line + self.further.partition_point(before)
    }

    /// The lines that have several rows.
    pub(super) fn long_lines(&self) -> Vec<LongLine> {
        let chunks = self.further.chunk_by(|one, other| one.line == other.line);
        chunks
            .map(|rows| LongLine {
                line: rows[0].line,
                rows: small(rows.len() + 1),
            })
            .collect()
    }

    /// Where a row begins; the end of the text for one that is not there.
    pub(super) fn spot(&self, row: usize) -> Spot {
        let (line, further) = self.line_of(row);
        if let Some(row) = further.checked_sub(1).map(|last| &self.further[last])
            && row.line as usize == line
        {
            return self.spot_at(row.at as usize, line);
        }
        let mark = self.marks.get(line / EVERY).copied();
        let mut at = mark.map_or(self.bytes.len(), |mark| mark as usize);
        for _ in 0..line % EVERY {
            let end = memchr::memchr(b'\n', &self.bytes[at..]);
            at = end.map_or(self.bytes.len(), |end| at + end + 1);
        }
        self.spot_at(at, line)
    }

    fn spot_at(&self, at: usize, line: usize) -> Spot {
        let end = memchr::memchr(b'\n', &self.bytes[at..]);
        let (ends, next) = match end {
            Some(end) => (without_return(&self.bytes, at, at + end), at + end + 1),
            None => (self.bytes.len(), self.bytes.len()),
        };
        Spot {
            at,
            line: if at == self.bytes.len() {
                self.total
            } else {
                line
            },
            ends,
            next,
        }
    }

    /// What is ahead in the line of a spot: all of it, or of more than so many bytes the beginning.
    /// Tells whether it is all.
    pub(super) fn ahead(&self, spot: &Spot, most: usize) -> (&str, bool) {
        let mut end = spot.ends.min(spot.at + most);
        // No letter is cut in two.
        while end < spot.ends && end > spot.at && (self.bytes[end] & 0xc0) == 0x80 {
            end -= 1;
        }
        (self.part(spot.at..end), end == spot.ends)
    }

    /// Goes on by so many bytes of the line, at its end to the next one.
    pub(super) fn pass(&self, spot: &mut Spot, bytes: usize) {
        spot.at += bytes;
        if spot.at >= spot.ends {
            *spot = self.spot_at(spot.next, spot.line + 1);
        }
    }

    /// Whether a spot is the end of the text.
    pub(super) fn is_end(&self, spot: &Spot) -> bool {
        spot.at >= self.bytes.len()
    }

    /// How many rows end at a spot or above it.
    pub(super) fn rows_above(&self, spot: &Spot) -> usize {
        let above = |row: &Further| (row.line as usize, row.at as usize) <= (spot.line, spot.at);
        spot.line + self.further.partition_point(above)
    }

    /// Rows by number, up to so many bytes of them; one at least.
    pub(super) fn some(&self, rows: Range<usize>, most: usize) -> Vec<Row> {
        let mut found: Vec<Row> = Vec::with_capacity(rows.len().min(10_000));
        let mut spot = self.spot(rows.start);
        let (_, mut further) = self.line_of(rows.start);
        let mut taken = 0;
        while found.len() < rows.len() && (taken <= most || found.is_empty()) {
            let column = match further.checked_sub(1).map(|last| &self.further[last]) {
                Some(row) if row.line as usize == spot.line => row.column,
                _ => 0,
            };
            let next = self.further.get(further);
            let next = next.filter(|row| row.line as usize == spot.line);
            let end = next.map_or(spot.ends, |row| row.at as usize);
            found.push(Row {
                bytes: spot.at..end,
                column,
            });
            taken += end - spot.at;
            further += usize::from(next.is_some());
            self.pass(&mut spot, end - found[found.len() - 1].bytes.start);
        }
        found
    }

    /// A part of the text, whose ends are ends of letters.
    pub(super) fn part(&self, bytes: Range<usize>) -> &str {
        std::str::from_utf8(&self.bytes[bytes]).unwrap_or_default()
    }
}

/// Notes where a long line goes on in another row.
fn cut(bytes: &Bytes, line: Range<usize>, number: usize, further: &mut Vec<Further>) {
    let (mut at, mut column) = (line.start, 0);
    loop {
        // Most text is plain, and needs no look at each letter.
        let plain = bytes[at..line.end].get(..OF_A_ROW);
        let plain = plain.filter(|row| row.iter().all(|byte| (b' '..=b'~').contains(byte)));
        let (length, shown) = match plain {
            Some(row) => (row.len(), row.len()),
            None => {
                // No letter takes more than four bytes.
                let mut end = line.end.min(at + 4 * OF_A_ROW + 1);
                while end < line.end && (bytes[end] & 0xc0) == 0x80 {
                    end -= 1;
                }
                let rest = std::str::from_utf8(&bytes[at..end]).unwrap_or_default();
                let Some((length, _)) = rest.char_indices().nth(OF_A_ROW) else {
                    return;
                };
                (length, visible(&rest[..length]).chars().count())
            }
        };
        at += length;
        if at >= line.end {
            return;
        }
        column += shown;
        further.push(Further {
            line: small(number),
            at: small(at),
            column: small(column),
        });
    }
}

/// Where a line ends whose line feed is at a place: before the carriage return, where there is one.
fn without_return(bytes: &Bytes, begun: usize, feed: usize) -> usize {
    match feed > begun && bytes[feed - 1] == b'\r' {
        true => feed - 1,
        false => feed,
    }
}

/// Files are far smaller than four gigabytes.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
