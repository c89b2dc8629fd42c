//! Any HTML is text or a rejection, and the text fits a document.

#![no_main]

use libfuzzer_sys::fuzz_target;
use newsmill::text::article::{self, Format, Input};
use newsmill::text::document::Document;
use serde_json::json;

fuzz_target!(|html: &str| {
    let value = json!({"body": html, "content_type": "text/html"}).to_string();
    let input = Input {
        value: value.as_bytes(),
        headers: &[],
        source: None,
    };
    if let Ok(article) = article::decode(&input, Format::Flat) {
        let document = Document::new(None, &article.text);
        assert!(document.text().chars().any(char::is_alphanumeric));
    }
});
