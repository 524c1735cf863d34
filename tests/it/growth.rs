//! Cost grows with the work, for every shape of project: no command and no hot path takes more than in proportion.
//!
//! Two measures decide, each blind where the other sees. **Allocations** are the same in every run and on every machine: whatever
//! collects, copies or prints the same things again for each of many records shows in them, at sizes of some dozens. A scan that only
//! looks (a text asked for each annotation whether it is ASCII, a table filtered for each article) allocates nothing, so **CPU time** is
//! taken as well, for the pairs of shape and work in which such a scan has been met or can hide. A clock is no counter, hence the wide
//! margin: at sixteen times the size linear work takes sixteen times as long, sorting some twenty, a quadratic scan up to 256; more than
//! 32 is refused, and only when three tries in a row say so. Sizes are such that a scan of a few nanoseconds a step outweighs the work
//! that it hides in. A counter of steps within the product would see only the loops that somebody thought of.
//!
//! Both are counted on a thread, so all work is done on one: in a pool of its own, work that is shared out stays there.

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
const MOST_TIME: f64 = 32.0;

#[test]
fn allocations_grow_with_the_work() {
    let over = alone(|| Shape::ALL.into_iter().flat_map(allocated_out_of_proportion).collect::<String>());
    assert!(over.is_empty(), "allocations at four times the size:\n{over}");
}

fn allocated_out_of_proportion(shape: Shape) -> Vec<String> {
    // A quote in sixteen is a long one, and a sentence without end is looked for as far as 2 kB away.
    let size = scaled(match shape {
        Shape::LongQuotes => 64,
        Shape::OneLine | Shape::Chinese => 96,
        _ => 16,
    });
    let (one, four) = (Prepared::new(shape, size), Prepared::new(shape, size * 4));
    let over = |work: &Work| {
        let count = |prepared: &Prepared| {
            let run = (work.begin)(prepared);
            let counted = allocation_counter::measure(run);
            (counted.count_total, counted.bytes_total)
        };
        let ((calls, bytes), (more_calls, more_bytes)) = (count(&one), count(&four));
        // What every project costs is no growth.
        let is_over = more_calls > calls * MOST_CALLS + 200 || more_bytes > bytes * MOST_BYTES + 20_000;
        is_over.then(|| format!("{shape:?}, {}: {calls} to {more_calls} calls, {bytes} to {more_bytes} bytes\n", work.name))
    };
    WORKS.iter().filter_map(over).collect()
}

/// What is timed: a shape, the smaller size, and works.
const TIMED: &[(Shape, usize, &[&str])] = &[
    (Shape::Ascii, 40, &["open"]),
    (Shape::LateLetter, 40, &["open"]),
    (Shape::OneLine, 80, &["find", "suggest"]),
    (Shape::Chinese, 120, &["suggest"]),
    (Shape::OneWord, 100, &["label", "delete all", "undelete all"]),
    (Shape::LongQuotes, 30, &["show"]),
    (Shape::ManyArticles, 100, &["show", "report", "stats", "find"]),
    (Shape::ManySources, 60, &["suggest"]),
    (Shape::OneSource, 60, &["delete all", "check --publish"]),
    (Shape::Comments, 60, &["remove article"]),
    (Shape::Decisions, 60, &["stats"]),
    (Shape::Saves, 40, &["open", "join"]),
    (Shape::Deleted, 30, &["join"]),
    (Shape::Undecided, 50, &["open"]),
    (Shape::Omissions, 60, &["stats", "find"]),
    (Shape::UnknownKeys, 150, &["open"]),
];

#[test]
fn time_grows_with_the_work() {
    let over =
        alone(|| TIMED.iter().flat_map(|(shape, size, works)| slow_out_of_proportion(*shape, scaled(*size), works)).collect::<String>());
    assert!(over.is_empty(), "time at sixteen times the size:\n{over}");
}

fn slow_out_of_proportion(shape: Shape, size: usize, works: &[&str]) -> Vec<String> {
    let (one, sixteen) = (Prepared::new(shape, size), Prepared::new(shape, size * 16));
    let over = |name: &&str| {
        let work = WORKS.iter().find(|work| work.name == *name).unwrap();
        let growth = || least(work, &sixteen, 1) / least(work, &one, 3).max(1e-4);
        let mut tries = Vec::new();
        while tries.len() < 3 && tries.last().is_none_or(|found| *found > MOST_TIME) {
            tries.push(growth());
        }
        eprintln!("{shape:?}, {name}: {tries:.1?}");
        tries.iter().all(|found| *found > MOST_TIME).then(|| format!("{shape:?}, {name}: {tries:.0?} times as long\n"))
    };
    works.iter().filter_map(over).collect()
}

/// At most four times the size: larger ones are measured in a release build, by the benchmark.
fn scaled(size: usize) -> usize {
    size * crate::scale(1).min(4) as usize
}

/// Runs work on one thread, whatever it shares out.
fn alone<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(work)
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
