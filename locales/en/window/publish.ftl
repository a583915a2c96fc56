### Publishing: what and where, the plan, the report

publish-aside = What and where to publish
publish-from = From
publish-chosen =
    { $count ->
        [one] { $count } chosen page
       *[other] { $count } chosen pages
    }
publish-everything = Everything
publish-at = { $name } at { $reference }
publish-at-fixed = { $name } at { $reference }, which stays
publish-read-as = Read as <strong>{ $user }</strong> at { $host }
publish-everything-instead = Publish everything instead
publish-site = Site
publish-no-site = No site is connected
publish-connect = Connect a site…
publish-space = Space
publish-space-one = { $name } ({ $key })
publish-spaces-reading = Reading the spaces…
publish-spaces-failed = The spaces could not be listed
publish-spaces-none = No space that you see
publish-spaces-none-lead = This account sees no space of the site. Ask an administrator of the site to let it in, or connect with another account.
publish-as = Published as <strong>{ $user }</strong>, { $mode }
publish-choose-another = Choose another…
publish-below = Below
publish-home-page = The space's home page
publish-pages-reading = Reading the pages…
publish-pages-failed = The pages could not be listed
publish-as-configured = as the repository and the settings say
publish-orphans-archive = are archived
publish-title = Title
publish-title-usual = The page's own, or file and lines
publish-message = Version message
publish-options = How pages are published
publish-options-kept = What is chosen here is kept with what you publish: it is published again like this from here, from the tray, by itself and by the command, until you publish it in another way.
publish-option-minorEdit = Watchers
publish-option-minorEdit-yes = are not told of new versions (Data Center)
publish-option-minorEdit-no = are told of new versions
publish-option-setsLabels = Labels that only the page has
publish-option-setsLabels-yes = are taken off
publish-option-setsLabels-no = stay
publish-option-labels = Labels for every page
publish-option-format = Sent as
publish-option-format-storage = storage format
publish-option-format-adf = the Atlassian Document Format (Cloud)
publish-option-folders = Directories without a page
publish-option-folders-yes = become folders (Cloud)
publish-option-folders-no = become pages
publish-option-keepOrder = Order of pages
publish-option-keepOrder-yes = stays as it is
publish-option-keepOrder-no = is that of the sources
publish-option-keepPlace = Pages that people moved
publish-option-keepPlace-yes = stay there
publish-option-keepPlace-no = go back to where their files are
publish-option-refusesTitles = Pages whose title is taken
publish-option-refusesTitles-yes = are refused
publish-option-refusesTitles-no = get their folder's name too
publish-option-titlePrefix = Before every title
publish-option-strict = Pages with a problem
publish-option-strict-yes = are refused
publish-option-strict-no = are published
publish-option-verify = Pages that were written
publish-option-verify-yes = are read again and compared
publish-option-verify-no = are not read again
publish-plan = Plan
publish-plan-again = Plan again
publish-nothing = Nothing to publish
publish-count =
    { $count ->
        [one] Publish { $count } page
       *[other] Publish { $count } pages
    }
publish-hint = Nothing is written before you choose Publish.
publish-not-connected = `{ $site }` is not connected
publish-connect-first = Connect the site first

## Progress

plan-and-report = Plan and report
progress = Progress
progress-of = { NUMBER($done) } of { NUMBER($total) }
phase-reading = Reading the files
phase-snapshot = Asking Confluence what it holds
phase-planning = Planning
phase-publishing = Publishing
# Read out by screen readers once it is done; counts are such as "3 create, 16 unchanged".
plan-ended = Planned: { $counts }
publish-ended = { $end }: { $counts }

## The plan

plan-from = Planned from { $reference } <code>{ $commit }</code>
plan-from-path = Planned from { $reference } <code>{ $commit }</code>, { $path }
plan-the-commit = the commit
plan-filter = Filter the plan
plan-all = All changes
plan-chip = { NUMBER($count) } { $kind }
plan-none = Every page says what its source says.
plan-none-of-kind = Nothing of this kind.
step-create = create
step-update = update
step-merge = merge
step-move = move
step-archive = archive
step-trash = trash
step-restore = restore
step-refuse = refused
step-orphan = orphaned
step-leave = unchanged
plan-and-move = { $kind } + move
plan-was = Was called “{ $title }”
# Says from where to where; each is one of the two below.
plan-moved = From { $from } to { $to }
plan-below = below “{ $title }”
plan-top = the top of the space
plan-behind = behind
plan-behind-hint = Commits that changed the source since the page was published
plan-no-commit = no commit of its own
plan-files =
    { $count ->
        [one] { $count } file
       *[other] { $count } files
    }
plan-blog-post = blog post
plan-folder = folder
plan-adf = ADF
plan-restricted = restricted
plan-unrestricted = for everybody
plan-read-by = Read by { $who }
plan-edit-by = Edited by { $who }
plan-everybody = everybody in the space
plan-group = group { $name }
plan-publisher = whoever publishes
plan-hide = Hide changes
plan-show = Show changes
plan-line = line { $line }
plan-page = page
plan-left-out = { $path } is left out: { $reason }
plan-nothing = Nothing planned yet
plan-nothing-site = Connect a site, or start the sandbox to try things without one.
plan-nothing-lead = Choose a space, then Plan. You will see every page that would change.

## An edit of a page

conflict-what = Their edit
conflict-of = What becomes of the edit of { $title }
conflict-refuse = stays, and nothing is published
conflict-merge = is merged with the source
conflict-overwrite = is written over
conflict-show = Show their edit
conflict-hide = Hide their edit
conflict-unknown = What was published before is not there any more, so their edit cannot be told from the rest.
conflict-take = Take into the source…
conflict-no-take = Only a Markdown file can take their edit.
plan-holds-edit = Holds words that somebody wrote in Confluence and that this source has not.
pull-title = Take the edit of { $title } into { $path }
pull-looking = Comparing the page with its source…
pull-uncertain = Compare it with the page before you use it: not all of the edit stands in this file.
pull-left = Nothing can be taken over: { $reason }
pull-branch = New branch
pull-no-clone = There is no clone of the repository on this machine, so the edit is saved as a patch. Whoever has one applies it with `git apply`.
pull-name = Name of the patch
pull-commit = Commit to the branch
pull-save = Save as a patch…
pull-committed = Committed as { $commit } on { $branch }. What is checked out stays as it is; merge the branch when it is right.
pull-saved = Saved as { $path }

## A title that another page has

title-taken = The title “{ $wanted }” is another page's.
title-chosen = Its title was chosen here; its file says “{ $wanted }”.
title-open = Open that page
title-link = Write to that page
title-link-of = Write { $title } to the page that has its title
title-other = Another title
title-use = Use this title
title-own = Use the file's title
title-linked = Its file is linked to this page from now on.
title-unlink = Do not link it

## Targets

target = Target
targets = Targets of .tributary.toml
target-all = All { NUMBER($count) } targets
target-none = Another place
target-goes = space { $space } at { $site }
target-below = below { $parent }
target-paths = only { $paths }
target-failed = failed
target-changes =
    { $count ->
        [0] nothing to publish
        [one] { NUMBER($count) } page
       *[other] { NUMBER($count) } pages
    }

## The difference of a page

diff-comparing = Comparing…
diff-of = Changes of { $title }
diff-none = A reader sees no difference; attachments, labels or the like change.
diff-added = Added:
diff-removed = Removed:
diff-gap =
    { $lines ->
        [one] { $lines } line unchanged
       *[other] { $lines } lines unchanged
    }

## The report

report-stopped = Stopped
report-unfinished = Not finished
report-open = Published, with open ends
report-published = Published
report-facts = { $seconds } s, { NUMBER($requests) } requests, space { $space }
report-filter = Filter the report
report-none = No page was changed.
report-what = What
report-page = Page
report-source = Source
report-version = Version
outcome-created = created
outcome-updated = updated
outcome-moved = moved
outcome-unchanged = unchanged
outcome-conflict = conflict
outcome-orphaned = orphaned
outcome-archived = archived
outcome-trashed = trashed
outcome-restored = restored
outcome-refused = refused
outcome-failed = failed
outcome-not-reached = not reached

## Taking a publish back, and the links of its pages

take-back = Take back…
take-back-title = Take the publish back
take-back-lead = Pages get their earlier version, labels, properties and place again. New ones go to the trash, and so do files that a page did not have; pages that went there come back. What somebody changed since stays.
take-back-nothing = Nothing to take back
take-back-count =
    { $count ->
        [one] Take { NUMBER($count) } page back
       *[other] Take { NUMBER($count) } pages back
    }
plan-tells-watchers = Confluence Cloud's API for pages has no minor edits: watchers are told of the new versions.
plan-too-many =
    { $count ->
        [one] { NUMBER($count) } page stays, because more would go than was agreed to.
       *[other] { NUMBER($count) } pages stay, because more would go than was agreed to.
    }
plan-let-go =
    { $count ->
        [one] Its source is gone: plan to let it go
       *[other] Their sources are gone: plan to let { NUMBER($count) } go
    }
plan-left =
    { $count ->
        [one] { NUMBER($count) } page is unchecked.
       *[other] { NUMBER($count) } pages are unchecked.
    }
plan-pick =
    { $count ->
        [one] Plan the { NUMBER($count) } checked page
       *[other] Plan the { NUMBER($count) } checked pages
    }
plan-pick-all = Check all
plan-pick-one = Publish { $title }
plan-takes-off = without { $label }
links-checked = Links of the pages
links-check =
    { $count ->
        [one] Check the links of { NUMBER($count) } page
       *[other] Check the links of { NUMBER($count) } pages
    }
links-looking = Reading the pages…
links-whole =
    { $checked ->
        [one] { NUMBER($checked) } link on { NUMBER($pages) } pages leads somewhere.
       *[other] { NUMBER($checked) } links on { NUMBER($pages) } pages lead somewhere.
    }
links-broken =
    { $count ->
        [one] { NUMBER($count) } of { NUMBER($checked) } links leads nowhere.
       *[other] { NUMBER($count) } of { NUMBER($checked) } links lead nowhere.
    }
links-not-checked =
    { $count ->
        [one] { NUMBER($count) } link to another place was not looked at.
       *[other] { NUMBER($count) } links to other places were not looked at.
    }
links-leads = { $target }: { $reason }
