### Anmelden, und eine Site mit einem Token verbinden

sign-in = Anmelden
sign-in-again = Erneut anmelden
sign-in-of = { $user } bei { $host }, { $provider }
sign-in-done = Angemeldet als { $user } bei { $host }
sign-in-done-again = Erneut angemeldet als { $user } bei { $host }
sign-in-waiting = Bei <text>{ $place }</text> gilt: { $mode }. Dieses Konto wird erst verwendet, wenn der Zugriff dort geändert ist.
sign-in-not-granted = Nicht gewährt:
sign-in-not-granted-lead = Was dies braucht, wird verweigert. Melden Sie sich erneut an und erlauben Sie es, oder fragen Sie Ihren Administrator.
sign-in-browser = <strong>Weiter geht es in Ihrem Browser.</strong> Melden Sie sich bei { $host } an und erlauben Sie Tributary den Zugriff. Dieses Fenster macht dann von selbst weiter.
sign-in-no-browser = Es konnte kein Browser geöffnet werden. Öffnen Sie diese Adresse selbst:
sign-in-the-address = Die Adresse
sign-in-type-code = Geben Sie diesen Code ein auf <text>{ $page }</text>
sign-in-the-code = Den Code
sign-in-code-lead =
    { $minutes ->
        [one] Er gilt { $minutes } Minute. Geben Sie ihn nur dort ein, und nur, wenn Sie selbst damit begonnen haben. Eine Kopie verlässt die Zwischenablage nach einer Minute.
       *[other] Er gilt { $minutes } Minuten. Geben Sie ihn nur dort ein, und nur, wenn Sie selbst damit begonnen haben. Eine Kopie verlässt die Zwischenablage nach einer Minute.
    }
sign-in-checking = Die Identität wird geprüft…
sign-in-beginning = Wird begonnen…
sign-in-open-again = Seite erneut öffnen
sign-in-provider = Anbieter
sign-in-product-confluence = Confluence
sign-in-product-git = Git
sign-in-address-confluence = Adresse von Confluence
sign-in-address-server = Adresse des Servers
sign-in-address-usual = Für { $host } leer lassen
sign-in-how = Wie
sign-in-way-browser = Im Browser
sign-in-way-device = Mit einem Code
sign-in-way-token = Mit einem Token
sign-in-way-service = Als Dienstkonto
sign-in-hint-browser = Sie melden sich dort an; die Antwort kommt von selbst zurück
sign-in-hint-device = Sie geben einen kurzen Code ein, hier oder auf einem anderen Gerät
sign-in-hint-token = Sie erstellen eines von Hand und fügen es hier ein
sign-in-hint-service = Es ist keine Person und hat eigene Zugangsdaten
sign-in-read-only = Nur zum Lesen
sign-in-remove = Darf Seiten in den Papierkorb verschieben
sign-in-managed = Für alle, die diese Installation nutzen <muted>{ $mode }</muted>
sign-in-managed-locked = Für alle, die diese Installation nutzen <muted>{ $mode }, von Ihrem Administrator festgelegt</muted>
sign-in-register = Anwendung registrieren
sign-in-register-service = Dienstkonto anlegen
sign-in-register-service-lead = <strong>Ein Dienstkonto meldet sich mit eigenen Zugangsdaten an.</strong> Ihr Administrator erstellt sie einmal; es sind nicht die einer Anwendung.
sign-in-register-another = Verwenden Sie eine andere Anwendung, die bei { $host } registriert ist.
sign-in-register-first = <strong>Bei { $host } ist noch keine Anwendung für Tributary registriert.</strong> Das geschieht einmal, durch Sie oder Ihren Administrator.
sign-in-the-redirect = Die Weiterleitungsadresse
sign-in-redirect = Weiterleitungsadresse
sign-in-the-scopes = Die Berechtigungen
sign-in-scopes = Berechtigungen
sign-in-client-id = Client-ID
sign-in-application-id = ID der Anwendung
sign-in-client-secret = Client-Geheimnis
sign-in-application-secret = Geheimnis der Anwendung
sign-in-if-any = falls vorhanden
sign-in-another = Andere Anwendung verwenden…
sign-in-forget-open = Die Anwendung entfernen…
sign-in-forget = Die Anwendung entfernen
sign-in-forget-not = Behalten
sign-in-forget-lead = Die Anwendung <text>{ $application }</text> für { $host } und ihr Geheimnis werden von diesem Gerät entfernt. Wer angemeldet ist, bleibt es; für eine neue Anmeldung muss hier wieder eine eingetragen werden.
sign-in-kind = Art
sign-in-make-one = { $kind }: <link>erstellen</link>
sign-in-sent-with = Gesendet mit <muted>{ $what }</muted>
sign-in-tried-at = Ausprobiert an <muted>{ $what }</muted>
sign-in-token = Token
sign-in-password = Passwort oder Token
sign-in-there = Dort anmelden
sign-in-any-server = Der Server bekommt Ihren Benutzernamen und Ihr Passwort, wie Git sie sendet, über HTTPS und sonst niemand. Über SSH meldet sich hier niemand an: Es gelten die Schlüssel und der Agent Ihres eigenen ssh.
sign-in-ends = Endet am <muted>falls bekannt, zur Erinnerung</muted>
day-form = Jahr, Monat und Tag, etwa 2027-01-31
sign-in-keep = Speichern und anmelden
sign-in-keep-service = Speichern und anmelden

## Connecting a site to publish to

sign-in-to-site = Site verbinden
sign-in-kept = Token aufbewahren
sign-in-kept-keystore = in { $name }
sign-in-kept-some-keystore = im Schlüsselbund
sign-in-kept-session = nur für diese Sitzung
