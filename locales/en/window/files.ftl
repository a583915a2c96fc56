### Browsing: files of a folder, and of a repository at a commit

files = Files
files-width = Width of the file list
files-find = Find a file
files-none-fits = No file fits.
files-none = This folder has no files.
files-empty = There is nothing to show or to publish here. Put Markdown files into the folder, or open another one.
files-unread = The folder could not be read. Try again on the left, or open another one.
files-none-here = This repository has no files here.
files-reading = Reading the folder…
files-reading-paths = Reading all paths…
files-asking = Asking what is there…
files-fit =
    { $all ->
        [one] { NUMBER($fitting) } of { NUMBER($all) } file fits
       *[other] { NUMBER($fitting) } of { NUMBER($all) } files fit
    }
files-count = { NUMBER($fitting) } of { NUMBER($all) }
files-count-best = { NUMBER($fitting) } of { NUMBER($all) }, the best { NUMBER($shown) } are shown
file = File
file-none = No file
file-choose = Choose a file on the left.
file-left-out = left out
file-kind-link = symbolic link
file-kind-submodule = submodule
file-kind-lfs = in Git LFS
file-strange = the name is not valid UTF-8
file-strange-untold = the host does not tell the name, which is not valid UTF-8
file-empty = empty
file-of-rest = ({ $sense })
folder = Folder
folder-choose = Choose a file on the left, or publish what is here.
folder-lead = A folder. Its Markdown files become pages, in the order of the folders.
problems = Problems
problems-count =
    { $count ->
        [one] { $count } problem
       *[other] { $count } problems
    }
commits-look = Look at commits…
commits-look-hint = Branches, tags, commits, and the files in them
link-not-in-folder = `{ $href }` is not in this folder
link-not-in-repository = `{ $href }` is not in this repository
link-outside = `{ $href }` is outside of the repository

## Finding in a file

find = Find
find-hint = Find in this file ({ $keys })
find-in-file = In this file
find-words = Find in this file
find-nowhere = Nowhere
find-at = { NUMBER($at) } of { NUMBER($total) }
find-at-some = { NUMBER($at) } of { NUMBER($total) }, the first { NUMBER($marked) } marked
find-before = The place before
find-next = The next place
find-close = Close the search

## The source and the page that it becomes

views = What is shown
views-hint = One of them, or any two beside each other
view-source = Source
view-host = GitHub's look
view-host-other = Host's look
view-host-hint = As GitHub shows the file, whichever host it is at. Others show alerts, formulas, diagrams, contents and HTML by rules of their own.
view-host-hint-gitlab = As GitHub shows the file, with the contents that GitLab fills in where a line is [[_TOC_]] or [TOC]. What else GitLab shows by rules of its own is not known here.
view-host-hint-bitbucket = As GitHub shows the file, with HTML as words, because Bitbucket shows none. What else Bitbucket shows by rules of its own is not known here.
view-host-hint-azure = As GitHub shows the file, with Mermaid between ::: drawn too, as Azure DevOps does. What else Azure DevOps shows by rules of its own is not known here.
view-page = Confluence
wrap = Wrap
blame = Blame
tools-more = More
blame-none = Not committed yet
blame-hint = With which commit each line came, and who wrote it
blame-asking = Asking who wrote which line…
blame-of = { $author }: { $summary }, { $lines }
blame-of-when = { $author } { $when }: { $summary }, { $lines }
source-width = Width of the source
host-width = Width of GitHub's look
host-width-other = Width of the host's look
host-loading = Drawing the file as GitHub shows it
source-of = Source of { $path }
source-loading = Loading
source-mark-hint = Click to mark the line, with Shift up to here
source-further = Line { $line } goes on
source-no-wrap = Files of more than { NUMBER($rows) } lines are shown without wrapping.
source-empty = This file is empty.
source-large = This file is too large to show here ({ NUMBER($size) } bytes).
source-link = This is a symbolic link.
source-submodule = This is another repository (a submodule). What is in it is not read from here.
source-binary = This file holds no text ({ NUMBER($size) } bytes).
source-leads-to = It leads to <code>{ $target }</code>
source-at-commit = It is at the commit <code>{ $target }</code>
source-open = Open it
source-follow = Go there
line-one = line { $line }
line-several = lines { $first } to { $last }
preview = Page preview
preview-host = As GitHub shows it
preview-host-other = As the host shows it
pictures-on =
    { $count ->
        [one] A picture is on { $servers }.
       *[other] { $count } pictures are on { $servers }.
    }
pictures-on-more =
    { $count ->
        [one] A picture is on { $servers } and { NUMBER($others) } more.
       *[other] { $count } pictures are on { $servers } and { NUMBER($others) } more.
    }
pictures-learns =
    { $count ->
        [one] Who shows it learns that you look at this page.
       *[other] Who shows them learns that you look at this page.
    }
pictures-show = Show pictures

## A repository at a commit

by-when = { $author }, <when>{ $when }</when>
newer-look = Look for newer commits
newer-look-hint = Look for newer commits
newer = { $reference } has moved on: { $summary }, by { $author }.
newer-when = { $reference } has moved on: { $summary }, by { $author }, { $when }.
newer-branch = The branch
newer-show = Show it
lost = { $host } could not be reached, or takes no more questions for a while. What was seen before is here; the rest says so.
lost-repository = The repository
path = Path
file-tools = What to do with it
save = Save as…
save-hint = Save this file on this machine, also what is too large to be shown
saving = Saving { $name }…
saving-of = { $done } of { $total }
save-done = { $name } is saved as { $path }
history = History
link-copy = Copy link
link-copy-lines = Copy link to { $lines }
lines-publish = Publish lines…
lines-publish-hint = Make a page of { $lines }
lines-snippet = Copy as snippet
lines-snippet-hint = Markdown that takes these lines into a page of this repository
publish-all = Publish all…
publish-folder = Publish this folder…
publish-file = Publish this file…
changed = Last changed by { $author }: { $summary }
changed-when = Last changed by { $author }, <when>{ $when }</when>: { $summary }

## Branches, tags and commits

refs = Branch, tag or commit
refs-kinds = What is listed
refs-kind-branch = Branches
refs-kind-tag = Tags
refs-kind-commit = Commits
refs-find = Beginning of its name, or a commit
refs-find-commit = Id of a commit
refs-files = The files on the disk
refs-the-commit = The commit <code>{ $commit }</code>
refs-here = here
refs-none-fits = No name begins so.
refs-no-branch = There are no branches.
refs-no-tag = There are no tags.
commits-as = Then called { $path }
commits-asking = Asking for the commits…
commits-none = No commit changed this.
commits-look-at = Look at { $commit }
commits-no-message = No message

## Pages, pictures, and what a file was

source-pdf = This PDF cannot be shown ({ NUMBER($size) } bytes).
pdf-of = Pages of { $path }
pdf-page = Page { NUMBER($page) } of { NUMBER($pages) }
picture-pixels = { $width } × { $height } pixels
picture-bytes = { $size ->
    [one] One byte
   *[other] { NUMBER($size) } bytes
}
picture-ways = How the pictures are compared
picture-beside = Side by side
picture-swipe = Swipe
picture-onion = One through the other
picture-swipe-share = Where one ends and the other begins
picture-onion-share = How much of the new one is seen
picture-is-before = Before
picture-is-after = Now
picture-alt-before = { $path } before
picture-alt-after = { $path } now
picture-absent = It is not there.
picture-none = It is no picture.
compare = Compare
compare-hint = Compare this file with another commit, branch or tag
compare-with = Compare with
compare-alone = There is nothing to compare this file with: it never changed, and there is no other branch or tag.
compare-asking = Comparing…
compare-same = Nothing differs.
compare-was = It was called { $path } there.
compare-absent-before = The file is not there. All of it is new.
compare-absent-after = The file is gone since.
compare-binary = What differs is no text and no picture: { NUMBER($before) } bytes before, { NUMBER($after) } bytes now.
compare-cut = More lines differ; the first { NUMBER($lines) } are shown.
compare-hint-folder = List the files here that differ from another commit, branch or tag
compare-alone-folder = There is nothing to compare with: what is here never changed, and there is no other branch or tag.
changes = Files that differ
changes-count = { $files ->
    [0] No file differs.
    [one] One file differs.
   *[other] { NUMBER($files) } files differ.
}
changes-added = { NUMBER($files) } new
changes-removed = { NUMBER($files) } gone
changes-modified = { NUMBER($files) } changed
changes-renamed = { NUMBER($files) } renamed
changes-cut = More files differ; the first { NUMBER($files) } are shown.
change-added = new
change-removed = gone
change-modified = changed
change-renamed = renamed
change-from-to = { $was } → { $path }
