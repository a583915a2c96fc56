//! The X screen of a test desktop: which windows show, closing one as a window manager does, and the
//! keys that somebody presses in one.

use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ChangeWindowAttributesAux, ClientMessageEvent, ConfigureWindowAux,
    ConnectionExt, EventMask, InputFocus, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, MapState, PropMode,
    Window,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use crate::desktop::until;

/// What keys are called that are no letters (X11's `keysymdef.h`).
const RETURN: u32 = 0xff0d;
const SHIFT: u32 = 0xffe1;
const CONTROL: u32 = 0xffe3;

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

    /// The window of a title, when it shows.
    fn shown(&self, title: &str) -> Option<Window> {
        let tree = self.connection.query_tree(self.root).ok()?.reply().ok()?;
        tree.children.into_iter().find(|window| {
            let name = self
                .connection
                .get_property(false, *window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 64)
                .ok()
                .and_then(|cookie| cookie.reply().ok());
            let attributes = self
                .connection
                .get_window_attributes(*window)
                .ok()
                .and_then(|cookie| cookie.reply().ok());
            name.is_some_and(|name| name.value == title.as_bytes())
                && attributes.is_some_and(|found| found.map_state == MapState::VIEWABLE)
        })
    }

    /// Waits until the window shows.
    pub(crate) async fn until_shown(&self) -> Window {
        self.until_titled("Tributary").await
    }

    /// Waits until a window of a title shows, such as one of the system's dialogs.
    pub(crate) async fn until_titled(&self, title: &str) -> Window {
        until(title, async || self.shown(title)).await
    }

    /// Gives a window the keys, as a window manager does for the one that somebody looks at.
    pub(crate) fn look_at(&self, window: Window) {
        let focused =
            self.connection
                .set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME);
        focused.expect("sent").check().expect("the keys go there");
    }

    /// Takes them to nobody.
    pub(crate) fn look_away(&self) {
        self.look_at(x11rb::NONE);
    }

    /// Puts a text in the place of the one that is in the field that a window begins with, and
    /// presses Enter.
    pub(crate) fn type_into(&self, window: Window, text: &str) {
        self.look_at(window);
        self.press(u32::from('a'), Some(CONTROL));
        for letter in text.chars() {
            self.press(u32::from(letter), None);
        }
        self.press(RETURN, None);
    }

    /// Presses a key and lets it go, with another one held down or with Shift where it takes that.
    fn press(&self, symbol: u32, held: Option<u32>) {
        let (key, takes_shift) = self.key_of(symbol);
        let held = held.or(takes_shift.then_some(SHIFT));
        let held = held.map(|symbol| self.key_of(symbol).0);
        let down = held.iter().chain([&key]);
        let up = [&key].into_iter().chain(&held);
        let events = down
            .map(|key| (KEY_PRESS_EVENT, *key))
            .chain(up.map(|key| (KEY_RELEASE_EVENT, *key)));
        for (event, key) in events {
            self.connection
                .xtest_fake_input(event, key, x11rb::CURRENT_TIME, self.root, 0, 0, 0)
                .expect("sent");
        }
        self.connection.flush().expect("sent");
    }

    /// The key that a symbol is on, and whether Shift is held for it.
    fn key_of(&self, symbol: u32) -> (u8, bool) {
        let setup = self.connection.setup();
        let first = setup.min_keycode;
        let asked = self
            .connection
            .get_keyboard_mapping(first, setup.max_keycode - first + 1);
        let keys = asked.expect("sent").reply().expect("the keyboard");
        let on_each = usize::from(keys.keysyms_per_keycode);
        let mut on_keys = (first..).zip(keys.keysyms.chunks(on_each));
        let found = on_keys.find_map(|(key, symbols)| {
            let at = symbols.iter().take(2).position(|on| *on == symbol)?;
            Some((key, at == 1))
        });
        found.unwrap_or_else(|| panic!("no key has {symbol:#x}"))
    }

    /// Whether no window of ours shows now.
    pub(crate) fn is_hidden(&self) -> bool {
        self.shown("Tributary").is_none()
    }

    /// Waits until no window shows.
    pub(crate) async fn until_hidden(&self) {
        until("the window to be gone", async || {
            self.shown("Tributary").is_none().then_some(())
        })
        .await;
    }

    /// How wide and high a window is, in pixels.
    pub(crate) fn size(&self, window: Window) -> (u16, u16) {
        let asked = self.connection.get_geometry(window).expect("sent");
        let found = asked.reply().expect("a window");
        (found.width, found.height)
    }

    /// Where on the screen a window is, in pixels from its corner.
    pub(crate) fn place(&self, window: Window) -> (i16, i16) {
        let asked = self
            .connection
            .translate_coordinates(window, self.root, 0, 0);
        let found = asked.expect("sent").reply().expect("a window");
        (found.dst_x, found.dst_y)
    }

    /// Puts a window somewhere else, as a window manager does for who draws at its bar.
    pub(crate) fn put(&self, window: Window, (x, y): (i16, i16)) {
        let wanted = ConfigureWindowAux::new().x(i32::from(x)).y(i32::from(y));
        self.connection
            .configure_window(window, &wanted)
            .expect("sent");
        self.connection.flush().expect("sent");
    }

    /// Makes a window as large as that, as a window manager does for who draws at its corner.
    pub(crate) fn resize(&self, window: Window, (width, height): (u16, u16)) {
        let wanted = ConfigureWindowAux::new()
            .width(u32::from(width))
            .height(u32::from(height));
        self.connection
            .configure_window(window, &wanted)
            .expect("sent");
        self.connection.flush().expect("sent");
    }

    /// Is told from now on what windows ask of a window manager.
    pub(crate) fn listen(&self) {
        let wanted = ChangeWindowAttributesAux::new().event_mask(EventMask::SUBSTRUCTURE_NOTIFY);
        self.connection
            .change_window_attributes(self.root, &wanted)
            .expect("sent");
        self.connection.flush().expect("sent");
    }

    /// Says of a window that it is maximized, as a window manager does that made it so (EWMH,
    /// `_NET_WM_STATE`).
    pub(crate) fn maximize(&self, window: Window) {
        let ways = [
            "_NET_WM_STATE_MAXIMIZED_VERT",
            "_NET_WM_STATE_MAXIMIZED_HORZ",
        ];
        let ways = ways.map(|name| self.atom(name));
        let state = self.atom("_NET_WM_STATE");
        self.connection
            .change_property32(PropMode::REPLACE, window, state, AtomEnum::ATOM, &ways)
            .expect("sent");
        self.connection.flush().expect("sent");
    }

    /// Waits until a window asks to be maximized, or says so of itself, as it does before it is shown. What
    /// it asked since `listen` counts.
    pub(crate) async fn until_maximized(&self, window: Window) {
        let state = self.atom("_NET_WM_STATE");
        let way = self.atom("_NET_WM_STATE_MAXIMIZED_VERT");
        until("the wish to be maximized", async || {
            let says = self
                .connection
                .get_property(false, window, state, AtomEnum::ATOM, 0, 64);
            let says = says.ok()?.reply().ok()?;
            let says_so = says
                .value32()
                .is_some_and(|mut all| all.any(|had| had == way));
            if says_so {
                return Some(());
            }
            while let Some(event) = self.connection.poll_for_event().ok()? {
                let Event::ClientMessage(asked) = event else {
                    continue;
                };
                let [does, first, second, ..] = asked.data.as_data32();
                let is_it = asked.window == window && asked.type_ == state;
                // 1 adds what is named, 0 takes it away.
                if is_it && does == 1 && [first, second].contains(&way) {
                    return Some(());
                }
            }
            None
        })
        .await;
    }

    fn atom(&self, name: &str) -> Atom {
        let asked = self.connection.intern_atom(false, name.as_bytes());
        asked.expect("sent").reply().expect("an atom").atom
    }

    /// Asks the window to close, as the cross in its corner does (ICCCM 4.2.8.1).
    pub(crate) fn close(&self, window: Window) {
        let asks = self.atom("WM_DELETE_WINDOW");
        let data = [asks, x11rb::CURRENT_TIME, 0, 0, 0];
        let event = ClientMessageEvent::new(32, window, self.atom("WM_PROTOCOLS"), data);
        self.connection
            .send_event(false, window, EventMask::NO_EVENT, event)
            .expect("sent");
        self.connection.flush().expect("sent");
    }
}
