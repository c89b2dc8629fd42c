//! `newsmill check` where no broker is.

use crate::{configuration, newsmill, output, stderr, stdout};

#[test]
fn a_broker_that_is_not_there_is_told_with_how_to_mend_it() {
    let folder = tempfile::tempdir().unwrap();
    let secret = "[kafka.properties]\n\"sasl.password\" = \"hunter2\"\n";
    let file = configuration(folder.path(), secret);
    let result = output(newsmill(&["check", "--config", &file]), "");
    assert_eq!(result.status.code(), Some(1));
    let told = stdout(&result);
    for words in [
        "no broker answers at 127.0.0.1:1: ",
        "Connection refused",
        "mend: nothing listens there",
        "1 wrong, 0 doubtful",
    ] {
        assert!(told.contains(words), "{words} is missing:\n{told}");
    }
    assert!(!format!("{told}{}", stderr(&result)).contains("hunter2"));
}
