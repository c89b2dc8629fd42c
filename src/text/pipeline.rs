//! From an article to its record: the order of the stages.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::article::{self, Article, Input, Rejection};
use super::document::{Document, language};
use super::entities::Finder;
use super::knowledge::Knowledge;
use super::lexicon::{Builder, Lexicon};
use super::record::{self, Context, Findings, Language, Parts, PipelineInfo, Record, Source};
use super::settings::Settings;
use super::topics::check::{self, Trial};
use super::topics::lint::{self, Finding};
use super::topics::model::Model;
use super::topics::{Scorer, Scores, Taxonomy};
use super::values::{self, Amounts};
use super::warning::Warning;

/// The languages that the analyses know, ISO 639-1. On any other they would find what is not there.
const ANALYSED: [&str; 1] = ["en"];

/// Everything that is built once and read by every article. Shared between threads, never changed.
pub struct Pipeline {
    settings: Settings,
    lexicon: Lexicon,
    finder: Finder,
    amounts: Amounts,
    scorer: Scorer,
    info: PipelineInfo,
}

/// A record, and what it is made of.
pub struct Explanation {
    pub article: Article,
    pub document: Document,
    /// `None` where no analysis knows the language.
    pub findings: Option<Findings>,
    pub record: Record,
}

impl Pipeline {
    /// With the tables that come with the program.
    pub fn new(settings: &Settings, taxonomy: Taxonomy) -> Self {
        Self::with_knowledge(settings, taxonomy, Knowledge::built_in())
    }

    pub fn with_knowledge(settings: &Settings, taxonomy: Taxonomy, knowledge: Knowledge) -> Self {
        let mut builder = Builder::new();
        let knowledge = Arc::new(knowledge);
        let amounts = Amounts::new(&knowledge);
        let knowledge_version = knowledge.version.clone();
        let finder = Finder::new(knowledge, &mut builder);
        let info = PipelineInfo {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            taxonomy: Some(taxonomy.version()),
            knowledge: Some(knowledge_version),
            models: BTreeMap::from([
                ("entities".to_owned(), finder.model_id().to_owned()),
                ("topics".to_owned(), Model::version()),
            ]),
        };
        let scorer = Scorer::new(taxonomy, settings.min_score as f32, &mut builder);
        Pipeline {
            settings: settings.clone(),
            lexicon: builder.build(),
            finder,
            amounts,
            scorer,
            info,
        }
    }

    /// Turns one message into the record of its article.
    ///
    /// # Errors
    ///
    /// [`Rejection`] where the bytes are no article; nothing after decoding can fail.
    pub fn process(&self, input: &Input) -> Result<Record, Rejection> {
        let article = self.decode(input)?;
        Ok(self.record(article, input.source.clone()))
    }

    /// Reads the article.
    ///
    /// # Errors
    ///
    /// [`Rejection`] where the bytes are no article.
    pub fn decode(&self, input: &Input) -> Result<Article, Rejection> {
        article::decode(input, self.settings.article_format)
    }

    /// Analyses the article.
    pub fn record(&self, article: Article, source: Option<Source>) -> Record {
        self.explain(article, source).record
    }

    /// Analyses the article, and keeps what its record is made of.
    pub fn explain(&self, article: Article, source: Option<Source>) -> Explanation {
        let Examined {
            document,
            language,
            findings,
        } = self.examine(&article);
        let parts = Parts {
            article: &article,
            document: &document,
            language,
            findings: findings.as_ref(),
            source,
        };
        let record = record::assemble(parts, &self.context());
        Explanation {
            article,
            document,
            findings,
            record,
        }
    }

    /// What a record is made of.
    pub fn examine(&self, article: &Article) -> Examined {
        let document = Document::new(article.title.as_deref(), &article.text);
        let language = language_of(article.language.as_deref(), &document);
        let is_analysed = ANALYSED
            .iter()
            .any(|code| language.code.as_deref() == Some(code));
        let findings = is_analysed.then(|| self.analyse(&document, day_of(article)));
        Examined {
            document,
            language,
            findings,
        }
    }

    /// What scores topics, with its taxonomy.
    pub fn scorer(&self) -> &Scorer {
        &self.scorer
    }

    /// Runs the taxonomy's own examples.
    pub fn try_examples(&self) -> Vec<Trial<'_>> {
        check::run(&self.scorer, |headline, text| self.scores(headline, text))
    }

    /// What is suspicious in the taxonomy.
    pub fn lint(&self) -> Vec<Finding> {
        lint::run(self.scorer.taxonomy(), |headline, text| {
            let document = Document::new(Some(headline), text);
            self.scorer.touched(&self.lexicon.scan(&document))
        })
    }

    fn scores(&self, headline: &str, text: &str) -> Scores {
        let document = Document::new(Some(headline), text);
        let hits = self.lexicon.scan(&document);
        let entities = self.finder.find(&document, &hits);
        self.scorer.score(&document, &hits, &entities)
    }

    /// What it is made of, as each record says.
    pub fn info(&self) -> &PipelineInfo {
        &self.info
    }

    /// The record as it is published.
    pub fn encode(&self, record: &Record) -> Vec<u8> {
        record::encode(record, self.settings.record_format)
    }

    /// The taxonomy's name and a hash of its files (`name@hash`).
    pub fn taxonomy_version(&self) -> &str {
        self.info.taxonomy.as_deref().unwrap_or_default()
    }

    /// What the header `newsmill-schema` says of it.
    pub fn schema_name(&self) -> &'static str {
        self.settings.record_format.schema_name()
    }

    /// `published` is the day of publication, where that can be believed.
    fn analyse(&self, document: &Document, published: Option<Date>) -> Findings {
        let hits = self.lexicon.scan(document);
        let entities = self.finder.find_at(document, &hits, published);
        let scores = self.scorer.score(document, &hits, &entities);
        let amounts = self.amounts.find(document, &entities);
        Findings {
            entities,
            scores,
            amounts,
            dates: values::dates(document, published),
        }
    }

    fn context(&self) -> Context<'_> {
        Context {
            settings: &self.settings,
            info: &self.info,
            scorer: &self.scorer,
        }
    }
}

/// An article as the analyses see it, and what they found.
pub struct Examined {
    pub document: Document,
    pub language: Language,
    /// `None` where no analysis knows the language.
    pub findings: Option<Findings>,
}

/// The day of publication, unless it is implausible.
fn day_of(article: &Article) -> Option<Date> {
    let is_believed = !article.warnings.contains(&Warning::ImplausiblePublishedAt);
    article
        .published_at
        .filter(|_| is_believed)
        .map(|at| TimeZone::UTC.to_datetime(at).date())
}

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
