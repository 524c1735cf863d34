//! Archives and folders with something damaged in them: what is whole comes in, and everything that is not is named.

use onrecord::store::incoming::{Inputs, inputs};
use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// Five articles, stored one after the other without compression, the second and the fourth with a letter changed.
fn damaged_zip(folder: &Path) -> PathBuf {
    let files = ["a.txt", "b.txt", "c.txt", "d.txt", "e.txt"];
    let article = |name: &str| format!("Headline of {name}\n\nThe mayor of {name} said no to the plan.\n").into_bytes();
    let mut bytes = Vec::new();
    {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(&mut bytes));
        for name in files {
            let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
            zip.start_file(name, options).unwrap();
            std::io::Write::write_all(&mut zip, &article(name)).unwrap();
        }
        zip.finish().unwrap();
    }
    for name in ["b.txt", "d.txt"] {
        let at = memchr::memmem::find(&bytes, &article(name)).unwrap();
        bytes[at] ^= 1;
    }
    let path = folder.join("t.zip");
    fs::write(&path, bytes).unwrap();
    path
}

fn names(inputs: &Inputs) -> Vec<&str> {
    inputs.found.iter().map(|input| input.name.as_str()).collect()
}

#[test]
fn a_damaged_file_takes_no_other_with_it_and_all_are_named() {
    let folder = TempDir::new().unwrap();
    let path = damaged_zip(folder.path());
    let found = inputs(std::slice::from_ref(&path), None);
    assert_eq!(names(&found), ["t.zip/a.txt", "t.zip/c.txt", "t.zip/e.txt"]);
    let failed: Vec<&str> = found.failed.iter().map(|(message, _)| message.as_str()).collect();
    assert!(failed.len() == 2 && failed[0].contains("b.txt") && failed[1].contains("d.txt"), "{failed:?}");
    // The command line brings the whole ones in, names the others and says that there were findings.
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .args(["convert", "t.zip", "-o", "p.onrecord.json"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && said.contains("b.txt") && said.contains("d.txt"), "{said}");
    let project = fs::read_to_string(folder.path().join("p.onrecord.json")).unwrap();
    assert!(["a.txt", "c.txt", "e.txt"].iter().all(|name| project.contains(&format!("The mayor of {name}"))), "{project}");
}

#[test]
fn what_was_unpacked_to_tell_its_format_is_not_unpacked_again() {
    let folder = TempDir::new().unwrap();
    let path = damaged_zip(folder.path());
    let found = inputs(std::slice::from_ref(&path), None);
    // The archive is gone: whatever is read now was kept.
    fs::write(&path, "").unwrap();
    for input in &found.found {
        let onrecord::formats::exchange::container::Incoming::File { name, mut reader } = input.open().unwrap() else { panic!("one file") };
        let mut text = String::new();
        reader.read_to_string(&mut text).unwrap();
        assert!(text.contains("The mayor of"), "{name}: {text}");
    }
}

/// A file and a folder that may not be read, as a colleague's are: as another user, since the administrator may read everything.
#[cfg(unix)]
#[test]
fn a_file_of_a_folder_that_may_not_be_read_is_named_and_the_others_come_in() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = TempDir::new().unwrap();
    let articles = folder.path().join("articles");
    fs::create_dir_all(articles.join("closed")).unwrap();
    for name in ["a.txt", "b.txt", "c.txt", "closed/d.txt"] {
        fs::write(articles.join(name), "A headline\n\nThe mayor said no to the plan.\n").unwrap();
    }
    for closed in ["b.txt", "closed"] {
        fs::set_permissions(articles.join(closed), fs::Permissions::from_mode(0o0)).unwrap();
    }
    let closed = fs::read(articles.join("b.txt")).is_err();
    let found = inputs(std::slice::from_ref(&articles), None);
    fs::set_permissions(articles.join("closed"), fs::Permissions::from_mode(0o700)).unwrap();
    if !closed {
        eprintln!("files that may not be read were not tested: this user may read everything");
        return;
    }
    assert_eq!(names(&found), ["articles/a.txt", "articles/c.txt"]);
    let failed: Vec<&str> = found.failed.iter().map(|(message, _)| message.as_str()).collect();
    assert!(failed.len() == 2 && failed.iter().any(|message| message.contains("b.txt")), "{failed:?}");
    assert!(failed.iter().any(|message| message.contains("closed")), "{failed:?}");
}
