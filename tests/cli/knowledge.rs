//! Tables of the user's own, as a configuration names them.

use std::path::Path;

use serde_json::Value;

use crate::{configuration, newsmill, output, stderr, stdout};

const ARTICLE: &str = r#"{"id": "a", "published_at": "2024-05-02", "title": "Order", "body": "Brelcom Dynamics has sold 40 Kestrel-9 launchers to Norway, its director Anneke Tordal said. The Brelcom plant in Vaduz is new. Tordal told NATO."}"#;

const HEAD: &str = "kind\tname\tother_names\tunsure\tcountry\twikidata\n";

/// Analyses the article with one table; a record, or what was told on standard error.
fn analyze(folder: &Path, name: &str, table: &str) -> Result<Value, String> {
    let path = folder.join(name);
    std::fs::write(&path, table).unwrap();
    let config = configuration(folder, &format!("[knowledge]\ntables = [{path:?}]\n"));
    let result = output(newsmill(&["analyze", "--config", &config]), ARTICLE);
    if result.status.success() {
        Ok(serde_json::from_str(&stdout(&result)).unwrap())
    } else {
        Err(stderr(&result))
    }
}

fn entity<'r>(record: &'r Value, name: &str) -> &'r Value {
    record["entities"]
        .as_array()
        .unwrap()
        .iter()
        .find(|entity| entity["name"] == name)
        .unwrap_or_else(|| panic!("no {name} in {record:#}"))
}

#[test]
fn rows_of_ones_own_are_found_linked_and_named_in_the_pipeline() {
    let folder = tempfile::tempdir().unwrap();
    let table = format!(
        "# Our suppliers.\n{HEAD}\
         organization\tBrelcom Dynamics AS\tBrelcom Dynamics;Brelcom\t\tNO\tQ99999901\n\
         equipment\tKestrel-9\t\t\tNO\t\n\
         organization\tNATO\tthe Atlantic pact\t\t\tQ7184\n"
    );
    let record = analyze(folder.path(), "suppliers.tsv", &table).unwrap();
    let brelcom = entity(&record, "Brelcom Dynamics AS");
    assert_eq!(brelcom["wikidata"], "Q99999901");
    assert_eq!(brelcom["kind"], "organization");
    assert_eq!(brelcom["mentions"].as_array().unwrap().len(), 2);
    assert_eq!(entity(&record, "Kestrel-9")["kind"], "equipment");
    // A built-in row takes over what is added to it.
    assert_eq!(entity(&record, "NATO")["wikidata"], "Q7184");

    let persons = "name\tother_names\toffice\tof\tfrom\tuntil\twikidata\n\
                   Anneke Tordal\t\tleader\tNO\t2023\t\tQ99999902\n";
    let with_persons = analyze(folder.path(), "executives.tsv", persons).unwrap();
    let tordal = entity(&with_persons, "Anneke Tordal");
    assert_eq!(tordal["wikidata"], "Q99999902");
    assert_eq!(tordal["mentions"].as_array().unwrap().len(), 2);

    let version = |record: &Value| record["pipeline"]["knowledge"].as_str().unwrap().to_owned();
    assert!(version(&record).starts_with("newsmill@"));
    assert_ne!(version(&record), version(&with_persons));
}

#[test]
fn a_wrong_row_is_told_with_file_line_and_remedy() {
    let folder = tempfile::tempdir().unwrap();
    for (table, expected) in [
        (
            format!("{HEAD}organisation\tBrelcom\t\t\t\t\n"),
            "own.tsv:2: kind = \"organisation\": unknown variant `organisation`, expected one of `person`, `organization`",
        ),
        (
            format!("# ours\n\n{HEAD}place\tVaduz\n"),
            "own.tsv:4: 2 cells; expected 6, with a tab after each but the last, empty ones too",
        ),
        (
            format!("{HEAD}place\t\t\t\t\t\n"),
            "own.tsv:2: name = \"\": a row needs one",
        ),
        (
            format!("{HEAD}place\tVaduz\t\t\tLiechtenstein\t\n"),
            "own.tsv:2: country = \"Liechtenstein\": expected two capital letters",
        ),
        (
            format!("{HEAD}place\tVaduz\t\t\tLI\tvaduz\n"),
            "own.tsv:2: wikidata = \"vaduz\": expected Q and a number, or nothing",
        ),
        (
            "name,kind\nVaduz,place\n".to_owned(),
            "own.tsv:1: columns `name,kind`; expected `kind name other_names unsure country wikidata`",
        ),
        (
            "# nothing\n".to_owned(),
            "own.tsv: no line of column names; expected `kind name other_names unsure country wikidata`",
        ),
    ] {
        let told = analyze(folder.path(), "own.tsv", &table).unwrap_err();
        assert!(told.contains(expected), "{expected}\nnot in\n{told}");
    }
    let config = configuration(folder.path(), "[knowledge]\ntables = [\"no/such.tsv\"]\n");
    let result = output(newsmill(&["analyze", "--config", &config]), ARTICLE);
    assert!(!result.status.success());
    assert!(
        stderr(&result).contains("no/such.tsv"),
        "{}",
        stderr(&result)
    );
}
