//! What a profile does not let out is in no file of any format, and nothing of the machine ever is.

use super::{export, written};
use onrecord::{
    edit::{Command, Import},
    formats::{
        exchange::container::{Files as _, Zip},
        profile::Profile,
    },
    model::Project,
    session::{Session, WorkEnvironment},
};
use std::{fs, io::Cursor};

/// Words that only some profiles let out.
const PRIVATE: [(&str, Profile); 9] = [
    ("CANARY-NOTE", Profile::Full),
    ("CANARY-COMMENT", Profile::Full),
    ("CANARY-EVIDENCE", Profile::Full),
    ("CANARY-LINE", Profile::Full),
    ("CANARY-ALIAS", Profile::Desk),
    ("CANARY-ROLE", Profile::Desk),
    ("CANARY-FREE", Profile::Desk),
    ("CANARY-WHY", Profile::Desk),
    ("CANARY-INITIALS", Profile::Desk),
];

fn project() -> Project {
    let import: Import = serde_json::from_str(
        r#"{"documents":[{"id":"d","title":"Ferry","content":"The tender will slip, an official said.\n","kept":{"brat":["Z1\tCANARY-LINE"]},
        "annotations":[
        {"id":"a","label":"claim","ranges":[[0,20]],"quote":["The tender will slip"],"note":"CANARY-NOTE","by":"CANARY-INITIALS","attributes":{"verification":"supported","evidence":[{"note":"CANARY-EVIDENCE"}]}},
        {"id":"b","label":"anonymous_source","ranges":[[22,33]],"quote":["an official"],"note":"CANARY-NOTE","by":"CANARY-INITIALS","source":{"alias":"CANARY-ALIAS","kind":"anonymous","role":"CANARY-ROLE"}},
        {"id":"c","label":"attribution","ranges":[[22,38]],"quote":["an official said"],"attributes":{"cue":"CANARY-FREE"},"source":{"alias":"CANARY-ALIAS","kind":"anonymous","role":"CANARY-ROLE"}}],
        "links":[{"kind":"attributed_via","from":"a","to":"c","by":"CANARY-INITIALS"},{"kind":"supported_by","from":"a","to":"b"}],
        "omissions":[{"ranges":[[38,39]],"why":"CANARY-WHY"}],
        "comments":[{"on":"a","text":"CANARY-COMMENT","by":"CANARY-INITIALS"},{"on":"d","text":"CANARY-COMMENT"}]}]}"#,
    )
    .unwrap();
    let mut session = Session::new("Secrets", WorkEnvironment::seeded(3, None));
    session.run(&Command::Import { import: Box::new(import) }).unwrap();
    session.project().clone()
}

/// Everything in a file, archives unpacked.
fn contents(path: &std::path::Path) -> String {
    if path.is_dir() {
        let mut names: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        return names.iter().map(|name| format!("{} {}", name.display(), contents(name))).collect::<Vec<_>>().concat();
    }
    unpacked(&fs::read(path).unwrap())
}

fn unpacked(bytes: &[u8]) -> String {
    if !bytes.starts_with(b"PK") {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let mut zip = Zip::open("x", Cursor::new(bytes)).unwrap();
    zip.names().iter().map(|name| format!("{name} {}", unpacked(&zip.read(name).unwrap()))).collect::<Vec<_>>().concat()
}

#[test]
fn no_writer_gets_what_the_profile_holds_back() {
    let project = project();
    let mut seen = std::collections::BTreeSet::new();
    for format in written() {
        for profile in Profile::ALL {
            let folder = tempfile::tempdir().unwrap();
            for target in [super::place(folder.path(), "x", format), folder.path().join("y.zip")] {
                export(&project, profile, format, &target).unwrap();
                let said = contents(&target).replace(folder.path().to_str().unwrap(), "");
                for (word, least) in PRIVATE {
                    let allowed = match least {
                        Profile::Public => true,
                        Profile::Desk => profile != Profile::Public,
                        Profile::Full => profile == Profile::Full,
                    };
                    assert!(allowed || !said.contains(word), "{word} is in {} for {}", format.name, profile.word());
                    if said.contains(word) {
                        seen.insert(word);
                    }
                }
                let host = fs::read_to_string("/etc/hostname").unwrap_or_default();
                assert!(host.trim().len() < 4 || !said.contains(host.trim()), "{}: the name of this machine", format.name);
                for path in [env!("CARGO_MANIFEST_DIR").into(), std::env::temp_dir()] {
                    assert!(!said.contains(path.to_str().unwrap()), "{}: a path of this machine", format.name);
                }
            }
        }
    }
    // The canaries sing where they may: a test that looks for words that are never there would not fail.
    assert_eq!(seen.len(), PRIVATE.len(), "{seen:?}");
}

#[test]
fn claim_reviews_name_no_unnamed_source() {
    let project = project();
    let folder = tempfile::tempdir().unwrap();
    for profile in Profile::ALL {
        let path = folder.path().join(format!("{}.json", profile.word()));
        export(&project, profile, onrecord::formats::named("claim-review").unwrap(), &path).unwrap();
        let said = fs::read_to_string(path).unwrap();
        assert!(said.contains("\"claimReviewed\":\"The tender will slip\"") && said.contains("\"alternateName\":\"Supported\""));
        assert!(!said.contains("CANARY"), "{said}");
        let json: serde_json::Value = serde_json::from_str(&said).unwrap();
        assert!(json["@graph"][0]["itemReviewed"]["author"].is_null());
    }
}
