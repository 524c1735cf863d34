//! An OpenDocument text: an article or a refusal with a hint; what is read has clean line ends.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::formats::article::{self, Choices};

fuzz_target!(|bytes: &[u8]| {
    match article::odt::read("article.odt", bytes, &Choices::default()) {
        Ok(imported) => {
            assert!(!imported.article.content.contains('\r'));
            assert_eq!(imported.article.imported.sha256.len(), 64);
        }
        Err(error) => assert!(!error.hint().is_empty()),
    }
});
