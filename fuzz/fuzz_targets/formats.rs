//! Files of other tools and articles as they arrive: read or refused, placed, and written again.
//!
//! The first byte chooses the format, the rest is the file.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::formats::{
    FORMATS, Reader, Writer,
    article::Choices,
    convert,
    exchange::{
        container::{Incoming, Zip},
        release::Head,
        verify::{Verified, verify},
    },
    profile::{Pass, Profile},
};
use std::io::Cursor;

fuzz_target!(|bytes: &[u8]| {
    let Some((which, file)) = bytes.split_first() else { return };
    let readers: Vec<_> = FORMATS.iter().filter(|format| matches!(format.read, Reader::Annotated(_) | Reader::Article(_))).collect();
    let Some(format) = readers.get(usize::from(*which) % readers.len()) else { return };
    let incoming = if format.is_folder {
        let Ok(zip) = Zip::open("a.zip", Cursor::new(file.to_vec())) else { return };
        Incoming::Files { name: "a.zip".to_owned(), files: Box::new(zip) }
    } else {
        Incoming::File { name: "a".to_owned(), reader: Box::new(Cursor::new(file.to_vec())) }
    };
    let mut found = Verified::default();
    let mut releases = Vec::new();
    let read = convert::read(format, incoming, &Choices::default(), &mut drop, &mut |article| {
        if !article.content.is_empty() {
            releases.push(convert::pass_on(verify(article, format.convention, &mut found), Pass::new(Profile::Full, [0; 16])));
        }
        Ok(())
    });
    drop(read);
    for format in FORMATS {
        match format.write {
            Writer::Stream(stream) => {
                for (number, release) in releases.iter().enumerate() {
                    drop(stream.article(&Head::default(), release, number));
                }
            }
            Writer::Whole(write) => drop(write(&Head::default(), &releases)),
            Writer::Project | Writer::None => {}
        }
    }
});
