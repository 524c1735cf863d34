//! Web pages: the article as `dom_smoothie` finds it (Mozilla's Readability), or the whole page; title, byline, date, outlet and language.
//!
//! The parser of trees is recursive, so nesting is counted by a tokenizer first: pages with more than 512 levels are read as plain tokens.
//! Pages over 20 MB are refused: deep ones take minutes.

use super::{Article, ArticleError, Choices, Extent, Imported, converted, text, with_headline};
use dom_smoothie::{Config, Readability};
use html5gum::{DefaultEmitter, Token, Tokenizer};
use std::collections::{BTreeMap, HashMap};

/// Largest page in bytes.
const LARGEST: usize = 20 << 20;
/// Most levels of elements that are given to the parser of trees.
const LEVELS: usize = 512;

/// Reads a page.
pub fn read(name: &str, bytes: &[u8], choices: &Choices) -> Result<Imported, ArticleError> {
    if bytes.len() > LARGEST {
        return Err(ArticleError::TooLarge { name: name.to_owned(), limit: LARGEST });
    }
    let stated = choices.encoding.clone().or_else(|| stated_encoding(bytes));
    let (html, encoding, _) = match text::decoded(name, bytes, stated.as_deref()) {
        // Pages that say a wrong encoding are common.
        Err(ArticleError::WrongEncoding { .. }) if choices.encoding.is_none() => text::decoded(name, bytes, None)?,
        other => other?,
    };
    let mut page = of_html(name, &html, choices)?;
    page.article.imported = converted(name, bytes, "html", encoding.name());
    Ok(page)
}

/// The article of a page whose encoding is known.
pub(super) fn of_html(name: &str, html: &str, choices: &Choices) -> Result<Imported, ArticleError> {
    let mut warnings = Vec::new();
    let mut details = BTreeMap::new();
    let mut title = String::new();
    let mut content = String::new();
    if nesting(html) > LEVELS {
        warnings.push(format!(
            "The page has more than {LEVELS} levels of elements and was read as plain text: look for menus and advertisements."
        ));
    } else {
        let config = Config { max_elements_to_parse: 400_000, ..Config::default() };
        if let Ok(mut readability) = Readability::new(html, None, Some(config)) {
            let said = readability.get_article_metadata(readability.parse_json_ld());
            let heading = readability.doc.select_single("h1").text();
            title = if said.title.trim().is_empty() { heading.trim().to_owned() } else { said.title.trim().to_owned() };
            let language = said.lang.or_else(|| readability.doc.select_single("html").attr("lang").map(|lang| lang.to_string()));
            let canonical = readability.doc.select_single("link[rel=canonical]").attr("href").map(|link| link.to_string());
            let facts = [
                ("byline", said.byline),
                ("outlet", said.site_name),
                ("published", said.published_time),
                ("language", language.map(|language| language.replace('_', "-"))),
                ("address", canonical.or(said.url).filter(|link| link.starts_with("http"))),
                ("direction", said.dir.filter(|direction| direction == "rtl" || direction == "ltr")),
            ];
            for (key, value) in facts {
                if let Some(value) = value
                    .map(|value| value.split_whitespace().collect::<Vec<_>>().join(" "))
                    .filter(|value| !value.is_empty() && value.len() < 500)
                {
                    details.insert(key.to_owned(), value);
                }
            }
            if let Some(selector) = &choices.selector {
                let selected = readability.doc.try_select(selector).map(|selected| selected.html().to_string());
                let selected = selected
                    .ok_or_else(|| ArticleError::Damaged { name: name.to_owned(), what: format!("nothing on the page is {selector:?}") })?;
                content = plain(&selected);
            } else if choices.extent == Extent::Article {
                match readability.parse() {
                    Ok(article) => {
                        if title.is_empty() {
                            title = article.title;
                        }
                        content = plain(&article.content);
                    }
                    Err(error) => warnings.push(format!("No article was found on the page ({error}); the whole page was taken.")),
                }
            }
        }
    }
    let is_whole = content.trim().is_empty();
    if is_whole {
        content = plain(html);
    }
    if content.trim().is_empty() {
        return Err(ArticleError::NoText { name: name.to_owned() });
    }
    if !is_whole {
        content = with_headline(&title, content);
    }
    if title.is_empty() {
        title = text::title(name, &content);
    }
    if !is_whole && content.chars().count() < 400 && choices.extent == Extent::Article && choices.selector.is_none() {
        warnings.push("Little text was found: the whole page may hold more.".to_owned());
    }
    Ok(Imported { article: Article { title, content, imported: converted(name, html.as_bytes(), "html", "UTF-8") }, details, warnings })
}

/// The encoding that a page says itself in its first kilobyte.
fn stated_encoding(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(..1024).unwrap_or(bytes)).to_lowercase();
    let (_, after) = head.split_once("charset")?;
    let label: String = after
        .trim_start_matches(['=', '"', '\'', ' '])
        .chars()
        .take_while(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
        .collect();
    encoding_rs::Encoding::for_label(label.as_bytes()).map(|encoding| encoding.name().to_owned())
}

fn tokens(html: &str) -> impl Iterator<Item = Token> + '_ {
    let mut emitter = DefaultEmitter::default();
    // Scripts and styles are no markup.
    emitter.naively_switch_states(true);
    Tokenizer::new_with_emitter(html, emitter).map_while(Result::ok)
}

/// Elements that have no end.
const VOID: [&[u8]; 13] =
    [b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"source", b"track", b"wbr"];
/// Elements whose end is usually left out, so that an open one says nothing of nesting.
const IMPLIED: [&[u8]; 12] = [b"p", b"li", b"dt", b"dd", b"option", b"tr", b"td", b"th", b"thead", b"tbody", b"tfoot", b"body"];

/// The deepest nesting of elements; an end counts only where its element is open.
fn nesting(html: &str) -> usize {
    let mut open: HashMap<Vec<u8>, usize> = HashMap::new();
    let (mut depth, mut deepest) = (0_usize, 0);
    for token in tokens(html) {
        match token {
            Token::StartTag(tag) if !tag.self_closing && !VOID.contains(&&**tag.name) && !IMPLIED.contains(&&**tag.name) => {
                *open.entry(tag.name.to_vec()).or_default() += 1;
                depth += 1;
                deepest = deepest.max(depth);
            }
            Token::EndTag(tag) => {
                if let Some(count) = open.get_mut(&**tag.name).filter(|count| **count > 0) {
                    *count -= 1;
                    depth -= 1;
                }
            }
            _ => {}
        }
    }
    deepest
}

/// Elements that begin a paragraph of their own.
const BLOCKS: [&str; 35] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "caption",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tr",
    "ul",
];
/// Elements whose text is none.
const HIDDEN: [&str; 10] = ["script", "style", "noscript", "template", "head", "svg", "math", "iframe", "select", "textarea"];

/// The text of a page, a paragraph a block, blank lines between them; white space as a browser shows it.
pub(super) fn plain(html: &str) -> String {
    let mut out = Paragraphs::default();
    // The innermost hidden element and how often it is open.
    let mut hidden: Option<(String, usize)> = None;
    let mut preformatted = 0_usize;
    for token in tokens(html) {
        match token {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                match &mut hidden {
                    Some((outer, count)) => *count += usize::from(*outer == name && !tag.self_closing),
                    None if HIDDEN.contains(&name.as_str()) && !tag.self_closing => hidden = Some((name, 1)),
                    None => match name.as_str() {
                        "br" => out.line(),
                        "td" | "th" => out.cell(),
                        "pre" => {
                            out.paragraph();
                            preformatted += 1;
                        }
                        block if BLOCKS.contains(&block) => out.paragraph(),
                        _ => {}
                    },
                }
            }
            Token::EndTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                if let Some((outer, count)) = &mut hidden {
                    if *outer == name {
                        *count -= 1;
                        if *count == 0 {
                            hidden = None;
                        }
                    }
                } else if BLOCKS.contains(&name.as_str()) {
                    out.paragraph();
                    preformatted = preformatted.saturating_sub(usize::from(name == "pre"));
                }
            }
            Token::String(words) if hidden.is_none() => out.words(&String::from_utf8_lossy(&words), preformatted > 0),
            _ => {}
        }
    }
    out.finish()
}

/// Text in the making: paragraphs with blank lines between them.
#[derive(Default)]
pub(super) struct Paragraphs {
    out: String,
    /// Whether white space came since the last word.
    space: bool,
    /// Line feeds that come before the next word.
    feeds: usize,
}

impl Paragraphs {
    pub(super) fn paragraph(&mut self) {
        self.feeds = 2;
    }

    pub(super) fn line(&mut self) {
        self.feeds = (self.feeds + 1).min(2);
    }

    fn cell(&mut self) {
        if self.feeds == 0 && !self.out.is_empty() {
            self.out.push('\t');
            self.space = false;
        }
    }

    /// Words; white space is one space, unless it is preformatted. No-break spaces and marks stay as they are.
    pub(super) fn words(&mut self, words: &str, preformatted: bool) {
        for letter in words.chars() {
            match letter {
                '\n' if preformatted => self.line(),
                ' ' | '\t' | '\n' | '\r' | '\u{c}' if !preformatted => self.space = true,
                '\r' | '\0' => {}
                letter => {
                    if self.feeds > 0 {
                        if !self.out.is_empty() {
                            self.out.extend(std::iter::repeat_n('\n', self.feeds));
                        }
                    } else if self.space && !self.out.is_empty() && !self.out.ends_with(['\t', ' ']) {
                        self.out.push(' ');
                    }
                    (self.feeds, self.space) = (0, false);
                    self.out.push(letter);
                }
            }
        }
    }

    pub(super) fn finish(self) -> String {
        let mut out = self.out;
        if !out.is_empty() {
            out.push('\n');
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_become_paragraphs() {
        let html = "<!doctype html><head><title>T</title><style>p{}</style></head><body><h1>Head</h1><p>One&nbsp;two,\n  <b>three</b>.<p>Four<br>five<script>var x='<p>no</p>'</script><ul><li>a<li>b</ul><table><tr><td>1<td>2</table><pre>x\n y</pre>";
        assert_eq!(plain(html), "Head\n\nOne\u{a0}two, three.\n\nFour\nfive\n\na\n\nb\n\n1\t2\n\nx\n y\n");
        assert_eq!(plain("<svg><title>no</title><svg></svg>no</svg>yes"), "yes\n");
    }

    #[test]
    fn nesting_is_counted_without_a_tree() {
        assert_eq!(nesting(&"<div>".repeat(700)), 700);
        assert_eq!(nesting(&"<div></div>".repeat(700)), 1);
        assert_eq!(nesting(&"<p>text".repeat(700)), 0);
        assert_eq!(nesting(&"<div></b></b>".repeat(700)), 700);
    }

    #[test]
    fn deep_and_large_pages_are_read_plainly_or_refused() {
        let deep = format!("{}Six weeks.{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
        let page = read("deep.html", deep.as_bytes(), &Choices::default()).unwrap();
        assert_eq!(page.article.content, "Six weeks.\n");
        assert!(page.warnings.iter().any(|warning| warning.contains("levels")));
        let large = vec![b'a'; (50 << 20) + 1];
        assert!(matches!(read("large.html", &large, &Choices::default()), Err(ArticleError::TooLarge { .. })));
        assert!(matches!(read("empty.html", b"<html><body></body></html>", &Choices::default()), Err(ArticleError::NoText { .. })));
    }

    #[test]
    fn the_article_is_found_with_what_the_page_says_of_it() {
        let words =
            "The ferry tender will slip to spring, an official with knowledge of the talks said on condition of anonymity. ".repeat(4);
        let html = format!(
            "<html lang=\"en-GB\"><head><meta charset=\"windows-1252\"><title>Ministry weighs delay | Harbour News</title><meta property=\"og:site_name\" content=\"Harbour News\"><meta name=\"author\" content=\"Ada Roe\"><meta property=\"article:published_time\" content=\"2026-11-20\"><meta property=\"og:title\" content=\"Ministry weighs delay\"></head><body><nav><a href=\"/\">Home</a><a href=\"/b\">Sport</a></nav><article><h1>Ministry weighs delay</h1><p>{words}</p><p>na\u{ef}ve {words}</p></article><footer>Cookies</footer></body></html>"
        );
        let bytes = encoding_rs::WINDOWS_1252.encode(&html).0.into_owned();
        let page = read("a.html", &bytes, &Choices::default()).unwrap();
        assert_eq!(page.article.title, "Ministry weighs delay");
        assert!(
            page.article.content.starts_with("Ministry weighs delay\n\nThe ferry") && page.article.content.contains("naïve"),
            "{}",
            page.article.content
        );
        assert!(!page.article.content.contains("Cookies") && !page.article.content.contains("Sport"));
        assert_eq!(page.details.get("byline").map(String::as_str), Some("Ada Roe"));
        assert_eq!(page.details.get("outlet").map(String::as_str), Some("Harbour News"));
        assert_eq!(page.details.get("language").map(String::as_str), Some("en-GB"));
        assert_eq!(page.article.imported.encoding, "windows-1252");
        let whole = read("a.html", &bytes, &Choices { extent: Extent::Page, ..Choices::default() }).unwrap();
        assert!(whole.article.content.contains("Cookies") && whole.article.content.contains("Sport"));
        let part = read("a.html", &bytes, &Choices { selector: Some("footer".to_owned()), ..Choices::default() }).unwrap();
        assert!(part.article.content.ends_with("Cookies\n") && !part.article.content.contains("ferry"));
        assert!(read("a.html", &bytes, &Choices { selector: Some(".none".to_owned()), ..Choices::default() }).is_err());
    }
}
