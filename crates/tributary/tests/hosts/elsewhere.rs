//! Pictures of other servers.

use tributary::ErrorKind;
use tributary::audit::{Audit, Clock, Filter};
use tributary::http::Http;
use tributary::preview::{picture_from_elsewhere, pictures_from_elsewhere};
use tributary::store::Paths;

use crate::server::{Answer, Server};

/// A picture of one pixel.
const PIXEL: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\xff\0\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

#[tokio::test]
async fn a_picture_is_asked_for_once_by_nobody_and_must_be_one() {
    let server = Server::start(|_, asked| match asked.target.as_str() {
        "/a.gif?x=1" => Answer::bytes(PIXEL.to_vec()),
        "/page.gif" => Answer::bytes(b"<html><script>run()</script>".to_vec()),
        "/large.gif" => Answer::bytes([PIXEL, &vec![0; 11 << 20]].concat()),
        "/away.gif" => Answer::status(302).with("Location", "http://127.0.0.1:9/a.gif"),
        _ => Answer::status(404),
    })
    .await;
    let http = Http::new().expect("a client");
    let fetch = async |path: &str| {
        let address = format!("{}{path}", server.base);
        picture_from_elsewhere(&http, &address).await
    };
    let given = fetch("/a.gif?x=1").await.expect("a picture");
    assert!(
        given.starts_with("data:image/gif;base64,R0lGODlh"),
        "{given}"
    );
    for (path, kind) in [
        ("/page.gif", ErrorKind::InvalidInput),
        ("/large.gif", ErrorKind::InvalidInput),
        ("/gone.gif", ErrorKind::NotFound),
        ("/away.gif", ErrorKind::NotFound),
    ] {
        let refused = fetch(path).await.expect_err(path);
        assert_eq!(refused.kind(), kind, "{path}: {refused}");
    }
    let asked = server.asked.lock().expect("no test panicked").clone();
    assert_eq!(asked.len(), 5, "nothing is asked again: {asked:?}");
    for header in ["cookie", "referer", "authorization"] {
        assert!(!asked[0].headers.contains_key(header), "{asked:?}");
    }
    for address in [
        "file:///etc/passwd",
        "data:image/gif;base64,R0lGODlh",
        "javascript:run()",
        "a.gif",
        "http://ada:secret@127.0.0.1:9/a.gif",
    ] {
        let refused = picture_from_elsewhere(&http, address).await;
        let refused = refused.expect_err(address);
        assert_eq!(refused.kind(), ErrorKind::InvalidInput, "{address}");
        assert!(!refused.to_string().contains("secret"), "{refused}");
    }
}

#[tokio::test]
async fn that_somebody_allowed_pictures_is_recorded_once_and_not_what_holds_a_password() {
    let server = Server::start(|_, asked| match asked.target.as_str() {
        "/a.gif" | "/b.gif" => Answer::bytes(PIXEL.to_vec()),
        _ => Answer::status(404),
    })
    .await;
    let http = Http::new().expect("a client");
    let home = tempfile::tempdir().expect("a folder");
    let audit = Audit::open(&Paths::below(home.path()), None, Clock::of_system());
    let allowed = || {
        let entries = audit.entries(&Filter::default()).expect("readable");
        let allowed = entries.into_iter();
        let allowed = allowed.filter(|entry| entry.action == "preview.allow");
        allowed.collect::<Vec<_>>()
    };
    let refused = "http://ada:password-in-it@127.0.0.1:9/a.gif".to_owned();
    let given = pictures_from_elsewhere(&http, &audit, std::slice::from_ref(&refused)).await;
    assert!(given[0].is_err());
    assert!(allowed().is_empty(), "nobody was asked");
    let paths = ["/a.gif", "/gone.gif", "/b.gif"];
    let mut wanted: Vec<String> = paths.map(|path| format!("{}{path}", server.base)).into();
    wanted.push(refused);
    let given = pictures_from_elsewhere(&http, &audit, &wanted).await;
    let came: Vec<bool> = given.iter().map(Result::is_ok).collect();
    assert_eq!(came, [true, false, true, false]);
    let records = allowed();
    assert_eq!(records.len(), 1, "{records:?}");
    let host = server.base.trim_start_matches("http://");
    assert_eq!(records[0].object.id, host, "{records:?}");
    assert_eq!(records[0].value("pictures"), Some("3"));

    // Looking goes on where nothing can be recorded.
    let blocked = Paths::below(&home.path().join("blocked"));
    tributary::store::write_atomically(&blocked.data.join("audit"), b"").expect("a file");
    let nothing = Audit::open(&blocked, None, Clock::of_system());
    let given = pictures_from_elsewhere(&http, &nothing, &wanted[..1]).await;
    assert!(given[0].is_ok());
}
