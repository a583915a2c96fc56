### What the library and the shell say: errors, ways out, what was found. The English words are in the
### sources, where `sentence!`, `Error::new` and `remedy` have them; each is here by a code that is made
### of its English words.

## account.rs

sign-in-with-a-token = Melden Sie sich mit einem Token an

## account/accounts.rs

choose-one-from-the-list = Wählen Sie eines aus der Liste
there-is-no-account-name = Es gibt kein Konto `{ $name }`
more-than-one-account-fits-name = Auf `{ $name }` passt mehr als ein Konto
the-site-s-address-is-none = Die Adresse der Site ist keine
mode-is-in-force-for-provider-and-no-account-of-it-reaches-url = Für { $provider } gilt { $mode }, und kein Konto davon erreicht `{ $url }`
sign-in-for-everybody-who-uses-this-installation-or-ask-whoever-set-it-up = Melden Sie sich für alle an, die diese Installation nutzen, oder fragen Sie, wer sie eingerichtet hat
the-access-of-user-to-host-is-over = Der Zugriff von `{ $user }` auf `{ $host }` gilt nicht mehr
sign-in-again = Melden Sie sich erneut an
an-account-s-work-broke-off = Die Arbeit eines Kontos ist abgebrochen

## account/applications.rs

no-application-is-registered-with-host-for-tributary-yet = Bei `{ $host }` ist noch keine Anwendung für Tributary registriert
register-one-as-it-is-shown-where-one-signs-in-or-use-a-token = Registrieren Sie eine, wie es bei der Anmeldung beschrieben ist; oder verwenden Sie ein Token
provider-wants-the-secret-of-the-application-too = { $provider } verlangt auch das Geheimnis der Anwendung
sign-in-with-another-application-and-give-its-secret-too = Melden Sie sich mit einer anderen Anwendung an und geben Sie auch ihr Geheimnis an
that-is-not-the-id-of-an-application = Das ist nicht die Kennung einer Anwendung
copy-it-from-the-page-where-the-application-is-registered = Kopieren Sie sie von der Seite, auf der die Anwendung registriert ist
no-application-was-registered-with-host-for-mode = Bei `{ $host }` war keine Anwendung für { $mode } registriert
nothing-has-to-be-removed = Es ist nichts zu entfernen

## account/callback.rs

the-browser-could-not-come-back-another-program-uses-the-port-ports = Der Browser konnte nicht zurückkehren: Ein anderes Programm verwendet den Port { $ports }
close-that-program-and-try-again-or-sign-in-another-way-with-a-code-or-a-token = Schließen Sie dieses Programm und versuchen Sie es erneut, oder melden Sie sich anders an: mit einem Code oder einem Token

## account/choices.rs

the-account-user-cannot-be-used-at-base = Das Konto `{ $user }` kann bei `{ $base }` nicht verwendet werden
look-at-the-list-of-accounts-again-and-choose-another-one = Sehen Sie die Liste der Konten erneut an und wählen Sie ein anderes
base-is-not-the-address-of-a-site = `{ $base }` ist nicht die Adresse einer Site
no-account-reaches-base = Kein Konto erreicht `{ $base }`
sign-in-to-that-site = Melden Sie sich bei dieser Site an

## account/grant.rs

what-the-vault-keeps-for-the-account-cannot-be-read = Was der Tresor für das Konto enthält, ist nicht lesbar
the-tokens-could-not-be-put-into-words = Die Tokens konnten nicht aufgeschrieben werden

## account/health.rs

the-access-is-user-s-and-the-account-is-other-s = Der Zugriff gehört `{ $user }`, das Konto aber `{ $other }`
make-a-token-that-has-it-and-sign-in-again-with-the-new-one = Erstellen Sie ein Token, das sie hat, und melden Sie sich damit erneut an
it-was-not-granted-lacks = Diese Berechtigungen wurden nicht gegeben: { $lacks }
sign-in-again-with-a-new-token = Melden Sie sich mit einem neuen Token erneut an
signed-in-as-user = Angemeldet als { $user }
the-access-has-ended = Der Zugriff ist abgelaufen
the-access-ends-within-a-day = Der Zugriff läuft innerhalb eines Tages ab
the-access-ends-in-1-day = Der Zugriff läuft in 1 Tag ab
the-access-ends-in-days-days = Der Zugriff läuft in { $days } Tagen ab

## account/identity.rs

everybody-may-read-address-so-that-it-does-not-show-whether-the-user-name-and-the-password-are-good = `{ $address }` darf jeder lesen; daher zeigt sich nicht, ob Benutzername und Passwort stimmen
name-a-repository-there-that-not-everybody-may-read = Nennen Sie dort ein Repository, das nicht jeder lesen darf
repository-at-host-is-not-there-or-the-token-may-not-read-it = `{ $repository }` gibt es bei `{ $host }` nicht, oder das Token darf es nicht lesen
name-a-repository-that-the-token-may-read-or-make-a-token-that-may = Nennen Sie ein Repository, das das Token lesen darf, oder erstellen Sie ein Token, das es darf
the-token-is-a-person-s-and-not-a-repository-s-a-project-s-or-a-workspace-s = Das Token gehört einer Person und nicht einem Repository, Projekt oder Workspace
choose-the-kind-of-token-that-it-is = Wählen Sie die Art des Tokens, die es ist
everybody-may-read-repository-so-that-it-does-not-show-whether-the-token-is-good = `{ $repository }` darf jeder lesen; daher zeigt sich nicht, ob das Token stimmt
name-a-private-repository-that-the-token-may-read = Nennen Sie ein privates Repository, das das Token lesen darf
host-did-not-say-which-sites-there-are = `{ $host }` hat nicht gesagt, welche Sites es gibt
repository-at-host-is-not-there-or-hidden = `{ $repository }` gibt es bei `{ $host }` nicht, oder es ist verborgen
give-the-account-the-right-to-read-it = Geben Sie dem Konto das Recht, es zu lesen
repository-at-host-may-be-looked-up-and-its-files-may-not-be-read = `{ $repository }` ist bei `{ $host }` auffindbar, seine Dateien sind aber nicht lesbar
give-the-account-or-its-token-the-right-to-read-the-files = Geben Sie dem Konto oder seinem Token das Recht, die Dateien zu lesen
check-the-path-or-give-the-account-the-right-to-read-it = Prüfen Sie den Pfad, oder geben Sie dem Konto das Recht, es zu lesen
host-leads-to-elsewhere-where-no-password-of-another-server-is-sent = `{ $host }` führt zu `{ $elsewhere }`, wohin kein Passwort eines anderen Servers gesendet wird
sign-in-there-if-that-is-right-give-its-address = Melden Sie sich dort an, falls das richtig ist: Geben Sie diese Adresse an
host-did-not-answer-as-a-git-server-does = `{ $host }` hat nicht wie ein Git-Server geantwortet
check-the-address-git-ls-remote-with-it-tells-more = Prüfen Sie die Adresse; `git ls-remote` mit ihr sagt mehr
host-answered-with-more-than-this-can-be = `{ $host }` hat mit mehr geantwortet, als es sein kann
check-the-address-of-the-provider = Prüfen Sie die Adresse des Anbieters
the-token-lacks-a-scope-that-host-asks-for = Dem Token fehlt eine Berechtigung, die `{ $host }` verlangt
make-one-with-the-scopes-provider = Erstellen Sie eines mit den Berechtigungen { $provider }
host-does-not-allow-the-account-what-was-asked-for = `{ $host }` erlaubt dem Konto nicht, was verlangt war
sign-in-again-with-the-scopes-that-are-asked-for-or-have-the-right-given = Melden Sie sich mit den verlangten Berechtigungen erneut an, oder lassen Sie sich das Recht geben
host-asks-for-patience = `{ $host }` bittet um Geduld
host-answered-other = `{ $host }` hat mit { $other } geantwortet
host-does-not-accept-the-credential = `{ $host }` nimmt die Zugangsdaten nicht an

## account/keep.rs

the-account-to-sign-in-again-is-gone = Das Konto für die erneute Anmeldung gibt es nicht mehr
sign-in-anew = Melden Sie sich neu an
the-new-access-does-not-reach-url-which-the-account-is-for = Der neue Zugriff erreicht `{ $url }` nicht, wofür das Konto da ist
nothing-was-changed-choose-that-site-in-the-browser-or-sign-in-anew-not-again-to-use-other-sites-from-now-on = Nichts wurde geändert. Wählen Sie im Browser diese Site; oder melden Sie sich neu statt erneut an, um künftig andere Sites zu verwenden
user-signed-in-and-the-account-is-other-s = Angemeldet hat sich `{ $user }`, das Konto gehört aber `{ $other }`
nothing-was-changed-choose-the-right-person-in-the-browser-or-sign-in-anew-to-add-another-account = Nichts wurde geändert. Wählen Sie im Browser die richtige Person, oder melden Sie sich neu an, um ein weiteres Konto hinzuzufügen

## account/loose.rs

site-is-inside-a-private-network-or-on-this-machine-and-only-the-repository-says-to-go-there-the-token-was-not-sent = `{ $site }` liegt in einem privaten Netz oder auf diesem Gerät, und nur das Repository nennt es. Das Token wurde nicht gesendet
if-you-mean-it-connect-the-site = Wenn Sie das wollen, verbinden Sie die Site

## account/mode.rs

what-has-mode-already = Für `{ $what }` gilt bereits { $mode }
no-access-of-mode-to-what-works = Kein Zugriff der Art { $mode } auf `{ $what }` funktioniert
nothing-was-changed-the-list-of-accounts-says-what-to-do = Nichts wurde geändert. Die Liste der Konten sagt, was zu tun ist
nobody-is-signed-in-for-mode-of-what-yet = Für { $mode } von `{ $what }` ist noch niemand angemeldet
nothing-was-changed-sign-in-first = Nichts wurde geändert. Melden Sie sich zuerst an
the-new-access-cannot-read-unreadable-of-what-was-published = Der neue Zugriff kann { $unreadable } von dem nicht lesen, was veröffentlicht wurde
nothing-was-changed-give-it-the-right-to-read-them-or-accept-that-they-cannot-be-published-again = Nichts wurde geändert. Geben Sie ihm das Recht dazu, oder nehmen Sie hin, dass es nicht erneut veröffentlicht werden kann
the-mode-its-accounts-or-what-was-published-changed-meanwhile = Die Zugriffsart, ihre Konten oder das Veröffentlichte haben sich inzwischen geändert
look-at-it-again = Sehen Sie es erneut an
user-cannot-take-over-from-other-they-have-to-be-two-accounts-of-one-provider = `{ $user }` kann nicht von `{ $other }` übernehmen: Es müssen zwei Konten desselben Anbieters sein
user-cannot-take-over-from-other-one-is-for-mode-the-other-for-other-mode-and-only-one-of-the-two-is-in-force = `{ $user }` kann nicht von `{ $other }` übernehmen: Das eine ist für { $mode }, das andere für { $other_mode }, und nur eines von beiden gilt
nothing-was-changed-choose-an-account-for-mode-or-change-the-access-to-the-other = Nichts wurde geändert. Wählen Sie ein Konto für { $mode }, oder wechseln Sie die Zugriffsart
source-is-not-user-s-any-more-or-other-was-signed-out-meanwhile = `{ $source }` gehört nicht mehr `{ $user }`, oder `{ $other }` wurde inzwischen abgemeldet
none-of-the-accounts-reaches-base = Keines der Konten erreicht `{ $base }`
user-does-not-reach-base = `{ $user }` erreicht `{ $base }` nicht
user-can-read-source-and-not-publish-there = `{ $user }` kann `{ $source }` lesen, dort aber nicht veröffentlichen

## account/oauth.rs

the-answer-of-host-to-a-renewal-got-lost-and-it-renews-each-access-once = Die Antwort von `{ $host }` auf eine Erneuerung ging verloren, und jeder Zugriff wird dort nur einmal erneuert
host-wants-a-code-typed-that-is-none-or-on-a-page-that-no-browser-should-open = `{ $host }` verlangt einen Code, der keiner ist, oder eine Seite, die kein Browser öffnen sollte
nothing-was-shown-tell-whoever-runs-the-server = Nichts wurde angezeigt. Sagen Sie es dem Betreiber des Servers
the-token-could-not-be-revoked = Das Token konnte nicht widerrufen werden
the-request-could-not-be-made = Die Anfrage konnte nicht gebildet werden
host-gave-a-token-of-a-kind-that-is-not-known = `{ $host }` hat ein Token unbekannter Art ausgegeben
host-answered-in-a-way-that-no-sign-in-server-should = `{ $host }` hat so geantwortet, wie es kein Anmeldeserver sollte
host-was-told-not-to-allow-it = Bei `{ $host }` wurde es abgelehnt
sign-in-again-and-choose-to-allow-it = Melden Sie sich erneut an und wählen Sie, dass Sie zustimmen
nobody-answered-at-host-in-time = Bei `{ $host }` hat niemand rechtzeitig geantwortet
begin-again-and-type-the-new-code = Beginnen Sie erneut und geben Sie den neuen Code ein
host-does-not-know-the-application-or-not-with-this-secret = `{ $host }` kennt die Anwendung nicht, oder nicht mit diesem Geheimnis
check-the-client-id-and-secret-that-are-registered-with-name = Prüfen Sie Kennung und Geheimnis der Anwendung, die bei { $name } registriert sind
host-does-not-give-the-application-what-was-asked-for = `{ $host }` gibt der Anwendung nicht, was verlangt war
check-which-scopes-the-application-is-registered-with = Prüfen Sie, mit welchen Berechtigungen die Anwendung registriert ist
host-knows-the-application-with-another-redirect-address = `{ $host }` kennt die Anwendung mit einer anderen Rückkehradresse
register-the-address-that-is-shown-where-one-signs-in-with-another-application = Registrieren Sie die Adresse, die bei der Anmeldung mit einer anderen Anwendung angezeigt wird
host-does-not-accept-the-sign-in-any-more = `{ $host }` nimmt die Anmeldung nicht mehr an
the-application-may-not-sign-in-with-a-code-at-host = Die Anwendung darf sich bei `{ $host }` nicht mit einem Code anmelden
switch-the-device-flow-on-where-the-application-is-registered-or-sign-in-through-the-browser = Schalten Sie den Geräteablauf dort ein, wo die Anwendung registriert ist, oder melden Sie sich im Browser an
host-refused-word = `{ $host }` hat abgelehnt: { $word }
check-how-the-application-is-registered-with-name = Prüfen Sie, wie die Anwendung bei { $name } registriert ist
the-redirect-address-is-none = Die Rückkehradresse ist keine

## account/oauth/carry.rs

host-wants-the-sign-in-sent-somewhere-else-which-was-not-done = `{ $host }` will die Anmeldung woandershin gesendet haben, was nicht geschah
check-the-address-of-the-provider-in-the-settings = Prüfen Sie die Adresse des Anbieters in den Einstellungen
host-cannot-answer-now-status = `{ $host }` kann jetzt nicht antworten ({ $status })
host-answered-in-a-way-that-no-sign-in-server-should-status = `{ $host }` hat so geantwortet, wie es kein Anmeldeserver sollte ({ $status })
check-the-address-and-the-network-a-page-to-log-in-at-may-be-in-between = Prüfen Sie die Adresse und das Netzwerk; vielleicht ist eine Anmeldeseite dazwischen

## account/oauth/described.rs

check-the-address-metadata-of-the-provider-in-the-settings = Prüfen Sie die Adresse `metadata` des Anbieters in den Einstellungen
host-does-not-describe-its-sign-in = `{ $host }` beschreibt seine Anmeldung nicht
host-says-that-it-cannot-protect-a-sign-in-with-pkce-and-s256 = `{ $host }` sagt, dass es eine Anmeldung nicht mit PKCE und S256 schützen kann
nothing-was-sent-ask-whoever-runs-the-server-if-this-was-different-before-somebody-may-stand-between-you-and-the-server = Nichts wurde gesendet. Fragen Sie den Betreiber des Servers; war es früher anders, steht vielleicht jemand zwischen Ihnen und dem Server
host-calls-itself-something-else-than-the-settings-say = `{ $host }` nennt sich anders, als die Einstellungen sagen
nothing-was-sent-check-the-address-issuer-of-the-provider = Nichts wurde gesendet. Prüfen Sie die Adresse `issuer` des Anbieters

## account/policy.rs

it-names-a-proxy-and-a-script-that-chooses-one = Sie nennt einen Proxy und ein Skript, das einen auswählt
others-than-the-administrator-can-write-what-open-so-it-is-not-followed-and-nobody-can-sign-in = Andere als der Administrator können { $what } `{ $open }` schreiben; daher wird sie nicht befolgt, und niemand kann sich anmelden
the-administrator-s-policy-path-cannot-be-read-so-nobody-can-sign-in = Die Richtlinie `{ $path }` des Administrators ist nicht lesbar; daher kann sich niemand anmelden
ask-the-administrator-to-mend-it = Bitten Sie den Administrator, sie zu berichtigen
it-does-not-fit-its-schema = Sie passt nicht zu ihrem Schema
it-is-of-version-version-and-this-program-knows-1 = Sie hat die Version { $version }, dieses Programm kennt die 1
the-authority-path-is-not-there = Die Zertifizierungsstelle `{ $path }` gibt es nicht
the-authority-path-has-no-absolute-path = Die Zertifizierungsstelle `{ $path }` hat keinen absoluten Pfad
an-authority-that-the-administrator-s-policy-names-is-none-so-nobody-can-sign-in = Eine Zertifizierungsstelle, die die Richtlinie des Administrators nennt, ist keine; daher kann sich niemand anmelden
say-on-which-day-it-ends = Geben Sie an, an welchem Tag es endet
every-provider = jeder Anbieter
before-last = { $before }, { $last }
who-rule = { $who }: { $rule }
not-allowed = nicht erlaubt
only-at-hosts = nur bei { $hosts }
locked-to-mode = festgelegt auf { $mode }
no-tokens-made-by-hand = keine von Hand erstellten Tokens
tokens-only-of-the-kinds-kinds = Tokens nur dieser Arten: { $kinds }
tokens-live-days-days-at-most = Tokens gelten höchstens { $days } Tage
grants-for-reading-only = Zugriff nur zum Lesen
the-application-id-at-host-for-mode = die Anwendung `{ $id }` bei { $host } für { $mode }
addresses-or-rules-changed = Adressen oder Regeln geändert
host-the-authority-in-path-vouches-for-it-too = { $host }: Auch die Zertifizierungsstelle in { $path } bürgt dafür
the-proxy-is-proxy = der Proxy ist: { $proxy }
the-authority-in-file-is-trusted-too = der Zertifizierungsstelle in { $file } wird auch vertraut
tokens-are-kept-in-places = Tokens werden aufbewahrt in: { $places }
what-says-the-policy-of-this-machine = { $what }, sagt die Richtlinie dieses Geräts
ask-contact = Fragen Sie { $contact }
ask-your-administrator = Fragen Sie Ihren Administrator
the-policy = die Richtlinie
the-authority-that-the-policy-names = die Zertifizierungsstelle der Richtlinie

## account/provider.rs

api-token = API-Token
access-token = Zugriffstoken
password = Passwort
personal-access-token = Persönliches Zugriffstoken
the-shipped-providers-cannot-be-read = Die mitgelieferten Anbieter sind nicht lesbar
what-the-settings-or-the-policy-say-of-the-provider-id-is-wrong = Was die Einstellungen oder die Richtlinie über den Anbieter `{ $id }` sagen, ist falsch
correct-the-table-providers-there-or-remove-it = Berichtigen Sie dort die Tabelle `providers`, oder entfernen Sie sie
there-is-no-provider-id = Es gibt keinen Anbieter `{ $id }`
choose-one-of-known = Wählen Sie einen von diesen: { $known }

## account/providers.toml

as-an-administrator-of-the-organization-create-a-service-account-give-it-access-to-confluence-and-create-an-oauth-2-0-credential-for-it-with-these-scopes = Legen Sie als Administrator der Organisation ein Dienstkonto an, geben Sie ihm Zugriff auf Confluence, und erstellen Sie dafür OAuth-2.0-Zugangsdaten mit diesen Berechtigungen
create-an-oauth-2-0-integration-with-resource-level-access-add-the-confluence-api-with-these-scopes-and-set-the-callback-url = Erstellen Sie eine OAuth-2.0-Integration mit Zugriff auf Ressourcenebene, fügen Sie die Confluence-API mit diesen Berechtigungen hinzu, und tragen Sie die Weiterleitungsadresse ein (Callback URL)
the-email-address-of-your-atlassian-account = der E-Mail-Adresse Ihres Atlassian-Kontos
as-an-administrator-create-a-service-account-with-the-permission-write-and-copy-the-id-and-the-secret-of-its-credential = Legen Sie als Administrator ein Dienstkonto mit der Berechtigung „Write“ an, und kopieren Sie Kennung und Geheimnis seiner Zugangsdaten
as-an-administrator-create-an-application-link-external-application-incoming-with-the-permission-write-and-set-the-redirect-url = Legen Sie als Administrator eine Anwendungsverknüpfung an: externe Anwendung, eingehend, mit der Berechtigung „Write“, und tragen Sie die Weiterleitungsadresse ein
an-oauth-app-works-too-but-has-to-be-allowed-to-write-it-asks-for-the-scope-repo-a-github-app-only-reads-and-has-permissions-in-place-of-scopes-create-one-with-the-permission-contents-read-only-switch-the-device-flow-on-install-it-where-your-repositories-are-and-set-the-callback-url = Auch eine OAuth App geht, muss aber schreiben dürfen: Sie verlangt die Berechtigung `repo`. Eine GitHub App liest nur. Erstellen Sie eine mit der Berechtigung „Contents: read-only“, schalten Sie „Device Flow“ ein, installieren Sie sie dort, wo Ihre Repositorys sind, und tragen Sie die Weiterleitungsadresse ein (Callback URL)
fine-grained-personal-access-token-with-the-permission-contents-read-only = Persönliches Zugriffstoken (fine-grained) mit der Berechtigung „Contents: read-only“
add-an-application-not-confidential-with-these-scopes-and-set-the-redirect-uri = Fügen Sie eine Anwendung mit diesen Berechtigungen hinzu, nicht vertraulich („Confidential“ aus), und tragen Sie die Weiterleitungsadresse ein
personal-project-or-group-access-token-read-api-read-repository = Zugriffstoken einer Person, eines Projekts oder einer Gruppe (read_api, read_repository)
choose-a-workspace-and-in-its-settings-oauth-consumers-add-a-consumer-with-the-permissions-account-read-and-repositories-read-and-set-the-callback-url = Wählen Sie einen Workspace und in seinen Einstellungen „OAuth consumers“. Fügen Sie einen mit den Berechtigungen „Account: Read“ und „Repositories: Read“ hinzu, und tragen Sie die Weiterleitungsadresse ein (Callback URL)
api-token-with-the-scopes-read-user-bitbucket-and-read-repository-bitbucket = API-Token mit den Berechtigungen read:user:bitbucket und read:repository:bitbucket
repository-project-or-workspace-access-token-repositories-read = Zugriffstoken eines Repositorys, Projekts oder Workspace (Repositories: Read)
a-repository-that-it-may-read-as-workspace-repository = einem Repository, das es lesen darf, in der Form Workspace/Repository
as-an-administrator-create-an-application-link-external-application-incoming-with-the-permission-repositories-read-and-set-the-redirect-url = Legen Sie als Administrator eine Anwendungsverknüpfung an: externe Anwendung, eingehend, mit der Berechtigung „Repositories: Read“, und tragen Sie die Weiterleitungsadresse ein
http-access-token-repository-read = HTTP-Zugriffstoken (Repository read)
register-a-public-client-mobile-and-desktop-add-the-delegated-permissions-azure-devops-vso-code-and-vso-profile-and-set-the-redirect-uri = Registrieren Sie einen öffentlichen Client (Mobilgerät und Desktop), fügen Sie die delegierten Berechtigungen „Azure DevOps“ vso.code und vso.profile hinzu, und tragen Sie die Weiterleitungsadresse ein
personal-access-token-of-one-organization-code-read-user-profile-read = Persönliches Zugriffstoken einer Organisation (Code: Read, User Profile: Read)
personal-access-token-code-read = Persönliches Zugriffstoken (Code: Read)
gitea-or-forgejo = Gitea oder Forgejo
create-an-oauth2-application-not-confidential-and-set-the-redirect-uri = Erstellen Sie eine OAuth2-Anwendung, nicht vertraulich, und tragen Sie die Weiterleitungsadresse ein
access-token-read-user-read-repository = Zugriffstoken (read:user, read:repository)
another-git-server = Ein anderer Git-Server
a-repository-there-that-not-everybody-may-read-such-as-team-handbook-git = einem Repository dort, das nicht jeder lesen darf, etwa team/handbook.git
password-or-a-token-that-is-sent-in-its-place = Passwort, oder ein Token, das an seiner Stelle gesendet wird
the-user-name = dem Benutzernamen

## account/provider/place.rs

provider-can-be-anywhere-and-no-address-was-given = { $provider } kann überall sein, und es ist keine Adresse angegeben
give-the-address-that-the-browser-shows = Geben Sie die Adresse an, die der Browser zeigt
repository-is-not-a-repository-at-base = `{ $repository }` ist kein Repository bei `{ $base }`
give-the-path-of-a-repository-there-for-example-team-handbook-git = Geben Sie den Pfad eines Repositorys dort an, zum Beispiel `team/handbook.git`
name-is-not-a-repository-of-provider = `{ $name }` ist kein Repository von { $provider }
give-it-as-owner-name = Geben Sie es als `owner/name` an
provider-named-a-site-that-cannot-be-one = { $provider } hat eine Site genannt, die keine sein kann
provider-has-no-sign-in-way = { $provider } kennt diese Anmeldung nicht: { $way }
choose-another-way = Wählen Sie einen anderen Weg
no-credential-can-be-sent-to-typed-why = An `{ $typed }` können keine Zugangsdaten gesendet werden: { $why }
give-the-address-as-the-browser-shows-it-for-example-https-git-example-com = Geben Sie die Adresse an, wie der Browser sie zeigt, zum Beispiel `https://git.example.com`
it-has-letters-that-no-address-has = sie enthält Zeichen, die keine Adresse hat
it-is-not-an-address = das ist keine Adresse
it-has-a-user-name-or-password-in-it = sie enthält einen Benutzernamen oder ein Passwort
no-host-is-called-that = kein Host heißt so
what-is-sent-there-can-be-read-on-the-way = was dorthin gesendet wird, kann unterwegs gelesen werden
it-is-not-a-web-address = das ist keine Webadresse

## account/record.rs

individual-access = Persönlicher Zugriff
managed-access = Verwalteter Zugriff
choose-sign-in-for-publishing-beside-it-under-accounts = Wählen Sie daneben unter Konten „Zum Veröffentlichen anmelden…“
sign-in-once-more-under-accounts-and-choose-may-put-pages-into-the-trash = Melden Sie sich unter Konten noch einmal an und wählen Sie „Darf Seiten in den Papierkorb legen“
file-the-list-of-accounts-cannot-be-read-why = `{ $file }`, die Liste der Konten, ist nicht lesbar: { $why }
restore-the-file-or-use-the-version-of-tributary-that-wrote-it-without-the-file-every-account-has-to-sign-in-again = Stellen Sie die Datei wieder her, oder verwenden Sie die Version von Tributary, die sie geschrieben hat; ohne die Datei muss sich jedes Konto neu anmelden
the-list-of-accounts-could-not-be-written-down = Die Liste der Konten konnte nicht aufgeschrieben werden
it-is-not-well-formed = sie ist nicht wohlgeformt
another-version-wrote-it = eine andere Version hat sie geschrieben

## account/renew.rs

the-access-to-host-could-not-be-renewed = Der Zugriff auf `{ $host }` konnte nicht erneuert werden
try-again-in-a-moment = Versuchen Sie es gleich noch einmal
the-renewal-of-an-access-broke-off = Die Erneuerung eines Zugriffs ist abgebrochen
check-whether-the-access-still-works = Prüfen Sie, ob der Zugriff noch funktioniert
the-access-to-host-ran-out = Der Zugriff auf `{ $host }` ist abgelaufen
the-account-was-signed-out = Das Konto wurde abgemeldet
the-vault-did-not-keep-the-new-access-to-host = Der Tresor hat den neuen Zugriff auf `{ $host }` nicht aufbewahrt
it-is-good-until-the-program-ends-then-sign-in-again = Er gilt, bis das Programm endet; melden Sie sich danach erneut an

## account/sign_in.rs

provider-has-no-tokens-of-that-kind = { $provider } hat keine Tokens dieser Art
choose-one-of-kinds = Wählen Sie eine von diesen: { $kinds }
day-is-not-a-day = `{ $day }` ist kein Tag
give-it-as-year-month-and-day-2027-01-31 = Geben Sie Jahr, Monat und Tag an: `2027-01-31`
nothing-was-kept-here-host-had-given-access-already-and-does-not-let-this-program-take-it-back-withdraw-it-at-manage-page = Hier wurde nichts aufbewahrt. `{ $host }` hatte schon Zugriff gegeben und lässt dieses Programm ihn nicht zurücknehmen: Widerrufen Sie ihn unter { $manage_page }
host-is-known-which-is-signed-in-to-as-such = `{ $host }` ist { $known }; dort meldet man sich als solches an
choose-known-as-the-provider = Wählen Sie { $known } als Anbieter
the-token-has-ended-already = Das Token ist bereits abgelaufen
make-a-new-one = Erstellen Sie ein neues
provider-takes-no-passwords = { $provider } nimmt keine Passwörter an
provider-has-no-service-accounts-with-oauth = { $provider } hat keine Dienstkonten mit OAuth
sign-in-with-a-token-of-the-technical-user = Melden Sie sich mit einem Token des technischen Benutzers an
provider-has-no-sign-in-through-the-browser = { $provider } hat keine Anmeldung im Browser
the-answer-did-not-come-from-host-and-was-not-used = Die Antwort kam nicht von `{ $host }` und wurde nicht verwendet
sign-in-again-if-it-happens-again-tell-whoever-runs-the-server = Melden Sie sich erneut an; geschieht es wieder, sagen Sie es dem Betreiber des Servers
that-is-no-password-it-is-empty-or-has-signs-that-nobody-can-type = Das ist kein Passwort: Es ist leer oder hat Zeichen, die niemand tippen kann
give-the-password-or-token-that-git-asks-for-there = Geben Sie das Passwort oder Token an, nach dem `git` dort fragt
that-is-not-a-token = Das ist kein Token
make-one-at-token-page = Erstellen Sie eines unter { $token_page }
the-password-is-sent-with-words-and-none-was-given = Das Passwort wird mit { $words } gesendet, und nichts ist angegeben
the-token-is-sent-with-words-and-none-was-given = Das Token wird mit { $words } gesendet, und nichts ist angegeben
fill-it-in-above-the-password = Füllen Sie es über dem Passwort aus
fill-it-in-above-the-token = Füllen Sie es über dem Token aus
the-token-is-tried-at-words-and-none-was-given = Das Token wird an { $words } erprobt, und nichts ist angegeben
the-user-name-and-the-password-are-tried-at-words-and-none-was-given = Benutzername und Passwort werden an { $words } erprobt, und nichts ist angegeben
nobody-signed-in-at-host-in-time = Bei `{ $host }` hat sich niemand rechtzeitig angemeldet
begin-again-nothing-was-changed = Beginnen Sie erneut; nichts wurde geändert
the-sign-in-was-cancelled = Die Anmeldung wurde abgebrochen
nothing-was-changed = Nichts wurde geändert
host-refused-the-sign-in-word = `{ $host }` hat die Anmeldung abgelehnt: { $word }

## account/sign_out.rs

the-access-is-gone-here-and-useless-everywhere = Der Zugriff ist hier entfernt und überall wertlos.
the-access-is-gone-here-and-is-not-renewed-any-more-what-was-given-last-is-still-good-at-the-provider-for-another-minute = Der Zugriff ist hier entfernt und wird nicht mehr erneuert. Was zuletzt gegeben wurde, gilt beim Anbieter noch eine Minute
the-access-is-gone-here-and-is-not-renewed-any-more-what-was-given-last-is-still-good-at-the-provider-for-another-minutes-minutes = Der Zugriff ist hier entfernt und wird nicht mehr erneuert. Was zuletzt gegeben wurde, gilt beim Anbieter noch { $minutes } Minuten
the-access-is-gone-here-and-is-not-renewed-any-more-what-was-given-last-is-still-good-at-the-provider-until-it-ends = Der Zugriff ist hier entfernt und wird nicht mehr erneuert. Was zuletzt gegeben wurde, gilt beim Anbieter, bis es abläuft
the-access-is-gone-here-the-provider-says-that-it-made-it-useless-whether-it-did-could-not-be-checked-reason = Der Zugriff ist hier entfernt. Der Anbieter sagt, er habe ihn wertlos gemacht; ob das stimmt, war nicht zu prüfen ({ $reason })
the-access-is-gone-here-the-provider-cannot-be-told-to-withdraw-it-do-it-yourself-at-page = Der Zugriff ist hier entfernt. Dem Anbieter lässt sich nicht sagen, dass er ihn widerrufen soll; tun Sie es selbst unter { $page }
the-access-is-gone-here-but-it-was-not-withdrawn-reason-do-it-yourself-at-page = Der Zugriff ist hier entfernt, aber nicht widerrufen ({ $reason }). Tun Sie es selbst unter { $page }

## account/site.rs

give-it-as-the-browser-shows-it-for-example-https-acme-atlassian-net-wiki = Geben Sie sie an, wie der Browser sie zeigt, zum Beispiel `https://acme.atlassian.net/wiki`
the-site-s-address-contains-a-user-name-or-password = Die Adresse der Site enthält einen Benutzernamen oder ein Passwort
remove-it-from-the-address-tokens-are-kept-where-you-chose-to-keep-them = Entfernen Sie es aus der Adresse; Tokens werden dort aufbewahrt, wo Sie es gewählt haben
no-token-is-known-for-site = Für `{ $site }` ist kein Token bekannt
connect-the-site-or-sign-in-to-it = Verbinden Sie die Site, oder melden Sie sich bei ihr an
typed-is-not-the-address-of-a-site = `{ $typed }` ist nicht die Adresse einer Site
that-is-not-the-address-of-a-site = Das ist nicht die Adresse einer Site

## audit.rs

text-is-not-a-point-in-time = `{ $text }` ist kein Zeitpunkt
give-a-date-such-as-2026-11-27-a-time-such-as-2026-11-27t08-00-00z-or-an-age-such-as-12h-7d-or-2w = Geben Sie ein Datum wie `2026-11-27`, eine Zeit wie `2026-11-27T08:00:00Z` oder ein Alter wie `12h`, `7d` oder `2w` an
the-audit-log-could-not-be-written-and-nothing-is-published-or-signed-in-without-it = Das Audit-Protokoll konnte nicht geschrieben werden; ohne das Audit-Protokoll wird nichts veröffentlicht und niemand angemeldet
make-its-folder-writable-and-free-some-space-on-its-disk-then-try-again-tributary-home-names-another-place-for-tributary-s-files = Sorgen Sie dafür, dass sein Ordner beschreibbar und auf dem Datenträger Platz ist, und versuchen Sie es erneut; `TRIBUTARY_HOME` nennt einen anderen Ort für die Dateien von Tributary

## audit/anchor.rs

the-system-gives-no-random-numbers = Das System gibt keine Zufallszahlen aus
what-the-keystore-holds-for-the-audit-log-is-not-what-this-version-wrote = Was der Schlüsselbund für das Audit-Protokoll enthält, hat nicht diese Version geschrieben
use-the-version-of-tributary-that-wrote-it-or-remove-the-entry-in-your-keystore-program = Verwenden Sie die Version von Tributary, die es geschrieben hat, oder entfernen Sie den Eintrag in Ihrem Schlüsselbund-Programm

## audit/export.rs

the-records-could-not-be-put-into-csv = Die Einträge konnten nicht als CSV geschrieben werden

## audit/forward.rs

the-cursor-could-not-be-written-down = Der Lesestand konnte nicht aufgeschrieben werden
the-syslog-server-settings-did-not-take-the-records = Der Syslog-Server `{ $settings }` hat die Einträge nicht angenommen
check-audit-forward-in-the-settings-and-that-the-server-listens-the-records-wait-in-the-log = Prüfen Sie `audit.forward` in den Einstellungen und dass der Server lauscht; die Einträge warten im Audit-Protokoll
it-closed-the-connection = er hat die Verbindung geschlossen

## audit/record.rs

a-record-could-not-be-put-into-its-form = Ein Eintrag konnte nicht in seine Form gebracht werden

## audit/verify.rs

the-log-was-changed-the-first-bad-record-is-seq-in-file-line-line-what = Das Audit-Protokoll wurde verändert. Der erste falsche Eintrag ist { $seq }, in `{ $file }` Zeile { $line }: { $what }
the-log-is-empty = Das Audit-Protokoll ist leer
the-log-is-intact-records-records-up-to-last = Das Audit-Protokoll ist unversehrt: { $records } Einträge, bis { $last }
it-was-compared-with-the-keystore-which-knows-record-head-the-next-signature-comes-with-a-later-record = Es wurde mit dem Schlüsselbund verglichen, der Eintrag { $head } kennt. Die nächste Signatur kommt mit einem späteren Eintrag.
it-was-compared-with-the-keystore-which-knows-record-head-records-up-to-signed-are-signed = Es wurde mit dem Schlüsselbund verglichen, der Eintrag { $head } kennt. Die Einträge bis { $signed } sind signiert.
the-public-key-is-public-key = Der öffentliche Schlüssel ist { $public_key }
only-the-chain-was-checked-because-reason-a-cut-at-the-end-or-a-chain-that-was-computed-anew-is-not-found-this-way = Nur die Kette wurde geprüft ({ $reason }): Ein abgeschnittenes Ende oder eine neu berechnete Kette fällt so nicht auf
a-line-at-record-torn-was-cut-short-by-a-crash-nothing-that-was-recorded-is-lost = Eine Zeile bei Eintrag { $torn } ist durch einen Absturz abgeschnitten; nichts Aufgezeichnetes ging verloren

## audit/writer.rs

there-is-no-keystore = Es gibt keinen Schlüsselbund

## browse.rs

reading-the-accounts-broke-off = Das Lesen der Konten ist abgebrochen
finding-a-path-broke-off = Die Suche nach einem Pfad ist abgebrochen
there-is-no-path-in-name-at-place = `{ $path }` gibt es in `{ $name }` bei { $place } nicht
check-the-path-or-choose-another-branch = Prüfen Sie den Pfad, oder wählen Sie einen anderen Branch
place-is-at-the-host-and-none-of-the-repository-s-files = `{ $place }` gibt es beim Host; es ist keine Datei des Repositorys
the-file-that-the-address-names-is-not-there-after-the-change = Die Datei, die die Adresse nennt, gibt es nach der Änderung nicht
reading-the-file-broke-off = Das Lesen der Datei ist abgebrochen
path-is-no-file-that-could-be-saved = `{ $path }` ist keine Datei, die sich speichern ließe
open-what-it-leads-to-and-save-that = Öffnen Sie, wohin es führt, und speichern Sie das
path-is-in-no-commit-yet = `{ $path }` ist noch in keinem Commit
commit-it-and-its-lines-are-told = Committen Sie die Datei, dann ist bekannt, woher ihre Zeilen sind
the-history-of-this-repository-was-not-fetched-yet = Der Verlauf dieses Repositorys wurde noch nicht abgerufen

## browse/page.rs

rendering-a-page-broke-off = Die Darstellung einer Seite ist abgebrochen

## confluence/data_center.rs

the-page-missing-is-not-there-any-more = Die Seite { $missing } gibt es nicht mehr

## confluence/files.rs

there-is-no-room-for-an-earlier-version-of-a-file = Für eine frühere Version einer Datei ist kein Platz
keeping-an-earlier-version-of-a-file-broke-off = Das Aufbewahren einer früheren Version einer Datei ist abgebrochen
the-earlier-version-of-filename-is-larger-than-is-sent = Die frühere Version von `{ $filename }` ist größer, als gesendet wird
site-does-not-say-where-filename-is = `{ $site }` gibt nicht an, wo `{ $filename }` ist

## confluence/mod.rs

site-refuses-to-say-whether-it-is-confluence-cloud-or-data-center = `{ $site }` gibt nicht an, ob es Confluence Cloud oder Data Center ist
check-that-you-may-use-confluence-there-and-that-no-proxy-stands-in-between = Prüfen Sie, ob Sie Confluence dort verwenden dürfen und kein Proxy dazwischen ist
no-confluence-answers-at-site = Bei `{ $site }` antwortet kein Confluence
give-the-address-as-the-browser-shows-it-up-to-wiki-on-cloud-for-example-https-acme-atlassian-net-wiki = Geben Sie die Adresse an, wie der Browser sie zeigt, bei Cloud bis `/wiki`, zum Beispiel `https://acme.atlassian.net/wiki`
site-does-not-accept-the-token = `{ $site }` nimmt das Token nicht an
sign-in-again-with-a-token-that-is-still-valid-and-check-the-user-name-that-belongs-to-it = Melden Sie sich mit einem gültigen Token erneut an und prüfen Sie den Benutzernamen dazu
site-has-no-space-key-that-you-can-see = `{ $site }` hat keinen Bereich `{ $key }`, den Sie sehen können
check-the-space-key-it-stands-in-the-address-of-every-page-of-the-space = Prüfen Sie den Schlüssel des Bereichs; er steht in der Adresse jeder seiner Seiten
the-account-that-is-used-for-site-was-signed-in-for-reading-only = Das Konto, das für `{ $site }` verwendet wird, ist nur zum Lesen angemeldet
the-account-that-is-used-for-site-was-not-allowed-to-put-pages-into-the-trash-and-the-plan-does-that-nothing-was-published = Das Konto, das für `{ $site }` verwendet wird, darf keine Seiten in den Papierkorb legen, und der Plan sieht das vor. Nichts wurde veröffentlicht
data-center-cannot-archive-single-pages-through-its-api = Data Center kann über seine API keine einzelnen Seiten archivieren
choose-to-report-or-trash-pages-whose-source-is-gone = Wählen Sie, dass Seiten ohne Quelle gemeldet werden oder in den Papierkorb kommen

## confluence/restrictions.rs

the-page-page-is-restricted-to-more-people-than-can-be-kept = Die Seite { $page } ist auf mehr Personen beschränkt, als sich erhalten lassen
restrict-it-to-a-group-in-confluence-and-leave-it-out-of-the-front-matter = Beschränken Sie sie in Confluence auf eine Gruppe, und lassen Sie es im Front Matter weg

## confluence/wire.rs

address-is-not-an-address = `{ $address }` ist keine Adresse
site-gave-an-answer-that-is-not-confluence-s = `{ $site }` hat eine Antwort gegeben, die nicht von Confluence ist
check-the-site-s-address-a-sign-in-page-or-proxy-may-stand-in-between = Prüfen Sie die Adresse der Site; vielleicht ist eine Anmeldeseite oder ein Proxy dazwischen
site-does-not-allow-this-said = `{ $site }` erlaubt das nicht{ $said }
ask-the-space-s-administrator-for-the-right-to-add-and-change-pages-there = Bitten Sie den Administrator des Bereichs um das Recht, dort Seiten hinzuzufügen und zu ändern
confluence-does-not-have-it-or-hides-it-said = Confluence hat es nicht oder verbirgt es{ $said }
site-does-not-offer-this-any-more-said = `{ $site }` bietet das nicht mehr an{ $said }
sign-in-to-the-site-with-an-api-token-without-scopes-which-goes-to-the-site-itself-where-it-may-still-be-and-publish-with-that = Melden Sie sich bei der Site mit einem API-Token ohne Berechtigungen an, das zur Site selbst geht, wo es das vielleicht noch gibt, und veröffentlichen Sie damit
get-a-newer-version-of-tributary-which-may-do-without-it-when-it-stays-ask-the-site-s-administrator = Holen Sie eine neuere Version von Tributary, die vielleicht ohne das auskommt; wenn es bleibt, fragen Sie den Administrator der Site
somebody-changed-it-meanwhile-said = Jemand hat es inzwischen geändert{ $said }
confluence-refused-it-said = Confluence hat es abgelehnt{ $said }
site-asks-for-fewer-requests = `{ $site }` bittet um weniger Anfragen
try-again-later-or-with-a-lower-concurrency = Versuchen Sie es später erneut, oder mit weniger Anfragen zugleich
site-failed-with-status-said = `{ $site }` ist mit { $status } gescheitert{ $said }
try-again-when-it-stays-ask-the-site-s-administrator = Versuchen Sie es erneut; bleibt es so, fragen Sie den Administrator der Site
site-product-answered-status-said = `{ $site }` ({ $product }) hat mit { $status } geantwortet{ $said }
sign-in-again-which-asks-for-it-when-the-application-was-registered-with-fewer-scopes-add-those-there-that-are-shown-a-check-of-the-account-says-which-are-missing = Melden Sie sich erneut an, dabei wird danach gefragt; wurde die Anwendung mit weniger Berechtigungen registriert, fügen Sie dort die angezeigten hinzu. Eine Prüfung des Kontos sagt, welche fehlen
make-a-token-that-has-the-scope-and-sign-in-with-it = Erstellen Sie ein Token mit dieser Berechtigung und melden Sie sich damit an
missing-scope-the-access-may-not-do-this-at-site = Berechtigung fehlt: Der Zugriff darf das bei `{ $site }` nicht

## doctor.rs

settings = Einstellungen
policy = Richtlinie
data-folder = Datenordner
cache-folder = Ordner für Zwischengespeichertes
disk = Datenträger
keystore = Schlüsselbund
git = Git
display = Anzeige
d-bus-session = D-Bus-Sitzung
links = Links
network-settings = Netzwerkeinstellungen
name = Name
proxy = Proxy
connection = Verbindung
tls = TLS
answer = Antwort
interface = Schnittstelle
clock = Uhr
sign-in = Anmeldung
that-is-not-the-address-of-a-server = Das ist nicht die Adresse eines Servers
give-it-as-a-browser-shows-it-for-example-https-wiki-acme-com = Geben Sie sie an, wie ein Browser sie zeigt, zum Beispiel `https://wiki.acme.com`
that-is-no-address = Das ist keine Adresse
it-answers-and-says-that-it-does-not-work-status = der Server antwortet und sagt, dass er nicht funktioniert: { $status }
try-again-later-when-it-stays-tell-whoever-runs-the-server-or-the-proxy-before-it = Versuchen Sie es später erneut; bleibt es so, sagen Sie es dem Betreiber des Servers oder des Proxys davor
it-answers-and-leads-elsewhere-code-to-host = der Server antwortet und führt woandershin: { $code }, zu `{ $host }`
if-you-do-not-know-that-host-your-network-may-want-you-to-sign-in-first-open-the-address-in-a-browser = Wenn Sie diesen Host nicht kennen, verlangt vielleicht Ihr Netzwerk eine Anmeldung: Öffnen Sie die Adresse in einem Browser
it-answers-status = der Server antwortet: { $status }
the-proxy-wants-to-know-who-asks-and-does-not-accept-what-it-was-told = der Proxy will wissen, wer fragt, und nimmt die Angaben nicht an
give-the-user-and-the-password-of-the-proxy-under-settings-network = Geben Sie Benutzer und Passwort des Proxys unter Einstellungen, Netzwerk an
seconds-seconds-apart-from-the-server-s = { $seconds } Sekunden Abstand zu der des Servers
this-machine-s-clock-is-minutes-minutes-ahead-of-the-server-s = die Uhr dieses Geräts geht { $minutes } Minuten vor der des Servers
this-machine-s-clock-is-minutes-minutes-behind-the-server-s = die Uhr dieses Geräts geht { $minutes } Minuten nach der des Servers
set-the-clock-signing-in-fails-while-it-is-wrong = Stellen Sie die Uhr; solange sie falsch geht, scheitert das Anmelden
a-web-page-answers-where-confluence-s-interface-should-a-page-of-your-network-to-sign-in-at-or-another-server = wo die Schnittstelle von Confluence antworten sollte, antwortet eine Webseite: eine Anmeldeseite Ihres Netzwerks oder ein anderer Server
open-the-address-in-a-browser-and-sign-in-to-the-network-there-then-look-at-the-address = Öffnen Sie die Adresse in einem Browser und melden Sie sich dort im Netzwerk an; prüfen Sie dann die Adresse
no-confluence-answers-at-this-address = unter dieser Adresse antwortet kein Confluence
give-the-address-as-the-browser-shows-it-up-to-wiki-on-cloud = Geben Sie die Adresse an, wie der Browser sie zeigt, bei Cloud bis `/wiki`

## doctor/machine.rs

file-not-there-yet = { $file }, noch nicht vorhanden
none-it-would-be-path = keine; sie läge in { $path }
folder-error = { $folder }: { $error }
make-the-folder-writable-for-yourself = Machen Sie den Ordner für sich beschreibbar
free-gb-are-free = { $free } GB sind frei
free-mb-are-free = { $free } MB sind frei
only-free-mb-are-free = nur { $free } MB sind frei
make-room-on-the-disk-the-cache-can-be-deleted = Schaffen Sie Platz auf dem Datenträger; Zwischengespeichertes kann gelöscht werden
none-tokens-are-kept-for-a-session-only = keiner; Tokens werden nur für eine Sitzung aufbewahrt
not-found-nothing-here-needs-it = nicht gefunden; hier braucht es niemand
present = vorhanden
none-the-command-works-without-the-window-needs-one = keine; der Befehl geht ohne, das Fenster braucht eine
none-the-keystore-needs-one-on-linux = keine; unter Linux braucht der Schlüsselbund eine
tributary-is-opened-by-program = `tributary:` wird von { $program } geöffnet
no-program-is-registered-for-links-that-begin-with-tributary = für Links, die mit `tributary:` beginnen, ist kein Programm registriert
install-the-package-of-your-system-it-registers-the-window-for-them = Installieren Sie das Paket Ihres Systems; es registriert das Fenster dafür

## doctor/probe.rs

as-the-policy-of-this-machine-says = wie es die Richtlinie dieses Geräts sagt
as-the-system-says = wie es das System sagt
as-you-chose = wie Sie es gewählt haben
through-place-by = über `{ $place }`, { $by }
none-by = keiner, { $by }
host-has-no-address = `{ $host }` hat keine Adresse
look-at-the-spelling-and-whether-this-machine-is-in-the-network-or-the-vpn-that-knows-the-name = Prüfen Sie die Schreibweise, und ob dieses Gerät in dem Netzwerk oder VPN ist, das den Namen kennt
host-is-at-shown = `{ $host }` ist unter { $shown }
to-address = zu { $address }
nobody-listens-at-port-port-refused = am Port { $port } lauscht niemand: { $refused }
nobody-answers-at-port-port-refused = am Port { $port } antwortet niemand: { $refused }
no-connection-to-port-port-refused = keine Verbindung zum Port { $port }: { $refused }
look-at-the-address-and-its-port-a-firewall-or-a-server-that-does-not-run-looks-the-same = Prüfen Sie die Adresse und ihren Port; eine Firewall oder ein Server, der nicht läuft, sieht genauso aus
ask-whoever-runs-the-proxy-or-choose-another-way = Fragen Sie den Betreiber des Proxys, oder wählen Sie einen anderen Weg
it-leads-to-target = er führt zu `{ $target }`
the-proxy-refuses-to-lead-to-target-status = der Proxy weigert sich, zu `{ $target }` zu führen: { $status }
what-answers-there-is-no-proxy-error = was dort antwortet, ist kein Proxy: { $error }
it-cannot-begin-error = sie kann nicht beginnen: { $error }
look-at-the-address-and-at-the-certificates-under-network-settings = Prüfen Sie die Adresse, und die Zertifikate in den Netzwerkeinstellungen
it-is-secured = sie ist gesichert
tell-whoever-runs-the-server-that-its-certificate-ends-soon = Sagen Sie dem Betreiber des Servers, dass sein Zertifikat bald abläuft
it-broke-off-error = sie ist abgebrochen: { $error }
message-found = { $message }; { $found }
something-on-the-way-may-break-secured-connections-a-firewall-or-a-proxy-that-wants-to-be-told = Vielleicht bricht unterwegs etwas gesicherte Verbindungen auf: eine Firewall oder ein Proxy, der angegeben werden will
its-certificate-is-signed-by-itself-subject-and-ended-ends = sein Zertifikat ist von sich selbst signiert ({ $subject }) und lief { $ends } ab
its-certificate-is-signed-by-itself-subject-and-ends-ends = sein Zertifikat ist von sich selbst signiert ({ $subject }) und läuft { $ends } ab
its-certificate-is-by-issuer-and-ended-ends = sein Zertifikat ist von { $issuer } und lief { $ends } ab
its-certificate-is-by-issuer-and-ends-ends = sein Zertifikat ist von { $issuer } und läuft { $ends } ab

## error.rs

one-or-other = { $one }; oder { $other }
what-causes = { $what }: { $causes }
what-remedy = { $what }. { $remedy }

## hosts.rs

host-cannot-be-asked-now-what-is-new = `{ $host }` kann jetzt nicht gefragt werden, was neu ist
check-the-network-or-try-again-later-if-the-host-limits-how-often-it-is-asked = Prüfen Sie das Netzwerk, oder versuchen Sie es später erneut, falls der Host die Zahl der Anfragen begrenzt
address-is-no-address-of-a-repository = `{ $address }` ist nicht die Adresse eines Repositorys
give-it-as-the-browser-shows-it-for-example-https-github-com-acme-handbook = Geben Sie sie an, wie der Browser sie zeigt, zum Beispiel `https://github.com/acme/handbook`
opening-the-repository-broke-off = Das Öffnen des Repositorys ist abgebrochen
making-a-repository-broke-off = Das Anlegen eines Repositorys ist abgebrochen
nothing-tells-which-product-is-at-base = Nichts verrät, welches Produkt bei `{ $base }` ist
sign-in-there = Melden Sie sich dort an
check-the-name-user-is-signed-in-there-too-open-it-out-of-the-list-of-that-account-or-choose-the-account-for-it-under-accounts = Prüfen Sie den Namen. Dort ist auch `{ $user }` angemeldet: Öffnen Sie es aus der Liste dieses Kontos, oder wählen Sie dieses Konto dafür unter Konten
pull-requests-are-at-the-host-and-not-in-the-repository = Pull Requests gibt es beim Host und nicht im Repository
there-is-no-path-at-the-commit-commit = `{ $path }` gibt es im Commit `{ $commit }` nicht
the-repository-is-not-on-this-machine = Das Repository ist nicht auf diesem Gerät
no-commit-up-to-commit-has-path = Kein Commit bis `{ $commit }` hat `{ $path }`
check-the-path = Prüfen Sie den Pfad
reading-the-repository-broke-off = Das Lesen des Repositorys ist abgebrochen
the-host-cannot-be-asked-now-what-is-new = Der Host kann jetzt nicht nach Neuem gefragt werden

## hosts/any_server.rs

sign-in-there-with-your-user-name-and-a-password-or-token = Melden Sie sich dort mit Ihrem Benutzernamen und einem Passwort oder Token an
base-asks-who-you-are-and-nothing-tells-which-product-is-there = `{ $base }` fragt, wer Sie sind, und nichts verrät, welches Produkt dort ist
sign-in-there-under-accounts-where-it-is-one-of-the-products-there-else-with-your-user-name-and-a-password-or-token = Melden Sie sich dort an: unter Konten, wenn es eines der Produkte dort ist, sonst mit Ihrem Benutzernamen und einem Passwort oder Token

## hosts/archive.rs

taking-the-archive-apart-broke-off = Das Auspacken des Archivs ist abgebrochen
the-host-s-archive-cannot-be-read = Das Archiv des Hosts ist nicht lesbar

## hosts/azure.rs

there-is-no-such-name = Diesen Namen gibt es nicht
folder-is-not-a-folder = `{ $folder }` ist kein Ordner

## hosts/bitbucket.rs

there-are-more-workspaces-than-are-looked-through = Es gibt mehr Workspaces, als durchsucht werden
folders-folders-below-it-were-not-asked-for = { $folders } Ordner darunter wurden nicht abgefragt
the-host-cannot-be-asked-for-the-folder-path = Nach dem Ordner `{ $path }` kann der Host nicht gefragt werden

## hosts/cache.rs

the-cache-file-cannot-be-opened = Der Zwischenspeicher `{ $file }` kann nicht geöffnet werden
the-cache-could-not-be-cleared = Der Zwischenspeicher konnte nicht geleert werden
close-other-windows-and-commands-of-tributary-and-try-again = Schließen Sie andere Fenster und Befehle von Tributary, und versuchen Sie es erneut
delete-the-file-it-holds-nothing-that-cannot-be-fetched-again = Löschen Sie die Datei; sie enthält nur, was erneut abgerufen werden kann

## hosts/data_center.rs

bitbucket-compares-at-most-1-000-files = Bitbucket vergleicht höchstens 1.000 Dateien

## hosts/github.rs

way-is-not-a-folder = `{ $way }` ist kein Ordner
there-is-no-folder-way = Es gibt keinen Ordner `{ $way }`
more-repositories-have-these-words-in-their-names-say-more-of-the-name = Weitere Repositorys haben diese Wörter im Namen; geben Sie mehr vom Namen an
repositories-of-organizations-whose-single-sign-on-has-not-let-the-account-s-token-in-are-left-out = Repositorys von Organisationen, deren Single Sign-on das Token des Kontos nicht zugelassen hat, fehlen
the-host-lists-only-a-part-of-a-very-large-folder = Der Host listet von einem sehr großen Ordner nur einen Teil auf

## hosts/gitlab.rs

there-is-no-folder-folder = Es gibt keinen Ordner `{ $folder }`

## hosts/host.rs

provider-is-no-git-host = { $provider } ist kein Git-Host
host-answered-in-a-form-that-is-not-its-own = `{ $host }` hat in einer fremden Form geantwortet
check-that-the-address-is-that-of-the-host-and-not-of-a-page-before-it = Prüfen Sie, ob die Adresse die des Hosts ist und nicht die einer Seite davor
making-a-temporary-file-broke-off = Das Anlegen einer temporären Datei ist abgebrochen
host-sent-more-than-is-read = `{ $host }` hat mehr gesendet, als gelesen wird
host-sent-other-contents-than-it-had-named-by-their-hash = `{ $host }` hat anderen Inhalt gesendet, als sein Hash angekündigt hatte
try-again-if-it-stays-so-something-on-the-way-changes-files = Versuchen Sie es erneut; bleibt es so, verändert unterwegs etwas die Dateien
host-takes-no-more-requests-for-a-while = `{ $host }` nimmt eine Weile keine Anfragen mehr an
host-shows-this-only-to-tokens-that-its-organization-let-in = `{ $host }` zeigt das nur Tokens, die seine Organisation zugelassen hat
let-the-account-s-token-in-at-address-and-try-again = Lassen Sie das Token des Kontos unter { $address } zu und versuchen Sie es erneut
host-does-not-allow-this = `{ $host }` erlaubt das nicht
check-the-rights-of-the-account-and-the-scopes-of-its-token = Prüfen Sie die Rechte des Kontos und die Berechtigungen seines Tokens
host-does-not-have-this = `{ $host }` hat das nicht
the-repository-has-no-commit-yet = Das Repository hat noch keinen Commit
host-leads-to-another-host-where-no-credential-is-sent = `{ $host }` führt zu einem anderen Host, wohin keine Zugangsdaten gesendet werden
give-the-new-address = Geben Sie die neue Adresse an
host-does-not-work-now = `{ $host }` funktioniert jetzt nicht
host-refused-the-question = `{ $host }` hat die Anfrage abgelehnt
host-does-not-accept-the-account-s-access = `{ $host }` nimmt den Zugriff des Kontos nicht an
host-shows-this-only-to-people-who-sign-in = `{ $host }` zeigt das nur Angemeldeten
host-continues-a-list-at-another-host = `{ $host }` setzt eine Liste bei einem anderen Host fort
there-is-no-room-for-what-the-host-sends = Für das, was der Host sendet, ist kein Platz
second = Sekunde
seconds = Sekunden
minute = Minute
minutes = Minuten
hour = Stunde
hours = Stunden
try-again-in-number-unit = Versuchen Sie es in { $number } { $unit } erneut
name-is-not-listed-why = `{ $name }` ist nicht aufgelistet: { $why }
one-other = { $one }. { $other }

## hosts/hosted.rs

check-the-name-or-choose-another-branch = Prüfen Sie den Namen, oder wählen Sie einen anderen Branch
check-the-name-and-ask-its-owner-for-the-right-to-read-it = Prüfen Sie den Namen, und bitten Sie den Eigentümer um das Recht, es zu lesen
the-name-path-is-not-valid-utf-8-hosts-cannot-be-asked-for-it = Der Name `{ $path }` ist kein gültiges UTF-8; Hosts können nicht danach gefragt werden
rename-it-or-read-a-clone = Benennen Sie die Datei um, oder lesen Sie einen Klon
none-of-the-newest-commits-has-an-id-that-begins-so-and-the-host-may-find-older-ones-by-their-full-ids-only = Keine Kennung der neuesten Commits beginnt so, und ältere findet der Host eventuell nur nach der vollen Kennung
give-the-full-id-of-the-commit-or-a-branch-or-tag-that-leads-to-it = Geben Sie die volle Kennung des Commits an, oder einen Branch oder Tag, der zu ihm führt
there-is-no-branch-tag-or-commit-name-in-repository = In `{ $repository }` gibt es keinen Branch, Tag oder Commit `{ $name }`
repository-has-no-commit-yet = `{ $repository }` hat noch keinen Commit
there-is-no-commit-id-in-repository = In `{ $repository }` gibt es keinen Commit `{ $id }`
there-is-no-pull-request-number-in-repository = In `{ $repository }` gibt es keinen Pull Request { $number }
repository-is-not-at-host-or-the-account-may-not-see-it = `{ $repository }` gibt es bei `{ $host }` nicht, oder das Konto darf es nicht sehen
repository-is-not-at-host-or-not-for-everybody = `{ $repository }` gibt es bei `{ $host }` nicht, oder nicht für alle
there-is-no-path-in-repository-at-the-commit-commit = In `{ $repository }` gibt es im Commit `{ $commit }` kein `{ $path }`
older-commits-than-these-most-were-not-asked-for = Ältere Commits als diese { $most } wurden nicht abgefragt
there-are-more-than-these-count-search-for-one = Es gibt mehr als diese { $count }; suchen Sie nach einem Namen

## hosts/lfs.rs

the-lfs-server-at-host-answered-in-a-form-that-is-not-its-own = der LFS-Server bei `{ $host }` hat in einer fremden Form geantwortet
the-lfs-server-has-no-such-file-said = der LFS-Server hat diese Datei nicht: { $said }
path-is-in-git-lfs-at-name-as-lfsconfig-says-which-is-not-asked-it-is-another-server-than-the-repository-s-and-would-learn-who-looks-at-the-file = `{ $path }` ist laut `.lfsconfig` in Git LFS bei `{ $name }`, wo nicht gefragt wird: Es ist ein anderer Server als der des Repositorys und erführe, wer die Datei ansieht
path-is-in-git-lfs-at-name-as-lfsconfig-says-and-could-not-be-fetched-why = `{ $path }` ist laut `.lfsconfig` in Git LFS bei `{ $name }` und konnte nicht abgerufen werden: { $why }
path-is-in-git-lfs-and-could-not-be-fetched-why = `{ $path }` ist in Git LFS und konnte nicht abgerufen werden: { $why }

## hosts/local.rs

there-is-no-git-repository-at-path = In `{ $path }` gibt es kein Git-Repository
the-git-repository-git-cannot-be-opened = Das Git-Repository `{ $git }` kann nicht geöffnet werden
and-after-a-name-are-not-understood-give-the-id-of-the-commit-which-git-rev-parse-tells = `~` und `^` hinter einem Namen werden nicht verstanden; geben Sie die Kennung des Commits an, die `git rev-parse` nennt
git-branch-all-and-git-tag-list-what-there-is = `git branch --all` und `git tag` zeigen, was es gibt
commit-is-not-the-full-id-of-a-commit = `{ $commit }` ist nicht die ganze Kennung eines Commits
name-leads-to-no-commit = `{ $name }` führt zu keinem Commit
choose-a-branch-or-a-tag-of-a-commit = Wählen Sie einen Branch, oder ein Tag eines Commits
resolve-the-name-first = Lösen Sie zuerst den Namen auf
the-repository-has-no-commit-commit = Das Repository hat keinen Commit `{ $commit }`
path-was-left-out-when-the-repository-was-cloned-as-git-clone-filter-does = `{ $path }` wurde beim Klonen des Repositorys ausgelassen, wie `git clone --filter` es tut
git-fetch-refetch-no-filter-fetches-what-was-left-out-or-open-the-repository-at-its-git-host = `git fetch --refetch --no-filter` holt das Ausgelassene; oder öffnen Sie das Repository bei seinem Git-Host
the-git-repository-cannot-be-read = Das Git-Repository ist nicht lesbar
check-it-with-git-fsck = Prüfen Sie es mit `git fsck`
there-is-no-branch-tag-or-commit-name = Es gibt keinen Branch, Tag oder Commit `{ $name }`
path-is-in-git-lfs-and-was-not-fetched-git-lfs-fetch-does-that = `{ $path }` ist in Git LFS und wurde nicht abgerufen; `git lfs fetch` holt das nach
a-folder = ein Ordner
a-submodule = ein Submodul
older-commits-than-these-most-were-not-looked-at = Ältere Commits als diese { $most } wurden nicht angesehen

## hosts/naming.rs

the-address-names-no-ref = Die Adresse nennt keinen Branch, Tag oder Commit

## hosts/past.rs

comparing-the-file-broke-off = Das Vergleichen der Datei ist abgebrochen
the-host-knows-no-commit-that-changed-path = Der Host kennt keinen Commit, der `{ $path }` geändert hat
path-is-no-text-so-nobody-wrote-its-lines = `{ $path }` ist kein Text, daher hat niemand seine Zeilen geschrieben
history-tells-its-commits = `history` zeigt seine Commits
only-the-newest-most-versions-were-looked-at-lines-may-be-older-than-the-oldest-of-them = Nur die neuesten { $most } Versionen wurden angesehen; Zeilen können älter sein als die älteste davon
only-the-first-most-of-all-were-asked-for = Nur die ersten { $most } von { $all } wurden abgefragt

## hosts/remote.rs

there-is-no-room-for-a-repository = Für ein Repository ist kein Platz
a-repository-cannot-be-made-in-the-cache = Im Zwischenspeicher kann kein Repository angelegt werden
git-ls-remote-lists-what-there-is = `git ls-remote` zeigt, was es gibt
storing-what-was-fetched-broke-off = Das Speichern des Abgerufenen ist abgebrochen
what-the-git-server-sent-cannot-be-used = Was der Git-Server gesendet hat, ist nicht brauchbar
try-again-git-fsck-at-the-server-tells-whether-it-is-damaged = Versuchen Sie es erneut; `git fsck` auf dem Server sagt, ob es beschädigt ist
address-is-no-address-of-a-git-server = `{ $address }` ist nicht die Adresse eines Git-Servers
give-it-as-https-ssh-or-user-server-path = Geben Sie sie als `https://…`, `ssh://…` oder `user@server:path` an
speaking-with-the-server-broke-off = Das Gespräch mit dem Server ist abgebrochen
server-does-not-say-over-ssh-where-its-large-files-are = `{ $server }` sagt über SSH nicht, wo seine großen Dateien sind
server-did-not-answer-as-a-git-server-does = `{ $server }` hat nicht wie ein Git-Server geantwortet
the-server-does-not-say-over-ssh-where-its-large-files-are = der Server sagt über SSH nicht, wo seine großen Dateien sind
there-is-no-room-for-what-is-fetched = Für das Abgerufene ist kein Platz
host-does-not-accept-the-credential-or-not-for-this-repository = `{ $host }` nimmt die Zugangsdaten nicht an, oder nicht für dieses Repository
give-another-one = Geben Sie andere an
host-shows-this-repository-only-to-whoever-has-a-token = `{ $host }` zeigt dieses Repository nur mit einem Token
give-a-token = Geben Sie ein Token an
check-what-the-token-may = Prüfen Sie, was das Token darf
host-has-no-such-repository = `{ $host }` hat dieses Repository nicht
check-the-address = Prüfen Sie die Adresse
the-connection-to-server-broke-off = Die Verbindung zu `{ $server }` ist abgebrochen
the-program-ssh-cannot-be-started = Das Programm `ssh` kann nicht gestartet werden
install-openssh-or-use-an-address-that-begins-with-https = Installieren Sie OpenSSH, oder verwenden Sie eine Adresse, die mit `https` beginnt
the-program-ssh-has-no-input-and-output = Das Programm `ssh` hat keine Ein- und Ausgabe
server-did-not-let-us-in = `{ $server }` hat uns nicht eingelassen
server-could-not-be-reached = `{ $server }` war nicht zu erreichen
server-has-no-such-repository = `{ $server }` hat dieses Repository nicht
check-that-ssh-server-works-without-a-question = Prüfen Sie, dass `ssh { $server }` ohne Rückfrage funktioniert
offered-check = { $offered }. { $check }
reading-what-is-remembered-broke-off = Das Lesen des Gemerkten ist abgebrochen

## hosts/renames.rs

comparing-files-broke-off = Das Vergleichen von Dateien ist abgebrochen
it-is-not-known-what-else-path-was-called-before-why = Wie `{ $path }` vorher noch hieß, ist nicht bekannt: { $why }

## hosts/sent.rs

keeping-a-large-file-broke-off = Das Aufbewahren einer großen Datei ist abgebrochen
a-large-file-cannot-be-kept-on-disk = Eine große Datei kann nicht auf dem Datenträger aufbewahrt werden
save-it-to-look-at-it-or-leave-it-out-of-what-is-published = Speichern Sie die Datei, um sie anzusehen, oder veröffentlichen Sie sie nicht mit
saving-a-file-broke-off = Das Speichern einer Datei ist abgebrochen
path-is-larger-than-the-2-gb-that-are-saved-of-a-file = `{ $path }` ist größer als die 2 GB, die von einer Datei gespeichert werden
clone-the-repository-or-save-it-at-the-host = Klonen Sie das Repository, oder speichern Sie die Datei beim Host
path-is-larger-than-the-100-mb-that-confluence-takes-of-an-attachment = `{ $path }` ist größer als die 100 MB, die Confluence als Anhang annimmt
leave-it-out = Lassen Sie die Datei weg
path-has-size-bytes-and-is-larger-than-the-25-mb-that-are-read-of-a-file = `{ $path }` hat { $size } Bytes und ist größer als die 25 MB, die von einer Datei gelesen werden
path-is-larger-than-the-25-mb-that-are-read-of-a-file = `{ $path }` ist größer als die 25 MB, die von einer Datei gelesen werden

## hosts/ssh_offer.rs

the-key-key = den Schlüssel { $key }
the-keys-keys = die Schlüssel { $keys }
ssh-offered-keys-and-no-agent-runs = `ssh` hat { $keys } angeboten, und kein Agent läuft
ssh-offered-no-keys-but-those-of-the-agent-at-socket = `ssh` hat nur die Schlüssel des Agenten bei `{ $socket }` angeboten
ssh-offered-keys-and-those-of-the-agent-at-socket = `ssh` hat { $keys } und die des Agenten bei `{ $socket }` angeboten
ssh-has-no-key-to-offer-none-of-its-files-is-there-and-no-agent-runs-ssh-keygen-makes-one = `ssh` hat keinen Schlüssel anzubieten: keine seiner Dateien ist da, und kein Agent läuft. `ssh-keygen` erstellt einen

## http.rs

there-is-no-certificate-for-host-in-the-form-pem = Für `{ $host }` gibt es kein Zertifikat in der Form PEM
the-sign-in-server-s-address-is-none = Die Adresse des Anmeldeservers ist keine
the-script-shown-that-chooses-the-proxy-why = Das Skript `{ $shown }`, das den Proxy auswählt, { $why }
filename-could-not-be-read-to-be-sent = `{ $filename }` konnte zum Senden nicht gelesen werden
media-type-is-not-a-media-type = `{ $media_type }` ist kein Medientyp
the-answer-of-url-ended-too-early = Die Antwort von { $url } endete zu früh
try-again-when-it-stays-look-at-the-proxy-in-between = Versuchen Sie es erneut; bleibt es so, sehen Sie nach dem Proxy dazwischen
check-the-address-the-network-and-the-proxy-then-try-again = Prüfen Sie die Adresse, das Netzwerk und den Proxy, und versuchen Sie es erneut
host-did-not-answer-in-time = { $host } hat nicht rechtzeitig geantwortet
host-could-not-be-reached = { $host } war nicht zu erreichen
host-could-not-be-reached-through-the-proxy-proxy = { $host } war über den Proxy { $proxy } nicht zu erreichen
the-connection-to-host-broke-off = Die Verbindung zu { $host } ist abgebrochen
what-was-sent-cannot-be-kept = Was gesendet wurde, kann nicht aufbewahrt werden
make-room-on-the-disk = Schaffen Sie Platz auf dem Datenträger
the-http-client-could-not-be-set-up = Der HTTP-Client konnte nicht eingerichtet werden
asking-for-the-proxy-broke-off = Die Frage nach dem Proxy ist abgebrochen
waiting-to-send-endpoint-was-cancelled = Das Warten auf das Senden von { $endpoint } wurde abgebrochen
cannot-be-fetched-the-server-says-status = kann nicht abgerufen werden: der Server sagt { $status }
cannot-be-read = ist nicht lesbar
cannot-be-fetched = kann nicht abgerufen werden
is-too-long-to-be-one = ist zu lang für eines

## http/tls.rs

nobody-whom-this-machine-trusts-vouches-for-host = Niemand, dem dieses Gerät vertraut, bürgt für { $host }
the-certificate-of-host-is-not-valid-today = Das Zertifikat von { $host } ist heute nicht gültig
the-certificate-that-answers-for-host-is-another-server-s = Das Zertifikat, das für { $host } antwortet, gehört einem anderen Server
the-certificate-of-host-is-not-accepted = Das Zertifikat von { $host } wird nicht angenommen
host-wants-to-be-shown-a-certificate-that-it-knows = { $host } will ein Zertifikat sehen, das es kennt
what-answers-at-host-does-not-speak-tls = Was bei { $host } antwortet, spricht kein TLS
if-your-company-vouches-for-it-get-its-certificate-in-pem-and-add-the-file-under-settings-network-otherwise-somebody-may-be-listening-in = Wenn Ihre Firma dafür bürgt, besorgen Sie ihr Zertifikat als PEM und fügen Sie die Datei unter Einstellungen, Netzwerk hinzu; sonst hört vielleicht jemand mit
look-at-this-machine-s-clock-if-it-is-right-tell-whoever-runs-the-server = Prüfen Sie die Uhr dieses Geräts; geht sie richtig, sagen Sie es dem Betreiber des Servers
look-at-the-address-if-it-is-right-tell-whoever-runs-the-server = Prüfen Sie die Adresse; ist sie richtig, sagen Sie es dem Betreiber des Servers
give-the-certificate-that-you-got-for-it-under-settings-network = Geben Sie das Zertifikat, das Sie dafür bekommen haben, unter Einstellungen, Netzwerk an
look-at-the-address-and-its-port-it-may-begin-with-http = Prüfen Sie die Adresse und ihren Port; vielleicht beginnt sie mit `http://`

## network.rs

that-is-not-the-address-of-a-script-that-chooses-the-proxy = Das ist nicht die Adresse eines Skripts, das den Proxy auswählt
give-it-like-http-pac-example-com-proxy-pac-or-the-whole-path-of-a-file = Geben Sie sie wie `http://pac.example.com/proxy.pac` an, oder den ganzen Pfad einer Datei
that-is-not-the-address-of-a-proxy = Das ist nicht die Adresse eines Proxys
give-it-like-http-proxy-example-com-8080-https-works-too = Geben Sie sie wie `http://proxy.example.com:8080` an; `https` geht auch
the-address-of-the-proxy-has-a-user-or-a-password-in-it = Die Adresse des Proxys enthält einen Benutzer oder ein Passwort
give-the-user-and-the-password-in-their-own-fields = Geben Sie Benutzer und Passwort in ihren eigenen Feldern an
the-proxy-cannot-be-used = Der Proxy kann nicht verwendet werden
an-authority-cannot-be-used = Eine Zertifizierungsstelle kann nicht verwendet werden
that-is-not-the-name-of-a-host = Das ist nicht der Name eines Hosts
give-it-like-wiki-example-com-or-wiki-example-com-8443 = Geben Sie ihn wie `wiki.example.com` oder `wiki.example.com:8443` an
the-certificate-file-file-why = Die Zertifikatsdatei `{ $file }` { $why }
give-a-file-in-pem-it-has-lines-that-say-begin-certificate = Geben Sie eine Datei in der Form PEM an: In ihren Zeilen steht BEGIN CERTIFICATE
what-is-not-kept-on-this-machine = { $what } ist auf diesem Gerät nicht aufbewahrt
give-it-once-under-settings-network = Geben Sie es einmal unter Einstellungen, Netzwerk an
is-not-there = ist nicht da
is-damaged = ist beschädigt
holds-no-certificate = enthält kein Zertifikat
the-password-for-the-proxy-proxy = Das Passwort für den Proxy `{ $proxy }`
the-certificate-that-host-is-shown = Das Zertifikat, das `{ $host }` gezeigt wird,

## network/identity.rs

the-client-certificate-that-is-kept-is-damaged = Das aufbewahrte Client-Zertifikat ist beschädigt
give-it-once-more-under-settings-network = Geben Sie es noch einmal unter Einstellungen, Netzwerk an
the-client-certificate-cannot-be-used = Das Client-Zertifikat kann nicht verwendet werden
the-client-certificate-cannot-be-used-why = Das Client-Zertifikat kann nicht verwendet werden: { $why }
give-the-passphrase-too = Geben Sie auch die Passphrase an
there-is-no-file-file = Es gibt keine Datei `{ $file }`
the-certificate-cannot-be-written-down = Das Zertifikat kann nicht aufgeschrieben werden
there-is-no-certificate-in-it = Es ist kein Zertifikat darin
the-certificate-in-it-is-damaged = Das Zertifikat darin ist beschädigt
the-key-in-it-is-not-the-certificate-s-or-of-a-kind-that-is-not-known = Der Schlüssel darin gehört nicht zum Zertifikat oder ist von unbekannter Art
it-is-damaged-or-that-is-not-its-passphrase = es ist beschädigt, oder das ist nicht seine Passphrase
it-is-behind-a-passphrase = es ist durch eine Passphrase geschützt
there-is-no-key-in-it = es ist kein Schlüssel darin
its-key-is-damaged = sein Schlüssel ist beschädigt
it-is-damaged = es ist beschädigt

## network/ways.rs

as-the-script-script-says = wie es das Skript `{ $script }` sagt
as-the-desktop-s-settings-say = wie es die Einstellungen des Desktops sagen
open-its-address-in-a-browser-tell-whoever-looks-after-it-or-name-the-proxy-under-settings-network = Öffnen Sie seine Adresse in einem Browser, sagen Sie es dem, der sich darum kümmert, oder nennen Sie den Proxy unter Einstellungen, Netzwerk
the-script-address-that-chooses-the-proxy-fails-fault = Das Skript `{ $address }`, das den Proxy auswählt, scheitert: { $fault }

## opening.rs

a-link-that-should-open-something-was-turned-away-why = Ein Link, der etwas öffnen sollte, wurde abgewiesen: { $why }
if-you-wanted-to-open-it-ask-whoever-made-the-link-otherwise-nothing-has-to-be-done = Wenn Sie ihn öffnen wollten, fragen Sie, wer den Link erstellt hat; sonst ist nichts zu tun
it-is-too-long = er ist zu lang
it-has-hidden-signs = er enthält verborgene Zeichen
it-is-no-link = es ist kein Link
it-is-of-no-kind-that-is-known = er ist von keiner bekannten Art
it-says-something-that-is-not-known = er sagt etwas, das nicht bekannt ist
it-has-nothing-or-hidden-signs-where-a-name-should-be = wo ein Name sein sollte, hat er nichts oder verborgene Zeichen
it-says-one-thing-twice = er sagt etwas doppelt
its-host-is-none = sein Host ist keiner
its-repository-or-path-is-none = sein Repository oder Pfad ist keiner
its-branch-or-commit-is-none = sein Branch oder Commit ist keiner
its-lines-are-none = seine Zeilen sind keine
its-site-is-none = seine Site ist keine
it-does-not-say-what-is-to-be-opened = er sagt nicht, was zu öffnen ist

## preview/document.rs

what-cannot-be-shown-failure = { $what } kann nicht angezeigt werden: { $failure }
save-the-file-and-open-it-in-a-pdf-viewer = Speichern Sie die Datei und öffnen Sie sie in einem PDF-Programm
page-page = Seite { $page }
this-pdf = Dieses PDF

## preview/elsewhere.rs

host-took-too-long-to-answer = `{ $host }` hat zu lange für eine Antwort gebraucht
host-has-no-such-picture-status-status = `{ $host }` hat kein solches Bild (Status { $status })
what-host-sent-is-no-picture-or-too-large = Was `{ $host }` gesendet hat, ist kein Bild oder zu groß
the-address-of-the-picture-is-none-of-the-web = Die Adresse des Bildes ist keine des Webs

## preview/viewer.rs

bytes-that-are-not-valid-utf-8-are-shown-as-sign = Bytes, die kein gültiges UTF-8 sind, sind als { $sign } zu sehen

## publish/apply.rs

the-plan-is-not-the-one-that-was-shown = Der Plan ist nicht der, der angezeigt wurde
look-at-the-new-plan-and-publish-again = Sehen Sie den neuen Plan an und veröffentlichen Sie erneut
writing-the-audit-log-broke-off = Das Schreiben des Audit-Protokolls ist abgebrochen
publishing-stopped-before-reason = die Veröffentlichung endete vorher: { $reason }
publishing-was-cancelled-before = die Veröffentlichung wurde vorher abgebrochen
the-page-above-it-was-not-published = die Seite darüber wurde nicht veröffentlicht
which-pages-were-made-could-not-be-noted-why = Welche Seiten entstanden sind, ließ sich nicht vermerken: { $why }
what-was-written-could-not-be-read-again-why = Das Geschriebene ließ sich nicht wieder lesen: { $why }

## publish/assets.rs

path-cannot-be-read = `{ $path }` ist nicht lesbar
it-is-in-git-lfs-and-was-not-fetched = es ist in Git LFS und wurde nicht abgerufen
git-lfs-pull-fetches-it = `git lfs pull` ruft es ab
reading-path-broke-off = Das Lesen von `{ $path }` ist abgebrochen
drawing-a-picture-of-path-broke-off = Das Zeichnen eines Bildes von `{ $path }` ist abgebrochen
a-picture-in-path-cannot-be-read-again = Ein Bild in `{ $path }` kann nicht erneut gelesen werden
path-is-sent-by-a-plan-without-files = `{ $path }` würde von einem Plan ohne Dateien gesendet
path-changed-while-it-was-being-published = `{ $path }` hat sich während der Veröffentlichung geändert
publish-again = Veröffentlichen Sie erneut
path-has-megabytes-mb-confluence-takes-attachments-of-at-most-100-mb = `{ $path }` hat { $megabytes } MB; Confluence nimmt Anhänge bis 100 MB
path-could-not-be-read-why = `{ $path }` ist nicht lesbar: { $why }

## publish/drawings.rs

a-noun-that-was-drawn-before-cannot-be-drawn-again = Ein Bild ({ $noun }), das schon gezeichnet war, kann nicht erneut gezeichnet werden

## publish/effects.rs

another-publisher-made-title-in-the-meantime = Jemand anders hat `{ $title }` inzwischen veröffentlicht
publish-again-what-the-other-one-did-is-kept = Veröffentlichen Sie noch einmal; was dabei entstanden ist, bleibt erhalten
title-stays-what = `{ $title }` bleibt: { $what }
take-the-publish-back-again-the-plan-will-show-what-changed = Nehmen Sie die Veröffentlichung erneut zurück; der Plan zeigt dann, was sich geändert hat
publish-again-the-plan-will-show-what-changed = Veröffentlichen Sie erneut; der Plan zeigt dann, was sich geändert hat
the-folder-title-cannot-be-moved-to-the-top-of-the-space = Der Ordner `{ $title }` kann nicht an den Anfang des Bereichs verschoben werden
move-it-in-confluence-or-publish-under-a-page = Verschieben Sie ihn in Confluence, oder veröffentlichen Sie unterhalb einer Seite
title-could-not-be-restricted = `{ $title }` konnte nicht beschränkt werden
the-page-that-title-was-to-be-made-below-is-not-there-any-more = Die Seite, unter der `{ $title }` entstehen sollte, ist nicht mehr da
the-plan-for-title-names-no-page = Der Plan für `{ $title }` nennt keine Seite
somebody-put-something-into-it-meanwhile = jemand hat inzwischen etwas hineingelegt
somebody-changed-it-meanwhile = jemand hat sie inzwischen geändert
somebody-put-a-page-below-it-meanwhile = jemand hat inzwischen eine Seite darunter angelegt
its-source-path-is-gone = ihre Quelle `{ $path }` gibt es nicht mehr
merged-with-what-somebody-wrote-in-confluence = zusammengeführt mit dem, was jemand in Confluence geschrieben hat
the-link-to-title-is-only-its-text-because-that-page-was-not-made-publish-again = Der Link zu `{ $title }` ist nur Text, weil jene Seite nicht entstanden ist. Veröffentlichen Sie erneut
somebody-had-put-a-file-of-their-own-in-the-place-of-filename-on-the-page-it-is-the-source-s-now-and-theirs-is-among-the-versions-of-the-attachment = Jemand hatte auf der Seite `{ $filename }` durch eine eigene Datei ersetzt; jetzt ist es die der Quelle, und die andere steht unter den Versionen des Anhangs
the-publish-that-put-it-there-was-taken-back = die Veröffentlichung, durch die sie dort war, wurde zurückgenommen
its-source-is-gone = ihre Quelle gibt es nicht mehr

## publish/effects/attachments.rs

shown-could-not-be-attached = `{ $shown }` konnte nicht angehängt werden
somebody-put-a-file-of-their-own-in-the-place-of-filename-on-the-page-title = jemand hat auf der Seite `{ $title }` eine eigene Datei an die Stelle von `{ $filename }` gesetzt
the-earlier-version-of-filename-did-not-come-whole = Die frühere Version von `{ $filename }` ist nicht vollständig angekommen
take-the-publish-back-again-when-it-stays-look-at-the-proxy-in-between = Nehmen Sie die Veröffentlichung noch einmal zurück; bleibt es so, sehen Sie nach dem Proxy dazwischen
take-theirs-over-into-the-repository-or-publish-with-conflicts-set-to-overwrite = Übernehmen Sie jene ins Repository, oder veröffentlichen Sie so, dass Konflikte überschrieben werden

## publish/effects/restoring.rs
somebody-changed-title-meanwhile = Jemand hat inzwischen `{ $title }` geändert
title-is-not-in-the-trash-of-the-space-any-more = `{ $title }` ist nicht mehr im Papierkorb des Bereichs

## publish/fresh.rs

title-what-since-the-plan-was-made = `{ $title }` { $what }, seit der Plan erstellt wurde
was-changed-in-confluence-version-version = wurde in Confluence geändert (Version { $version })
was-taken-away = wurde entfernt

## publish/gather.rs

the-inline-comment-on-shown-stays-with-the-page-but-loses-its-place-these-words-are-no-longer-there-or-not-where-it-can-be-told-which-of-them-are-meant = der Kommentar im Text zu `{ $shown }` bleibt an der Seite, verliert aber seine Stelle: diese Worte gibt es nicht mehr, oder es lässt sich nicht sagen, welche davon gemeint sind
a-text-that-was-put-into-a-temporary-file-could-not-be-read-again = Ein Text, der in eine temporäre Datei gelegt wurde, konnte nicht wieder gelesen werden
look-after-the-disk-of-the-folder-for-temporary-files-and-publish-again = Sehen Sie nach dem Datenträger des Ordners für temporäre Dateien und veröffentlichen Sie erneut
the-message-of-versions-has-letters-letters-and-may-have-most = Die Nachricht der Versionen hat { $letters } Zeichen und darf { $most } haben
give-a-shorter-message-it-is-only-the-first-words-before-the-file-and-its-commit = Geben Sie eine kürzere Nachricht an: Sie steht nur am Anfang, vor der Datei und ihrem Commit
planning-broke-off = Das Planen ist abgebrochen
site-is-data-center-which-takes-no-pages-in-the-atlassian-document-format = `{ $site }` ist Data Center, das keine Seiten im Atlassian Document Format annimmt
take-format-adf-out-of-the-repository-s-tributary-toml-or-choose-a-site-of-cloud = Nehmen Sie `format = "adf"` aus der `.tributary.toml` des Repositorys, oder wählen Sie eine Site der Cloud
you-may-not-create-pages-in-the-space-key-of-site = Sie dürfen im Bereich `{ $key }` von `{ $site }` keine Seiten erstellen
ask-the-space-s-administrator-for-the-right-to-add-pages-or-choose-another-space = Bitten Sie den Administrator des Bereichs um das Recht, Seiten hinzuzufügen, oder wählen Sie einen anderen Bereich
the-space-key-has-no-page-named-to-publish-under = Der Bereich `{ $key }` hat keine Seite `{ $named }`, unter der veröffentlicht werden kann
give-the-parent-s-title-id-or-address-as-confluence-shows-it-or-leave-it-out-a-folder-by-its-id-or-address = Geben Sie Titel, Kennung oder Adresse der übergeordneten Seite an, wie Confluence sie zeigt, oder lassen Sie sie weg; einen Ordner durch seine Kennung oder Adresse
reading-the-files-broke-off = Das Lesen der Dateien ist abgebrochen
nothing-to-publish-was-named = Es ist nichts zum Veröffentlichen genannt
name-a-folder-or-file = Nennen Sie einen Ordner oder eine Datei
the-title-title-is-given-and-no-lines-of-a-file-to-be-called-so = Der Titel `{ $title }` ist angegeben, aber keine Zeilen einer Datei, die so heißen sollen
set-the-title-in-the-front-matter-of-a-file-or-name-lines-path-l10-l20 = Setzen Sie den Titel im Front Matter einer Datei, oder nennen Sie Zeilen: `PATH#L10-L20`
path-is-not-in-the-repository-root = `{ $path }` ist nicht im Repository `{ $root }`
publish-each-repository-on-its-own = Veröffentlichen Sie jedes Repository für sich
pattern-is-not-a-file-pattern = `{ $pattern }` ist kein Dateimuster
patterns-are-written-as-in-gitignore = Muster werden wie in `.gitignore` geschrieben
the-file-patterns-cannot-be-used-together = Die Dateimuster können nicht zusammen verwendet werden
path-is-a-symbolic-link-that-leaves-the-repository-it-is-not-followed = `{ $path }` ist ein symbolischer Link, der aus dem Repository hinausführt; ihm wird nicht gefolgt

## publish/gather/others.rs

reading-the-history-broke-off = Das Lesen des Verlaufs ist abgebrochen

## publish/gather/restricted.rs

these-are-among-those-who-may-read-the-page-and-its-source-does-not-name-them-names-they-are-taken-off-name-them-in-its-restrictions-if-they-are-to-read-it = Diese dürfen die Seite ansehen, und ihre Quelle nennt sie nicht: { $names }. Sie werden entfernt; nennen Sie sie unter `restrictions`, wenn sie die Seite weiter ansehen sollen
these-are-among-those-who-may-edit-the-page-and-its-source-does-not-name-them-names-they-are-taken-off-name-them-in-its-restrictions-if-they-are-to-edit-it = Diese dürfen die Seite bearbeiten, und ihre Quelle nennt sie nicht: { $names }. Sie werden entfernt; nennen Sie sie unter `restrictions`, wenn sie die Seite weiter bearbeiten sollen

## publish/mod.rs

cancelled-before-anything-was-written = Abgebrochen, bevor etwas geschrieben wurde

## publish/past.rs

the-report-of-this-publish-is-not-kept-any-more = Der Bericht dieser Veröffentlichung ist nicht mehr vorhanden
compare-the-versions-of-its-pages-in-confluence-and-restore-them-there = Vergleichen Sie die Versionen ihrer Seiten in Confluence und stellen Sie sie dort wieder her
the-list-of-reports-cannot-be-written = Die Liste der Berichte kann nicht geschrieben werden

## publish/pinned.rs

there-is-no-path = `{ $path }` gibt es nicht
repository-is-not-listed-in-whole-why = `{ $repository }` ist nicht ganz aufgelistet: { $why }
publish-from-a-clone = Veröffentlichen Sie aus einem Klon
there-is-no-named-in-repository-at-the-commit-commit = `{ $named }` gibt es in `{ $repository }` im Commit `{ $commit }` nicht
name-files-and-folders-relative-to-the-repository-s-root = Nennen Sie Dateien und Ordner vom Anfang des Repositorys an
reading-the-documents-broke-off = Das Lesen der Dokumente ist abgebrochen
drawing-the-diagrams-broke-off = Das Zeichnen der Diagramme ist abgebrochen
try-again-later = Versuchen Sie es später erneut
it-cannot-be-opened = die Datei kann nicht geöffnet werden
the-name-path-is-not-valid-utf-8-rename-the-file = Der Name `{ $path }` ist kein gültiges UTF-8; benennen Sie die Datei um
the-host-does-not-tell-the-name-path-which-is-not-valid-utf-8-rename-the-file = Der Host nennt den Namen `{ $path }` nicht, der kein gültiges UTF-8 ist; benennen Sie die Datei um
path-is-another-repository-a-submodule-it-is-not-read = `{ $path }` ist ein anderes Repository (ein Submodul) und wird nicht gelesen
path-is-a-symbolic-link-to-a-folder-it-is-in-it-is-not-followed = `{ $path }` ist ein symbolischer Link auf einen Ordner, in dem er selbst liegt; ihm wird nicht gefolgt
path-is-a-symbolic-link-to-written-which-is-not-there = `{ $path }` ist ein symbolischer Link auf `{ $written }`, das es nicht gibt
path-is-a-symbolic-link-to-written-outside-the-repository-it-is-not-followed = `{ $path }` ist ein symbolischer Link auf `{ $written }` außerhalb des Repositorys; ihm wird nicht gefolgt
path-is-a-symbolic-link-that-leads-back-to-itself = `{ $path }` ist ein symbolischer Link, der auf sich selbst zurückführt

## publish/pull.rs

root-keeps-its-branches-in-a-reftable-which-is-not-written-to-here = `{ $root }` hat seine Branches in einer `reftable`, in die hier nicht geschrieben wird
take-the-edit-as-a-patch-git-refs-migrate-ref-format-files-turns-tables-into-files = Übernehmen Sie die Änderung als Patch; `git refs migrate --ref-format=files` macht aus Tabellen Dateien
root-could-not-be-written-to = In `{ $root }` konnte nicht geschrieben werden
make-a-commit-first-or-take-the-edit-as-a-patch = Machen Sie zuerst einen Commit, oder übernehmen Sie die Änderung als Patch
choose-another-name = Wählen Sie einen anderen Namen
choose-another-name-or-delete-the-branch = Wählen Sie einen anderen Namen, oder löschen Sie den Branch
set-user-name-and-user-email-with-git-config = Setzen Sie `user.name` und `user.email` mit `git config`
commit-them-first-or-take-the-edit-as-a-patch = Machen Sie zuerst einen Commit davon, oder übernehmen Sie die Änderung als Patch
root-has-no-commit = `{ $root }` hat keinen Commit
branch-cannot-be-a-branch-s-name = `{ $branch }` kann nicht der Name eines Branches sein
the-branch-branch-is-there-already = Den Branch `{ $branch }` gibt es schon
path-has-changes-that-are-not-committed = `{ $path }` hat Änderungen, die nicht committet sind
git-does-not-know-who-you-are = Git weiß nicht, wer Sie sind
only-markdown-takes-an-edit-back = nur Markdown nimmt eine Änderung zurück
it-is-a-symbolic-link-take-the-edit-into-the-file-that-it-leads-to = sie ist ein symbolischer Link. Übernehmen Sie die Änderung in die Datei, auf die er verweist
it-is-not-utf-8-text = sie ist kein UTF-8-Text
the-edit-is-in-what-markdown-has-no-words-for = die Änderung betrifft, wofür Markdown keine Worte hat

## publish/renamed.rs

pages-such-as-title-were-published-from-another-folder-that-is-called-name-too-and-would-be-written-over = Seiten wie `{ $title }` wurden aus einem anderen Ordner veröffentlicht, der auch `{ $name }` heißt, und würden überschrieben
if-it-is-the-same-folder-in-another-place-write-name-name-below-repository-into-its-tributary-toml-which-goes-with-it-if-it-is-another-one-give-it-another-name-there = Ist es derselbe Ordner an einem anderen Ort, schreiben Sie `name = "{ $name }"` unter `[repository]` in seine `.tributary.toml`, die mit ihm umzieht. Ist es ein anderer, geben Sie ihm dort einen anderen Namen
name-is-what-the-repository-was-called-formerly-by-its-tributary-toml-and-it-is-read-by-that-name-still = So, `{ $name }`, hieß das Repository laut seiner `.tributary.toml` früher, und unter diesem Namen wird es noch gelesen
there-of-the-new-pages-that-repository-would-make-are-there-already-published-from-the-same-paths-of-whose = { $there } der { $new } Seiten, die `{ $repository }` erstellen würde, gibt es schon, veröffentlicht aus denselben Pfaden von { $whose }
if-that-is-what-the-repository-was-called-write-formerly-formerly-below-repository-into-its-tributary-toml-and-it-keeps-its-pages-if-it-is-another-one-write-formerly = Hieß das Repository so, schreiben Sie `formerly = { $formerly }` unter `[repository]` in seine `.tributary.toml`, und es behält seine Seiten. Ist es ein anderes, schreiben Sie `formerly = []`

## publish/repeat.rs

text-is-no-length-of-time-of-a-second-or-more = `{ $text }` ist keine Dauer von mindestens einer Sekunde
write-it-as-15m-2h-or-1h-30m = Schreiben Sie sie als `15m`, `2h` oder `1h 30m`
text-is-no-time-of-the-day = `{ $text }` ist keine Uhrzeit
write-it-as-06-30-or-18-00 = Schreiben Sie sie als `06:30` oder `18:00`

## publish/targets.rs

tributary-toml-has-no-target-name = `.tributary.toml` hat kein Ziel `{ $name }`
add-it-below-targets-or-choose-where-to-publish-yourself = Fügen Sie es unter `[[targets]]` hinzu, oder wählen Sie selbst, wohin veröffentlicht wird
known-targets-names = Bekannte Ziele: { $names }
the-targets-one-and-other-publish-the-same-files-to-the-same-space-site-space-space = Die Ziele `{ $one }` und `{ $other }` veröffentlichen dieselben Dateien in denselben Bereich ({ $site }Bereich `{ $space }`)
give-each-a-space-or-paths-of-its-own-in-tributary-toml-or-plan-one-of-them = Geben Sie jedem in `.tributary.toml` einen eigenen Bereich oder eigene `paths`, oder planen Sie nur eines

## publish/undo.rs

the-file-is-no-report-of-a-publish-what = Die Datei ist kein Bericht einer Veröffentlichung: { $what }
name-the-report-of-a-publish = Nennen Sie den Bericht einer Veröffentlichung
its-schema-is-not-tributary-report-1 = ihr Schema ist nicht `tributary.report/1`
it-lacks-its-site-space-or-outcomes = ihr fehlen Site, Bereich oder Ergebnisse
somebody-moved-it-since = jemand hat sie seitdem verschoben
it-was-at-the-top-of-the-space-and-can-only-be-put-below-a-page = sie stand auf der obersten Ebene des Bereichs und kann nur unter eine Seite gestellt werden
the-page-that-it-was-below-is-not-there-any-more = die Seite, unter der sie stand, gibt es nicht mehr
files-that-were-sent-with-the-page-stay-as-they-are = Dateien, die mit der Seite gesendet wurden, bleiben, wie sie sind
files-that-the-page-did-not-have-before-stay-on-it = Dateien, die die Seite vorher nicht hatte, bleiben an ihr
the-property-key-stays-somebody-set-it-since = Die Eigenschaft `{ $key }` bleibt: Jemand hat sie seitdem gesetzt
where-the-page-stands-among-those-beside-it-stays-it-had-no-number-before = Wo die Seite unter denen daneben steht, bleibt: Sie hatte vorher keine Nummer
the-page-stays-where-it-is-why = Die Seite bleibt, wo sie ist: { $why }
where-the-page-stands-among-those-beside-it-stays-as-the-publish-set-it = Wo die Seite unter denen daneben steht, bleibt, wie die Veröffentlichung es gesetzt hat
labels-that-the-publish-put-on-the-page-or-took-off-it-stay-as-they-are = Stichwörter, die die Veröffentlichung gesetzt oder entfernt hat, bleiben, wie sie sind
content-properties-stay-as-the-publish-set-them = Inhaltseigenschaften bleiben, wie die Veröffentlichung sie gesetzt hat
the-page-stays-where-the-publish-moved-it = Die Seite bleibt, wohin die Veröffentlichung sie verschoben hat
the-report-does-not-say-where-it-was-before-move-it-back-in-confluence = Der Bericht sagt nicht, wo sie vorher war. Verschieben Sie sie in Confluence zurück
the-page-is-not-there-any-more = die Seite gibt es nicht mehr
the-page-was-changed-since-compare-the-versions-in-its-history-and-restore-one-there = Die Seite wurde seitdem geändert. Vergleichen Sie die Versionen in ihrem Verlauf, und stellen Sie dort eine wieder her
the-version-that-was-replaced-is-not-there-any-more = die Version, die ersetzt wurde, gibt es nicht mehr
it-was-archived-restore-it-in-confluence = Sie wurde archiviert. Stellen Sie sie in Confluence wieder her
it-could-not-be-read-why-take-the-publish-back-again-which-leaves-what-went-back = sie konnte nicht gelesen werden: { $why }. Nehmen Sie die Veröffentlichung noch einmal zurück; was schon zurückgenommen ist, bleibt dabei, wie es ist

## publish/undo/access.rs

who-may-read-and-edit-the-page-stays-as-the-publish-set-it = Wer die Seite lesen und bearbeiten darf, bleibt, wie die Veröffentlichung es gesetzt hat
who-may-read-or-edit-the-page-stays-somebody-changed-it-since = Wer die Seite lesen oder bearbeiten darf, bleibt: Jemand hat es seitdem geändert
who-may-read-the-page-stays-as-the-publish-set-it-what-it-wrote-for-fewer-people-is-in-the-page-s-history = Wer die Seite lesen darf, bleibt, wie die Veröffentlichung es gesetzt hat: Was sie für weniger Personen geschrieben hat, steht im Verlauf der Seite

## publish/undo/files.rs

it-is-not-on-the-page-any-more = sie ist nicht mehr an der Seite
somebody-put-another-in-its-place-since = jemand hat seitdem eine andere an ihre Stelle gesetzt
the-file-name-stays-why = Die Datei `{ $name }` bleibt: { $why }
the-version-that-comes-back-shows-it = die Version, die wiederkommt, zeigt sie
it-has-versions-beside-the-one-that-was-sent = sie hat noch andere Versionen als die, die gesendet wurde
the-account-was-not-allowed-to-put-anything-into-the-trash-sign-in-for-that-too-before-you-take-the-publish-back = das Konto darf nichts in den Papierkorb legen. Melden Sie sich auch dafür an, bevor Sie die Veröffentlichung zurücknehmen
the-file-name-goes-to-the-trash-the-page-did-not-have-it-before = Die Datei `{ $name }` kommt in den Papierkorb: Die Seite hatte sie vorher nicht
the-file-name-is-in-the-trash-since-the-publish-was-taken-back-and-is-sent-again-by-the-next-publish-of-the-page-s-source = Die Datei `{ $name }` ist im Papierkorb, seit die Veröffentlichung zurückgenommen wurde, und wird gesendet, wenn die Quelle der Seite das nächste Mal veröffentlicht wird
the-file-name-is-on-the-page-still-which-did-not-have-it-before-an-earlier-try-to-take-the-publish-back-left-it-there-take-it-away-in-confluence-where-the-page-does-not-show-it = Die Datei `{ $name }` ist noch an der Seite, die sie vorher nicht hatte: Ein früherer Versuch, die Veröffentlichung zurückzunehmen, hat sie dort gelassen. Entfernen Sie sie in Confluence, wenn die Seite sie nicht zeigt

## publish/undo/staying.rs

another-page-of-the-space-has-the-title-by-now-that-it-had-title-give-that-page-another-title-and-take-the-publish-back-again = eine andere Seite des Bereichs hat inzwischen den Titel, den sie hatte: `{ $title }`. Geben Sie jener Seite einen anderen Titel, und nehmen Sie die Veröffentlichung noch einmal zurück
the-page-title-is-below-it-and-stays-move-that-page-elsewhere-and-take-the-publish-back-again = die Seite `{ $title }` steht darunter und bleibt. Verschieben Sie jene Seite, und nehmen Sie die Veröffentlichung noch einmal zurück

## publish/undo/trashed.rs
somebody-changed-it-after-it-was-put-into-the-trash-look-at-it-in-confluence-and-restore-it-from-the-trash-of-the-space-if-it-is-still-there = jemand hat sie geändert, nachdem sie in den Papierkorb kam. Sehen Sie sie in Confluence an, und stellen Sie sie aus dem Papierkorb des Bereichs wieder her, falls sie noch dort ist
it-is-a-folder-and-only-confluence-itself-can-restore-folders-restore-it-from-the-trash-of-the-space = es ist ein Ordner, und nur Confluence selbst kann Ordner wiederherstellen. Stellen Sie ihn aus dem Papierkorb des Bereichs wieder her
it-is-not-in-the-trash-of-the-space-any-more-publish-its-source-again-which-makes-another-page = sie ist nicht mehr im Papierkorb des Bereichs. Veröffentlichen Sie ihre Quelle noch einmal, daraus entsteht eine andere Seite
another-page-of-the-space-has-its-title-by-now-give-that-page-another-title-and-take-the-publish-back-again = eine andere Seite des Bereichs hat inzwischen ihren Titel. Geben Sie jener einen anderen Titel, und nehmen Sie die Veröffentlichung noch einmal zurück
the-report-does-not-say-where-it-was = der Bericht sagt nicht, wo sie war
confluence-decides-where-the-page-is-then-why = Wo die Seite dann ist, entscheidet Confluence: { $why }

## publish/watch.rs

root-cannot-be-watched-for-changes = `{ $root }` kann nicht auf Änderungen überwacht werden
on-linux-raise-fs-inotify-max-user-watches-or-publish-without-watching-for-example-from-a-commit-hook = Erhöhen Sie unter Linux `fs.inotify.max_user_watches`; oder veröffentlichen Sie ohne Überwachung, zum Beispiel aus einem Commit-Hook

## repository.rs

the-branches-of-the-git-repository-at-path-cannot-be-read = Die Branches des Git-Repositorys in `{ $path }` sind nicht lesbar
check-it-with-git-refs-verify-git-refs-migrate-ref-format-files-turns-tables-into-files = Prüfen Sie sie mit `git refs verify`; `git refs migrate --ref-format=files` macht aus Tabellen Dateien
the-git-repository-of-path-cannot-be-opened = Das Git-Repository von `{ $path }` kann nicht geöffnet werden
check-it-with-git-status-or-publish-a-copy-without-its-git-folder = Prüfen Sie es mit `git status`, oder veröffentlichen Sie eine Kopie ohne den Ordner `.git`
path-has-size-bytes-at-most-limit-are-read = `{ $path }` hat { $size } Byte; höchstens { $limit } werden gelesen
make-the-file-smaller-or-leave-it-out = Verkleinern Sie die Datei, oder lassen Sie sie weg
path-is-what = `{ $path }` ist { $what }
path-is-not-inside-the-repository = `{ $path }` ist nicht im Repository
name-files-relative-to-the-repository-s-root-links-that-leave-it-are-not-followed = Nennen Sie Dateien vom Anfang des Repositorys an; Links, die hinausführen, wird nicht gefolgt
path-is-a-bare-repository-without-files-to-read = `{ $path }` ist ein Bare-Repository, ohne lesbare Dateien
check-it-out-with-git-clone-or-git-worktree-add-and-name-that-folder = Checken Sie es mit `git clone` oder `git worktree add` aus und nennen Sie diesen Ordner
path-cannot-be-opened = `{ $path }` kann nicht geöffnet werden
path-could-not-be-read = `{ $path }` konnte nicht gelesen werden
not-an-ordinary-file = keine gewöhnliche Datei

## repository/entries.rs

below-is-not-a-folder-of-the-repository = `{ $below }` ist kein Ordner des Repositorys
name-it-relative-to-the-repository-s-root = Nennen Sie ihn vom Anfang des Repositorys an
path-cannot-be-read-error = `{ $path }` ist nicht lesbar: { $error }
path-is-more-than-deepest-folders-deep = `{ $path }` liegt mehr als { $deepest } Ordner tief
path-is-neither-a-file-nor-a-folder-devices-sockets-and-pipes-are-not-read = `{ $path }` ist weder Datei noch Ordner; Geräte, Sockets und Pipes werden nicht gelesen
path-is-a-symbolic-link-to-written-which-cannot-be-opened-error = `{ $path }` ist ein symbolischer Link auf `{ $written }`, das sich nicht öffnen lässt: { $error }
path-is-a-symbolic-link-to-written-which-is-not-a-file = `{ $path }` ist ein symbolischer Link auf `{ $written }`, das keine Datei ist

## settings.rs

that-is-not-the-address-of-a-server-of-diagrams = Das ist nicht die Adresse eines Servers für Diagramme
give-it-like-https-kroki-example-com-without-a-user = Geben Sie sie an wie `https://kroki.example.com`, ohne Benutzer

## settings/document.rs

correct-the-line-text-values-stand-in-double-quotes = Berichtigen Sie die Zeile; Textwerte stehen in doppelten Anführungszeichen
did-you-mean-full-name = Meinten Sie `{ $full_name }`?
known-keys-known = Bekannte Schlüssel: { $known }
file-lacks-full-name = In `{ $file }` fehlt `{ $full_name }`
add-the-key-or-remove-its-table = Fügen Sie den Schlüssel hinzu, oder entfernen Sie seine Tabelle
names-begin-with-a-letter-and-have-letters-digits-and-those-that-begin-with-source-have-a-meaning-already = Namen beginnen mit einem Buchstaben und bestehen aus Buchstaben, Ziffern, `_`, `-` und `.`; solche, die mit `source.` beginnen, haben schon eine Bedeutung
remove-the-line-and-sign-in-instead-a-token-that-was-committed-must-be-revoked = Entfernen Sie die Zeile und melden Sie sich stattdessen an; ein Token, das committet wurde, muss widerrufen werden
correct-the-line = Berichtigen Sie die Zeile
is-not-toml-why = ist kein TOML: { $why }
file-line-line-column-column-what = `{ $file }` Zeile { $line } Spalte { $column } { $what }
has-the-key-key-which-is-not-known = hat den Schlüssel `{ $key }`, der nicht bekannt ist
has-the-key-key = hat den Schlüssel `{ $key }`
has-the-name-name = hat den Namen `{ $name }`
has-the-key-key-secrets-are-never-kept-in-files = hat den Schlüssel `{ $key }`; Geheimnisse werden nie in Dateien aufbewahrt
must-be-a-whole-number-from-least-to-most = muss eine ganze Zahl von { $least } bis { $most } sein
is-text-and-must-be-one-of-words = ist "{ $text }" und muss eines von { $words } sein
sets-key-which-what = setzt `{ $key }`; der Wert { $what }
must-be-text-in-double-quotes = muss Text in doppelten Anführungszeichen sein
must-be-an-address-such-as-https-acme-atlassian-net-wiki = muss eine Adresse wie "https://acme.atlassian.net/wiki" sein
must-be-true-or-false = muss true oder false sein
must-be-a-list-of-texts-such-as-docs = muss eine Liste von Texten sein, etwa ["docs/**"]
must-be-a-list-of-tables = muss eine Liste von Tabellen sein
must-be-a-table = muss eine Tabelle sein

## settings/layers.rs

error-origin = { $error } ({ $origin })
auth-is-basic-origin-and-no-user-is-named = `auth` ist `basic` ({ $origin }), und kein Benutzer ist genannt
add-user-email-or-set-tributary-user = Fügen Sie `--user EMAIL` hinzu, oder setzen Sie `TRIBUTARY_USER`
name-is-text-and-must-be-must = `{ $name }` ist `{ $text }` und muss Folgendes sein: { $must }
correct-name-or-unset-it = Berichtigen Sie `{ $name }`, oder entfernen Sie es
name-is-wrong-must = `{ $name }` ist falsch: { $must }
no-key-was-named-to-publish-to = Zum Veröffentlichen fehlt eine Angabe: { $key }
write-key-below-publish-or-the-target-in-tributary-toml = Schreiben Sie `{ $key } = "…"` unter `[publish]` oder das Ziel in `.tributary.toml`
is-wrong-wrong = ist falsch: { $wrong }

## settings/network_file.rs

is-no-address-of-a-script = ist keine Adresse eines Skripts
is-no-address-of-a-proxy = ist keine Adresse eines Proxys
must-be-names-of-hosts = muss aus Namen von Hosts bestehen

## settings/repository_file.rs

file-is-not-utf-8-text = `{ $file }` ist kein Text in UTF-8
save-the-file-as-utf-8 = Speichern Sie die Datei als UTF-8
has-name-which-is-a-variable-s-name-too = enthält `{ $name }`, was auch der Name einer Variablen ist
tokens-are-sent-there-so-it-is-taken-only-from-your-own-settings-tributary-gateway-or-gateway = Dorthin werden Tokens gesendet; daher gilt nur, was in Ihren eigenen Einstellungen, in `TRIBUTARY_GATEWAY` oder hinter `--gateway` steht
sources-are-sent-there-so-it-is-taken-only-from-your-own-settings-or-tributary-diagram-server = Dorthin werden Quelltexte gesendet; daher gilt nur, was in Ihren eigenen Einstellungen oder in `TRIBUTARY_DIAGRAM_SERVER` steht
is-the-name-of-another-target-too = ist auch der Name eines anderen Ziels
must-be-made-of-letters-digits-and = muss aus Buchstaben, Ziffern, `-` und `_` bestehen
must-name-files-and-folders-below-the-one-of-this-file = muss Dateien und Ordner unterhalb des Ordners dieser Datei nennen
must-be-what-the-repository-is-called = muss der Name des Repositorys sein

## settings/update_file.rs

and-key-are-no-channel-for-updates = und der von `key` sind kein Kanal für Aktualisierungen

## settings/user_file.rs

path-is-not-utf-8-text = `{ $path }` ist kein Text in UTF-8
delete-the-file-to-begin-with-the-defaults = Löschen Sie die Datei, um mit den Vorgaben zu beginnen
path-is-not-toml = `{ $path }` ist kein TOML
the-settings-could-not-be-written-down = Die Einstellungen konnten nicht aufgeschrieben werden
is-number-a-newer-version-of-tributary-wrote-this-file-and-this-one-knows-only-known = ist { $number }: Eine neuere Version von Tributary hat diese Datei geschrieben, und diese kennt nur { $known }
must-be-one-or-two-of-source-host-and-page = muss eines oder zwei von `source`, `host` und `page` sein
must-be-an-address-such-as-tls-syslog-example-com-6514 = muss eine Adresse wie "tls://syslog.example.com:6514" sein
must-be-a-point-in-time = muss ein Zeitpunkt sein

## store.rs

tributary-home-is-not-a-folder = `TRIBUTARY_HOME` ist kein Ordner
give-an-absolute-path = Geben Sie einen absoluten Pfad an
this-user-has-no-home-folder = Dieser Benutzer hat keinen persönlichen Ordner
set-tributary-home-to-a-folder-that-tributary-may-write-to = Setzen Sie `TRIBUTARY_HOME` auf einen Ordner, in den Tributary schreiben darf
set-tributary-home = Setzen Sie `TRIBUTARY_HOME`
check-the-permissions-of-the-file-and-of-the-folders-above-it = Prüfen Sie die Rechte der Datei und der Ordner darüber
path-could-not-be-written = `{ $path }` konnte nicht geschrieben werden
check-the-permissions-of-the-folder-and-the-space-left-on-the-disk = Prüfen Sie die Rechte des Ordners und den Platz auf dem Datenträger

## store/append.rs

path-could-not-be-locked = `{ $path }` konnte nicht gesperrt werden
check-the-permissions-of-the-folder-on-a-network-drive-set-tributary-home-to-a-local-one = Prüfen Sie die Rechte des Ordners; auf einem Netzlaufwerk setzen Sie `TRIBUTARY_HOME` auf einen lokalen
folder-could-not-be-read = `{ $folder }` konnte nicht gelesen werden
check-the-permissions-of-the-folder-and-of-the-folders-above-it = Prüfen Sie die Rechte des Ordners und der Ordner darüber
path-could-not-be-removed = `{ $path }` konnte nicht entfernt werden
check-the-permissions-of-the-folder = Prüfen Sie die Rechte des Ordners

## updates.rs

that-is-no-address-for-updates = Das ist keine Adresse für Aktualisierungen
give-it-like-https-downloads-example-com-tributary-latest-json = Geben Sie sie wie `https://downloads.example.com/tributary/latest.json` an
what-host-says-of-the-latest-version-is-signed-and-cannot-be-understood = Was `{ $host }` über die neueste Version sagt, ist signiert und nicht zu verstehen
tell-whoever-runs-the-server = Sagen Sie es dem Betreiber des Servers
host-offers-version-version-which-is-older-than-this-one-than = `{ $host }` bietet Version { $version } an, die älter ist als diese, { $than }
nothing-was-changed-tell-whoever-runs-the-server = Nichts wurde geändert; sagen Sie es dem Betreiber des Servers
this-program-does-not-replace-itself = Dieses Programm ersetzt sich nicht selbst
update-it-with-the-package-manager-of-your-system = Aktualisieren Sie es mit der Paketverwaltung Ihres Systems
get-the-newer-version-from-where-you-got-this-one = Holen Sie die neuere Version dort, wo Sie diese herhaben
version-version-has-no-file-for-name = Version { $version } hat keine Datei für `{ $name }`
get-it-from-where-you-got-this-one = Holen Sie sie dort, wo Sie diese herhaben
the-address-of-the-newer-version-s-file-is-none = Die Adresse der Datei der neueren Version ist keine
looking-at-the-newer-version-broke-off = Das Ansehen der neueren Version ist abgebrochen
the-newer-version-cannot-be-read = Die neuere Version ist nicht lesbar
nothing-was-changed-try-again-when-it-stays-tell-whoever-runs-the-server = Nichts wurde geändert. Versuchen Sie es erneut; bleibt es so, sagen Sie es dem Betreiber des Servers
what-host-says-of-the-latest-version-what = Was `{ $host }` über die neueste Version sagt, { $what }
nothing-was-changed-compare-the-key-under-settings-updates-with-the-one-that-is-published = Nichts wurde geändert. Vergleichen Sie den Schlüssel unter Einstellungen, Aktualisierung mit dem veröffentlichten
that-is-no-key-for-updates = Das ist kein Schlüssel für Aktualisierungen
give-the-second-line-of-the-file-with-the-public-key-as-minisign-writes-it-it-begins-with-rw = Geben Sie die zweite Zeile der Datei mit dem öffentlichen Schlüssel an, wie `minisign` sie schreibt; sie beginnt mit `RW`
updates-are-fetched-over-https-and-without-a-user-only-not-so-from-host = Aktualisierungen werden nur über `https` und ohne Benutzer abgerufen, so nicht von `{ $host }`
nothing-was-changed-use-an-address-that-begins-with-https = Nichts wurde geändert. Verwenden Sie eine Adresse, die mit `https://` beginnt
what-host-says-of-the-latest-version-is-too-long-to-be-true = Was `{ $host }` über die neueste Version sagt, ist zu lang, um wahr zu sein
nothing-was-changed-check-the-address-for-updates = Nichts wurde geändert. Prüfen Sie die Adresse für Aktualisierungen
check-the-address-for-updates = Prüfen Sie die Adresse für Aktualisierungen
host-leads-on-and-on-instead-of-giving-the-update = `{ $host }` führt immer weiter, statt die Aktualisierung auszugeben
host-sent-more-than-the-newer-version-has = `{ $host }` hat mehr gesendet, als die neuere Version umfasst
host-sent-length-of-the-size-bytes-of-the-newer-version = `{ $host }` hat { $length } von { $size } Bytes der neueren Version gesendet
what-host-sent-is-not-the-newer-version-that-was-signed = Was `{ $host }` gesendet hat, ist nicht die neuere Version, die signiert wurde
host-has-no-update-at-path-it-says-said = `{ $host }` hat unter `{ $path }` keine Aktualisierung: die Antwort ist { $said }
the-newer-version-s-file-is-for-another-system-although-it-was-signed-for-this-one = Die Datei der neueren Version ist für ein anderes System, obwohl sie für dieses signiert wurde
has-no-signature-that-can-be-read = hat keine lesbare Signatur
is-signed-with-another-key = ist mit einem anderen Schlüssel signiert
was-changed-after-it-was-signed = wurde nach der Signatur verändert

## vault/choice.rs

the-keystore = dem Schlüsselbund
a-passphrase-vault = einem Passphrasen-Tresor
the-memory-of-this-session = dem Speicher dieser Sitzung
make-the-file-readable-for-yourself-and-try-again = Machen Sie die Datei für sich lesbar und versuchen Sie es erneut
file-which-says-where-secrets-are-kept-is-not-what-this-version-of-tributary-writes = `{ $file }`, worin der Ort der Geheimnisse steht, hat nicht diese Version von Tributary geschrieben
restore-the-file-or-use-the-version-that-wrote-it-or-choose-the-place-anew-where-nothing-is-deleted = Stellen Sie die Datei wieder her, oder verwenden Sie die Version, die sie geschrieben hat; oder wählen Sie den Ort neu, dabei wird nichts gelöscht
where-secrets-are-kept-could-not-be-written-down = Der Ort der Geheimnisse konnte nicht aufgeschrieben werden

## vault/hardening.rs

windows-does-not-let-this-program-leave-itself-out-of-error-reports = Windows lässt dieses Programm sich nicht von Fehlerberichten ausnehmen
switch-error-reports-off-for-it-so-that-none-carries-its-memory = Schalten Sie Fehlerberichte für das Programm aus, damit keiner seinen Speicher enthält
the-system-does-not-let-this-program-forbid-memory-dumps-of-itself = Das System lässt dieses Programm Speicherabbilder von sich nicht verbieten
set-ulimit-c-0-before-you-start-it = Setzen Sie vor dem Start `ulimit -c 0`

## vault/keystore.rs

keystore-is-locked-and-waits-for-its-password = { $keystore } ist gesperrt und wartet auf sein Passwort
answer-its-prompt-or-unlock-it-in-your-keystore-program-and-try-again = Beantworten Sie seine Frage, oder entsperren Sie ihn in Ihrem Schlüsselbund-Programm, und versuchen Sie es erneut
choose-another-place-for-tokens = wählen Sie einen anderen Ort für Tokens
the-token-name-could-not-be-put-into-the-keystore = Das Token `{ $name }` konnte nicht in den Schlüsselbund gelegt werden
the-token-name-could-not-be-read-from-the-keystore = Das Token `{ $name }` konnte nicht aus dem Schlüsselbund gelesen werden
the-token-name-could-not-be-removed-from-the-keystore = Das Token `{ $name }` konnte nicht aus dem Schlüsselbund entfernt werden
no-keystore-answers-on-this-machine-error = Auf diesem Gerät antwortet kein { $keystore } ({ $error })
keystore-has-no-unlocked-keyring-error = { $keystore } hat keinen entsperrten Schlüsselbund ({ $error })
answer-the-keystore-s-prompt-and-try-again = Beantworten Sie die Frage des Schlüsselbunds und versuchen Sie es erneut
unlock-the-login-keyring-sign-in-to-the-desktop-or-open-passwords-and-keys-or-kwalletmanager-then-try-again = Entsperren Sie den Schlüsselbund der Anmeldung (melden Sie sich am Desktop an, oder öffnen Sie „Passwörter und Verschlüsselung“ oder KWalletManager) und versuchen Sie es erneut
install-and-start-a-keyring-such-as-gnome-keyring-or-kwallet-in-a-desktop-session = Installieren und starten Sie in einer Desktop-Sitzung einen Schlüsselbund wie gnome-keyring oder KWallet
unlock-the-login-keychain-in-keychain-access-then-try-again = Entsperren Sie den Anmelde-Schlüsselbund in der Schlüsselbundverwaltung und versuchen Sie es erneut
check-the-login-keychain-in-keychain-access = Prüfen Sie den Anmelde-Schlüsselbund in der Schlüsselbundverwaltung
sign-in-to-windows-with-this-user-then-try-again = Melden Sie sich bei Windows mit diesem Benutzer an und versuchen Sie es erneut
check-that-the-credential-manager-service-vaultsvc-runs = Prüfen Sie, ob der Dienst der Anmeldeinformationsverwaltung (VaultSvc) läuft

## vault/passphrase.rs

file-is-gone-without-which-the-passphrase-vault-cannot-be-opened = `{ $file }` ist nicht mehr da; ohne die Datei lässt sich der Passphrasen-Tresor nicht öffnen
the-passphrase-vault-is-locked = Der Passphrasen-Tresor ist gesperrt
unlock-it-with-its-passphrase = Entsperren Sie ihn mit seiner Passphrase
folder-could-not-be-renamed = `{ $folder }` konnte nicht umbenannt werden
check-the-permissions-of-the-folder-above-it = Prüfen Sie die Rechte des Ordners darüber
this-is-not-the-passphrase-of-the-vault = Das ist nicht die Passphrase des Tresors
type-it-again-without-it-nobody-can-read-what-is-in-the-vault-and-you-have-to-sign-in-anew = Geben Sie sie erneut ein; ohne sie kann niemand lesen, was im Tresor ist, und Sie müssen sich neu anmelden
no-key-could-be-made-from-the-passphrase = Aus der Passphrase konnte kein Schlüssel gebildet werden
make-sure-that-64-mib-of-memory-are-free = Sorgen Sie dafür, dass 64 MiB Speicher frei sind
path-does-not-hold-what-was-written-to-it = `{ $path }` enthält nicht, was hineingeschrieben wurde
check-the-disk-what-was-there-before-is-in-its-place-again = Prüfen Sie den Datenträger; was vorher da war, ist wieder an seinem Platz
a-file-of-the-passphrase-vault-could-not-be-made = Eine Datei des Passphrasen-Tresors konnte nicht angelegt werden
the-passphrase-has-fewer-than-least-characters = Die Passphrase hat weniger als { $least } Zeichen
choose-a-longer-one-several-words-that-do-not-belong-together-are-best = Wählen Sie eine längere; am besten sind mehrere Wörter, die nicht zusammengehören
path-in-the-passphrase-vault-cannot-be-used = `{ $path }` im Passphrasen-Tresor kann nicht verwendet werden
restore-the-whole-folder-from-a-backup-or-choose-the-place-for-tokens-anew-and-sign-in-again-where-nothing-is-deleted = Stellen Sie den ganzen Ordner aus einer Sicherung wieder her; oder wählen Sie den Ort der Tokens neu und melden Sie sich erneut an, dabei wird nichts gelöscht

## vault/seal.rs

a-secret-is-too-long-to-be-sealed = Ein Geheimnis ist zu lang, um versiegelt zu werden

## vault/vaults.rs

name-did-not-come-back-from-its-new-place = `{ $name }` kam aus seinem neuen Ort nicht zurück
try-again-or-choose-another-place-nothing-was-removed = Versuchen Sie es erneut, oder wählen Sie einen anderen Ort; nichts wurde entfernt
try-again = Versuchen Sie es erneut
keystore-is-not-the-one-in-which-the-tokens-were-put = { $keystore } ist nicht der, in den die Tokens gelegt wurden
unlock-or-start-the-keystore-that-was-used-before-or-choose-this-one-anew-and-sign-in-again = Entsperren oder starten Sie den Schlüsselbund, der bisher verwendet wurde; oder wählen Sie diesen neu und melden Sie sich erneut an
tokens-are-not-kept-in-a-passphrase-vault-but-in-kept-in = Tokens werden nicht in einem Passphrasen-Tresor aufbewahrt, sondern hier: `{ $kept_in }`
choose-the-passphrase-vault-first = Wählen Sie zuerst den Passphrasen-Tresor
name-cannot-be-kept = `{ $name }` kann nicht aufbewahrt werden
name-cannot-be-read = `{ $name }` ist nicht lesbar
name-cannot-be-removed = `{ $name }` kann nicht entfernt werden
what-is-kept-in-the-place-chosen-so-far-cannot-be-read = Was am bisher gewählten Ort aufbewahrt ist, ist nicht lesbar
leave-it-behind-where-nothing-is-deleted = lassen Sie es zurück, dabei wird nichts gelöscht

## src-tauri/autostart.rs

file-could-not-be-removed = `{ $file }` konnte nicht entfernt werden
remove-the-file-yourself = Entfernen Sie die Datei selbst
your-home-folder-is-not-known = Ihr persönlicher Ordner ist nicht bekannt
set-home-and-start-tributary-again = Setzen Sie `HOME` und starten Sie Tributary erneut
whether-tributary-starts-with-the-desktop-could-not-be-changed-or-told = Ob Tributary mit dem Desktop startet, ließ sich nicht ändern oder ermitteln
change-it-in-the-settings-of-your-system = Ändern Sie es in den Einstellungen Ihres Systems
where-this-program-is-could-not-be-told = Wo dieses Programm liegt, war nicht zu ermitteln

## src-tauri/clipboard.rs

the-code-could-not-be-put-into-the-clipboard = Der Code konnte nicht in die Zwischenablage kopiert werden
type-it-or-select-it-and-copy-it-by-the-keyboard = Tippen Sie ihn ab, oder markieren und kopieren Sie ihn mit der Tastatur
copying-the-code-broke-off = Das Kopieren des Codes ist abgebrochen

## src-tauri/commands/accounts.rs

no-sign-in-is-under-way = Es läuft keine Anmeldung
begin-again = Beginnen Sie erneut
no-code-waits-to-be-typed = Es wartet kein Code darauf, eingegeben zu werden
nothing-was-chosen-to-be-handed-over = Zum Übergeben ist nichts gewählt
choose-something-first = Wählen Sie zuerst etwas
it-would-do-something-else-by-now-than-was-shown = Es würde inzwischen etwas anderes tun, als angezeigt wurde
the-account-is-not-there-any-more = Das Konto gibt es nicht mehr
look-at-the-list-again-another-program-may-have-signed-it-out = Sehen Sie die Liste erneut an; vielleicht hat ein anderes Programm es abgemeldet
a-token-is-given-for-signing-in-with-a-token-and-for-nothing-else = Ein Token wird nur zum Anmelden mit einem Token angegeben
the-page-to-sign-in-at-is-not-protected-and-was-not-opened = Die Seite zum Anmelden ist nicht geschützt und wurde nicht geöffnet

## src-tauri/commands/edits.rs

a-publish-that-is-taken-back-has-no-source-that-an-edit-could-go-into = Eine Veröffentlichung, die zurückgenommen wird, hat keine Quelle, in die eine Änderung übernommen werden könnte
plan-the-source-again-and-take-the-edit-there = Planen Sie die Quelle noch einmal, und übernehmen Sie die Änderung dort
there-is-no-repository-on-this-machine-to-commit-to = Auf diesem Gerät gibt es kein Repository, in das committet werden könnte
save-the-edit-as-a-patch = Sichern Sie die Änderung als Patch
nobody-edited-the-page-any-more-than-its-source-says = niemand hat an der Seite mehr geändert, als die Quelle sagt

## src-tauri/commands/files.rs

path-is-no-pdf = `{ $path }` ist kein PDF
why-what-git-has-instead-is-shown = { $why }. Gezeigt wird, was Git stattdessen hat
width-height-pixels = { $width } × { $height } Pixel
it-is-not-drawn-here-a-picture-of-more-than-100-megapixels-can-take-more-memory-than-there-is = Hier wird es nicht gezeichnet: Ein Bild mit mehr als 100 Megapixeln kann mehr Speicher brauchen, als da ist
most-mb-are-shown-at-most = Höchstens { $most } MB werden gezeigt
this-file-is-kept-in-git-lfs-size-bytes = Diese Datei ist in Git LFS ({ $size } Bytes)

## src-tauri/commands/hosts.rs

a-git-server-does-not-say-which-repositories-it-has-open-another-one-by-its-address = Ein Git-Server sagt nicht, welche Repositorys er hat: Öffnen Sie ein anderes mit seiner Adresse
this-account-is-not-signed-in-any-more = Dieses Konto ist nicht mehr angemeldet
sign-in-first = Melden Sie sich zuerst an

## src-tauri/commands/network.rs

file-is-no-whole-path = `{ $file }` ist kein ganzer Pfad
give-the-path-from-the-root-of-the-disk-on = Geben Sie den Pfad vom Anfang des Datenträgers an
a-password-is-for-a-user-of-the-proxy = Ein Passwort gehört zu einem Benutzer des Proxys
give-the-user-too = Geben Sie auch den Benutzer an

## src-tauri/commands/opening.rs

this-link-names-no-file = Dieser Link nennt keine Datei
nobody-agreed-to-ask-host = Niemand hat zugestimmt, `{ $host }` zu fragen

## src-tauri/commands/publish.rs

the-plan-has-no-such-step = Der Plan hat diesen Schritt nicht
remembering-the-repository-broke-off = Das Merken des Repositorys ist abgebrochen
nothing-was-published-yet = Es wurde noch nichts veröffentlicht
publish-once-from-the-window-then-it-can-be-repeated = Veröffentlichen Sie einmal aus dem Fenster; dann lässt es sich wiederholen

## src-tauri/commands/published.rs

reading-the-publications-broke-off = Das Lesen der Veröffentlichungen ist abgebrochen
reading-what-was-published-broke-off = Das Lesen des Veröffentlichten ist abgebrochen
looking-for-the-repository-broke-off = Die Suche nach dem Repository ist abgebrochen
nothing-tells-where-identity-can-be-read = Nichts verrät, wo `{ $identity }` gelesen werden kann
open-its-folder-or-its-address-once-then-it-is-known = Öffnen Sie den Ordner oder die Adresse einmal; dann ist der Ort bekannt

## src-tauri/commands/repository.rs

no-folder-was-named = Es ist kein Ordner genannt
type-a-path-or-choose-a-folder = Geben Sie einen Pfad ein, oder wählen Sie einen Ordner
a-symbolic-link-that-leaves-the-repository = ein symbolischer Link, der aus dem Repository hinausführt

## src-tauri/commands/settings.rs

zoom-is-no-zoom = { $zoom } % ist keine Vergrößerung
choose-one-from-least-to-most = Wählen Sie einen Wert von { $least } % bis { $most } %
one-or-two-things-are-shown-of-a-file = Von einer Datei werden ein oder zwei Ansichten gezeigt

## src-tauri/commands/sites.rs

the-token-is-empty = Das Token ist leer
make-a-token-in-your-account-and-paste-it-here = Erstellen Sie in Ihrem Konto ein Token und fügen Sie es hier ein

## src-tauri/commands/storage.rs

folder-could-not-be-opened = `{ $folder }` konnte nicht geöffnet werden

## src-tauri/commands/vault.rs

a-passphrase-is-given-for-the-passphrase-vault-and-for-nothing-else = Eine Passphrase wird nur für den Passphrasen-Tresor angegeben

## src-tauri/menu.rs

the-menu-could-not-be-made = Das Menü konnte nicht angelegt werden

## src-tauri/commands/window.rs

url-is-not-a-web-address = `{ $url }` ist keine Webadresse
only-http-and-https-links-are-opened = Nur Links mit http und https werden geöffnet
no-browser-could-be-opened = Es konnte kein Browser geöffnet werden
open-address-yourself = Öffnen Sie { $address } selbst
the-window-could-not-be-closed = Das Fenster konnte nicht geschlossen werden

## src-tauri/copied.rs

no-link-was-copied = Es ist kein Link kopiert
copy-the-address-of-a-file-a-folder-or-a-repository-from-the-browser-first = Kopieren Sie zuerst die Adresse einer Datei, eines Ordners oder eines Repositorys aus dem Browser

## src-tauri/convert.rs

## src-tauri/desktop.rs

a-link-names-a-publication-that-is-not-remembered-here = Ein Link nennt eine Veröffentlichung, die hier nicht bekannt ist
publish-its-folder-or-repository-once-then-the-link-leads-to-it = Veröffentlichen Sie ihren Ordner oder ihr Repository einmal; dann führt der Link dorthin
this-link-is-no-longer-known = Dieser Link ist nicht mehr bekannt
open-the-link-again = Öffnen Sie den Link erneut
no-folder-is-open = Es ist kein Ordner geöffnet
open-a-folder-first = Öffnen Sie zuerst einen Ordner
the-sandbox-could-not-start = Die Sandbox konnte nicht starten
the-sandbox-gave-no-address = Die Sandbox hat keine Adresse genannt
the-sample-could-not-be-written = Das Beispiel konnte nicht geschrieben werden
url-is-not-connected = `{ $url }` ist nicht verbunden
connect-the-site-first = Verbinden Sie zuerst die Site
what-was-shown-is-no-longer-known = Was angezeigt wurde, ist nicht mehr bekannt
nothing-was-changed-look-at-it-again = Nichts wurde geändert. Sehen Sie es erneut an
a-publish-is-under-way-already = Es läuft bereits eine Veröffentlichung
wait-for-its-end-or-cancel-it = Warten Sie ihr Ende ab, oder brechen Sie sie ab
the-keystore-call-broke-off = Der Aufruf des Schlüsselbunds ist abgebrochen

## src-tauri/lib.rs

taking-the-link-broke-off = Die Annahme des Links ist abgebrochen
a-link-that-no-sign-in-waits-for-was-turned-away = Ein Link, auf den keine Anmeldung wartet, wurde abgewiesen
if-you-are-signing-in-begin-again-in-the-window-otherwise-nothing-has-to-be-done = Wenn Sie sich gerade anmelden, beginnen Sie im Fenster erneut; sonst ist nichts zu tun
reading-the-folder-broke-off = Das Lesen des Ordners ist abgebrochen

## src-tauri/plans.rs

this-plan-is-no-longer-known = Dieser Plan ist nicht mehr bekannt
plan-again = Planen Sie erneut
this-edit-is-no-longer-known = Diese Änderung ist nicht mehr bekannt

## src-tauri/publications.rs

this-publication-is-no-longer-remembered = Diese Veröffentlichung ist nicht mehr bekannt
publish-its-folder-or-repository-once-more = Veröffentlichen Sie ihren Ordner oder ihr Repository noch einmal

## src-tauri/updates.rs

it-is-not-said-where-newer-versions-come-from = Woher neuere Versionen kommen, ist nicht angegeben
give-an-address-and-a-key-under-settings-updates = Geben Sie unter Einstellungen, Aktualisierung eine Adresse und einen Schlüssel an
no-newer-version-was-found = Es wurde keine neuere Version gefunden
look-for-one-once-more = Suchen Sie noch einmal danach

## src-tauri/visits.rs

this-repository-is-not-open-any-more = Dieses Repository ist nicht mehr geöffnet
open-it-again = Öffnen Sie es erneut

## src-tauri/work.rs

the-work-broke-off = Die Arbeit ist abgebrochen

## pages: markup/adf_raw.rs

this-is-no-part-of-a-document-in-the-atlassian-document-format-so-it-is-shown-as-code-message = Dies ist kein Teil eines Dokuments im Atlassian Document Format und wird deshalb als Code gezeigt: { $message }
it-holds-nothing = es enthält nichts
it-has-a-macro-that-would-run-something = es enthält ein Makro, das etwas ausführen würde
the-address-address-would-run-something = die Adresse `{ $address }` würde etwas ausführen
at-path-words = bei `{ $path }`: { $words }
at-path-kind-may-not-stand = bei `{ $path }` darf `{ $kind }` nicht stehen
at-path-kind-may-not-stand-as-it-is = bei `{ $path }` darf `{ $kind }` so nicht stehen
the-schema-has-no-such-node-or-not-there = das Schema hat keinen solchen Knoten, oder nicht dort

## pages: markup/adf_writer.rs

count-part-s-run-from-right-to-left-the-first-one-here-in-adf-only-their-lines-do-which-stand-at-the-right = Teile, die von rechts nach links laufen, zuerst hier: { $count }. In ADF tun das nur ihre Zeilen, die rechts stehen
count-abbreviation-s-have-what-they-stand-for-in-parentheses-the-first-one-here-in-adf-nothing-is-shown-when-text-is-pointed-at = Abkürzungen, deren Bedeutung in Klammern steht, zuerst hier: { $count }. In ADF wird nichts gezeigt, wenn man auf Text zeigt
count-cell-s-do-not-say-what-they-head-the-first-one-in-this-table-in-adf-a-cell-heads-what-stands-below-or-beside-it = Zellen, die nicht sagen, wofür sie Überschrift sind, zuerst in dieser Tabelle: { $count }. In ADF ist eine Zelle die Überschrift dessen, was unter oder neben ihr steht
count-section-s-of-one-column-are-what-stands-in-them-the-first-one-here-adf-has-sections-of-two-columns-and-three = Abschnitte mit einer Spalte, von denen nur der Inhalt dasteht, zuerst hier: { $count }. ADF kennt Abschnitte mit zwei und drei Spalten
count-piece-s-of-text-lose-a-style-the-first-one-here-in-confluence-s-editor-code-has-no-other-style-and-only-whole-paragraphs-are-small = Textstellen, die eine Auszeichnung verlieren, zuerst hier: { $count }. Im Editor von Confluence hat Code keine andere Auszeichnung, und klein sind nur ganze Absätze
count-paragraph-s-are-not-aligned-as-written-the-first-one-here-confluence-s-editor-aligns-text-in-table-cells-and-outside-of-everything-else = Absätze, die nicht so ausgerichtet sind wie geschrieben, zuerst hier: { $count }. Der Editor von Confluence richtet Text in Tabellenzellen und außerhalb von allem anderen aus
count-control-character-s-that-no-page-can-hold-were-left-out = Steuerzeichen, die keine Seite enthalten kann, wurden weggelassen ({ $count })
the-lines-of-this-code-are-numbered-from-1-the-cloud-editor-has-no-other-numbers-for-them = Die Zeilen dieses Codes werden ab 1 gezählt: Der Editor von Cloud kennt keine anderen Nummern
confluence-s-editor-has-no-excerpt-in-a-table-cell-so-it-is-what-it-holds = Der Editor von Confluence kennt in Tabellenzellen keine Auszüge; es steht dort nur der Inhalt
name-stands-as-its-text-because-adf-has-no-form-for-it = { $name } steht als Text da, weil ADF keine Form dafür hat
adf-has-no-section-of-count-columns-so-they-stand-one-below-the-other = ADF kennt keine Abschnitte mit { $count } Spalten; sie stehen deshalb untereinander

## pages: markup/adf_writer/containers.rs

list-item = Listeneintrag
task = Aufgabe
quotation = Zitat
panel = Hinweisfeld
section-that-opens = aufklappbarer Abschnitt
table-cell = Tabellenzelle
macro = Makro
column = Spalte
confluence-s-editor-has-no-what-in-a-container-so-it-stands-after-it = Im Editor von Confluence gilt: nicht möglich ist „{ $what }“ innerhalb von „{ $container }“; es steht deshalb dahinter
confluence-s-editor-has-no-part-in-a-table-cell-so-it-stands-as-its-text = Im Editor von Confluence ist „{ $part }“ in einer Tabellenzelle nicht möglich; dort steht deshalb nur der Text
confluence-s-editor-has-no-heading-in-a-container-so-it-is-a-bold-line = Im Editor von Confluence ist eine Überschrift innerhalb von „{ $container }“ nicht möglich; sie wird eine fette Zeile
confluence-s-editor-has-no-tasks-in-a-quotation-so-they-are-entries-with-a-box = Im Editor von Confluence sind Aufgaben in einem Zitat nicht möglich; sie werden Einträge mit einem Kästchen
confluence-s-editor-has-no-tables-and-no-further-sections-in-a-section-that-is-inside-another-so-this-one-is-always-open = Im Editor von Confluence sind in einem aufklappbaren Abschnitt, der in einem anderen steht, weder Tabellen noch weitere Abschnitte möglich; dieser ist deshalb immer offen
list = Liste
list-of-tasks = Aufgabenliste
list-of-decisions = Entscheidungsliste
block-of-code = Codeblock
picture = Bild
heading = Überschrift
line = Linie
table = Tabelle
section-in-columns = Abschnitt in Spalten
part-of-its-own-kind = Teil eigener Art
paragraph = Absatz

## pages: markup/adf_writer/inlines.rs

the-link-to-url-would-run-something-so-only-its-text-is-kept = Der Link zu `{ $url }` würde etwas ausführen; nur sein Text bleibt
the-link-target-leads-nowhere-reason-its-text-is-kept = Der Link `{ $target }` führt ins Leere: { $reason }. Sein Text bleibt

## pages: markup/adf_writer/lists.rs

confluence-s-editor-has-no-heading-in-a-task-so-it-is-bold-text = Im Editor von Confluence ist eine Überschrift in einer Aufgabe nicht möglich; sie wird fetter Text

## pages: markup/adf_writer/pictures.rs

the-picture-shown-cannot-be-shown-reason-its-description-is-kept = Das Bild `{ $shown }` lässt sich nicht zeigen: { $reason }. Seine Beschreibung bleibt
confluence-s-editor-shows-the-picture-shown-only-on-a-line-of-its-own-here-it-becomes-a-link = Der Editor von Confluence zeigt das Bild `{ $shown }` nur in einer eigenen Zeile; hier wird es ein Link

## pages: markup/adf_writer/tables.rs

confluence-s-editor-has-no-table-in-a-table-cell-so-its-rows-are-lines-of-text = Im Editor von Confluence ist eine Tabelle in einer Tabellenzelle nicht möglich; ihre Zeilen werden Textzeilen

## pages: markup/asciidoc/bounds.rs

more-lines-of-attributes-stand-in-a-row-than-are-tried = Es folgen mehr Zeilen mit Attributen aufeinander, als geprüft werden
a-row-of-a-table-has-more-than-5-000-cells = Eine Zeile einer Tabelle hat mehr als 5.000 Zellen
tables-have-more-cells-than-are-counted = Tabellen haben mehr Zellen, als gezählt werden
there-are-more-than-2-000-sections = Es gibt mehr als 2.000 Abschnitte
more-headings-have-the-same-words-than-are-told-apart = Mehr Überschriften lauten gleich, als unterschieden werden
long-paragraphs-have-more-signs-that-could-mean-a-style-than-are-tried = Lange Absätze haben mehr Zeichen, die eine Auszeichnung bedeuten könnten, als geprüft werden
there-are-more-conditions-inclusions-and-repeated-ids-than-are-counted = Es gibt mehr Bedingungen, Aufnahmen anderer Dateien und wiederholte Kennungen, als gezählt werden

## pages: markup/asciidoc/includes.rs

it-is-outside-the-repository = sie liegt außerhalb des Repositorys
this-document-takes-in-more-names-and-conditions-than-are-counted = dieses Dokument nimmt mehr Namen und Bedingungen auf, als gezählt werden
this-document-takes-in-more-than-a-page-can-hold = dieses Dokument nimmt mehr auf, als eine Seite fasst
the-repository-has-no-such-text-file = das Repository hat keine solche Textdatei

## pages: markup/asciidoc/mod.rs

what-so-the-file-is-shown-as-it-stands = { $what }; die Datei wird deshalb unverändert gezeigt
there-are-more-names-of-attributes-than-are-looked-after-so-those-without-a-value-stand-as-written-and-are-not-told-of = Es gibt mehr Namen von Attributen, als geprüft werden; Namen ohne Wert stehen da, wie sie geschrieben sind, und werden nicht einzeln gemeldet
it-is-not-at-hand = sie liegt nicht vor
target-is-not-taken-in-because-reason-a-link-to-it-stands-here = `{ $target }` wird nicht aufgenommen, hier steht ein Link darauf. Der Grund: { $reason }
files-that-take-in-each-other-do-so-depth-deep-and-no-deeper = Dateien, die einander aufnehmen, tun das { $depth } Ebenen tief und nicht tiefer
the-attribute-name-has-no-value-here-so-its-name-stands-as-written = Das Attribut `{ $name }` hat hier keinen Wert; sein Name steht da, wie er geschrieben ist
the-footnote-id-has-no-text = Die Fußnote `{ $id }` hat keinen Text
blocks-stand-in-each-other-more-than-depth-deep-the-inner-ones-are-left-out = Blöcke stehen mehr als { $depth } Ebenen tief ineinander; die inneren werden weggelassen

## pages: markup/data.rs

this-is-not-valid-language-said = Dies ist kein gültiges { $language }: { $said }

## pages: markup/drawing.rs

mermaid-diagram = Mermaid-Diagramm
graphviz-diagram = Graphviz-Diagramm
plantuml-diagram = PlantUML-Diagramm
formula = Formel
draw-io-diagram = draw.io-Diagramm
excalidraw-drawing = Excalidraw-Zeichnung
diagram = Diagramm
the-noun-cannot-be-drawn-message-its-source-is-shown-instead = Nicht gezeichnet werden kann: { $noun }. { $message }. Stattdessen wird die Quelle gezeigt
and-count-more = ; und { $count } weitere
the-noun-says-how-it-looks-and-its-picture-does-not-follow-first-more = { $noun }: Die Quelle bestimmt das Aussehen, und das Bild folgt dem nicht: `{ $first }`{ $more }
the-noun-has-shapes-that-are-not-known-here-and-are-boxes-with-their-labels-in-its-picture-first-more = { $noun }: Formen, die hier nicht bekannt sind, werden im Bild Kästchen mit ihrer Beschriftung: `{ $first }`{ $more }

## pages: markup/foreign.rs

the-macro-name = das Makro `{ $name }`

## pages: markup/front_matter.rs

the-front-matter-cannot-be-read-so-it-stays-in-the-text-reason = Das Frontmatter ist nicht lesbar und bleibt im Text: { $reason }
properties-is-not-a-map-of-names-to-values-so-it-is-left-out = `properties` ordnet keine Werte Namen zu und wird weggelassen
restrictions-wrong = `restrictions` { $wrong }
key-says-nothing-of-how-pictures-and-tables-stand-so-it-is-left-out = `{ $key }` sagt nicht, wie Bilder und Tabellen stehen, und wird weggelassen
value-is-no-page-id-so-the-comment-is-left-out = `{ $value }` ist keine Seiten-ID; der Kommentar wird weggelassen
key-is-value-here-and-known-above-the-first-counts = `{ $key }` ist hier `{ $value }` und weiter oben `{ $known }`; das erste gilt
the-comment-key-has-no-meaning-here-and-changes-nothing-on-the-page = Der Kommentar `{ $key }` hat hier keine Bedeutung und ändert nichts an der Seite
the-label-label-becomes-made-because-confluence-takes-no-other-form = Das Stichwort `{ $label }` wird `{ $made }`, weil Confluence keine andere Form annimmt

## pages: markup/html_writer.rs

its-address-is-none-of-a-picture = seine Adresse ist keine eines Bildes
the-picture-shown-cannot-be-shown-reason = Das Bild `{ $shown }` lässt sich nicht zeigen: { $reason }
the-link-to-url-would-run-something = Der Link zu `{ $url }` würde etwas ausführen
the-link-target-leads-nowhere-reason = Der Link `{ $target }` führt ins Leere: { $reason }

## pages: markup/includes.rs

it-takes-in-itself = sie nimmt sich selbst auf
files-take-in-files-too-many-times-over = Dateien nehmen einander zu oft auf
the-file-has-no-such-section = die Datei hat keinen solchen Abschnitt
target-is-not-taken-in-and-the-line-stays-refused = `{ $target }` wird nicht aufgenommen, und die Zeile bleibt: { $refused }

## pages: markup/lower.rs

this-storage-format-is-not-well-formed-is-not-ended-or-would-run-something-so-it-is-shown-as-code = Dieses Speicherformat ist nicht wohlgeformt, hat kein Ende oder würde etwas ausführen und wird deshalb als Code gezeigt
option-behind-a-fence-has-no-form-in-confluence-so-it-is-left-out = `{ $option }` hinter einem Codezaun hat in Confluence keine Form und wird weggelassen
raw-is-not-html-it-is-shown-as-text = `{ $raw }` ist kein HTML und wird als Text gezeigt
raw-is-shown-as-text-as-git-hosts-show-it = `{ $raw }` wird als Text gezeigt, wie Git-Hosts es zeigen

## pages: markup/lower/elements.rs

a-form-field-is-shown-as-its-text = Ein Formularfeld wird als sein Text gezeigt
name-is-left-out-as-git-hosts-leave-it-out = `<{ $name }>` wird weggelassen, wie es auch Git-Hosts weglassen
confluence-shows-no-name-from-html-it-becomes-a-link = Confluence zeigt kein `<{ $name }>` aus HTML; es wird ein Link
a-drawing-in-name-cannot-be-kept-its-text-is = Eine Zeichnung in `<{ $name }>` kann nicht bleiben; ihr Text bleibt

## pages: markup/lower/footnotes.rs

the-footnote-label-has-no-text = Die Fußnote `{ $label }` hat keinen Text

## pages: markup/mark_macros.rs

the-macro-expression-has-the-template-template-which-has-no-form-here-so-what-it-finds-stays-as-it-is-written = Das Makro `{ $expression }` hat die Vorlage `{ $template }`, für die es hier keine Form gibt; was es findet, bleibt, wie es geschrieben ist
the-expression-expression-of-this-macro-cannot-be-used-so-what-it-finds-stays-as-it-is-written = Der Ausdruck `{ $expression }` dieses Makros ist nicht verwendbar; was es findet, bleibt, wie es geschrieben ist

## pages: markup/notebook.rs

an-output-of-this-cell-is-left-out-because-no-page-shows-types = Eine Ausgabe dieser Zelle fehlt auf der Seite, denn keine Seite zeigt `{ $types }`
an-output-of-this-cell-is-shown-by-its-text-or-data-because-no-page-shows-types = Eine Ausgabe dieser Zelle wird durch ihren Text oder ihre Daten gezeigt, denn keine Seite zeigt `{ $types }`
this-is-no-notebook-so-its-text-is-shown-as-it-stands-error = Dies ist kein Notebook; der Text wird deshalb unverändert gezeigt: { $error }

## pages: markup/openapi.rs

the-page-names-most-alternatives-of-types-already-so-the-others-are-counted = Die Seite nennt bereits { $most } Alternativen von Typen; die übrigen werden gezählt
the-page-has-most-rows-of-tables-already-so-the-others-are-left-out = Die Seite hat bereits { $most } Tabellenzeilen; die übrigen werden weggelassen
properties-of-path-are-left-out-a-table-has-most-levels-of-them-at-most = Eigenschaften von `{ $path }` werden weggelassen: Eine Tabelle hat höchstens { $most } Ebenen davon
nothing-is-there = dort ist nichts
it-leads-to-itself = er führt auf sich selbst zurück
reference-cannot-be-followed-because-reason = Der Verweis `{ $reference }` führt nicht weiter: { $reason }

## pages: markup/plain.rs

rows-of-this-table-have-different-lengths-the-short-ones-end-with-empty-cells = Zeilen dieser Tabelle sind verschieden lang; die kurzen enden mit leeren Zellen

## pages: markup/restrictions.rs

must-be-keep-or-name-who-may-read-and-edit = muss `keep` sein oder nennen, wer lesen (`read`) und bearbeiten (`edit`) darf
knows-read-and-edit-and-not-key = kennt `read` und `edit`, aber nicht `{ $key }`
knows-users-and-groups-and-not-key = kennt `users` und `groups`, aber nicht `{ $key }`
must-say-keep-everybody-or-which-users-and-groups-may-read-or-edit = muss `keep` oder `everybody` sagen oder welche Benutzer (`users`) und Gruppen (`groups`) lesen oder bearbeiten dürfen
must-list-names-as-texts = muss Namen als Texte auflisten

## pages: markup/snippet.rs

file-ends-at-line-end = `{ $file }` endet mit Zeile { $end }

## pages: markup/storage_reader.rs

the-page-is-not-well-formed-here-more-its-text-is-kept = Die Seite ist hier nicht wohlgeformt{ $more }; ihr Text bleibt
name-of-owner-has-no-form-here-more = `{ $name }` hat hier keine Form: { $owner }{ $more }
name-has-no-form-here-it-is-kept-as-confluence-stores-it = { $name } hat hier keine Form und bleibt, wie Confluence es speichert
and-in-count-more-places = { " " }und noch { $count } Mal

## pages: markup/storage_writer.rs

kind-of-the-atlassian-document-format-has-no-form-in-storage-format-in-a-line-so-it-is-the-text-that-it-shows = `{ $kind }` des Atlassian Document Format hat in einer Zeile keine Form im Speicherformat; es steht der Text da, den es zeigt
this-part-in-the-atlassian-document-format-has-no-form-in-storage-format-so-it-is-shown-as-code = Dieser Teil im Atlassian Document Format hat im Speicherformat keine Form und wird deshalb als Code gezeigt
name-is-not-well-formed-or-would-run-something-so-only-its-text-is-kept = { $name } ist nicht wohlgeformt oder würde etwas ausführen; nur der Text bleibt
id-is-no-account-id-by-which-cloud-knows-people-so-nobody-is-mentioned-and-the-words-stay = `{ $id }` ist keine Konto-ID, unter der Cloud jemanden kennt; niemand wird erwähnt, und die Worte bleiben
id-is-an-account-id-of-cloud-which-data-center-does-not-know-so-nobody-is-mentioned-and-the-words-stay = `{ $id }` ist eine Konto-ID von Cloud, die Data Center nicht kennt; niemand wird erwähnt, und die Worte bleiben
confluence-shows-no-pictures-that-are-written-into-the-text = Confluence zeigt keine Bilder, die in den Text geschrieben sind

## pages: markup/template.rs

in-the-name-of-all-pages-message = In `{ $name }` für alle Seiten: { $message }
name-stays-as-it-is-written-why = `{"{{"} { $name } {"}}"}` bleibt, wie es geschrieben ist: { $why }
it-stands-for-itself = es steht für sich selbst
names-stand-for-names-too-many-times-over = Namen stehen zu oft füreinander
all-names-of-this-document-become-more-than-a-page-can-hold = alle Namen dieses Dokuments zusammen werden mehr, als eine Seite fasst
tributary-toml-declares-no-such-name-it-has-near = in `.tributary.toml` steht kein solcher Name, wohl aber `{ $near }`
tributary-toml-declares-no-such-name = in `.tributary.toml` steht kein solcher Name
of-a-source-there-are-path-name-repository-ref-commit-date-url-and-edit-url = von einer Quelle gibt es `path`, `name`, `repository`, `ref`, `commit`, `date`, `url` und `edit_url`
the-repository-has-no-remote-at-a-host-that-is-known = das Repository hat kein Remote bei einem bekannten Host
there-is-no-commit-branch-or-tag-to-tell-it = kein Commit, Branch oder Tag gibt es an

## pages: plan/hierarchy.rs

the-page-title-belongs-to-another-source-of-this-repository-remove-the-page-id-from-one-of-the-two = Die Seite `{ $title }` gehört zu einer anderen Quelle dieses Repositorys; entfernen Sie die Seiten-ID aus einer von beiden
title-is-a-is-in-confluence-which-cannot-become-the-becomes-that-path-is-delete-it-there-or-change-the-type = `{ $title }` ist in Confluence von der Art „{ $is }“, `{ $path }` dagegen „{ $becomes }“, und das eine kann nicht das andere werden. Löschen Sie es dort, oder ändern Sie `type`
page = Seite
blog-post = Blogpost
folder = Ordner
its-front-matter-names-the-page-id-which-is-not-in-the-space-space-key-or-not-visible-to-you-correct-the-id-or-remove-the-line = Das Frontmatter nennt die Seite { $id }, die es im Bereich `{ $space_key }` nicht gibt oder die Sie nicht sehen dürfen. Korrigieren Sie die ID, oder entfernen Sie die Zeile
the-page-id-that-it-is-linked-to-is-not-in-the-space-space-key-or-not-visible-to-you-correct-the-id = Die Seite { $id }, mit der sie verknüpft ist, gibt es im Bereich `{ $space_key }` nicht, oder Sie dürfen sie nicht sehen. Korrigieren Sie die ID
its-front-matter-names-the-space-space-publish-it-there-or-remove-the-line = Das Frontmatter nennt den Bereich `{ $space }`. Veröffentlichen Sie dorthin, oder entfernen Sie die Zeile
its-title-has-letters-characters-confluence-takes-longest-set-a-shorter-title-in-the-front-matter = Der Titel hat { $letters } Zeichen; Confluence nimmt { $longest }. Setzen Sie im Frontmatter einen kürzeren Titel (`title`)
somebody-edited-the-page-in-confluence-version-version-since-it-was-published-take-the-edit-over-into-path-or-publish-with-conflicts-set-to-merge-or-overwrite = Jemand hat die Seite seit der Veröffentlichung in Confluence bearbeitet (Version { $version }). Übernehmen Sie die Änderung in `{ $path }`, oder lassen Sie bei Konflikten zusammenführen oder überschreiben
somebody-edited-the-page-in-confluence-version-version-since-it-was-published-and-what-was-published-before-is-not-there-any-more-so-the-two-cannot-be-merged-take-the-edit-over-into-path-or-publish-with-conflicts-set-to-overwrite = Jemand hat die Seite seit der Veröffentlichung in Confluence bearbeitet (Version { $version }), und was vorher veröffentlicht war, ist nicht mehr da; die beiden lassen sich nicht zusammenführen. Übernehmen Sie die Änderung in `{ $path }`, oder lassen Sie bei Konflikten überschreiben
somebody-renamed-the-page-from-base-title-to-title-version-version-set-the-title-in-the-front-matter-of-path-to-that-one-or-rename-the-page-back = Jemand hat die Seite von `{ $base_title }` in `{ $title }` umbenannt (Version { $version }). Setzen Sie im Frontmatter von `{ $path }` diesen Titel, oder benennen Sie die Seite zurück

## pages: plan/links.rs

the-blog-post-title-has-no-address-before-it-is-published-publish-once-more-to-link-to-it = der Blogpost `{ $title }` hat vor der Veröffentlichung keine Adresse; veröffentlichen Sie noch einmal, um auf ihn zu verweisen
path-does-not-exist = `{ $path }` gibt es nicht
path-is-not-part-of-this-publish-and-the-repository-has-no-known-web-address-to-link-to = `{ $path }` gehört nicht zu dieser Veröffentlichung, und das Repository hat keine bekannte Webadresse, auf die ein Link führen könnte
this-document-has-no-heading-or-anchor-fragment = dieses Dokument hat keine Überschrift und keinen Anker `#{ $fragment }`
target-leads-out-of-the-repository = `{ $target }` führt aus dem Repository hinaus
path-cannot-be-attached = `{ $path }` kann nicht angehängt werden
path-is-not-a-picture-whatever-its-name-says = `{ $path }` ist kein Bild, was auch immer der Name sagt
the-image-names-no-file = das Bild nennt keine Datei
path-is-a-folder = `{ $path }` ist ein Ordner
the-noun-cannot-be-drawn-message = nicht gezeichnet werden kann: { $noun }. { $message }
the-settings-say-that-a-noun-is-not-drawn = nach den Einstellungen wird dies nicht gezeichnet: { $noun }
path-has-no-heading-or-anchor-fragment-so-the-link-target-leads-to-the-top-of-its-page = `{ $path }` hat keine Überschrift und keinen Anker `#{ $fragment }`; der Link `{ $target }` führt an den Anfang der Seite

## pages: plan/merge.rs

somebody-edited-the-page-in-confluence-version-version-and-it-is-too-large-to-be-merged-take-the-edit-over-into-path-or-publish-with-conflicts-set-to-overwrite = Jemand hat die Seite in Confluence bearbeitet (Version { $version }), und sie ist zu groß, um zusammengeführt zu werden. Übernehmen Sie die Änderung in `{ $path }`, oder lassen Sie bei Konflikten überschreiben
before-place = { $before }; { $place }
somebody-edited-the-page-in-confluence-version-version-where-the-source-changed-too-places-more-take-the-edit-over-into-path-or-publish-with-conflicts-set-to-overwrite = Jemand hat die Seite in Confluence dort bearbeitet (Version { $version }), wo sich auch die Quelle geändert hat: { $places }{ $more }. Übernehmen Sie die Änderung in `{ $path }`, oder lassen Sie bei Konflikten überschreiben
line-line-of-path = Zeile { $line } von `{ $path }`
at-the-top-of-the-page = am Anfang der Seite
below-headings = unter `{ $headings }`
nothing = nichts
below-the-page-says-theirs-and-source-ours = { $below } steht auf der Seite { $theirs }, in der Quelle ({ $source }) { $ours }

## pages: plan/orphans.rs

somebody-edited-it = jemand hat sie bearbeitet
it-is-a-live-doc-in-confluence-of-which-not-every-edit-is-a-version = sie ist in Confluence ein Live-Dokument, von dem nicht jede Bearbeitung eine Version ist
confluence-archives-no-blog-posts = Confluence archiviert keine Blogposts
confluence-archives-no-folders = Confluence archiviert keine Ordner
its-source-may-still-be-there-reason = ihre Quelle gibt es vielleicht noch: { $reason }
path-was = `{ $path }` wurde
path-and-more-more-were = `{ $path }` und { $more } weitere wurden
sources-refused-and-may-be-the-same-under-another-name = { $sources } abgelehnt, vielleicht ist es dieselbe Quelle unter anderem Namen
other-pages-are-below-it = unter ihr stehen andere Seiten
going-of-known-pages-would-go-which-is-more-than-limit-if-their-sources-are-really-gone-publish-with-an-orphan-limit-of-100 = { $going } von { $known } Seiten würden verschwinden, mehr als { $limit } %. Wenn es ihre Quellen wirklich nicht mehr gibt, veröffentlichen Sie mit der Grenze 100 für verwaiste Seiten
title-stays-although-its-source-is-gone-why = `{ $title }` bleibt, obwohl es die Quelle nicht mehr gibt: { $why }

## pages: plan/preview.rs

count-link-s-and-picture-s-need-addresses-and-ids-that-only-confluence-gives-unfilled-stands-for-them = Links und Bilder brauchen Adressen und IDs, die nur Confluence vergibt ({ $count }); `{ $unfilled }` steht für sie
target-is-not-a-file = `{ $target }` ist keine Datei

## pages: plan/sources.rs

file-ends-before-line-first-choose-the-lines-anew = `{ $file }` endet vor Zeile { $first }. Wählen Sie die Zeilen neu
path-is-not-utf-8-text-line-line-save-it-as-utf-8-and-publish-again = `{ $path }` ist kein UTF-8-Text (Zeile { $line }). Speichern Sie die Datei als UTF-8, und veröffentlichen Sie erneut
path-has-megabytes-mb-confluence-takes-pages-of-at-most-5-mb-split-the-file-or-exclude-it = `{ $path }` hat { $megabytes } MB; Confluence nimmt Seiten bis 5 MB. Teilen Sie die Datei, oder schließen Sie sie aus

## pages: plan/steps.rs

the-directory-gets-a-page-that-lists-what-is-below-it-folders-are-for-cloud-and-the-site-is-data-center = Das Verzeichnis bekommt eine Seite, die auflistet, was darunter ist: Ordner gibt es nur in Cloud, und die Site ist Data Center
its-page-would-have-megabytes-mb-confluence-takes-5-mb-split-the-file = Die Seite hätte { $megabytes } MB; Confluence nimmt 5 MB. Teilen Sie die Datei
line-line = { " " }(Zeile { $line })
count-problem = { $count } Problem
count-problems = { $count } Probleme
all-and-none-are-allowed-message-place = { $all }, und keines ist erlaubt: { $message }{ $place }
the-page-is-sent-in-storage-format-format-adf-is-for-cloud-and-the-site-is-data-center = Die Seite wird im Speicherformat gesendet: `format: adf` gilt für Cloud, und die Site ist Data Center
somebody-replaced-the-file-first-of-the-page-in-confluence-take-it-over-for-path-or-publish-with-conflicts-set-to-overwrite = Jemand hat die Datei `{ $first }` der Seite in Confluence ersetzt. Übernehmen Sie sie für `{ $path }`, oder lassen Sie bei Konflikten überschreiben
the-page-version-version-holds-words-that-somebody-wrote-in-confluence-and-what-the-source-said-then-is-not-there-any-more-so-the-two-cannot-be-merged-take-the-words-over-into-path-and-publish-with-conflicts-set-to-overwrite = Die Seite (Version { $version }) enthält Worte, die jemand in Confluence geschrieben hat, und was die Quelle damals sagte, ist nicht mehr da; die beiden lassen sich nicht zusammenführen. Übernehmen Sie die Worte in `{ $path }`, und lassen Sie bei Konflikten überschreiben
the-page-version-version-holds-words-that-somebody-wrote-in-confluence-and-that-were-merged-publish-with-conflicts-set-to-merge-to-keep-them-or-to-overwrite = Die Seite (Version { $version }) enthält Worte, die jemand in Confluence geschrieben hat und die zusammengeführt wurden. Lassen Sie bei Konflikten zusammenführen, damit sie bleiben, oder überschreiben
path-may-be-former-which-is-gone-under-another-name-what-the-two-say-does-not-tell-it-gets-a-page-of-its-own-if-it-is-write-page-id-id-into-its-front-matter-and-it-keeps-the-page-title = `{ $path }` ist vielleicht `{ $former }`, das es nicht mehr gibt, unter anderem Namen; aus dem Inhalt geht es nicht hervor. Die Quelle bekommt eine eigene Seite. Ist sie es, schreiben Sie `page_id: { $id }` in ihr Frontmatter; dann behält sie die Seite `{ $title }`
was-published-from-another-repository = aus einem anderen Repository veröffentlicht wurde
people-wrote-in-confluence = jemand in Confluence geschrieben hat
the-front-matter-names-the-page-title-version-version-which-whose-the-source-s-words-take-the-place-of-all-that-it-says-what-it-says-now-stays-in-its-history = Das Frontmatter nennt die Seite `{ $title }` (Version { $version }), die { $whose }: Die Worte der Quelle treten an die Stelle von allem, was dort steht. Was jetzt dort steht, bleibt in ihrem Verlauf
it-is-linked-to-the-page-title-version-version-which-whose-the-source-s-words-take-the-place-of-all-that-it-says-what-it-says-now-stays-in-its-history = Sie ist mit der Seite `{ $title }` (Version { $version }) verknüpft, die { $whose }: Die Worte der Quelle treten an die Stelle von allem, was dort steht. Was jetzt dort steht, bleibt in ihrem Verlauf

## pages: plan/steps/titles.rs

another-page-of-the-space-has-the-title-wanted-title-give-that-page-or-this-source-another-title-or-link-the-source-to-that-page-with-page-id-id-in-its-front-matter = Eine andere Seite des Bereichs hat den Titel `{ $wanted_title }`. Geben Sie jener Seite oder dieser Quelle einen anderen Titel, oder verknüpfen Sie die Quelle mit `page_id: { $id }` im Frontmatter mit jener Seite
another-page-of-the-space-has-the-title-wanted-title-give-that-page-or-this-source-another-title = Eine andere Seite des Bereichs hat den Titel `{ $wanted_title }`. Geben Sie jener Seite oder dieser Quelle einen anderen Titel
another-page-of-the-space-has-the-title-wanted-title-so-this-one-is-published-as-title-set-a-title-in-the-front-matter-to-choose-another-or-page-id-id-to-write-to-that-page = Eine andere Seite des Bereichs hat den Titel `{ $wanted_title }`; diese wird als `{ $title }` veröffentlicht. Mit `title` im Frontmatter wählen Sie einen anderen, mit `page_id: { $id }` schreiben Sie in jene Seite
another-page-of-the-space-has-the-title-wanted-title-so-this-one-is-published-as-title-set-a-title-in-the-front-matter-to-choose-another = Eine andere Seite des Bereichs hat den Titel `{ $wanted_title }`; diese wird als `{ $title }` veröffentlicht. Mit `title` im Frontmatter wählen Sie einen anderen

## pages: plan/steps/away.rs

its-page-title-is-in-another-space-by-now-at-url-publish-to-that-space-move-the-page-back-or-publish-with-conflicts-set-to-overwrite-to-make-another-one-here = Die Seite `{ $title }` ist inzwischen in einem anderen Bereich, unter { $url }. Veröffentlichen Sie in jenen Bereich, verschieben Sie die Seite zurück, oder lassen Sie bei Konflikten überschreiben, damit hier eine andere entsteht
is-in-another-space = ist in einem anderen Bereich
was-archived = wurde archiviert
is-in-the-trash = ist im Papierkorb
its-page-title-is-where-at-url-with-the-comments-that-it-has-another-one-is-made = Die Seite `{ $title }` { $is_where }, unter { $url }, mit ihren Kommentaren; eine andere entsteht
the-page-was-published-from-the-commit-newer-which-came-after-ours-publish-that-one-or-a-later-one-or-publish-with-conflicts-set-to-overwrite-to-go-back = Die Seite wurde aus dem Commit `{ $newer }` veröffentlicht, der nach `{ $ours }` kam. Veröffentlichen Sie diesen oder einen späteren, oder lassen Sie bei Konflikten überschreiben, um zurückzugehen
the-top-of-the-space = die oberste Ebene des Bereichs
below-title = unter `{ $title }`
the-page-title-at-url-was-published-from-path-too-and-is-left-as-it-is-a-file-has-one-page-which-is-page-take-over-what-only-that-one-says-and-put-it-into-the-trash-or-write-its-id-as-page-id-into-the-front-matter = Auch die Seite `{ $title }`, unter { $url }, wurde aus `{ $path }` veröffentlicht und bleibt, wie sie ist: Eine Datei hat eine Seite, und das ist `{ $page }`. Übernehmen Sie, was nur auf jener steht, und löschen Sie sie, oder schreiben Sie ihre ID als `page_id` ins Front Matter
the-page-is-moved-from-from-to-to-it-was-published-to-another-place-before-or-somebody-moved-it-a-repository-has-one-page-for-each-file-in-a-space = Die Seite wird verschoben, bisher: { $from }, künftig: { $to }. Sie wurde früher an eine andere Stelle veröffentlicht, oder jemand hat sie verschoben. Ein Repository hat in einem Bereich eine Seite für jede Datei
the-page-is-moved-back-from-below-title-to-to-where-its-file-is-somebody-moved-it-in-confluence-or-the-repository-had-it-there-before-with-keep-place-it-stays-where-people-put-it = Die Seite wird zurückverschoben, bisher: unter `{ $title }`, künftig: { $to }, wo ihre Datei ist. Jemand hat sie in Confluence verschoben, oder das Repository hatte sie früher dort. Mit `keep_place` bleibt sie, wo andere sie hingestellt haben

## pages: plan/steps/live.rs

the-page-is-a-live-doc-in-confluence-by-now-and-is-written-over-of-what-people-wrote-in-it-since-it-was-published-its-history-may-have-nothing = Die Seite ist in Confluence inzwischen ein Live-Dokument und wird überschrieben; was andere seit der Veröffentlichung darin geschrieben haben, fehlt vielleicht in ihrem Verlauf
the-page-is-a-live-doc-in-confluence-by-now-of-which-not-every-edit-is-a-version-so-nothing-tells-whether-somebody-wrote-in-it-take-what-it-says-over-into-path-and-publish-with-conflicts-set-to-overwrite = Die Seite ist in Confluence inzwischen ein Live-Dokument, von dem nicht jede Bearbeitung eine Version ist; ob jemand etwas darin geschrieben hat, lässt sich deshalb nicht sagen. Übernehmen Sie, was sie sagt, in `{ $path }`, und lassen Sie bei Konflikten überschreiben

## pages: plan/steps/parents.rs

its-front-matter-names-the-parent-wanted-and-a-blog-post-has-no-page-above-it-remove-the-line-or-the-type = Das Frontmatter nennt die übergeordnete Seite `{ $wanted }`, und über einem Blogpost steht keine Seite. Entfernen Sie die Zeile oder `type`
it-would-be-below-itself-because-the-page-of-path-is-below-it-and-stays-as-it-is-decide-about-that-page-first = sie stünde unter sich selbst, weil die Seite von `{ $path }` unter ihr steht und bleibt, wie sie ist. Entscheiden Sie zuerst über diese Seite
its-front-matter-names-the-parent-wanted-which-is-below-the-page-itself = Das Frontmatter nennt die übergeordnete Seite `{ $wanted }`, die unter der Seite selbst steht
its-front-matter-names-the-parent-wanted-which-is-not-in-the-space-space-key-create-that-page-first-or-correct-the-name = Das Frontmatter nennt die übergeordnete Seite `{ $wanted }`, die es im Bereich `{ $space_key }` nicht gibt. Erstellen Sie zuerst diese Seite, oder korrigieren Sie den Namen
the-page-of-paths-above-it-is-not-there-yet-and-not-among-those-that-are-published-now-publish-it-too = Die übergeordnete Seite aus { $paths } gibt es noch nicht, und sie wird jetzt nicht mit veröffentlicht. Veröffentlichen Sie sie auch
the-pages-of-paths-above-it-are-not-there-yet-and-not-among-those-that-are-published-now-publish-them-too = Die übergeordneten Seiten aus { $paths } gibt es noch nicht, und sie werden jetzt nicht mit veröffentlicht. Veröffentlichen Sie sie auch
the-parents-named-in-front-matter-go-round-in-a-circle-remove-one-of-them = Die im Frontmatter genannten übergeordneten Seiten bilden einen Kreis. Entfernen Sie eine davon

## publish/schedule.rs

the-page-that-it-was-below-title-did-not-come-back-from-the-trash = die Seite, unter der sie stand, `{ $title }`, kam nicht aus dem Papierkorb zurück
it-was-not-written = sie wurde nicht geschrieben
its-title-is-still-that-of-the-page-of-path-which-was-left-as-it-is-decide-about-that-page-first-or-give-this-one-another-title = ihr Titel ist noch der der Seite von `{ $path }`, die blieb, wie sie ist. Entscheiden Sie zuerst über diese Seite, oder geben Sie dieser einen anderen Titel
its-title-is-still-that-of-the-page-of-path-which-was-not-published = ihr Titel ist noch der der Seite von `{ $path }`, die nicht veröffentlicht wurde
the-page-beside-it-title-was-not-published = die Seite daneben, `{ $title }`, wurde nicht veröffentlicht
its-source-is-gone-it-stays-because-not-everything-else-was-published = ihre Quelle gibt es nicht mehr; sie bleibt, weil nicht alles andere veröffentlicht wurde
the-page-above-it-title-was-not-published = die Seite darüber, `{ $title }`, wurde nicht veröffentlicht
the-page-was-published-and-is-not-in-its-place-among-the-pages-beside-it-reason-publish-again = Die Seite wurde veröffentlicht, steht aber nicht an ihrer Stelle unter den Seiten daneben: { $reason }. Veröffentlichen Sie erneut

## publish/undo/ranks.rs

somebody-changed-the-order-of-the-pages-beside-it-since = jemand hat seitdem die Reihenfolge der Seiten daneben geändert
the-page-that-it-was-behind-is-not-there-any-more = die Seite, hinter der sie stand, gibt es nicht mehr
an-earlier-try-put-back-what-the-page-says-so-that-it-is-not-written-again = ein früherer Versuch hat zurückgebracht, was die Seite sagt, darum wird sie nicht noch einmal geschrieben
where-the-page-stands-among-those-beside-it-stays-why = Wo die Seite unter denen daneben steht, bleibt: { $why }

## publish/verify.rs

confluence-stored-something-else-than-it-was-sent-stored-where-it-should-say-sent = Confluence hat etwas anderes gespeichert, als ihm gesendet wurde: `{ $stored }`, wo `{ $sent }` stehen sollte
confluence-stored-the-title-stored-where-it-should-be-sent = Confluence hat den Titel `{ $stored }` gespeichert, wo `{ $sent }` stehen sollte
the-page-lacks-its-label-label = der Seite fehlt ihr Stichwort `{ $label }`
the-page-lacks-its-attachment-filename = der Seite fehlt ihr Anhang `{ $filename }`

## Made beside each other: what a plan keeps, and what files for other publishers say

a-newer-commit-was-published-newer-and-its-source-may-be-there-publish-that-one-or-a-later-one-or-put-the-page-into-the-trash-in-confluence-writing-over-newer-pages-takes-none-away = ein neuerer Commit wurde veröffentlicht, `{ $newer }`, und die Quelle kann dort sein. Veröffentlichen Sie diesen oder einen späteren, oder legen Sie die Seite in Confluence in den Papierkorb; neuere Seiten zu überschreiben entfernt keine
a-text-that-was-put-away-is-not-there-as-it-was = ein beiseitegelegter Text ist nicht mehr da, wie er war
action-in-path-is-not-carried-out-and-stays-as-it-is-written-only-names-in-braces-are-filled-in = `{ $action }` in `{ $path }` wird nicht ausgeführt und bleibt, wie es geschrieben ist: nur Namen in Klammern werden eingesetzt
in-the-working-copy-what-and-its-source-may-be-back-when-that-has-ended-publish-again-then = in der Arbeitskopie { $what }, und die Quelle kann wieder da sein, wenn das beendet ist. Veröffentlichen Sie dann erneut
it-has-no-form-here = es hat hier keine Form
it-lacks-key = ihm fehlt `{ $key }`
nothing-stands-in-the-place-of-the-template-template-of-mark-because-why = An der Stelle der Vorlage `{ $template }` von `mark` steht nichts: { $why }
target-leads-to-path-whose-name-is-in-other-letters-git-hosts-do-not-find-it-that-way = `{ $target }` führt zu `{ $path }`, dessen Name anders groß- und kleingeschrieben ist; Git-Hosts finden es so nicht
the-comment-ac-name-of-mark-has-no-meaning-here-and-changes-nothing-on-the-page = Der Kommentar `ac:{ $name }` von `mark` hat hier keine Bedeutung und ändert nichts an der Seite
the-comment-says-has-no-other-one-that-it-belongs-to-so-nothing-is-left-out = Zum Kommentar `{ $says }` fehlt der zweite, zu dem er gehört, daher wird nichts ausgelassen
the-commit-newer-was-published-which-came-after-ours-and-may-have-this-page-under-another-name-or-not-at-all-publish-that-one-or-a-later-one-or-publish-with-conflicts-set-to-overwrite-to-make-the-page = der Commit `{ $newer }` wurde veröffentlicht, der nach `{ $ours }` kam, und kann diese Seite unter anderem Namen oder gar nicht haben. Veröffentlichen Sie diesen oder einen späteren, oder veröffentlichen Sie mit der Einstellung, dass Konflikte überschrieben werden, um die Seite zu erstellen
the-file-named-that-the-page-names-as-an-attachment-is-not-there-so-it-is-not-attached = Die Datei `{ $named }`, die die Seite als Anhang nennt, gibt es nicht, daher wird sie nicht angehängt
the-key-key-of-the-front-matter-has-no-meaning-here-and-changes-nothing-on-the-page = Der Schlüssel `{ $key }` des Front Matters hat hier keine Bedeutung und ändert nichts an der Seite
the-name-name-stands-for-several-lines-and-between-words-so-that-its-lines-begin-where-no-block-may-put-it-on-a-line-of-its-own = Der Name `{ $name }` steht für mehrere Zeilen und zwischen Wörtern, sodass sie beginnen, wo kein Block beginnen kann; schreiben Sie ihn in eine eigene Zeile
the-publish-broke-off-before-it-wrote-the-page-s-text-which-is-as-it-was-labels-properties-files-and-restrictions-may-be-as-the-publish-set-them = die Veröffentlichung brach ab, bevor sie den Text der Seite schrieb, der also wie zuvor ist; Labels, Eigenschaften, Dateien und Beschränkungen können schon so sein, wie die Veröffentlichung sie setzte
value-is-nothing-that-key-can-say-so-the-comment-is-left-out = `{ $value }` ist nichts, was `{ $key }` sagen kann, daher wird der Kommentar ausgelassen
what-path-says-could-not-be-read-again-error = was in `{ $path }` steht, konnte nicht noch einmal gelesen werden: { $error }
git-is-at-work-there-is-an-index-lock = arbeitet Git gerade (es gibt eine `index.lock`)
another-commit-was-checked-out-meanwhile = wurde inzwischen ein anderer Commit ausgecheckt
a-merge-is-under-way = ist ein Merge im Gange
a-cherry-pick-is-under-way = ist ein Cherry-Pick im Gange
a-revert-is-under-way = ist ein Revert im Gange
a-bisection-is-under-way = ist eine Bisection im Gange
a-rebase-is-under-way = ist ein Rebase im Gange
ours-is-checked-out = ist `{ $ours }` ausgecheckt
no-branch-is-checked-out = ist kein Branch ausgecheckt
what-is-published-without-a-look-at-its-plan-goes-from-the-branch-branch-alone-as-before-and-now-check-that-branch-out-or-plan-it-and-publish-to-go-on-from-here = was ohne Blick auf den Plan veröffentlicht wird, kommt wie zuvor nur aus dem Branch `{ $branch }`, und zurzeit { $now }. Checken Sie diesen Branch aus, oder planen und veröffentlichen Sie einmal, um von hier aus fortzufahren
in-the-working-copy-what = In der Arbeitskopie { $what }
publish-again-when-that-has-ended = Veröffentlichen Sie erneut, wenn das beendet ist
