//! Onrecord: mark what an article claims, who said it, and who would not be named.
//!
//! # The map
//!
//! A module imports only from modules above it; `tests/it/architecture.rs` holds the line.
//!
//! | module | what it does |
//! |---|---|
//! | [`text`] | offsets and strings: scalar, byte and UTF-16 offsets; graphemes, words, sentences, quotations |
//! | [`model`] | the project as plain data: documents, annotations, relations, sources, labels; ids and stamps |
//! | [`anchor`] | whether an annotation still stands where it says, and where else its words are |
//! | [`review`] | unnamed sources: what rests on each, what the newsroom's rules say, what was decided and whether it still holds |
//! | [`edit`] | the only code that changes a project: command → plan → transaction → history |
//! | [`check`] | finds faults, mends nothing |
//! | [`find`] | words in articles, notes and attributes |
//! | [`suggest`] | what rules propose: a quote with its speaker, stretches that are not article |
//! | [`merge`] | files that are joined without a server: stamps, the join, what is deleted |
//! | [`display`] | what to show, as data: lines of text, the index of spans that the article view draws from, figures, the audit |
//! | [`formats`] | bytes to records and back: the project file, every other format, articles, label sets, policies; the audit report |
//! | [`store`] | the only code on the disk: atomic save, journal, looks at the file, what is brought in and taken out, settings |
//! | [`session`] | one open project: run, undo, redo, open, save, merge, recover, import, export; clock and ids |
//! | [`cli`] | the command line, one file a sub-command |
//! | `ui` | the window, feature `gui`: reads a session, asks for actions |
//!
//! # How an edit travels
//!
//! A panel or a key pushes an `Action`. After all panels are drawn `ui::apply` carries it out: it runs a [`edit::Command`] in the
//! [`session::Session`], which [plans](mod@edit::plan) it into a [`edit::Transaction`] of records before and after, and commits that to the
//! [`edit::History`]. The transaction then goes to the caches, first of all [`display::span_index::SpanIndex`], which follow it instead
//! of being built anew. Undo is the same way back.
//!
//! # How a save travels
//!
//! A [`session::SaveJob`] is a snapshot that shares all records with the project being edited. On its own thread it gives
//! [stamps](merge::Ledger::stamped) to what changed since the last save, [writes](formats::native::write()) the bytes, and
//! [hands them to the disk](store::atomic::place). It does so in its [turn](store::turn::Turn): every program of ours that saves in the
//! folder waits meanwhile, so that nobody writes between its look at the file and the rename. What others write without a turn comes out
//! when old and new file change places, and is [joined back](session::saving::place).
//!
//! # How a colleague's work comes in
//!
//! Whatever arrives (a chosen copy, the file on the disk, what a crash left in a [journal](session::recovery)) is a [`merge::Ledger`]:
//! contents with stamps. A [`session::MergeJob`] stamps what is not saved yet, [joins](merge::join()) the two, and gives a
//! [`edit::Transaction`] like any other. A [`merge::State`] is what files say of one record; states form a semilattice, and what is
//! shown of them, live or deleted, decided or not, is computed from them, so that the order of joins never matters. A merge that the user
//! asked for is a step of undo until it is saved; what came in by itself is none, and older steps are [fitted](edit::rebase) over it.
//!
//! # How other formats travel
//!
//! Every reader turns bytes into [`formats::exchange::Annotated`], an article as the file tells it.
//! [Verification](formats::exchange::verify) finds by the quoted words what its offsets count and places it;
//! [adoption](formats::exchange::adopt) maps its labels and gives one [`edit::Command::Import`]. On the way out a document becomes a
//! [`formats::exchange::release::Release`], which only the profile makes and which is all that a writer ever sees (a public one comes
//! from a [`formats::exchange::public::PublicArticle`], which can hold nothing that people wrote); articles are encoded on
//! all processors and [put in order](formats::convert::Outgoing). What a format does not carry is its `carries`, counted beforehand, and
//! the round-trip test holds it to that.
//!
//! # Where to add a thing
//!
//! | you want | you write |
//! |---|---|
//! | a label, an attribute, a kind of link | an entry in `assets/labels/news.json` |
//! | an edit | a [`edit::Command`], its example in [`edit::Command::ALL`], a planning function |
//! | a format | a file in `formats` with a [`formats::Format`], and a line in [`formats::FORMATS`] |
//! | a user action | a row in `ui/action_list.rs` and its arm in `ui/apply.rs` |
//! | a word that reports speech | an entry in `assets/cues/news.json` |
//! | a check of the file | a file in `check`, called by [`check::on_load`] |
//! | a sourcing rule | a `const` in [`check::sourcing`], its place in [`check::sourcing::RULES`], and where it is said |
//! | an answer that is filled in | a rule in [`review::PREFILLS`] and its name in a policy |
//! | a policy | a file in `assets/policies` |
//! | a field of a record | one line in its `record!`, one in `assets/schema/project.v1.json`, and what it holds in [`model::free_text`]; it joins by itself, and is purged and kept in if people write it |
//! | a record that refers to others | its [`model::references::Refers`] |
//! | a hostile file | a row in the recipe of `tests/it/hostile.rs` |

pub mod text;

pub mod model;

pub mod anchor;

pub mod review;

pub mod edit;

pub mod check;

pub mod find;

pub mod suggest;

pub mod merge;

pub mod display;

pub mod formats;

pub mod store;

pub mod session;

pub mod cli;

#[cfg(feature = "gui")]
pub mod ui;

/// The licences of this program and of everything in it.
pub const LICENSES: &str = include_str!("../assets/THIRD_PARTY_NOTICES.md");
