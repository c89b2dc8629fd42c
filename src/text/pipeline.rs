//! From an article to its record: the order of the stages.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::article::{self, Input, Rejection};
use super::document::{Document, language};
use super::entities::Finder;
use super::knowledge::Knowledge;
use super::lexicon::{self, Lexicon};
use super::record::{self, Findings, Language, Parts, PipelineInfo, Record};
use super::settings::Settings;

/// Everything that is built once and read by every article. Shared between threads, never changed.
pub struct Pipeline {
    settings: Settings,
    lexicon: Lexicon,
    finder: Finder,
    info: PipelineInfo,
}

impl Pipeline {
    pub fn new(settings: &Settings) -> Self {
        let mut builder = lexicon::Builder::new();
        let finder = Finder::new(Arc::new(Knowledge::built_in()), &mut builder);
        Pipeline {
            settings: settings.clone(),
            lexicon: builder.build(),
            finder,
            info: PipelineInfo {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                taxonomy: None,
                models: BTreeMap::new(),
            },
        }
    }

    /// Turns one article into its record.
    ///
    /// # Errors
    ///
    /// [`Rejection`] where the bytes are no article; nothing after decoding can fail.
    pub fn process(&self, input: &Input) -> Result<Record, Rejection> {
        let article = article::decode(input, self.settings.article_format)?;
        let document = Document::new(article.title.as_deref(), &article.text);
        let language = language_of(article.language.as_deref(), &document);
        let findings = (language.code.as_deref() == Some(ANALYSED_LANGUAGE)).then(|| {
            let hits = self.lexicon.scan(&document);
            Findings {
                entities: self.finder.find(&document, &hits),
            }
        });
        let parts = Parts {
            article,
            document: &document,
            language,
            findings,
            source: input.source.clone(),
        };
        Ok(record::assemble(parts, &self.settings, &self.info))
    }
}

/// The one language whose rules and tables there are; they never run on another.
const ANALYSED_LANGUAGE: &str = "en";

/// What the text shows, where that is reliable; else what the article says of itself, which is often a default of the
/// system that sent it.
fn language_of(stated: Option<&str>, document: &Document) -> Language {
    match language::detect(document.buffer()) {
        Some(found) if found.reliable => Language {
            code: Some(found.code.to_owned()),
            confidence: Some(found.confidence),
        },
        _ => Language {
            code: stated.map(str::to_owned),
            confidence: None,
        },
    }
}
