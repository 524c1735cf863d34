//! An article in any encoding: read or refused; offsets convert there and back, and no unit leaves the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::{
    formats::article,
    text::{TextIndex, boundary},
};

fuzz_target!(|bytes: &[u8]| {
    let encoding = ["utf-8", "windows-1252", "utf-16le", "shift_jis", "koi8-r"].get(usize::from(bytes.first().copied().unwrap_or(9)));
    let Ok(article) = article::read("article.txt", bytes, encoding.copied()) else { return };
    let text = article.content.as_str();
    let index = TextIndex::new(text);
    for (byte, _) in text.char_indices().take(2_000) {
        assert_eq!(index.byte_from_char(text, index.char_from_byte(text, byte)), byte);
        for unit in [boundary::Unit::Word, boundary::Unit::Sentence, boundary::Unit::Paragraph] {
            let found = boundary::unit_at(text, byte, unit);
            assert!(text.get(found).is_some());
        }
    }
});
