### Was jede Ansicht umgibt: Kopfzeile, Befehle und ihre Tasten, und Wörter, die viele Ansichten teilen.

product = Tributary
starting = Wird gestartet…
close = Schließen
cancel = Abbrechen
cancelling = Wird abgebrochen…
done = Fertig
clear = Zurücksetzen
dismiss = Ausblenden
more = Mehr
less = Weniger
later = Später
try-again = Erneut versuchen
reading = Wird gelesen…
asking = Wird abgefragt…
open-page = Seite öffnen
open-the-page = Seite öffnen
sign-in-more = Anmelden…
accounts-more = Konten…
start-sandbox = Sandbox starten
user-at-host = { $user } bei { $host }
host-remembered = Der Host war nicht erreichbar. Dies ist seine letzte Antwort.

## The head of the window

app-view = Ansicht
app-detached = ohne Branch
app-publications-hint = Was aus Git veröffentlicht wurde
app-accounts-hint = Wer wo angemeldet ist
app-audit-hint = Wer was getan hat
app-find = Alles durchsuchen
app-find-hint = Befehl, Datei oder Seite suchen
app-hint-keys = { $words } ({ $keys })
app-opening = { $address } wird geöffnet…
app-publish-under-way = Eine Veröffentlichung läuft.
app-cancel-it = Abbrechen
app-attention-one = { $first }.
app-attention = { $first }, und { $others } weitere.
app-attention-show = Konten anzeigen
app-update-show = Neue Version anzeigen
app-unknown-source = { $space }, unbekannte Quelle
app-page-place = { $space }, { $path }

## Light and dark

theme = Design
theme-system = System
theme-light = Hell
theme-dark = Dunkel

## Commands

group-go = Gehe zu
group-repository = Repository
group-publish = Veröffentlichen
group-accounts = Konten und Audit-Protokoll
group-screen = Diese Ansicht
group-look = Darstellung
group-program = Programm
group-help = Hilfe
command-palette = Alles durchsuchen…
command-browse = Durchsehen
find-browse = Dateien Vorschau blättern
command-publish = Veröffentlichen
find-publish = planen
command-audit = Audit-Protokoll
command-audit-verify = Audit-Protokoll prüfen
command-audit-export = Audit-Protokoll exportieren…
find-audit = Verlauf Einträge Log
command-accounts = Konten
find-accounts = anmelden Token
command-publications = Veröffentlichungen
find-publications = veröffentlichte Seiten veraltet
command-settings = Einstellungen
command-settings-more = Einstellungen…
find-settings = Optionen Darstellung Tastenkürzel Sprache
command-pane-next = Nächster Fensterteil
command-pane-before = Vorheriger Fensterteil
command-open = Etwas anderes öffnen
find-open = Ordner Repository Start
command-find-file = Datei suchen
command-read-again = Erneut lesen
find-read-again = neu laden aktualisieren neuere Commits
command-files = Dateien auf dem Datenträger anzeigen
command-history = Commits des Ordners anzeigen
find-history = Git Branches
command-advance = Planen, dann veröffentlichen
command-cancel = Veröffentlichung abbrechen
command-choose-folder = Ordner auswählen…
find-tour = Einführung Beispiel erste Schritte
find-connect = Confluence Adresse
command-plan = Gewähltes planen
command-publish-planned = Geplantes veröffentlichen
command-publish-lines = Markierte Zeilen veröffentlichen…
command-let-go = Seiten verschwinden lassen, deren Quellen es nicht mehr gibt
command-plan-checked = Nur angekreuzte Seiten planen
command-plan-selected = Ausgewählte Seiten planen
command-look-behind = Nach Veraltetem suchen
command-past = Letzte Veröffentlichungen…
command-open-published = Gewählte Seite öffnen
command-open-published-source = Quelle der gewählten Seite öffnen
command-check-links = Links der Seiten prüfen
command-take-back-planned = Geplantes zurücknehmen
command-stop = Abbrechen, was hier läuft
command-check-accounts = Alle Konten prüfen
find-access = Individual Managed Modus
command-hand-over = Veröffentlichtes eines Kontos übergeben…
command-unlock = Tokens entsperren
command-vault-lock = Tokens jetzt sperren
command-vault-move = Tokens anderswo aufbewahren…
find-vault = Schlüsselbund Passphrase
command-copy-snippet = Markierte Zeilen als Snippet kopieren
command-choose-ref = Branch, Tag oder Commit wählen
command-show-newer = Neueren Commit anzeigen
command-view-source = Quelle ein- oder ausblenden
command-view-host = Ansicht des Git-Hosts ein- oder ausblenden
command-view-page = Seite in Confluence ein- oder ausblenden
command-pictures = Bilder anderer Server anzeigen
command-open-submodule = Submodul öffnen
command-follow-link = Der symbolischen Verknüpfung folgen
command-install-update = Neuere Version installieren
command-pause = Suche nach Veraltetem pausieren
find-pause = überwachen hintergrund zeitplan
command-publish-this = Gezeigtes veröffentlichen
command-plan-behind = Alles Veraltete planen
command-copy-link = Link zum Gezeigten kopieren
command-wrap = Lange Zeilen umbrechen
find-take-back = rückgängig zurück
command-theme-system = Design des Systems
command-theme-light = Helles Design
command-theme-dark = Dunkles Design
find-theme = Darstellung
find-theme-dark = Darstellung Nacht
command-zoom-in = Vergrößern
find-zoom-in = größer Zoom
command-zoom-out = Verkleinern
find-zoom-out = kleiner Zoom
command-zoom-usual = Normale Größe
find-zoom-usual = Zoom zurücksetzen
command-menu = Menü
command-close-window = Fenster schließen
command-quit = Tributary beenden
command-exit = Beenden
find-close-window = ausblenden Infobereich weg
find-quit = schließen verlassen Ende
command-shortcuts = Tastenkürzel
find-shortcuts = Tasten Hilfe

## The menu and the palette

menu = Menü
menu-hint = Alles, was möglich ist
palette = Befehlspalette
palette-find = Befehl, Datei oder Seite suchen
palette-find-page = Befehl oder Seite suchen
palette-fitting = Treffer
palette-commands = Befehle
palette-settings = Einstellungen
palette-files = Dateien
palette-pages = Veröffentlichte Seiten
palette-places = Ordner und Repositorys
palette-publications = Veröffentlichungen
palette-publication = { $name } erneut nach { $space } planen
palette-nothing = Keine Treffer.
palette-count =
    { $count ->
        [one] { $count } Treffer
       *[other] { $count } Treffer
    }

## Shortcuts

keys-none = keine
key-mod = Strg
key-alt = Alt
key-shift = Umschalt
key-enter = Eingabe
key-escape = Esc
keys-everywhere = Diese Taste hat überall eine Bedeutung
keys-moving = Diese Taste bewegt in Listen und Text
keys-editing = Damit wird Text bearbeitet oder durchsucht
keys-letter = Ein einzelner Buchstabe oder eine Ziffer findet Zeilen in Listen
sheet-always = Immer
sheet-paste = Den kopierten Link öffnen
sheet-find = In der Datei suchen
sheet-marking-keys = ↑ ↓, mit Umschalt
sheet-marking = Zeilen der Datei markieren oder auswählen
sheet-escape = Laufendes abbrechen oder Vorderes schließen
shortcut-has-none = { $command } hat kein Tastenkürzel
shortcut-is = { $command } liegt auf { $keys }
shortcut-taken = { $keys } gehört zu { $command }
shortcut-press = Tasten drücken…
shortcut-press-for = Drücken Sie die Tasten für { $command }, oder Escape
shortcut-change = Tasten für { $command }: { $keys }. Ändern
shortcut-none = Keine
shortcut-none-for = Keine Tasten für { $command }
shortcut-usual = Standard
shortcut-usual-for = Standardtasten für { $command }
shortcut-take = Dort wegnehmen
shortcut-others = Wählen Sie andere.

## What went wrong, where the core gave a code for it

trouble-notFound = Nicht vorhanden
trouble-forbidden = Kein Zugriff
trouble-signedOut = Zuerst anmelden
trouble-offline = Nicht erreichbar
trouble-rateLimited = Zu viele Anfragen
trouble-vaultUnavailable = Schlüsselbund nicht verfügbar
trouble-other = Das hat nicht funktioniert

## Points in time

just-now = gerade eben

## Sizes

size-mb = { $size } MB
size-gb = { $size } GB

## Copying

copy = Kopieren
copied = Kopiert
copy-by-keys = { $keys } drücken
copy-of = { $name } kopieren
copied-of = { $name } kopiert

## What is asked before something else is opened

put-away-title = Weglegen, was noch auf Sie wartet?
put-away-lead = Im Fenster ist ein Plan, der nicht veröffentlicht ist, oder etwas läuft noch. Wird etwas anderes geöffnet, ist beides nicht mehr zu sehen; ein Veröffentlichen läuft ohne das Fenster weiter.
put-away-not = Hier bleiben
put-away-go = Weglegen

## What a link from elsewhere names

link-open-title = Ziel des Links öffnen?
link-publish-title = Ziel des Links veröffentlichen?
link-open-lead = Ein Link möchte <strong>{ $name }</strong> bei <place>{ $place }</place> öffnen. Sie waren noch nie bei diesem Host. Er erfährt, dass Sie anfragen; von Ihren Daten wird nichts mitgesendet.
link-open-known-lead = Ein Link möchte <strong>{ $name }</strong> bei <place>{ $place }</place> öffnen.
link-loses = In diesem Fenster wartet noch etwas auf Sie: ein Plan, der nicht veröffentlicht ist, oder eine Frage in einem Dialog. Wenn Sie den Link öffnen, geht es verloren.
link-place-of = { $space } auf { $site }
link-publish-lead = Ein Link möchte <strong>{ $name }</strong> erneut veröffentlichen, Ziel: <place>{ $place }</place>. Sie sehen zuerst einen Plan; ohne Ihre Zustimmung wird nichts geschrieben.
link-leave = Nicht öffnen
link-open = Öffnen
link-opening = Wird geöffnet…
link-plan = Plan anzeigen
