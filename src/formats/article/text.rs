//! Plain text: encoding, line ends, title. What was changed on the way is recorded; nothing else is touched.

use super::{Article, ArticleError, Choices, Imported};
use crate::model::{Extra, ImportRecord, LIMITS, text_record::sha256_hex};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Reads a text file as an article.
pub fn read_text(name: &str, bytes: &[u8], choices: &Choices) -> Result<Imported, ArticleError> {
    read(name, bytes, choices.encoding.as_deref()).map(Imported::plain)
}

/// Reads an article: `encoding` is the user's choice, `None` finds it.
///
/// The order is: byte-order mark, UTF-8 if it is valid, UTF-16 by its zero bytes, a legacy encoding by its letters.
pub fn read(name: &str, bytes: &[u8], encoding: Option<&str>) -> Result<Article, ArticleError> {
    let (decoded, encoding, has_bom) = decoded(name, bytes, encoding)?;
    let name = name.to_owned();
    let (content, mut changed) = with_line_feeds(&decoded);
    if content.trim().is_empty() {
        return Err(ArticleError::Empty { name });
    }
    if content.len() > LIMITS.article {
        return Err(ArticleError::TooLarge { name, limit: LIMITS.article });
    }
    if has_bom {
        changed.insert(0, "bom".to_owned());
    }
    let imported = ImportRecord {
        sha256: sha256_hex(bytes),
        encoding: encoding.name().to_owned(),
        changed,
        name: name.clone(),
        extra: Extra::default(),
    };
    Ok(Article { title: title(&name, &content), content, imported })
}

/// The text of bytes, whatever their encoding.
pub fn decode<'b>(name: &str, bytes: &'b [u8]) -> Result<std::borrow::Cow<'b, str>, ArticleError> {
    decoded(name, bytes, None).map(|(text, ..)| text)
}

/// The text of bytes with its encoding, and whether a byte-order mark was taken off.
pub(super) fn decoded<'b>(
    name: &str,
    bytes: &'b [u8],
    encoding: Option<&str>,
) -> Result<(std::borrow::Cow<'b, str>, &'static Encoding, bool), ArticleError> {
    let name = name.to_owned();
    if bytes.is_empty() {
        return Err(ArticleError::Empty { name });
    }
    if bytes.len() > LIMITS.article {
        return Err(ArticleError::TooLarge { name, limit: LIMITS.article });
    }
    let chosen = encoding.and_then(|label| Encoding::for_label(label.as_bytes()));
    let (encoding, body, has_bom) = match Encoding::for_bom(bytes) {
        Some((marked, length)) if chosen.is_none_or(|chosen| chosen == marked) => (marked, bytes.get(length..).unwrap_or_default(), true),
        _ => match chosen {
            Some(chosen) => (chosen, bytes, false),
            None => (detect(bytes).ok_or_else(|| ArticleError::Binary { name: name.clone() })?, bytes, false),
        },
    };
    let (decoded, had_errors) = encoding.decode_without_bom_handling(body);
    if had_errors && (encoding == UTF_8 || encoding == UTF_16LE || encoding == UTF_16BE || chosen.is_some()) {
        return Err(match chosen {
            Some(_) => ArticleError::WrongEncoding { name, encoding: encoding.name().to_owned() },
            None => ArticleError::Binary { name },
        });
    }
    if decoded.contains('\0') {
        return Err(ArticleError::Binary { name });
    }
    Ok((decoded, encoding, has_bom))
}

/// An article from the clipboard.
pub fn paste(text: &str) -> Result<Article, ArticleError> {
    let mut article = read("pasted text", text.as_bytes(), Some("UTF-8"))?;
    article.imported.name = String::new();
    Ok(article)
}

/// The encoding of bytes without a byte-order mark; `None` for what is no text at all.
fn detect(bytes: &[u8]) -> Option<&'static Encoding> {
    // UTF-16 of Latin text is valid UTF-8 too, full of zeros.
    if std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0) {
        return Some(UTF_8);
    }
    if let Some(utf16) = utf16_without_mark(bytes) {
        return Some(utf16);
    }
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B);
    if bytes.iter().take(64 << 10).any(control) {
        return None;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    Some(detector.guess(None, Utf8Detection::Deny))
}

/// Latin text in UTF-16 has a zero in every second byte; other scripts have it at least at spaces and line ends.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    if !bytes.len().is_multiple_of(2) {
        return None;
    }
    let sample = bytes.get(..bytes.len().min(8 << 10)).unwrap_or(bytes);
    let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let some = (sample.len() / 20).max(2);
    let found = if odd > some && even == 0 {
        UTF_16LE
    } else if even > some && odd == 0 {
        UTF_16BE
    } else {
        return None;
    };
    (!found.decode_without_bom_handling(bytes).1).then_some(found)
}

/// CRLF and lone CR become LF; says which of them there were.
pub(super) fn with_line_feeds(text: &str) -> (String, Vec<String>) {
    if !text.contains('\r') {
        return (text.to_owned(), Vec::new());
    }
    let without_crlf = text.replace("\r\n", "\n");
    let mut changed = Vec::new();
    if without_crlf.len() != text.len() {
        changed.push("crlf".to_owned());
    }
    if without_crlf.contains('\r') {
        changed.push("cr".to_owned());
        return (without_crlf.replace('\r', "\n"), changed);
    }
    (without_crlf, changed)
}

/// The heading of a Markdown file; else the first line when it stands alone and looks like a headline; else the file's name.
pub(super) fn title(name: &str, content: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let markdown =
        name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("md") || ending.eq_ignore_ascii_case("markdown"));
    if markdown {
        let heading = content.lines().find_map(|line| line.strip_prefix("# "));
        return heading.map_or(stem, str::trim).to_owned();
    }
    let mut paragraphs = content.lines().map(str::trim).filter(|line| !line.is_empty());
    let headline = paragraphs.find(|line| !is_navigation(line)).filter(|line| is_headline(line));
    match headline {
        Some(headline) if paragraphs.next().is_some() => headline.to_owned(),
        _ => stem.to_owned(),
    }
}

fn is_headline(line: &str) -> bool {
    let length = line.chars().count();
    (8..=140).contains(&length) && !line.ends_with(['.', ',', ';', ':', '…'])
}

/// What scraped pages begin with.
fn is_navigation(line: &str) -> bool {
    let lower = line.to_lowercase();
    ["skip to", "menu", "home", "search", "subscribe", "sign in", "log in", "advertisement"].iter().any(|start| lower.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], encoding: &str, content: &str, changed: &[&str]) {
        match read("a.txt", bytes, None) {
            Ok(article) => {
                assert_eq!((article.imported.encoding.as_str(), article.content.as_str()), (encoding, content));
                assert_eq!(article.imported.changed, changed);
            }
            Err(error) => assert_eq!(error.to_string(), content),
        }
    }

    #[test]
    fn encodings_are_found_and_line_ends_become_one_kind() {
        check("naïve\r\nend\rx".as_bytes(), "UTF-8", "naïve\nend\nx", &["crlf", "cr"]);
        check(b"\xEF\xBB\xBFplain", "UTF-8", "plain", &["bom"]);
        check(b"\xFF\xFEa\0\n\0", "UTF-16LE", "a\n", &["bom"]);
        let wide: Vec<u8> = "The minister said no.".encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(&wide, "UTF-16BE", "The minister said no.", &[]);
        let russian = "Министерство сообщило, что тендер перенесён на весну. Источник не назван.";
        check(&encoding_rs::WINDOWS_1251.encode(russian).0, "windows-1251", russian, &[]);
        check(b"caf\xE9 and a cr\xE8me, please; na\xEFve people", "windows-1252", "café and a crème, please; naïve people", &[]);
    }

    #[test]
    fn spaces_joiners_and_marks_stay_as_they_are() {
        let odd = "a\u{a0}b\u{200d}c e\u{301} \u{202b}ש\u{202c}\u{200f}";
        check(odd.as_bytes(), "UTF-8", odd, &[]);
    }

    #[test]
    fn what_is_no_article_is_refused_with_a_reason() {
        let why = |bytes: &[u8], encoding| read("a.txt", bytes, encoding).map(|article| article.content).map_err(|error| error.to_string());
        assert_eq!(why(b"", None), Err("a.txt is empty".to_owned()));
        assert_eq!(why(b" \n\t\n", None), Err("a.txt is empty".to_owned()));
        assert_eq!(why(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", None), Err("a.txt is not a text file".to_owned()));
        assert_eq!(why(b"text with a \0 byte", None), Err("a.txt is not a text file".to_owned()));
        assert_eq!(why(b"caf\xE9", Some("UTF-8")), Err("a.txt cannot be read as UTF-8".to_owned()));
        assert_eq!(why(&vec![b'a'; (32 << 20) + 1], None), Err("a.txt is larger than 32 MB".to_owned()));
    }

    #[test]
    fn titles_come_from_the_headline() {
        let title_of = |name, content: &str| title(name, content);
        assert_eq!(title_of("a.txt", "Skip to main content\n\nPort strike enters week two\n\nText."), "Port strike enters week two");
        assert_eq!(title_of("port.txt", "The strike went on. It did.\nMore."), "port");
        assert_eq!(title_of("p.md", "intro\n# Port strike\n"), "Port strike");
        assert_eq!(title_of("only line.txt", "Only one line here"), "only line");
    }
}
