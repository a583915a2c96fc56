### The audit log

audit = Audit log
audit-lead = Who published what, and who changed which credential, on this machine.
audit-verify = Verify
audit-form = Form of the export
audit-export = Export…
audit-exported = Exported to { $path }
audit-filter = Filter
audit-since = Since
audit-before = Before
audit-what = What
audit-account = Account
audit-ended = Ended
audit-any = in any way
audit-one-operation = One operation
audit-count =
    { $total ->
        [one] { NUMBER($shown) } of { NUMBER($total) } record
       *[other] { NUMBER($shown) } of { NUMBER($total) } records
    }
audit-records = Records
audit-filtered = No record is let through by this filter.
audit-none = Nothing was recorded yet. Publishing and signing in leave records here.
audit-when = When
audit-who = Who
audit-to-what = To what
audit-details = Details of record { $number }
audit-record = Record
audit-record-when = { $number }, { $when }
audit-why = Why
audit-credential = Credential
audit-marked = marked { $mark }
audit-operation = Operation
audit-show-all = Show all of it
audit-more = Show more
audit-kept = Kept in { $folder }
audit-forwarding =
    { $waiting ->
        [0] Forwarded to { $server }; nothing waits
        [one] Forwarded to { $server }; { $waiting } record waits
       *[other] Forwarded to { $server }; { $waiting } records wait
    }
ended-attempt = attempt
ended-success = success
ended-failure = failure
ended-refused = refused
ended-cancelled = cancelled
ended-unknown = unknown
