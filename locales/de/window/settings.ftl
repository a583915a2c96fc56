### Einstellungen

settings = Einstellungen
settings-lead = Änderungen gelten sofort; wo eine Schaltfläche dabei ist, mit dieser.
settings-all = Alle Einstellungen
settings-section-Appearance = Darstellung
settings-section-Publishing = Veröffentlichen
settings-section-Shortcuts = Tastenkürzel
settings-section-Network = Netzwerk
settings-section-Background = Hintergrund
settings-section-Notifications = Benachrichtigungen
settings-section-Updates = Aktualisierung
settings-section-Privacy = Datenschutz
settings-section-Advanced = Erweitert
settings-system = Wie das System
settings-on = Ein
settings-off = Aus
settings-language = Sprache
settings-contrast = Hoher Kontrast
settings-motion = Weniger Bewegung
settings-code = Farben von Code
settings-code-window = Wie das Fenster
settings-code-light = Hell
settings-code-dark = Dunkel
settings-code-high-contrast-light = Hell, hoher Kontrast
settings-code-high-contrast-dark = Dunkel, hoher Kontrast
settings-code-own = Eigene
settings-code-gone = { $theme } (nicht im Ordner)
settings-code-lead = Eigene Farbschemata (.tmTheme) und Sprachen (.sublime-syntax) werden aus diesem Ordner gelesen. { NUMBER($languages) } Sprachen sind bekannt.
settings-code-again = Erneut nachsehen
settings-code-unusable = { $count ->
    [one] Eine Datei ist nicht zu gebrauchen:
   *[other] { NUMBER($count) } Dateien sind nicht zu gebrauchen:
}
settings-zoom = Zoom
settings-percent = { NUMBER($zoom) } %
settings-publishing-lead = So wird veröffentlicht, wenn Sie im Einzelfall nichts anderes angeben: hier, aus dem Infobereich und mit dem Befehl.
settings-conflict = Von Hand bearbeitete Seiten
settings-conflict-refuse = bleiben und werden gemeldet
settings-conflict-merge = erhalten beide Änderungen
settings-conflict-overwrite = werden überschrieben
settings-orphan = Seiten ohne Quelle
settings-orphan-report = werden gemeldet
settings-orphan-archive = werden archiviert (Cloud)
settings-orphan-trash = kommen in den Papierkorb
settings-width = Seitenbreite
settings-width-usual = wie die Seiten sind
settings-width-default = schmal
settings-width-full = volle Breite
settings-width-max = das ganze Fenster
settings-editor = Editor (nur Cloud)
settings-editor-usual = wie die Seiten sind
settings-editor-new = der neue Editor
settings-editor-legacy = der alte Editor
settings-message = Beginn der Versionskommentare
settings-message-usual = Published from Git
settings-concurrency = Höchstens gleichzeitige Anfragen
settings-labels = Stichwörter entfernen, die nur die Seite hat
settings-minor = Beobachter nicht über neue Versionen benachrichtigen (Data Center)
settings-verify = Jede geschriebene Seite erneut lesen und Abweichungen melden
settings-network = Wo nichts eingestellt ist, gelten der Proxy und die Zertifikate des Systems. Ein Repository kann daran nichts ändern.
settings-kept-in = Ort der Tokens: { $keystore }.
settings-kept-session = Tokens werden nur für diese Sitzung aufbewahrt.
recipients = Wer etwas erhält
recipients-lead = Mit den jetzigen Einstellungen spricht Tributary mit diesen Servern und mit keinen anderen:
recipients-yours = Die Git-Hosts und Confluence-Sites, die Sie verwenden, und deren Anmeldeserver
recipients-pictures = Server von Bildern in Seiten, nur wenn Sie diese sehen wollen
recipients-proxy = Der Proxy <server>{ $server }</server>, für alle Anfragen
recipients-script = <server>{ $server }</server>, wo das Skript für den Proxy liegt
recipients-updates = <server>{ $server }</server>, für neuere Versionen: { $when }
recipients-updates-built-in = Der Server, der in dieses Programm eingebaut ist, für neuere Versionen: { $when }
recipients-diagrams = <server>{ $server }</server>, der den Text jedes PlantUML-Diagramms erhält, und von Diagrammen, die nicht hier gezeichnet werden
recipients-audit = <server>{ $server }</server>, wohin das Audit-Protokoll weitergeleitet wird
settings-past = Geöffnete Ordner und Repositorys und Ihre Veröffentlichungen werden für die Startansicht gemerkt. Das Audit-Protokoll bleibt unberührt.
settings-forget = Geöffnetes vergessen
settings-forgotten = Vergessen. Angeheftetes bleibt.

## What goes on without the window

background-autostart = Mit dem System starten, ohne Fenster
background-autostart-lead = Wie oft geprüft wird, was veraltet ist, wählen Sie; im Energiesparmodus wird nicht geprüft. Starten Sie Tributary erneut, um das Fenster zu sehen.
background-watch = Ordner angehefteter Veröffentlichungen beobachten
background-watch-lead = Was veraltet ist, zeigt sich, sobald eine Datei gespeichert oder ein Commit gemacht wird, jedoch nicht im Energiesparmodus. Veröffentlicht wird dadurch nichts.
background-every = Nach Veraltetem suchen
background-every-quarterHour = alle 15 Minuten
background-every-hour = jede Stunde
background-every-day = einmal am Tag
background-pause = Nicht nach Veraltetem suchen, weder regelmäßig noch in beobachteten Ordnern
background-stay = Beim Schließen des Fensters im Infobereich bleiben
background-no-tray = Dieser Desktop zeigt zurzeit keine Symbole im Infobereich an: Tributary wird beendet, wenn das Fenster geschlossen wird.
background-notify = Solange das Fenster nicht im Vordergrund ist, wird gemeldet
background-notify-unread = Sie konnten nicht gelesen werden; siehe oben.
background-notify-publishing = Fortschritt von Veröffentlichungen aus dem Infobereich, und das Ergebnis jeder Veröffentlichung
background-notify-behind = Seiten, die veraltet sind
background-notify-accounts = Konten, die Ihr Eingreifen erfordern

## What is on the disk, and beginning anew

advanced-cache = Zwischenspeicher
advanced-held = { $held } sind belegt, von höchstens { $most }.
advanced-cache-lead = Was Git-Hosts geantwortet haben, was von ihnen geholt wurde, und gezeichnete Diagramme: So ist es sofort da, auch ohne Netzwerk. Alles davon kann erneut geholt oder gezeichnet werden.
advanced-clear = Zwischenspeicher leeren
advanced-clearing = Wird geleert…
advanced-cleared = Geleert. Was in der letzten Stunde verwendet wurde, bleibt möglicherweise.
advanced-folders = Ordner
advanced-folder-settings = Einstellungen
advanced-folder-data = Daten und Audit-Protokoll
advanced-folder-cache = Zwischenspeicher
advanced-folder-log = Protokoll
advanced-open = Öffnen
advanced-open-of = Ordner öffnen: { $what }
advanced-reset = Alle Einstellungen zurücksetzen
advanced-reset-more = Alle Einstellungen zurücksetzen…
advanced-reset-lead = Sie werden vorher gefragt.
advanced-reset-title = Alle Einstellungen zurücksetzen?
advanced-reset-changes = Darstellung, Veröffentlichen, Tastenkürzel, was im Hintergrund geschieht, Netzwerk, Aktualisierung, Protokoll und Absturzberichte werden, wie sie am Anfang waren.
advanced-reset-stays = Konten, Veröffentlichungen, was Sie geöffnet haben, Client-Zertifikate und das Audit-Protokoll bleiben.
advanced-reset-done = Alle Einstellungen sind, wie sie am Anfang waren.

## How servers are reached

network-policy = Der Administrator dieses Geräts hat den Proxy festgelegt.
network-proxy = Proxy
network-proxy-system = Wie im System
network-proxy-none = Keiner
network-proxy-manual = Dieser
network-proxy-script = Wie dieses Skript vorgibt (PAC)
network-script = Adresse des Skripts
network-script-lead = Das Skript läuft ohne Zugriff auf Dateien oder Netzwerk. Es erfährt den Server einer Anfrage und nichts von ihrem Inhalt.
network-address = Adresse
network-user = Benutzername
network-password = Passwort
network-password-kept = unverändert
network-exceptions = Direkt erreichen, je Zeile ein Ziel
network-files = Weitere Zertifizierungsstellen, je Zeile eine Datei
network-save = Speichern
network-saved = Gespeichert. Ab jetzt gehen alle Anfragen diesen Weg.
certificates = Client-Zertifikate
certificate-host = Host
certificate-file = Datei mit Zertifikat und Schlüssel
certificate-choose = Datei wählen…
certificate-passphrase = Passphrase der Datei
certificate-keep = Zertifikat aufbewahren
certificate-kept = Das Zertifikat für { $host } wird aufbewahrt.
certificate-lead = Der Schlüssel liegt dort, wo auch die Tokens liegen, und wird nur diesem Host gezeigt. Die Datei wird nicht mehr gebraucht.
certificate-forget = Vergessen
certificate-forget-for = Das Zertifikat für { $host } vergessen
certificate-forgotten = { $host } wird kein Zertifikat mehr gezeigt.
diagram-server = Server für Diagramme
diagram-server-address = Adresse eines Kroki- oder PlantUML-Servers
diagram-server-lead = Ohne einen werden Diagramme auf diesem Gerät gezeichnet, und Sprachen, die nur ein Server zeichnet, bleiben Code. Mit einem wird der ganze Text dieser Diagramme und jedes PlantUML-Diagramms dorthin gesendet, auch wenn eine Datei nur angesehen wird. Sonst wird von einer Datei nichts gesendet, und die Texte gehen an keinen anderen Server. Über http:// können andere sie unterwegs lesen.
diagram-server-whose = Das entscheiden nur Sie: Kein Repository kann einen Server nennen. Was seine .tributary.toml unter diagrams festlegt (etwa, dass sie Code bleiben), gilt, und dafür wird nichts gesendet.
diagram-server-saved = Gespeichert. Diagramme werden ab jetzt dorthin gesendet.
diagram-server-none = Gespeichert. Kein Diagramm wird irgendwohin gesendet.

## Diagnostics

doctor = Diagnose
doctor-lead = Findet heraus, welcher Schritt zu einem Server fehlschlägt und was auf diesem Gerät fehlt.
doctor-address = Nur dieser Server
doctor-address-every = jeder Server, den Sie verwenden
doctor-run = Diagnose starten
doctor-looking = Wird geprüft…
doctor-state-fine = OK
doctor-state-notice = Hinweis
doctor-state-failed = Fehlgeschlagen
doctor-done =
    { $failed ->
        [0] Alles funktioniert.
        [one] Ein Schritt ist fehlgeschlagen.
       *[other] { $failed } Schritte sind fehlgeschlagen.
    }
doctor-notes =
    { $notes ->
        [one] Ein Hinweis.
       *[other] { $notes } Hinweise.
    }
support = Für alle, die Ihnen helfen
diagnostics-copy = Diagnosedaten kopieren
diagnostics-copied = Diagnosedaten kopiert.
diagnostics-copy-yourself = Drücken Sie { $keys }, um die Diagnosedaten zu kopieren.
diagnostics-label = Diagnosedaten, ohne Geheimnisse
diagnostics-lead = Version, System, Ihre Einstellungen, was die Diagnose unter „Netzwerk“ fand, und das Ende des Protokolls, ohne Geheimnisse. Sie werden kopiert und nirgendwohin gesendet.
log-level = Protokoll
log-off = nichts
log-errors = was schiefging
log-everything = auch jede Anfrage
log-folder = Ordner des Protokolls öffnen
log-lead = In <folder>{ $folder }</folder>, höchstens 4 MB, ohne Pfade, Texte oder Tokens von Anfragen. Es wird nirgendwohin gesendet; kopierte Diagnosedaten enthalten sein Ende.
crash-reports = Bei einem Absturz von Tributary festhalten, wo er geschah
crash-reports-lead = In einer Datei in <folder>{ $folder }</folder>, ohne Namen, Texte oder Tokens. Sie wird nirgendwohin gesendet.

## Newer versions of the program

update-running = Dies ist Version { $version }.
update-looked = Zuletzt { $when } nach einer neueren gesucht.
update-look = Nach neuerer Version suchen
update-looking = Wird gesucht …
update-none = Es ist nicht festgelegt, woher neuere Versionen kommen.
update-current = Dies ist die neueste Version.
update-found = Version { $version } ist verfügbar
update-install = Installieren
update-installing = Wird geladen und geprüft …
update-in-place = Version { $version } ist eingerichtet. Beenden und starten Sie Tributary neu, um sie zu verwenden.
update-page = Was ist neu
update-package = Tributary wird von der Paketverwaltung Ihres Systems aktualisiert.
update-otherwise = Laden Sie sie dort, woher Sie diese haben.
update-schedule = Nach neueren Versionen suchen
update-by-hand = auf Wunsch
update-daily = täglich
update-weekly = wöchentlich
update-address = Adresse
update-key = Öffentlicher Schlüssel
update-built-in = wie eingebaut
update-saved = Gespeichert.
update-policy = Der Administrator dieses Geräts hat festgelegt, woher neuere Versionen kommen.
update-lead = Nichts wird ungefragt installiert, und nur, was mit diesem Schlüssel signiert wurde. Bei der Suche wird nur die Version dieses Programms gesendet.
