//! Sums in words, as both drawings show them.

use super::sheet::{ShownSection, ShownTopic};
use crate::text::topics::account::{Share, Term};
use crate::text::topics::features::Standing;

/// What the number is that no evidence changes.
pub const BIAS: &str = "the same for every topic and article";
pub const SECTION_BIAS: &str = "the section's own";
pub const WORDS: &str = "the text's words at large";

/// "= +1.000 × 2, as the title".
pub fn share_sum(share: &Share) -> String {
    let factor = share.standing.factor();
    let place = match share.standing {
        Standing::Title => ", as the title",
        Standing::Lead => ", in the lead",
        Standing::Rest => "",
    };
    let kept = share.capped().map_or(String::new(), |raw| {
        format!(" ({raw:+.3} is kept to {:+.0})", share.kept)
    });
    format!("= {:+.3} × {factor}{place}{kept}", share.kept)
}

/// "= ln(1 + 3.500) × 3.454".
pub fn product(term: &Term) -> String {
    let value = if term.is_logarithmic() {
        format!("ln(1 + {:.3})", term.amount)
    } else {
        format!("{:.3}", term.value)
    };
    format!("= {value} × {:.3}", term.weight)
}

/// How a topic's sum becomes its score.
pub fn topic_score(topic: &ShownTopic) -> String {
    let exponent = -topic.account.sum;
    format!(
        "score = 1 / (1 + e^{exponent:.3}) = {:.3}",
        topic.score.score
    )
}

/// How a section's sum becomes its score.
pub fn section_score(section: &ShownSection) -> String {
    let sum = section.account.sum;
    let all = sum.exp() / section.score.score;
    format!("score = e^{sum:.3} / {all:.3}, the sum over all sections")
}
