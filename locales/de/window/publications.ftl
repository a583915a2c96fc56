### Veröffentlichungen: jede Seite einer Site, die aus Git kam

published = Veröffentlichungen
published-lead = Jede Seite, die aus Git veröffentlicht wurde, und ihr Stand gegenüber der Quelle.
published-site = Site
site-of-product = { $name } ({ $product })
published-again = Erneut prüfen
published-reading-sites = Sites werden gelesen…
published-no-site = Keine Site ist verbunden
published-no-site-lead = Melden Sie sich bei einer Confluence-Site an oder starten Sie die Sandbox, dann stehen deren Seiten hier.
published-asking = Confluence wird gefragt, welche Seiten aus Git kamen…
published-nothing = Noch nichts aus Git veröffentlicht
published-nothing-site = Keine Seite dieser Site kam aus Git.
published-nothing-spaces = Keine Seite in { $spaces } kam aus Git.
published-nothing-lead = Öffnen Sie einen Ordner oder ein Repository und veröffentlichen Sie es; dann stehen die Seiten hier.
published-everywhere-look = In allen Bereichen suchen
published-filter = Filter
published-find = Suchen
published-find-what = Titel, Pfad, Repository oder Commit
published-space = Bereich
published-repository = Repository
published-account = Konto
published-plan-behind =
    { $count ->
        [one] { NUMBER($count) } veraltete Seite planen
       *[other] Alle { NUMBER($count) } veralteten Seiten planen
    }
published-plan-together =
    { $count ->
        [one] { NUMBER($count) } Seite hier planen
       *[other] Alle { NUMBER($count) } Seiten hier planen
    }
republish = Erneut veröffentlichen
republish-back = Zurück zu den Seiten
republish-parts = Pläne nach Veröffentlichung
published-all = alle
published-unknown = unbekannt
published-everywhere = In allen Bereichen
published-by-state = Nach Stand filtern
published-chip = { NUMBER($count) } { $state }
published-select-behind = Veraltete auswählen
published-looking = Wird erneut geprüft…
published-shown =
    { $count ->
        [one] { NUMBER($shown) } von { $count } Seite
       *[other] { NUMBER($shown) } von { $count } Seiten
    }
pages =
    { $count ->
        [one] { $count } Seite
       *[other] { $count } Seiten
    }
published-left = <strong>{ $name }</strong> wurde nicht ganz nach { $space } veröffentlicht: <message>{ $why }</message>.
published-not-compared = <strong>{ $repository }</strong> ist nicht verglichen. <message>{ $message }</message>.
published-not-asked =
    { $count ->
        [one] { NUMBER($count) } daneben von Hand geschriebene Seite wurde nicht geprüft. Wählen Sie weniger Bereiche, um alle zu prüfen.
       *[other] { NUMBER($count) } daneben von Hand geschriebene Seiten wurden nicht geprüft. Wählen Sie weniger Bereiche, um alle zu prüfen.
    }
published-not-reached =
    { $count ->
        [one] { NUMBER($count) } Seite ist nicht verglichen: Der Host ihres Repositorys wurde nur nach den anderen gefragt, weil sie zu viele Commits zeigen oder geänderte Dateien brauchen. Was aus einem Klon veröffentlicht wird, wird als Ganzes verglichen.
       *[other] { NUMBER($count) } Seiten sind nicht verglichen: Die Hosts ihrer Repositorys wurden nur nach den anderen gefragt, weil sie zu viele Commits zeigen oder geänderte Dateien brauchen. Was aus einem Klon veröffentlicht wird, wird als Ganzes verglichen.
    }
published-filtered = Der Filter lässt keine Seite durch.
published-page = Die Seite
published-version = { $space }, Version { $version }
published-version-commit = { $space }, Version { $version } bei { $commit }
published-version-source = { $space }, Version { $version }, aus { $path } in { $repository }
published-version-source-commit = { $space }, Version { $version }, aus { $path } in { $repository } bei { $commit }
published-open-source = Quelle öffnen
published-selected-pages = Ausgewählte Seiten
published-selected =
    { $count ->
        [one] { $count } Seite ausgewählt
       *[other] { $count } Seiten ausgewählt
    }
published-strange =
    { $count ->
        [one] { $count } Seite davon wurde nicht von hier veröffentlicht. Öffnen Sie die Quelle und veröffentlichen Sie sie einmal.
       *[other] { $count } Seiten davon wurden nicht von hier veröffentlicht. Öffnen Sie die Quelle und veröffentlichen Sie sie einmal.
    }
published-select-none = Keine auswählen
published-plan =
    { $count ->
        [one] { $count } Seite planen…
       *[other] { $count } Seiten planen…
    }
published-plan-of = { NUMBER($count) } von { $publication } planen…
published-plan-unknown = dieser Veröffentlichung
published-plan-name = { $name } nach { $space }
published-plan-branch = { $name } vom Branch { $branch } nach { $space }

## The grid

grid = Veröffentlichte Seiten
grid-all = Alle auswählen
grid-column-page = Seite
grid-column-space = Bereich
grid-column-source = Quelle
grid-column-commit = Commit
grid-column-links = Links
grid-column-state = Stand
grid-links-unknown = Links wurden nicht geprüft
grid-links =
    { $count ->
        [0] keiner defekt
       *[other] { NUMBER($count) } defekt
    }
published-with-broken = { NUMBER($count) } mit defekten Links
grid-source-hint = { $path } in { $repository }
grid-source-unknown = { $path } in einem unbekannten Repository
grid-nothing-tells = nichts angegeben

## How a page stands

state-edited = von Hand bearbeitet
state-edited-behind = von Hand geändert, { $behind }
state-edited-gone = von Hand geändert, Quelle entfernt
state-gone = Quelle entfernt
state-behind = veraltet
state-unknown = nicht verglichen
state-comparing = wird verglichen…
state-current = aktuell
behind-by =
    { $commits ->
        [one] { $commits } Commit zurück
        [300] 300+ Commits zurück
       *[other] { $commits } Commits zurück
    }

## Die letzten Veröffentlichungen

past = Die letzten Veröffentlichungen
past-open = Letzte Veröffentlichungen…
past-none = Von dieser Site ist keine Veröffentlichung aufbewahrt, die zurückgenommen werden könnte.
past-when = Wann
past-what = Was
past-published = { NUMBER($created) } neu, { NUMBER($changed) } geändert
past-by-itself = { $what }, von selbst
past-took-back = nahm eine andere zurück: { NUMBER($changed) } geändert
past-taken-back = zurückgenommen
past-take-back = Die Veröffentlichung vom { $when } zurücknehmen
