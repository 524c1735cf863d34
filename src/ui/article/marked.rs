//! What is marked in one block, worked out once an edit: a frame looks only at what it draws, however many annotations share a place.

use super::{ArticleView, Page};
use crate::{
    display::span_index::{Slot, Span},
    model::{Annotation, Id},
};
use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    ops::Range,
};

/// Lanes that are drawn; from the fifth on the margin shows how many more there are.
pub(super) const LANES: usize = 4;

/// A part of an annotation within a block, in bytes relative to it.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) bytes: Range<usize>,
    pub(super) slot: Slot,
    pub(super) lane: usize,
    /// Which part of the annotation it is.
    pub(super) number: usize,
}

/// An annotation that begins in a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    /// Where, relative to the block.
    pub(super) byte: usize,
    pub(super) slot: Slot,
}

/// What one block draws of its annotations. Stretches, tints and lanes are at most a few times as many as the block has bytes.
#[derive(Debug, Default)]
pub(super) struct Marked {
    /// The innermost annotation of each stretch, in the order of the text.
    pub(super) innermost: Vec<(Range<usize>, Slot)>,
    /// Parts that are innermost somewhere, the longest annotation first.
    pub(super) tints: Vec<Part>,
    /// Parts in the lanes that are drawn, by start and longer first.
    pub(super) lanes: Vec<Part>,
    /// Every annotation that begins here, by place.
    pub(super) starts: Vec<Start>,
    /// Those of them that the margin names.
    pub(super) named: Vec<Start>,
    /// How many parts meet at most.
    pub(super) depth: usize,
}

impl Marked {
    fn new(page: &Page<'_>, block: usize, preview: Option<&Preview>) -> Self {
        let mut marked = Self::default();
        let parts = marked.gather(page, block, preview);
        let length = |part: &Part| page.index.span(part.slot).map_or(0, Span::byte_len);
        let depth = |(at, part)| Depth { length: length(part), part: Reverse(at), end: part.bytes.end };
        let order: Vec<Depth> = parts.iter().enumerate().map(depth).collect();
        marked.find_innermost(&parts, &order);
        marked.find_lanes(parts);
        marked
    }

    /// Notes which annotations begin in a block; gives their parts by start and longer first.
    fn gather(&mut self, page: &Page<'_>, block: usize, preview: Option<&Preview>) -> Vec<Part> {
        let bytes = page.index.blocks().bytes(block);
        let mut parts = Vec::new();
        let mut add = |slot: Slot, number: usize, range: Range<usize>| {
            let (start, end) = (range.start.max(bytes.start), range.end.min(bytes.end));
            if start < end {
                parts.push(Part { bytes: start - bytes.start..end - bytes.start, slot, lane: 0, number });
            }
        };
        for slot in page.index.in_block(block) {
            let Some(span) = page.index.span(*slot) else { continue };
            let is_moved = preview.is_some_and(|(annotation, _)| *annotation == span.annotation.id);
            let is_drawn = !is_moved && page.is_in_focus(&span.annotation);
            if let Some(byte) = span.bounds().start.checked_sub(bytes.start) {
                self.starts.push(Start { byte, slot: *slot });
                // What begins with the line feed behind a block shows in the next one.
                self.named.extend((is_drawn && byte < bytes.len()).then_some(Start { byte, slot: *slot }));
            }
            if is_drawn {
                let here = parts_from(span, bytes.start).take_while(|(_, range)| range.start < bytes.end);
                here.for_each(|(number, range)| add(*slot, number, range));
            }
        }
        if let Some((annotation, ranges)) = preview
            && let Some(slot) = page.index.slot(annotation)
        {
            ranges.iter().enumerate().for_each(|(number, range)| add(slot, number, range.clone()));
            let first = ranges.first().filter(|first| bytes.contains(&first.start));
            self.named.extend(first.map(|first| Start { byte: first.start - bytes.start, slot }));
        }
        parts.sort_by(|one, other| one.bytes.start.cmp(&other.bytes.start).then(other.bytes.end.cmp(&one.bytes.end)));
        for starts in [&mut self.starts, &mut self.named] {
            starts.sort_by_cached_key(|start| (start.byte, page.index.span(start.slot).map(|span| Reverse(span.bounds().end))));
        }
        parts
    }

    /// Walks over the places where parts begin or end; a heap knows which of those that are open is the innermost.
    fn find_innermost(&mut self, parts: &[Part], order: &[Depth]) {
        let mut places: Vec<usize> = parts.iter().flat_map(|part| [part.bytes.start, part.bytes.end]).collect();
        places.sort_unstable();
        places.dedup();
        let mut open: BinaryHeap<Reverse<&Depth>> = BinaryHeap::new();
        let mut coming = parts.iter().zip(order).peekable();
        let mut seen = vec![false; parts.len()];
        for (from, to) in places.iter().zip(places.iter().skip(1)) {
            while let Some((_, depth)) = coming.next_if(|(part, _)| part.bytes.start <= *from) {
                open.push(Reverse(depth));
            }
            while open.peek().is_some_and(|Reverse(depth)| depth.end <= *from) {
                open.pop();
            }
            let Some(Reverse(depth)) = open.peek() else { continue };
            let Some(part) = parts.get(depth.part.0) else { continue };
            if let Some(seen) = seen.get_mut(depth.part.0) {
                *seen = true;
            }
            match self.innermost.last_mut() {
                Some((bytes, slot)) if *slot == part.slot && bytes.end == *from => bytes.end = *to,
                _ => self.innermost.push((*from..*to, part.slot)),
            }
        }
        let mut tints: Vec<&Depth> = order.iter().filter(|depth| seen.get(depth.part.0) == Some(&true)).collect();
        tints.sort_unstable_by(|one, other| other.cmp(one));
        self.tints = tints.into_iter().filter_map(|depth| parts.get(depth.part.0).cloned()).collect();
    }

    /// Gives each part the first free lane, and counts how many meet.
    fn find_lanes(&mut self, parts: Vec<Part>) {
        let mut ends = [0; LANES];
        let mut open: BinaryHeap<Reverse<usize>> = BinaryHeap::new();
        for mut part in parts {
            while open.peek().is_some_and(|Reverse(end)| *end <= part.bytes.start) {
                open.pop();
            }
            open.push(Reverse(part.bytes.end));
            self.depth = self.depth.max(open.len());
            if let Some((lane, end)) = ends.iter_mut().enumerate().find(|(_, end)| **end <= part.bytes.start) {
                *end = part.bytes.end;
                part.lane = lane;
                self.lanes.push(part);
            }
        }
    }

    /// The annotations that the margin names and that begin within bytes of the block.
    pub(super) fn named_in(&self, bytes: &Range<usize>) -> &[Start] {
        let from = self.named.partition_point(|start| start.byte < bytes.start);
        let to = self.named.partition_point(|start| start.byte < bytes.end);
        self.named.get(from..to).unwrap_or_default()
    }

    /// The innermost annotation at a byte of the block.
    pub(super) fn innermost_at(&self, byte: usize) -> Option<Slot> {
        let at = self.innermost.partition_point(|(bytes, _)| bytes.end <= byte);
        self.innermost.get(at).filter(|(bytes, _)| bytes.contains(&byte)).map(|(_, slot)| *slot)
    }
}

/// How deep a part lies: the shorter its annotation the deeper, of equals the last.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Depth {
    length: usize,
    part: Reverse<usize>,
    end: usize,
}

/// The annotation whose end is being dragged, and its ranges.
type Preview = (Id<Annotation>, Vec<Range<usize>>);

/// The parts of an annotation that end behind a byte, with their numbers.
pub(super) fn parts_from(span: &Span, byte: usize) -> impl Iterator<Item = (usize, Range<usize>)> + '_ {
    let first = span.parts.partition_point(|part| part.end as usize <= byte);
    span.parts.iter().enumerate().skip(first).map(|(number, part)| (number, part.start as usize..part.end as usize))
}

/// What the marked blocks belong to.
#[derive(Debug, Clone, PartialEq)]
struct Key {
    version: u64,
    focus: Option<u64>,
    preview: Option<Preview>,
}

/// The blocks that were drawn lately, each with what is marked in it.
#[derive(Debug, Default)]
pub(super) struct MarkedBlocks {
    key: Option<Key>,
    blocks: HashMap<usize, Marked>,
}

/// Blocks that are kept at most.
const KEPT: usize = 200;

impl MarkedBlocks {
    pub(super) fn get(&self, block: usize) -> Option<&Marked> {
        self.blocks.get(&block)
    }
}

impl ArticleView {
    /// Works out what is marked in the blocks in sight, where an edit, the focus or a drag changed it or they came into sight.
    pub(super) fn mark_visible(&mut self, page: &Page<'_>) {
        let version = page.index.version();
        let focus = page.focus.as_ref().map(|focus| focus.key);
        let known = self.marked.key.as_ref().is_some_and(|key| key.version == version && key.focus == focus && key.preview == self.preview);
        if !known || self.marked.blocks.len() > KEPT {
            self.marked.blocks.clear();
            self.marked.key = Some(Key { version, focus, preview: self.preview.clone() });
        }
        for visible in &self.visible {
            let marked = || Marked::new(page, visible.block, self.preview.as_ref());
            self.marked.blocks.entry(visible.block).or_insert_with(marked);
        }
    }
}
