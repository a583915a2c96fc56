### What frames every screen: the head, the commands, their keys, and words that many screens share.

product = Tributary
starting = Starting…
close = Close
cancel = Cancel
cancelling = Cancelling…
done = Done
clear = Clear
dismiss = Dismiss
more = More
less = Less
later = Later
try-again = Try again
reading = Reading…
asking = Asking…
open-page = Open page
open-the-page = Open the page
sign-in-more = Sign in…
accounts-more = Accounts…
start-sandbox = Start the sandbox
user-at-host = { $user } at { $host }
host-remembered = The host could not be reached. This is what it said before.

## The head of the window

app-view = View
app-detached = detached
app-publications-hint = What was published from Git
app-accounts-hint = Who is signed in where
app-audit-hint = Who did what
app-find = Find anything
app-find-hint = Find a command, file or page
app-hint-keys = { $words } ({ $keys })
app-opening = Opening { $address }…
app-publish-under-way = A publish is under way.
app-cancel-it = Cancel it
app-attention-one = { $first }.
app-attention = { $first }, and { $others } more.
app-attention-show = Show the accounts
app-update-show = Show the new version
app-unknown-source = { $space }, unknown source
app-page-place = { $space }, { $path }

## Light and dark

theme = Theme
theme-system = System
theme-light = Light
theme-dark = Dark

## Commands, in the menu, the palette and the sheet of shortcuts. What begins with `find` are other
## words that a command is looked for by; nobody sees them.

group-go = Go to
group-repository = Repository
group-publish = Publish
group-accounts = Accounts and audit log
group-screen = This screen
group-look = Look
group-program = Program
group-help = Help
command-palette = Find anything…
command-browse = Browse
find-browse = files preview
command-publish = Publish
find-publish = plan
command-audit = Audit log
command-audit-verify = Verify the audit log
command-audit-export = Export the audit log…
find-audit = history records
command-accounts = Accounts
find-accounts = sign in token
command-publications = Publications
find-publications = published pages behind
command-settings = Settings
command-settings-more = Settings…
find-settings = preferences options appearance shortcuts
command-pane-next = Next pane
command-pane-before = Previous pane
command-open = Open something else
find-open = folder repository start home
command-find-file = Find a file
command-read-again = Read again
find-read-again = reload refresh newer commits
command-files = Show the files on the disk
command-history = Show the commits of the folder
find-history = git branches
command-advance = Plan, then publish
command-cancel = Cancel what is published
command-choose-folder = Choose a folder…
find-tour = tour sample first steps
find-connect = confluence address
command-plan = Plan what is chosen
command-publish-planned = Publish what is planned
command-publish-lines = Publish the marked lines…
command-let-go = Let pages go whose sources are gone
command-plan-checked = Plan the checked pages only
command-plan-selected = Plan the selected pages
command-look-behind = Look what is behind
command-past = The last publishes…
command-open-published = Open the chosen page
command-open-published-source = Open the source of the chosen page
command-check-links = Check the links of the pages
command-take-back-planned = Take back what is planned
command-stop = Cancel what is running on this screen
command-check-accounts = Check all accounts
find-access = individual managed mode
command-hand-over = Hand over what an account published…
command-unlock = Unlock the tokens
command-vault-lock = Lock the tokens now
command-vault-move = Keep tokens elsewhere…
find-vault = keystore passphrase
command-copy-snippet = Copy the marked lines as a snippet
command-choose-ref = Choose a branch, tag or commit
command-show-newer = Show the newer commit
command-view-source = Show or hide the source
command-view-host = Show or hide the Git host’s look
command-view-page = Show or hide the page in Confluence
command-pictures = Show pictures of other servers
command-open-submodule = Open the submodule
command-follow-link = Follow the symbolic link
command-install-update = Install the newer version
command-pause = Pause looking what is behind
find-pause = watch clock background
command-publish-this = Publish what is shown
command-plan-behind = Plan all that is behind
command-copy-link = Copy the link to what is shown
command-wrap = Wrap long lines
find-take-back = undo revert
command-theme-system = Theme of the system
command-theme-light = Light theme
command-theme-dark = Dark theme
find-theme = appearance
find-theme-dark = appearance night
command-zoom-in = Zoom in
find-zoom-in = larger
command-zoom-out = Zoom out
find-zoom-out = smaller
command-zoom-usual = Usual size
find-zoom-usual = zoom reset
command-menu = Menu
command-close-window = Close the window
command-quit = Quit Tributary
command-exit = Exit
find-close-window = hide tray away
find-quit = close exit end
command-shortcuts = Keyboard shortcuts
find-shortcuts = keys help

## The menu and the palette

menu = Menu
menu-hint = Everything that can be done
palette = Command palette
palette-find = Find a command, file or page
palette-find-page = Find a command or page
palette-fitting = What fits
palette-commands = Commands
palette-settings = Settings
palette-files = Files
palette-pages = Published pages
palette-places = Folders and repositories
palette-publications = Publications
palette-publication = Plan { $name } to { $space } again
palette-nothing = Nothing fits.
palette-count =
    { $count ->
        [one] { $count } fits
       *[other] { $count } fit
    }

## Shortcuts

keys-none = none
key-mod = Ctrl
key-alt = Alt
key-shift = Shift
key-enter = Enter
key-escape = Esc
keys-everywhere = This key has a meaning everywhere
keys-moving = This key moves in lists and text
keys-editing = This edits text, or finds in it
keys-letter = A letter or digit alone finds a row in lists
sheet-always = Always
sheet-paste = Open the link that was copied
sheet-find = Find in the file
sheet-marking-keys = ↑ ↓, with Shift
sheet-marking = Mark lines of the file, or select rows
sheet-escape = Cancel what is running, or close what is in front
shortcut-has-none = { $command } has no keys
shortcut-is = { $command } is { $keys }
shortcut-taken = { $keys } is { $command }
shortcut-press = Press the keys…
shortcut-press-for = Press the keys for { $command }, or Escape
shortcut-change = Keys of { $command }: { $keys }. Change
shortcut-none = None
shortcut-none-for = No keys for { $command }
shortcut-usual = Usual
shortcut-usual-for = The usual keys for { $command }
shortcut-take = Take them from it
shortcut-others = Choose others.

## What went wrong, where the core gave a code for it

trouble-notFound = Not there
trouble-forbidden = No access
trouble-signedOut = Sign in first
trouble-offline = Not reached
trouble-rateLimited = Too many requests
trouble-vaultUnavailable = Keystore not available
trouble-other = That did not work

## Points in time

just-now = just now

## Sizes

size-mb = { $size } MB
size-gb = { $size } GB

## Copying

copy = Copy
copied = Copied
copy-by-keys = Press { $keys }
copy-of = Copy { $name }
copied-of = { $name } copied

## What is asked before something else is opened

put-away-title = Put away what waits for you?
put-away-lead = A plan that is not published, or what is under way, is in the window. Opening something else puts it away; a publish goes on without it.
put-away-not = Stay here
put-away-go = Put it away

## What a link from elsewhere names

link-open-title = Open what a link names?
link-publish-title = Publish what a link names?
link-open-lead = A link wants to open <strong>{ $name }</strong> at <place>{ $place }</place>. You were never at this host. It learns that you ask; nothing of yours is sent along.
link-open-known-lead = A link wants to open <strong>{ $name }</strong> at <place>{ $place }</place>.
link-loses = Something in the window waits for you: a plan that is not published, or what a dialog asks. Opening the link puts it away.
link-place-of = { $space } on { $site }
link-publish-lead = A link wants to publish <strong>{ $name }</strong> to <place>{ $place }</place> again. You see a plan first; nothing is written before you say so.
link-leave = Leave it
link-open = Open it
link-opening = Opening…
link-plan = Show the plan
