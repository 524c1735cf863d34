//! Where a format's bytes lie: one file, a folder, or a zip. Opens nothing itself; archives are distrusted.

use super::ExchangeError;
use crate::model::{LIMITS, text_record::sha256_hex};
use std::{
    collections::BTreeMap,
    io::{BufRead, Read, Seek, Write},
};
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter, write::SimpleFileOptions};

/// Most files that an archive may have: ten thousand articles with three files each, and as many again.
const MOST_FILES: usize = 100_000;
/// Most bytes that one file of an archive may unpack to.
const LARGEST: u64 = LIMITS.file as u64;
/// Most bytes that a whole archive may unpack to.
const LARGEST_IN_ALL: u128 = 4 << 30;
/// An archive that unpacks to more than this many times its size, and to more than [`HARMLESS`], is a bomb. Text seldom reaches 20.
const RATIO: u64 = 200;
/// What is never called a bomb.
const HARMLESS: u64 = 8 << 20;

/// Files that belong together, by their names with `/` between folders.
pub trait Files {
    /// The names, sorted.
    fn names(&self) -> Vec<String>;
    /// The bytes of one.
    fn read(&mut self, name: &str) -> Result<Vec<u8>, ExchangeError>;
}

/// What a reader gets.
#[expect(missing_debug_implementations, reason = "it holds open files")]
pub enum Incoming<'r> {
    /// One file.
    File {
        /// Its name without folders.
        name: String,
        /// Its bytes.
        reader: Box<dyn BufRead + Send + 'r>,
    },
    /// A folder or an archive.
    Files {
        /// Its name.
        name: String,
        /// What is in it.
        files: Box<dyn Files + Send + 'r>,
    },
}

impl Incoming<'_> {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::File { name, .. } | Self::Files { name, .. } => name,
        }
    }

    /// Hands every file that passes to a reader of single files.
    pub fn each(
        self,
        wanted: &dyn Fn(&str) -> bool,
        read: &mut dyn FnMut(&str, &mut dyn BufRead) -> Result<(), ExchangeError>,
    ) -> Result<(), ExchangeError> {
        match self {
            Self::File { name, mut reader } => read(&name, &mut *reader),
            Self::Files { name, mut files } => {
                let names: Vec<String> = files.names().into_iter().filter(|name| wanted(name)).collect();
                if names.is_empty() {
                    return Err(ExchangeError::at(name, "nothing of this format is in it"));
                }
                names.iter().try_for_each(|name| read(name, &mut files.read(name)?.as_slice()))
            }
        }
    }
}

/// Whether a name ends so, in capitals or not.
pub fn ends(name: &str, endings: &[&str]) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| endings.iter().any(|one| ending.eq_ignore_ascii_case(one)))
}

/// All bytes of a reader, up to the limit of a file.
pub fn read_all(name: &str, reader: &mut dyn BufRead) -> Result<Vec<u8>, ExchangeError> {
    let mut bytes = Vec::new();
    reader.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| ExchangeError::at(name, error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(ExchangeError::TooLarge { place: name.to_owned(), limit: LIMITS.file >> 20 });
    }
    Ok(bytes)
}

/// UTF-8 without its byte-order mark, or the line that is none.
pub fn utf8<'b>(name: &str, bytes: &'b [u8]) -> Result<&'b str, ExchangeError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes.get(..error.valid_up_to()).unwrap_or_default().split(|byte| *byte == b'\n').count();
        ExchangeError::at(format!("{name} line {line}"), "not UTF-8 text")
    })
}

/// An archive that was looked over.
pub struct Zip<R> {
    archive: ZipArchive<R>,
    /// Names as they are told, and their places.
    places: BTreeMap<String, usize>,
    name: String,
}

impl<R> std::fmt::Debug for Zip<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Zip({}, {} files)", self.name, self.places.len())
    }
}

impl<R: Read + Seek> Zip<R> {
    /// Looks an archive over: no file that leaves its folder, no link, no name twice, no bomb.
    pub fn open(name: &str, reader: R) -> Result<Self, ExchangeError> {
        let fault = |error: zip::result::ZipError| ExchangeError::at(name, format!("not a zip archive that can be read ({error})"));
        let mut archive = ZipArchive::new(reader).map_err(fault)?;
        let harm = |place: &str, what: &str| ExchangeError::Harmful { place: format!("{name}, {place}"), what: what.to_owned() };
        if archive.len() > MOST_FILES {
            return Err(harm("the list of its files", "it has more than 100,000 of them"));
        }
        if archive.has_duplicate_names() {
            return Err(harm("the list of its files", "one name stands twice"));
        }
        if archive.has_overlapping_files().map_err(fault)? {
            return Err(harm("the list of its files", "files lie over each other, as in a zip bomb"));
        }
        let (mut places, mut folded) = (BTreeMap::new(), std::collections::BTreeSet::new());
        let (mut packed, mut unpacked) = (0_u64, 0_u128);
        for at in 0..archive.len() {
            let file = archive.by_index_raw(at).map_err(fault)?;
            let inside = String::from_utf8_lossy(file.name_raw()).into_owned();
            let leaves =
                inside.starts_with(['/', '\\']) || inside.contains(['\\', ':', '\0']) || inside.split('/').any(|part| part == "..");
            if leaves {
                return Err(harm(&inside, "its name leads out of the archive"));
            }
            if file.is_symlink() {
                return Err(harm(&inside, "it is a link"));
            }
            if file.encrypted() {
                return Err(ExchangeError::Unfit {
                    what: format!("{name}: {inside} is encrypted"),
                    hint: "Unpack it and bring the folder in.",
                });
            }
            packed += file.compressed_size();
            unpacked += u128::from(file.size());
            let bomb = file.size() > HARMLESS && file.size() / RATIO > file.compressed_size().max(1);
            if file.size() > LARGEST || unpacked > LARGEST_IN_ALL || bomb {
                return Err(harm(&inside, "it unpacks to far more than an article"));
            }
            if inside.ends_with('/') {
                continue;
            }
            if !folded.insert(inside.to_lowercase()) {
                return Err(harm(&inside, "two names differ in capitals only"));
            }
            places.insert(inside, at);
        }
        if unpacked > u128::from(HARMLESS) * 8 && unpacked / u128::from(RATIO) > u128::from(packed.max(1)) {
            return Err(harm("all its files", "they unpack to far more than articles"));
        }
        Ok(Self { archive, places, name: name.to_owned() })
    }

    /// The bytes that a file unpacks to, as the list says.
    pub fn size(&mut self, name: &str) -> Option<u64> {
        self.archive.by_index_raw(*self.places.get(name)?).ok().map(|file| file.size())
    }

    /// The first bytes of a file, by which its format is told.
    pub fn head(&mut self, name: &str, most: u64) -> Result<Vec<u8>, ExchangeError> {
        let place = format!("{}, {name}", self.name);
        let Some(at) = self.places.get(name) else { return Err(ExchangeError::at(place, "it is not there")) };
        let file = self.archive.by_index(*at).map_err(|error| ExchangeError::at(place.clone(), error))?;
        let mut bytes = Vec::new();
        file.take(most).read_to_end(&mut bytes).map_err(|error| ExchangeError::at(place, error))?;
        Ok(bytes)
    }
}

impl<R: Read + Seek> Files for Zip<R> {
    fn names(&self) -> Vec<String> {
        self.places.keys().cloned().collect()
    }

    fn read(&mut self, name: &str) -> Result<Vec<u8>, ExchangeError> {
        let place = format!("{}, {name}", self.name);
        let Some(at) = self.places.get(name) else { return Err(ExchangeError::at(place, "it is not there")) };
        let file = self.archive.by_index(*at).map_err(|error| ExchangeError::at(place.clone(), error))?;
        let stated = file.size();
        let mut bytes = Vec::new();
        // The list may lie about sizes: what is read ends at the stated one.
        file.take(stated.min(LARGEST) + 1).read_to_end(&mut bytes).map_err(|error| ExchangeError::at(place.clone(), error))?;
        if bytes.len() as u64 > stated {
            return Err(ExchangeError::Harmful { place, what: "it is larger than the archive says".to_owned() });
        }
        Ok(bytes)
    }
}

/// Bytes for one file of an export; several of one name follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// The file's name in a folder or archive; empty for formats of one file.
    pub file: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Whether the file ends with them.
    pub last: bool,
}

impl Chunk {
    /// A part of the only file.
    pub fn part(bytes: impl Into<Vec<u8>>) -> Self {
        Self { file: String::new(), bytes: bytes.into(), last: false }
    }

    /// A part of a file.
    pub fn part_of(file: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self { file: file.to_owned(), bytes: bytes.into(), last: false }
    }

    /// A whole file.
    pub fn whole(file: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { file: file.into(), bytes: bytes.into(), last: true }
    }
}

/// Where chunks go.
pub trait Sink {
    /// Takes a chunk.
    fn put(&mut self, chunk: Chunk) -> Result<(), ExchangeError>;
    /// Ends.
    fn finish(&mut self) -> Result<(), ExchangeError>;
}

/// Chunks of one file, one after the other.
#[derive(Debug)]
pub struct OneFile<W>(pub W);

impl<W: Write> Sink for OneFile<W> {
    fn put(&mut self, chunk: Chunk) -> Result<(), ExchangeError> {
        self.0.write_all(&chunk.bytes).map_err(|error| disk(&error))
    }

    fn finish(&mut self) -> Result<(), ExchangeError> {
        self.0.flush().map_err(|error| disk(&error))
    }
}

fn disk(error: &std::io::Error) -> ExchangeError {
    ExchangeError::Disk { what: format!("the file cannot be written ({})", error.kind()), hint: "Check the place and its space." }
}

/// Chunks as a zip: same content, same bytes.
pub struct ZipSink<W: Write + Seek> {
    archive: Option<ZipWriter<W>>,
    /// Files that are not at their end yet.
    open: BTreeMap<String, Vec<u8>>,
}

impl<W: Write + Seek> std::fmt::Debug for ZipSink<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ZipSink")
    }
}

impl<W: Write + Seek> ZipSink<W> {
    /// An empty archive.
    pub fn new(out: W) -> Self {
        Self { archive: Some(ZipWriter::new(out)), open: BTreeMap::new() }
    }

    /// Ends the archive and gives back where it was written, the first time.
    pub fn end(&mut self) -> Result<Option<W>, ExchangeError> {
        for (name, bytes) in std::mem::take(&mut self.open) {
            self.write(&name, &bytes)?;
        }
        let ended = self.archive.take().map(ZipWriter::finish).transpose();
        ended.map_err(|error| ExchangeError::at("the archive", error))
    }

    fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), ExchangeError> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        let fault = |error: zip::result::ZipError| ExchangeError::at(name, error);
        let Some(archive) = &mut self.archive else { return Ok(()) };
        archive.start_file(name, options).map_err(fault)?;
        archive.write_all(bytes).map_err(|error| disk(&error))
    }
}

impl<W: Write + Seek> Sink for ZipSink<W> {
    fn put(&mut self, chunk: Chunk) -> Result<(), ExchangeError> {
        if chunk.last && !self.open.contains_key(&chunk.file) {
            return self.write(&chunk.file, &chunk.bytes);
        }
        self.open.entry(chunk.file).or_default().extend(chunk.bytes);
        Ok(())
    }

    fn finish(&mut self) -> Result<(), ExchangeError> {
        self.end().map(drop)
    }
}

/// A zip of whole files in memory, as office documents are.
pub fn zip_of(files: impl IntoIterator<Item = (&'static str, Vec<u8>)>) -> Result<Vec<u8>, ExchangeError> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut sink = ZipSink::new(&mut bytes);
    for (name, content) in files {
        sink.put(Chunk::whole(name, content))?;
    }
    sink.finish()?;
    drop(sink);
    Ok(bytes.into_inner())
}

/// A file name for an article: its title as far as file systems of all kinds take it, and eight digits that tell two of a title apart.
pub fn file_stem(title: &str, id: &str) -> String {
    let mut name = String::new();
    for letter in title.chars() {
        let fits = letter.is_alphanumeric() || matches!(letter, '-' | '_');
        if name.len() >= 80 {
            break;
        }
        if fits {
            name.push(letter);
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_matches('-');
    let digest = sha256_hex(id.as_bytes());
    let digits = digest.get(..8).unwrap_or_default();
    if name.is_empty() { format!("article-{digits}") } else { format!("{name}-{digits}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn archives_of_the_same_files_are_the_same_bytes_and_read_back() {
        let pack = || zip_of([("a.txt", b"one".to_vec()), ("sub/b.txt", b"two".to_vec())]).unwrap();
        assert_eq!(pack(), pack());
        let mut zip = Zip::open("a.zip", Cursor::new(pack())).unwrap();
        assert_eq!(zip.names(), ["a.txt", "sub/b.txt"]);
        assert_eq!(zip.read("sub/b.txt").unwrap(), b"two");
    }

    #[test]
    fn names_of_files_suit_every_disk() {
        assert_eq!(file_stem("Port strike: week 2/3", "a"), "Port-strike-week-2-3-ca978112");
        assert_eq!(file_stem("../../etc", "a"), "etc-ca978112");
        assert_eq!(file_stem("مصدر", "b"), "مصدر-3e23e816");
        assert_eq!(file_stem("…", "b"), "article-3e23e816");
        assert!(file_stem(&"x".repeat(400), "b").len() < 100);
    }
}
