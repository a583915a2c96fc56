### What the tray, its menu, notifications and the dialogs of the system say.

tray-nothing = Nothing published yet
tray-ready = Ready
tray-sign-in = Sign-in needed
tray-looking = Looking…
tray-planning = Planning…
tray-publishing = Publishing { $done } of { $total }
tray-up-to-date = Up to date
tray-published =
    { $count ->
        [one] { $count } page published
       *[other] { $count } pages published
    }
tray-published-attention =
    { $attention ->
        [one] { $written } published, { $attention } needs attention
       *[other] { $written } published, { $attention } need attention
    }
tray-not-all-published = Not all published: { $names }
tray-behind =
    { $count ->
        [one] { $count } page is behind
       *[other] { $count } pages are behind
    }
tray-nothing-behind = Nothing is behind
tray-saves-power = Not looking in power-saving mode
tray-looking-behind = Checking which pages are behind…
tray-failed = Not published: { $why }
tray-not-looked = Not looked: { $why }
tray-again = Publish again
tray-publish-behind = Publish what is behind
tray-publish-behind-count = Publish what is behind ({ $count })
tray-recent = Recent publications
tray-recent-one = { $name } to { $space }
tray-open-page = Open page
tray-open-source = Open source
tray-copied = Publish the copied link
tray-look = Look what is behind
tray-pause = Pause looking
tray-accounts = Accounts
tray-search = Search…
tray-settings = Settings…
tray-more = { $first }, and { $others } more
tray-open = Open Tributary
tray-quit = Quit
tray-exit = Exit
tray-title = Tributary
tray-title-with = Tributary: { $words }
dialog-folder = Open a folder
dialog-certificate = Choose a certificate with its key
dialog-audit = Export the audit log
dialog-file = Save the file
dialog-patch = Save the edit as a patch

## The bar of menus at the top of the screen, where the system has one.

menu-about = About Tributary
menu-services = Services
menu-hide = Hide Tributary
menu-hide-others = Hide Others
menu-show-all = Show All
menu-file = File
menu-edit = Edit
menu-undo = Undo
menu-redo = Redo
menu-cut = Cut
menu-copy = Copy
menu-paste = Paste
menu-select-all = Select All
menu-view = View
menu-fullscreen = Enter Full Screen
menu-window = Window
menu-minimize = Minimize
menu-zoom = Zoom
menu-all-to-front = Bring All to Front
menu-help = Help

## What the desktop is told by notifications.

notice-publishing = Publishing { $name }
notice-done-of =
    { $total ->
        [one] { $done } of { $total } page
       *[other] { $done } of { $total } pages
    }
notice-not-published = Not published: { $name }
notice-copied-not-published = The copied link was not published
notice-up-to-date = Up to date: { $name }
notice-published = Published: { $name }
notice-written =
    { $written ->
        [one] { $written } page written
       *[other] { $written } pages written
    }
notice-decision = Needs a decision: { $name }
notice-written-left =
    { $written ->
        [one] { $written } page written
       *[other] { $written } pages written
    }, { $left ->
        [one] { $left } page left
       *[other] { $left } pages left
    }
notice-behind-not-published = What is behind was not published
notice-not-all-published = Not everything was published
notice-all-published = Published what was behind
notice-one-left = { $name }: { $why }
notice-others-left =
    { $others ->
        [one] { $others } more publication
       *[other] { $others } more publications
    }
notice-left =
    { $left ->
        [one] { $left } page left
       *[other] { $left } pages left
    }
notice-behind-why = Their sources changed since they were published.
notice-account = An account needs attention
notice-update = Tributary { $version } is available
notice-update-where = See Settings, Updates.
notice-staying = Tributary stays in the tray
notice-staying-why = Its icon there opens the window again and quits the program. Settings, Background makes closing the window quit it.

## What somebody has to do about an account. The window shows it too.

access-over = The access of `{ $user }` to `{ $host }` is over
access-ended = The access of `{ $user }` to `{ $host }` has ended
access-ends-within-a-day = The access of `{ $user }` to `{ $host }` ends within a day
access-ends =
    { $days ->
        [one] The access of `{ $user }` to `{ $host }` ends in { $days } day
       *[other] The access of `{ $user }` to `{ $host }` ends in { $days } days
    }
access-unused =
    { $days ->
        [one] Nobody used the access of `{ $user }` to `{ $host }` for { $days } day
       *[other] Nobody used the access of `{ $user }` to `{ $host }` for { $days } days
    }
access-lacks = The access of `{ $user }` to `{ $host }` lacks something that it was asked for
access-another = The access of `{ $user }` to `{ $host }` is somebody else's
access-locked = The access of `{ $user }` to `{ $host }` cannot be used: the place where tokens are kept is locked
access-forbidden = The access of `{ $user }` to `{ $host }` is forbidden by the policy

## Where tokens are kept.

vault-is = Tokens are kept in { $name }.
vault-is-keystore = Tokens are kept in the system's keystore ({ $name }).
vault-is-passphrase = Tokens are kept in the passphrase vault.
vault-is-session = Tokens are kept for this session only, as you chose: they are forgotten when Tributary is quit.
vault-session-chosen = Tokens are kept for this session only, as you chose
vault-choose-lasting = Choose a lasting place for tokens
vault-place-keystore = system's keystore
vault-place-passphrase = passphrase vault
vault-place-session = memory of this session
vault-now-keystore = Tokens are kept in the system's keystore from now on.
vault-now-passphrase = Tokens are kept in the passphrase vault from now on.
vault-now-session = Tokens are kept for this session only from now on.
vault-moved =
    { $count ->
        [one] { $count } secret was moved.
       *[other] { $count } secrets were moved.
    }
vault-left-behind =
    { $count ->
        [one] { $count } secret that was moved is still in the { $place ->
            [keystore] system's keystore
            [passphrase] passphrase vault
           *[session] memory of this session
        } too. Choosing a place tries again to remove it.
       *[other] { $count } secrets that were moved are still in the { $place ->
            [keystore] system's keystore
            [passphrase] passphrase vault
           *[session] memory of this session
        } too. Choosing a place tries again to remove them.
    }
vault-left-there =
    { $count ->
        [one] { $count } secret stays in the { $place ->
            [keystore] system's keystore
            [passphrase] passphrase vault
           *[session] memory of this session
        }, and is found again when you choose it again. Until then sign in anew.
       *[other] { $count } secrets stay in the { $place ->
            [keystore] system's keystore
            [passphrase] passphrase vault
           *[session] memory of this session
        }, and are found again when you choose it again. Until then sign in anew.
    }
vault-not-removed =
    { $count ->
        [one] { $count } secret could not be removed from the { $place ->
            [keystore] system's keystore
            [passphrase] passphrase vault
           *[session] memory of this session
        }, and is there too. Choosing a place tries again.
       *[other] { $count } secrets could not be removed from the { $place ->
            [keystore] system's keystore
            [passphrase] passphrase vault
           *[session] memory of this session
        }, and are there too. Choosing a place tries again.
    }
vault-set-aside = The vault that could not be opened is in `{ $folder }` now.

## What is said of a file.

file-first-pages = The first { $shown } of { $all } pages are shown
