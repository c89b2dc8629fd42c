//! Minimising a smooth function by its gradient.

/// Gradient descent with a step for each parameter (Kingma and Ba 2015, its usual constants).
pub struct Adam {
    first: Vec<f64>,
    second: Vec<f64>,
}

/// Enough for both problems to stand still to the fourth decimal.
const STEPS: i32 = 1500;
const STEP: f64 = 0.05;
const FIRST: f64 = 0.9;
const SECOND_MOMENT: f64 = 0.999;

impl Adam {
    pub fn new(parameters: usize) -> Adam {
        Adam {
            first: vec![0.0; parameters],
            second: vec![0.0; parameters],
        }
    }

    /// Moves `parameters` to where the function is least. `gradient_at` adds the gradient at a point to zeros.
    pub fn minimise(mut self, parameters: &mut [f64], gradient_at: impl Fn(&[f64], &mut [f64])) {
        let mut gradient = vec![0.0; parameters.len()];
        for step in 1..=STEPS {
            gradient.fill(0.0);
            gradient_at(parameters, &mut gradient);
            // Smaller steps towards the end, so that it comes to rest.
            let size = STEP * f64::from(STEPS - step) / f64::from(STEPS);
            for (index, gradient) in gradient.iter().enumerate() {
                self.first[index] = FIRST * self.first[index] + (1.0 - FIRST) * gradient;
                self.second[index] = SECOND_MOMENT * self.second[index]
                    + (1.0 - SECOND_MOMENT) * gradient * gradient;
                let first = self.first[index] / (1.0 - FIRST.powi(step));
                let second = self.second[index] / (1.0 - SECOND_MOMENT.powi(step));
                parameters[index] -= size * first / (second.sqrt() + 1e-8);
            }
        }
    }
}
