//! Whether a note says more than it should: an address, a number, a handle, a name that the article does not print. Looked at here,
//! nowhere else (Toronto Star's counsel: no name in notes).

use regex::Regex;
use std::sync::LazyLock;

static EMAIL: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[\w.+-]+@[\w-]+\.\w{2,}").ok());
static PHONE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\+?\d[\d\s().-]{5,}\d").ok());
static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^(?:\d{4}-\d\d-\d\d|\d\d?\.\d\d?\.\d{4})$").ok());
static HANDLE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?:^|\s)@\w{3,}").ok());
static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"https?://|www\.").ok());
static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\p{Lu}\p{Ll}+(?:[ -]\p{Lu}\p{Ll}+)+").ok());

/// What a note looks like, in one sentence; `None` when nothing stands out. `printed` is what the article prints.
pub fn hint(note: &str, printed: &str) -> Option<String> {
    let has = |pattern: &LazyLock<Option<Regex>>| pattern.as_ref().is_some_and(|pattern| pattern.is_match(note));
    if has(&EMAIL) {
        return Some("This looks like an e-mail address. Notes travel with the file.".to_owned());
    }
    if has(&ADDRESS) {
        return Some("This looks like a web address. Notes travel with the file.".to_owned());
    }
    if has_phone(note) {
        return Some("This looks like a phone number. Notes travel with the file.".to_owned());
    }
    if has(&HANDLE) {
        return Some("This looks like a handle. Notes travel with the file.".to_owned());
    }
    let names = NAME.as_ref()?.find_iter(note).map(|found| found.as_str());
    let unknown = names.into_iter().find(|name| !printed.contains(name))?;
    Some(format!("“{unknown}” is not in the article. Notes travel with the file."))
}

/// Seven digits and more that are no date.
fn has_phone(note: &str) -> bool {
    let is_date = |number: &str| DATE.as_ref().is_some_and(|date| date.is_match(number));
    let digits = |number: &str| number.chars().filter(char::is_ascii_digit).count();
    PHONE.iter().flat_map(|phone| phone.find_iter(note)).any(|number| digits(number.as_str()) >= 7 && !is_date(number.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_give_somebody_away_is_seen_and_ordinary_notes_are_not() {
        let article = "Mara Oduya told reporters in Port Amsel that the order of 14 November would cost 2,300,000 crowns.";
        for (note, word) in [
            ("write to a.b@example.org", "e-mail"),
            ("ring +44 20 7946 0018 at night", "phone"),
            ("555-0134", "phone"),
            ("she is @harbourgirl", "handle"),
            ("see https://x.example/p", "web address"),
            ("It is Jonas Feld.", "Jonas Feld"),
        ] {
            assert!(hint(note, article).is_some_and(|hint| hint.contains(word)), "{note}");
        }
        for note in [
            "",
            "Say why no name is given.",
            "Mara Oduya says otherwise in ¶ 4.",
            "Port Amsel is 2,300,000 crowns away",
            "2026-11-20",
            "on 20.11.2026",
        ] {
            assert_eq!(hint(note, article), None, "{note}");
        }
    }
}
