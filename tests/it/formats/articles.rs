//! Articles in: Word, OpenDocument, PDF, folders and archives of them, and what they say of themselves.

use super::read;
use onrecord::{
    formats::{
        self,
        article::{self, ArticleError, Choices, Extent},
        exchange::container::zip_of,
    },
    session::{
        Session, WorkEnvironment,
        exchange::{gather, read_articles},
    },
    store::incoming::inputs,
};
use std::{fs, time::Duration};

const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"";

fn docx(body: &str, footnotes: &str) -> Vec<u8> {
    zip_of([
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        ("word/document.xml", format!("<?xml version=\"1.0\"?><w:document {W}><w:body>{body}</w:body></w:document>").into_bytes()),
        ("word/footnotes.xml", format!("<w:footnotes {W}>{footnotes}</w:footnotes>").into_bytes()),
        ("docProps/core.xml", b"<cp:coreProperties xmlns:cp=\"c\" xmlns:dc=\"d\"><dc:title>Ferry tender</dc:title><dc:creator>Some Body</dc:creator></cp:coreProperties>".to_vec()),
    ])
    .unwrap()
}

#[test]
fn word_documents_come_with_changes_accepted_and_footnotes_kept() {
    let body = "<w:p><w:r><w:t>The tender </w:t></w:r><w:del><w:r><w:delText>never</w:delText></w:r></w:del><w:ins><w:r><w:t xml:space=\"preserve\">will </w:t></w:r></w:ins><w:r><w:t>slip &amp; slide</w:t><w:footnoteReference w:id=\"2\"/></w:r></w:p>\
<w:p/><w:p><w:r><w:t>Line</w:t><w:br/><w:t>break</w:t><w:tab/><w:t>tab &#1513;</w:t></w:r><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom></w:p>\
<w:p><mc:AlternateContent><mc:Choice><w:r><w:t>box</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>box</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>\
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    let notes = "<w:footnote w:type=\"separator\" w:id=\"0\"><w:p/></w:footnote><w:footnote w:id=\"2\"><w:p><w:r><w:t>Said in March.</w:t></w:r></w:p></w:footnote>";
    let read = article::docx::read("ferry.docx", &docx(body, notes), &Choices::default()).unwrap();
    assert_eq!(read.article.content, "The tender will slip & slide[2]\n\nLine\nbreak\ttab ש\n\nbox\n\ncell\n\n[2] Said in March.\n");
    assert_eq!(read.article.title, "Ferry tender");
    assert_eq!(read.warnings, ["Tracked changes were taken as accepted: 1 insertions, 2 deletions."]);
    let (hash, changed) = (&read.article.imported.sha256, &read.article.imported.changed);
    assert_eq!((hash.len(), changed.as_slice()), (64, ["docx".to_owned()].as_slice()));
    assert!(!format!("{read:?}").contains("Some Body"), "the author's name is the machine's");
}

#[test]
fn opendocument_texts_come_with_notes_and_without_deleted_text() {
    let body = "<text:tracked-changes><text:changed-region><text:deletion><text:p>deleted</text:p></text:deletion></text:changed-region></text:tracked-changes>\
<text:h>Ferry tender</text:h><text:p>The <text:span>tender</text:span><text:s text:c=\"2\"/>slips<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Said in March.</text:p></text:note-body></text:note>,<text:line-break/>he said.<office:annotation><text:p>remark</text:p></office:annotation></text:p>";
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"o\" xmlns:text=\"t\"><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    );
    let odt = zip_of([("mimetype", b"application/vnd.oasis.opendocument.text".to_vec()), ("content.xml", content.into_bytes())]).unwrap();
    let read = article::odt::read("ferry.odt", &odt, &Choices::default()).unwrap();
    assert_eq!(read.article.content, "Ferry tender\n\nThe tender  slips[1],\nhe said.\n\n[1] Said in March.\n");
    assert_eq!(read.article.title, "Ferry tender");
    assert_eq!(read.warnings.len(), 2, "{:?}", read.warnings);
}

#[test]
fn office_files_that_are_something_else_or_harmful_are_refused() {
    let why = |name: &str, bytes: &[u8]| match article::docx::read(name, bytes, &Choices::default()) {
        Ok(read) => read.article.content,
        Err(error) => error.to_string(),
    };
    assert_eq!(why("a.docx", b"%PDF-1.7"), "a.docx: no Word document, it is a PDF");
    assert_eq!(
        why("a.docx", b"\xD0\xCF\x11\xE0old"),
        "a.docx: no Word document, it is an office file of the kind before 2007, or encrypted: save it anew"
    );
    assert_eq!(why("a.docx", b"{\\rtf1"), "a.docx: no Word document, it is rich text (RTF): save it anew");
    assert!(why("a.docx", b"PK\x03\x04cut").contains("not a zip archive that can be read"));
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><w:document/>";
    let bytes = zip_of([("word/document.xml", bomb.as_bytes().to_vec())]).unwrap();
    assert_eq!(why("a.docx", &bytes), "a.docx is refused: word/document.xml has a DOCTYPE, which office files never have");
    let bytes = zip_of([("word/document.xml", format!("<w:document {W}>{}", "<w:p>".repeat(5_000)).into_bytes())]).unwrap();
    assert!(why("a.docx", &bytes).contains("more than 1000 levels"), "{}", why("a.docx", &bytes));
    let bytes = zip_of([("word/document.xml", format!("<w:document {W}><w:body><w:p><w:r><w:t>&bomb;").into_bytes())]).unwrap();
    assert!(why("a.docx", &bytes).contains("the entity &bomb; is not known"), "{}", why("a.docx", &bytes));
    assert!(why("a.docx", &zip_of([("other.xml", Vec::new())]).unwrap()).contains("word/document.xml is missing"));
    assert_eq!(why("a.docx", &docx("<w:p/>", "")), "a.docx has no text that can be read");
}

/// A PDF with these drawing instructions, its table of places right.
fn pdf(instructions: &str) -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{instructions}\nendstream", instructions.len() + 1),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut out = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    let start = out.len();
    out.push_str("xref\n0 6\n0000000000 65535 f \n");
    for place in &places {
        out.push_str(&format!("{place:010} 00000 n \n"));
    }
    out.push_str(&format!("trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"));
    out.into_bytes()
}

#[test]
fn the_text_of_a_pdf_is_read_and_one_without_text_says_so() {
    let page = "BT /F1 18 Tf 72 770 Td (Ferry tender) Tj ET BT /F1 11 Tf 14 TL 72 720 Td (The ferry tender will slip to spring, an offi-) Tj T* (cial said. The minis-) Tj T* (try did not answer.) Tj ET BT /F1 11 Tf 72 640 Td (A second paragraph.) Tj ET";
    let read = article::pdf::read("ferry.pdf", &pdf(page), &Choices::default()).unwrap();
    assert_eq!(
        read.article.content,
        "Ferry tender\n\nThe ferry tender will slip to spring, an official said. The ministry did not answer.\n\nA second paragraph.\n"
    );
    assert!(read.warnings.iter().any(|warning| warning.starts_with("2 words")), "{:?}", read.warnings);
    assert!(matches!(article::pdf::read("scan.pdf", &pdf("0 0 100 100 re f"), &Choices::default()), Err(ArticleError::NoText { .. })));
    for bad in [b"%PDF-1.7\n".as_slice(), b"no pdf", b""] {
        assert!(article::pdf::read("bad.pdf", bad, &Choices::default()).is_err());
    }
    // Cut and changed anywhere: an answer, never a panic.
    let whole = pdf(page);
    for at in (0..whole.len()).step_by(7) {
        drop(article::pdf::read("cut.pdf", &whole[..at], &Choices::default()));
        let mut changed = whole.clone();
        changed[at] ^= 0x15;
        drop(article::pdf::read("changed.pdf", &changed, &Choices::default()));
    }
}

#[test]
fn a_folder_of_articles_comes_in_and_says_what_did_not() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    write("in/a.txt", "The tender will slip.\n".as_bytes());
    write("in/b.html", b"<html><body><p>Six weeks more, the ministry said.</p></body></html>");
    write("in/deep/c.docx", &docx("<w:p><w:r><w:t>A Word file.</w:t></w:r></w:p>", ""));
    write("in/d.docx", b"no word file");
    write("in/e.md", b"# Title\n\n**Bold** words.\n");
    write("in/picture.png", b"\x89PNG");
    write("in/.hidden/f.txt", b"hidden");
    let session = Session::new("x", WorkEnvironment::seeded(1, None));
    let check = |path: &str| {
        let found = inputs(&[folder.path().join(path)], None);
        assert_eq!(found.skipped, 1, "the picture");
        let draft = gather(session.project(), &found.found, &Choices::default(), &|_| true).unwrap();
        let titles: Vec<&str> = draft.placed.iter().map(|placed| placed.article.title.as_str()).collect();
        assert_eq!(titles, ["a", "b", "Ferry tender", "Title"]);
        let failed: Vec<&str> = draft.failed.iter().map(|(message, _)| message.as_str()).collect();
        assert_eq!(failed, ["d.docx: no Word document, it is something else"]);
        let text: Vec<&str> = draft.placed.iter().map(|placed| &*placed.text.content).collect();
        assert_eq!(text[3], "Title\n\nBold words.\n");
    };
    check("in");
    // The same as a zip.
    let files = ["a.txt", "b.html", "deep/c.docx", "d.docx", "e.md", "picture.png"];
    let zip = zip_of(files.map(|name| (name, fs::read(folder.path().join("in").join(name)).unwrap()))).unwrap();
    fs::write(folder.path().join("in.zip"), zip).unwrap();
    check("in.zip");
    // Stopped: nothing comes in.
    let found = inputs(&[folder.path().join("in")], None);
    assert!(gather(session.project(), &found.found, &Choices::default(), &|_| false).is_err());
}

#[test]
fn what_takes_too_long_is_given_up_with_a_message() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slow.html");
    fs::write(&path, format!("<html><body>{}</body></html>", "<p>Six weeks more, the ministry said.</p>".repeat(60_000))).unwrap();
    let found = inputs(&[path], None);
    let read = read_articles(&found.found, &Choices { extent: Extent::Article, ..Choices::default() }, Duration::ZERO, &|| true).unwrap();
    let message = read[0].as_ref().map_or_else(ToString::to_string, |_| String::new());
    assert_eq!(message, "slow.html took longer than 0 seconds and was given up");
}

#[test]
fn the_article_and_its_page_both_come_in_as_projects() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.html");
    fs::write(&path, "<html lang=\"ar\" dir=\"rtl\"><title>محادثات</title><body><p>قال مسؤول كبير إن المحادثات ستستمر.</p></body></html>")
        .unwrap();
    let mut session = Session::new("x", WorkEnvironment::seeded(1, None));
    let draft = read(session.project(), &path, formats::named("html").unwrap()).unwrap();
    super::bring(&mut session, draft);
    let document = session.project().documents.iter().next().unwrap();
    assert_eq!((document.title.as_str(), document.language.as_str()), ("محادثات", "ar"));
    assert_eq!(
        document.imported.as_ref().map(|imported| (imported.name.as_str(), imported.changed.as_slice())),
        Some(("a.html", ["html".to_owned()].as_slice()))
    );
}
