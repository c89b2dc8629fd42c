//! The status page in a browser: at work, and with the broker away.
//!
//! `NEWSMILL_PICTURES=FOLDER` leaves pictures of it there, for people to look at.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use newsmill::stream::health::NotReady;
use serde_json::Value;
use support::wait::until;

use crate::tool;
use crate::worker::{INPUT, Working};

/// Milliseconds of its own time that the page gets: for its first answer, and not for a second.
const PAGE_TIME: &str = "--virtual-time-budget=1500";

#[test]
fn the_page_says_how_the_worker_is() {
    let Some(browser) = tool::find(
        &["chromium-headless-shell", "chromium"],
        "chromium-headless-shell",
    ) else {
        return;
    };
    let browser = Browser(browser);
    let working = Working::start();
    working.until("the lag to be known", |scraped| {
        scraped.count("newsmill_consumer_lag_messages") == 2
    });
    let status = || serde_json::from_str::<Value>(&working.get("/status.json").body);
    let all_held = || {
        let held = status()?["partitions"].as_array().map_or(0, Vec::len);
        Ok((held == 2).then_some(()))
    };
    until(
        "both partitions to be held",
        crate::worker::DEADLINE,
        all_held,
    )
    .unwrap();
    let status = status().unwrap();
    let letter = &status["dead_letters"][0];
    let position = format!("{INPUT}/{} @ {}", letter["partition"], letter["offset"]);
    let shown = browser.look(&working.page());
    for told in [
        r#"data-state="ready""#,
        "reads 2 partitions of articles.raw, writes to articles.enriched",
        "group newsmill · at least once · version ",
        "military-aid",
        "sport",
        "invalid_json",
        "empty_text",
        &position,
        "<td>articles.raw/1</td>",
        "<td class=\"reading\">reading</td>",
    ] {
        assert!(shown.contains(told), "{told} is missing in:\n{shown}");
    }
    browser.picture(&working.page(), "ready");

    working.cluster.broker_down(1).unwrap();
    until(
        "the worker to miss its broker",
        crate::worker::DEADLINE,
        || {
            let reasons = working.health.not_ready();
            let missed = |(reason, _): &(NotReady, String)| *reason == NotReady::BrokerUnreachable;
            Ok(reasons.iter().any(missed).then_some(()))
        },
    )
    .unwrap();
    let shown = browser.look(&working.page());
    for told in [
        r#"data-state="waiting""#,
        "Not ready",
        "No broker answers. The worker waits and goes on by itself",
        "broker_unreachable: ",
        "as last heard of the brokers",
    ] {
        assert!(shown.contains(told), "{told} is missing in:\n{shown}");
    }
    browser.picture(&working.page(), "broker-down");

    working.cluster.broker_up(1).unwrap();
    until(
        "the worker to find its broker again",
        crate::worker::DEADLINE,
        || Ok(working.health.not_ready().is_empty().then_some(())),
    )
    .unwrap();
    assert!(
        browser
            .look(&working.page())
            .contains(r#"data-state="ready""#)
    );
    working.stop();
}

/// What a sample article says must stand nowhere on the admin port, that of the rejected ones included.
#[test]
fn no_answer_holds_text_of_an_article() {
    let working = Working::start();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/samples");
    for path in [
        "/",
        "/status.json",
        "/status.js",
        "/metrics",
        "/readyz",
        "/livez",
    ] {
        let answer = working.get(path).body;
        for entry in std::fs::read_dir(&folder).unwrap() {
            let sample = entry.unwrap().path();
            if sample
                .extension()
                .is_none_or(|extension| extension != "json")
            {
                continue;
            }
            let article = std::fs::read_to_string(&sample).unwrap();
            let words: Vec<&str> = article.split_whitespace().collect();
            for run in words.windows(4) {
                let run = run.join(" ");
                assert!(!answer.contains(&run), "{path} holds {run:?}");
            }
        }
    }
    working.stop();
}

struct Browser(PathBuf);

impl Browser {
    /// The page as the browser has it once its script has run; what the browser complains of is a failure.
    fn look(&self, page: &str) -> String {
        let output = self.run(&["--enable-logging=stderr", PAGE_TIME, "--dump-dom", page]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!said.contains(":CONSOLE"), "{said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Pictures: light, dark, on a phone.
    fn picture(&self, page: &str, name: &str) {
        let Some(folder) = env::var_os("NEWSMILL_PICTURES") else {
            return;
        };
        for (kind, size, scheme) in [
            ("light", "1200,1100", "1"),
            ("dark", "1200,1100", "0"),
            ("phone", "390,1900", "1"),
        ] {
            let file = Path::new(&folder).join(format!("{name}-{kind}.png"));
            self.run(&[
                &format!("--window-size={size}"),
                &format!("--blink-settings=preferredColorScheme={scheme}"),
                &format!("--screenshot={}", file.display()),
                PAGE_TIME,
                page,
            ]);
            assert!(file.is_file(), "no {}", file.display());
        }
    }

    fn run(&self, arguments: &[&str]) -> std::process::Output {
        let profile = tempfile::tempdir().unwrap();
        Command::new(&self.0)
            // Root, as which CI runs, has no sandbox; the page is our own.
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(arguments)
            .output()
            .unwrap()
    }
}
