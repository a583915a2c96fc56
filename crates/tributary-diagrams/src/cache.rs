//! Pictures that were drawn, by content.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use super::{Failure, Kind, Picture};

/// How many bytes of pictures are kept.
const ROOM: usize = 32 * 1024 * 1024;

type Key = (Kind, String);
pub(crate) type Drawn = Result<Arc<Picture>, Failure>;

#[derive(Default)]
struct Kept {
    pictures: HashMap<Key, Drawn>,
    /// From the oldest to the newest.
    order: VecDeque<Key>,
    size: usize,
}

static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);

/// What is kept of a source.
pub(crate) fn kept(kind: Kind, source: &str) -> Option<Drawn> {
    let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    kept.pictures.get(&(kind, source.to_owned())).cloned()
}

/// The picture that is kept, or what `draw` makes, which is kept from now on.
pub(crate) fn once(
    kind: Kind,
    source: &str,
    draw: impl FnOnce() -> Result<Picture, Failure>,
) -> Drawn {
    if let Some(drawn) = kept(kind, source) {
        return drawn;
    }
    // Drawn without the lock, so that others draw meanwhile; two that draw the same make the same.
    let drawn = draw().map(Arc::new);
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    kept.keep((kind, source.to_owned()), drawn.clone());
    drawn
}

impl Kept {
    fn keep(&mut self, key: Key, drawn: Drawn) {
        let size = size(&key, &drawn);
        if size > ROOM || self.pictures.contains_key(&key) {
            return;
        }
        while self.size + size > ROOM {
            let Some(oldest) = self.order.pop_front() else {
                break;
            };
            if let Some(gone) = self.pictures.remove(&oldest) {
                self.size -= self::size(&oldest, &gone);
            }
        }
        self.size += size;
        self.order.push_back(key.clone());
        self.pictures.insert(key, drawn);
    }
}

fn size(key: &Key, drawn: &Drawn) -> usize {
    let picture = drawn.as_ref().map_or(0, |picture| picture.svg().len());
    2 * key.1.len() + picture + 200
}

#[cfg(test)]
mod tests {
    use super::{Kept, ROOM, size};
    use crate::{Failure, Kind};

    #[test]
    fn the_oldest_leave_when_there_is_no_more_room() {
        let mut kept = Kept::default();
        let key = |number: usize| (Kind::Mermaid, format!("{number:0>50000}"));
        let failed = || Err(Failure::new("no"));
        let each = size(&key(0), &failed());
        for number in 0..500 {
            kept.keep(key(number), failed());
        }
        assert_eq!(kept.pictures.len(), ROOM / each);
        assert_eq!(kept.order.len(), kept.pictures.len());
        assert_eq!(kept.size, kept.pictures.len() * each);
        assert!(kept.pictures.contains_key(&key(499)) && !kept.pictures.contains_key(&key(0)));
    }
}
