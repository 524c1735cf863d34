//! The conflict markers that git leaves in a file: both sides are taken apart, so that they can be joined.

/// Where the first marker is.
pub(super) fn first(json: &str) -> Option<usize> {
    if json.starts_with("<<<<<<< ") { Some(0) } else { memchr::memmem::find(json.as_bytes(), b"\n<<<<<<< ").map(|at| at + 1) }
}

/// The two files that git tried to merge; the common ancestor, which some styles of markers show, is left out. `None` where markers are
/// missing or out of order. No line of a project begins like a marker: they begin with a bracket or a quotation mark.
pub(super) fn sides(json: &str) -> Option<(String, String)> {
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum In {
        Both,
        Ours,
        Base,
        Theirs,
    }
    let (mut ours, mut theirs) = (String::with_capacity(json.len()), String::with_capacity(json.len()));
    let mut here = In::Both;
    for line in json.split_inclusive('\n') {
        let marker = line.trim_end();
        let is = |marker: &str, start: &str| marker.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        here = match here {
            In::Both if is(marker, "<<<<<<<") => In::Ours,
            In::Ours if is(marker, "|||||||") => In::Base,
            In::Ours | In::Base if is(marker, "=======") => In::Theirs,
            In::Theirs if is(marker, ">>>>>>>") => In::Both,
            _ => {
                if matches!(here, In::Both | In::Ours) {
                    ours.push_str(line);
                }
                if matches!(here, In::Both | In::Theirs) {
                    theirs.push_str(line);
                }
                continue;
            }
        };
    }
    (here == In::Both).then_some((ours, theirs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_are_whole_files_again() {
        let conflicted = "{\n<<<<<<< HEAD\n\"a\":1\n||||||| base\n\"a\":0\n=======\n\"a\":2\n>>>>>>> theirs\n}\n";
        assert_eq!(first(conflicted), Some(2));
        assert_eq!(sides(conflicted), Some(("{\n\"a\":1\n}\n".to_owned(), "{\n\"a\":2\n}\n".to_owned())));
        assert_eq!(sides("<<<<<<< HEAD\n{}\n=======\n"), None, "a marker is missing");
        assert_eq!(first("{\"a\":\"<<<<<<< \"}"), None);
    }
}
