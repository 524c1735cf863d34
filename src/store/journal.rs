//! An append-only log whose entries carry chained checksums: a torn or flipped log loses its tail, and never says anything wrong.
//!
//! A line is 32 hex digits, a space, and JSON. The digits are the first half of the SHA-256 of the digits before and the JSON.

use super::StoreError;
use crate::model::text_record::sha256_hex;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// What the first entry is chained to.
const START: &str = "onrecord journal 1";

/// The folder of journals in the folder of the user's data.
pub fn folder(data: &Path) -> PathBuf {
    data.join("journal")
}

/// A log that is being written. Whoever writes it holds a lock on it, so that a log without one belongs to a program that has ended.
#[derive(Debug)]
pub struct Log {
    file: File,
    chain: String,
    path: PathBuf,
}

impl Log {
    /// Begins a log that only the user may read; entries appear in it whole, before it is found under its name.
    pub fn create(path: &Path, entries: &[String]) -> Result<Self, StoreError> {
        let fail = |error: io::Error| StoreError::from_io("cannot write", path, &error);
        let folder = path.parent().unwrap_or(Path::new("."));
        super::private::folder(folder).map_err(fail)?;
        let unfinished = path.with_extension("part");
        // One that was left by a crash is not worth keeping: the log itself is still there.
        drop(fs::remove_file(&unfinished));
        let mut options = OpenOptions::new();
        options.create_new(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&unfinished).map_err(fail)?;
        file.try_lock().map_err(|error| fail(error.into()))?;
        let mut log = Self { file, chain: START.to_owned(), path: unfinished.clone() };
        log.append(entries)?;
        log.sync()?;
        fs::rename(&unfinished, path).map_err(fail)?;
        path.clone_into(&mut log.path);
        Ok(log)
    }

    /// Adds entries, each JSON on one line.
    pub fn append(&mut self, entries: &[String]) -> Result<(), StoreError> {
        let mut lines = String::new();
        for entry in entries {
            self.chain = link(&self.chain, entry);
            lines.push_str(&self.chain);
            lines.push(' ');
            lines.push_str(entry);
            lines.push('\n');
        }
        self.file.write_all(lines.as_bytes()).map_err(|error| StoreError::from_io("cannot write", &self.path, &error))
    }

    /// Waits until the disk has it.
    pub fn sync(&mut self) -> Result<(), StoreError> {
        self.file.sync_data().map_err(|error| StoreError::from_io("cannot write", &self.path, &error))
    }
}

fn link(chain: &str, entry: &str) -> String {
    let mut hex = sha256_hex(format!("{chain} {entry}").as_bytes());
    hex.truncate(32);
    hex
}

/// The entries of a log up to the first that is damaged.
pub fn entries(bytes: &[u8]) -> Vec<&str> {
    let mut chain = START.to_owned();
    let mut found = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let Some(line) = line.strip_suffix(b"\n").and_then(|line| std::str::from_utf8(line).ok()) else { break };
        let Some((digits, entry)) = line.split_once(' ') else { break };
        chain = link(&chain, entry);
        if digits != chain {
            break;
        }
        found.push(entry);
    }
    found
}

/// The logs of programs that have ended without removing them, with their bytes. A log that is being written is left alone.
pub fn orphans(data: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let Ok(found) = fs::read_dir(folder(data)) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = found.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "log"));
    paths.retain(|path| fs::symlink_metadata(path).is_ok_and(|found| found.is_file()));
    paths.sort();
    // Older versions may have left more open.
    for path in &paths {
        super::private::file(path);
    }
    let is_free = |path: &Path| File::open(path).is_ok_and(|file| super::fs::locks(&file, 30));
    paths.retain(|path| is_free(path));
    paths.into_iter().filter_map(|path| super::read(&path).ok().map(|bytes| (path, bytes))).collect()
}

/// Takes a log away: what it held is in the project's file, or nobody wants it.
pub fn forget(path: &Path) {
    drop(fs::remove_file(path));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> Vec<u8> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal").join("a.log");
        let mut log = Log::create(&path, &[r#"{"a":1}"#.to_owned()]).expect("a log");
        log.append(&[r#"{"b":"é"}"#.to_owned(), r#"{"c":3}"#.to_owned()]).expect("more");
        assert!(orphans(folder.path()).is_empty(), "a log that is being written belongs to somebody");
        drop(log);
        assert_eq!(orphans(folder.path()).len(), 1);
        fs::read(path).expect("the log")
    }

    #[test]
    fn a_torn_log_loses_its_tail_and_nothing_else() {
        let bytes = written();
        let all = entries(&bytes);
        assert_eq!(all, [r#"{"a":1}"#, r#"{"b":"é"}"#, r#"{"c":3}"#]);
        for end in 0..bytes.len() {
            let torn = entries(&bytes[..end]);
            let whole = memchr::memchr_iter(b'\n', &bytes[..end]).count();
            assert_eq!(torn, all[..whole], "cut at {end}");
        }
    }

    #[test]
    fn lines_out_of_their_order_end_the_log() {
        let bytes = written();
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        let count = |order: &[usize]| entries(&order.iter().flat_map(|at| lines[*at].to_vec()).collect::<Vec<u8>>()).len();
        assert_eq!(count(&[0, 1, 2]), 3);
        assert_eq!(count(&[0, 2, 1]), 1);
        assert_eq!(count(&[0, 2]), 1, "one is missing");
        assert_eq!(count(&[0, 1, 1]), 2, "one stands twice");
        assert_eq!(count(&[1, 0]), 0);
    }

    #[test]
    fn a_flipped_bit_never_yields_a_wrong_entry() {
        let bytes = written();
        let all: Vec<String> = entries(&bytes).iter().map(|entry| (*entry).to_owned()).collect();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let line = memchr::memchr_iter(b'\n', &bytes[..bit / 8]).count();
            let read = entries(&flipped);
            assert_eq!(read, all[..line], "bit {bit}");
        }
    }
}
