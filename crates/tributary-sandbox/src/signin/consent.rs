//! The pages a person sees while signing in: consent, and what went wrong.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::scopes::in_words;

/// What the consent page asks.
pub(super) struct Question<'a> {
    /// The id under which the answer comes back.
    pub(super) id: &'a str,
    /// Where the answer goes.
    pub(super) action: &'a str,
    pub(super) application: &'a str,
    pub(super) person: &'a str,
    pub(super) email: &'a str,
    pub(super) site: &'a str,
    pub(super) scopes: &'a [String],
    pub(super) redirect_uri: &'a str,
}

/// The page with the buttons "Accept" and "Cancel".
pub(super) fn ask(question: &Question<'_>) -> Response {
    let scopes: String = question
        .scopes
        .iter()
        .map(|scope| {
            format!(
                "<li>{}<code>{}</code></li>",
                escape(&in_words(scope)),
                escape(scope)
            )
        })
        .collect();
    let body = format!(
        "<h1><b>{application}</b> is requesting access to your account</h1>\
         <p class=\"who\"><span class=\"avatar\" aria-hidden=\"true\">{initial}</span><span>{person}<small>{email}</small></span></p>\
         <label>Use app on<select disabled><option>{site}</option></select></label>\
         <h2>It would like to</h2><ul>{scopes}</ul>\
         <form method=\"post\" action=\"{action}\">\
         <input type=\"hidden\" name=\"consent\" value=\"{id}\">\
         <button class=\"primary\" name=\"decision\" value=\"allow\" autofocus>Accept</button>\
         <button name=\"decision\" value=\"deny\">Cancel</button></form>\
         <p class=\"fine\">You will be sent to <code>{redirect}</code>.</p>",
        application = escape(question.application),
        initial = escape(&question.person.chars().take(1).collect::<String>()),
        person = escape(question.person),
        email = escape(question.email),
        site = escape(question.site),
        action = escape(question.action),
        id = escape(question.id),
        redirect = escape(question.redirect_uri),
    );
    page(StatusCode::OK, "Allow access?", &body)
}

/// The page on which a person types the code that a device shows, and answers for it.
pub(super) fn ask_for_code(action: &str, host: &str, person: &str, code: &str) -> Response {
    let body = format!(
        "<h1>Sign a device in to <b>{host}</b></h1>\
         <p class=\"who\"><span>{person}<small>Type the code that the device shows, and only one you asked for yourself.</small></span></p>\
         <form method=\"post\" action=\"{action}\">\
         <input name=\"user_code\" aria-label=\"Code\" autocomplete=\"off\" value=\"{code}\" required>\
         <button class=\"primary\" name=\"decision\" value=\"allow\">Allow</button>\
         <button name=\"decision\" value=\"deny\">Cancel</button></form>",
        host = escape(host),
        person = escape(person),
        action = escape(action),
        code = escape(code),
    );
    page(StatusCode::OK, "Sign a device in", &body)
}

/// A page that only says something.
pub(super) fn say(message: &str) -> Response {
    let body = format!("<h1>{}</h1>", escape(message));
    page(StatusCode::OK, "Done", &body)
}

/// The page for a request that must not be sent back to the application.
pub(super) fn refuse(message: &str) -> Response {
    let body = format!(
        "<h1>Something went wrong</h1><p>{}</p><p class=\"fine\">Contact the application's vendor and give them this message.</p>",
        escape(message)
    );
    page(StatusCode::BAD_REQUEST, "Something went wrong", &body)
}

fn page(status: StatusCode, title: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\
         <style>{STYLE}</style></head><body><main><p class=\"stand-in\">Stand-in sign-in server: nothing here leaves this machine</p>{body}</main></body></html>"
    );
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    // The answer to the form is a redirect to the application, which browsers hold against
    // `form-action` as well.
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' http: https:; frame-ancestors 'none'; base-uri 'none'",
        ),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    response
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#172b4d;--soft:#626f86;--line:#dcdfe4;--page:#f7f8f9;--card:#fff;--key:#0c66e4}\
@media(prefers-color-scheme:dark){:root{--ink:#dee4ea;--soft:#9fadbc;--line:#454f59;--page:#161a1d;--card:#22272b;--key:#579dff}}\
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,'Segoe UI','Noto Sans',sans-serif}\
main{width:100%;max-width:440px;background:var(--card);border:1px solid var(--line);border-radius:12px;padding:28px 32px;box-shadow:0 8px 24px #091e4214}\
h1{font-size:20px;line-height:1.35;font-weight:500;margin:0 0 20px}h2{font-size:14px;margin:20px 0 8px}\
.stand-in{margin:-12px 0 20px;font-size:12px;color:var(--soft);text-align:center}\
.who{display:flex;gap:12px;align-items:center;margin:0 0 16px}.who small{display:block;color:var(--soft)}\
.avatar{width:36px;height:36px;border-radius:50%;background:var(--key);color:var(--card);display:grid;place-items:center;font-weight:600}\
label{display:block;font-size:12px;color:var(--soft)}select{display:block;width:100%;margin-top:4px;padding:8px;font:inherit;color:var(--ink);background:var(--page);border:1px solid var(--line);border-radius:6px}\
ul{margin:0;padding:0;list-style:none}li{padding:7px 0;border-bottom:1px solid var(--line)}li code{display:block}code{font-size:12px;color:var(--soft);overflow-wrap:anywhere}\
form{display:flex;gap:8px;margin-top:24px}button{flex:1;padding:10px;font:inherit;font-weight:500;border:1px solid var(--line);border-radius:6px;background:transparent;color:var(--ink);cursor:pointer}\
button.primary{background:var(--key);border-color:var(--key);color:var(--card)}button:focus-visible{outline:2px solid var(--key);outline-offset:2px}\
.fine{font-size:12px;color:var(--soft);margin:16px 0 0}";
