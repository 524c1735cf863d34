//! The caret: the keys of a word processor, in visual order where the text runs from right to left.

#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a page has at most 200 lines")]

use super::{ArticleView, Page, layout::TextEngine};
use crate::text::boundary;
use egui::{Event, Key, Modifiers, Ui, pos2};

impl ArticleView {
    pub(crate) fn take_keys(&mut self, ui: &Ui, page: &Page<'_>, engine: &mut TextEngine, scale: f32) {
        let events: Vec<Event> = ui.input(|input| input.events.clone());
        for event in events {
            match event {
                Event::Key { key, pressed: true, modifiers, .. } if !modifiers.alt => {
                    if let Some(byte) = self.target(page, engine, scale, key, modifiers) {
                        self.caret_since = ui.input(|input| input.time);
                        let collapses = !modifiers.shift
                            && !self.selection().is_empty()
                            && matches!(key, Key::ArrowLeft | Key::ArrowRight)
                            && !modifiers.command;
                        self.head = if collapses { self.collapsed(page, key) } else { byte };
                        if !modifiers.shift {
                            self.anchor = self.head;
                        }
                        self.reveal(self.head);
                    }
                }
                Event::Copy if !self.selection().is_empty() => {
                    if let Some(words) = page.text().get(self.selection()) {
                        ui.copy_text(words.to_owned());
                    }
                }
                _ => {}
            }
        }
    }

    /// Left and right first leave a selection at that side, as in every word processor.
    fn collapsed(&self, page: &Page<'_>, key: Key) -> usize {
        let selection = self.selection();
        let block = page.index.blocks().block_at(selection.start);
        let rtl = self.laid_out(block).is_some_and(|laid_out| laid_out.rtl);
        if (key == Key::ArrowLeft) == rtl { selection.end } else { selection.start }
    }

    /// Where a key takes the caret; `None` for keys that do not move it.
    fn target(&mut self, page: &Page<'_>, engine: &mut TextEngine, scale: f32, key: Key, modifiers: Modifiers) -> Option<usize> {
        let text = page.text();
        let at = self.head;
        let vertical = matches!(key, Key::ArrowUp | Key::ArrowDown | Key::PageUp | Key::PageDown) && !modifiers.command;
        if !vertical {
            self.goal_x = None;
        }
        match key {
            Key::ArrowLeft | Key::ArrowRight => Some(self.sideways(page, engine, scale, key == Key::ArrowRight, modifiers.command)),
            Key::ArrowUp if modifiers.command => Some(paragraph_back(text, at)),
            Key::ArrowDown if modifiers.command => Some(paragraph_on(text, at)),
            Key::ArrowUp | Key::ArrowDown => self.vertically(page, engine, scale, key == Key::ArrowDown),
            Key::PageUp | Key::PageDown => {
                let lines = (self.rect.height() / (page.size * page.line_height) - 2.0).max(1.0);
                let mut reached = at;
                for _ in 0..lines.round().clamp(1.0, 200.0) as u8 {
                    match self.vertically(page, engine, scale, key == Key::PageDown) {
                        Some(next) => (reached, self.head) = (next, next),
                        None => break,
                    }
                }
                self.head = at;
                Some(reached)
            }
            Key::Home if modifiers.command => Some(0),
            Key::End if modifiers.command => Some(text.len()),
            Key::Home | Key::End => {
                let (block, start) = self.block_of(page, engine, scale, at);
                let laid_out = self.laid_out(block)?;
                let line = laid_out.lines.get(laid_out.line_of(at - start))?;
                let is_last = line.bytes.end + start >= page.index.blocks().bytes(block).end;
                Some(match key {
                    Key::Home => start + line.bytes.start,
                    // Behind the last letter of a wrapped line a caret would stand on the next one.
                    _ if is_last => start + line.bytes.end,
                    _ => boundary::previous_grapheme(text, start + line.bytes.end),
                })
            }
            _ => None,
        }
    }

    fn block_of(&mut self, page: &Page<'_>, engine: &mut TextEngine, scale: f32, byte: usize) -> (usize, usize) {
        let block = page.index.blocks().block_at(byte);
        self.ensure(page, engine, scale, block);
        (block, page.index.blocks().bytes(block).start)
    }

    fn sideways(&mut self, page: &Page<'_>, engine: &mut TextEngine, scale: f32, right: bool, word: bool) -> usize {
        let text = page.text();
        let at = self.head;
        let (block, start) = self.block_of(page, engine, scale, at);
        let laid_out = self.laid_out(block);
        let within = at - start;
        let rtl = laid_out
            .and_then(|laid_out| laid_out.lines.get(laid_out.line_of(within)))
            .and_then(|line| line.cluster_at(within))
            .map_or_else(|| page.rtl.unwrap_or(false), |letter| letter.rtl);
        let forward = right != rtl;
        if word {
            return if forward { boundary::next_word(text, at) } else { boundary::previous_word(text, at) };
        }
        // Inside a line the caret goes where the eye goes; at its ends, on in the order of the text. What the shaper calls a cluster
        // can be part of a letter, so the stop is moved to a whole one.
        let stop = laid_out.and_then(|laid_out| laid_out.step(within, right)).map(|stop| start + stop);
        match stop.filter(|stop| *stop != at && boundary::is_grapheme_boundary(text, *stop)) {
            Some(stop) => stop,
            None if forward => skip_blank_lines(text, boundary::next_grapheme(text, at), true),
            None => skip_blank_lines(text, boundary::previous_grapheme(text, at), false),
        }
    }

    fn vertically(&mut self, page: &Page<'_>, engine: &mut TextEngine, scale: f32, down: bool) -> Option<usize> {
        let (block, start) = self.block_of(page, engine, scale, self.head);
        let style = Self::style_of(page, block);
        let laid_out = self.laid_out(block)?;
        let within = self.head - start;
        let x = laid_out.caret(within, &style).left();
        let line = laid_out.line_of(within);
        let last = laid_out.lines.len().saturating_sub(1);
        let x = *self.goal_x.get_or_insert(x);
        let next = if down && line < last && !self.laid_out(block)?.lines.is_empty() {
            Some((block, line + 1))
        } else if !down && line > 0 {
            Some((block, line - 1))
        } else {
            self.neighbour(page, engine, scale, block, down)
        };
        let Some((block, line)) = next else { return Some(if down { page.text().len() } else { 0 }) };
        let line = self.laid_out(block)?.lines.get(line)?;
        let point = pos2(x, f32::midpoint(line.top, line.bottom));
        let hit = self.laid_out(block)?.hit(point);
        Some(page.index.blocks().bytes(block).start + hit)
    }

    /// The nearest line in the next block that has one.
    fn neighbour(&mut self, page: &Page<'_>, engine: &mut TextEngine, scale: f32, block: usize, down: bool) -> Option<(usize, usize)> {
        let mut block = block;
        loop {
            block = if down { block + 1 } else { block.checked_sub(1)? };
            if block >= page.index.blocks().len() {
                return None;
            }
            self.ensure(page, engine, scale, block);
            let lines = self.laid_out(block)?.lines.len();
            if lines > 0 {
                return Some((block, if down { 0 } else { lines - 1 }));
            }
        }
    }
}

/// Blank lines take no room on the page, so the caret does not stop in them.
fn skip_blank_lines(text: &str, byte: usize, forward: bool) -> usize {
    let mut byte = byte;
    for _ in 0..1000 {
        let paragraph = boundary::paragraph_at(text, byte);
        let blank = text.get(paragraph.clone()).is_some_and(|words| words.trim().is_empty());
        if !blank {
            break;
        }
        let next = if forward { paragraph.end + 1 } else { paragraph.start.saturating_sub(1) };
        if next > text.len() || next == byte || (!forward && paragraph.start == 0) {
            break;
        }
        byte = next;
    }
    byte.min(text.len())
}

fn paragraph_back(text: &str, byte: usize) -> usize {
    let here = boundary::paragraph_at(text, byte);
    if byte > here.start || here.start == 0 {
        return here.start;
    }
    let before = skip_blank_lines(text, here.start - 1, false);
    boundary::paragraph_at(text, before).start
}

fn paragraph_on(text: &str, byte: usize) -> usize {
    let here = boundary::paragraph_at(text, byte);
    if here.end >= text.len() { text.len() } else { skip_blank_lines(text, here.end + 1, true) }
}
