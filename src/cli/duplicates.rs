//! `newsmill duplicates`: which articles are versions of one another.

use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;

use serde::{Serialize, Serializer};

use super::Status;
use super::input::{self, Article, Progress};
use crate::config::Config;
use crate::text::article::{self, Format, Input, Rejection};
use crate::text::document::fingerprint::{NEAR, distance, simhash};
use crate::text::document::{Document, duplicates};

/// Lists the groups of near-duplicates in files of articles
///
/// An article belongs to a group if its fingerprint differs in few bits from that of another one in it: the same report
/// with a new headline, a paragraph cut or a typo mended. A line an article: how many bits it differs in from the first
/// of its group, where it stands, its id and its title, with tabs between; an empty line between groups. FILEs are read
/// as by `newsmill analyze`.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  newsmill duplicates articles.jsonl
  newsmill duplicates monday.jsonl tuesday.jsonl | cut -f 3
  newsmill duplicates --bits 3 articles.jsonl
  newsmill duplicates --json articles.jsonl | jq 'map(.id)'

Exit statuses: 0 done, 1 failed, 2 wrong usage or configuration, 3 some articles were rejected.")]
pub struct Args {
    /// Files with articles; `-` is standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Configuration file; its [kafka] is not needed here
    #[arg(long, value_name = "FILE", env = "NEWSMILL_CONFIG")]
    config: Option<PathBuf>,

    /// Bits of 64 by which two fingerprints may differ
    #[arg(long, value_name = "N", default_value_t = NEAR, value_parser = clap::value_parser!(u32).range(0..=64))]
    bits: u32,

    /// Each group as a JSON array on a line of its own
    #[arg(long)]
    json: bool,
}

/// An article of a group, as it is told.
#[derive(Serialize)]
struct Member<'a> {
    bits: u32,
    #[serde(flatten)]
    seen: &'a Seen,
}

#[derive(Serialize)]
struct Seen {
    /// `articles.jsonl:12`.
    place: String,
    /// The article's own id, else its url.
    id: Option<String>,
    title: Option<String>,
    #[serde(serialize_with = "hex")]
    fingerprint: u64,
}

pub fn run(args: &Args) -> anyhow::Result<Status> {
    let config = Config::load(args.config.as_deref())?;
    let (format, max_bytes) = (config.article.format, config.max_article_bytes());
    let sources = input::open(&args.files)?;
    let progress = Progress::new(&sources);

    let (mut all, mut rejections) = (Vec::new(), 0);
    for source in sources {
        for article in source.articles(max_bytes, &progress)? {
            let article = article?;
            let place = article.place.clone();
            match seen(article, format, max_bytes) {
                Ok(seen) => all.push(seen),
                Err(rejection) => {
                    rejections += 1;
                    let code = rejection.code.as_str();
                    progress.line(&format!("{place}: {code}: {rejection}"));
                }
            }
            progress.done(all.len());
        }
    }
    progress.finish(all.len(), rejections);

    print(&all, args)?;
    Ok(if rejections == 0 {
        Status::Done
    } else {
        Status::Rejected
    })
}

/// Decoding and the document only: nothing else makes a fingerprint.
fn seen(article: Article, format: Format, max_bytes: usize) -> Result<Seen, Rejection> {
    article.check_length(max_bytes)?;
    let decoded = article::decode(
        &Input {
            value: &article.value,
            headers: &[],
            source: None,
        },
        format,
    )?;
    let document = Document::new(decoded.title.as_deref(), &decoded.text);
    Ok(Seen {
        place: article.place,
        id: decoded.id.or(decoded.url),
        title: document.title().map(str::to_owned),
        fingerprint: simhash(&document),
    })
}

fn print(all: &[Seen], args: &Args) -> anyhow::Result<()> {
    let prints: Vec<u64> = all.iter().map(|seen| seen.fingerprint).collect();
    let mut out = BufWriter::new(io::stdout().lock());
    for (place, group) in duplicates::groups(&prints, args.bits).iter().enumerate() {
        let first = prints[group[0]];
        let members = group.iter().map(|&index| Member {
            bits: distance(first, prints[index]),
            seen: &all[index],
        });
        if args.json {
            let members: Vec<Member> = members.collect();
            writeln!(out, "{}", serde_json::to_string(&members)?)?;
            continue;
        }
        if place > 0 {
            writeln!(out)?;
        }
        for Member { bits, seen } in members {
            let (id, title) = (column(&seen.id), column(&seen.title));
            writeln!(out, "{bits}\t{}\t{id}\t{title}", seen.place)?;
        }
    }
    Ok(out.flush()?)
}

/// A value for a column: on one line, and `-` where there is none.
fn column(value: &Option<String>) -> String {
    match value {
        Some(value) => value.replace(char::is_control, " "),
        None => "-".to_owned(),
    }
}

fn hex<S: Serializer>(fingerprint: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{fingerprint:016x}"))
}
