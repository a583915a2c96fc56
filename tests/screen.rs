//! The X screen of a test desktop: which windows show, and closing one as a window manager does.

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, MapState, Window,
};
use x11rb::rust_connection::RustConnection;

use crate::desktop::until;

/// A connection to the screen.
pub(crate) struct Screen {
    connection: RustConnection,
    root: Window,
}

impl Screen {
    pub(crate) fn open() -> Self {
        let (connection, number) = x11rb::connect(None).expect("a screen");
        let root = connection.setup().roots[number].root;
        Self { connection, root }
    }

    /// The program's window, when it shows.
    fn shown(&self) -> Option<Window> {
        let tree = self.connection.query_tree(self.root).ok()?.reply().ok()?;
        tree.children.into_iter().find(|window| {
            let title = self
                .connection
                .get_property(false, *window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 64)
                .ok()
                .and_then(|cookie| cookie.reply().ok());
            let attributes = self
                .connection
                .get_window_attributes(*window)
                .ok()
                .and_then(|cookie| cookie.reply().ok());
            title.is_some_and(|title| title.value == b"Tributary")
                && attributes.is_some_and(|found| found.map_state == MapState::VIEWABLE)
        })
    }

    /// Waits until the window shows.
    pub(crate) async fn until_shown(&self) -> Window {
        until("the window", async || self.shown()).await
    }

    /// Waits until no window shows.
    pub(crate) async fn until_hidden(&self) {
        until("the window to be gone", async || {
            self.shown().is_none().then_some(())
        })
        .await;
    }

    /// Asks the window to close, as the cross in its corner does (ICCCM 4.2.8.1).
    pub(crate) fn close(&self, window: Window) {
        let atom = |name: &str| {
            let asked = self.connection.intern_atom(false, name.as_bytes());
            asked.expect("sent").reply().expect("an atom").atom
        };
        let data = [atom("WM_DELETE_WINDOW"), x11rb::CURRENT_TIME, 0, 0, 0];
        let event = ClientMessageEvent::new(32, window, atom("WM_PROTOCOLS"), data);
        self.connection
            .send_event(false, window, EventMask::NO_EVENT, event)
            .expect("sent");
        self.connection.flush().expect("sent");
    }
}
