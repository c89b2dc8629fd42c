//! Points of each language.

use super::table::Languages;

#[derive(Clone, Copy, Default)]
struct Tally {
    points: f64,
    /// Words that spoke for the language as a whole or by their ending.
    words: u32,
}

/// Points by the language's number.
pub struct Scores([Tally; Languages::BITS as usize]);

/// The language that leads.
pub struct Leader {
    pub language: usize,
    /// Points more than the next language, or than nothing.
    pub margin: f64,
    /// Words that spoke for it.
    pub words: u32,
}

impl Scores {
    pub fn new() -> Scores {
        Scores([Tally::default(); Languages::BITS as usize])
    }

    /// A word that speaks for some languages, in equal shares: one that many share says little.
    pub fn add_word(&mut self, languages: Languages, points: f64) {
        for language in numbers(languages) {
            self.0[language].words += 1;
        }
        self.add(languages, points);
    }

    /// Points for some languages, in equal shares.
    pub fn add(&mut self, languages: Languages, points: f64) {
        let share = points / f64::from(languages.count_ones());
        for language in numbers(languages) {
            self.0[language].points += share;
        }
    }

    /// Points from each of some languages.
    pub fn subtract(&mut self, languages: Languages, points: f64) {
        for language in numbers(languages) {
            self.0[language].points -= points;
        }
    }

    /// The best by points; the first of equals, with a margin of 0. `None` where no language has points.
    pub fn leader(&self) -> Option<Leader> {
        let mut leader: Option<Leader> = None;
        let mut best = 0.0;
        for (language, tally) in self.0.iter().enumerate() {
            if tally.points > best {
                leader = Some(Leader {
                    language,
                    margin: tally.points - best,
                    words: tally.words,
                });
                best = tally.points;
            } else if let Some(leader) = &mut leader {
                leader.margin = leader.margin.min(best - tally.points);
            }
        }
        leader
    }
}

fn numbers(languages: Languages) -> impl Iterator<Item = usize> {
    let mut rest = languages;
    std::iter::from_fn(move || {
        let next = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
        rest &= rest - 1;
        Some(next)
    })
}
