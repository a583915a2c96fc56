### Accounts: who is signed in where, by whose right, and where tokens are kept

accounts = Accounts
accounts-lead = Who is signed in where, and whether it works.
accounts-checking = Checking…
accounts-check-all = Check all
accounts-unlock-passphrase = Passphrase
accounts-unlock = Unlock
accounts-unlocking = Unlocking…
accounts-signed-out = { $user } is signed out at { $host }
accounts-unread = The accounts could not be read.
accounts-none = Nobody is signed in yet
accounts-none-lead = Sign in to Confluence to publish, and to the Git host to read your repositories. A token is never shown again.
accounts-access = <place>{ $place }:</place> { $mode }
accounts-access-locked = <place>{ $place }:</place> { $mode }, set by your administrator
accounts-change = Change access…
accounts-change-at = Change access at { $place }…
account-sign-in-again = Sign in again
account-check-again = Check again
account-policy = See the policy
account-remedy-for = { $remedy }: { $user } at { $host }
account-check = Check
account-check-for = Check { $user } at { $host }
account-publish = Sign in for publishing…
account-publish-for = Sign in for publishing: { $user } at { $host }…
account-hand-over = Hand over…
account-hand-over-for = Hand over from { $user } at { $host }…
account-sign-out = Sign out…
account-sign-out-for = Sign out { $user } at { $host }
policy = Policy
policy-by = Set by your administrator:
policy-none = Your administrator set none, so everything is allowed. It would be in <text>{ $path }</text>.
sign-out-ask = Sign out { $user } at { $host }?
sign-out-lead = Tributary forgets the access on this machine and asks the provider to make it useless everywhere. Published pages stay as they are.
sign-out = Sign out
sign-out-now = Signing out…

## The table of accounts

account-column-account = Account
account-column-access = Access
account-column-may = May
account-column-used = Last used
account-column-ends = Ends
account-column-act = What can be done
account-used-first = used first
account-reads-publishes = reads and publishes
account-reads-publishes-trashes = reads, publishes and trashes
account-reads = reads only
account-scopes =
    { $count ->
        [one] { $count } scope
       *[other] { $count } scopes
    }
account-signed-in = Signed in { $day }
account-signed-in-checked = Signed in { $day }, checked { $moment }
account-last-used = <label>last used</label> { $day }
account-not-used = not used yet
account-ends = <label>ends on</label> { $day }
account-no-end = no fixed end
account-mode-of = { $mode }, { $access }

## Whether an account works

health-ok = OK
health-expiring = Expiring
health-needsSignIn = Needs sign-in
health-missingScope = Missing scope
health-wrongUser = Wrong user
health-locked = Locked
health-offline = Offline
health-forbidden = Forbidden
health-unknown = Not checked yet
health-busy = Checking…

## Which of several accounts is used

choices = Which account is used
choices-at = <muted>At</muted> <text>{ $place }</text>
choices-for-space = <muted>For the space</muted> <text>{ $name }</text>
choices-for-repository = <muted>For the repository</muted> <text>{ $name }</text>
choices-as-above = As above ({ $user })
choices-key-space = Key of the space
choices-key-repository = Name of the repository
choices-account = Account for it
choices-add = Add
choices-more-space = Another account for one space…
choices-more-repository = Another account for one repository…
choices-more-space-at = Another account for one space at { $place }…
choices-more-repository-at = Another account for one repository at { $place }…

## Whose access is used

mode-individual = Individual Access
mode-managed = Managed Access
mode-individual-hint = Each user signs in, and reads and publishes with their own rights.
mode-managed-hint = One company account, service account or token is used by everybody who uses this installation.
access-change-to = Change to { $mode }
access-change-to-at = Change to { $mode } at { $place }
access-changing = Changing…
access-can = Can be published again
access-can-untold = Can be read; whether it can be published again is not told before it is tried
access-pages-untold = Spaces are tried, and not their pages: a page that only somebody else may see or edit shows when it is published again.
access-cannot = Cannot be published again
access-use-token = Use a token…
access-use-service = Use a service account…
access-in-force = <strong>{ $mode } is in force.</strong> Published pages keep their content.
access-left = { $user } at { $host } is signed out
access-left-not = { $user } at { $host } could not be signed out
access-withdraw = Open the page to withdraw the access of { $user }
access-from-then = From then on Tributary uses the access of { $users }.
access-nothing-published = Nothing was published with the access that is used now.
access-leaving = Who will be signed out
access-leaving-title = Will be signed out:
access-accept = I accept that { NUMBER($lost) } of { NUMBER($all) } cannot be published again
access-trying = Trying the new access with everything that was published…
reach-title = { $name } ({ NUMBER($count) })

## Handing over

hand-over-title = Hand over what { $user } published at { $host }
hand-over-done = { $user } publishes from now on what was handed over ({ NUMBER($count) }):
hand-over-rest = Anything else stays with { $user }, who is still signed in.
hand-over-to = To
hand-over-nothing = { $user } has published nothing that could be handed over.
hand-over-words = Show only what has these words
hand-over-what = What is handed over
hand-over-all = Select all
hand-over-all-shown = Select all { NUMBER($count) } shown
hand-over-selected = { NUMBER($count) } of { NUMBER($all) } selected
hand-over-selected-unseen = { NUMBER($count) } of { NUMBER($all) } selected, { NUMBER($unseen) } of them not shown
hand-over-untold = The other account can read these; whether it can publish them is not told before it is tried.
hand-over-no-words = Nothing that was published has these words.
hand-over-stays = Stays, because the other account cannot publish it
hand-over-trying = Trying the other account…
hand-over-now = Handing over…
hand-over = Hand over { NUMBER($count) } to { $user }

## Where tokens are kept

vault = Where tokens are kept
vault-locks-never = It does not lock itself.
vault-locks =
    { $minutes ->
        [one] It locks itself after { $minutes } minute without use.
       *[other] It locks itself after { $minutes } minutes without use.
    }
vault-lock = Lock now
vault-elsewhere = Keep them elsewhere…
vault-title = Where to keep tokens
vault-place = Place
vault-one = The { $name }
vault-one-now = The { $name }, as now
vault-hint-keystore = Unlocked with your session on this computer
vault-hint-passphrase = Files that your passphrase alone opens, locked when they are not used
vault-hint-session = Nothing is written; sign in anew after each start
vault-passphrase = Passphrase
vault-once-more = Passphrase again
vault-lock-after = Lock after <muted>minutes without use; 0 for never</muted>
vault-passphrase-lead = Nobody can get at the tokens without the passphrase, and nobody can bring it back. If there is a passphrase vault from earlier, type its passphrase.
vault-differ = The passphrase was typed in two different ways
vault-differ-remedy = Type it again; nothing was changed
vault-unreadable = If something is kept in the { $name }, it cannot be read now: { $message }
vault-leave-behind = Begin without it and sign in anew; nothing is deleted
vault-stays = What is kept in the { $name } stays there, and is found again when you choose it again. Until then everybody has to sign in anew.
vault-moves = What is kept in the { $name } is moved, and removed there once the new place gave it back. Nobody has to sign in again.
vault-some-place = place
vault-moving = Moving…
vault-keep = Keep tokens there

rests-browser = signed in through the browser
rests-code = signed in with a code
rests-service = service account
rests-api-token = API token
rests-access-token = access token
rests-password = password
rests-personal-token = personal access token
