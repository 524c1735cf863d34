//! schema.org ClaimReview (JSON-LD): what a newsroom publishes of the claims that it verified. Only claims whose verification is
//! supported, disputed or refuted; never who an unnamed source is, nor what colleagues call it.
//! Sources: <https://schema.org/ClaimReview>, Google's fact check guidelines.

use super::{
    Format, Reader, Writer,
    exchange::{
        Annotated, ExchangeError, Span,
        behind::Behind,
        container::Chunk,
        feature::{Feature, How},
        release::{Head, Release},
        verify::Convention,
    },
    format::{Stream, Tally},
};
use crate::model::{AttributeValue, SourceKind};
use serde_json::{Value, json};

/// The format.
pub const FORMAT: Format = Format {
    name: "claim-review",
    title: "ClaimReview (schema.org)",
    about: "Verified claims with their verdicts, for publication and search engines.",
    endings: &["claimreview.json", "json"],
    main: "claim-reviews.json",
    is_folder: false,
    is_archive: false,
    convention: Convention::SCALAR,
    carries,
    alone: None,
    read: Reader::None,
    write: Writer::Stream(&Reviews),
    detect: |_| false,
};

fn carries(feature: Feature) -> How {
    match feature {
        Feature::Text | Feature::Overlaps => How::Lost("only verified claims are written"),
        Feature::Details => How::Lost("outlet, address, date and language are written with each verdict"),
        Feature::Attributes => How::Lost("only the verdict of a claim is written"),
        Feature::Sources => How::Lost("only named speakers of claims are written"),
        Feature::Notes | Feature::Comments | Feature::Reviews => How::Lost("not for publication"),
        Feature::Parts | Feature::Ids | Feature::Marker | Feature::Links | Feature::Omissions | Feature::Lines | Feature::Unplaced => {
            How::Lost("the format has no place for it")
        }
    }
}

/// Verdict, and where it lies between false (1) and true (5).
fn verdict(word: &str) -> Option<(&'static str, u8)> {
    match word {
        "supported" => Some(("Supported", 5)),
        "disputed" => Some(("Disputed", 3)),
        "refuted" => Some(("False", 1)),
        _ => None,
    }
}

struct Reviews;

impl Stream for Reviews {
    fn begin(&self, _head: &Head) -> Vec<Chunk> {
        vec![Chunk::part("{\"@context\":\"https://schema.org\",\"@graph\":[\n")]
    }

    fn article(&self, head: &Head, release: &Release, _number: usize) -> Result<Vec<Chunk>, ExchangeError> {
        let article = release.article();
        let behind = Behind::new(article);
        let lines: Vec<String> =
            article.spans.iter().filter_map(|span| review(head, article, &behind, span)).map(|review| format!("{review},\n")).collect();
        Ok(vec![Chunk::part(lines.concat())])
    }

    fn end(&self, head: &Head, _tally: &Tally) -> Result<Vec<Chunk>, ExchangeError> {
        // The list ends with what it is, which needs no comma.
        let name = if head.title.is_empty() { "Claims that were verified" } else { &head.title };
        let list = json!({"@type": "CreativeWork", "name": name, "about": "Claims that were verified"});
        Ok(vec![Chunk::part(format!("{list}\n]}}\n"))])
    }
}

fn review<'a>(head: &Head, article: &'a Annotated, behind: &Behind<'a>, claim: &'a Span) -> Option<Value> {
    let Some(AttributeValue::Text(word)) = claim.attributes.get("verification") else { return None };
    let (name, rating) = verdict(word)?;
    let detail = |key: &str| article.details.get(key).map(String::as_str).unwrap_or_default();
    let mut appearance = json!({"@type": "NewsArticle", "headline": article.title});
    set(&mut appearance, "url", detail("address"));
    set(&mut appearance, "datePublished", detail("published"));
    let mut item = json!({"@type": "Claim", "appearance": appearance});
    set(&mut item, "datePublished", detail("published"));
    if let Some(author) = speaker(behind, claim)
        && let Some(fields) = item.as_object_mut()
    {
        fields.insert("author".to_owned(), author);
    }
    let named = [detail("outlet"), &head.title].into_iter().find(|name| !name.is_empty());
    let publisher = named.unwrap_or("The newsroom");
    let mut review = json!({
        "@type": "ClaimReview", "claimReviewed": claim.words(), "datePublished": head.today, "itemReviewed": item,
        "author": {"@type": "Organization", "name": publisher},
        "reviewRating": {"@type": "Rating", "ratingValue": rating, "bestRating": 5, "worstRating": 1, "alternateName": name},
    });
    set(&mut review, "url", detail("address"));
    set(&mut review, "inLanguage", detail("language"));
    Some(review)
}

fn set(object: &mut Value, key: &str, value: &str) {
    if let Some(fields) = object.as_object_mut().filter(|_| !value.is_empty()) {
        fields.insert(key.to_owned(), json!(value));
    }
}

/// Who said it, when the article names them and nobody else stands behind the claim.
fn speaker<'a>(behind: &Behind<'a>, claim: &'a Span) -> Option<Value> {
    let mut speakers = behind.speakers(claim).into_iter();
    let (one, None) = (speakers.next()?, speakers.next()) else { return None };
    match SourceKind::ALL.iter().copied().find(|kind| kind.word() == one.kind)? {
        SourceKind::NamedPerson => Some(json!({"@type": "Person", "name": one.alias})),
        SourceKind::Organisation => Some(json!({"@type": "Organization", "name": one.alias})),
        _ => None,
    }
}
