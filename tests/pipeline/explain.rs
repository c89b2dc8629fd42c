//! A score's arithmetic, laid out: it must be the arithmetic that made the score.

use newsmill::text::Settings;
use newsmill::text::article::Input;
use newsmill::text::pipeline::{Explanation, Pipeline};
use newsmill::text::topics::Taxonomy;
use newsmill::text::topics::account::{Share, Term};

/// Every article of the project's own that may be read while tuning.
fn each_article(mut check: impl FnMut(&Pipeline, &str, Explanation)) {
    let pipeline = Pipeline::new(&Settings::default(), Taxonomy::built_in());
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/tune.jsonl");
    for (line, value) in (1..).zip(std::fs::read_to_string(file).unwrap().lines()) {
        let input = Input {
            value: value.as_bytes(),
            headers: &[],
            source: None,
        };
        let article = pipeline.decode(&input).unwrap();
        check(
            &pipeline,
            &format!("tune.jsonl:{line}"),
            pipeline.explain(article, None),
        );
    }
}

fn near(a: f32, b: f32) -> bool {
    (a - b).abs() <= 1e-4 * a.abs().max(b.abs()).max(1.0)
}

#[test]
fn a_topics_account_sums_to_its_score() {
    let (mut topics, mut capped) = (0, 0);
    each_article(|pipeline, place, explanation| {
        let findings = explanation.findings.as_ref().unwrap();
        for score in &findings.scores.topics {
            let account = pipeline
                .scorer()
                .topic_account(&explanation.document, score);
            let id = &pipeline.scorer().topics()[score.topic].id;
            let evidence: f32 = account.shares.iter().map(Share::worth).sum();
            assert!(
                near(evidence, score.features.evidence),
                "{place} {id}: the shares sum to {evidence}, the evidence is {}",
                score.features.evidence
            );
            let sum = account.bias + account.terms.iter().map(Term::product).sum::<f32>();
            assert!(near(sum, account.sum), "{place} {id}");
            let logistic = 1.0 / (1.0 + (-account.sum).exp());
            assert!(
                near(logistic, score.score),
                "{place} {id}: the account gives {logistic}, the score is {}",
                score.score
            );
            let shown: usize = account
                .shares
                .iter()
                .map(|share| share.contributions.len())
                .sum();
            assert_eq!(shown, score.contributions.len(), "{place} {id}");
            for share in &account.shares {
                let sum: f32 = share.contributions.iter().map(|found| found.weight).sum();
                capped += usize::from(!near(sum, share.kept));
            }
            topics += 1;
        }
    });
    assert!(
        topics > 300 && capped > 20,
        "{topics} topics, {capped} shares that were kept within 1: too few to tell"
    );
}

#[test]
fn a_sections_account_gives_its_part_of_all() {
    each_article(|pipeline, place, explanation| {
        let scores = &explanation.findings.as_ref().unwrap().scores;
        let accounts: Vec<_> = scores
            .sections
            .iter()
            .map(|score| {
                pipeline
                    .scorer()
                    .section_account(&explanation.document, score)
            })
            .collect();
        let all: f32 = accounts.iter().map(|account| account.sum.exp()).sum();
        for (score, account) in scores.sections.iter().zip(&accounts) {
            let terms = account.terms.iter().map(Term::product).sum::<f32>();
            let sum = account.bias + account.words + terms;
            assert!(near(sum, account.sum), "{place}: {sum}, {}", account.sum);
            let part = account.sum.exp() / all;
            assert!(near(part, score.score), "{place}: {part}, {}", score.score);
        }
    });
}

#[test]
fn cues_account_for_what_a_contribution_lost() {
    let (mut whole, mut less) = (0, 0);
    each_article(|pipeline, place, explanation| {
        let findings = explanation.findings.as_ref().unwrap();
        let scores = findings.scores.topics.iter();
        for found in scores.flat_map(|score| &score.contributions) {
            let (weight, written) = pipeline.scorer().rule_of(found);
            assert!(written.file.ends_with(".toml") && written.line > 0);
            let is_cued = found.cues != Default::default();
            assert_eq!(
                found.weight == weight,
                !is_cued,
                "{place}: {written:?} weighs {weight}, counted {} with {:?}",
                found.weight,
                found.cues
            );
            *(if is_cued { &mut less } else { &mut whole }) += 1;
        }
    });
    assert!(
        whole > 300 && less > 20,
        "{whole} whole, {less} cued: too few to tell"
    );
}
