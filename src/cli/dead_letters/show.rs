//! `newsmill dead-letters show`.

use std::io::{self, Write as _};

use anyhow::anyhow;
use sha2::{Digest as _, Sha256};

use super::{ConfigArgs, list};
use crate::cli::{Status, place, printable};
use crate::stream::Header;
use crate::stream::job::letters::{self, Place, Shown};

/// Shows one dead letter: why it is one, where its message stood, its headers
///
/// The article itself is not shown unless it is asked for: `--payload` prints its bytes and nothing else.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  newsmill dead-letters show 0@17
  newsmill dead-letters show 0@17 --json | jq .reason
  newsmill dead-letters show 0@17 --payload > article.json
  newsmill dead-letters show 0@17 --payload | newsmill analyze

Exit statuses: 0 done, 1 no such letter or failed, 2 wrong usage or configuration.")]
pub struct Args {
    /// Which
    #[arg(value_name = "PARTITION@OFFSET", value_parser = place::place)]
    letter: Place,

    /// Prints the message's value, byte for byte, and nothing else
    #[arg(long, conflicts_with = "json")]
    payload: bool,

    /// One object of JSON, as `list --json` has it
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    config: ConfigArgs,
}

pub fn run(args: &Args) -> anyhow::Result<Status> {
    let settings = args.config.load()?.stream()?;
    let (partition, offset) = args.letter;
    let shown = letters::show(&settings, args.letter)?.ok_or_else(|| {
        anyhow!(
            "no dead letter at {partition}@{offset} of {}: `newsmill dead-letters list` names them",
            settings.kafka.dead_letter_topic
        )
    })?;
    let mut out = io::stdout().lock();
    if args.payload {
        out.write_all(shown.message.value.as_deref().unwrap_or_default())?;
    } else if args.json {
        writeln!(out, "{}", list::as_json(&shown.letter, shown.is_redriven))?;
    } else {
        show(&mut out, &settings.kafka.dead_letter_topic, &shown)?;
    }
    out.flush()?;
    Ok(Status::Done)
}

fn show(out: &mut impl io::Write, topic: &str, shown: &Shown) -> io::Result<()> {
    let letter = &shown.letter;
    let source = &letter.source;
    let key = letter.key.as_deref().map(String::from_utf8_lossy);
    for (name, value) in [
        (
            "letter",
            format!("{topic}/{}@{}", letter.partition, letter.offset),
        ),
        ("code", letter.code.clone()),
        ("reason", letter.reason.clone()),
        ("stage", letter.stage.clone()),
        ("attempt", letter.attempt.to_string()),
        (
            "redriven",
            if shown.is_redriven { "yes" } else { "no" }.to_owned(),
        ),
        (
            "source",
            format!(
                "{}/{}@{}",
                source.input_topic, source.partition, source.offset
            ),
        ),
        ("time", place::show_time(letter.timestamp_ms)),
        ("key", key.map_or_else(|| "-".to_owned(), Into::into)),
        ("value", value(shown)),
    ] {
        writeln!(out, "{name:<9} {}", printable(&value))?;
    }
    writeln!(out, "headers")?;
    for Header { name, value } in &shown.message.headers {
        let value = match value.as_deref().map(std::str::from_utf8) {
            None => "null".to_owned(),
            Some(Ok(text)) => printable(text),
            Some(Err(_)) => {
                let bytes = value.as_deref().unwrap_or_default();
                format!("base64:{}", data_encoding::BASE64.encode(bytes))
            }
        };
        writeln!(out, "  {}: {value}", printable(name))?;
    }
    Ok(())
}

/// What the value is, without a word of it.
fn value(shown: &Shown) -> String {
    let Some(value) = &shown.message.value else {
        return "null".to_owned();
    };
    let digest = Sha256::digest(value);
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    match shown.letter.value_bytes {
        Some(whole) if shown.letter.is_cut => format!(
            "{} bytes of {whole}, cut because the dead-letter topic took no more",
            value.len()
        ),
        _ => format!("{} bytes, sha256 {hex}; --payload prints it", value.len()),
    }
}
