//! What an explanation shows, whatever draws it.

use crate::cli::wire_name;
use crate::text::article::Shape;
use crate::text::document::Span;
use crate::text::pipeline::Explanation;
use crate::text::topics::account::{SectionAccount, Share, TopicAccount};
use crate::text::topics::features::{self, Standing};
use crate::text::topics::{Contribution, Scorer, SectionScore, Topic, TopicScore};

/// A topic below its threshold is shown in full from this part of the threshold on: above it a change of one rule or
/// one sentence may report it.
const NEAR_MISS: f32 = 0.2;

/// Sections whose arithmetic is shown: those that a record may carry, and the runner-up.
const SECTIONS: usize = 3;

/// One article's explanation.
pub struct Sheet<'a> {
    pub explanation: &'a Explanation,
    pub scorer: &'a Scorer,
    /// `articles.jsonl:12`.
    pub place: String,
    /// Those that are shown in full, best first.
    pub topics: Vec<ShownTopic<'a>>,
    /// All others that have any evidence, best first.
    pub rest: Vec<(&'a Topic, f32)>,
    /// The best ones.
    pub sections: Vec<ShownSection<'a>>,
    /// The one topic that was asked for, if any.
    pub asked: Option<&'a Topic>,
}

pub struct ShownTopic<'a> {
    pub topic: &'a Topic,
    pub score: &'a TopicScore,
    pub account: TopicAccount<'a>,
}

pub struct ShownSection<'a> {
    pub section: &'a Topic,
    pub score: &'a SectionScore,
    pub account: SectionAccount,
    /// Whether the record carries it.
    pub reported: bool,
}

impl<'a> Sheet<'a> {
    /// With one topic only, where that is asked for by its id.
    pub fn new(
        explanation: &'a Explanation,
        scorer: &'a Scorer,
        place: String,
        topic: Option<&str>,
    ) -> Self {
        let mut sheet = Sheet {
            explanation,
            scorer,
            place,
            topics: Vec::new(),
            rest: Vec::new(),
            sections: Vec::new(),
            asked: topic
                .and_then(|id| scorer.taxonomy().index_of(id))
                .map(|index| &scorer.topics()[index]),
        };
        let Some(findings) = &explanation.findings else {
            return sheet;
        };
        for score in &findings.scores.topics {
            let topic = &scorer.topics()[score.topic];
            let shown = match sheet.asked {
                Some(asked) => asked.id == topic.id,
                None => score.reported || score.score >= NEAR_MISS * score.threshold,
            };
            if shown {
                sheet.topics.push(ShownTopic {
                    topic,
                    score,
                    account: scorer.topic_account(&explanation.document, score),
                });
            } else if sheet.asked.is_none() {
                sheet.rest.push((topic, score.score));
            }
        }
        let reported = findings.scores.reported_sections().count();
        let sections = findings.scores.sections.iter().enumerate();
        sheet.sections = sections
            .take(SECTIONS)
            .map(|(rank, score)| ShownSection {
                section: &scorer.sections()[score.section],
                score,
                account: scorer.section_account(&explanation.document, score),
                reported: rank < reported,
            })
            .collect();
        sheet
    }

    /// What heads it: the article's title, else its id.
    pub fn title(&self) -> &str {
        let record = &self.explanation.record;
        record
            .article
            .title
            .as_deref()
            .unwrap_or(&record.article.id)
    }

    /// Publisher, day, language, length, place.
    pub fn about(&self) -> Vec<String> {
        let article = &self.explanation.record.article;
        let day = article
            .published_at
            .as_ref()
            .map(|at| at.chars().take(10).collect());
        let facts = [
            article.publisher.clone(),
            day,
            article.language.clone(),
            Some(format!("{} words", article.words)),
            Some(self.place.clone()),
        ];
        facts.into_iter().flatten().collect()
    }

    /// Which rule recognised the article, and by what.
    pub fn shape(&self) -> (&'static str, String) {
        let article = &self.explanation.article;
        let shape: Shape = article.shape;
        let envelope = match &article.cloudevent {
            Some(event) => format!(" · in a CloudEvent of type {}", event.kind),
            None => String::new(),
        };
        (shape.as_str(), format!("by {}{envelope}", shape.told_by()))
    }

    /// The codes of the record's warnings.
    pub fn warnings(&self) -> Vec<String> {
        self.explanation
            .record
            .warnings
            .iter()
            .map(wire_name)
            .collect()
    }

    /// What made the record: version, taxonomy, models.
    pub fn pipeline(&self) -> String {
        let info = &self.explanation.record.pipeline;
        let mut parts = vec![format!("newsmill {}", info.version)];
        parts.extend(
            info.taxonomy
                .iter()
                .map(|taxonomy| format!("taxonomy {taxonomy}")),
        );
        parts.extend(
            info.models
                .iter()
                .map(|(stage, model)| format!("{stage} {model}")),
        );
        parts.join(" · ")
    }

    /// Why there is no analysis, where there is none.
    pub fn not_analysed(&self) -> Option<&'static str> {
        self.explanation.findings.is_none().then_some(
            "no analyses: newsmill has no rules for this language, and applies no others",
        )
    }

    /// "title", or the sentence of the text that a share stands in, counted from 1.
    pub fn place_of(&self, share: &Share) -> String {
        let titles = features::titles(&self.explanation.document);
        match share.standing {
            Standing::Title => "title".to_owned(),
            _ => format!("sentence {}", share.contributions[0].sentence - titles + 1),
        }
    }

    /// The words of a contribution, its parts apart.
    pub fn words(&self, contribution: &Contribution) -> String {
        let said: Vec<&str> = contribution
            .spans
            .iter()
            .map(|span: &Span| self.explanation.document.slice(*span))
            .collect();
        said.join(" … ")
    }

    /// The rule's weight and the cues that took from it, where any did: "1.00, negated".
    pub fn cues(&self, contribution: &Contribution) -> Option<String> {
        let (weight, _) = self.scorer.rule_of(contribution);
        let cues = contribution.cues;
        let names: Vec<&str> = [
            (cues.negated, "negated"),
            (cues.historical, "historical"),
            (cues.quoted, "quoted"),
        ]
        .into_iter()
        .filter_map(|(is, name)| is.then_some(name))
        .collect();
        (!names.is_empty()).then(|| format!("{weight:+.2}, {}", names.join(", ")))
    }

    /// The pattern as written, and where.
    pub fn pattern(&self, contribution: &Contribution) -> (&'a str, String) {
        let (_, written) = self.scorer.rule_of(contribution);
        let source = self.scorer.source(contribution.pattern);
        (source, format!("{}:{}", written.file, written.line))
    }
}

impl ShownTopic<'_> {
    /// "reported, from 0.50", or why not.
    pub fn verdict(&self) -> String {
        let threshold = self.score.threshold;
        match (self.score.reported, self.topic.deprecated) {
            (true, _) => format!("reported, from {threshold:.2} on"),
            (false, true) => "not reported: deprecated".to_owned(),
            (false, false) => format!("not reported: below {threshold:.2}"),
        }
    }
}
