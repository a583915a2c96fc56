### The start screen

home-lead = Documentation from Git to Confluence. See what a publish will change before it does. A link can be pasted or dropped anywhere in this window.
home-path = Folder, Git repository or link
home-path-example = ~/projects/handbook or https://…
home-open = Open
home-choose = Choose…
home-recent = Recent
home-recent-none = What you open is here the next time.
home-new = New here?
home-new-lead = Open the guide and publish it to a small Confluence inside the program.
home-try = Try it with the sandbox
home-tour-left = You left it at step { $step } of 3.
home-tour-on = Go on

## Repositories at Git hosts

hosts = Git hosts
hosts-title = At a Git host
hosts-looking = Looking for accounts…
hosts-none = Sign in to GitHub, GitLab, Bitbucket, Azure DevOps, Gitea or another Git server, and their repositories are here. What is public opens by its link without that.
hosts-host = Host
hosts-one = { $provider }: { $host } (as { $user })
hosts-find = Find a repository
hosts-asking = Asking for the repositories…
hosts-not-found = No repository is called so.
hosts-empty = There is no repository that this account sees.

## What was published from here

publications-yours = Your publications
publications-looking = Checking which pages are behind…
publications-all = All pages…
publications-pin = Pin { $name } in { $space }
publications-pinned = Pinned
publications-pin-hint = Pin it to the top
publications-keep-up = By itself
publications-kept-up = Publishes by itself
publications-keep-up-of = Publish { $name } to { $space } by itself
publications-keep-up-hint = Publish it again by itself whenever it changed: as soon as a file of its folder is saved or a commit is made there, and as often as it is looked for what is behind. What somebody edited in Confluence is left.
publications-to = <muted>to { $space } at { $site }</muted>
publications-trouble = Last publish: <message>{ $why }</message>
publications-sandbox = the sandbox is not running
publications-plan = Plan…
publications-plan-again = Plan { $name } in { $space } again
publications-count-behind =
    { $count ->
        [one] { $count } page behind
       *[other] { $count } pages behind
    }
publications-count-edited = { NUMBER($count) } edited by hand
publications-count-gone =
    { $count ->
        [one] { $count } source gone
       *[other] { $count } sources gone
    }

## The first publish, step by step

tour = First publish
tour-of = Step { $step } of 3
tour-title-1 = look at the files
tour-lead-1 = On the left are the files of a sample repository. Beside a file stands the page that it becomes in Confluence.
tour-next-1 = Show what would change
tour-title-2 = look at the plan
tour-lead-2 = Nothing was written yet. Each row is a page; “Show changes” tells what would be on it. This goes to the sandbox, a small Confluence inside this program.
tour-next-2 = Publish to the sandbox
tour-title-3 = see the pages
tour-lead-3 = The pages are in the sandbox. Change a file and plan again: only what changed is written. Then take your own repository and your own site.
tour-next-3 = Open a page
tour-connect = Connect your own site
tour-skip = Skip
tour-end = End the tour
