//! A page as HTML: one file, no script, nothing loaded, set for A4 and Letter.

use super::{Block, Page};
use crate::formats::page::xml_text as text;

const STYLE: &str = "@page{margin:18mm 16mm}body{font:11pt/1.45 Georgia,'Source Serif 4',serif;color:#1f2328;max-width:46em;margin:2em auto;padding:0 1em}\
h1{font-size:20pt;line-height:1.2}h2{font-size:15pt;margin-top:2em;border-top:1px solid #c8c4bb;padding-top:.6em}h3{font-size:12pt;margin-top:1.4em}\
h4{font-size:10.5pt;margin:1em 0 .2em}table{border-collapse:collapse;width:100%;font-size:9.5pt;margin:.6em 0}\
th,td{text-align:left;vertical-align:top;padding:.25em .5em;border-bottom:1px solid #e1ded7}th{font-weight:600}\
dl{display:grid;grid-template-columns:10em 1fr;gap:.1em 1em;font-size:10pt}dt{color:#5e636b}dd{margin:0;overflow-wrap:anywhere}\
.stamp{display:inline-block;border:2px solid;padding:.2em .8em;font-weight:700;letter-spacing:.06em}.yes{color:#1b7040}.no{color:#b3261e}\
tr,li,dl{break-inside:avoid}h2,h3,h4{break-after:avoid}";

/// Writes a page.
pub fn write(page: &Page) -> String {
    let mut out = String::with_capacity(16 * 1024);
    out.push_str("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
    out.push_str(&format!(
        "<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{}</h1>\n",
        text(&page.title),
        isolated(&page.title)
    ));
    let (class, stamp) = if page.cleared { ("yes", "CLEARED") } else { ("no", "NOT CLEARED") };
    out.push_str(&format!("<p class=\"stamp {class}\">{stamp}</p>\n"));
    for block in &page.blocks {
        self::block(&mut out, block);
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn block(out: &mut String, block: &Block) {
    match block {
        Block::Heading { level, text } => {
            let level = (*level).clamp(2, 4);
            out.push_str(&format!("<h{level}>{}</h{level}>\n", isolated(text)));
        }
        Block::Line(words) => out.push_str(&format!("<p>{}</p>\n", isolated(words))),
        Block::Facts(facts) => {
            out.push_str("<dl>\n");
            for (name, value) in facts {
                out.push_str(&format!("<dt>{}</dt><dd>{}</dd>\n", text(name), isolated(value)));
            }
            out.push_str("</dl>\n");
        }
        Block::List(lines) if lines.is_empty() => {}
        Block::List(lines) => {
            out.push_str("<ul>\n");
            for line in lines {
                out.push_str(&format!("<li>{}</li>\n", isolated(line)));
            }
            out.push_str("</ul>\n");
        }
        Block::Table { header, rows } => {
            out.push_str("<table>\n<thead><tr>");
            for name in header {
                out.push_str(&format!("<th>{}</th>", text(name)));
            }
            out.push_str("</tr></thead>\n<tbody>\n");
            for row in rows {
                out.push_str("<tr>");
                for cell in row {
                    out.push_str(&format!("<td>{}</td>", isolated(cell)));
                }
                out.push_str("</tr>\n");
            }
            out.push_str("</tbody>\n</table>\n");
        }
    }
}

/// Words whose direction does not reach beyond them.
fn isolated(words: &str) -> String {
    format!("<bdi>{}</bdi>", text(words))
}
