//! Stretches of a scraped page that are hardly article: navigation at its head, repeated captions, newsletters at its end.

use crate::text::TextIndex;
use std::{collections::HashSet, ops::Range};

/// A stretch that may be left out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Omitted {
    /// Where, in bytes, whole paragraphs.
    pub bytes: Range<usize>,
    /// What it looks like.
    pub why: &'static str,
}

/// Paragraphs at either end of a page that are looked at: navigation and newsletters stand there.
const HEAD: usize = 12;
/// Shortest caption that counts when it is repeated, in bytes.
const CAPTION: usize = 40;
/// Longest paragraph that can be a button, a heading of a menu, or the beginning of a newsletter block, in bytes.
const SHORT: usize = 90;
/// Largest text that is looked at, in bytes: a scraped page is no book.
const LARGEST: usize = 1 << 20;

/// What a caption that stands twice is called.
const REPEATED: &str = "repeated caption";

/// Lower-case beginnings of navigation.
const NAVIGATION: [&str; 9] =
    ["skip to ", "jump to ", "main menu", "toggle navigation", "search for", "sign in", "log in", "cookie", "accept all cookies"];

/// Lower-case words of newsletter and subscription blocks.
const SUBSCRIPTION: [&str; 19] = [
    "subscribe",
    "sign up",
    "newsletter",
    "already a member",
    "become a member",
    "join hundreds",
    "join over",
    "delivered straight to your inbox",
    "try it for free",
    "cancel anytime",
    "read more:",
    "related articles",
    "recommended for you",
    "follow us on",
    "all rights reserved",
    "share this article",
    "most popular",
    "advertisement",
    "support our journalism",
];

/// What looks like no article. Nothing is left out until a person agrees.
pub fn propose(text: &str, index: &TextIndex) -> Vec<Omitted> {
    if text.len() > LARGEST {
        return Vec::new();
    }
    let paragraphs: Vec<(Range<usize>, &str)> = (0..index.paragraph_count())
        .map(|number| index.paragraph_bytes(number))
        .filter_map(|bytes| text.get(bytes.clone()).map(|words| (bytes, words.trim())))
        .filter(|(_, words)| !words.is_empty())
        .collect();
    let mut found: Vec<Omitted> = Vec::new();
    let mut add = |bytes: &Range<usize>, why| found.push(Omitted { bytes: bytes.clone(), why });
    let mut seen: HashSet<&str> = HashSet::new();
    for (at, (bytes, words)) in paragraphs.iter().enumerate() {
        let lower = words.to_lowercase();
        let is_head = at < HEAD.min(paragraphs.len() / 2 + 1);
        if is_head && words.len() < SHORT && NAVIGATION.iter().any(|start| lower.starts_with(start)) {
            add(bytes, "navigation");
        } else if is_head && words.len() < SHORT && SUBSCRIPTION.iter().any(|word| lower.starts_with(word)) {
            add(bytes, "subscription");
        } else if words.len() >= CAPTION && !seen.insert(words) {
            add(bytes, REPEATED);
        }
    }
    // Where much of a text is repeated, as in a song or a list, these are no captions.
    let repeated = found.iter().filter(|omitted| omitted.why == REPEATED).count();
    if repeated * 5 > paragraphs.len() {
        found.retain(|omitted| omitted.why != REPEATED);
    }
    // From the first line of a newsletter block in the last half to the end of the page.
    let half = paragraphs.len() / 2;
    let tail = paragraphs.iter().enumerate().skip(half).find(|(at, (_, words))| {
        let lower = words.to_lowercase();
        let begins = words.len() < SHORT * 2 && SUBSCRIPTION.iter().any(|word| lower.contains(word));
        // What follows is short too, or the same kind of talk: an article that mentions a newsletter goes on in paragraphs.
        let rest = paragraphs.get(*at..).unwrap_or_default();
        let short = rest.iter().filter(|(_, words)| words.len() < SHORT * 3).count();
        begins && short * 5 >= rest.len() * 4
    });
    if let (Some((_, (first, _))), Some((last, _))) = (tail, paragraphs.last()) {
        found.retain(|omitted| omitted.bytes.end <= first.start);
        found.push(Omitted { bytes: first.start..last.end, why: "subscription" });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposed(text: &str) -> Vec<(String, &'static str)> {
        propose(text, &TextIndex::new(text)).into_iter().map(|omitted| (text[omitted.bytes].to_owned(), omitted.why)).collect()
    }

    #[test]
    fn a_scraped_page_loses_its_head_its_repeats_and_its_tail() {
        let body = "The ministry said that the tender would slip to the spring of next year.\n".to_owned();
        let caption = "Ferries wait at the north quay on Monday morning. HNA/Pool\n";
        let many = (0..8).map(|number| format!("Paragraph {number} says that {body}")).collect::<Vec<_>>().concat();
        let text = format!(
            "Skip to main content\nHarbour News\n\nTender slips\n{caption}{many}{caption}Join hundreds of readers with PRO.\nTry it for free.\n$25.00 / month\n"
        );
        assert_eq!(
            proposed(&text),
            [
                ("Skip to main content".to_owned(), "navigation"),
                (caption.trim().to_owned(), "repeated caption"),
                ("Join hundreds of readers with PRO.\nTry it for free.\n$25.00 / month".to_owned(), "subscription"),
            ]
        );
    }

    #[test]
    fn an_article_about_newsletters_is_left_alone() {
        let long = "She said that every newsletter of the council had been read by all who subscribe, and that ".repeat(5);
        let text = format!("Council ends its newsletter\n\n{long}\n{long}x\nSubscribers were not asked, she said, but {long}\n{long}y\n");
        assert_eq!(proposed(&text), []);
    }
}
