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
audit-ended = Outcome
audit-any = any
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
audit-to-what = Object
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
audit-object-at = { $what } at { $host }

action-sign-in-start = Began to sign in
action-sign-in = Signed in
action-credential-refresh = Renewed the access
action-credential-scopes = Changed the scopes
action-sign-out = Signed out
action-credential-revoke = Revoked the access
action-token-add = Added a token
action-token-replace = Replaced a token
action-token-remove = Removed a token
action-mode-switch = Changed the access mode
action-consent-move = Moved to another account
action-account-choose = Chose the account
action-policy-load = Read the policy
action-policy-change = Changed the policy
action-vault-change = Changed where secrets are kept
action-vault-lock = Locked the vault
action-vault-unlock = Unlocked the vault
action-audit-export = Exported the log
action-audit-verify = Verified the log
action-app-update = Updated Tributary
action-publish-plan = Planned a publish
action-publish-run = Published
action-publish-create = Created a page
action-publish-update = Updated a page
action-publish-move = Moved a page
action-publish-archive = Archived a page
action-publish-trash = Put a page into the trash
action-publish-restore = Took a page out of the trash
action-preview-allow = Allowed pictures
action-link-refuse = Turned a link away
action-audit-key = Made the log's key
action-audit-recover = Repaired the log
action-audit-mismatch = Found the log changed
action-audit-remove = Removed old records
action-audit-checkpoint = Noted the log's state

object-account = account
object-link = link
object-log = audit log
object-policy = policy
object-preview = preview
object-program = Tributary
object-provider = provider
object-source = source
object-space = space
object-vault = vault
object-page = page

detail-account = account
detail-attachments = attachments
detail-bytes = bytes
detail-expected = expected
detail-first-bad = first bad record
detail-form = form
detail-found = found
detail-hash = hash
detail-method = method
detail-mode = access mode
detail-pictures = pictures
detail-plan = plan
detail-public-key = public key
detail-records = records
detail-scopes = scopes
detail-source = source
detail-space = space
detail-through = through
detail-title = title
detail-token = token
detail-vault = vault
detail-version = version
detail-which = which
