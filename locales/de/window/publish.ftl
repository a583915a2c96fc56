### Veröffentlichen: was und wohin, der Plan, der Bericht

publish-aside = Was und wohin veröffentlicht wird
publish-from = Aus
publish-chosen =
    { $count ->
        [one] { $count } ausgewählte Seite
       *[other] { $count } ausgewählte Seiten
    }
publish-everything = Alles
publish-at = { $name } bei { $reference }
publish-at-fixed = { $name } bei { $reference }, das sich nicht ändert
publish-read-as = Gelesen als <strong>{ $user }</strong> bei { $host }
publish-everything-instead = Stattdessen alles veröffentlichen
publish-site = Site
publish-no-site = Keine Site ist verbunden
publish-connect = Site verbinden…
publish-space = Bereich
publish-space-one = { $name } ({ $key })
publish-spaces-reading = Die Bereiche werden gelesen…
publish-spaces-failed = Die Bereiche konnten nicht aufgelistet werden
publish-spaces-none = Kein Bereich, den Sie sehen
publish-spaces-none-lead = Dieses Konto sieht keinen Bereich der Site. Bitten Sie den Administrator der Site um Zugang, oder verbinden Sie sie mit einem anderen Konto.
publish-as = Veröffentlicht als <strong>{ $user }</strong>, { $mode }
publish-choose-another = Anderes Konto wählen…
publish-below = Unterhalb von
publish-home-page = Startseite des Bereichs
publish-pages-reading = Die Seiten werden gelesen…
publish-pages-failed = Die Seiten konnten nicht aufgelistet werden
publish-as-configured = wie Repository und Einstellungen es sagen
publish-orphans-archive = werden archiviert
publish-title = Titel
publish-title-usual = Der bisherige, sonst Datei und Zeilen
publish-message = Versionskommentar
publish-options = Wie Seiten veröffentlicht werden
publish-options-kept = Was hier gewählt ist, wird mit dem Veröffentlichten behalten: Es wird von hier, aus dem Infobereich, von selbst und durch den Befehl wieder so veröffentlicht, bis Sie es anders veröffentlichen.
publish-option-minorEdit = Beobachter
publish-option-minorEdit-yes = erfahren nichts von neuen Versionen (Data Center)
publish-option-minorEdit-no = erfahren von neuen Versionen
publish-option-setsLabels = Stichwörter, die nur die Seite hat,
publish-option-setsLabels-yes = werden entfernt
publish-option-setsLabels-no = bleiben
publish-option-labels = Stichwörter für alle Seiten
publish-option-format = Gesendet als
publish-option-format-storage = Speicherformat
publish-option-format-adf = Atlassian Document Format (nur Cloud)
publish-option-folders = Verzeichnisse ohne Seite
publish-option-folders-yes = werden Ordner (Cloud)
publish-option-folders-no = werden Seiten
publish-option-keepOrder = Reihenfolge der Seiten
publish-option-keepOrder-yes = bleibt, wie sie ist
publish-option-keepOrder-no = ist die der Quellen
publish-option-keepPlace = Seiten, die jemand verschoben hat,
publish-option-keepPlace-yes = bleiben dort
publish-option-keepPlace-no = kommen dorthin zurück, wo ihre Dateien sind
publish-option-refusesTitles = Seiten, deren Titel vergeben ist,
publish-option-refusesTitles-yes = werden abgelehnt
publish-option-refusesTitles-no = bekommen den Namen ihres Ordners dazu
publish-option-titlePrefix = Vor jedem Titel
publish-option-strict = Seiten mit einem Problem
publish-option-strict-yes = werden abgelehnt
publish-option-strict-no = werden veröffentlicht
publish-option-verify = Geschriebene Seiten
publish-option-verify-yes = werden noch einmal gelesen und verglichen
publish-option-verify-no = werden nicht noch einmal gelesen
publish-plan = Planen
publish-plan-again = Erneut planen
publish-nothing = Nichts zu veröffentlichen
publish-count =
    { $count ->
        [one] { $count } Seite veröffentlichen
       *[other] { $count } Seiten veröffentlichen
    }
publish-hint = Bevor Sie „Veröffentlichen“ wählen, wird nichts geschrieben.
publish-not-connected = `{ $site }` ist nicht verbunden
publish-connect-first = Verbinden Sie zuerst die Site

## Progress

plan-and-report = Plan und Bericht
progress = Fortschritt
progress-of = { NUMBER($done) } von { NUMBER($total) }
phase-reading = Dateien werden gelesen
phase-snapshot = Der Inhalt von Confluence wird abgefragt
phase-planning = Wird geplant
phase-publishing = Wird veröffentlicht
# Read out by screen readers once it is done; counts are such as "3 create, 16 unchanged".
plan-ended = Geplant: { $counts }
publish-ended = { $end }: { $counts }

## The plan

plan-from = Geplant aus { $reference } <code>{ $commit }</code>
plan-from-path = Geplant aus { $reference } <code>{ $commit }</code>, { $path }
plan-the-commit = dem Commit
plan-filter = Plan filtern
plan-all = Alle Änderungen
plan-chip = { NUMBER($count) } { $kind }
plan-none = Jede Seite sagt, was ihre Quelle sagt.
plan-none-of-kind = Nichts von dieser Art.
step-create = erstellen
step-update = aktualisieren
step-merge = zusammenführen
step-move = verschieben
step-archive = archivieren
step-trash = löschen
step-restore = wiederherstellen
step-refuse = verweigert
step-orphan = verwaist
step-leave = unverändert
plan-and-move = { $kind } + verschieben
plan-was = Bisheriger Titel: „{ $title }“
# Says from where to where; each is one of the two below.
plan-moved = Bisher { $from }, dann { $to }
plan-below = unter „{ $title }“
plan-top = ganz oben im Bereich
plan-behind = veraltet
plan-behind-hint = Commits, die die Quelle seit der Veröffentlichung der Seite geändert haben
plan-no-commit = kein eigener Commit
plan-files =
    { $count ->
        [one] { $count } Datei
       *[other] { $count } Dateien
    }
plan-blog-post = Blogpost
plan-folder = Ordner
plan-adf = ADF
plan-restricted = eingeschränkt
plan-unrestricted = für alle
plan-read-by = Ansehen: { $who }
plan-edit-by = Bearbeiten: { $who }
plan-everybody = alle im Bereich
plan-group = Gruppe { $name }
plan-publisher = wer veröffentlicht
plan-hide = Änderungen ausblenden
plan-show = Änderungen anzeigen
plan-line = Zeile { $line }
plan-page = Seite
plan-left-out = { $path } ist ausgelassen: { $reason }
plan-nothing = Noch nichts geplant
plan-nothing-site = Verbinden Sie eine Site, oder starten Sie die Sandbox, um ohne Site zu probieren.
plan-nothing-lead = Wählen Sie einen Bereich, dann „Planen“. Sie sehen jede Seite, die sich ändern würde.

## An edit of a page

conflict-what = Fremde Änderung
conflict-of = Was aus der Änderung an { $title } wird
conflict-refuse = bleibt, und nichts wird veröffentlicht
conflict-merge = wird mit der Quelle zusammengeführt
conflict-overwrite = wird überschrieben
conflict-show = Ihre Änderung zeigen
conflict-hide = Ihre Änderung verbergen
conflict-unknown = Was vorher veröffentlicht wurde, gibt es nicht mehr; ihre Änderung lässt sich vom Rest nicht unterscheiden.
conflict-take = In die Quelle übernehmen…
conflict-no-take = Nur eine Markdown-Datei kann ihre Änderung übernehmen.
plan-holds-edit = Enthält Worte, die jemand in Confluence geschrieben hat und die in dieser Quelle fehlen.
pull-title = Die Änderung an { $title } in { $path } übernehmen
pull-looking = Seite und Quelle werden verglichen…
pull-uncertain = Vergleichen Sie die Datei mit der Seite, bevor Sie sie verwenden: nicht die ganze Änderung steht darin.
pull-left = Es kann nichts übernommen werden: { $reason }
pull-branch = Neuer Branch
pull-no-clone = Auf diesem Gerät gibt es keinen Klon des Repositorys; deshalb wird die Änderung als Patch gesichert. Wer einen hat, wendet ihn mit `git apply` an.
pull-name = Name des Patches
pull-commit = In den Branch committen
pull-save = Als Patch sichern…
pull-committed = Als { $commit } auf { $branch } committet. Was ausgecheckt ist, bleibt, wie es ist; führen Sie den Branch zusammen, wenn er stimmt.
pull-saved = Gesichert als { $path }

## A title that another page has

title-taken = Den Titel „{ $wanted }“ hat eine andere Seite.
title-chosen = Ihr Titel wurde hier gewählt; in der Datei steht „{ $wanted }“.
title-open = Jene Seite öffnen
title-link = In jene Seite schreiben
title-link-of = { $title } in die Seite schreiben, die den Titel hat
title-other = Anderer Titel
title-use = Diesen Titel verwenden
title-own = Titel der Datei verwenden
title-linked = Ihre Datei ist von nun an mit dieser Seite verknüpft.
title-unlink = Nicht verknüpfen

## Targets

target = Ziel
targets = Ziele in .tributary.toml
target-all = Alle { NUMBER($count) } Ziele
target-none = Ein anderer Ort
target-goes = Bereich { $space } auf { $site }
target-below = unter { $parent }
target-paths = nur { $paths }
target-failed = fehlgeschlagen
target-changes =
    { $count ->
        [0] nichts zu veröffentlichen
        [one] { NUMBER($count) } Seite
       *[other] { NUMBER($count) } Seiten
    }

## The difference of a page

diff-comparing = Wird verglichen…
diff-of = Änderungen an { $title }
diff-none = Für Leser ist kein Unterschied zu sehen; Anhänge, Stichwörter oder Ähnliches ändern sich.
diff-added = Hinzugefügt:
diff-removed = Entfernt:
diff-gap =
    { $lines ->
        [one] { $lines } unveränderte Zeile
       *[other] { $lines } unveränderte Zeilen
    }

## The report

report-stopped = Abgebrochen
report-unfinished = Nicht beendet
report-open = Veröffentlicht, mit offenen Punkten
report-published = Veröffentlicht
report-facts = { $seconds } s, { NUMBER($requests) } Anfragen, Bereich { $space }
report-filter = Bericht filtern
report-none = Keine Seite wurde geändert.
report-what = Was
report-page = Seite
report-source = Quelle
report-version = Version
outcome-created = erstellt
outcome-updated = aktualisiert
outcome-moved = verschoben
outcome-unchanged = unverändert
outcome-conflict = Konflikt
outcome-orphaned = verwaist
outcome-archived = archiviert
outcome-trashed = gelöscht
outcome-restored = wiederhergestellt
outcome-refused = verweigert
outcome-failed = fehlgeschlagen
outcome-not-reached = nicht erreicht

## Eine Veröffentlichung zurücknehmen, und die Links ihrer Seiten

take-back = Zurücknehmen…
take-back-title = Veröffentlichung zurücknehmen
take-back-lead = Seiten erhalten ihre frühere Version, Labels, Eigenschaften und Stelle wieder. Neue kommen in den Papierkorb, ebenso Dateien, die eine Seite nicht hatte; Seiten, die dorthin kamen, kommen zurück. Was jemand seither geändert hat, bleibt.
take-back-nothing = Nichts zurückzunehmen
take-back-count =
    { $count ->
        [one] { NUMBER($count) } Seite zurücknehmen
       *[other] { NUMBER($count) } Seiten zurücknehmen
    }
plan-tells-watchers = Die Schnittstelle von Confluence Cloud für Seiten kennt keine kleinen Änderungen: Beobachter erfahren von den neuen Versionen.
plan-too-many =
    { $count ->
        [one] { NUMBER($count) } Seite bleibt, weil mehr verschwinden würden, als vereinbart ist.
       *[other] { NUMBER($count) } Seiten bleiben, weil mehr verschwinden würden, als vereinbart ist.
    }
plan-let-go =
    { $count ->
        [one] Ihre Quelle gibt es nicht mehr: ohne sie planen
       *[other] Ihre Quellen gibt es nicht mehr: ohne { NUMBER($count) } planen
    }
plan-left =
    { $count ->
        [one] { NUMBER($count) } Seite ist abgewählt.
       *[other] { NUMBER($count) } Seiten sind abgewählt.
    }
plan-pick =
    { $count ->
        [one] Die { NUMBER($count) } gewählte Seite planen
       *[other] Die { NUMBER($count) } gewählten Seiten planen
    }
plan-pick-all = Alle wählen
plan-pick-one = { $title } veröffentlichen
plan-takes-off = ohne { $label }
links-checked = Links der Seiten
links-check =
    { $count ->
        [one] Links von { NUMBER($count) } Seite prüfen
       *[other] Links von { NUMBER($count) } Seiten prüfen
    }
links-looking = Die Seiten werden gelesen…
links-whole =
    { $checked ->
        [one] { NUMBER($checked) } Link auf { NUMBER($pages) } Seiten führt zum Ziel.
       *[other] { NUMBER($checked) } Links auf { NUMBER($pages) } Seiten führen zum Ziel.
    }
links-broken =
    { $count ->
        [one] { NUMBER($count) } von { NUMBER($checked) } Links führt ins Leere.
       *[other] { NUMBER($count) } von { NUMBER($checked) } Links führen ins Leere.
    }
links-not-checked =
    { $count ->
        [one] { NUMBER($count) } Link an einen anderen Ort wurde nicht geprüft.
       *[other] { NUMBER($count) } Links an andere Orte wurden nicht geprüft.
    }
links-leads = { $target }: { $reason }
