### Die Startansicht

home-lead = Dokumentation von Git nach Confluence. Sie sehen vorher, was eine Veröffentlichung ändert. Ein Link lässt sich überall in dieses Fenster einfügen oder ziehen.
home-path = Ordner, Git-Repository oder Link
home-path-example = ~/projekte/handbuch oder https://…
home-open = Öffnen
home-choose = Auswählen…
home-recent = Zuletzt verwendet
home-recent-none = Was Sie öffnen, steht beim nächsten Mal hier.
home-new = Neu hier?
home-new-lead = Öffnen Sie die Anleitung und veröffentlichen Sie sie in einem kleinen Confluence im Programm.
home-try = Mit der Sandbox ausprobieren
home-tour-left = Sie haben bei Schritt { $step } von 3 aufgehört.
home-tour-on = Fortsetzen

## Repositories at Git hosts

hosts = Git-Hosts
hosts-title = Bei einem Git-Host
hosts-looking = Konten werden gesucht…
hosts-none = Melden Sie sich bei GitHub, GitLab, Bitbucket, Azure DevOps, Gitea oder einem anderen Git-Server an, und deren Repositorys stehen hier. Öffentliches öffnet sich über seinen Link auch ohne Anmeldung.
hosts-host = Host
hosts-one = { $provider }: { $host } (als { $user })
hosts-find = Repository suchen
hosts-asking = Repositorys werden abgefragt…
hosts-not-found = Kein Repository heißt so.
hosts-empty = Für dieses Konto ist kein Repository sichtbar.

## What was published from here

publications-yours = Ihre Veröffentlichungen
publications-looking = Es wird geprüft, welche Seiten veraltet sind…
publications-all = Alle Seiten…
publications-pin = { $name } in { $space } anheften
publications-pinned = Angeheftet
publications-pin-hint = Oben anheften
publications-keep-up = Von selbst
publications-kept-up = Wird von selbst veröffentlicht
publications-keep-up-of = { $name } in { $space } von selbst veröffentlichen
publications-keep-up-hint = Von selbst wieder veröffentlichen, wenn sich etwas geändert hat: sobald in ihrem Ordner eine Datei gespeichert oder ein Commit gemacht wird, und so oft, wie nach Veraltetem gesehen wird. Was jemand in Confluence bearbeitet hat, bleibt.
publications-to = <muted>nach { $space } auf { $site }</muted>
publications-trouble = Letzte Veröffentlichung: <message>{ $why }</message>
publications-sandbox = die Sandbox läuft nicht
publications-plan = Planen…
publications-plan-again = { $name } in { $space } erneut planen
publications-count-behind =
    { $count ->
        [one] { $count } Seite veraltet
       *[other] { $count } Seiten veraltet
    }
publications-count-edited = { NUMBER($count) } von Hand bearbeitet
publications-count-gone =
    { $count ->
        [one] { $count } Quelle entfernt
       *[other] { $count } Quellen entfernt
    }

## Das erste Veröffentlichen, Schritt für Schritt

tour = Erstes Veröffentlichen
tour-of = Schritt { $step } von 3
tour-title-1 = die Dateien ansehen
tour-lead-1 = Links sind die Dateien eines Beispiel-Repositorys. Neben einer Datei steht die Seite, die in Confluence daraus wird.
tour-next-1 = Zeigen, was sich ändern würde
tour-title-2 = den Plan ansehen
tour-lead-2 = Noch wurde nichts geschrieben. Jede Zeile ist eine Seite; „Änderungen anzeigen“ zeigt, was auf ihr stünde. Ziel ist die Sandbox, ein kleines Confluence in diesem Programm.
tour-next-2 = In der Sandbox veröffentlichen
tour-title-3 = die Seiten ansehen
tour-lead-3 = Die Seiten sind in der Sandbox. Ändern Sie eine Datei und planen Sie erneut: Nur das Geänderte wird geschrieben. Nehmen Sie danach Ihr eigenes Repository und Ihre eigene Site.
tour-next-3 = Eine Seite öffnen
tour-connect = Eigene Site verbinden
tour-skip = Überspringen
tour-end = Rundgang beenden
