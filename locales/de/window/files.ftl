### Durchsehen: Dateien eines Ordners und eines Repositorys bei einem Commit

files = Dateien
files-width = Breite der Dateiliste
files-find = Datei suchen
files-none-fits = Keine Datei passt.
files-none = Dieser Ordner hat keine Dateien.
files-empty = Hier gibt es nichts zu zeigen oder zu veröffentlichen. Legen Sie Markdown-Dateien in den Ordner, oder öffnen Sie einen anderen.
files-unread = Der Ordner konnte nicht gelesen werden. Versuchen Sie es links noch einmal, oder öffnen Sie einen anderen.
files-none-here = Dieses Repository hat hier keine Dateien.
files-reading = Der Ordner wird gelesen…
files-reading-paths = Alle Pfade werden gelesen…
files-asking = Der Inhalt wird abgefragt…
files-fit =
    { $all ->
        [one] { NUMBER($fitting) } von { NUMBER($all) } Datei passt
       *[other] { NUMBER($fitting) } von { NUMBER($all) } Dateien passen
    }
files-count = { NUMBER($fitting) } von { NUMBER($all) }
files-count-best = { NUMBER($fitting) } von { NUMBER($all) }, die besten { NUMBER($shown) } sind zu sehen
file = Datei
file-none = Keine Datei
file-choose = Wählen Sie links eine Datei.
file-left-out = ausgelassen
file-kind-link = symbolischer Link
file-kind-submodule = Submodul
file-kind-lfs = in Git LFS
file-strange = der Name ist kein gültiges UTF-8
file-strange-untold = der Host nennt den Namen nicht, der kein gültiges UTF-8 ist
file-empty = leer
file-of-rest = ({ $sense })
folder = Ordner
folder-choose = Wählen Sie links eine Datei, oder veröffentlichen Sie, was hier ist.
folder-lead = Ein Ordner. Seine Markdown-Dateien werden Seiten, in der Ordnung der Ordner.
problems = Probleme
problems-count =
    { $count ->
        [one] { $count } Problem
       *[other] { $count } Probleme
    }
commits-look = Commits ansehen…
commits-look-hint = Branches, Tags, Commits und deren Dateien
link-not-in-folder = `{ $href }` ist nicht in diesem Ordner
link-not-in-repository = `{ $href }` ist nicht in diesem Repository
link-outside = `{ $href }` liegt außerhalb des Repositorys

## Finding in a file

find = Suchen
find-hint = In dieser Datei suchen ({ $keys })
find-in-file = In dieser Datei
find-words = In dieser Datei suchen
find-nowhere = Keine Treffer
find-at = { NUMBER($at) } von { NUMBER($total) }
find-at-some = { NUMBER($at) } von { NUMBER($total) }, die ersten { NUMBER($marked) } markiert
find-before = Vorherige Stelle
find-next = Nächste Stelle
find-close = Suche schließen

## The source and the page that it becomes

views = Was angezeigt wird
views-hint = Eines davon, oder zwei nebeneinander
view-source = Quelle
view-host = GitHub-Ansicht
view-host-other = Ansicht beim Host
view-host-hint = Wie GitHub die Datei zeigt, bei welchem Host sie auch liegt. Andere zeigen Hinweise, Formeln, Diagramme, Inhaltsverzeichnisse und HTML nach eigenen Regeln.
view-host-hint-gitlab = Wie GitHub die Datei zeigt, mit dem Inhaltsverzeichnis, das GitLab einsetzt, wo eine Zeile [[_TOC_]] oder [TOC] ist. Was GitLab sonst nach eigenen Regeln zeigt, ist hier nicht bekannt.
view-host-hint-bitbucket = Wie GitHub die Datei zeigt, mit HTML als Wörtern, weil Bitbucket keines zeigt. Was Bitbucket sonst nach eigenen Regeln zeigt, ist hier nicht bekannt.
view-host-hint-azure = Wie GitHub die Datei zeigt, und mit gezeichnetem Mermaid auch zwischen :::, wie bei Azure DevOps. Was Azure DevOps sonst nach eigenen Regeln zeigt, ist hier nicht bekannt.
view-page = Confluence
wrap = Umbrechen
blame = Urheber
tools-more = Mehr
blame-none = Noch in keinem Commit
blame-hint = Mit welchem Commit jede Zeile kam und wer sie schrieb
blame-asking = Die Urheber der Zeilen werden abgefragt…
blame-of = { $author }: { $summary } ({ $lines })
blame-of-when = { $author } { $when }: { $summary } ({ $lines })
source-width = Breite der Quelle
host-width = Breite der GitHub-Ansicht
host-width-other = Breite der Ansicht beim Host
host-loading = Die Datei wird gezeichnet, wie GitHub sie zeigt
source-of = Quelle von { $path }
source-loading = Wird geladen
source-mark-hint = Klick markiert die Zeile, mit Umschalt bis hierher
source-further = Zeile { $line } geht weiter
source-no-wrap = Dateien mit mehr als { NUMBER($rows) } Zeilen werden ohne Umbruch angezeigt.
source-empty = Diese Datei ist leer.
source-large = Diese Datei ist zu groß, um sie hier anzuzeigen ({ NUMBER($size) } Bytes).
source-link = Dies ist ein symbolischer Link.
source-submodule = Dies ist ein anderes Repository (ein Submodul). Sein Inhalt wird von hier nicht gelesen.
source-binary = Diese Datei enthält keinen Text ({ NUMBER($size) } Bytes).
source-leads-to = Er führt zu <code>{ $target }</code>
source-at-commit = Es steht bei Commit <code>{ $target }</code>
source-open = Öffnen
source-follow = Dorthin
line-one = Zeile { $line }
line-several = Zeilen { $first } bis { $last }
preview = Seitenvorschau
preview-host = Wie GitHub es zeigt
preview-host-other = Wie der Host es zeigt
pictures-on =
    { $count ->
        [one] Ein Bild liegt auf { $servers }.
       *[other] { $count } Bilder liegen auf { $servers }.
    }
pictures-on-more =
    { $count ->
        [one] Ein Bild liegt auf { $servers } und { NUMBER($others) } weiteren.
       *[other] { $count } Bilder liegen auf { $servers } und { NUMBER($others) } weiteren.
    }
pictures-learns =
    { $count ->
        [one] Wer es anzeigt, erfährt, dass Sie diese Seite ansehen.
       *[other] Wer sie anzeigt, erfährt, dass Sie diese Seite ansehen.
    }
pictures-show = Bilder anzeigen

## A repository at a commit

by-when = { $author }, <when>{ $when }</when>
newer-look = Nach neueren Commits suchen
newer-look-hint = Nach neueren Commits suchen
newer = { $reference } ist weiter: { $summary }, von { $author }.
newer-when = { $reference } ist weiter: { $summary }, von { $author }, { $when }.
newer-branch = Der Branch
newer-show = Anzeigen
lost = { $host } ist nicht erreichbar oder nimmt für eine Weile keine Anfragen mehr an. Bereits Gesehenes ist hier; der Rest ist gekennzeichnet.
lost-repository = Das Repository
path = Pfad
file-tools = Was damit möglich ist
save = Speichern unter…
save-hint = Diese Datei auf diesem Gerät speichern, auch was zum Anzeigen zu groß ist
saving = { $name } wird gespeichert…
saving-of = { $done } von { $total }
save-done = { $name } ist gespeichert als { $path }
history = Verlauf
link-copy = Link kopieren
link-copy-lines = Link auf { $lines } kopieren
lines-publish = Zeilen veröffentlichen…
lines-publish-hint = Aus { $lines } eine Seite machen
lines-snippet = Als Snippet kopieren
lines-snippet-hint = Markdown, das diese Zeilen in eine Seite dieses Repositorys übernimmt
publish-all = Alles veröffentlichen…
publish-folder = Diesen Ordner veröffentlichen…
publish-file = Diese Datei veröffentlichen…
changed = Zuletzt geändert von { $author }: { $summary }
changed-when = Zuletzt geändert von { $author }, <when>{ $when }</when>: { $summary }

## Branches, tags and commits

refs = Branch, Tag oder Commit
refs-kinds = Was aufgelistet wird
refs-kind-branch = Branches
refs-kind-tag = Tags
refs-kind-commit = Commits
refs-find = Anfang des Namens oder ein Commit
refs-find-commit = Kennung eines Commits
refs-files = Die Dateien auf dem Datenträger
refs-the-commit = Der Commit <code>{ $commit }</code>
refs-here = hier
refs-none-fits = Kein Name beginnt so.
refs-no-branch = Es gibt keine Branches.
refs-no-tag = Es gibt keine Tags.
commits-as = Hieß damals { $path }
commits-asking = Commits werden abgefragt…
commits-none = Kein Commit hat dies geändert.
commits-look-at = { $commit } ansehen
commits-no-message = Keine Nachricht

## Pages, pictures, and what a file was

source-pdf = Dieses PDF lässt sich nicht zeigen ({ NUMBER($size) } Bytes).
pdf-of = Seiten von { $path }
pdf-page = Seite { NUMBER($page) } von { NUMBER($pages) }
picture-pixels = { $width } × { $height } Pixel
picture-bytes = { $size ->
    [one] Ein Byte
   *[other] { NUMBER($size) } Bytes
}
picture-ways = Wie die Bilder verglichen werden
picture-beside = Nebeneinander
picture-swipe = Wischen
picture-onion = Eines durch das andere
picture-swipe-share = Wo das eine endet und das andere beginnt
picture-onion-share = Wie viel vom neuen zu sehen ist
picture-is-before = Vorher
picture-is-after = Jetzt
picture-alt-before = { $path } vorher
picture-alt-after = { $path } jetzt
picture-absent = Es ist nicht da.
picture-none = Es ist kein Bild.
compare = Vergleichen
compare-hint = Diese Datei mit einem anderen Commit, Branch oder Tag vergleichen
compare-with = Vergleichen mit
compare-alone = Es gibt nichts, womit diese Datei zu vergleichen wäre: Sie wurde nie geändert, und es gibt keinen anderen Branch oder Tag.
compare-asking = Wird verglichen …
compare-same = Es gibt keinen Unterschied.
compare-was = Dort hieß sie { $path }.
compare-absent-before = Die Datei ist dort nicht da. Alles an ihr ist neu.
compare-absent-after = Die Datei ist seither weg.
compare-binary = Was sich unterscheidet, ist weder Text noch Bild: vorher { NUMBER($before) } Bytes, jetzt { NUMBER($after) } Bytes.
compare-cut = Weitere Zeilen unterscheiden sich; die ersten { NUMBER($lines) } sind zu sehen.
compare-hint-folder = Die Dateien hier aufzählen, die sich von einem anderen Commit, Branch oder Tag unterscheiden
compare-alone-folder = Es gibt nichts zum Vergleichen: Was hier ist, wurde nie geändert, und es gibt keinen anderen Branch oder Tag.
changes = Dateien, die sich unterscheiden
changes-count = { $files ->
    [0] Keine Datei unterscheidet sich.
    [one] Eine Datei unterscheidet sich.
   *[other] { NUMBER($files) } Dateien unterscheiden sich.
}
changes-added = { NUMBER($files) } neu
changes-removed = { NUMBER($files) } weg
changes-modified = { NUMBER($files) } geändert
changes-renamed = { NUMBER($files) } umbenannt
changes-cut = Weitere Dateien unterscheiden sich; die ersten { NUMBER($files) } sind zu sehen.
change-added = neu
change-removed = weg
change-modified = geändert
change-renamed = umbenannt
change-from-to = { $was } → { $path }
