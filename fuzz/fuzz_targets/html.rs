//! A web page, its article, the whole of it or a part: an article or a refusal with a hint; what is read has clean line ends.
//!
//! The first byte chooses, the rest is the page.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::formats::article::{self, Choices, Extent};

fuzz_target!(|bytes: &[u8]| {
    let Some((which, page)) = bytes.split_first() else { return };
    let choices = Choices {
        extent: if which & 1 == 0 { Extent::Article } else { Extent::Page },
        selector: if which & 2 == 0 { None } else { Some("main, #story p".to_owned()) },
        ..Choices::default()
    };
    match article::html::read("article.html", page, &choices) {
        Ok(imported) => {
            assert!(!imported.article.content.contains('\r'));
            assert_eq!(imported.article.imported.sha256.len(), 64);
        }
        Err(error) => assert!(!error.hint().is_empty()),
    }
});
