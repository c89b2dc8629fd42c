//! Reliability: of what is scored near 0.8, is 80 % right?

use serde::Serialize;

use super::Case;
use super::tally::rounded;

/// Bins, each as wide as the others.
const BINS: usize = 10;

/// How far scores can be believed.
#[derive(Serialize)]
pub struct Calibration {
    /// Those that hold any score, lowest first.
    pub bins: Vec<Bin>,
    /// The mean distance between a score and the part that is right, weighed by the scores in a bin.
    pub expected_error: Option<f64>,
    /// The same over what was reported alone.
    pub expected_error_reported: Option<f64>,
}

/// Scores from `from` up to `to`.
#[derive(Serialize)]
pub struct Bin {
    pub from: f64,
    pub to: f64,
    pub count: usize,
    /// The mean score.
    pub score: f64,
    /// The part that is right.
    pub right: f64,
}

/// A score, and what became of it.
struct Scored {
    score: f32,
    right: bool,
    reported: bool,
}

impl Calibration {
    /// Of every topic with any evidence, but for those that an article touches only: reporting them is neither right
    /// nor wrong.
    pub fn of_topics(cases: &[Case]) -> Self {
        let mut scored = Vec::new();
        for case in cases {
            for topic in case.scores().iter().flat_map(|scores| &scores.topics) {
                let id = case.topic_id(topic.topic);
                let is_in = |ids: &[String]| ids.iter().any(|other| other == id);
                let right = is_in(&case.gold.topics);
                if right || !is_in(&case.gold.topics_minor) {
                    scored.push(Scored {
                        score: topic.score,
                        right,
                        reported: topic.reported,
                    });
                }
            }
        }
        Calibration::of(&scored)
    }

    /// Of the first section.
    pub fn of_sections(cases: &[Case]) -> Self {
        let scored = cases.iter().filter_map(|case| {
            let (_, score) = case.section()?;
            Some(Scored {
                score,
                right: case.is_section_right(),
                reported: true,
            })
        });
        Calibration::of(&scored.collect::<Vec<_>>())
    }

    fn of(scored: &[Scored]) -> Self {
        let bins = bins(scored.iter());
        let reported = self::bins(scored.iter().filter(|one| one.reported));
        Calibration {
            expected_error: expected_error(&bins),
            expected_error_reported: expected_error(&reported),
            bins,
        }
    }
}

fn bins<'a>(scored: impl Iterator<Item = &'a Scored> + Clone) -> Vec<Bin> {
    let bins = (0..BINS).filter_map(|index| {
        let (from, to) = (index as f64 / BINS as f64, (index + 1) as f64 / BINS as f64);
        let inside = scored.clone().filter(|one| {
            let bin = (f64::from(one.score) * BINS as f64) as usize;
            bin.min(BINS - 1) == index
        });
        let (mut count, mut sum, mut right) = (0, 0.0, 0);
        for one in inside {
            count += 1;
            sum += f64::from(one.score);
            right += usize::from(one.right);
        }
        (count > 0).then(|| Bin {
            from,
            to,
            count,
            score: rounded(sum / count as f64),
            right: rounded(right as f64 / count as f64),
        })
    });
    bins.collect()
}

fn expected_error(bins: &[Bin]) -> Option<f64> {
    let all: usize = bins.iter().map(|bin| bin.count).sum();
    let errors = bins
        .iter()
        .map(|bin| bin.count as f64 * (bin.score - bin.right).abs());
    (all > 0).then(|| rounded(errors.sum::<f64>() / all as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_the_mean_distance_of_the_bins() {
        let scored = |score, right, reported| Scored {
            score,
            right,
            reported,
        };
        let calibration = Calibration::of(&[
            scored(0.82, true, true),
            scored(0.88, false, true),
            scored(0.05, false, false),
            scored(1.0, true, true),
        ]);
        let counts: Vec<(f64, usize)> = calibration
            .bins
            .iter()
            .map(|bin| (bin.from, bin.count))
            .collect();
        assert_eq!(counts, [(0.0, 1), (0.8, 2), (0.9, 1)]);
        // (0.05 + 2 * 0.35 + 0) / 4, and without the one that is not reported.
        assert_eq!(calibration.expected_error, Some(0.188));
        assert_eq!(calibration.expected_error_reported, Some(0.233));
    }
}
