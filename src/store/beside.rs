//! What happens around a project's file: colleagues and sync programs write it, copies turn up beside it, another window opens it.

use super::{StoreError, file_name, lock_file::LockFile, private, read};
use crate::model::text_record::sha256_hex;
use std::{
    fs::{self, File},
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

/// What the system says of a file: a hint that it changed, never more. Sizes and times of network drives lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    length: u64,
    modified: Option<SystemTime>,
}

impl Seen {
    /// What the system says of a file now; `None` where it says nothing.
    pub fn of(path: &Path) -> Option<Self> {
        fs::metadata(path).ok().map(|metadata| Self::from(&metadata))
    }
}

impl From<&fs::Metadata> for Seen {
    fn from(metadata: &fs::Metadata) -> Self {
        Self { length: metadata.len(), modified: metadata.modified().ok() }
    }
}

/// What a look at the file found.
#[derive(Debug)]
pub enum Look {
    /// The system says the same as last time.
    Same,
    /// The bytes are those that are known.
    Known(Seen),
    /// Somebody wrote it: the bytes and their SHA-256.
    Changed(Seen, Vec<u8>, String),
    /// It is not there.
    Gone,
    /// It cannot be read: a folder stands in its place, the drive is away.
    Refused(StoreError),
}

/// Looks at a file. `seen` is what the last look found, `known` the SHA-256 of the bytes that are known. Bytes are read only when the
/// system says that something changed, or when `closely` asks for it.
pub fn look(path: &Path, seen: Option<&Seen>, known: Option<&str>, closely: bool) -> Look {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Look::Gone,
        Err(error) => return Look::Refused(StoreError::from_io("cannot look at", path, &error)),
    };
    if metadata.is_dir() {
        return Look::Refused(StoreError::from_io("cannot look at", path, &std::io::ErrorKind::IsADirectory.into()));
    }
    let now = Seen::from(&metadata);
    if seen == Some(&now) && !closely {
        return Look::Same;
    }
    match read(path) {
        Ok(bytes) => match sha256_hex(&bytes) {
            hash if Some(hash.as_str()) == known => Look::Known(now),
            hash => Look::Changed(now, bytes, hash),
        },
        Err(error) if error.is_missing() => Look::Gone,
        Err(error) => Look::Refused(error),
    }
}

/// Files beside a project that hold the same project under a name made from its own, as Syncthing, Dropbox, `OneDrive` and file managers
/// make them: `ferry.onrecord.sync-conflict-….json`, `ferry.onrecord (conflicted copy …).json`, `ferry.onrecord-NAME.json`. They are
/// offered for joining and never deleted.
pub fn copies(path: &Path, project: &str) -> Vec<PathBuf> {
    named_after(path, &format!("\"id\":\"{project}\""))
}

/// Projects beside a file whose names are made from its own, whichever they are: what may be left of one that is empty.
pub fn projects(path: &Path) -> Vec<PathBuf> {
    named_after(path, "\"format\":\"onrecord\"")
}

/// Whether a file is there and holds nothing.
pub fn is_empty(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() == 0)
}

/// Files beside another with a name made from its own and these words in their head.
fn named_after(path: &Path, words: &str) -> Vec<PathBuf> {
    let own = file_name(path);
    let stem = own.split(".onrecord").next().unwrap_or(&own).trim_end_matches(".json").to_owned();
    let Some(Ok(entries)) = path.parent().map(|folder| fs::read_dir(if folder.as_os_str().is_empty() { Path::new(".") } else { folder }))
    else {
        return Vec::new();
    };
    let is_copy = |other: &PathBuf| {
        let name = file_name(other);
        let is_named = name != own && name.starts_with(&stem) && name.to_lowercase().ends_with(".json");
        // A pipe of such a name would be waited for.
        is_named && fs::metadata(other).is_ok_and(|found| found.is_file()) && holds(other, words)
    };
    let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_copy).collect();
    found.sort();
    found
}

/// Whether the head of a file has these words; the whole is read only when it is joined.
fn holds(path: &Path, words: &str) -> bool {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(4096).read_to_end(&mut head));
    read.is_ok() && memchr::memmem::find(&head, words.as_bytes()).is_some()
}

/// A project that this window edits, as long as it is held. Two windows of one machine never edit one file without knowing.
#[derive(Debug)]
pub struct Claim {
    lock: Option<LockFile>,
    owner: PathBuf,
    token: String,
}

impl Claim {
    /// Claims a project for this window. `None` means that another window has it: it can be looked at, or taken over. Where locks do not
    /// work the project is simply open.
    pub fn new(data: &Path, project: &Path, token: &str) -> Option<Self> {
        let mut claim = Self::unlocked(data, project, token);
        let Ok(lock) = claim.try_lock(3) else { return Some(claim) };
        claim.lock = Some(lock?);
        claim.sign();
        // What windows left that were killed.
        claim.owner.parent().into_iter().for_each(LockFile::sweep);
        Some(claim)
    }

    /// Takes a project over from another window, which finds out with its next look and stops editing.
    pub fn take_over(data: &Path, project: &Path, token: &str) -> Self {
        let claim = Self::unlocked(data, project, token);
        claim.sign();
        claim
    }

    /// Whether it is a claim on this file.
    pub fn is_of(&self, project: &Path) -> bool {
        self.owner.file_name() == Some(Self::name(project).as_ref())
    }

    /// Whether no other window has taken the project over.
    pub fn stands(&mut self) -> bool {
        // The lock of a window that gave way is free now.
        if self.lock.is_none() {
            self.lock = self.try_lock(1).ok().flatten();
        }
        let owner = fs::read_to_string(&self.owner).unwrap_or_default();
        owner.is_empty() || owner == self.token
    }

    fn unlocked(data: &Path, project: &Path, token: &str) -> Self {
        Self { lock: None, owner: data.join("open").join(Self::name(project)), token: token.to_owned() }
    }

    /// Says nothing of the path to whoever reads it.
    fn name(project: &Path) -> String {
        let whole = fs::canonicalize(project).unwrap_or_else(|_| project.to_owned());
        let hash = sha256_hex(whole.to_string_lossy().as_bytes());
        format!("{}.owner", hash.get(..16).unwrap_or("project"))
    }

    /// Takes the lock, or finds that somebody else holds it. A program that is being started shares the locks of the one that starts it
    /// for a moment, hence several tries.
    fn try_lock(&self, tries: usize) -> std::io::Result<Option<LockFile>> {
        private::folder(self.owner.parent().unwrap_or(Path::new(".")))?;
        for _ in 0..tries {
            if let Some(lock) = LockFile::take(&self.owner.with_extension("lock"))? {
                return Ok(Some(lock));
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        Ok(None)
    }

    fn sign(&self) {
        let mut options = File::options();
        options.create(true).write(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        private::folder(self.owner.parent().unwrap_or(Path::new("."))).unwrap_or_default();
        if let Ok(mut file) = options.open(&self.owner) {
            // Without it nobody can take over; the lock still tells.
            drop(file.write_all(self.token.as_bytes()));
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if self.lock.is_some() && fs::read_to_string(&self.owner).is_ok_and(|owner| owner == self.token) {
            drop(fs::remove_file(&self.owner));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap_or_else(|error| panic!("no temporary folder: {error}"))
    }

    #[test]
    fn a_look_reads_only_what_may_have_changed() {
        let folder = folder();
        let path = folder.path().join("a.onrecord.json");
        assert!(matches!(look(&path, None, None, false), Look::Gone));
        fs::write(&path, "one").unwrap();
        let known = sha256_hex(b"one");
        let Look::Known(seen) = look(&path, None, Some(&known), false) else { panic!("known") };
        assert!(matches!(look(&path, Some(&seen), Some(&known), false), Look::Same));
        assert!(matches!(look(&path, Some(&seen), Some(&known), true), Look::Known(_)));
        fs::write(&path, "two").unwrap();
        // Same length, and on coarse clocks the same time: a close look tells all the same.
        assert!(matches!(look(&path, Some(&seen), Some(&known), true), Look::Changed(_, bytes, _) if bytes == b"two"));
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        let Look::Refused(error) = look(&path, Some(&seen), Some(&known), false) else { panic!("refused") };
        assert!(error.to_string().contains("this is a folder"));
    }

    #[test]
    fn copies_are_known_by_name_and_project() {
        let folder = folder();
        let file = |name: &str, id: &str| {
            let head = format!(r#"{{"format":"onrecord","version":1,"project":{{"id":"{id}"}}}}"#);
            fs::write(folder.path().join(name), head).unwrap();
        };
        file("ferry.onrecord.json", "p1");
        file("ferry.onrecord.sync-conflict-20261120-101010-ABCDEFG.json", "p1");
        file("ferry.onrecord (conflicted copy 2026-11-20).json", "p1");
        file("ferry.onrecord-DESK.json", "p1");
        file("ferry.onrecord (1).json", "p2");
        file("backup.onrecord.json", "p1");
        let names: Vec<_> = copies(&folder.path().join("ferry.onrecord.json"), "p1").iter().map(|path| file_name(path)).collect();
        assert_eq!(
            names,
            [
                "ferry.onrecord (conflicted copy 2026-11-20).json",
                "ferry.onrecord-DESK.json",
                "ferry.onrecord.sync-conflict-20261120-101010-ABCDEFG.json"
            ]
        );
        file("ferry.json", "");
        fs::write(folder.path().join("ferry.other.json"), "{}").unwrap();
        let empty = folder.path().join("ferry.onrecord.json");
        assert!(!is_empty(&empty));
        fs::write(&empty, "").unwrap();
        assert!(is_empty(&empty) && !is_empty(folder.path()) && !is_empty(Path::new("none.json")));
        assert_eq!(projects(&empty).len(), 5, "whichever project they hold");
    }

    #[test]
    fn one_window_has_a_project_until_another_takes_it_over() {
        let (folder, project) = (folder(), Path::new("p.onrecord.json"));
        let mut first = Claim::new(folder.path(), project, "first").expect("free");
        assert!(Claim::new(folder.path(), project, "second").is_none());
        assert!(first.stands() && first.is_of(project) && !first.is_of(Path::new("q.onrecord.json")));
        let mut second = Claim::take_over(folder.path(), project, "second");
        assert!(!first.stands() && second.stands());
        drop(first);
        assert!(second.stands());
        assert!(Claim::new(folder.path(), project, "third").is_none(), "the second holds the lock by now");
        drop(second);
        assert!(Claim::new(folder.path(), project, "third").is_some());
    }
}
