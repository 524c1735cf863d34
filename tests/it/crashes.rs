//! Saves on a file system in memory: every call fails, once or for ever, with every error; every state in which a crash may leave the
//! disk is opened.

use onrecord::{
    model::text_record::sha256_hex,
    store::{
        StoreError,
        atomic::{Expect, Rights, place_on},
        fs::{Entry, Fs},
        kept::Unkept,
    },
};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    io::{Error, ErrorKind, Result},
    path::{Path, PathBuf},
    rc::Rc,
};

/// A call that changed something, as the disk sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Call {
    Make(usize),
    Write(usize, Vec<u8>),
    Sync(usize),
    Rename(usize),
    /// The file and the one under the name change places.
    Exchange(usize),
    SyncFolder,
    Remove(usize),
}

#[derive(Debug, Default)]
struct State {
    /// What every program sees: name to bytes. Temporary files have numbers.
    named: BTreeMap<PathBuf, Vec<u8>>,
    unnamed: BTreeMap<usize, Vec<u8>>,
    calls: Vec<Call>,
    /// Calls so far, and which of them fails, whether all after it do too, and how.
    count: usize,
    fails: Option<(usize, bool, ErrorKind)>,
    /// The names of the calls that failed.
    failed: BTreeSet<&'static str>,
    made: usize,
    /// A write that fails leaves half of its bytes.
    short: bool,
    /// Files cannot change places here.
    plain: bool,
    /// What somebody puts under the name right before the exchange.
    meanwhile: Option<Vec<u8>>,
}

#[derive(Debug, Clone, Default)]
struct Memory(Rc<RefCell<State>>);

/// Dropped, it is removed, as the real one is.
struct Temporary(usize, Memory);

impl Drop for Temporary {
    fn drop(&mut self) {
        let mut state = self.1.0.borrow_mut();
        if state.unnamed.remove(&self.0).is_some() {
            state.calls.push(Call::Remove(self.0));
        }
    }
}

impl Memory {
    fn with(path: &Path, bytes: &[u8]) -> Self {
        let memory = Self::default();
        memory.0.borrow_mut().named.insert(path.to_owned(), bytes.to_owned());
        memory
    }

    /// Counts a call and says whether it fails.
    fn call(&self, name: &'static str) -> Result<()> {
        let mut state = self.0.borrow_mut();
        state.count += 1;
        match state.fails {
            Some((at, for_ever, kind)) if state.count == at || (for_ever && state.count > at) => {
                state.failed.insert(name);
                Err(Error::from(kind))
            }
            _ => Ok(()),
        }
    }
}

impl Fs for Memory {
    type Temporary = Temporary;

    fn read_link(&self, _: &Path) -> Result<PathBuf> {
        Err(ErrorKind::InvalidInput.into())
    }

    fn entry(&self, path: &Path) -> Result<Option<Entry>> {
        self.call("entry")?;
        let there = self.0.borrow().named.contains_key(path);
        Ok(there.then_some(Entry { is_folder: false, is_read_only: false, is_device: false }))
    }

    fn temporary(&self, _: &Path, _: bool) -> Result<Temporary> {
        self.call("temporary")?;
        let mut state = self.0.borrow_mut();
        state.made += 1;
        let number = state.made;
        state.unnamed.insert(number, Vec::new());
        state.calls.push(Call::Make(number));
        Ok(Temporary(number, self.clone()))
    }

    fn write(&self, file: &mut Temporary, bytes: &[u8]) -> Result<()> {
        let failed = self.call("write");
        let mut state = self.0.borrow_mut();
        let written = if failed.is_err() && state.short { bytes[..bytes.len() / 2].to_vec() } else { bytes.to_vec() };
        if failed.is_ok() || state.short {
            state.unnamed.insert(file.0, written.clone());
            state.calls.push(Call::Write(file.0, written));
        }
        failed
    }

    fn keep(&self, _: &Temporary, _: &Path) -> Result<Unkept> {
        self.call("keep").map(|()| Unkept::default())
    }

    fn sync(&self, file: &Temporary) -> Result<()> {
        self.call("sync")?;
        self.0.borrow_mut().calls.push(Call::Sync(file.0));
        Ok(())
    }

    fn holds(&self, file: &Temporary, bytes: &[u8]) -> Result<bool> {
        self.call("holds")?;
        Ok(self.0.borrow().unnamed.get(&file.0).is_some_and(|held| held == bytes))
    }

    fn exchange(&self, file: &Temporary, with: &Path) -> Result<bool> {
        self.call("exchange")?;
        let mut state = self.0.borrow_mut();
        if state.plain {
            return Ok(false);
        }
        let (new, meanwhile) = (state.unnamed.remove(&file.0).unwrap_or_default(), state.meanwhile.take());
        let old = state.named.insert(with.to_owned(), new).unwrap_or_default();
        state.unnamed.insert(file.0, meanwhile.unwrap_or(old));
        state.calls.push(Call::Exchange(file.0));
        Ok(true)
    }

    fn read(&self, file: &Temporary) -> Result<Vec<u8>> {
        self.call("read")?;
        Ok(self.0.borrow().unnamed.get(&file.0).cloned().unwrap_or_default())
    }

    fn rename(&self, file: Temporary, to: &Path, _: bool) -> Result<()> {
        self.call("rename")?;
        let mut state = self.0.borrow_mut();
        if let Some(bytes) = state.unnamed.remove(&file.0) {
            state.named.insert(to.to_owned(), bytes);
            state.calls.push(Call::Rename(file.0));
        }
        Ok(())
    }

    fn sync_folder(&self, _: &Path) -> Result<()> {
        self.call("sync_folder")?;
        self.0.borrow_mut().calls.push(Call::SyncFolder);
        Ok(())
    }
}

const ERRORS: [ErrorKind; 17] = [
    ErrorKind::StorageFull,
    ErrorKind::QuotaExceeded,
    ErrorKind::ReadOnlyFilesystem,
    ErrorKind::PermissionDenied,
    ErrorKind::NotFound,
    ErrorKind::IsADirectory,
    ErrorKind::AlreadyExists,
    ErrorKind::InvalidFilename,
    ErrorKind::Interrupted,
    ErrorKind::TimedOut,
    ErrorKind::Unsupported,
    ErrorKind::ResourceBusy,
    ErrorKind::CrossesDevices,
    ErrorKind::InvalidInput,
    ErrorKind::NotConnected,
    ErrorKind::WriteZero,
    ErrorKind::Other,
];

/// The ways in which a file is replaced: by a rename, by an exchange, and by a rename where exchanges do not work. With each the calls of
/// a save without a failure.
const WAYS: [(bool, bool, usize); 3] = [(false, false, 8), (true, false, 9), (true, true, 9)];

#[test]
fn whatever_call_fails_the_file_is_the_old_one_or_the_new_one() {
    let path = Path::new("p.onrecord.json");
    let (old, new) = (vec![b'o'; 5_000], vec![b'n'; 7_000]);
    let known = sha256_hex(&old);
    let (mut tried, mut failed) = (0, BTreeSet::new());
    for (exchanged, plain, calls) in WAYS {
        let expect = if exchanged { Expect::Known(&known) } else { Expect::Anything };
        for kind in ERRORS {
            for (for_ever, short) in [(false, false), (true, false), (false, true), (true, true)] {
                let mut at = 1;
                loop {
                    let memory = Memory::with(path, &old);
                    {
                        let mut state = memory.0.borrow_mut();
                        (state.fails, state.short, state.plain) = (Some((at, for_ever, kind)), short, plain);
                    }
                    let saved = place_on(&memory, path, &new, expect, Rights::KeepMost).map(|placed| drop(placed.overwritten));
                    let state = memory.0.borrow();
                    let there = &state.named[path];
                    tried += 1;
                    failed.extend(state.failed.iter().copied());
                    match &saved {
                        Ok(()) => assert_eq!(*there, new, "call {at}, {kind:?}: said to be saved"),
                        Err(error) => {
                            assert_eq!(*there, old, "call {at}, {kind:?}: said to have failed");
                            assert!(error.to_string().starts_with("cannot save p.onrecord.json: ") && !error.hint().is_empty());
                        }
                    }
                    assert!(state.unnamed.is_empty(), "call {at}, {kind:?}: a temporary file stays");
                    let done = state.count < at;
                    drop(state);
                    if done {
                        assert!(saved.is_ok());
                        break;
                    }
                    at += 1;
                }
                // Entry, temporary, write, rights, sync, reading back, rename or exchange and what came out, folder: and one save
                // without a failure.
                assert_eq!(at, calls + 1);
            }
        }
    }
    assert_eq!(tried, ERRORS.len() * 4 * (9 + 10 + 10));
    // Every call that there is, read from the trait itself. A link that cannot be read is none.
    let body = include_str!("../../src/store/fs.rs").split("pub trait Fs {").nth(1).unwrap().split("\n}").next().unwrap();
    let calls: BTreeSet<&str> = body.lines().filter_map(|line| line.strip_prefix("    fn ")?.split('(').next()).collect();
    assert_eq!(failed, calls.into_iter().filter(|call| *call != "read_link").collect(), "calls that failed");
}

/// Every error that a save tells apart is one that is tried, by the sources themselves: those with words of their own, and those that
/// change what is done. Errors that it does not know are among them too.
#[test]
fn every_error_that_is_told_apart_is_tried() {
    let tried: BTreeSet<String> = ERRORS.iter().map(|kind| format!("{kind:?}")).collect();
    let words = include_str!("../../src/store/mod.rs").split("fn from_io(").nth(1).unwrap().split("\n    }").next().unwrap();
    let arms: BTreeSet<&str> = words.lines().filter_map(|line| line.trim().strip_prefix("Kind::")?.split(" =>").next()).collect();
    assert!(arms.len() > 5, "the arms of from_io are found: {arms:?}");
    let elsewhere = [include_str!("../../src/store/atomic.rs"), include_str!("../../src/store/fs.rs")];
    let kinds = elsewhere.iter().flat_map(|source| source.split("ErrorKind::").skip(1));
    let kinds = kinds.map(|after| after.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap());
    let missing: BTreeSet<&str> = arms.iter().copied().chain(kinds).filter(|kind| !tried.contains(*kind)).collect();
    assert!(missing.is_empty(), "told apart and never tried: {missing:?}");
    // The words of an error are its own where there are some, and the system's where there are none.
    for kind in ERRORS {
        let error = StoreError::from_io("cannot save", Path::new("p"), &Error::from(kind));
        let is_own = arms.contains(format!("{kind:?}").as_str());
        assert_eq!(error.to_string() != format!("cannot save p: {kind}"), is_own, "{kind:?}: {error}");
        assert_eq!(error.hint() != "Try again, or save to another place.", is_own, "{kind:?}: {}", error.hint());
    }
    assert!(tried.len() > arms.len(), "errors without words of their own are tried too");
}

#[test]
fn what_came_in_the_last_moment_is_handed_back() {
    let path = Path::new("p.onrecord.json");
    let memory = Memory::with(path, b"old");
    memory.0.borrow_mut().meanwhile = Some(b"of a colleague".to_vec());
    let placed = place_on(&memory, path, b"new", Expect::Known(&sha256_hex(b"old")), Rights::KeepMost).unwrap();
    assert_eq!(placed.overwritten.as_ref().map(|overwritten| overwritten.bytes.as_slice()), Some(&b"of a colleague"[..]));
    assert_eq!(memory.0.borrow().named[path], b"new");
    drop(placed);
    assert!(memory.0.borrow().unnamed.is_empty());
}

/// What a crash may leave under the name: any prefix of the calls; of writes that were not synced nothing, a part or all; of renames
/// that no synced folder holds, either name.
fn states(calls: &[Call], old: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for end in 0..=calls.len() {
        let before = &calls[..end];
        let written = before.iter().filter_map(|call| match call {
            Call::Write(file, bytes) => Some((*file, bytes)),
            _ => None,
        });
        let renamed = before.iter().rposition(|call| matches!(call, Call::Rename(_) | Call::Exchange(_)));
        let Some(at) = renamed else {
            found.push(old.to_vec());
            continue;
        };
        let (Call::Rename(file) | Call::Exchange(file)) = before[at] else { unreachable!("it was looked for") };
        if !before[at..].contains(&Call::SyncFolder) {
            found.push(old.to_vec());
        }
        let bytes: Vec<u8> = written.filter(|(of, _)| *of == file).flat_map(|(_, bytes)| bytes.clone()).collect();
        if before.contains(&Call::Sync(file)) {
            found.push(bytes);
        } else {
            // The name reached the disk and the bytes did not, or in part.
            for part in 0..=8 {
                found.push(bytes[..bytes.len() * part / 8].to_vec());
            }
        }
    }
    found
}

#[test]
fn no_crash_leaves_a_torn_file() {
    let path = Path::new("p.onrecord.json");
    let (old, new) = (b"old".to_vec(), b"the new contents, longer".to_vec());
    for (exchanged, plain, _) in WAYS {
        let memory = Memory::with(path, &old);
        memory.0.borrow_mut().plain = plain;
        let known = sha256_hex(&old);
        let expect = if exchanged { Expect::Known(&known) } else { Expect::Anything };
        drop(place_on(&memory, path, &new, expect, Rights::KeepMost).unwrap());
        let calls = memory.0.borrow().calls.clone();
        let last = if exchanged && !plain {
            vec![Call::Exchange(1), Call::SyncFolder, Call::Remove(1)]
        } else {
            vec![Call::Rename(1), Call::SyncFolder]
        };
        let first = [Call::Make(1), Call::Write(1, new.clone()), Call::Sync(1)];
        // What was replaced goes only after the folder has the new name.
        assert_eq!(calls, [first.to_vec(), last].concat());
        let all = states(&calls, &old);
        assert!(all.iter().all(|state| *state == old || *state == new), "{all:?}");
        assert!(all.contains(&old) && all.contains(&new));
        // The control: without the sync the same replay finds torn files, so it would see them.
        let unsynced: Vec<Call> = calls.iter().filter(|call| !matches!(call, Call::Sync(_))).cloned().collect();
        assert!(states(&unsynced, &old).iter().any(|state| *state != old && *state != new));
    }
}
