//! Pages of PDFs: what people keep beside their texts, and what nobody should.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use tributary_diagrams::pdf::{MOST_PAGES, Pdf, is_pdf};

/// A PDF of objects, numbered from 1; the first is the catalog.
fn pdf_of(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(file.len());
        writeln!(file, "{number} 0 obj").expect("memory");
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let table = file.len();
    let count = objects.len() + 1;
    writeln!(file, "xref\n0 {count}\n0000000000 65535 f ").expect("memory");
    for place in places {
        writeln!(file, "{place:010} 00000 n ").expect("memory");
    }
    writeln!(
        file,
        "trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF"
    )
    .expect("memory");
    file
}

fn stream(head: &str, contents: &[u8]) -> Vec<u8> {
    let mut object = format!("<< {head} /Length {} >>\nstream\n", contents.len()).into_bytes();
    object.extend_from_slice(contents);
    object.extend_from_slice(b"\nendstream");
    object
}

/// So many megabytes of nothing, packed. They are packed once and written again and again.
fn bomb(megabytes: usize) -> Vec<u8> {
    let mut packing = ZlibEncoder::new(Vec::new(), Compression::best());
    packing.write_all(b" ").expect("memory");
    packing.flush().expect("memory");
    let head = packing.get_ref().len();
    packing.write_all(&vec![b' '; 1 << 20]).expect("memory");
    packing.flush().expect("memory");
    let block = packing.get_ref()[head..].to_vec();
    let mut bomb = packing.get_ref()[..head].to_vec();
    for _ in 0..megabytes {
        bomb.extend_from_slice(&block);
    }
    bomb
}

fn packed(bytes: impl Iterator<Item = u8>) -> Vec<u8> {
    let mut packing = ZlibEncoder::new(Vec::new(), Compression::best());
    let mut block = Vec::new();
    for byte in bytes {
        block.push(byte);
        if block.len() == 1 << 16 {
            packing.write_all(&block).expect("memory");
            block.clear();
        }
    }
    packing.write_all(&block).expect("memory");
    packing.finish().expect("memory")
}

/// A PDF of pages, each with what is particular about it and its instructions as an object.
fn pages(pages: &[(&str, Vec<u8>)], resources: &str, more: &[Vec<u8>]) -> Vec<u8> {
    let numbers = (0..pages.len()).map(|page| format!("{} 0 R", 4 + page * 2));
    let kids = numbers.collect::<Vec<_>>().join(" ");
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Count {} /Kids [{kids}] >>", pages.len()).into_bytes(),
        format!("<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> {resources} >>")
            .into_bytes(),
    ];
    for (number, (page, contents)) in pages.iter().enumerate() {
        let contents_at = 5 + number * 2;
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /Resources 3 0 R /Contents {contents_at} 0 R {page} >>"
            )
            .into_bytes(),
        );
        objects.push(contents.clone());
    }
    objects.extend_from_slice(more);
    pdf_of(&objects)
}

const A4: &str = "/MediaBox [0 0 595 842]";

/// Three pages: of text and a filled square, on its side, and packed.
fn handbook() -> Vec<u8> {
    let first = b"BT /F 28 Tf 72 740 Td (Handbook of the harbor) Tj ET\n\
        BT /F 12 Tf 72 700 Td (Ships report) Tj 75 0 Td (to the tower.) Tj ET\n\
        0.1 0.42 0.4 rg 72 400 200 200 re f\n";
    let second = b"BT /F 20 Tf 40 40 Td (On its side) Tj ET\n";
    let third = b"BT /F 20 Tf 72 740 Td (The end of it.) Tj ET\n";
    let unpacked = [A4, "/MediaBox [0 0 300 200] /Rotate 90", A4];
    let packed = stream("/Filter /FlateDecode", &packed(third.iter().copied()));
    pages(
        &[
            (unpacked[0], stream("", first)),
            (unpacked[1], stream("", second)),
            (unpacked[2], packed),
        ],
        "",
        &[],
    )
}

/// A page with words in a font that says which letters they are: `A` an escape, `B` one that turns
/// the direction, `C` two letters.
fn renamed() -> Vec<u8> {
    let names = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n\
        /CMapName /N def /CMapType 2 def\n1 begincodespacerange <00> <FF> endcodespacerange\n\
        3 beginbfchar <41> <001B> <42> <202E> <43> <00660069> endbfchar\n\
        endcmap end end";
    let font = "/Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R";
    pdf_of(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>".to_vec(),
        stream("", b"BT /F 20 Tf 40 40 Td (CABC) Tj ET\n"),
        format!("<< {font} >>").into_bytes(),
        stream("", names),
    ])
}

/// A page that wants much: to run a script, to open an address, to start a program, and to draw
/// itself for ever.
fn hostile() -> Vec<u8> {
    let contents =
        b"BT /F 20 Tf 72 740 Td (<script>top.ran = 70</script> The end of it.) Tj ET\n/X Do\n";
    let more = [
        stream(
            "/Type /XObject /Subtype /Form /BBox [0 0 500 500] /Resources << /XObject << /X 6 0 R >> >>",
            b"/X Do /X Do /X Do",
        ),
        b"<< /Type /Action /S /JavaScript /JS (app.launchURL\\('LISTENER/js', true\\); top.ran = 71;) >>"
            .to_vec(),
    ];
    let page = "/MediaBox [0 0 595 842] /AA << /O 7 0 R >> /Annots [\
        << /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A << /S /URI /URI (LISTENER/link) >> >>\
        << /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A << /S /Launch /F (/bin/sh) >> >>]";
    let made = pages(
        &[(page, stream("", contents))],
        "/XObject << /X 6 0 R /P << /Type /XObject /Subtype /Image /F (LISTENER/picture.jpg) >> >>",
        &more,
    );
    String::from_utf8_lossy(&made)
        .replace("/Pages 2 0 R >>", "/Pages 2 0 R /OpenAction 7 0 R >>")
        .into_bytes()
}

/// Width, height, and how many pixels are not white.
fn seen(png: &[u8]) -> (u32, u32, usize) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png))
        .read_info()
        .expect("a picture");
    let mut pixels = vec![0; reader.output_buffer_size().expect("it fits")];
    let frame = reader.next_frame(&mut pixels).expect("a picture");
    let inked = pixels.chunks_exact(3).filter(|pixel| **pixel != [255; 3]);
    (frame.width, frame.height, inked.count())
}

/// The sample that the window's tests open too, rewritten with `UPDATE_FIXTURES=1`.
#[expect(
    clippy::disallowed_methods,
    reason = "a fixture is no data of a user that a crash could cut in half"
)]
fn same_as_fixture(path: &str, made: &[u8]) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests")
        .join(path);
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        std::fs::write(&file, made).expect("it can be written");
    }
    let kept = std::fs::read(&file).expect("it is there");
    assert!(kept == made, "{path} is as it is made here");
}

fn keep(name: &str, png: &[u8]) {
    super::keep(name, "", png);
}

#[test]
fn pages_are_drawn_with_their_words_where_they_stand() {
    let file = handbook();
    same_as_fixture("hostile/handbook.pdf", &file);
    assert!(is_pdf(&file));
    let pdf = Pdf::open(file).expect("a PDF");
    let sizes: Vec<_> = pdf
        .pages()
        .iter()
        .map(|size| (size.width, size.height))
        .collect();
    assert_eq!(sizes, [(595.0, 842.0), (200.0, 300.0), (595.0, 842.0)]);
    assert_eq!(pdf.total(), 3);
    for (number, width, height) in [(0, 595, 842), (1, 400, 600), (2, 1190, 1684)] {
        let page = pdf.draw(number, width).expect("a page");
        let (wide, high, inked) = seen(&page.png);
        keep(&format!("pdf-{number}"), &page.png);
        assert_eq!((wide, high), (page.width, page.height));
        assert!(
            wide.abs_diff(width) <= 1 && high.abs_diff(height) <= 1,
            "{wide} × {high}"
        );
        assert!(inked > 300, "{number}: {inked}");
    }
    let first = pdf.draw(0, 595).expect("a page");
    let words: Vec<_> = first
        .words
        .iter()
        .map(|words| words.text.as_str())
        .collect();
    assert_eq!(
        words,
        ["Handbook of the harbor", "Ships report to the tower."]
    );
    let title = &first.words[0];
    assert!((title.left - 72.0 / 595.0).abs() < 0.01, "{title:?}");
    assert!(
        (title.top - (842.0 - 740.0 - 22.4) / 842.0).abs() < 0.01,
        "{title:?}"
    );
    assert!((0.4..0.6).contains(&title.width), "{title:?}");
    // 200 points square, in its color.
    assert!(seen(&first.png).2 > 40_000);
    assert_eq!(
        pdf.draw(2, 300).expect("a page").words[0].text,
        "The end of it."
    );
    let missing = pdf.draw(3, 300).expect_err("there are three");
    assert_eq!(missing.message, "it has no page 4");
}

#[test]
fn a_picture_of_a_page_has_a_greatest_size() {
    let long = stream("", b"0 0 10 19000 re f");
    let pdf = Pdf::open(pages(
        &[(A4, long.clone()), ("/MediaBox [0 0 10 19000]", long)],
        "",
        &[],
    ))
    .expect("a PDF");
    let page = pdf.draw(0, u32::MAX).expect("a page");
    assert!(
        page.width <= 4096 && page.width * page.height <= 16_100_000,
        "{}",
        page.width
    );
    let page = pdf.draw(1, 4096).expect("a page");
    assert!(
        page.width * page.height <= 16_100_000,
        "{} × {}",
        page.width,
        page.height
    );
    let many = vec![(A4, stream("", b"")); MOST_PAGES + 5];
    let pdf = Pdf::open(pages(&many, "", &[])).expect("a PDF");
    assert_eq!(
        (pdf.pages().len(), pdf.total()),
        (MOST_PAGES, MOST_PAGES + 5)
    );
    assert!(pdf.draw(MOST_PAGES, 300).is_err());
}

#[test]
fn what_is_broken_encrypted_or_a_bomb_is_refused_in_words() {
    let content = |head: &str, bytes: &[u8]| pages(&[(A4, stream(head, bytes))], "", &[]);
    let layered = packed(bomb(130).into_iter());
    let bomb = bomb(130);
    let pictured = |head: &str, bytes: &[u8]| {
        let picture = stream(&format!("/Type /XObject /Subtype /Image {head}"), bytes);
        pages(
            &[(A4, stream("", b"/X Do"))],
            "/XObject << /X 6 0 R >>",
            &[picture],
        )
    };
    let large = "/Width 60000 /Height 60000 /BitsPerComponent 8 /ColorSpace /DeviceGray";
    // A JPEG whose head says 60,000 × 60,000.
    let jpeg = b"\xff\xd8\xff\xc0\x00\x0b\x08\xea\x60\xea\x60\x01\x01\x11\x00\xff\xd9";
    let mut jpeg2000 = vec![0, 0, 0, 12];
    jpeg2000.extend_from_slice(b"jP  \r\n\x87\n");
    jpeg2000.extend_from_slice(b"\0\0\0\x16ihdr\0\0\xea\x60\0\0\xea\x60");
    let small = "/Width 6 /Height 6 /BitsPerComponent 8 /ColorSpace /DeviceGray";
    let encrypted =
        String::from_utf8_lossy(&handbook()).replace("/Root 1 0 R", "/Root 1 0 R /Encrypt 9 0 R");
    let half = handbook();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("nothing", b"%PDF-1.7\n".to_vec(), "damaged"),
        (
            "noise",
            b"%PDF-1.7\nobj << stream endstream \xff\xfe".to_vec(),
            "damaged",
        ),
        ("a head alone", half[..90].to_vec(), "damaged"),
        ("no pages", pages(&[], "", &[]), "no pages"),
        ("encrypted", encrypted.into_bytes(), "encrypted"),
        ("a bomb", content("/Filter /FlateDecode", &bomb), "far more"),
        (
            "a bomb in a bomb",
            content("/Filter [/FlateDecode /FlateDecode]", &layered),
            "far more",
        ),
        (
            "a bomb under another name",
            content("/Filter /F#6cateDecode", &bomb),
            "is",
        ),
        (
            "LZW",
            content("/Filter /LZWDecode", &vec![0x80; 200_000]),
            "not opened here",
        ),
        (
            "a large picture",
            pictured(&format!("{large} /Filter /CCITTFaxDecode"), b"x"),
            "far more",
        ),
        (
            "a JPEG",
            pictured(&format!("{small} /Filter /DCTDecode"), jpeg),
            "far more",
        ),
        (
            "a JPEG 2000",
            pictured(&format!("{small} /Filter /JPXDecode"), &jpeg2000),
            "far more",
        ),
    ];
    for (name, file, words) in cases {
        let failure = Pdf::open(file).expect_err(name);
        assert!(failure.message.contains(words), "{name}: {failure}");
    }
}

#[test]
fn a_hostile_page_is_a_picture_and_no_more() {
    let file = hostile();
    same_as_fixture("hostile/attack.pdf", &file);
    let pdf = Pdf::open(file).expect("a PDF");
    let page = pdf.draw(0, 600).expect("a page");
    keep("pdf-hostile", &page.png);
    assert_eq!(
        page.words[0].text,
        "<script>top.ran = 70</script> The end of it."
    );
    assert!(seen(&page.png).2 > 300);
    // Loops in the tree of pages end, and damaged ends are mended.
    let looped = pdf_of(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Count 1 /Kids [2 0 R 2 0 R] >>".to_vec(),
    ]);
    assert!(Pdf::open(looped).is_err());
    let whole = handbook();
    let cut = Pdf::open(whole[..whole.len() - 120].to_vec()).expect("read by its objects");
    assert_eq!(cut.total(), 3);
}

/// Each byte in turn is another one: whatever comes of it, it comes as a picture or in words.
#[test]
fn no_letter_is_an_order_to_a_terminal_or_turns_the_words_behind_it() {
    let pdf = Pdf::open(renamed()).expect("it is sound");
    let page = pdf.draw(0, 300).expect("it is drawn");
    let words: String = page.words.iter().map(|words| words.text.as_str()).collect();
    assert_eq!(
        words, "fi fi",
        "the place of what is left out is one between words"
    );
}

#[test]
fn no_damage_breaks_anything_down() {
    let whole = handbook();
    let mut drawn = 0;
    for at in (0..whole.len()).step_by(7) {
        let mut file = whole.clone();
        file[at] ^= 0x15;
        match Pdf::open(file).and_then(|pdf| pdf.draw(0, 60)) {
            Ok(_) => drawn += 1,
            Err(failure) => assert!(!failure.message.contains("broke down"), "{at}: {failure}"),
        }
    }
    assert!(drawn > 50, "{drawn}");
}

/// Draws a file that somebody names, for looking at.
#[test]
fn a_file_of_ones_own_is_drawn() {
    let Some(path) = std::env::var_os("TRIBUTARY_PDF").map(PathBuf::from) else {
        return;
    };
    let pdf = Pdf::open(std::fs::read(&path).expect("it is there")).expect("a PDF");
    for number in 0..pdf.pages().len().min(5) {
        let began = std::time::Instant::now();
        let page = pdf.draw(number, 1200).expect("a page");
        println!(
            "{number}: {:?}, {} KB",
            began.elapsed(),
            page.png.len() / 1024
        );
        keep(&format!("pdf-own-{number}"), &page.png);
    }
}
