//! Any bytes are an article or a rejection, whatever format is asked for.

#![no_main]

use libfuzzer_sys::fuzz_target;
use newsmill::text::article::{self, Format, Input};

const FORMATS: [Format; 7] = [
    Format::Auto,
    Format::Flat,
    Format::Ninjs,
    Format::Newsapi,
    Format::NewsPlease,
    Format::JsonLd,
    Format::Cloudevents,
];

fuzz_target!(|value: &[u8]| {
    for format in FORMATS {
        let input = Input {
            value,
            headers: &[],
            source: None,
        };
        if let Ok(article) = article::decode(&input, format) {
            assert!(article.text.chars().any(char::is_alphanumeric));
            assert!(article.id.is_none_or(|id| !id.trim().is_empty()));
        }
    }
});
