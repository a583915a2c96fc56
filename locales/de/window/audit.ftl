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
audit-to-what = Woran
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
