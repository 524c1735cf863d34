//! One pass over the bytes, before anything is parsed: nesting, lengths, counts, and where the sections and records lie.

use crate::model::Limits;
use memchr::memchr2;
use std::ops::Range;

/// A section of the file: a key of the outermost object with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The key, escapes not resolved.
    pub key: Range<usize>,
    /// The value.
    pub value: Range<usize>,
    /// The elements, when the value is an array.
    pub items: Vec<Range<usize>>,
}

/// Why the bytes are no project that can be read; `at` is a byte offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub at: usize,
    /// What was met.
    pub what: FaultKind,
}

/// The kinds of faults that the pass finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// The outermost value is no object.
    NotAnObject,
    /// The file ends inside a value.
    Truncated,
    /// A bracket closes what is not open, or something follows the end.
    Unbalanced,
    /// Something stands between the sections that does not belong there.
    Misplaced,
    /// More nesting than allowed.
    TooDeep,
    /// A longer string than allowed.
    LongString,
    /// More records in one section than allowed.
    TooManyRecords,
}

/// What may stand next in the outermost object.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// A key, or the end of an object without any.
    First,
    Key,
    Colon,
    Value,
    /// The rest of a number or word.
    Rest,
    /// A comma or the end.
    Comma,
}

/// Finds the sections. What stands between them has to be right, so that none is overlooked and lost with the next save; JSON that is
/// wrong inside of them passes and is refused by the parser, with its place.
pub fn scan(bytes: &[u8], limits: &Limits) -> Result<Vec<Section>, Fault> {
    let mut sections: Vec<Section> = Vec::new();
    let mut open: Vec<u8> = Vec::with_capacity(limits.nesting);
    let (mut at, mut key, mut value_start, mut item_start) = (0, 0..0, 0, None);
    let mut next = Next::First;
    let fault = |at, what| Err(Fault { at, what });
    let mut ended = false;
    while let Some(&byte) = bytes.get(at) {
        if byte.is_ascii_whitespace() {
            at += 1;
            continue;
        }
        if ended {
            return fault(at, FaultKind::Unbalanced);
        }
        if open.is_empty() && byte != b'{' {
            return fault(at, FaultKind::NotAnObject);
        }
        let depth = open.len();
        if depth == 1 {
            next = match (next, byte) {
                (Next::First | Next::Key, b'"') => Next::Colon,
                (Next::Colon, b':') => Next::Value,
                (Next::Value, b'"' | b'{' | b'[') => {
                    value_start = at;
                    Next::Comma
                }
                (Next::Value, b'-' | b'0'..=b'9' | b'a'..=b'z') => {
                    value_start = at;
                    Next::Rest
                }
                (Next::Rest, b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z') => Next::Rest,
                (Next::Rest | Next::Comma, b',') => Next::Key,
                (Next::First | Next::Rest | Next::Comma, b'}') => next,
                (_, b']') => return fault(at, FaultKind::Unbalanced),
                _ => return fault(at, FaultKind::Misplaced),
            };
        }
        // An element begins with its first byte.
        if depth == 2 && open.last() == Some(&b'[') && item_start.is_none() && !matches!(byte, b',' | b':' | b'}' | b']') {
            item_start = Some(at);
        }
        match byte {
            b'"' => {
                let end = string_end(bytes, at).ok_or(Fault { at, what: FaultKind::Truncated })?;
                if end - at > limits.string {
                    return fault(at, FaultKind::LongString);
                }
                if depth == 1 && next == Next::Colon {
                    key = at + 1..end - 1;
                } else if depth == 1 {
                    sections.push(Section { key: key.clone(), value: at..end, items: Vec::new() });
                }
                at = end;
                continue;
            }
            b'{' | b'[' => {
                if depth == limits.nesting {
                    return fault(at, FaultKind::TooDeep);
                }
                if depth == 1 {
                    sections.push(Section { key: key.clone(), value: at..at, items: Vec::new() });
                }
                open.push(byte);
            }
            b'}' | b']' => {
                if open.pop() != Some(if byte == b'}' { b'{' } else { b'[' }) {
                    return fault(at, FaultKind::Unbalanced);
                }
                if depth == 2
                    && let Some(section) = sections.last_mut()
                {
                    section.items.extend(item_start.take().map(|start| start..trimmed(bytes, start, at)));
                    section.value.end = at + 1;
                }
                if depth == 1 {
                    if next == Next::Rest {
                        sections.push(Section { key: key.clone(), value: value_start..trimmed(bytes, value_start, at), items: Vec::new() });
                    }
                    ended = true;
                }
            }
            b',' if depth == 1 && sections.last().is_none_or(|section| section.key != key) => {
                sections.push(Section { key: key.clone(), value: value_start..trimmed(bytes, value_start, at), items: Vec::new() });
            }
            b',' if depth == 2 => {
                if let (Some(start), Some(section)) = (item_start.take(), sections.last_mut()) {
                    section.items.push(start..trimmed(bytes, start, at));
                    if section.items.len() > limits.records {
                        return fault(at, FaultKind::TooManyRecords);
                    }
                }
            }
            _ => {}
        }
        at += 1;
    }
    if ended { Ok(sections) } else { fault(bytes.len(), FaultKind::Truncated) }
}

fn trimmed(bytes: &[u8], start: usize, end: usize) -> usize {
    let body = bytes.get(start..end).unwrap_or_default();
    start + body.trim_ascii_end().len()
}

/// One past the closing quotation mark of the string that opens at `at`.
fn string_end(bytes: &[u8], at: usize) -> Option<usize> {
    let mut from = at + 1;
    loop {
        let found = from + memchr2(b'"', b'\\', bytes.get(from..)?)?;
        match bytes.get(found)? {
            b'"' => return Some(found + 1),
            _ => from = found + 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::LIMITS;

    fn sections(json: &str) -> Vec<(&str, &str, Vec<&str>)> {
        let get = |range: &Range<usize>| json.get(range.clone()).unwrap_or("?");
        let found = scan(json.as_bytes(), &LIMITS).unwrap_or_default();
        found.iter().map(|section| (get(&section.key), get(&section.value), section.items.iter().map(get).collect())).collect()
    }

    #[test]
    fn sections_and_their_records_are_found_in_any_layout() {
        let json = "{ \"a\" : 1 , \"b\":[ {\"x\":[1,2]} , \"y,]\" ],\"c\" : {\"d\":[3]}, \"e\":\"}\" }";
        let wanted = [
            ("a", "1", vec![]),
            ("b", "[ {\"x\":[1,2]} , \"y,]\" ]", vec!["{\"x\":[1,2]}", "\"y,]\""]),
            ("c", "{\"d\":[3]}", vec![]),
            ("e", "\"}\"", vec![]),
        ];
        assert_eq!(sections(json), wanted);
        assert_eq!(sections("{}"), []);
    }

    #[test]
    fn what_cannot_be_a_project_is_told_apart() {
        let what = |json: &str| scan(json.as_bytes(), &LIMITS).err().map(|fault| fault.what);
        assert_eq!(what("[]"), Some(FaultKind::NotAnObject));
        assert_eq!(what(""), Some(FaultKind::Truncated));
        assert_eq!(what("{\"a\":[1"), Some(FaultKind::Truncated));
        assert_eq!(what("{\"a\":\"b"), Some(FaultKind::Truncated));
        assert_eq!(what("{\"a\":[}"), Some(FaultKind::Unbalanced));
        assert_eq!(what("{}{}"), Some(FaultKind::Unbalanced));
        assert_eq!(what(&format!("{{\"a\":{}{}}}", "[".repeat(64), "]".repeat(64))), Some(FaultKind::TooDeep));
        assert_eq!(what(&format!("{{\"a\":{}{}}}", "[".repeat(63), "]".repeat(63))), None);
        let tight = Limits { string: 4, records: 2, ..LIMITS };
        assert_eq!(scan(b"{\"abcde\":1}", &tight).err().map(|fault| fault.what), Some(FaultKind::LongString));
        assert_eq!(scan(b"{\"a\":[1,2,3,4]}", &tight).err().map(|fault| fault.what), Some(FaultKind::TooManyRecords));
    }
}
