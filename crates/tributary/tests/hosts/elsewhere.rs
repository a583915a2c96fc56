//! Pictures of other servers.

use tributary::ErrorKind;
use tributary::http::Http;
use tributary::preview::picture_from_elsewhere;

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
