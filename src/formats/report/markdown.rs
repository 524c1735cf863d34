//! A page as Markdown. Every sign that means something there is escaped.

use super::{Block, Page};
use crate::display::safe::one_line;

/// Writes a page.
pub fn write(page: &Page) -> String {
    let mut out = format!("# {}\n\n**{}**\n\n", text(&page.title), if page.cleared { "CLEARED" } else { "NOT CLEARED" });
    for block in &page.blocks {
        match block {
            Block::Heading { level, text: words } => out.push_str(&format!("{} {}\n\n", "#".repeat(usize::from(*level)), text(words))),
            Block::Line(words) => out.push_str(&format!("{}\n\n", text(words))),
            Block::Facts(facts) => {
                for (name, value) in facts {
                    out.push_str(&format!("- {name}: {}\n", text(value)));
                }
                out.push('\n');
            }
            Block::List(lines) => {
                for line in lines {
                    out.push_str(&format!("- {}\n", text(line)));
                }
                if !lines.is_empty() {
                    out.push('\n');
                }
            }
            Block::Table { header, rows } => {
                out.push_str(&format!("| {} |\n|{}\n", header.join(" | "), "---|".repeat(header.len())));
                for row in rows {
                    let cells: Vec<String> = row.iter().map(|cell| text(cell)).collect();
                    out.push_str(&format!("| {} |\n", cells.join(" | ")));
                }
                out.push('\n');
            }
        }
    }
    out
}

/// Words without any meaning for Markdown or HTML.
pub(in crate::formats) fn text(words: &str) -> String {
    let mut out = String::with_capacity(words.len() + 16);
    for letter in one_line(words).chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '~' | '!' | '$' | '^' => {
                out.push('\\');
                out.push(letter);
            }
            '@' => out.push_str("&#64;"),
            letter => out.push(letter),
        }
    }
    // A web address must not become a link.
    out.replace("://", "&#58;//").replace("www.", "www&#46;")
}
