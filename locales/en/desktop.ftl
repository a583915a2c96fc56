### What the tray, its menu, notifications and the dialogs of the system say.

tray-nothing = Nothing published yet
tray-ready = Ready
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
tray-behind =
    { $count ->
        [one] { $count } page is behind
       *[other] { $count } pages are behind
    }
tray-nothing-behind = Nothing is behind
tray-saves-power = Not looking while the battery is saved
tray-looking-behind = Looking what is behind…
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
tray-more = { $first }, and { $others } more
tray-open = Open Tributary
tray-quit = Quit
tray-title = Tributary
tray-title-with = Tributary: { $words }
dialog-folder = Open a folder
dialog-audit = Export the audit log
dialog-patch = Save the edit as a patch

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
notice-behind-why = Their sources changed since they were published.
notice-account = An account needs you
notice-update = Tributary { $version } is there
notice-update-where = See Settings, Updates.

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
