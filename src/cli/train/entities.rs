//! `newsmill train entities`: the entity tagger.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;

use super::source::{self, Annotated};
use crate::cli::{Status, tell};
use crate::text::entities::Rules;
use crate::text::entities::tagger::train::{Example, Settings, train};
use crate::text::knowledge::Knowledge;
use crate::text::lexicon::Builder;

/// Makes the entity model
///
/// Learns from the gold articles of SOURCES/eval/train.* and the silver ones of SOURCES/corpus, which takes minutes.
#[derive(clap::Args)]
pub struct Args {
    /// The folder that holds eval/ and corpus/
    #[arg(long, value_name = "FOLDER")]
    sources: PathBuf,
    /// Where the model goes
    #[arg(long, value_name = "FILE", default_value = "models/entities-en.bin")]
    out: PathBuf,
    /// Leaves the silver articles out: for figures on sets that their maker had learned from
    #[arg(long)]
    gold_only: bool,
}

/// How much a token counts by who marked it. Of the pairs tried (2 and 0.5, 4 and 0.3) neither was better on dev.
const GOLD: f32 = 2.0;
const SILVER: f32 = 0.5;

pub fn run(args: &Args) -> anyhow::Result<Status> {
    let gold = source::gold(&args.sources)?;
    let silver = if args.gold_only {
        Vec::new()
    } else {
        source::silver(&args.sources)?
    };
    tell(format_args!(
        "{} gold and {} silver articles",
        gold.len(),
        silver.len()
    ));
    let mut builder = Builder::new();
    let rules = Rules::new(Arc::new(Knowledge::built_in()), &mut builder);
    let lexicon = builder.build();
    let example = |annotated: Annotated, weight| {
        let hits = lexicon.scan(&annotated.document);
        Example {
            clues: rules.read(&annotated.document, &hits),
            document: annotated.document,
            annotation: annotated.annotation,
            weight,
        }
    };
    let examples: Vec<Example> = gold
        .into_iter()
        .map(|annotated| example(annotated, GOLD))
        .chain(
            silver
                .into_iter()
                .map(|annotated| example(annotated, SILVER)),
        )
        .collect();
    let model = train(&examples, &Settings::default(), |epoch, loss| {
        tell(format_args!("epoch {epoch}: mean loss {loss:.4}"));
    });
    fs::write(&args.out, model.to_bytes()).with_context(|| args.out.display().to_string())?;
    Ok(Status::Done)
}
