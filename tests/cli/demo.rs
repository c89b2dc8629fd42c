//! `newsmill demo` on its embedded broker.

use crate::{newsmill, output, stderr, stdout};

#[test]
fn every_sample_has_its_outcome_and_the_demo_ends_by_itself() {
    let result = output(newsmill(&["demo"]), "");
    let shown = stdout(&result);
    assert_eq!(
        result.status.code(),
        Some(0),
        "{shown}\n{}",
        stderr(&result)
    );
    for told in [
        "at least once: the embedded broker does no transactions",
        "rejected      invalid_json  ",
        "rejected      empty_text  body: ",
        "articles      18 sent",
        "records       16 in",
        "rejected      2 in",
        "committed     18 positions",
    ] {
        assert!(shown.contains(told), "{told} is missing:\n{shown}");
    }
    assert!(
        !shown.contains('\u{1b}'),
        "colours belong on a terminal only"
    );
    assert_eq!(stderr(&result), "");
}
