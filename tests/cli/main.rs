//! The program as a person or a script meets it: arguments, streams, exit statuses. No Kafka.

mod analyze;
mod check;
mod configuration;
mod demo;
mod duplicates;
mod eval;
mod explain;
mod help;
mod knowledge;
mod run;
mod taxonomy;

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

/// The program, with nothing of this process's environment that it would read.
fn newsmill(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_newsmill"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("NEWSMILL_") {
            command.env_remove(name);
        }
    }
    command.args(arguments);
    command
}

/// Runs it to its end with this on standard input.
fn output(mut command: Command, input: &str) -> Output {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || {
        // A program that does not read its input closes it.
        let _ = stdin.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A configuration for brokers that are not there.
fn configuration(folder: &std::path::Path, more: &str) -> String {
    let path = folder.join("newsmill.toml");
    let text = format!(
        "[kafka]\nbootstrap_servers = \"127.0.0.1:1\"\ninput_topics = [\"in\"]\noutput_topic = \"out\"\n\
         dead_letter_topic = \"dead\"\n{more}"
    );
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}
