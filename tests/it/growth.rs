//! Cost grows with the work, for every shape of project: no command and no hot path takes more than in proportion.
//!
//! Two measures decide, each blind where the other sees. **Allocations**, counted on the thread that works, are the same in every run
//! and on every machine: whatever collects, copies or prints the same things again for each of many records shows in them, at sizes of
//! some dozens. A scan that only looks (a text asked for each annotation whether it is ASCII, a table filtered for each article)
//! allocates nothing, so **CPU time of the thread** is taken as well, for the pairs of shape and work in which such a scan has been met
//! or can hide. A clock is no counter, hence the wide margin: at sixteen times the size linear work takes sixteen times as long, sorting
//! some twenty, a quadratic scan up to 256; more than 40 is refused, and only when three tries in a row say so. A counter of steps within
//! the product would see only the loops that somebody thought of.

#[path = "../../benches/shapes.rs"]
mod shapes;
#[path = "../../benches/works.rs"]
mod works;

use cpu_time::ThreadTime;
use shapes::Shape;
use works::{Prepared, WORKS, Work};

/// Most that four times the work may allocate of what the work does: tables double, hence more than four.
const MOST_CALLS: u64 = 5;
const MOST_BYTES: u64 = 7;
/// Most time that sixteen times the work may take of what the work does.
const MOST_TIME: f64 = 40.0;

#[test]
fn allocations_grow_with_the_work() {
    let mut over = String::new();
    for shape in Shape::ALL {
        // A quote in sixteen is a long one, and a sentence without end is looked for as far as 2 kB away.
        let size = match shape {
            Shape::LongQuotes => 160,
            Shape::OneLine | Shape::Chinese => 96,
            _ => 16,
        };
        let (one, four) = (Prepared::new(shape, size), Prepared::new(shape, size * 4));
        for work in WORKS {
            let count = |prepared: &Prepared| {
                let run = (work.begin)(prepared);
                let counted = allocation_counter::measure(run);
                (counted.count_total, counted.bytes_total)
            };
            let ((calls, bytes), (more_calls, more_bytes)) = (count(&one), count(&four));
            // What every project costs is no growth.
            if more_calls > calls * MOST_CALLS + 200 || more_bytes > bytes * MOST_BYTES + 20_000 {
                over.push_str(&format!("{shape:?}, {}: {calls} to {more_calls} calls, {bytes} to {more_bytes} bytes\n", work.name));
            }
        }
    }
    assert!(over.is_empty(), "allocations at four times the size:\n{over}");
}

/// What is timed: a shape, a work, and the smaller size.
const TIMED: &[(Shape, &str, usize)] = &[
    (Shape::Ascii, "open", 150),
    (Shape::LateLetter, "open", 100),
    (Shape::Saves, "open", 150),
    (Shape::UnknownKeys, "open", 300),
    (Shape::Undecided, "open", 50),
    (Shape::Omissions, "stats", 100),
    (Shape::Omissions, "find", 100),
    (Shape::ManyArticles, "show", 300),
    (Shape::ManyArticles, "report", 200),
    (Shape::ManyArticles, "stats", 100),
    (Shape::ManyArticles, "find", 100),
    (Shape::OneLine, "find", 300),
    (Shape::OneLine, "suggest", 100),
    (Shape::Chinese, "suggest", 100),
    (Shape::ManySources, "suggest", 60),
    (Shape::OneSource, "delete all", 100),
    (Shape::OneSource, "check --publish", 100),
    (Shape::OneWord, "label", 100),
    (Shape::OneWord, "delete all", 100),
    (Shape::OneWord, "undelete all", 100),
    (Shape::LongQuotes, "show", 30),
    (Shape::Decisions, "stats", 100),
    (Shape::Comments, "remove article", 100),
    (Shape::Saves, "join", 100),
    (Shape::Deleted, "join", 30),
];

#[test]
fn time_grows_with_the_work() {
    let mut over = String::new();
    for (shape, name, size) in TIMED {
        let work = WORKS.iter().find(|work| work.name == *name).unwrap();
        let (one, sixteen) = (Prepared::new(*shape, *size), Prepared::new(*shape, size * 16));
        let growth = || least(work, &sixteen, 1) / least(work, &one, 3).max(1e-4);
        let tries: Vec<f64> =
            (0..3).map(|_| growth()).scan(false, |done, found| (!std::mem::replace(done, found <= MOST_TIME)).then_some(found)).collect();
        eprintln!("{shape:?}, {name}: {tries:.1?}");
        if tries.iter().all(|found| *found > MOST_TIME) {
            over.push_str(&format!("{shape:?}, {name}: {tries:.0?} times as long\n"));
        }
    }
    assert!(over.is_empty(), "time at sixteen times the size:\n{over}");
}

/// The least CPU time of some runs, in seconds of this thread.
fn least(work: &Work, prepared: &Prepared, runs: usize) -> f64 {
    let run = |_| {
        let run = (work.begin)(prepared);
        let cpu = ThreadTime::now();
        run();
        cpu.elapsed().as_secs_f64()
    };
    (0..runs).map(run).fold(f64::INFINITY, f64::min)
}
