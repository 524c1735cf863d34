//! Which annotations stand where in one document: kept up to date edit by edit, so that no frame looks at all of them.

use crate::{
    anchor::has_place,
    edit::Change,
    model::{Annotation, Document, Id, Label, Project, Text},
    text::TextIndex,
};
use smallvec::SmallVec;
use std::{
    cmp::Reverse,
    collections::HashMap,
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Changes that are followed one by one.
const MOST_FOLLOWED: usize = 1_000;

/// Longest block, in bytes: a longer paragraph is cut at a sentence or a space, so that one giant line cannot stall a frame.
pub const LONGEST_BLOCK: usize = 8 * 1024;

/// The stretches of a text that are laid out by themselves: paragraphs, and the parts of very long ones.
#[derive(Debug, Clone)]
pub struct Blocks {
    ranges: Vec<Range<u32>>,
}

impl Blocks {
    /// Cuts a text into blocks, in one pass over it.
    pub fn new(text: &str, index: &TextIndex) -> Self {
        let mut ranges = Vec::with_capacity(index.paragraph_count());
        for paragraph in 0..index.paragraph_count() {
            let Range { mut start, end } = index.paragraph_bytes(paragraph);
            while end - start > LONGEST_BLOCK {
                let reach = text.floor_char_boundary(start + LONGEST_BLOCK);
                let piece = text.get(start..reach).unwrap_or_default();
                let sentence = piece.rfind(". ").map(|at| at + 2);
                let cut = sentence.or_else(|| piece.rfind(char::is_whitespace).map(|at| text.ceil_char_boundary(start + at + 1) - start));
                // A text without spaces is cut between letters, never inside one.
                let cut =
                    cut.filter(|cut| *cut > 0).unwrap_or_else(|| crate::text::boundary::snap_to_graphemes(text, start..reach).end - start);
                ranges.push(narrow(start)..narrow(start + cut));
                start += cut;
            }
            ranges.push(narrow(start)..narrow(end));
        }
        Self { ranges }
    }

    /// Number of blocks, at least one.
    pub fn len(&self) -> usize {
        self.ranges.len()
    }

    /// Whether there is none, which no text has.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The bytes of a block; empty behind the last.
    pub fn bytes(&self, block: usize) -> Range<usize> {
        self.ranges.get(block).map_or(0..0, |range| range.start as usize..range.end as usize)
    }

    /// The block that holds a byte; at a seam, the later one.
    pub fn block_at(&self, byte: usize) -> usize {
        self.ranges.partition_point(|range| range.start as usize <= byte).saturating_sub(1)
    }
}

/// An annotation as the view needs it.
#[derive(Debug, Clone)]
pub struct Span {
    /// The record.
    pub annotation: Arc<Annotation>,
    /// Its label's place in the order of labels; `usize::MAX` when the label is unknown.
    pub label: usize,
    /// Its ranges in bytes.
    pub parts: SmallVec<[Range<u32>; 2]>,
}

impl Span {
    /// From the first byte to the last.
    pub fn bounds(&self) -> Range<usize> {
        let start = self.parts.first().map_or(0, |part| part.start);
        let end = self.parts.last().map_or(start, |part| part.end);
        start as usize..end as usize
    }

    /// Whether one of the parts holds the byte.
    pub fn contains(&self, byte: usize) -> bool {
        self.parts.iter().any(|part| part.start as usize <= byte && byte < part.end as usize)
    }

    /// Number of bytes taken.
    pub fn byte_len(&self) -> usize {
        self.parts.iter().map(|part| (part.end - part.start) as usize).sum()
    }
}

/// Names a span within its index while it lives.
pub type Slot = u32;

/// All annotations of one document, by block and in the order of the text.
#[derive(Debug)]
pub struct SpanIndex {
    document: Id<Document>,
    text: Arc<Text>,
    blocks: Blocks,
    labels: HashMap<Id<Label>, usize>,
    spans: Vec<Option<Span>>,
    slots: HashMap<Id<Annotation>, Slot>,
    by_block: Vec<SmallVec<[Slot; 2]>>,
    order: Vec<Slot>,
    free: Vec<Slot>,
    unplaced: Vec<Arc<Annotation>>,
    version: u64,
}

impl SpanIndex {
    /// Indexes a document, in time by the number of its annotations.
    pub fn new(project: &Project, document: &Document) -> Option<Self> {
        let text = Arc::clone(project.text_of(document)?);
        let blocks = Blocks::new(&text.content, &text.index);
        let annotations: Vec<&Arc<Annotation>> =
            project.annotations.iter().filter(|annotation| annotation.document == document.id).collect();
        let labels = project.labels_in_order().iter().enumerate().map(|(place, label)| (label.id.clone(), place)).collect();
        let mut index = Self {
            document: document.id.clone(),
            by_block: vec![SmallVec::new(); blocks.len()],
            text,
            blocks,
            labels,
            spans: Vec::with_capacity(annotations.len()),
            slots: HashMap::with_capacity(annotations.len()),
            order: Vec::new(),
            free: Vec::new(),
            unplaced: Vec::new(),
            version: next_version(),
        };
        let mut order: Vec<(usize, Reverse<usize>, Slot)> = Vec::with_capacity(annotations.len());
        for annotation in annotations {
            if let Some(slot) = index.store(annotation) {
                let bounds = index.span(slot).map_or(0..0, Span::bounds);
                order.push((bounds.start, Reverse(bounds.end), slot));
            }
        }
        // Slots were given in the order of ids, which decides last.
        order.sort_unstable();
        index.order = order.into_iter().map(|(_, _, slot)| slot).collect();
        Some(index)
    }

    /// The document.
    pub fn document(&self) -> &Id<Document> {
        &self.document
    }

    /// Its text.
    pub fn text(&self) -> &Arc<Text> {
        &self.text
    }

    /// Its blocks.
    pub fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    /// Differs after every change, and between two indexes.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Annotations that have no place in the text.
    pub fn unplaced(&self) -> &[Arc<Annotation>] {
        &self.unplaced
    }

    /// A span by its slot.
    pub fn span(&self, slot: Slot) -> Option<&Span> {
        self.spans.get(slot as usize)?.as_ref()
    }

    /// The slot of an annotation.
    pub fn slot(&self, annotation: &Id<Annotation>) -> Option<Slot> {
        self.slots.get(annotation).copied()
    }

    /// The span of an annotation.
    pub fn get(&self, annotation: &Id<Annotation>) -> Option<&Span> {
        self.span(self.slot(annotation)?)
    }

    /// The slots in a block.
    pub fn in_block(&self, block: usize) -> &[Slot] {
        self.by_block.get(block).map_or(&[], |slots| slots.as_slice())
    }

    /// All slots by place: start, longer first, id.
    pub fn in_order(&self) -> &[Slot] {
        &self.order
    }

    /// The slots at a byte, the innermost (shortest) first.
    pub fn at(&self, byte: usize) -> Vec<Slot> {
        let mut found: Vec<Slot> = self
            .in_block(self.blocks.block_at(byte))
            .iter()
            .copied()
            .filter(|slot| self.span(*slot).is_some_and(|span| span.contains(byte)))
            .collect();
        found.sort_by_key(|slot| self.span(*slot).map(|span| (span.byte_len(), span.annotation.id.clone())));
        found
    }

    /// The place of an annotation in [`SpanIndex::in_order`].
    pub fn rank(&self, annotation: &Id<Annotation>) -> Option<usize> {
        let slot = self.slot(annotation)?;
        let key = self.sort_key(slot);
        self.order.binary_search_by(|other| self.sort_key(*other).cmp(&key)).ok()
    }

    /// The first place in [`SpanIndex::in_order`] that starts at or after a byte.
    pub fn rank_from(&self, byte: usize) -> usize {
        self.order.partition_point(|slot| self.span(*slot).is_some_and(|span| span.bounds().start < byte))
    }

    /// Takes over what an edit, undo or redo changed. `false` means that the index has to be built anew: the text or the labels
    /// changed.
    pub fn follow(&mut self, changes: &[Change], undone: bool) -> bool {
        if changes.len() > MOST_FOLLOWED {
            // Each change moves what lies behind it: from here on building anew is faster.
            return false;
        }
        for change in changes {
            match change {
                Change::Annotation(swap) => {
                    let (before, after) = swap.sides(undone);
                    if let Some(before) = before {
                        self.remove(&before.id);
                    }
                    if let Some(after) = after.filter(|after| after.document == self.document) {
                        self.insert(after);
                    }
                }
                Change::Label(_) | Change::Text(_) => return false,
                Change::Document(swap) if swap.id == self.document => {
                    let text = |side: &Option<Arc<Document>>| side.as_ref().map(|document| document.text.clone());
                    if text(&swap.before) != text(&swap.after) {
                        return false;
                    }
                }
                _ => {}
            }
        }
        self.version = next_version();
        true
    }

    fn sort_key(&self, slot: Slot) -> (usize, Reverse<usize>, Option<Id<Annotation>>) {
        let span = self.span(slot);
        let bounds = span.map_or(0..0, Span::bounds);
        (bounds.start, Reverse(bounds.end), span.map(|span| span.annotation.id.clone()))
    }

    fn insert(&mut self, annotation: &Arc<Annotation>) {
        if let Some(slot) = self.store(annotation) {
            let key = self.sort_key(slot);
            let at = self.order.partition_point(|other| self.sort_key(*other) < key);
            self.order.insert(at, slot);
        }
    }

    /// Puts a span into its slot and its blocks, or among the unplaced ones.
    fn store(&mut self, annotation: &Arc<Annotation>) -> Option<Slot> {
        // Whether the words agree was checked when the file was opened; here only places count.
        let misplaced = annotation.text != self.text.id || !has_place(&annotation.ranges, &self.text);
        if misplaced {
            self.unplaced.push(Arc::clone(annotation));
            return None;
        }
        let bytes = |offset| narrow(self.text.index.byte_from_char(&self.text.content, offset));
        let parts: SmallVec<[Range<u32>; 2]> = annotation.ranges.iter().map(|range| bytes(range.start)..bytes(range.end)).collect();
        let label = self.labels.get(&annotation.label).copied().unwrap_or(usize::MAX);
        let span = Span { annotation: Arc::clone(annotation), label, parts };
        let blocks = self.blocks_of(&span);
        let slot = self.free.pop().unwrap_or_else(|| {
            self.spans.push(None);
            narrow(self.spans.len() - 1)
        });
        if let Some(place) = self.spans.get_mut(slot as usize) {
            *place = Some(span);
        }
        self.slots.insert(annotation.id.clone(), slot);
        for block in blocks {
            if let Some(slots) = self.by_block.get_mut(block) {
                slots.push(slot);
            }
        }
        Some(slot)
    }

    fn remove(&mut self, annotation: &Id<Annotation>) {
        self.unplaced.retain(|unplaced| unplaced.id != *annotation);
        let Some(rank) = self.rank(annotation) else { return };
        let slot = self.order.remove(rank);
        let Some(span) = self.spans.get_mut(slot as usize).and_then(Option::take) else { return };
        for block in self.blocks_of(&span) {
            if let Some(slots) = self.by_block.get_mut(block) {
                slots.retain(|other| *other != slot);
            }
        }
        self.slots.remove(annotation);
        self.free.push(slot);
    }

    /// The blocks that a span touches, each once.
    fn blocks_of(&self, span: &Span) -> SmallVec<[usize; 4]> {
        let mut blocks: SmallVec<[usize; 4]> = SmallVec::new();
        for part in &span.parts {
            let first = self.blocks.block_at(part.start as usize);
            let last = self.blocks.block_at((part.end as usize).saturating_sub(1));
            let from = blocks.last().map_or(first, |seen| first.max(seen + 1));
            blocks.extend(from..=last);
        }
        blocks
    }
}

/// A number that no index had before: one built anew is never taken for the one before it.
fn next_version() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed)
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
