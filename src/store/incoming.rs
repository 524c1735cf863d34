//! Files that are brought in: patterns, folders and archives as a list of inputs, each with its format. Links are not followed.

use super::{StoreError, file_name};
use crate::formats::{
    self, Format, Glimpse, convert,
    exchange::{
        ExchangeError,
        container::{Files, Incoming, Zip},
    },
};
use std::{
    fs::{self, File},
    io::{self, BufReader, Cursor, Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// Most files of a folder, and most folders inside each other.
const MOST: usize = 100_000;
const DEEPEST: usize = 32;
/// Bytes by which a format is told.
const HEAD: usize = 512 << 10;
/// Most bytes of archives that are kept from telling their formats until they are read, so that nothing is unpacked twice. What is
/// beyond is told by its head alone.
const KEPT: usize = 128 << 20;

/// Where an input lies.
#[derive(Debug, Clone)]
enum Place {
    File(PathBuf),
    Folder(PathBuf, Vec<String>),
    Zip(Arc<Mutex<Zip<File>>>),
    InZip(Arc<Mutex<Zip<File>>>, String),
    /// Read already: a small file of an archive, or a pipe, which is read once.
    Bytes(Arc<[u8]>),
}

/// Something to read.
#[derive(Debug, Clone)]
pub struct Input {
    /// Its name, without the folders above what the user named.
    pub name: String,
    /// Its format.
    pub format: &'static Format,
    /// The file itself, where it is one.
    pub path: Option<PathBuf>,
    place: Place,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Inputs {
    /// What can be read, in the order of names.
    pub found: Vec<Input>,
    /// What cannot: message and hint.
    pub failed: Vec<(String, String)>,
    /// How many files of folders and archives are of no kind that is read.
    pub skipped: usize,
}

impl From<StoreError> for ExchangeError {
    fn from(error: StoreError) -> Self {
        Self::Disk { what: error.to_string(), hint: error.hint() }
    }
}

impl Input {
    /// Opens it.
    pub fn open(&self) -> Result<Incoming<'static>, ExchangeError> {
        let name = self.name.clone();
        Ok(match &self.place {
            Place::File(path) => {
                let file = File::open(path).map_err(|error| StoreError::from_io("cannot open", path, &error))?;
                Incoming::File { name, reader: Box::new(BufReader::with_capacity(1 << 16, file)) }
            }
            Place::Folder(path, names) => Incoming::Files { name, files: Box::new(Folder { path: path.clone(), names: names.clone() }) },
            Place::Zip(zip) => Incoming::Files { name, files: Box::new(Shared(Arc::clone(zip))) },
            Place::InZip(zip, inside) => {
                let bytes = zip.lock().unwrap_or_else(PoisonError::into_inner).read(inside)?;
                Incoming::File { name, reader: Box::new(Cursor::new(bytes)) }
            }
            Place::Bytes(bytes) => Incoming::File { name, reader: Box::new(Cursor::new(Arc::clone(bytes))) },
        })
    }
}

/// A folder as a set of files.
struct Folder {
    path: PathBuf,
    names: Vec<String>,
}

impl Files for Folder {
    fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    fn read(&mut self, name: &str) -> Result<Vec<u8>, ExchangeError> {
        Ok(super::read(&self.path.join(name))?)
    }
}

struct Shared(Arc<Mutex<Zip<File>>>);

impl Files for Shared {
    fn names(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).names()
    }

    fn read(&mut self, name: &str) -> Result<Vec<u8>, ExchangeError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).read(name)
    }
}

/// Finds everything that paths and patterns name. `from` is the user's choice of a format, `None` tells by names and contents.
pub fn inputs(paths: &[PathBuf], from: Option<&'static Format>) -> Inputs {
    let mut inputs = Inputs::default();
    for path in paths {
        match matching(path) {
            Ok(paths) => paths.iter().for_each(|path| {
                if let Err(error) = inputs.add(path, from) {
                    inputs.failed.push((error.to_string(), error.hint().to_owned()));
                }
            }),
            Err(what) => inputs.failed.push((what, "Check the pattern.".to_owned())),
        }
    }
    inputs
}

/// The paths of a pattern; a path that exists is one.
fn matching(path: &Path) -> Result<Vec<PathBuf>, String> {
    let written = path.to_string_lossy();
    if path.exists() || !written.contains(['*', '?', '[']) {
        return Ok(vec![path.to_owned()]);
    }
    let found = glob::glob(&written).map_err(|error| format!("the pattern cannot be read: {}", error.msg))?;
    let mut found: Vec<PathBuf> = found.flatten().collect();
    found.sort();
    if found.is_empty() { Err(format!("nothing is called {}", file_name(path))) } else { Ok(found) }
}

fn head_of(path: &Path) -> Result<Vec<u8>, StoreError> {
    let fail = |error| StoreError::from_io("cannot open", path, &error);
    let mut head = Vec::new();
    File::open(path).map_err(fail)?.take(HEAD as u64).read_to_end(&mut head).map_err(fail)?;
    Ok(head)
}

/// The bytes by which a format is told.
fn head_in(bytes: &[u8]) -> &[u8] {
    bytes.get(..bytes.len().min(HEAD)).unwrap_or_default()
}

/// A file without a name that holds these bytes, as an archive from a pipe wants it.
fn unnamed(bytes: &[u8]) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    file.rewind()?;
    Ok(file)
}

impl Inputs {
    fn add(&mut self, path: &Path, from: Option<&'static Format>) -> Result<(), ExchangeError> {
        let name = file_name(path);
        let found = fs::metadata(path).map_err(|error| StoreError::from_io("cannot open", path, &error))?;
        if found.is_dir() {
            return self.add_folder(path, &name, from);
        }
        // A pipe gives its bytes once, and is read to its end.
        let piped: Option<Arc<[u8]>> = if found.is_file() { None } else { Some(super::read(path)?.into()) };
        let head = match &piped {
            Some(bytes) => head_in(bytes).to_vec(),
            None => head_of(path)?,
        };
        let glimpse = Glimpse { name: name.to_lowercase(), head: &head, names: None };
        let whole = piped.is_none().then(|| path.to_owned());
        let place = || piped.as_ref().map_or_else(|| Place::File(path.to_owned()), |bytes| Place::Bytes(Arc::clone(bytes)));
        let detected = || convert::detect(&glimpse);
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            // Workbooks and documents are archives of one thing; others are looked into.
            let named = detected().filter(|format| format.is_archive);
            if let Some(format) = from.filter(|format| format.is_archive).or(named.filter(|_| from.is_none())) {
                self.found.push(Input { name, format, path: whole, place: place() });
                return Ok(());
            }
            let file = match &piped {
                Some(bytes) => unnamed(bytes),
                None => File::open(path),
            };
            return self.add_zip(file.map_err(|error| StoreError::from_io("cannot open", path, &error))?, place(), &name, from);
        }
        let format = from.or_else(detected).ok_or_else(|| ExchangeError::at(name.as_str(), "no format that is read"))?;
        self.found.push(Input { name, format, path: whole, place: place() });
        Ok(())
    }

    /// Takes note of what cannot be read; what is beside it still comes in.
    fn fail(&mut self, error: &ExchangeError) {
        self.failed.push((error.to_string(), error.hint().to_owned()));
    }

    fn add_folder(&mut self, path: &Path, name: &str, from: Option<&'static Format>) -> Result<(), ExchangeError> {
        let mut names = Vec::new();
        walk(path, "", 0, &mut names, &mut self.failed)?;
        names.sort();
        let glimpse = Glimpse { name: name.to_lowercase(), head: &[], names: Some(names.iter().map(|name| name.to_lowercase()).collect()) };
        if let Some(format) = whole(from, &glimpse) {
            self.found.push(Input { name: name.to_owned(), format, path: None, place: Place::Folder(path.to_owned(), names) });
            return Ok(());
        }
        for inside in names {
            let file = path.join(&inside);
            match head_of(&file) {
                Ok(head) => {
                    let place = Place::File(file.clone());
                    self.one_of_many(format!("{name}/{inside}"), &inside, &head, from, Some(file), place);
                }
                Err(error) => self.fail(&error.into()),
            }
        }
        Ok(())
    }

    fn add_zip(&mut self, file: File, alone: Place, name: &str, from: Option<&'static Format>) -> Result<(), ExchangeError> {
        let zip = Zip::open(name, file)?;
        let names = zip.names();
        let glimpse = Glimpse { name: name.to_lowercase(), head: &[], names: Some(names.iter().map(|name| name.to_lowercase()).collect()) };
        if let Some(format) = whole(from, &glimpse) {
            // A document or workbook under another name.
            let place = if format.is_archive { alone } else { Place::Zip(Arc::new(Mutex::new(zip))) };
            self.found.push(Input { name: name.to_owned(), format, path: None, place });
            return Ok(());
        }
        let zip = Arc::new(Mutex::new(zip));
        let mut kept = 0;
        for inside in names {
            let (fits, read) = {
                let mut zip = zip.lock().unwrap_or_else(PoisonError::into_inner);
                let size = zip.size(&inside).and_then(|size| usize::try_from(size).ok());
                let fits = size.is_some_and(|size| kept + size <= KEPT);
                (fits, if fits { zip.read(&inside) } else { zip.head(&inside, HEAD as u64) })
            };
            match read {
                Ok(bytes) => {
                    let bytes: Arc<[u8]> = bytes.into();
                    kept += if fits { bytes.len() } else { 0 };
                    let place = if fits { Place::Bytes(Arc::clone(&bytes)) } else { Place::InZip(Arc::clone(&zip), inside.clone()) };
                    self.one_of_many(format!("{name}/{inside}"), &inside, head_in(&bytes), from, None, place);
                }
                Err(error) => self.fail(&error),
            }
        }
        Ok(())
    }

    /// A file of a folder or archive: what is of no known kind is skipped and counted.
    fn one_of_many(&mut self, name: String, inside: &str, head: &[u8], from: Option<&'static Format>, path: Option<PathBuf>, place: Place) {
        let glimpse = Glimpse { name: inside.to_lowercase(), head, names: None };
        let told = convert::detect(&glimpse).filter(|format| format.name != "text" || glimpse.ends(format.endings));
        let is_notes = inside.rsplit('/').next() == Some("EXPORT-NOTES.md");
        match from.or(told).filter(|_| !is_notes && !glimpse.ends(&["zip"])) {
            Some(format) => self.found.push(Input { name, format, path, place }),
            None => self.skipped += usize::from(!is_notes),
        }
    }
}

/// The format that a folder or archive is as a whole: its main file is in it, or the user says so.
fn whole(from: Option<&'static Format>, glimpse: &Glimpse<'_>) -> Option<&'static Format> {
    match from {
        Some(format) => Some(format).filter(|format| format.is_folder || (!format.main.is_empty() && glimpse.has(format.main))),
        None => convert::detect(glimpse),
    }
}

/// Names of all files below a folder, with `/` between folders. What begins with a full stop belongs to the system.
fn walk(
    folder: &Path,
    prefix: &str,
    depth: usize,
    names: &mut Vec<String>,
    failed: &mut Vec<(String, String)>,
) -> Result<(), ExchangeError> {
    let fail = |error| StoreError::from_io("cannot open", folder, &error);
    let entries = match fs::read_dir(folder).map_err(fail) {
        Ok(entries) => entries,
        // One folder that is closed does not take its neighbours with it.
        Err(error) if depth > 0 => {
            failed.push((error.to_string(), error.hint().to_owned()));
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    for entry in entries {
        let entry = entry.map_err(fail)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().map_err(fail)?;
        if name.starts_with('.') || kind.is_symlink() {
            continue;
        }
        if kind.is_dir() {
            if depth >= DEEPEST {
                return Err(ExchangeError::Unfit {
                    what: format!("{} has too many folders inside each other", file_name(folder)),
                    hint: "Name the inner one.",
                });
            }
            walk(&entry.path(), &format!("{prefix}{name}/"), depth + 1, names, failed)?;
        } else if kind.is_file() {
            names.push(format!("{prefix}{name}"));
        }
        if names.len() > MOST {
            return Err(ExchangeError::Unfit {
                what: format!("{} has more than 100,000 files", file_name(folder)),
                hint: "Bring it in in parts.",
            });
        }
    }
    Ok(())
}

/// Every format that reads articles, for filters of dialogs.
pub fn endings() -> Vec<&'static str> {
    let mut endings: Vec<&str> =
        formats::FORMATS.iter().filter(|format| format.read.is_some()).flat_map(|format| format.endings).copied().collect();
    endings.push("zip");
    endings.sort_unstable();
    endings.dedup();
    endings
}
