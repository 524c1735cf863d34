//! Markdown as text in the interface: headings, paragraphs, lists, emphasis. Links are shown and never opened; pictures and HTML are
//! left out.

use super::theme::{self, Theme};
use egui::{FontId, TextFormat, Ui, text::LayoutJob};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Shows Markdown in the width at hand.
pub(crate) fn show(ui: &mut Ui, theme: &Theme, markdown: &str) {
    let mut writer = Writer { theme, job: LayoutJob::default(), strong: 0, emphasis: 0, heading: None, lists: Vec::new() };
    for event in Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => writer.heading = Some(level),
            Event::End(TagEnd::Heading(_)) => {
                writer.flush(ui, 4.0);
                writer.heading = None;
            }
            Event::Start(Tag::Strong) => writer.strong += 1,
            Event::End(TagEnd::Strong) => writer.strong -= 1,
            Event::Start(Tag::Emphasis) => writer.emphasis += 1,
            Event::End(TagEnd::Emphasis) => writer.emphasis -= 1,
            Event::Start(Tag::List(first)) => {
                writer.flush(ui, 2.0);
                writer.lists.push(first);
            }
            Event::End(TagEnd::List(_)) => {
                writer.flush(ui, 2.0);
                writer.lists.pop();
            }
            Event::Start(Tag::Item) => writer.bullet(),
            Event::End(TagEnd::Item | TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::BlockQuote(_)) => writer.flush(ui, 6.0),
            Event::Text(words) | Event::Code(words) => writer.push(&words),
            // Guidelines are kept line by line, and people mean their lines.
            Event::SoftBreak | Event::HardBreak => writer.push("\n"),
            Event::Rule => {
                ui.separator();
            }
            _ => {}
        }
    }
    writer.flush(ui, 0.0);
}

struct Writer<'t> {
    theme: &'t Theme,
    job: LayoutJob,
    strong: u32,
    emphasis: u32,
    heading: Option<HeadingLevel>,
    /// The next number of each list that is open; `None` for bullets.
    lists: Vec<Option<u64>>,
}

impl Writer<'_> {
    fn font(&self) -> FontId {
        match (self.heading, self.strong > 0) {
            (Some(HeadingLevel::H1), _) => theme::semibold(17.0),
            (Some(HeadingLevel::H2), _) => theme::semibold(15.0),
            (Some(_), _) | (None, true) => theme::semibold(13.0),
            (None, false) => theme::body(),
        }
    }

    fn push(&mut self, words: &str) {
        let format = TextFormat { font_id: self.font(), color: self.theme.ink, italics: self.emphasis > 0, ..TextFormat::default() };
        self.job.append(&visible(words), 0.0, format);
    }

    fn bullet(&mut self) {
        let indent = "   ".repeat(self.lists.len().saturating_sub(1));
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{indent}{}.  ", *number - 1)
            }
            _ => format!("{indent}•  "),
        };
        self.push(&mark);
    }

    fn flush(&mut self, ui: &mut Ui, gap: f32) {
        if self.job.is_empty() {
            return;
        }
        let mut job = std::mem::take(&mut self.job);
        job.wrap.max_width = ui.available_width();
        ui.label(job);
        ui.add_space(gap);
    }
}

/// Line breaks stay; other characters that show nothing of themselves become visible.
fn visible(words: &str) -> String {
    words.split('\n').map(|line| crate::display::safe::one_line(line).into_owned()).collect::<Vec<_>>().join("\n")
}
