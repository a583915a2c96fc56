### Was der Infobereich, sein Menü, Benachrichtigungen und die Dialoge des Systems sagen.

tray-nothing = Noch nichts veröffentlicht
tray-ready = Bereit
tray-sign-in = Anmeldung nötig
tray-looking = Wird geprüft…
tray-planning = Wird geplant…
tray-publishing = { $done } von { $total } werden veröffentlicht
tray-up-to-date = Auf dem neuesten Stand
tray-published =
    { $count ->
        [one] { $count } Seite veröffentlicht
       *[other] { $count } Seiten veröffentlicht
    }
tray-published-attention =
    { $attention ->
        [one] { $written } veröffentlicht, { $attention } braucht Aufmerksamkeit
       *[other] { $written } veröffentlicht, { $attention } brauchen Aufmerksamkeit
    }
tray-not-all-published = Nicht alles veröffentlicht: { $names }
tray-behind =
    { $count ->
        [one] { $count } Seite ist veraltet
       *[other] { $count } Seiten sind veraltet
    }
tray-nothing-behind = Nichts ist veraltet
tray-saves-power = Im Energiesparmodus wird nicht nachgesehen
tray-looking-behind = Der Stand wird geprüft…
tray-failed = Nicht veröffentlicht: { $why }
tray-not-looked = Nicht geprüft: { $why }
tray-again = Erneut veröffentlichen
tray-publish-behind = Veraltetes veröffentlichen
tray-publish-behind-count = Veraltetes veröffentlichen ({ $count })
tray-recent = Letzte Veröffentlichungen
tray-recent-one = { $name } nach { $space }
tray-open-page = Seite öffnen
tray-open-source = Quelle öffnen
tray-copied = Kopierten Link veröffentlichen
tray-look = Stand prüfen
tray-pause = Prüfung pausieren
tray-accounts = Konten
tray-search = Suchen…
tray-settings = Einstellungen…
tray-more = { $first }, und { $others } weitere
tray-open = Tributary öffnen
tray-quit = Beenden
tray-exit = Beenden
tray-title = Tributary
tray-title-with = Tributary: { $words }
dialog-folder = Ordner öffnen
dialog-certificate = Zertifikat mit Schlüssel wählen
dialog-audit = Audit-Protokoll exportieren
dialog-file = Datei speichern
dialog-patch = Änderung als Patch sichern

## Die Menüleiste am oberen Rand des Bildschirms, wo das System eine hat.

menu-about = Über Tributary
menu-services = Dienste
menu-hide = Tributary ausblenden
menu-hide-others = Andere ausblenden
menu-show-all = Alle einblenden
menu-file = Ablage
menu-edit = Bearbeiten
menu-undo = Widerrufen
menu-redo = Wiederholen
menu-cut = Ausschneiden
menu-copy = Kopieren
menu-paste = Einsetzen
menu-select-all = Alles auswählen
menu-view = Darstellung
menu-fullscreen = Vollbildmodus
menu-window = Fenster
menu-minimize = Im Dock ablegen
menu-zoom = Zoomen
menu-all-to-front = Alle nach vorne bringen
menu-help = Hilfe

## What the desktop is told by notifications.

notice-publishing = Wird veröffentlicht: { $name }
notice-done-of =
    { $total ->
        [one] { $done } von { $total } Seite
       *[other] { $done } von { $total } Seiten
    }
notice-not-published = Nicht veröffentlicht: { $name }
notice-copied-not-published = Der kopierte Link wurde nicht veröffentlicht
notice-up-to-date = Auf dem neuesten Stand: { $name }
notice-published = Veröffentlicht: { $name }
notice-written =
    { $written ->
        [one] { $written } Seite geschrieben
       *[other] { $written } Seiten geschrieben
    }
notice-decision = Entscheidung nötig: { $name }
notice-written-left =
    { $written ->
        [one] { $written } Seite geschrieben
       *[other] { $written } Seiten geschrieben
    }, { $left ->
        [one] { $left } Seite ausgelassen
       *[other] { $left } Seiten ausgelassen
    }
notice-behind-not-published = Veraltetes wurde nicht veröffentlicht
notice-not-all-published = Nicht alles wurde veröffentlicht
notice-all-published = Veraltetes ist veröffentlicht
notice-one-left = { $name }: { $why }
notice-others-left =
    { $others ->
        [one] { $others } weitere Veröffentlichung
       *[other] { $others } weitere Veröffentlichungen
    }
notice-left =
    { $left ->
        [one] { $left } Seite ausgelassen
       *[other] { $left } Seiten ausgelassen
    }
notice-behind-why = Die Quellen haben sich seit der Veröffentlichung geändert.
notice-account = Ein Konto erfordert Ihr Eingreifen
notice-update = Tributary { $version } ist verfügbar
notice-update-where = Näheres unter Einstellungen, Aktualisierung.
notice-staying = Tributary bleibt im Infobereich
notice-staying-why = Das Symbol dort öffnet das Fenster wieder und beendet das Programm. Unter Einstellungen, Hintergrund können Sie festlegen, dass es mit dem Fenster beendet wird.

## What somebody has to do about an account. The window shows it too.

access-over = Der Zugriff von `{ $user }` auf `{ $host }` gilt nicht mehr
access-ended = Der Zugriff von `{ $user }` auf `{ $host }` ist abgelaufen
access-ends-within-a-day = Der Zugriff von `{ $user }` auf `{ $host }` läuft innerhalb eines Tages ab
access-ends =
    { $days ->
        [one] Der Zugriff von `{ $user }` auf `{ $host }` läuft in { $days } Tag ab
       *[other] Der Zugriff von `{ $user }` auf `{ $host }` läuft in { $days } Tagen ab
    }
access-unused =
    { $days ->
        [one] Den Zugriff von `{ $user }` auf `{ $host }` hat seit { $days } Tag niemand verwendet
       *[other] Den Zugriff von `{ $user }` auf `{ $host }` hat seit { $days } Tagen niemand verwendet
    }
access-lacks = Dem Zugriff von `{ $user }` auf `{ $host }` fehlt etwas, das angefragt war
access-another = Der Zugriff von `{ $user }` auf `{ $host }` gehört jemand anderem
access-locked = Der Zugriff von `{ $user }` auf `{ $host }` ist nicht möglich: der Ort der Tokens ist gesperrt
access-forbidden = Der Zugriff von `{ $user }` auf `{ $host }` ist durch die Richtlinie verboten

## Wo Tokens aufbewahrt werden.

vault-is = Ort der Tokens: { $name }.
vault-is-keystore = Tokens werden im Schlüsselbund des Systems aufbewahrt ({ $name }).
vault-is-passphrase = Tokens werden im Passphrasen-Tresor aufbewahrt.
vault-is-session = Tokens werden nur für diese Sitzung aufbewahrt, wie Sie es gewählt haben: Sie sind vergessen, sobald Tributary beendet wird.
vault-session-chosen = Tokens werden nur für diese Sitzung aufbewahrt, wie Sie es gewählt haben
vault-choose-lasting = Wählen Sie einen dauerhaften Ort für Tokens
vault-place-keystore = Schlüsselbund des Systems
vault-place-passphrase = Passphrasen-Tresor
vault-place-session = Speicher dieser Sitzung
vault-now-keystore = Tokens werden ab jetzt im Schlüsselbund des Systems aufbewahrt.
vault-now-passphrase = Tokens werden ab jetzt im Passphrasen-Tresor aufbewahrt.
vault-now-session = Tokens werden ab jetzt nur für diese Sitzung aufbewahrt.
vault-moved =
    { $count ->
        [one] { $count } Geheimnis wurde verschoben.
       *[other] { $count } Geheimnisse wurden verschoben.
    }
vault-left-behind =
    { $count ->
        [one] { $count } verschobenes Geheimnis ist auch noch { $place ->
            [keystore] im Schlüsselbund des Systems
            [passphrase] im Passphrasen-Tresor
           *[session] im Speicher dieser Sitzung
        }. Wenn Sie einen Ort wählen, wird erneut versucht, es zu entfernen.
       *[other] { $count } verschobene Geheimnisse sind auch noch { $place ->
            [keystore] im Schlüsselbund des Systems
            [passphrase] im Passphrasen-Tresor
           *[session] im Speicher dieser Sitzung
        }. Wenn Sie einen Ort wählen, wird erneut versucht, sie zu entfernen.
    }
vault-left-there =
    { $count ->
        [one] { $count } Geheimnis bleibt { $place ->
            [keystore] im Schlüsselbund des Systems
            [passphrase] im Passphrasen-Tresor
           *[session] im Speicher dieser Sitzung
        } und ist wieder da, wenn Sie diesen Ort erneut wählen. Bis dahin melden Sie sich neu an.
       *[other] { $count } Geheimnisse bleiben { $place ->
            [keystore] im Schlüsselbund des Systems
            [passphrase] im Passphrasen-Tresor
           *[session] im Speicher dieser Sitzung
        } und sind wieder da, wenn Sie diesen Ort erneut wählen. Bis dahin melden Sie sich neu an.
    }
vault-not-removed =
    { $count ->
        [one] { $count } Geheimnis konnte nicht { $place ->
            [keystore] aus dem Schlüsselbund des Systems
            [passphrase] aus dem Passphrasen-Tresor
           *[session] aus dem Speicher dieser Sitzung
        } entfernt werden und ist auch noch dort. Wenn Sie einen Ort wählen, wird es erneut versucht.
       *[other] { $count } Geheimnisse konnten nicht { $place ->
            [keystore] aus dem Schlüsselbund des Systems
            [passphrase] aus dem Passphrasen-Tresor
           *[session] aus dem Speicher dieser Sitzung
        } entfernt werden und sind auch noch dort. Wenn Sie einen Ort wählen, wird es erneut versucht.
    }
vault-set-aside = Der Tresor, der sich nicht öffnen ließ, liegt jetzt in `{ $folder }`.

## Was über eine Datei gesagt wird.

file-first-pages = Die ersten { $shown } von { $all } Seiten werden gezeigt
