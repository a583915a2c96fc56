//! What a PDF unpacks to, before its reader unpacks it without asking how much there is.
//!
//! This finds what is packed by the words around it, as a reader of damaged files does, and unpacks
//! it into nothing. It is a sieve, not a proof: pictures that stand in the middle of a page's own
//! instructions are not weighed, and neither is what only a reader of damaged data can unpack.

use std::io::{BufReader, Read};

use flate2::bufread::{DeflateDecoder, ZlibDecoder};
use hayro::hayro_syntax;
use hayro::hayro_syntax::object::Object;
use memchr::memmem;

use crate::Failure;

/// The most that one part may unpack to: a picture of A4 in color at 600 dots per inch has 104 MB.
const MOST_IN_ONE: u64 = 128 * 1024 * 1024;
/// The most that all parts together may unpack to, apart from pictures, which are let go again.
const MOST_KEPT: u64 = 512 * 1024 * 1024;
/// The most that is unpacked to weigh a file.
const MOST_IN_ALL: u64 = 4 * 1024 * 1024 * 1024;
/// The most pixels that a picture in a PDF may have.
const MOST_PIXELS: u64 = 64 * 1024 * 1024;
/// How large a part may be that is packed in a way that is not unpacked here; none of them makes
/// more than some thousand bytes of one.
const LARGEST_UNKNOWN: usize = 128 * 1024;
/// How often something may be packed that was packed already.
const MOST_LAYERS: usize = 3;
/// How far back the description of a part is looked for.
const DESCRIPTION: usize = 16 * 1024;

/// The failure of what needs a password, or had one.
pub(super) fn encrypted() -> Failure {
    Failure::new("it is encrypted")
}

fn too_much() -> Failure {
    Failure::new("it unpacks to far more than a document needs")
}

/// Weighs the parts of a file.
pub(super) fn weigh(bytes: &[u8]) -> Result<(), Failure> {
    if memmem::find(bytes, b"/Encrypt").is_some() {
        return Err(encrypted());
    }
    let (mut kept, mut all) = (0_u64, 0_u64);
    for at in memmem::find_iter(bytes, b"stream") {
        if bytes[..at].ends_with(b"end") {
            continue;
        }
        let description = &bytes[at.saturating_sub(DESCRIPTION)..at];
        let begun = memmem::rfind(description, b"obj").unwrap_or(0);
        let description = &description[begun..];
        let says = |word: &[u8]| memmem::find(description, word).is_some();
        let packed = &bytes[at + b"stream".len()..];
        let packed = packed.strip_prefix(b"\r").unwrap_or(packed);
        let packed = packed.strip_prefix(b"\n").unwrap_or(packed);
        // A name can be written in signs that stand for others.
        let is_hidden = says(b"#");
        if is_hidden || says(b"LZW") || says(b"/RL") || says(b"RunLength") {
            let end = memmem::find(packed, b"endstream").unwrap_or(packed.len());
            if end > LARGEST_UNKNOWN {
                return Err(Failure::new(
                    "it is packed in a way that is not opened here",
                ));
            }
        }
        if pixels(packed).is_some_and(|pixels| pixels > MOST_PIXELS) {
            return Err(too_much());
        }
        let weight = weight(packed)?;
        all += weight;
        if !says(b"/Image") || says(b"/ObjStm") || is_hidden {
            kept += weight;
        }
        if kept > MOST_KEPT || all > MOST_IN_ALL {
            return Err(too_much());
        }
    }
    Ok(())
}

/// Weighs what the pictures of a file say that they are.
pub(super) fn weigh_pictures(pdf: &hayro_syntax::Pdf) -> Result<(), Failure> {
    for object in pdf.objects() {
        let Object::Stream(stream) = object else {
            continue;
        };
        let length = |name: &[u8]| stream.dict().get::<u32>(name).map_or(0, u64::from);
        if length(b"Width") * length(b"Height") > MOST_PIXELS {
            return Err(too_much());
        }
    }
    Ok(())
}

/// What something unpacks to, however often it is packed; nothing for what is not.
fn weight(packed: &[u8]) -> Result<u64, Failure> {
    let is_headed = packed.len() > 2
        && packed[0] & 0x0f == 8
        && u16::from_be_bytes([packed[0], packed[1]]).is_multiple_of(31);
    if !is_headed {
        // What has no head, or a damaged one, is unpacked all the same.
        let bare = |from: usize| {
            packed
                .get(from..)
                .map_or(Ok(0), |rest| count(DeflateDecoder::new(rest)))
        };
        return Ok(bare(0)?.max(bare(2)?));
    }
    let mut heaviest = 0;
    for layers in 1..=MOST_LAYERS {
        let mut unpacking: Box<dyn Read> = Box::new(ZlibDecoder::new(packed));
        for _ in 1..layers {
            unpacking = Box::new(ZlibDecoder::new(BufReader::new(unpacking)));
        }
        let counted = count(unpacking)?;
        if counted == 0 {
            break;
        }
        if layers == MOST_LAYERS {
            return Err(too_much());
        }
        heaviest = counted.max(heaviest);
    }
    Ok(heaviest)
}

/// How much comes out, until it ends or is no longer understood.
fn count(mut unpacking: impl Read) -> Result<u64, Failure> {
    let mut room = [0; 32 * 1024];
    let mut counted = 0;
    while let Ok(read) = unpacking.read(&mut room) {
        if read == 0 {
            break;
        }
        counted += read as u64;
        if counted > MOST_IN_ONE {
            return Err(too_much());
        }
    }
    Ok(counted)
}

/// How many pixels a JPEG or JPEG 2000 says it has.
fn pixels(bytes: &[u8]) -> Option<u64> {
    let head = &bytes[..bytes.len().min(64 * 1024)];
    let number = |at: usize| {
        let bytes = head.get(at..at + 4)?;
        Some(u64::from(u32::from_be_bytes(bytes.try_into().ok()?)))
    };
    if head.starts_with(&[0xff, 0xd8]) {
        let size = imagesize::blob_size(head).ok()?;
        return Some((size.width as u64).saturating_mul(size.height as u64));
    }
    let (width, height) = if head.starts_with(&[0xff, 0x4f, 0xff, 0x51]) {
        (number(8)?, number(12)?)
    } else if head.get(4..8) == Some(b"jP  ") {
        let at = memmem::find(head, b"ihdr")?;
        (number(at + 8)?, number(at + 4)?)
    } else {
        return None;
    };
    Some(width.saturating_mul(height))
}
