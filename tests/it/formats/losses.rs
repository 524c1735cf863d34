//! What is told as lost, laid aside or kept, against what is: every format, feature and profile.

use super::{Pass, Profile, Reader, export, place, read, round_trips::facts_of, written};
use onrecord::{
    edit::{Command, Import},
    formats::{
        Format,
        exchange::{
            Annotated,
            container::{Files as _, Zip, ends},
            feature::{Feature, How, Loss},
            release::Releases,
        },
    },
    model::{Document, Project},
    session::{Session, WorkEnvironment, exchange::Export},
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, io::Cursor, path::Path};

/// More than are written together, so that counts of several threads are added.
const MANY: usize = 70;

fn uuid(article: usize, record: usize) -> String {
    format!("6c0e0c26-94b2-4e7e-9b0f-{article:06}{record:06}")
}

/// An article that has one annotation and a feature, and the words that show the feature where it is written.
fn plant(feature: Feature, number: usize) -> (Value, Vec<String>) {
    let id = |record| uuid(number, record);
    let claim = |record, ranges: Value, quote: Value| json!({"id": id(record), "label": "claim", "ranges": ranges, "quote": quote});
    let mut first = claim(1, json!([[0, 3]]), json!(["One"]));
    let mut article = json!({"id": id(0), "title": format!("Article {number}"), "content": "One two three four five six seven.\n"});
    let mut more = Vec::new();
    let words: &[&str] = match feature {
        Feature::Text => &["seven"],
        Feature::Details => {
            article["details"] = json!({"language": "en", "outlet": "OUTLET", "byline": "BYLINE", "desk": "DESK", "published": "2026-11-19",
                "address": "https://example.org/a", "original_language": "he", "translator": "TRANSLATOR"});
            article["imported"] = json!({"name": "IMPORTED.html", "sha256": "a".repeat(64), "encoding": "UTF-8", "changed": ["crlf"]});
            &["OUTLET", "BYLINE", "DESK", "2026-11-19", "TRANSLATOR", "IMPORTED"]
        }
        Feature::Parts => {
            more.push(claim(2, json!([[4, 7], [14, 18]]), json!(["two", "four"])));
            &[]
        }
        Feature::Overlaps => {
            more.push(claim(2, json!([[0, 7]]), json!(["One two"])));
            more.push(claim(3, json!([[2, 9]]), json!(["e two t"])));
            &[]
        }
        Feature::Ids => return (with(article, vec![first]), vec![id(1)]),
        Feature::Attributes => {
            first["attributes"] = json!({"kind": "prediction", "verification": "disputed", "evidence": [{"note": "EVIDENCE"}]});
            &["prediction", "disputed", "EVIDENCE"]
        }
        Feature::Sources => {
            first["label"] = json!("attribution");
            first["source"] = json!({"id": id(9), "alias": "ALIAS", "kind": "named_person", "role": "ROLE", "public_label": "LABELLED"});
            &["ALIAS", "ROLE", "LABELLED"]
        }
        Feature::Notes => {
            first["note"] = json!("NOTED");
            &["NOTED"]
        }
        Feature::Marker => {
            first["by"] = json!("INITIALS");
            first["origin"] = json!("rule");
            more.push(claim(2, json!([[4, 7]]), json!(["two"])));
            article["links"] = json!([{"id": id(5), "kind": "repeats", "from": id(1), "to": id(2), "by": "LINKER"}]);
            &["INITIALS", "LINKER"]
        }
        Feature::Links => {
            more.push(claim(2, json!([[4, 7]]), json!(["two"])));
            more.push(claim(3, json!([[8, 13]]), json!(["three"])));
            article["links"] = json!([{"id": id(5), "kind": "repeats", "from": id(1), "to": id(2)}, {"id": id(6), "kind": "repeats", "from": id(2), "to": id(3)}]);
            &["epeats"]
        }
        Feature::Comments => {
            let remark = |record, on, text: &str, resolved| json!({"id": id(record), "on": on, "text": text, "resolved": resolved, "by": "BL", "at": "2026-11-20T14:05Z"});
            article["comments"] =
                json!([remark(5, id(1), "ASKED", true), remark(6, id(5), "ANSWERED", false), remark(7, id(0), "REMARKED", false)]);
            // What comments can be on and no file of an article has a place for.
            first["label"] = json!("attribution");
            first["source"] = json!({"id": uuid(0, 9), "alias": "Speaker", "kind": "named_person"});
            more.extend([claim(2, json!([[4, 7]]), json!(["two"])), claim(3, json!([[8, 13]]), json!(["three"]))]);
            article["links"] = json!([{"id": id(10), "kind": "repeats", "from": id(2), "to": id(3)}]);
            article["omissions"] = json!([{"id": id(11), "ranges": [[19, 23]], "why": "advertisement"}]);
            &["ASKED", "ANSWERED", "REMARKED"]
        }
        Feature::Omissions => {
            article["omissions"] = json!([{"id": id(5), "ranges": [[19, 23], [24, 27]], "why": "NAVIGATION"}]);
            &["NAVIGATION"]
        }
        Feature::Lines => {
            article["kept"] = json!({"brat": ["X1\tKEPTBRAT"], "label-studio": ["{\"type\":\"rating\",\"value\":\"KEPTREGION\"}"], "doccano": ["KEPTWORD"]});
            &["KEPTBRAT", "KEPTREGION", "KEPTWORD"]
        }
        Feature::Unplaced => {
            more.push(claim(2, json!([]), json!(["UNPLACED"])));
            &["UNPLACED"]
        }
        Feature::Reviews => {
            first["label"] = json!("anonymous_source");
            first["source"] = json!({"id": id(9), "alias": "Source A", "kind": "anonymous"});
            &["ot begun"]
        }
    };
    more.insert(0, first);
    (with(article, more), words.iter().map(|word| (*word).to_owned()).collect())
}

fn with(mut article: Value, annotations: Vec<Value>) -> Value {
    article["annotations"] = Value::Array(annotations);
    article
}

/// Articles that have a feature, as a project.
fn planted(feature: Feature, articles: usize) -> (Project, Vec<String>) {
    let (documents, words): (Vec<Value>, Vec<Vec<String>>) = (0..articles).map(|number| plant(feature, number)).unzip();
    let import: Import = serde_json::from_value(json!({ "documents": documents })).unwrap();
    let mut session = Session::new("Losses", WorkEnvironment::seeded(12, None));
    session.run(&Command::Import { import: Box::new(import) }).unwrap();
    let project = session.project().clone();
    match feature {
        // On each link, source and stretch, on a label and on the project; and answers.
        Feature::Comments => {
            let links = project.relations.iter().map(|link| link.id.key().clone());
            let sources = project.sources.iter().map(|source| source.id.key().clone());
            let stretches = project.omissions.iter().map(|stretch| stretch.id.key().clone());
            let whole = [project.labels.iter().next().unwrap().id.key().clone(), project.info.id.key().clone()];
            for on in links.chain(sources).chain(stretches).chain(whole).collect::<Vec<_>>() {
                let asked = session.run(&Command::AddComment { on, text: "BESIDE".to_owned() }).unwrap().made.clone().unwrap();
                session.run(&Command::AddComment { on: asked, text: "BESIDE TOO".to_owned() }).unwrap();
            }
        }
        // From each article to the next one.
        Feature::Links => {
            for number in 1..articles {
                let (from, to) = (uuid(number - 1, 1).as_str().into(), uuid(number, 1).as_str().into());
                session.run(&Command::Link { kind: "repeats".into(), from, to }).unwrap();
            }
        }
        _ => {}
    }
    (session.project().clone(), words.concat())
}

/// What no file of an article holds, counted by what is not there.
fn beside(project: &Project, profile: Profile, released: &[Annotated]) -> Vec<(Feature, usize, bool)> {
    let comments = if profile == Profile::Full { project.comments.len() - amount(Feature::Comments, released) } else { 0 };
    let all = [(Feature::Comments, comments), (Feature::Links, project.relations.len() - amount(Feature::Links, released))];
    all.into_iter().filter(|(_, amount)| *amount > 0).map(|(feature, amount)| (feature, amount, false)).collect()
}

/// How much of a feature articles hold, counted without the counter that is tested.
fn amount(feature: Feature, articles: &[Annotated]) -> usize {
    let mut found = 0;
    for article in articles {
        found += match feature {
            Feature::Text => 1,
            Feature::Details => usize::from(article.details.len() + usize::from(article.imported.is_some()) > 0),
            Feature::Parts => article.spans.iter().filter(|span| span.ranges.len() > 1).count(),
            Feature::Overlaps => {
                let mut parts: Vec<_> = article.spans.iter().flat_map(|span| span.ranges.clone()).collect();
                parts.sort_unstable();
                (0..parts.len()).filter(|at| parts[..*at].iter().any(|before| before.1 > parts[*at].0)).count()
            }
            Feature::Ids => article.spans.len() + article.links.len(),
            Feature::Attributes => article.spans.iter().filter(|span| !span.attributes.is_empty()).count(),
            Feature::Sources => article.spans.iter().filter(|span| span.source.is_some()).count(),
            Feature::Notes => article.spans.iter().filter(|span| !span.note.is_empty()).count(),
            Feature::Marker => {
                let spans = article.spans.iter().filter(|span| !span.by.is_empty() || span.origin.word() != "person").count();
                spans + article.links.iter().filter(|link| !link.by.is_empty()).count()
            }
            Feature::Links => article.links.len(),
            Feature::Comments => article.remarks.len(),
            Feature::Omissions => article.omissions.len(),
            Feature::Lines => article.kept.values().map(Vec::len).sum(),
            Feature::Unplaced => article.spans.iter().filter(|span| span.ranges.is_empty()).count(),
            Feature::Reviews => article.reviews.len(),
        };
    }
    found
}

/// Everything in what was written, archives unpacked.
fn contents(path: &Path) -> String {
    fn unpacked(bytes: &[u8]) -> String {
        if !bytes.starts_with(b"PK") {
            return String::from_utf8_lossy(bytes).into_owned();
        }
        let mut zip = Zip::open("x", Cursor::new(bytes)).unwrap();
        zip.names().iter().map(|name| unpacked(&zip.read(name).unwrap())).collect()
    }
    if path.is_dir() {
        return fs::read_dir(path).unwrap().map(|entry| contents(&entry.unwrap().path())).collect();
    }
    unpacked(&fs::read(path).unwrap())
}

/// Takes out of what was written everything that only Onrecord reads.
fn without_aside(path: &Path) {
    fn strip(json: &mut Value) {
        match json {
            Value::Object(fields) => {
                fields.retain(|key, _| key != "onrecord" && !key.starts_with("onrecord:"));
                fields.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    if path.is_dir() {
        return fs::read_dir(path).unwrap().for_each(|entry| without_aside(&entry.unwrap().path()));
    }
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    if name.ends_with(".onrecord.json") {
        return fs::remove_file(path).unwrap();
    }
    let Ok(text) = fs::read_to_string(path) else { return };
    let stripped = |text: &str| {
        let mut json: Value = serde_json::from_str(text).unwrap();
        strip(&mut json);
        json.to_string()
    };
    if ends(&name, &["jsonl"]) {
        fs::write(path, text.lines().map(|line| stripped(line) + "\n").collect::<String>()).unwrap();
    } else if ends(&name, &["json", "jsonld"]) {
        fs::write(path, stripped(&text)).unwrap();
    }
}

/// What comes back, by feature; articles are numbered in their order.
fn come_back(project: &Project, path: &Path, format: &'static Format) -> Vec<Annotated> {
    let draft = read(project, path, format).unwrap();
    assert!(draft.failed.is_empty(), "{}: {:?}", format.name, draft.failed);
    let article =
        |placed: onrecord::formats::exchange::verify::Placed| Annotated { content: placed.text.content.to_string(), ..placed.article };
    let mut articles: Vec<Annotated> = draft.placed.into_iter().map(article).collect();
    // Folders are read in the order of names.
    articles.sort_by(|left, right| left.title.cmp(&right.title));
    articles
}

fn by_feature(articles: &[Annotated]) -> BTreeMap<Option<Feature>, Vec<String>> {
    let mut found: BTreeMap<Option<Feature>, Vec<String>> = BTreeMap::new();
    for (number, article) in articles.iter().enumerate() {
        for (feature, fact) in facts_of(article, &number.to_string()) {
            found.entry(feature).or_default().push(fact);
        }
    }
    found
}

#[test]
fn what_is_told_as_lost_aside_or_kept_is() {
    let nobody = Session::new("Nobody", WorkEnvironment::seeded(1, None));
    for feature in Feature::ALL {
        for profile in Profile::ALL {
            let articles = if feature == Feature::Unplaced && profile == Profile::Full { MANY } else { 2 };
            let (project, words) = planted(feature, articles);
            let pass = Pass::new(profile, [7; 16]);
            let all = Releases::new(&project, pass);
            let unplaced: usize = project.documents.iter().map(|document| all.release(document).left().unplaced).sum();
            let mut released: Vec<Annotated> = project.documents.iter().map(|document| all.release(document).article().clone()).collect();
            released.sort_by(|left, right| left.title.cmp(&right.title));
            assert!(profile != Profile::Full || amount(feature, &released) >= articles, "{feature:?} is planted");
            let beside = beside(&project, profile, &released);
            if profile == Profile::Full && [Feature::Comments, Feature::Links].contains(&feature) {
                // With comments two of each article's link and stretch, of the source, of the label and of the project.
                let planted = if feature == Feature::Comments { 4 * articles + 6 } else { articles - 1 };
                assert_eq!(beside, [(feature, planted, false)]);
            }
            for format in written() {
                for alone in [true, false] {
                    if alone && format.is_folder {
                        continue;
                    }
                    let name = format!("{feature:?} as {}{} for {}", format.name, if alone { " alone" } else { "" }, profile.word());
                    let folder = tempfile::tempdir().unwrap();
                    let path = if alone {
                        place(folder.path(), "x", format)
                    } else {
                        folder.path().join(if format.is_archive { "x.zip" } else { "x" })
                    };
                    let done = export(&project, profile, format, &path).unwrap();
                    let how = |feature| if alone { format.alone.unwrap_or(format.carries) } else { format.carries }(feature);
                    // Every loss is told with how much of it there is, beforehand and afterwards, and nothing else is.
                    let mut told: Vec<(Feature, usize, bool)> =
                        done.losses.iter().map(|loss| (loss.feature, loss.amount, loss.comes_back)).collect();
                    told.sort_unstable();
                    let mut wanted: Vec<(Feature, usize, bool)> = Feature::ALL
                        .into_iter()
                        .filter(|feature| how(*feature) != How::Kept && amount(*feature, &released) > 0)
                        .map(|feature| (feature, amount(feature, &released), matches!(how(feature), How::Aside(_))))
                        .collect();
                    // What the profile holds back is told too, by its number.
                    wanted.extend((unplaced > 0).then_some((Feature::Unplaced, unplaced, false)));
                    wanted.extend(beside.iter().copied());
                    wanted.sort_unstable();
                    assert_eq!(told, wanted, "{name}");
                    let before = Export { document: None, pass, format, today: "2026-11-20".to_owned() };
                    assert_eq!(before.losses(&project, alone), done.losses, "{name}");
                    if !alone {
                        let notes = contents(&path);
                        assert!(done.losses.iter().all(|loss| notes.contains(&loss.sentence())), "{name}: EXPORT-NOTES.md");
                    }
                    if matches!(format.read, Reader::Annotated(_)) {
                        if format.name == "xlsx" && !alone {
                            continue;
                        }
                        comes_back_as_told(&name, &path, format, &released, &how, if alone { &project } else { nobody.project() });
                    } else {
                        is_printed_as_told(&name, &contents(&path), how(feature), &released, &words);
                    }
                }
            }
        }
    }
}

/// What is read back: all of what is kept or aside, not what is lost, and without what lies aside still what is kept.
fn comes_back_as_told(
    name: &str,
    path: &Path,
    format: &'static Format,
    released: &[Annotated],
    how: &dyn Fn(Feature) -> How,
    project: &Project,
) {
    let (before, after) = (by_feature(released), by_feature(&come_back(project, path, format)));
    for (feature, facts) in &before {
        let lost = feature.is_some_and(|feature| matches!(how(feature), How::Lost(_)));
        // A table of annotations alone is read into the project that has the text.
        if *feature != Some(Feature::Text) {
            assert_eq!(after.get(feature) == Some(facts), !lost, "{name}: {feature:?} {facts:#?} came back as {:#?}", after.get(feature));
        }
    }
    if how(Feature::Parts) != How::Kept && amount(Feature::Parts, released) > 0 {
        // Other tools see each part as an annotation, with all that belongs to one.
        return;
    }
    without_aside(path);
    // Who made a link is a matter of who marked.
    let plain = |facts: &Vec<String>| facts.iter().map(|fact| fact.replace(" by LINKER", " by ")).collect::<Vec<_>>();
    let after = by_feature(&come_back(project, path, format));
    for (feature, facts) in before {
        if feature.is_some_and(|feature| how(feature) == How::Kept) {
            assert_eq!(after.get(&feature).map(plain), Some(plain(&facts)), "{name}: {feature:?} is said to be kept for other tools");
        }
    }
}

/// What people read: the words that show a feature are there when it is kept, and some are not when it is lost.
fn is_printed_as_told(name: &str, printed: &str, how: How, released: &[Annotated], words: &[String]) {
    let let_out = format!("{released:?}");
    let words: Vec<&String> = words.iter().filter(|word| let_out.contains(*word)).collect();
    let missing: Vec<_> = words.iter().filter(|word| !printed.contains(word.as_str())).collect();
    match how {
        How::Kept => assert!(missing.is_empty(), "{name}: said to be kept, but {missing:?} is not there"),
        How::Lost(_) => assert!(words.is_empty() || !missing.is_empty(), "{name}: said to be lost, but {words:?} are there"),
        How::Aside(_) => panic!("{name}: nothing reads it back"),
    }
}

/// Of one article that is taken out alone, what is on its own links, sources and stretches is told; a source's with each article.
#[test]
fn of_one_article_what_is_on_its_own_records_is_told() {
    let (project, _) = planted(Feature::Comments, 3);
    let told = |document: &Document| {
        let (pass, format) = (Pass::new(Profile::Full, [7; 16]), onrecord::formats::named("web-annotation").unwrap());
        let export = Export { document: Some(document.id.clone()), pass, format, today: "2026-11-20".to_owned() };
        let losses = export.losses(&project, true);
        losses.iter().filter(|loss| loss.what.contains("copy of the project file")).map(Loss::sentence).collect::<Vec<_>>()
    };
    for document in project.documents.iter() {
        let sentence = "6 comments: left out, since those on links, sources and other records go only with a copy of the project file.";
        assert_eq!(told(document), [sentence]);
    }
}

/// A cell of a workbook holds 32,767 characters: longer words of the article are found by their offsets, a longer note is refused.
#[test]
fn nothing_is_cut_to_fit_a_cell() {
    let folder = tempfile::tempdir().unwrap();
    let long = "word ".repeat(8_000);
    let project = |annotation: Value| {
        let import = json!({"documents": [{"title": "Long", "content": format!("{long}\nend\n"), "annotations": [annotation]}]});
        let mut session = Session::new("Long", WorkEnvironment::seeded(2, None));
        session.run(&Command::Import { import: Box::new(serde_json::from_value(import).unwrap()) }).unwrap();
        session.project().clone()
    };
    let format = onrecord::formats::named("xlsx").unwrap();
    let path = folder.path().join("a.xlsx");
    let placed = project(json!({"label": "claim", "ranges": [[0, 40_000]], "quote": [long]}));
    export(&placed, Profile::Full, format, &path).unwrap();
    let back = come_back(&placed, &path, format);
    assert_eq!((back[0].spans[0].ranges.clone(), back[0].spans[0].quote.concat()), (vec![(0, 40_000)], long.clone()));
    for annotation in [
        json!({"label": "claim", "ranges": [[0, 4]], "quote": ["word"], "note": long}),
        json!({"label": "claim", "ranges": [], "quote": [long]}),
    ] {
        let refused = export(&project(annotation), Profile::Full, format, &path).unwrap_err();
        assert!(refused.to_string().contains("longer than the 32,767 characters that a cell holds"), "{refused}");
        assert_eq!(refused.hint(), "Write CSV instead.");
    }
}

/// The samples of the round trips hold something of everything.
#[test]
fn every_feature_is_in_the_samples() {
    let samples = super::samples();
    let articles: Vec<Annotated> = samples
        .iter()
        .flat_map(|(_, project)| {
            let all = Releases::new(project, Pass::new(Profile::Full, [7; 16]));
            project.documents.iter().map(|document| all.release(document).article().clone()).collect::<Vec<_>>()
        })
        .collect();
    let missing: Vec<Feature> = Feature::ALL.into_iter().filter(|feature| amount(*feature, &articles) == 0).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
