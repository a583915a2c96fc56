//! Pictures that are in a source itself, as addresses that carry them (RFC 2397): what a notebook
//! puts out, and what some editors paste.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;
use sha2::{Digest, Sha256};

/// A picture that is in the source.
pub(super) struct Embedded {
    /// Its name as an attachment, which its contents decide.
    pub(super) filename: String,
    /// SHA-256 of its contents, in hexadecimal.
    pub(super) sha256: String,
    /// Its size in bytes.
    pub(super) size: u64,
    /// Its media type, as the address says.
    pub(super) media_type: &'static str,
}

/// The media types of pictures that a page shows, and the endings of their files.
const PICTURES: [(&str, &str); 6] = [
    ("image/png", "png"),
    ("image/jpeg", "jpg"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
    ("image/svg+xml", "svg"),
    ("image/bmp", "bmp"),
];

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The picture that an address carries; none when it carries none, or something else.
pub(super) fn embedded(address: &str) -> Option<Embedded> {
    let (media_type, ending, bytes) = decode(address)?;
    let hash = Sha256::digest(&bytes);
    let sha256: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(Embedded {
        filename: format!("embedded-{}.{ending}", &sha256[..12]),
        size: bytes.len() as u64,
        sha256,
        media_type,
    })
}

/// The contents of a picture that an address carries.
pub fn embedded_bytes(address: &str) -> Option<Vec<u8>> {
    decode(address).map(|(.., bytes)| bytes)
}

fn decode(address: &str) -> Option<(&'static str, &'static str, Vec<u8>)> {
    let address = address.trim();
    let (scheme, rest) = address.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("data") {
        return None;
    }
    let (head, data) = rest.split_once(',')?;
    let mut parts = head.split(';').map(str::trim);
    let named = parts.next()?;
    let (media_type, ending) = PICTURES
        .into_iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(named))?;
    let bytes = if parts.any(|part| part.eq_ignore_ascii_case("base64")) {
        let decoded: Vec<u8> = percent_decode_str(data)
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        LENIENT.decode(decoded).ok()?
    } else {
        percent_decode_str(data).collect()
    };
    (!bytes.is_empty()).then_some((media_type, ending, bytes))
}

#[cfg(test)]
mod tests {
    use super::{embedded, embedded_bytes};

    #[test]
    fn addresses_that_carry_pictures_are_read() {
        for (address, bytes) in [
            ("data:image/png;base64,aGk=", "hi"),
            ("DATA:image/PNG; base64,aG\n k", "hi"),
            ("data:image/svg+xml,%3Csvg%2F%3E", "<svg/>"),
            ("data:image/svg+xml;charset=utf-8;base64,PHN2Zy8+", "<svg/>"),
        ] {
            let found = embedded_bytes(address);
            assert_eq!(found.as_deref(), Some(bytes.as_bytes()), "{address}");
        }
        for address in [
            "data:text/html,<script>",
            "data:image/png;base64,****",
            "data:image/png;base64,",
            "data:,x",
            "https://example.com/data:image/png,x",
            "picture.png",
        ] {
            assert_eq!(embedded_bytes(address), None, "{address}");
        }
        let picture = embedded("data:image/jpeg;base64,aGk=").expect("a picture");
        assert_eq!(picture.filename, "embedded-8f434346648f.jpg");
        assert_eq!((picture.size, picture.media_type), (2, "image/jpeg"));
    }
}
