//! What each ingredient of the scores adds, by folds: `newsmill train topics --folds`.
//!
//! Each article is judged by weights that have not seen it. N-grams are here for the comparison alone: the model that
//! ships has none (`models/README.md` has the figures and the reason).

use super::ngrams::NGrams;
use super::score::Scorer;
use super::train::{
    Example, SectionRow, TopicRow, section_parameters, topic_parameters, topic_weights,
};
use super::words::{DIMENSIONS, Vector};

/// An annotated article, or an example of the taxonomy.
pub struct Sample {
    pub example: Example,
    /// Its words and pairs of words, as [`super::ngrams::of`] gives them.
    pub ngrams: Vec<u64>,
    /// Whether it is judged; the taxonomy's examples are only learned from.
    pub is_judged: bool,
}

/// What scores are made of, and how good they are then.
#[derive(Clone, Debug)]
pub struct Row {
    pub ingredients: &'static str,
    /// Micro-averaged F1.
    pub f1: f64,
    /// The same, a minor topic that is reported counted as false.
    pub strict_f1: f64,
}

/// As [`Row`], for sections.
#[derive(Clone, Debug)]
pub struct SectionsRow {
    pub ingredients: &'static str,
    /// How often the first section is one of the annotated ones.
    pub accuracy: f64,
    /// The same for articles of each first section, averaged over the sections.
    pub macro_accuracy: f64,
}

/// A topic is reported from this score on, as by default.
const THRESHOLD: f64 = 0.5;
/// Rules alone: a headline or two whole sentences, as the annotation guide has it.
const ENOUGH: f32 = 2.0;

/// Which of the numbers a topic's score is made of.
const TOPICS: [(&str, &[usize]); 6] = [
    ("rules: evidence", &[0]),
    ("rules: + patterns, fit, rank", &[0, 1, 3, 4]),
    ("rules: + hints (ships)", &[0, 1, 2, 3, 4]),
    ("+ n-grams", &[0, 1, 2, 3, 4, 5]),
    ("+ vectors", &[0, 1, 2, 3, 4, 6]),
    ("+ n-grams + vectors", &[0, 1, 2, 3, 4, 5, 6]),
];

/// Which numbers a section's score is made of, and whether it has a direction.
const SECTIONS: [(&str, &[usize], bool); 5] = [
    ("rules", &[0], false),
    ("rules + topics", &[0, 1], false),
    ("rules + topics + n-grams", &[0, 1, 2], false),
    ("rules + topics + vectors (ships)", &[0, 1], true),
    ("rules + topics + n-grams + vectors", &[0, 1, 2], true),
];

/// Judges every sample by weights learned from the other folds.
pub fn topics(scorer: &Scorer, samples: &[Sample], folds: usize) -> Vec<Row> {
    let count = scorer.topics().len();
    let mut rows = vec![Tally::default().row("rules: no weights, evidence of two sentences")];
    let mut tally = Tally::default();
    for sample in samples.iter().filter(|sample| sample.is_judged) {
        let topics = sample.example.inputs.topics.iter();
        let reported = topics.filter(|(_, features, _)| features.evidence >= ENOUGH);
        tally.add(
            &sample.example,
            &reported.map(|(topic, ..)| *topic).collect::<Vec<_>>(),
        );
    }
    rows[0] = tally.row(rows[0].ingredients);
    let mut tallies = vec![Tally::default(); TOPICS.len()];
    for fold in 0..folds {
        let (judged, learned) = split(samples, folds, fold);
        let labels: Vec<&[usize]> = learned
            .iter()
            .map(|sample| &*sample.example.topics)
            .collect();
        let ngrams = NGrams::learn(learned.iter().map(|sample| &*sample.ngrams), &labels, count);
        let centres = Centres::learn(&learned, count);
        let values = |sample: &Sample, is_learned: bool| -> Vec<(usize, Vec<f64>)> {
            let topics = sample.example.inputs.topics.iter();
            topics
                .map(|(topic, features, _)| {
                    let own = (is_learned).then(|| sample.example.topics.contains(topic));
                    let mut values = features.values().map(f64::from).to_vec();
                    values.push(ngrams.score(*topic, &sample.ngrams, own));
                    values.push(centres.nearness(*topic, &sample.example.inputs.vector, own));
                    (*topic, values)
                })
                .collect()
        };
        let learned_values: Vec<_> = learned.iter().map(|sample| values(sample, true)).collect();
        let judged_values: Vec<_> = judged.iter().map(|sample| values(sample, false)).collect();
        for ((_, chosen), tally) in TOPICS.iter().zip(&mut tallies) {
            let choose = |values: &[f64]| chosen.iter().map(|at| values[*at]).collect::<Vec<_>>();
            let mut rows = Vec::new();
            for (sample, topics) in learned.iter().zip(&learned_values) {
                rows.extend(
                    topics.iter().map(|(topic, values)| {
                        TopicRow::new(&sample.example, *topic, choose(values))
                    }),
                );
            }
            let weights = topic_parameters(&rows);
            for (sample, topics) in judged.iter().zip(&judged_values) {
                let is_reported = |values: &[f64]| {
                    let products = choose(values).into_iter().zip(&weights[1..]);
                    let sum = weights[0] + products.map(|(x, w)| x * w).sum::<f64>();
                    1.0 / (1.0 + (-sum).exp()) >= THRESHOLD
                };
                let reported = topics.iter().filter(|(_, values)| is_reported(values));
                tally.add(
                    &sample.example,
                    &reported.map(|(topic, _)| *topic).collect::<Vec<_>>(),
                );
            }
        }
    }
    rows.extend(
        TOPICS
            .iter()
            .zip(&tallies)
            .map(|((name, _), tally)| tally.row(name)),
    );
    rows
}

/// As [`topics`], for sections.
pub fn sections(scorer: &Scorer, samples: &[Sample], folds: usize) -> Vec<SectionsRow> {
    let count = scorer.sections().len();
    let mut tallies = vec![SectionTally::new(count); SECTIONS.len()];
    for fold in 0..folds {
        let (judged, learned) = split(samples, folds, fold);
        let examples: Vec<&Example> = learned.iter().map(|sample| &sample.example).collect();
        let topics = topic_weights(&examples);
        let has_section = |sample: &&&Sample| !sample.example.sections.is_empty();
        let learned: Vec<&Sample> = learned.iter().filter(has_section).copied().collect();
        let labels: Vec<&[usize]> = learned
            .iter()
            .map(|sample| &sample.example.sections[..1])
            .collect();
        let ngrams = NGrams::learn(learned.iter().map(|sample| &*sample.ngrams), &labels, count);
        let row = |sample: &Sample, is_learned: bool| {
            let mut row = SectionRow::new(scorer, &sample.example, &topics);
            for (section, inputs) in row.inputs.iter_mut().enumerate() {
                let own = is_learned.then(|| sample.example.sections[0] == section);
                inputs.push(ngrams.score(section, &sample.ngrams, own));
            }
            row
        };
        let learned: Vec<SectionRow> = learned.iter().map(|sample| row(sample, true)).collect();
        let judged: Vec<_> = judged
            .iter()
            .map(|sample| (*sample, row(sample, false)))
            .collect();
        for ((_, chosen, has_direction), tally) in SECTIONS.iter().zip(&mut tallies) {
            let rows: Vec<SectionRow> = learned
                .iter()
                .map(|row| row.only(chosen, *has_direction))
                .collect();
            let parameters = section_parameters(&rows, count);
            for (sample, row) in &judged {
                let scores = row.only(chosen, *has_direction).scores(&parameters);
                let best = (0..count).max_by(|a, b| scores[*a].total_cmp(&scores[*b]));
                tally.add(&sample.example.sections, best);
            }
        }
    }
    SECTIONS
        .iter()
        .zip(tallies)
        .map(|((name, ..), tally)| tally.row(name))
        .collect()
}

/// The samples that a fold judges, and those that it learns from.
fn split(samples: &[Sample], folds: usize, fold: usize) -> (Vec<&Sample>, Vec<&Sample>) {
    let is_judged = |(at, sample): &(usize, &Sample)| sample.is_judged && at % folds == fold;
    let (judged, learned): (Vec<_>, Vec<_>) = samples.iter().enumerate().partition(is_judged);
    let alone = |pairs: Vec<(usize, _)>| pairs.into_iter().map(|(_, sample)| sample).collect();
    (alone(judged), alone(learned))
}

/// For each topic the sum of the vectors of its articles.
struct Centres(Vec<Vec<f64>>);

impl Centres {
    fn learn(samples: &[&Sample], topics: usize) -> Centres {
        let mut sums = vec![vec![0.0; DIMENSIONS]; topics];
        for sample in samples {
            for topic in &sample.example.topics {
                let vector = &sample.example.inputs.vector;
                sums[*topic]
                    .iter_mut()
                    .zip(vector)
                    .for_each(|(sum, x)| *sum += f64::from(*x));
            }
        }
        Centres(sums)
    }

    /// The cosine of a vector and the topic's centre; `own` takes the article itself out of it.
    fn nearness(&self, topic: usize, vector: &Vector, own: Option<bool>) -> f64 {
        let vector = vector.map(f64::from);
        let own = if own == Some(true) { 1.0 } else { 0.0 };
        let centre = self.0[topic]
            .iter()
            .zip(vector)
            .map(|(sum, x)| sum - own * x);
        let (mut product, mut length) = (0.0, 0.0);
        for (centre, x) in centre.zip(vector) {
            product += centre * x;
            length += centre * centre;
        }
        if length > 0.0 {
            product / f64::sqrt(length)
        } else {
            0.0
        }
    }
}

#[derive(Clone, Debug, Default)]
struct Tally {
    right: usize,
    reported: usize,
    reported_strictly: usize,
    wanted: usize,
}

impl Tally {
    fn add(&mut self, example: &Example, reported: &[usize]) {
        let right = reported
            .iter()
            .filter(|topic| example.topics.contains(topic))
            .count();
        let minor = reported
            .iter()
            .filter(|topic| example.minor.contains(topic))
            .count();
        self.right += right;
        self.reported += reported.len() - minor;
        self.reported_strictly += reported.len();
        self.wanted += example.topics.len();
    }

    fn row(&self, ingredients: &'static str) -> Row {
        let f1 = |reported: usize| 2.0 * self.right as f64 / (reported + self.wanted).max(1) as f64;
        Row {
            ingredients,
            f1: f1(self.reported),
            strict_f1: f1(self.reported_strictly),
        }
    }
}

/// For each first section, how many articles there are and how many are right.
#[derive(Clone, Debug)]
struct SectionTally(Vec<(usize, usize)>);

impl SectionTally {
    fn new(sections: usize) -> SectionTally {
        SectionTally(vec![(0, 0); sections])
    }

    fn add(&mut self, wanted: &[usize], found: Option<usize>) {
        if let Some(first) = wanted.first() {
            let (articles, right) = &mut self.0[*first];
            *articles += 1;
            *right += usize::from(found.is_some_and(|found| wanted.contains(&found)));
        }
    }

    fn row(&self, ingredients: &'static str) -> SectionsRow {
        let filled = || self.0.iter().filter(|(articles, _)| *articles > 0);
        let (articles, right) = filled().fold((0, 0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
        let shares = filled().map(|(articles, right)| *right as f64 / *articles as f64);
        SectionsRow {
            ingredients,
            accuracy: right as f64 / articles.max(1) as f64,
            macro_accuracy: shares.sum::<f64>() / filled().count().max(1) as f64,
        }
    }
}
