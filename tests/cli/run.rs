//! `newsmill run` without brokers: what it logs, and how it stops.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::{configuration, newsmill};

const SECRETS: &str = "[kafka.properties]\n\"sasl.password\" = \"hunter2\"\n\"ssl.key.password\" = \"hunter2\"\n\
                       [admin]\nlisten = \"127.0.0.1:0\"\n";

fn start(file: &str) -> Child {
    newsmill(&["run", "--config", file])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    let status = Command::new("kill")
        .args(["-s", name, &id])
        .status()
        .unwrap();
    assert!(status.success());
}

#[test]
fn it_logs_its_configuration_without_secrets_and_stops_when_told() {
    for name in ["TERM", "INT"] {
        let folder = tempfile::tempdir().unwrap();
        let mut child = start(&configuration(folder.path(), SECRETS));
        let mut log = Vec::new();
        for line in BufReader::new(child.stderr.take().unwrap()).lines() {
            let line = line.unwrap();
            // Flat JSON, since this is no terminal.
            let event: Value = serde_json::from_str(&line).unwrap();
            if event["message"] == "admin port open" {
                signal(&child, name);
            }
            log.push(line);
        }
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{name}: {log:#?}");
        assert!(output.stdout.is_empty(), "logs belong on standard error");
        let log = log.join("\n");
        assert!(log.contains(r#"\"sasl.password\":\"***\""#), "{log}");
        assert!(log.contains(r#"\"group_id\":\"newsmill\""#), "{log}");
        assert!(!log.contains("hunter2"), "{log}");
        assert!(log.contains(r#""message":"stopped""#), "{log}");
    }
}

#[test]
fn a_port_that_is_taken_is_told() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = configuration(folder.path(), &format!("[admin]\nlisten = \"{listen}\"\n"));
    let output = start(&file).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(
        log.contains(&format!(
            "cannot open the admin port {listen} (admin.listen)"
        )),
        "{log}"
    );
}
