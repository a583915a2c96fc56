### Publications: every page of a site that came from Git

published = Publications
published-lead = Every page that was published from Git, and how it stands against its source.
published-site = Site
site-of-product = { $name } ({ $product })
published-again = Look again
published-reading-sites = Reading the sites…
published-no-site = No site is connected
published-no-site-lead = Sign in to a Confluence site, or start the sandbox, and its pages are here.
published-asking = Asking Confluence which pages came from Git…
published-nothing = Nothing was published from Git yet
published-nothing-site = No page of this site came from Git.
published-nothing-spaces = No page in { $spaces } came from Git.
published-nothing-lead = Open a folder or repository and publish it; its pages are here then.
published-everywhere-look = Look in all spaces
published-filter = Filter
published-find = Find
published-find-what = Title, path, repository or commit
published-space = Space
published-repository = Repository
published-account = Account
published-plan-behind =
    { $count ->
        [one] Plan { NUMBER($count) } page that is behind
       *[other] Plan all { NUMBER($count) } pages that are behind
    }
published-plan-together =
    { $count ->
        [one] Plan { NUMBER($count) } page here
       *[other] Plan all { NUMBER($count) } pages here
    }
republish = Publish again
republish-back = Back to the pages
republish-parts = Plans by publication
published-all = all
published-unknown = unknown
published-everywhere = In all spaces
published-by-state = Filter by state
published-chip = { NUMBER($count) } { $state }
published-select-behind = Select what is behind
published-looking = Looking again…
published-shown =
    { $count ->
        [one] { NUMBER($shown) } of { $count } page
       *[other] { NUMBER($shown) } of { $count } pages
    }
pages =
    { $count ->
        [one] { $count } page
       *[other] { $count } pages
    }
published-left = <strong>{ $name }</strong> was not published to { $space } as a whole: <message>{ $why }</message>.
published-not-compared = <strong>{ $repository }</strong> is not compared. <message>{ $message }</message>.
published-not-asked =
    { $count ->
        [one] { NUMBER($count) } page that people wrote beside these was not asked whether it was published once. Choose fewer spaces to ask them all.
       *[other] { NUMBER($count) } pages that people wrote beside these were not asked whether they were published once. Choose fewer spaces to ask them all.
    }
published-not-reached =
    { $count ->
        [one] { NUMBER($count) } page is not compared: the host of its repository was asked about the others alone, because they show too many commits, or need files that changed. What is published from a clone is compared as a whole.
       *[other] { NUMBER($count) } pages are not compared: the hosts of their repositories were asked about the others alone, because they show too many commits, or need files that changed. What is published from a clone is compared as a whole.
    }
published-filtered = No page is let through by this filter.
published-page = The page
published-version = { $space }, version { $version }
published-version-commit = { $space }, version { $version } at { $commit }
published-version-source = { $space }, version { $version }, from { $path } in { $repository }
published-version-source-commit = { $space }, version { $version }, from { $path } in { $repository } at { $commit }
published-open-source = Open source
published-selected-pages = Selected pages
published-selected =
    { $count ->
        [one] { $count } page selected
       *[other] { $count } pages selected
    }
published-strange =
    { $count ->
        [one] { $count } page of them was not published from here. Open the source and publish it once.
       *[other] { $count } pages of them were not published from here. Open the source and publish it once.
    }
published-select-none = Select none
published-plan =
    { $count ->
        [one] Plan { $count } page…
       *[other] Plan { $count } pages…
    }
published-plan-of = Plan { NUMBER($count) } of { $publication }…
published-plan-unknown = this publication
published-plan-name = { $name } to { $space }
published-plan-branch = { $name } from branch { $branch } to { $space }

## The grid

grid = Published pages
grid-all = Select all
grid-column-page = Page
grid-column-space = Space
grid-column-source = Source
grid-column-commit = Commit
grid-column-links = Links
grid-column-state = State
grid-links-unknown = Links were not looked at
grid-links =
    { $count ->
        [0] none broken
       *[other] { NUMBER($count) } broken
    }
published-with-broken = { NUMBER($count) } with broken links
grid-source-hint = { $path } in { $repository }
grid-source-unknown = { $path } in an unknown repository
grid-nothing-tells = nothing tells

## How a page stands

state-edited = edited by hand
state-edited-behind = edited by hand, { $behind }
state-edited-gone = edited by hand, source gone
state-gone = source gone
state-behind = behind
state-unknown = not compared
state-comparing = comparing…
state-current = up to date
behind-by =
    { $commits ->
        [one] { $commits } commit behind
        [300] 300+ commits behind
       *[other] { $commits } commits behind
    }

## The last publishes

past = The last publishes
past-open = Last publishes…
past-none = No publish to this site is kept that could be taken back.
past-when = When
past-what = What
past-published = { NUMBER($created) } made, { NUMBER($changed) } changed
past-by-itself = { $what }, by itself
past-took-back = took another back: { NUMBER($changed) } changed
past-taken-back = taken back
past-take-back = Take back the publish of { $when }
