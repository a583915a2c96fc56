### Signing in, and connecting a site by a token

sign-in = Sign in
sign-in-again = Sign in again
sign-in-of = { $user } at { $host }, { $provider }
sign-in-done = Signed in as { $user } at { $host }
sign-in-done-again = Signed in again as { $user } at { $host }
sign-in-waiting = { $mode } is in force at <text>{ $place }</text>, so this account is not used before the access there is changed.
sign-in-not-granted = Not granted:
sign-in-not-granted-lead = What needs it will be refused. Sign in again and allow it, or ask your administrator.
sign-in-browser = <strong>Go on in your browser.</strong> Sign in at { $host } and allow Tributary. This window goes on by itself.
sign-in-no-browser = No browser could be opened. Open this address yourself:
sign-in-the-address = the address
sign-in-type-code = Type this code at <text>{ $page }</text>
sign-in-the-code = the code
sign-in-code-lead =
    { $minutes ->
        [one] It is good for { $minutes } minute. Type it only there, and only if you began this yourself. A copy of it leaves the clipboard after a minute.
       *[other] It is good for { $minutes } minutes. Type it only there, and only if you began this yourself. A copy of it leaves the clipboard after a minute.
    }
sign-in-checking = Checking who it is…
sign-in-beginning = Beginning…
sign-in-open-again = Open the page again
sign-in-provider = Provider
sign-in-product-confluence = Confluence
sign-in-product-git = Git
sign-in-address-confluence = Address of Confluence
sign-in-address-server = Address of the server
sign-in-address-usual = Leave it empty for { $host }
sign-in-how = How
sign-in-way-browser = In the browser
sign-in-way-device = With a code
sign-in-way-token = With a token
sign-in-way-service = As a service account
sign-in-hint-browser = You sign in there; the answer comes back by itself
sign-in-hint-device = You type a short code, on this or any other machine
sign-in-hint-token = You make one by hand and paste it here
sign-in-hint-service = It is no person, and has credentials of its own
sign-in-read-only = For reading only
sign-in-remove = May put pages into the trash
sign-in-managed = For everybody who uses this installation <muted>{ $mode }</muted>
sign-in-managed-locked = For everybody who uses this installation <muted>{ $mode }, set by your administrator</muted>
sign-in-register = Register an application
sign-in-register-service = Make a service account
sign-in-register-service-lead = <strong>A service account signs in with credentials of its own.</strong> Your administrator makes them once, and they are not the ones of an application.
sign-in-register-another = Use another application that is registered with { $host }.
sign-in-register-first = <strong>No application is registered with { $host } for Tributary yet.</strong> That is done once, by you or your administrator.
sign-in-the-redirect = the redirect address
sign-in-redirect = Redirect address
sign-in-the-scopes = the scopes
sign-in-scopes = Scopes
sign-in-client-id = Client id
sign-in-application-id = Id of the application
sign-in-client-secret = Client secret
sign-in-application-secret = Secret of the application
sign-in-if-any = if it has one
sign-in-another = Use another application…
sign-in-forget-open = Remove the application…
sign-in-forget = Remove the application
sign-in-forget-not = Keep it
sign-in-forget-lead = The application <text>{ $application }</text> for { $host } and its secret are removed from this machine. Who is signed in stays signed in; to sign in anew, one has to be registered here again.
sign-in-kind = Kind
sign-in-make-one = { $kind }: <link>make one</link>
sign-in-sent-with = Sent with <muted>{ $what }</muted>
sign-in-tried-at = Tried at <muted>{ $what }</muted>
sign-in-token = Token
sign-in-password = Password or token
sign-in-there = Sign in there
sign-in-any-server = The server gets your user name and password as Git sends them, over HTTPS and nowhere else. Over SSH nobody signs in here: the keys and the agent of your own ssh are used.
sign-in-ends = Ends on <muted>if known, for a reminder</muted>
day-form = Year, month and day, such as 2027-01-31
sign-in-keep = Save and sign in
sign-in-keep-service = Save and sign in

## Connecting a site to publish to

sign-in-to-site = Connect a site
sign-in-kept = Keep the token
sign-in-kept-keystore = in { $name }
sign-in-kept-some-keystore = in the keystore
sign-in-kept-session = for this session only
