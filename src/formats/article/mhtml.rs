//! Pages that a browser saved as one file: the page of a MIME message.

use super::{ArticleError, Choices, Imported, converted, html};
use mail_parser::MessageParser;

/// Reads a saved page.
pub fn read(name: &str, bytes: &[u8], choices: &Choices) -> Result<Imported, ArticleError> {
    // A saved page holds its pictures too, which are not looked at.
    if bytes.len() > 64 << 20 {
        return Err(ArticleError::TooLarge { name: name.to_owned(), limit: 64 << 20 });
    }
    let damaged = |what: &str| ArticleError::Damaged { name: name.to_owned(), what: what.to_owned() };
    let message = MessageParser::default().parse(bytes).ok_or_else(|| damaged("no saved page: it has no headers"))?;
    let page =
        message.html_part(0).and_then(|part| part.text_contents()).ok_or_else(|| damaged("no saved page: there is no HTML in it"))?;
    if page.len() > 20 << 20 {
        return Err(ArticleError::TooLarge { name: name.to_owned(), limit: 20 << 20 });
    }
    let mut read = html::of_html(name, page, choices)?;
    let location = message.header_raw("Snapshot-Content-Location").or_else(|| message.header_raw("Content-Location"));
    if let Some(address) = location.map(str::trim).filter(|address| address.starts_with("http") && address.len() < 2_000) {
        read.details.entry("address".to_owned()).or_insert_with(|| address.to_owned());
    }
    read.article.imported = converted(name, bytes, "mhtml", "UTF-8");
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_a_saved_file_is_found() {
        let saved = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/strike\r\nSubject: Port strike\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"xx\"\r\n\r\n--xx\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: https://example.org/strike\r\n\r\n<html><head><meta charset=3D\"utf-8\"><title>Port strike</title></head><body><p>Na=C3=AFve talks went=\r\n on.</p></body></html>\r\n--xx--\r\n";
        let read = read("a.mhtml", saved.as_bytes(), &Choices::default()).unwrap();
        assert!(read.article.content.contains("Naïve talks went on."), "{}", read.article.content);
        assert_eq!(read.details.get("address").map(String::as_str), Some("https://example.org/strike"));
        assert!(super::read("b.mhtml", b"no page", &Choices::default()).is_err());
    }
}
