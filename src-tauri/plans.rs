//! The plans that are shown, until they are carried out or others are shown; and what an edit of a
//! page made of its source, until somebody keeps that or looks at another one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tributary::hosts;
use tributary::publish::{Prepared, PublishRequest, Pulled};
use tributary::repository::Repository;
use tributary::settings::Publication;
use tributary::{Error, ErrorKind};

/// A plan that is shown.
pub(crate) struct Planned {
    pub prepared: Prepared,
    /// What was asked for, to ask for a part of it in another way.
    pub request: PublishRequest,
    /// What is planned.
    pub what: What,
    /// The repository that its sources are in, when that has commits.
    pub repository: Option<hosts::Repository>,
    /// The commit that its sources are read at; none for a folder as it is.
    pub pinned: Option<hosts::Pinned>,
}

/// What a plan is of.
pub(crate) enum What {
    /// A publication, which is remembered once it is carried out.
    Publication(Box<Publication>),
    /// Taking back a publish whose report is kept.
    TakingBack,
}

/// The plans that are shown, by the ids that the window knows.
#[derive(Default)]
pub(crate) struct Plans(Mutex<(u64, HashMap<String, Arc<Planned>>)>);

impl Plans {
    /// Keeps a plan until it is carried out, and gives its id. Of the others those stay that are
    /// shown beside it.
    pub(crate) fn keep(&self, planned: Planned, beside: &[String]) -> (String, Arc<Planned>) {
        let mut plans = lock(&self.0);
        plans.0 += 1;
        let id = plans.0.to_string();
        let planned = Arc::new(planned);
        plans.1.retain(|id, _| beside.contains(id));
        plans.1.insert(id.clone(), Arc::clone(&planned));
        (id, planned)
    }

    /// A plan that is shown.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] when others were shown since, or it was carried out.
    pub(crate) fn get(&self, id: &str) -> Result<Arc<Planned>, Error> {
        lock(&self.0).1.get(id).cloned().ok_or_else(|| {
            Error::new(ErrorKind::Conflict, "This plan is no longer known").remedy("Plan again")
        })
    }

    pub(crate) fn forget(&self, id: &str) {
        lock(&self.0).1.remove(id);
    }
}

/// What an edit makes of a source.
pub(crate) struct TakenEdit {
    pub pulled: Pulled,
    /// The repository on this machine that a commit can be made in.
    pub repository: Option<Repository>,
}

/// The one that was looked at last.
#[derive(Default)]
pub(crate) struct TakenEdits(Mutex<(u64, Option<Arc<TakenEdit>>)>);

impl TakenEdits {
    /// Keeps what was looked at, and gives its id. The one before is forgotten.
    pub(crate) fn keep(&self, taken: TakenEdit) -> String {
        let mut kept = lock(&self.0);
        *kept = (kept.0 + 1, Some(Arc::new(taken)));
        kept.0.to_string()
    }

    /// What was looked at.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] when another one was looked at since.
    pub(crate) fn get(&self, id: &str) -> Result<Arc<TakenEdit>, Error> {
        let kept = lock(&self.0);
        let is_it = kept.0.to_string() == id;
        kept.1.clone().filter(|_| is_it).ok_or_else(|| {
            Error::new(ErrorKind::Conflict, "This edit is no longer known")
                .remedy("Look at it again")
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
