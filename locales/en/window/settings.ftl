### Settings

settings = Settings
settings-lead = What you change takes effect at once; what has a button beside it, with that.
settings-all = All settings
settings-section-Appearance = Appearance
settings-section-Publishing = Publishing
settings-section-Shortcuts = Shortcuts
settings-section-Network = Network
settings-section-Background = Background
settings-section-Notifications = Notifications
settings-section-Updates = Updates
settings-section-Privacy = Privacy
settings-section-Advanced = Advanced
settings-system = As the desktop
settings-on = On
settings-off = Off
settings-language = Language
settings-contrast = High contrast
settings-motion = Reduced motion
settings-code = Colors of code
settings-code-window = As the window
settings-code-light = Light
settings-code-dark = Dark
settings-code-high-contrast-light = Light, high contrast
settings-code-high-contrast-dark = Dark, high contrast
settings-code-own = Your own
settings-code-gone = { $theme } (not in the folder)
settings-code-lead = Your own themes (.tmTheme) and languages (.sublime-syntax) are read from this folder. { NUMBER($languages) } languages are known.
settings-code-again = Look again
settings-code-unusable = { $count ->
    [one] One file cannot be used:
   *[other] { NUMBER($count) } files cannot be used:
}
settings-zoom = Zoom
settings-percent = { NUMBER($zoom) } %
settings-publishing-lead = What a publish is like unless you say otherwise for one, here, from the tray and with the command.
settings-conflict = Pages edited by hand
settings-conflict-refuse = are left and reported
settings-conflict-merge = get what both changed
settings-conflict-overwrite = are written over
settings-orphan = Pages whose source is gone
settings-orphan-report = are reported
settings-orphan-archive = are archived (Cloud)
settings-orphan-trash = go to the trash
settings-width = Page width
settings-width-usual = as pages are
settings-width-default = narrow
settings-width-full = full width
settings-width-max = the whole window
settings-editor = Editor (Cloud only)
settings-editor-usual = as pages are
settings-editor-new = the new editor
settings-editor-legacy = the legacy editor
settings-message = First words of version messages
settings-message-usual = Published from Git
settings-concurrency = Most requests under way at once
settings-labels = Take labels off that only the page has
settings-minor = Do not tell watchers of new versions (Data Center)
settings-verify = Read every page again that was written, and say where it differs
settings-network = Where nothing is set, the proxy and the certificates of the system are used. A repository cannot change that.
settings-kept-in = Tokens are in { $keystore }.
settings-kept-session = Tokens are kept for this session only.
recipients = Who receives something
recipients-lead = With what is set now, Tributary speaks to these servers and to nobody else:
recipients-yours = The Git hosts and Confluence sites that you use, and their sign-in servers
recipients-pictures = Servers of pictures in pages, only where you ask to see them
recipients-proxy = The proxy <server>{ $server }</server>, for everything that is asked
recipients-script = <server>{ $server }</server>, which has the script for the proxy
recipients-updates = <server>{ $server }</server>, for newer versions: { $when }
recipients-updates-built-in = The server that this program was built with, for newer versions: { $when }
recipients-diagrams = <server>{ $server }</server>, which gets the text of every PlantUML diagram, and of diagrams that are not drawn here
recipients-audit = <server>{ $server }</server>, to which the audit log is forwarded
settings-past = The folders and repositories you opened, and what you published, are remembered for the start screen. The audit log is not touched.
settings-forget = Forget what was opened
settings-forgotten = Forgotten. What is pinned stays.

## What goes on without the window

background-autostart = Start with the desktop, without a window
background-autostart-lead = It looks what is behind as often as you choose, but not in power-saving mode. Start Tributary again to see its window.
background-watch = Watch the folders of pinned publications
background-watch-lead = What is behind is shown as soon as a file is saved or a commit is made, but not in power-saving mode. Nothing is published by it.
background-every = Look what is behind
background-every-quarterHour = every 15 minutes
background-every-hour = every hour
background-every-day = once a day
background-pause = Pause looking what is behind, by the clock and in watched folders
background-stay = Stay in the tray when the window is closed
background-no-tray = This desktop shows no icons in a tray now: closing the window quits Tributary.
background-notify = While you do not look at the window, a notification tells
background-notify-unread = They could not be read; see above.
background-notify-publishing = How a publish goes that you began from the tray, and how any publish ended
background-notify-behind = Pages that fell behind
background-notify-accounts = Accounts that need attention

## What is on the disk, and beginning anew

advanced-cache = Cache
advanced-held = { $held } are used, of { $most } at most.
advanced-cache-lead = What Git hosts answered, what was fetched from them, and diagrams that were drawn: it is there at once, and without the network. All of it can be fetched or drawn again.
advanced-clear = Clear the cache
advanced-clearing = Clearing the cache…
advanced-cleared = Cleared. What was used in the last hour may stay.
advanced-folders = Folders
advanced-folder-settings = Settings
advanced-folder-data = Data and audit log
advanced-folder-cache = Cache
advanced-folder-log = Log
advanced-open = Open
advanced-open-of = Open the folder: { $what }
advanced-reset = Reset all settings
advanced-reset-more = Reset all settings…
advanced-reset-lead = You are asked before.
advanced-reset-title = Reset all settings?
advanced-reset-changes = Appearance, publishing, shortcuts, what goes on in the background, network, updates, log and crash reports become as they were at first.
advanced-reset-stays = Accounts, publications, what you opened, client certificates and the audit log stay.
advanced-reset-done = All settings are as they were at first.

## How servers are reached

network-policy = The administrator of this machine chose the proxy.
network-proxy = Proxy
network-proxy-system = As the system says
network-proxy-none = None
network-proxy-manual = This one
network-proxy-script = As this script says (PAC)
network-script = Address of the script
network-script-lead = The script runs without access to files or the network. It learns the server that is asked, and nothing of what is asked for.
network-address = Address
network-user = User
network-password = Password
network-password-kept = unchanged
network-exceptions = Reach directly, one a line
network-files = Trust the authorities in these files too, one a line
network-save = Save
network-saved = Saved. What is asked from now on goes this way.
certificates = Client certificates
certificate-host = Host
certificate-file = File with certificate and key
certificate-choose = Choose a file…
certificate-passphrase = Passphrase of the file
certificate-keep = Keep the certificate
certificate-kept = The certificate for { $host } is kept.
certificate-lead = The key is kept where tokens are kept, and shown to this host alone. The file is not needed any more.
certificate-forget = Forget
certificate-forget-for = Forget the certificate for { $host }
certificate-forgotten = { $host } is shown no certificate any more.
diagram-server = Server for diagrams
diagram-server-address = Address of a Kroki or PlantUML server
diagram-server-lead = Without one, diagrams are drawn on this machine, and languages that only a server draws stay code. With one, the whole text of those diagrams and of every PlantUML diagram is sent there, also when a file is only looked at. Nothing else of a file is sent, and the texts go to no other server. Over http:// others on the way can read them.
diagram-server-whose = Only you decide this: no repository can name a server. What its .tributary.toml says with diagrams (such as to leave them as code) is heeded, and nothing is sent for those.
diagram-server-saved = Saved. Diagrams are sent there from now on.
diagram-server-none = Saved. No diagram is sent anywhere.

## Diagnostics

doctor = Diagnostics
doctor-lead = Finds out which step to a server fails, and what is missing on this machine.
doctor-address = Only this server
doctor-address-every = every server that you use
doctor-run = Run diagnostics
doctor-looking = Looking…
doctor-state-fine = OK
doctor-state-notice = Note
doctor-state-failed = Failed
doctor-done =
    { $failed ->
        [0] Everything works.
        [one] One step failed.
       *[other] { $failed } steps failed.
    }
doctor-notes =
    { $notes ->
        [one] One note.
       *[other] { $notes } notes.
    }
support = For whoever helps you
diagnostics-copy = Copy diagnostics
diagnostics-copied = Diagnostics copied.
diagnostics-copy-yourself = Press { $keys } to copy the diagnostics.
diagnostics-label = Diagnostics, without secrets
diagnostics-lead = The version, the system, what you decided, what the diagnostics under Network found and the end of the log, without secrets. They are copied, and sent nowhere.
log-level = Log
log-off = nothing
log-errors = what went wrong
log-everything = every request too
log-folder = Open the folder of the log
log-lead = In <folder>{ $folder }</folder>, 4 MB at most, without paths, texts or tokens of requests. It is sent nowhere; diagnostics that you copy have the end of it.
crash-reports = Write down where it was when Tributary crashes
crash-reports-lead = Into a file in <folder>{ $folder }</folder>, without names, texts or tokens. It is sent nowhere.

## Newer versions of the program

update-running = This is version { $version }.
update-looked = Looked for a newer one { $when }.
update-look = Look for a newer version
update-looking = Looking …
update-none = Nobody said where newer versions come from.
update-current = This is the newest version.
update-found = Version { $version } is available
update-install = Install it
update-installing = Fetching and verifying it …
update-in-place = Version { $version } is in place. Quit Tributary and start it again to use it.
update-page = What is new
update-package = The package manager of your system updates Tributary.
update-otherwise = Get it from where you got this one.
update-schedule = Look for newer versions
update-by-hand = when I ask
update-daily = every day
update-weekly = every week
update-address = Address
update-key = Public key
update-built-in = as it was built in
update-saved = Saved.
update-policy = The administrator of this machine chose where newer versions come from.
update-lead = Nothing is installed unasked, and only what was signed with this key. Looking sends the version of this program and nothing else.
