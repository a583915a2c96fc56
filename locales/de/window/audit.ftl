### Das Audit-Protokoll

audit = Audit-Protokoll
audit-lead = Wer auf diesem Computer was veröffentlicht und welche Zugangsdaten geändert hat.
audit-verify = Prüfen
audit-form = Format des Exports
audit-export = Exportieren…
audit-exported = Exportiert nach { $path }
audit-filter = Filter
audit-since = Seit
audit-before = Vor
audit-what = Was
audit-account = Konto
audit-ended = Ausgang
audit-any = beliebig
audit-one-operation = Ein Vorgang
audit-count =
    { $total ->
        [one] { NUMBER($shown) } von { NUMBER($total) } Eintrag
       *[other] { NUMBER($shown) } von { NUMBER($total) } Einträgen
    }
audit-records = Einträge
audit-filtered = Der Filter lässt keinen Eintrag durch.
audit-none = Noch nichts aufgezeichnet. Veröffentlichen und Anmelden hinterlassen hier Einträge.
audit-when = Wann
audit-who = Wer
audit-to-what = Gegenstand
audit-details = Einzelheiten zu Eintrag { $number }
audit-record = Eintrag
audit-record-when = { $number }, { $when }
audit-why = Grund
audit-credential = Zugangsdaten
audit-marked = gekennzeichnet { $mark }
audit-operation = Vorgang
audit-show-all = Alles davon anzeigen
audit-more = Mehr anzeigen
audit-kept = Aufbewahrt in { $folder }
audit-forwarding =
    { $waiting ->
        [0] Wird an { $server } weitergeleitet; nichts wartet
        [one] Wird an { $server } weitergeleitet; { $waiting } Eintrag wartet
       *[other] Wird an { $server } weitergeleitet; { $waiting } Einträge warten
    }
ended-attempt = Versuch
ended-success = Erfolg
ended-failure = Fehler
ended-refused = verweigert
ended-cancelled = abgebrochen
ended-unknown = unbekannt
audit-object-at = { $what } bei { $host }

action-sign-in-start = Anmeldung begonnen
action-sign-in = Angemeldet
action-credential-refresh = Zugang erneuert
action-credential-scopes = Berechtigungen geändert
action-sign-out = Abgemeldet
action-credential-revoke = Zugang widerrufen
action-token-add = Token hinzugefügt
action-token-replace = Token ersetzt
action-token-remove = Token entfernt
action-mode-switch = Zugriffsart geändert
action-consent-move = Auf ein anderes Konto übertragen
action-account-choose = Konto ausgewählt
action-policy-load = Richtlinie gelesen
action-policy-change = Richtlinie geändert
action-vault-change = Aufbewahrung der Zugangsdaten geändert
action-vault-lock = Tresor gesperrt
action-vault-unlock = Tresor entsperrt
action-audit-export = Protokoll exportiert
action-audit-verify = Protokoll geprüft
action-app-update = Tributary aktualisiert
action-publish-plan = Veröffentlichung geplant
action-publish-run = Veröffentlicht
action-publish-create = Seite erstellt
action-publish-update = Seite geändert
action-publish-move = Seite verschoben
action-publish-archive = Seite archiviert
action-publish-trash = Seite in den Papierkorb gelegt
action-publish-restore = Seite aus dem Papierkorb geholt
action-preview-allow = Bilder erlaubt
action-link-refuse = Link abgewiesen
action-audit-key = Schlüssel des Protokolls erstellt
action-audit-recover = Protokoll repariert
action-audit-mismatch = Protokoll verändert vorgefunden
action-audit-remove = Alte Einträge entfernt
action-audit-checkpoint = Stand des Protokolls festgehalten

object-account = Konto
object-link = Link
object-log = Protokoll
object-policy = Richtlinie
object-preview = Vorschau
object-program = Tributary
object-provider = Anbieter
object-source = Quelle
object-space = Bereich
object-vault = Tresor
object-page = Seite

detail-account = Konto
detail-attachments = Anhänge
detail-bytes = Bytes
detail-expected = erwartet
detail-first-bad = erster falscher Eintrag
detail-form = Format
detail-found = gefunden
detail-hash = Hash
detail-method = Verfahren
detail-mode = Zugriffsart
detail-pictures = Bilder
detail-plan = Plan
detail-public-key = öffentlicher Schlüssel
detail-records = Einträge
detail-scopes = Berechtigungen
detail-source = Quelle
detail-space = Bereich
detail-through = über
detail-title = Titel
detail-token = Token
detail-vault = Tresor
detail-version = Version
detail-which = welcher
