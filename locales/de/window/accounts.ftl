### Konten: wer wo angemeldet ist, mit wessen Rechten, und wo Tokens aufbewahrt werden

accounts = Konten
accounts-lead = Wer wo angemeldet ist, und ob es funktioniert.
accounts-checking = Wird geprüft…
accounts-check-all = Alle prüfen
accounts-unlock-passphrase = Passphrase
accounts-unlock = Entsperren
accounts-unlocking = Wird entsperrt…
accounts-signed-out = { $user } ist bei { $host } abgemeldet
accounts-unread = Die Konten konnten nicht gelesen werden.
accounts-none = Noch niemand ist angemeldet
accounts-none-lead = Melden Sie sich bei Confluence an, um zu veröffentlichen, und beim Git-Host, um Ihre Repositorys zu lesen. Ein Token wird nie wieder angezeigt.
accounts-access = <place>{ $place }:</place> { $mode }
accounts-access-locked = <place>{ $place }:</place> { $mode }, von Ihrem Administrator festgelegt
accounts-change = Zugriff ändern…
accounts-change-at = Zugriff auf { $place } ändern…
account-sign-in-again = Erneut anmelden
account-check-again = Erneut prüfen
account-policy = Richtlinie ansehen
account-remedy-for = { $remedy }: { $user } bei { $host }
account-check = Prüfen
account-check-for = { $user } bei { $host } prüfen
account-publish = Zum Veröffentlichen anmelden…
account-publish-for = Zum Veröffentlichen anmelden: { $user } bei { $host }…
account-hand-over = Übergeben…
account-hand-over-for = Von { $user } bei { $host } übergeben…
account-sign-out = Abmelden…
account-sign-out-for = { $user } bei { $host } abmelden
policy = Richtlinie
policy-by = Von Ihrem Administrator festgelegt:
policy-none = Ihr Administrator hat keine festgelegt, alles ist erlaubt. Sie läge in <text>{ $path }</text>.
sign-out-ask = { $user } bei { $host } abmelden?
sign-out-lead = Tributary vergisst den Zugriff auf diesem Computer und lässt ihn beim Anbieter überall ungültig machen. Veröffentlichte Seiten bleiben, wie sie sind.
sign-out = Abmelden
sign-out-now = Wird abgemeldet…

## The table of accounts

account-column-account = Konto
account-column-access = Zugriff
account-column-may = Darf
account-column-used = Zuletzt verwendet
account-column-ends = Endet
account-column-act = Mögliche Aktionen
account-used-first = zuerst verwendet
account-reads-publishes = liest und veröffentlicht
account-reads-publishes-trashes = liest, veröffentlicht und löscht in den Papierkorb
account-reads = liest nur
account-scopes =
    { $count ->
        [one] { $count } Berechtigung
       *[other] { $count } Berechtigungen
    }
account-signed-in = Angemeldet am { $day }
account-signed-in-checked = Angemeldet am { $day }, geprüft { $moment }
account-last-used = <label>zuletzt verwendet</label> { $day }
account-not-used = noch nicht verwendet
account-ends = <label>endet am</label> { $day }
account-no-end = kein festes Ende
account-mode-of = { $mode }, { $access }

## Whether an account works

health-ok = OK
health-expiring = Läuft ab
health-needsSignIn = Anmeldung nötig
health-missingScope = Berechtigung fehlt
health-wrongUser = Falscher Benutzer
health-locked = Gesperrt
health-offline = Offline
health-forbidden = Verboten
health-unknown = Noch nicht geprüft
health-busy = Wird geprüft…

## Which of several accounts is used

choices = Welches Konto verwendet wird
choices-at = <muted>Bei</muted> <text>{ $place }</text>
choices-for-space = <muted>Für den Bereich</muted> <text>{ $name }</text>
choices-for-repository = <muted>Für das Repository</muted> <text>{ $name }</text>
choices-as-above = Wie oben ({ $user })
choices-key-space = Schlüssel des Bereichs
choices-key-repository = Name des Repositorys
choices-account = Konto dafür
choices-add = Hinzufügen
choices-more-space = Anderes Konto für einen Bereich…
choices-more-repository = Anderes Konto für ein Repository…
choices-more-space-at = Anderes Konto für einen Bereich bei { $place }…
choices-more-repository-at = Anderes Konto für ein Repository bei { $place }…

## Whose access is used

mode-individual = Persönlicher Zugriff
mode-managed = Verwalteter Zugriff
mode-individual-hint = Alle melden sich selbst an und lesen und veröffentlichen mit ihren eigenen Rechten.
mode-managed-hint = Alle, die diese Installation nutzen, verwenden ein Firmenkonto, Dienstkonto oder Token.
access-change-to = Zu { $mode } wechseln
access-change-to-at = Zu { $mode } bei { $place } wechseln
access-changing = Wird gewechselt…
access-can = Kann erneut veröffentlicht werden
access-can-untold = Kann gelesen werden; ob es erneut veröffentlicht werden kann, zeigt erst der Versuch
access-pages-untold = Geprüft werden Bereiche, nicht ihre Seiten: Eine Seite, die nur jemand anders sehen oder bearbeiten darf, zeigt sich erst beim nächsten Veröffentlichen.
access-cannot = Kann nicht erneut veröffentlicht werden
access-use-token = Token verwenden…
access-use-service = Dienstkonto verwenden…
access-in-force = <strong>{ $mode } gilt jetzt.</strong> Veröffentlichte Seiten behalten ihren Inhalt.
access-left = { $user } bei { $host } ist abgemeldet
access-left-not = { $user } bei { $host } konnte nicht abgemeldet werden
access-withdraw = Seite öffnen, um den Zugriff von { $user } zu entziehen
access-from-then = Danach verwendet Tributary den Zugriff von { $users }.
access-nothing-published = Mit dem jetzigen Zugriff wurde nichts veröffentlicht.
access-leaving = Wer abgemeldet wird
access-leaving-title = Abgemeldet werden:
access-accept = Ich akzeptiere, dass { NUMBER($lost) } von { NUMBER($all) } nicht erneut veröffentlicht werden können
access-trying = Der neue Zugriff wird mit allem Veröffentlichten geprüft…
reach-title = { $name } ({ NUMBER($count) })

## Handing over

hand-over-title = Übergeben, was { $user } bei { $host } veröffentlicht hat
hand-over-done = { $user } veröffentlicht ab jetzt das Übergebene ({ NUMBER($count) }):
hand-over-rest = Alles andere bleibt bei { $user }; die Anmeldung besteht weiter.
hand-over-to = An
hand-over-nothing = { $user } hat nichts veröffentlicht, das sich übergeben lässt.
hand-over-words = Nur anzeigen, was diese Wörter enthält
hand-over-what = Was übergeben wird
hand-over-all = Alle auswählen
hand-over-all-shown = Alle { NUMBER($count) } angezeigten auswählen
hand-over-selected = { NUMBER($count) } von { NUMBER($all) } ausgewählt
hand-over-selected-unseen = { NUMBER($count) } von { NUMBER($all) } ausgewählt, { NUMBER($unseen) } davon nicht angezeigt
hand-over-untold = Das andere Konto kann dies lesen; ob es veröffentlichen kann, zeigt erst der Versuch.
hand-over-no-words = Nichts Veröffentlichtes enthält diese Wörter.
hand-over-stays = Bleibt, weil das andere Konto es nicht veröffentlichen kann
hand-over-trying = Das andere Konto wird geprüft…
hand-over-now = Wird übergeben…
hand-over = { NUMBER($count) } an { $user } übergeben

## Where tokens are kept

vault = Wo Tokens aufbewahrt werden
vault-locks-never = Er sperrt sich nicht selbst.
vault-locks =
    { $minutes ->
        [one] Er sperrt sich nach { $minutes } Minute ohne Verwendung.
       *[other] Er sperrt sich nach { $minutes } Minuten ohne Verwendung.
    }
vault-lock = Jetzt sperren
vault-elsewhere = Anderswo aufbewahren…
vault-title = Wo Tokens aufbewahrt werden sollen
vault-place = Ort
vault-one = { $name }
vault-one-now = { $name }, wie jetzt
vault-hint-keystore = Wird mit Ihrer Sitzung auf diesem Computer entsperrt
vault-hint-passphrase = Dateien, die nur Ihre Passphrase öffnet; gesperrt, wenn sie nicht gebraucht werden
vault-hint-session = Nichts wird geschrieben; nach jedem Start neu anmelden
vault-passphrase = Passphrase
vault-once-more = Passphrase wiederholen
vault-lock-after = Sperren nach <muted>Minuten ohne Verwendung; 0 für nie</muted>
vault-passphrase-lead = Ohne die Passphrase kommt niemand an die Tokens, und niemand kann sie wiederherstellen. Gibt es schon einen Passphrasen-Tresor, geben Sie dessen Passphrase ein.
vault-differ = Die beiden Eingaben der Passphrase sind verschieden
vault-differ-remedy = Geben Sie sie erneut ein; nichts wurde geändert
vault-unreadable = Falls hier etwas aufbewahrt ist ({ $name }), lässt es sich jetzt nicht lesen: { $message }
vault-leave-behind = Ohne dies beginnen und neu anmelden; nichts wird gelöscht
vault-stays = Was jetzt aufbewahrt ist ({ $name }), bleibt dort und ist wieder da, wenn Sie den Ort erneut wählen. Bis dahin müssen sich alle neu anmelden.
vault-moves = Was jetzt aufbewahrt ist ({ $name }), wird verschoben und dort entfernt, sobald der neue Ort es zurückgeben konnte. Niemand muss sich neu anmelden.
vault-some-place = Ort
vault-moving = Wird verschoben…
vault-keep = Tokens dort aufbewahren

rests-browser = im Browser angemeldet
rests-code = mit einem Code angemeldet
rests-service = Dienstkonto
rests-api-token = API-Token
rests-access-token = Zugriffstoken
rests-password = Passwort
rests-personal-token = persönliches Zugriffstoken
