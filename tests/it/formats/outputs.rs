//! Golden outputs: what each format looks like, on the small example.

use super::{export, samples, written};
use onrecord::formats::{
    exchange::container::{Files as _, Zip},
    profile::Profile,
};
use std::fs;

/// The text of every file of an archive, those inside office files too; pictures of bytes are left out.
fn unpacked(name: &str, bytes: &[u8], out: &mut String) {
    if bytes.starts_with(b"PK") {
        let mut zip = Zip::open(name, std::io::Cursor::new(bytes)).unwrap();
        for inside in zip.names() {
            let bytes = zip.read(&inside).unwrap();
            unpacked(&inside, &bytes, out);
        }
        return;
    }
    // Styles and relations of office files are constants of the library or of the source.
    let is_ours = !name.starts_with("xl/") || name.starts_with("xl/worksheets/sheet1") || name == "xl/sharedStrings.xml";
    if is_ours && !name.starts_with("docProps") && !name.starts_with("_rels") && !name.contains("styles") {
        out.push_str(&format!("── {name}\n{}\n", String::from_utf8_lossy(bytes).replace("><", ">\n<").replace('\r', "␍")));
    }
}

#[test]
fn every_format_looks_as_it_did() {
    let folder = tempfile::tempdir().unwrap();
    let (_, project) = samples().into_iter().find(|(name, _)| name == "example").unwrap();
    for format in written() {
        let path = folder.path().join(format!("{}.zip", format.name));
        export(&project, Profile::Full, format, &path).unwrap();
        let mut out = String::new();
        unpacked("", &fs::read(path).unwrap(), &mut out);
        insta::with_settings!({prepend_module_to_snapshot => false, snapshot_path => "../snapshots/formats"}, {
            insta::assert_snapshot!(format.name, out);
        });
    }
}
