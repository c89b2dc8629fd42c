//! One stretch as the learner sees it, and the learner: stochastic gradient ascent on the likelihood of a linear chain,
//! with AdaGrad's step sizes.

use super::zeros;
use crate::text::entities::tagger::exp::exp;
use crate::text::entities::tagger::label::{LABELS, Label, OUTSIDE, may_follow};

/// A token: the rows of its features, and its label where that is known.
pub struct Step {
    pub rows: Vec<u32>,
    pub label: Option<Label>,
}

/// A stretch.
pub struct Chain {
    pub steps: Vec<Step>,
    pub weight: f32,
}

type Scores = [f32; LABELS];

/// Weights, and the squared gradients that they have seen.
pub struct Learner {
    weights: Vec<Scores>,
    squares: Vec<Scores>,
    transitions: [Scores; LABELS],
    transition_squares: [Scores; LABELS],
    rate: f32,
    decay: f32,
}

/// What one chain's labels are expected to be.
struct Expected {
    labels: Vec<Scores>,
    transitions: [Scores; LABELS],
    /// Logarithm of the sum over all sequences, less the emissions' maxima.
    log_sum: f32,
}

impl Learner {
    pub fn new(rows: usize, rate: f32, decay: f32) -> Self {
        Learner {
            weights: zeros(rows),
            squares: zeros(rows),
            transitions: [[0.0; LABELS]; LABELS],
            transition_squares: [[0.0; LABELS]; LABELS],
            rate,
            decay,
        }
    }

    pub fn weights(&self) -> &[Scores] {
        &self.weights
    }

    pub fn transitions(&self) -> &[Scores; LABELS] {
        &self.transitions
    }

    /// Moves the weights towards the chain's labels; returns the loss before that.
    pub fn learn(&mut self, chain: &Chain) -> f32 {
        let emissions: Vec<Scores> = chain
            .steps
            .iter()
            .map(|step| self.emissions(step))
            .collect();
        let mut moves = [[0.0; LABELS]; LABELS];
        for (row, weights) in moves.iter_mut().zip(&self.transitions) {
            for (cell, weight) in row.iter_mut().zip(weights) {
                *cell = exp(*weight);
            }
        }
        let free = expect(&emissions, &moves, |_, _| true);
        let held = expect(&emissions, &moves, |at, label| {
            chain.steps[at].label.is_none_or(|known| known == label)
        });
        for (at, step) in chain.steps.iter().enumerate() {
            let gradient = pull(&held.labels[at], &free.labels[at], chain.weight);
            if gradient.iter().all(|part| part.abs() < NEGLIGIBLE) {
                continue;
            }
            for &row in &step.rows {
                let row = row as usize;
                update(
                    &mut self.weights[row],
                    &mut self.squares[row],
                    &gradient,
                    self.rate,
                    self.decay,
                );
            }
        }
        for previous in 0..LABELS {
            let gradient = pull(
                &held.transitions[previous],
                &free.transitions[previous],
                chain.weight,
            );
            update(
                &mut self.transitions[previous],
                &mut self.transition_squares[previous],
                &gradient,
                self.rate,
                0.0,
            );
        }
        (free.log_sum - held.log_sum) * chain.weight
    }

    fn emissions(&self, step: &Step) -> Scores {
        let mut sums = [0.0; LABELS];
        for &row in &step.rows {
            for (sum, weight) in sums.iter_mut().zip(&self.weights[row as usize]) {
                *sum += weight;
            }
        }
        sums
    }
}

/// What the labels want, less what the weights expect.
fn pull(held: &Scores, free: &Scores, weight: f32) -> Scores {
    let mut gradient = [0.0; LABELS];
    for (part, (held, free)) in gradient.iter_mut().zip(held.iter().zip(free)) {
        *part = (held - free) * weight;
    }
    gradient
}

/// Gradients below this move no weight by a step of the finished model.
const NEGLIGIBLE: f32 = 1e-4;

fn update(weights: &mut Scores, squares: &mut Scores, gradient: &Scores, rate: f32, decay: f32) {
    for label in 0..LABELS {
        squares[label] += gradient[label] * gradient[label];
        let step = rate / (squares[label] + 1e-6).sqrt();
        weights[label] += step * (gradient[label] - decay * weights[label]);
    }
}

/// Forward and backward over the sequences that `allowed` lets through, scaled at each token.
fn expect(
    emissions: &[Scores],
    moves: &[Scores; LABELS],
    allowed: impl Fn(usize, Label) -> bool,
) -> Expected {
    let length = emissions.len();
    let mut potentials = vec![[0.0_f32; LABELS]; length];
    for at in 0..length {
        let largest = emissions[at].iter().copied().fold(f32::MIN, f32::max);
        for label in 0..LABELS {
            if allowed(at, label) {
                potentials[at][label] = exp(emissions[at][label] - largest);
            }
        }
    }
    let mut forward = vec![[0.0_f32; LABELS]; length];
    let mut scales = vec![0.0_f32; length];
    let mut log_sum = 0.0;
    for at in 0..length {
        for next in 0..LABELS {
            let sum = if at == 0 {
                f32::from(u8::from(may_follow(OUTSIDE, next))) * moves[OUTSIDE][next]
            } else {
                (0..LABELS)
                    .filter(|&previous| may_follow(previous, next))
                    .map(|previous| forward[at - 1][previous] * moves[previous][next])
                    .sum()
            };
            forward[at][next] = sum * potentials[at][next];
        }
        let scale = forward[at].iter().sum::<f32>().max(f32::MIN_POSITIVE);
        forward[at].iter_mut().for_each(|value| *value /= scale);
        scales[at] = scale;
        log_sum += scale.ln();
    }
    let mut backward = vec![[1.0_f32; LABELS]; length];
    let mut expected = Expected {
        labels: vec![[0.0; LABELS]; length],
        transitions: [[0.0; LABELS]; LABELS],
        log_sum,
    };
    for at in (0..length).rev() {
        if at + 1 < length {
            for previous in 0..LABELS {
                let mut sum = 0.0;
                for next in (0..LABELS).filter(|&next| may_follow(previous, next)) {
                    let part =
                        moves[previous][next] * potentials[at + 1][next] * backward[at + 1][next]
                            / scales[at + 1];
                    expected.transitions[previous][next] += forward[at][previous] * part;
                    sum += part;
                }
                backward[at][previous] = sum;
            }
        }
        for label in 0..LABELS {
            expected.labels[at][label] = forward[at][label] * backward[at][label];
        }
    }
    for next in 0..LABELS {
        expected.transitions[OUTSIDE][next] += expected.labels[0][next];
    }
    expected
}
