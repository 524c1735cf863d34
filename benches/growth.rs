//! How cost grows: every command and every hot path of the core over projects of many shapes, at one size and at four times as much.
//!
//! `cargo bench --bench growth --no-default-features` prints CPU time at both sizes, each the least of five runs, and the exponent: 1 is
//! linear, 2 quadratic. What exceeds 1.15 is said at the end. `-- --quick` runs it small and once, to see that it runs, `--size=600` and
//! `--runs=2` at other sizes; words name shapes or works to look at alone. What decides is a test that counts (`tests/it/growth.rs`); here times are printed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    reason = "a benchmark prints, and stops when something is wrong"
)]

#[path = "shapes.rs"]
mod shapes;
#[path = "works.rs"]
mod works;

use cpu_time::ProcessTime;
use shapes::Shape;
use works::{Prepared, WORKS, Work};

/// What may grow no faster than this.
const MOST: f64 = 1.15;
/// Shortest time that says something, in milliseconds.
const LEAST: f64 = 2.0;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let quick = arguments.iter().any(|argument| argument == "--quick" || argument == "--test");
    let number = |name: &str, usual: usize| {
        arguments.iter().find_map(|argument| argument.strip_prefix(name)?.parse().ok()).unwrap_or(if quick { usual / 25 } else { usual })
    };
    let (size, runs) = (number("--size=", 2_500).max(100), number("--runs=", 5).max(1));
    let wanted: Vec<String> = arguments.iter().filter(|argument| !argument.starts_with("--")).map(|word| word.to_lowercase()).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|word| name.to_lowercase().contains(word));
    let mut over = Vec::new();
    for shape in Shape::ALL {
        let name = format!("{shape:?}");
        let works: Vec<&Work> = WORKS.iter().filter(|work| is_wanted(&name) || is_wanted(work.name)).collect();
        if works.is_empty() {
            continue;
        }
        let (one, four) = (Prepared::new(shape, size), Prepared::new(shape, size * 4));
        println!("\n{name}: {:.1} MB and {:.1} MB", one.bytes.len() as f64 / 1e6, four.bytes.len() as f64 / 1e6);
        for work in works {
            let (short, long) = (least(work, &one, runs), least(work, &four, runs));
            let exponent = (long / short).ln() / 4_f64.ln();
            let sign = if exponent > MOST && long > LEAST { "  over" } else { "" };
            println!("  {:<28} {short:>9.2} ms {long:>9.2} ms  {exponent:>5.2}{sign}", work.name);
            if !sign.is_empty() {
                over.push(format!("{name}, {}: {exponent:.2}", work.name));
            }
        }
    }
    println!("\n{} over {MOST}", over.len());
    for line in over {
        println!("  {line}");
    }
}

/// The least CPU time of some runs, in milliseconds.
fn least(work: &Work, prepared: &Prepared, runs: usize) -> f64 {
    let run = |_| {
        let run = (work.begin)(prepared);
        let cpu = ProcessTime::now();
        run();
        cpu.elapsed().as_secs_f64() * 1e3
    };
    (0..runs).map(run).fold(f64::INFINITY, f64::min)
}
