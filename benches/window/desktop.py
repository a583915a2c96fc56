"""A desktop to measure on: a screen, a bus, windows under WebDriver, and what the system counts."""

import ctypes
import json
import os
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path


def inside(arguments):
    """Runs this again with a screen, a bus, an unlocked keystore and a home of its own."""
    with tempfile.TemporaryDirectory() as home:
        run = Path(home) / "run"
        run.mkdir(mode=0o700)
        environment = {
            **{name: value for name, value in os.environ.items() if name not in ("WAYLAND_DISPLAY", "TRIBUTARY_TOKEN", "TRIBUTARY_USER")},
            "INSIDE": "1",
            "HOME": home,
            "TRIBUTARY_HOME": f"{home}/tributary",
            "XDG_RUNTIME_DIR": str(run),
            "NO_AT_BRIDGE": "1",
        }
        script = "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec \"$@\""
        command = ["xvfb-run", "-a", "-s", "-screen 0 1280x820x24", "dbus-run-session", "--", "bash", "-c", script, "bash", *arguments]
        return subprocess.run(command, env=environment).returncode


def until(look, seconds=60):
    """Waits until something holds; the limit only ends a run that would hang."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise TimeoutError("what was waited for did not happen")
        time.sleep(0.02)


def end(process):
    for one in reversed(processes(process.pid)):
        try:
            os.kill(one, 15)
        except ProcessLookupError:
            pass
    process.wait()


class TrayHost:
    """Tells programs that tray icons are seen, so that a window that is closed only hides."""

    def __init__(self):
        import gi

        from gi.repository import Gio, GLib

        xml = """<node><interface name='org.kde.StatusNotifierWatcher'>
          <method name='RegisterStatusNotifierItem'><arg type='s' direction='in'/></method>
          <property name='IsStatusNotifierHostRegistered' type='b' access='read'/>
          </interface></node>"""
        self.context = GLib.MainContext.new()
        self.loop = GLib.MainLoop.new(self.context, False)
        ready = threading.Event()

        def serve():
            self.context.push_thread_default()
            bus = Gio.bus_get_sync(Gio.BusType.SESSION)
            interface = Gio.DBusNodeInfo.new_for_xml(xml).interfaces[0]
            bus.register_object(
                "/StatusNotifierWatcher",
                interface,
                lambda *call: call[-1].return_value(None),
                lambda *_: GLib.Variant("b", True),
                None,
            )
            Gio.bus_own_name_on_connection(bus, "org.kde.StatusNotifierWatcher", Gio.BusNameOwnerFlags.NONE, None, None)
            ready.set()
            self.loop.run()

        self.thread = threading.Thread(target=serve, daemon=True)
        self.thread.start()
        ready.wait()

    def end(self):
        self.loop.quit()
        self.thread.join()


class Window:
    """A program's window under WebDriver; both end with the block."""

    def __init__(self, program, home, *arguments):
        self.program, self.home, self.arguments = program, home, arguments

    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"
        started = self.home / "started"
        started.unlink(missing_ok=True)
        # Notes when the process began, and becomes the program.
        binary = self.home / "started-program"
        binary.write_text(f'#!/bin/bash\necho "$$ $EPOCHREALTIME" >"{started}"\nexec "{self.program}" "$@"\n')
        binary.chmod(0o755)
        self.driver = subprocess.Popen(
            ["WebKitWebDriver", f"--port={port}"],
            env={**os.environ, "TAURI_WEBVIEW_AUTOMATION": "true"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

        def answers():
            try:
                return socket.create_connection(("127.0.0.1", port)).close() or True
            except OSError:
                return False

        until(answers)
        options = {"binary": str(binary), "args": list(self.arguments)}
        asked = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        self.session = None
        self.session = self.call("POST", "/session", asked)["sessionId"]
        pid, began = started.read_text().split()
        self.pid, self.began = int(pid), float(began) * 1000
        self.call("POST", "/timeouts", {"script": 600_000})
        return self

    def __exit__(self, *_):
        try:
            self.call("DELETE", "")
        except (OSError, urllib.error.URLError):
            pass
        for one in [*reversed(processes(self.pid)), self.driver.pid]:
            try:
                os.kill(one, 15)
            except ProcessLookupError:
                pass
        self.driver.wait()
        until(lambda: not Path(f"/proc/{self.pid}").exists())

    def call(self, method, path, body=None):
        path = f"/session/{self.session}{path}" if self.session else path
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(self.base + path, data, {"content-type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=900) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()[:600]) from error

    def script(self, script, *arguments):
        """Runs a script in the page, and waits for what it promises."""
        return self.call("POST", "/execute/sync", {"script": f"return (async (...given) => {{ {script} }})(...arguments)", "args": list(arguments)})

    def until(self, script, seconds=60):
        """Waits until a script gives something."""
        return until(lambda: self.script(script), seconds)

    def press(self, key):
        actions = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})


def processes(process):
    """A process and all that it started."""
    found = [process]
    try:
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += processes(int(child))
    except (FileNotFoundError, ProcessLookupError):
        pass
    return found


def has_page(process):
    """Whether a window's page is still there, shown or not."""
    names = []
    for one in processes(process):
        try:
            names.append(name_of(one))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return any(name.startswith("WebKitWebProces") for name in names)


def name_of(process):
    return Path(f"/proc/{process}/comm").read_text().strip()


def threads(process):
    for one in processes(process):
        try:
            yield from Path(f"/proc/{one}/task").iterdir()
        except (FileNotFoundError, ProcessLookupError):
            continue


def switches(process):
    """How often each thread came to sleep; one that ends takes its count along."""
    counts = {}
    for thread in threads(process):
        try:
            status = (thread / "status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        counts[thread.name] = int(status.split("\nvoluntary_ctxt_switches:")[1].split()[0])
    return counts


def since(before, process):
    now = switches(process)
    return {thread: count - before.get(thread, 0) for thread, count in now.items() if count > before.get(thread, 0)}


def settle(process, seconds=5, tries=24, quiet=False):
    """Waits until a start, or whatever else went on, is over: hardly anything happens for a while."""
    for _ in range(tries):
        before = switches(process)
        time.sleep(seconds)
        if sum(since(before, process).values()) <= (5 if quiet else 40) * max(1, seconds):
            return True
    return False


def wakeups(process, seconds):
    """How often it wakes up, and the processor time, in a minute."""
    names = {thread.name: (name_of(thread.parent.parent.name), (thread / "comm").read_text().strip()) for thread in threads(process)}
    before, used = switches(process), processor_ms(process)
    time.sleep(seconds)
    found = since(before, process)
    used = processor_ms(process) - used
    by_thread = sorted(((count, "/".join(names.get(thread, ("?", "new")))) for thread, count in found.items()), reverse=True)
    who = ", ".join(f"{name} {count}" for count, name in by_thread[:6])
    return f"{sum(found.values()) * 60 / seconds:.1f} wake-ups a minute, {used * 60 / seconds:.0f} ms of processor time" + (f" ({who})" if who else "")


def processor_ms(process):
    """Processor time of all processes, to ten milliseconds, with that of threads that ended."""
    total = 0
    for one in processes(process):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += int(fields[11]) + int(fields[12])
    return total * 1000 / os.sysconf("SC_CLK_TCK")


def threads_ms(process):
    """Processor time by who spends it: our own threads, the main thread with the toolkit, the page."""
    found = {"rust": 0, "main": 0, "page": 0}
    for one in processes(process):
        page = name_of(one).startswith("WebKitWebProces")
        for thread in Path(f"/proc/{one}/task").iterdir():
            try:
                spent = int((thread / "schedstat").read_text().split()[0]) / 1e6
                name = (thread / "comm").read_text().strip()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if page:
                found["page"] += spent
            elif one == process and name.startswith(("tokio", "highlighting", "reading on")):
                found["rust"] += spent
            elif one == process and thread.name == str(one):
                found["main"] += spent
    return found


def memory(process):
    """Proportional and private memory of each process, in MB."""
    found = {}
    for one in processes(process):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()[1:]
        except (FileNotFoundError, ProcessLookupError):
            continue
        parts = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines}
        proportional, private = found.get(name_of(one), (0, 0))
        found[name_of(one)] = (proportional + parts["Pss"], private + parts["Private_Clean"] + parts["Private_Dirty"])
    return found


def in_words(found):
    proportional, private = (sum(part[at] for part in found.values()) for at in (0, 1))
    each = ", ".join(f"{name} {part[0]:.1f}" for name, part in found.items())
    return f"{proportional:.1f}; {private:.1f} ({each})"


# The screen.

X = ctypes.CDLL("libX11.so.6")
X.XOpenDisplay.restype = ctypes.c_void_p
X.XDefaultRootWindow.restype = ctypes.c_ulong
X.XInternAtom.restype = ctypes.c_ulong


class ClientMessage(ctypes.Structure):
    """`XClientMessageEvent`, padded to the size of `XEvent`."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("rest", ctypes.c_long * 12),
    ]


class Attributes(ctypes.Structure):
    """The part of `XWindowAttributes` up to whether the window shows, and room for the rest."""

    _fields_ = [
        ("place", ctypes.c_int * 6),
        ("visual", ctypes.c_void_p),
        ("root", ctypes.c_ulong),
        ("kind", ctypes.c_int * 4),
        ("planes", ctypes.c_ulong * 2),
        ("save_under", ctypes.c_int),
        ("colormap", ctypes.c_ulong),
        ("map_installed", ctypes.c_int),
        ("map_state", ctypes.c_int),
        ("rest", ctypes.c_long * 8),
    ]


@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
def ignore(_display, _event):
    """A window may go away between two questions."""
    return 0


X.XSetErrorHandler(ignore)


def shown(title):
    """The window of a title, when it shows."""
    display = ctypes.c_void_p(X.XOpenDisplay(None))
    # A screen that has too many guests takes one more a moment later.
    if not display:
        return None
    try:
        root, parent = ctypes.c_ulong(), ctypes.c_ulong()
        windows, count = ctypes.POINTER(ctypes.c_ulong)(), ctypes.c_uint()
        X.XQueryTree(display, ctypes.c_ulong(X.XDefaultRootWindow(display)), ctypes.byref(root), ctypes.byref(parent), ctypes.byref(windows), ctypes.byref(count))
        for at in range(count.value):
            window, name, attributes = ctypes.c_ulong(windows[at]), ctypes.c_char_p(), Attributes()
            X.XFetchName(display, window, ctypes.byref(name))
            if name.value == title.encode() and X.XGetWindowAttributes(display, window, ctypes.byref(attributes)) and attributes.map_state == 2:
                return window.value
        return None
    finally:
        X.XCloseDisplay(display)


def close(title):
    """Asks a window to close, as the cross in its corner does (ICCCM 4.2.8.1)."""
    window = shown(title)
    display = ctypes.c_void_p(X.XOpenDisplay(None))
    event = ClientMessage(type=33, window=window, format=32)
    event.message_type = X.XInternAtom(display, b"WM_PROTOCOLS", 0)
    event.data[0] = X.XInternAtom(display, b"WM_DELETE_WINDOW", 0)
    X.XSendEvent(display, ctypes.c_ulong(window), 0, ctypes.c_long(0), ctypes.byref(event))
    X.XSync(display, 0)
    X.XCloseDisplay(display)
