//! Which codes of other vocabularies there are, as far as that can be known here.

/// Every IPTC Media Topic.
const MEDTOP: &str = include_str!("../../../data/codes/medtop.txt");

/// PLOVER's events (Open Event Data Alliance, version of 2023), and `-` for a topic that only has a context.
const PLOVER: [&str; 17] = [
    "-",
    "ACCUSE",
    "AGREE",
    "AID",
    "ASSAULT",
    "COERCE",
    "CONCEDE",
    "CONSULT",
    "COOPERATE",
    "MOBILIZE",
    "PROTEST",
    "REJECT",
    "REQUEST",
    "RETREAT",
    "SANCTION",
    "SUPPORT",
    "THREATEN",
];

/// CAMEO's root codes run from 01 to 20; its deepest codes have four digits.
const CAMEO_ROOTS: std::ops::RangeInclusive<u32> = 1..=20;

/// Why an IPTC code is wrong, if it is.
pub fn iptc(code: &str) -> Option<String> {
    let Some(digits) = code.strip_prefix("medtop:") else {
        return Some("write it as medtop: and eight digits".to_owned());
    };
    let mut known = MEDTOP.lines().filter(|line| !line.starts_with('#'));
    let found = known.find(|line| line.trim_matches(['(', ')']) == digits);
    match found {
        None => Some("no Media Topic has this code".to_owned()),
        Some(line) if line.starts_with('(') => Some("this Media Topic is retired".to_owned()),
        Some(_) => None,
    }
}

/// Why a CAMEO code is wrong, if it is.
pub fn cameo(code: &str) -> Option<String> {
    let shaped = (2..=4).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit());
    let root = code.get(..2).and_then(|root| root.parse().ok());
    (!shaped || !root.is_some_and(|root| CAMEO_ROOTS.contains(&root)))
        .then(|| "a CAMEO code has two to four digits and begins with 01 to 20".to_owned())
}

/// Why a PLOVER code is wrong, if it is: an event, perhaps with a mode after a slash and a context in brackets.
pub fn plover(code: &str) -> Option<String> {
    let event = code.split(['/', '[']).next().unwrap_or_default();
    (!PLOVER.contains(&event)).then(|| format!("{event:?} is no event of PLOVER"))
}

/// Why a GDELT theme is wrong, if it is. GDELT has thousands, and publishes no closed list: only the shape is known.
pub fn gdelt(code: &str) -> Option<String> {
    let shaped =
        |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"_()".contains(&byte);
    (code.is_empty() || !code.bytes().all(shaped))
        .then(|| "a GDELT theme is upper case and underscores".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_known_or_not() {
        for (problem, wanted) in [
            (iptc("medtop:20000643"), None),
            (iptc("medtop:99999999"), Some("no Media Topic")),
            (iptc("20000643"), Some("write it as")),
            (cameo("072"), None),
            (cameo("213"), Some("begins with")),
            (plover("AID[military]"), None),
            (plover("AGREE/assist"), None),
            (plover("HELP"), Some("no event")),
            (gdelt("ARMEDCONFLICT"), None),
            (gdelt("armed conflict"), Some("upper case")),
        ] {
            match wanted {
                None => assert_eq!(problem, None),
                Some(text) => assert!(
                    problem.clone().is_some_and(|p| p.contains(text)),
                    "{problem:?}"
                ),
            }
        }
    }
}
