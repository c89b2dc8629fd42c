//! The id of a record: the same article gives the same one, whoever processes it.

use sha2::{Digest, Sha256};

/// The first 16 bytes of SHA-256 over the article's own id or else url, its title and its text (empty where it has
/// none), each followed by a zero byte; as hex digits. Title and text are those of the record.
pub fn record_id(own: Option<&str>, title: Option<&str>, text: &str) -> String {
    let mut hash = Sha256::new();
    for part in [own.unwrap_or_default(), title.unwrap_or_default(), text] {
        hash.update(part);
        hash.update([0]);
    }
    hex(&hash.finalize()[..16])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::record_id;

    #[test]
    fn each_part_has_its_place() {
        // printf 'unn-123\0Title\0Text\0' | sha256sum
        assert_eq!(
            record_id(Some("unn-123"), Some("Title"), "Text"),
            "152675d222009883b349fb51101d002d"
        );
        // printf '\0\0Text\0' | sha256sum
        assert_eq!(
            record_id(None, None, "Text"),
            "cda389698ac60e6589b20e6b0eb5e158"
        );
    }
}
