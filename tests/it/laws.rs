//! Laws that hold for every text and every session, over random ones.

use onrecord::{
    display::{
        source_index::SourceIndex,
        span_index::{Blocks, SpanIndex},
    },
    edit::{Command, Mark, MarkLink, Place, RepairTo, Speaker},
    formats::native,
    model::{Id, Origin, Project, SourceKind},
    session::{Session, WorkEnvironment},
    text::{
        CharOffset, Ranges, TextIndex, TextRange,
        boundary::{self, Unit},
        quotation,
    },
};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Text of many scripts: marks, joiners, emoji, bidi controls, quotation marks, line feeds.
fn mixed_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z]{1,6}",
        Just("é".to_owned()),
        Just("e\u{301}".to_owned()),
        Just("👨\u{200d}👩\u{200d}👧".to_owned()),
        Just("🇺🇦".to_owned()),
        Just("مسؤول".to_owned()),
        Just("לֹא".to_owned()),
        Just("Министр г.".to_owned()),
        Just("ไทย".to_owned()),
        Just("日本語".to_owned()),
        Just("\u{202b}x\u{202c}".to_owned()),
        Just("\u{a0}".to_owned()),
        Just(" ".to_owned()),
        Just(". ".to_owned()),
        Just("\n".to_owned()),
        Just("“".to_owned()),
        Just("”".to_owned()),
        Just("\"".to_owned()),
        Just("’".to_owned()),
        Just("«".to_owned()),
        Just("»".to_owned()),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::scale(200), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn offsets_convert_there_and_back(text in mixed_text()) {
        // Long enough to cross the stops of the index.
        let text = text.repeat(4);
        let index = TextIndex::new(&text);
        let (mut utf16, mut count) = (0, 0);
        for (count, (byte, character)) in text.char_indices().enumerate() {
            let offset = CharOffset::saturating_from(count);
            prop_assert_eq!(index.byte_from_char(&text, offset), byte);
            prop_assert_eq!(index.char_from_byte(&text, byte), offset);
            prop_assert_eq!(index.utf16_from_char(&text, offset), utf16);
            prop_assert_eq!(index.char_from_utf16(&text, utf16), offset);
            for inside in 1..character.len_utf8() {
                prop_assert_eq!(index.char_from_byte(&text, byte + inside), offset);
            }
            if character.len_utf16() == 2 {
                prop_assert_eq!(index.char_from_utf16(&text, utf16 + 1), offset, "inside a surrogate pair");
            }
            utf16 += character.len_utf16();
        }
        count += text.chars().count();
        prop_assert_eq!(index.len().get(), count);
        prop_assert_eq!(index.byte_from_char(&text, index.len()), text.len());
        prop_assert_eq!(index.utf16_from_char(&text, index.len()), utf16);
        for (number, line) in text.split('\n').enumerate() {
            prop_assert_eq!(text.get(index.paragraph_bytes(number)), Some(line));
        }
    }

    #[test]
    fn units_lie_within_the_text_around_their_place(text in mixed_text(), at in any::<prop::sample::Index>()) {
        let byte = boundary::floor(&text, at.index(text.len() + 1));
        for unit in [Unit::Word, Unit::Sentence, Unit::Paragraph] {
            let found = boundary::unit_at(&text, byte, unit);
            let words = text.get(found.clone());
            prop_assert!(words.is_some_and(|words| words.trim() == words), "{unit:?} {found:?}");
        }
        let snapped = boundary::snap_to_graphemes(&text, byte..byte);
        prop_assert!(boundary::is_grapheme_boundary(&text, snapped.start) && boundary::is_grapheme_boundary(&text, snapped.end));
        prop_assert!(boundary::next_word(&text, byte) > byte || byte == text.len());
        prop_assert!(boundary::previous_word(&text, byte) < byte || byte == 0);
        prop_assert!(boundary::next_grapheme(&text, byte) > byte || byte == text.len());
        if let Some(quotation) = quotation::quotation_at(&text, byte, &(byte..byte)) {
            prop_assert!(quotation.start <= byte && byte <= quotation.end && text.get(quotation).is_some());
        }
    }

    #[test]
    fn undoing_all_is_the_start_and_redoing_all_the_end(steps in prop::collection::vec((0_u8..18, any::<u16>(), any::<u16>()), 1..40)) {
        let mut session = session();
        let start = session.project().clone();
        let mut states = vec![start.clone()];
        for step in steps {
            let before = session.project().clone();
            match session.run(&command(session.project(), step)) {
                Ok(transaction) if transaction.changes.is_empty() => prop_assert!(*session.project() == before),
                Ok(_) => states.push(session.project().clone()),
                Err(_) => prop_assert!(*session.project() == before, "a refusal changes nothing"),
            }
            let issues = onrecord::check::on_load(session.project());
            prop_assert!(issues.is_empty(), "{issues:?}");
        }
        for state in states.iter().rev() {
            prop_assert!(session.project() == state);
            session.undo();
        }
        prop_assert!(*session.project() == start && !session.is_dirty());
        for state in states.iter().skip(1) {
            session.redo();
            prop_assert!(session.project() == state);
        }
        let bytes = session.to_bytes().expect("bytes");
        let again = native::read(&bytes).expect("what was written is read");
        prop_assert!(again.project.annotations == session.project().annotations && again.project.relations == session.project().relations);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::scale(100), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_index_that_follows_edits_is_the_one_built_anew(steps in prop::collection::vec((0_u8..18, any::<u16>(), any::<u16>()), 1..40)) {
        let mut session = session();
        let document = session.project().documents.iter().next().expect("a document").clone();
        let mut index = SpanIndex::new(session.project(), &document).expect("an index");
        let mut sources = SourceIndex::new(session.project());
        for (at, step) in steps.iter().enumerate() {
            // Every fifth step goes back instead.
            let done = if at % 5 == 4 { session.undo() } else { session.run(&command(session.project(), *step)).ok() };
            let Some(done) = done else { continue };
            let followed = index.follow(&done.changes, at % 5 == 4);
            sources.follow(session.project(), &done.changes, at % 5 == 4);
            prop_assert_eq!(sources.described(), SourceIndex::new(session.project()).described());
            let Some(anew) = session.project().documents.get(&document.id).and_then(|document| SpanIndex::new(session.project(), document)) else {
                continue;
            };
            if followed {
                prop_assert_eq!(described(&index), described(&anew));
            } else {
                index = anew;
            }
        }
    }

    #[test]
    fn blocks_fill_the_text_and_cut_no_letter(text in mixed_text(), times in 1_usize..400) {
        let text = text.repeat(times);
        let index = TextIndex::new(&text);
        let blocks = Blocks::new(&text, &index);
        let mut reached = 0;
        for block in 0..blocks.len() {
            let bytes = blocks.bytes(block);
            // Between two blocks there is nothing or the line feed.
            prop_assert!(bytes.start == reached || (bytes.start == reached + 1 && text.as_bytes()[reached] == b'\n'));
            prop_assert!(text.get(bytes.clone()).is_some() && bytes.len() <= 8 * 1024 + 64);
            prop_assert!(bytes.is_empty() || blocks.block_at(bytes.start) == block);
            reached = bytes.end;
        }
        prop_assert_eq!(reached, text.len());
    }
}

/// Everything that the view reads from an index.
fn described(index: &SpanIndex) -> (Vec<String>, Vec<Vec<String>>, usize) {
    let name =
        |slot: &u32| index.span(*slot).map(|span| format!("{} {:?} {}", span.annotation.id, span.parts, span.label)).expect("a live slot");
    let order = index.in_order().iter().map(name).collect();
    let by_block = (0..index.blocks().len()).map(|block| {
        let mut names: Vec<String> = index.in_block(block).iter().map(name).collect();
        names.sort();
        names
    });
    (order, by_block.collect(), index.unplaced().len())
}

fn session() -> Session {
    let mut session = Session::new("Laws", WorkEnvironment::seeded(5, None));
    let content = "“We need,” she said, “six more weeks.” Der Präsident: „Nein.“ 👨‍👩‍👧 قال المسؤول ذلك.\nA second paragraph.".to_owned();
    for title in ["One", "Two"] {
        let content = format!("{title}: {content}");
        session
            .run(&Command::AddDocument { title: title.to_owned(), content, language: String::new(), imported: None })
            .expect("an article");
    }
    // Opened anew, so that nothing of this can be undone.
    let opened = native::read(&session.to_bytes().expect("bytes")).expect("what was written is read");
    Session::from_opened(opened, WorkEnvironment::seeded(6, None))
}

/// A command made of numbers, aimed at what is there.
fn command(project: &Project, (kind, one, two): (u8, u16, u16)) -> Command {
    fn pick<T>(ids: impl ExactSizeIterator<Item = Id<T>>, number: u16) -> Id<T> {
        let count = ids.len();
        ids.enumerate().find(|(at, _)| *at == usize::from(number) % count.max(1)).map_or_else(|| "nothing".into(), |(_, id)| id)
    }
    let annotation = |number| pick(project.annotations.iter().map(|annotation| annotation.id.clone()), number);
    let document = pick(project.documents.iter().map(|document| document.id.clone()), one);
    let label = pick(project.labels.iter().map(|label| label.id.clone()), two);
    let source = pick(project.sources.iter().map(|source| source.id.clone()), two);
    let range = TextRange::new(u32::from(one % 80), u32::from(one % 80) + u32::from(two % 30));
    match kind {
        0..=3 => Command::Annotate {
            document,
            label,
            ranges: Ranges::one(range),
            attributes: BTreeMap::new(),
            source: None,
            note: String::new(),
            origin: Origin::Person,
        },
        4 => Command::DeleteAnnotations { annotations: vec![annotation(one), annotation(two)] },
        5 => Command::Relabel { annotation: annotation(one), label },
        6 => Command::AddRange { annotation: annotation(one), range },
        7 => Command::RemoveRange { annotation: annotation(one), range },
        8 => Command::Link {
            kind: pick(project.relation_kinds.iter().map(|kind| kind.id.clone()), one ^ two),
            from: annotation(one),
            to: annotation(two),
        },
        9 => Command::SetNote { annotation: annotation(one), note: format!("note {two}") },
        10 => Command::AddSource {
            alias: format!("Source {one}"),
            kind: SourceKind::Anonymous,
            role: String::new(),
            public_label: String::new(),
        },
        11 if two % 3 == 0 => Command::RemoveSource { source },
        11 => Command::SetSource { annotation: annotation(one), source: Some(source) },
        12 if two % 4 == 0 => Command::RemoveDocument { document },
        12 => Command::Omit { document, ranges: Ranges::one(range), why: String::new() },
        13 => Command::MergeSources { source: pick(project.sources.iter().map(|source| source.id.clone()), one), into: source },
        14 => Command::SplitSource { source, annotations: vec![annotation(one)], alias: format!("Split {two}") },
        15 => Command::AnnotateAll {
            label,
            places: (0..u32::from(two % 4))
                .map(|at| Place { document: document.clone(), ranges: Ranges::one(TextRange::new(at * 7, at * 7 + 5)) })
                .collect(),
            source: None,
            origin: Origin::Person,
        },
        16 => Command::MarkTogether {
            marks: vec![
                Mark::New { label: "quote".into(), ranges: Ranges::one(range), attributes: BTreeMap::new() },
                Mark::New { label: "attribution".into(), ranges: Ranges::one(TextRange::new(2, 9)), attributes: BTreeMap::new() },
                if two % 2 == 0 {
                    Mark::Known(annotation(two))
                } else {
                    Mark::New { label: "anonymous_source".into(), ranges: Ranges::one(TextRange::new(2, 5)), attributes: BTreeMap::new() }
                },
            ],
            links: vec![
                MarkLink { kind: "attributed_via".into(), from: 0, to: 1 },
                MarkLink { kind: "names_source".into(), from: 1, to: 2 },
            ],
            speaker: Some(match two % 3 {
                0 => Speaker::Known(source),
                _ => Speaker::New { alias: format!("New {one}"), kind: SourceKind::Anonymous, role: String::new() },
            }),
            document,
            origin: Origin::Rule,
        },
        _ => Command::RepairQuote { annotation: annotation(one), to: RepairTo::Place },
    }
}
