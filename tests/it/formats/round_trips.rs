//! Out and in again: equal where nothing is lost, exactly the reported losses otherwise.

use super::{both_ways, bring, export, place, read, samples, with_labels_of};
use onrecord::{
    formats::{
        Format,
        exchange::{
            Annotated,
            feature::{Feature, How},
            release::Releases,
        },
        profile::{Pass, Profile},
    },
    model::Project,
};
use std::{collections::BTreeSet, fs};

/// What is said, one line a fact, each with the feature that it belongs to; `None` is what every format has to carry.
pub(super) type Facts = BTreeSet<(Option<Feature>, String)>;

/// What a project says.
fn facts(project: &Project) -> Facts {
    let releases = Releases::new(project, Pass::new(Profile::Full, [0; 16]));
    project.documents.iter().flat_map(|document| facts_of(releases.release(document).article(), &document.text.to_string())).collect()
}

/// What an article says. Articles are told apart by the name of their text, since formats may lose ids.
pub(super) fn facts_of(article: &Annotated, name: &str) -> Facts {
    let mut facts = BTreeSet::new();
    let mut add = |feature: Option<Feature>, fact: String| {
        facts.insert((feature, format!("{name}: {fact}")));
    };
    add(Some(Feature::Text), format!("{:?}", article.content));
    add(Some(Feature::Ids), format!("article {}", article.id));
    // A new article is what every article is that nobody says anything of.
    for (key, value) in article.details.iter().filter(|(key, value)| (key.as_str(), value.as_str()) != ("status", "new")) {
        add(Some(Feature::Details), format!("{key} {value}"));
    }
    if let Some(imported) = &article.imported {
        add(Some(Feature::Details), format!("{imported:?}"));
    }
    let about = |id: &str| {
        let span = article.spans.iter().find(|span| span.id == id);
        span.map_or_else(|| "article".to_owned(), |span| format!("{} {:?} {:?}", span.label, span.ranges, span.quote))
    };
    for span in &article.spans {
        let core = about(&span.id);
        let on = if span.ranges.is_empty() { Some(Feature::Unplaced) } else { None };
        add(on, core.clone());
        let mut say = |feature, fact: String| add(Some(if on.is_some() { Feature::Unplaced } else { feature }), format!("{core}: {fact}"));
        say(Feature::Ids, format!("id {}", span.id));
        for (key, value) in &span.attributes {
            say(Feature::Attributes, format!("{key} {value:?}"));
        }
        if let Some(source) = &span.source {
            let [alias, kind, role, public] = [&source.alias, &source.kind, &source.role, &source.public_label];
            say(Feature::Sources, format!("{alias} {kind} {role} {public}"));
        }
        if !span.note.is_empty() {
            say(Feature::Notes, span.note.clone());
        }
        say(Feature::Marker, format!("{} {:?}", span.by, span.origin));
    }
    for link in &article.links {
        add(Some(Feature::Links), format!("{} from {} to {} by {}", link.kind, about(&link.from), about(&link.to), link.by));
    }
    for omission in &article.omissions {
        add(Some(Feature::Omissions), format!("{:?} {}", omission.ranges, omission.why));
    }
    for remark in &article.remarks {
        let on = article.remarks.iter().find(|other| other.id == remark.on).map_or_else(|| about(&remark.on), |other| other.text.clone());
        add(Some(Feature::Comments), format!("{on}: {} {} {} {}", remark.text, remark.resolved, remark.by, remark.at));
    }
    for (tool, lines) in &article.kept {
        add(Some(Feature::Lines), format!("{tool} {lines:?}"));
    }
    facts
}

fn is_lost(format: &Format, feature: Option<Feature>, alone: bool) -> bool {
    let carries = if alone { format.alone.unwrap_or(format.carries) } else { format.carries };
    feature.is_some_and(|feature| matches!(carries(feature), How::Lost(_)))
}

/// Compares what came back with what was there.
fn compare(name: &str, format: &Format, before: &Project, after: &Project, alone: bool) {
    let lost = |fact: &(Option<Feature>, String)| is_lost(format, fact.0, alone);
    let (before, after) = (facts(before), facts(after));
    let missing: Vec<_> = before.difference(&after).filter(|fact| !lost(fact)).collect();
    let new: Vec<_> = after.difference(&before).filter(|fact| !lost(fact)).collect();
    assert!(missing.is_empty() && new.is_empty(), "{name} as {}: missing {missing:#?}, new {new:#?}", format.name);
    let reported: Vec<_> =
        before.intersection(&after).filter(|fact| is_lost(format, fact.0, alone) && fact.0 != Some(Feature::Text)).collect();
    assert!(reported.is_empty(), "{name} as {}: said to be lost, but came back: {reported:#?}", format.name);
}

#[test]
fn every_sample_comes_back_from_every_format() {
    let folder = tempfile::tempdir().unwrap();
    for (name, project) in samples() {
        for format in both_ways() {
            let path = place(folder.path(), &name, format);
            let written =
                export(&project, Profile::Full, format, &path).unwrap_or_else(|error| panic!("{name} as {}: {error}", format.name));
            assert_eq!(written.articles, project.documents.len());
            // A table of annotations alone has no texts: it goes into a project that has the articles.
            let alone = !format.is_folder && format.alone.is_some();
            let mut session = with_labels_of(&project);
            if alone {
                let mut bare = serde_json::json!({"documents": []});
                for document in project.documents.iter() {
                    let text = project.text_of(document).unwrap();
                    let id = document.id.to_string();
                    bare["documents"]
                        .as_array_mut()
                        .unwrap()
                        .push(serde_json::json!({"id": id, "title": document.title, "content": &*text.content}));
                }
                let import = serde_json::from_value(bare).unwrap();
                session.run(&onrecord::edit::Command::Import { import: Box::new(import) }).unwrap();
            }
            let draft = read(session.project(), &path, format).unwrap_or_else(|error| panic!("{name} as {}: {error}", format.name));
            assert!(draft.failed.is_empty(), "{name} as {}: {:?}", format.name, draft.failed);
            let unplaced = facts(&project).iter().filter(|(feature, _)| *feature == Some(Feature::Unplaced)).count() > 0;
            assert_eq!(
                draft.verified.unplaced.is_empty(),
                !unplaced || is_lost(format, Some(Feature::Unplaced), alone),
                "{:?}",
                draft.verified.unplaced
            );
            let left_out = bring(&mut session, draft);
            assert!(left_out.is_empty(), "{name} as {}: {left_out:?}", format.name);
            compare(&name, format, &project, session.project(), alone);
        }
    }
}

/// Files are told apart by their beginnings, whatever they are called.
#[test]
fn formats_are_told_by_their_files() {
    let folder = tempfile::tempdir().unwrap();
    for (name, project) in samples() {
        for format in both_ways().filter(|format| !format.is_folder) {
            let path = folder.path().join(format!("{name}-{}.{}", format.name, format.endings.last().unwrap()));
            export(&project, Profile::Full, format, &path).unwrap();
            let path = if format.name == "csv" {
                fs::rename(&path, path.with_extension("csv")).map(|()| path.with_extension("csv")).unwrap()
            } else {
                path
            };
            let found = onrecord::store::incoming::inputs(&[path], None).found;
            assert_eq!(found.first().map(|input| input.format.name), Some(format.name), "{name}");
        }
    }
}

#[test]
fn folders_and_zips_hold_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (_, project) = samples().pop().unwrap();
    for format in both_ways().filter(|format| format.name != "xlsx") {
        for name in [format!("{}-folder", format.name), format!("{}.zip", format.name)] {
            let path = folder.path().join(&name);
            export(&project, Profile::Full, format, &path).unwrap_or_else(|error| panic!("{name}: {error}"));
            // Told by its contents, not by its name.
            let found = onrecord::store::incoming::inputs(std::slice::from_ref(&path), None).found;
            assert_eq!(found.iter().map(|input| input.format.name).collect::<Vec<_>>(), [format.name], "{name}");
            let mut session = with_labels_of(&project);
            let draft = read(session.project(), &path, format).unwrap();
            assert!(draft.failed.is_empty(), "{name}: {:?}", draft.failed);
            bring(&mut session, draft);
            compare(&name, format, &project, session.project(), false);
        }
    }
}

#[test]
fn writing_twice_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    for (name, project) in samples() {
        for format in super::written() {
            let (one, other) =
                (folder.path().join(format!("{name}-1.{}", format.name)), folder.path().join(format!("{name}-2.{}", format.name)));
            let (one, other) = (one.with_extension("zip"), other.with_extension("zip"));
            export(&project, Profile::Full, format, &one).unwrap();
            export(&project, Profile::Full, format, &other).unwrap();
            assert!(fs::read(one).unwrap() == fs::read(other).unwrap(), "{name} as {}", format.name);
        }
    }
}

/// Our own export comes back into the project that it left: nothing is there twice, and what was changed elsewhere is changed here.
#[test]
fn an_export_that_comes_home_adds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for (name, project) in samples() {
        let mut session = with_labels_of(&project);
        let full = super::FORMATS.iter().find(|format| format.name == "web-annotation").unwrap();
        let path = place(folder.path(), &name, full);
        export(&project, Profile::Full, full, &path).unwrap();
        let draft = read(session.project(), &path, full).unwrap();
        bring(&mut session, draft);
        for format in both_ways() {
            let home = session.project().clone();
            let path = place(folder.path(), &format!("{name}-home"), format);
            export(&home, Profile::Full, format, &path).unwrap();
            let draft = read(&home, &path, format).unwrap();
            bring(&mut session, draft);
            assert_eq!(home.annotations.len(), session.project().annotations.len(), "{name} as {}", format.name);
            assert_eq!(home.documents.len(), session.project().documents.len(), "{name} as {}", format.name);
            assert_eq!(home.relations.len(), session.project().relations.len(), "{name} as {}", format.name);
            assert_eq!(home.comments.len(), session.project().comments.len(), "{name} as {}", format.name);
            assert_eq!(home.sources.len(), session.project().sources.len(), "{name} as {}", format.name);
            let gone: Vec<_> = facts(&home).difference(&facts(session.project())).cloned().collect();
            assert!(gone.is_empty(), "{name} as {}: {gone:#?}", format.name);
        }
    }
}

/// A project as a project: its own labels, under the profile.
#[test]
fn a_project_becomes_a_project_under_a_profile() {
    let folder = tempfile::tempdir().unwrap();
    let (_, project) = samples().into_iter().find(|(name, _)| name == "pitfalls").unwrap();
    let ledger = onrecord::merge::Ledger::new(project.clone());
    fs::write(folder.path().join("a.onrecord.json"), onrecord::formats::native::write(&ledger).unwrap()).unwrap();
    for profile in ["full", "public"] {
        let out = format!("{profile}.onrecord.json");
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_onrecord"))
            .current_dir(folder.path())
            .args(["convert", "a.onrecord.json", "-o", &out, "--profile", profile])
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let after = onrecord::formats::native::read(&fs::read(folder.path().join(out)).unwrap()).unwrap().project;
        assert_eq!(
            after.labels.iter().map(|label| &label.id).collect::<Vec<_>>(),
            project.labels.iter().map(|label| &label.id).collect::<Vec<_>>()
        );
        if profile == "full" {
            compare("pitfalls", &onrecord::formats::native::FORMAT, &project, &after, false);
        } else {
            assert!(after.annotations.iter().all(|one| one.note.is_empty() && one.by.is_none()) && after.comments.is_empty());
            let placed = project.annotations.iter().filter(|one| !one.ranges.is_empty()).count();
            assert!(after.annotations.len() == placed && placed < project.annotations.len(), "words that are gone stay in");
        }
    }
}
