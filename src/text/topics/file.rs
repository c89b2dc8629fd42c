//! The taxonomy's files as they are written. [`super::taxonomy`] turns them into what is checked and used.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// One file of a taxonomy folder: a theme's topics, and classes that every file may use. The file
/// `taxonomy.toml` also names the taxonomy and holds its cues.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxonomyFile {
    /// The taxonomy's name, as records carry it. In exactly one file of the folder.
    #[schemars(with = "Option<String>")]
    pub name: Option<Spanned<String>>,
    /// Words and phrases under a name, for `{name}` in any pattern of any file.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Vec<String>>")]
    pub classes: BTreeMap<String, Vec<Spanned<String>>>,
    /// What makes the evidence around it count less.
    #[serde(default)]
    pub cues: Vec<CueFile>,
    /// Rules below zero that every topic of the taxonomy has: the words of other worlds.
    #[serde(default)]
    pub counter_evidence: Vec<RuleFile>,
    #[serde(default, rename = "topic")]
    pub topics: Vec<TopicFile>,
}

/// The JSON Schema (2020-12) of one file of a taxonomy folder.
pub fn schema() -> serde_json::Value {
    SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<TaxonomyFile>()
        .to_value()
}

/// Words that make the evidence near them count less.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CueFile {
    pub kind: CueKind,
    /// 0 to 1: what is left of a weight.
    #[schemars(with = "f32")]
    pub factor: Spanned<f32>,
    /// Phrases without gaps and slots. None for `quoted`: quotation marks are its cue.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub any: Vec<Spanned<String>>,
}

/// How far a cue reaches.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum CueKind {
    /// Evidence that follows within four tokens in the same sentence.
    Negated,
    /// All evidence of the sentence.
    Historical,
    /// Evidence between quotation marks.
    Quoted,
}

/// A topic: what it means, its codes, and the evidence for it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TopicFile {
    /// Stable: lower-case words joined by hyphens. An id is never reused; a topic that goes is `deprecated`.
    #[schemars(with = "String")]
    pub id: Spanned<String>,
    pub name: String,
    pub definition: String,
    /// No longer reported: its rules are not run, and its examples neither.
    #[serde(default)]
    pub deprecated: bool,
    /// The id of the topic that took its place.
    #[schemars(with = "Option<String>")]
    pub replaced_by: Option<Spanned<String>>,
    /// The id of a wider topic.
    #[schemars(with = "Option<String>")]
    pub parent: Option<Spanned<String>>,
    /// Whether this topic's evidence counts for its parent too.
    #[serde(default)]
    pub implies_parent: bool,
    /// Reported at or above this score, 0 to 1; the configuration's `topics.min_score` where left out.
    #[schemars(with = "Option<f32>")]
    pub threshold: Option<Spanned<f32>>,
    /// The sections that an article about it belongs to, the likeliest first.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub sections: Vec<Spanned<String>>,
    #[serde(default)]
    pub codes: CodesFile,
    pub rules: Vec<RuleFile>,
    #[serde(default)]
    pub examples: ExamplesFile,
}

/// The same notion in other vocabularies.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CodesFile {
    /// IPTC Media Topics, as "medtop:20000643".
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub iptc: Vec<Spanned<String>>,
    /// CAMEO event codes, as "072".
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub cameo: Vec<Spanned<String>>,
    /// PLOVER events, as `AID`, `AGREE/assist` or `AID[military]`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub plover: Vec<Spanned<String>>,
    /// GDELT themes, as "ARMEDCONFLICT".
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub gdelt: Vec<Spanned<String>>,
}

/// Evidence: patterns of one weight under the same conditions.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    /// What one occurrence adds to its sentence: 1 makes the sentence one about the topic, 0.5 half so. Below zero:
    /// counter-evidence.
    #[schemars(with = "f32")]
    pub weight: Spanned<f32>,
    #[schemars(with = "Vec<String>")]
    pub any: Vec<Spanned<String>>,
    /// Counts only in an article that holds one of these too.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub with: Vec<Spanned<String>>,
    /// Does not count in a sentence that holds one of these too.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub unless: Vec<Spanned<String>>,
    /// Where it counts; everywhere when left out.
    #[serde(rename = "in")]
    pub place: Option<Place>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    Title,
    /// The first paragraph of the text.
    Lead,
    /// The text after its first paragraph.
    Body,
}

/// Short texts that hold the rules to their meaning: the first line is the headline, the rest the text.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExamplesFile {
    /// Must be reported.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub about: Vec<Spanned<String>>,
    /// Must not be reported. At least half should be near misses that use the topic's own words.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub not_about: Vec<Spanned<String>>,
}
