//! Surface forms: what is compared of a name.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;

/// The forms of one thing.
pub type Forms = BTreeSet<String>;

/// Adjectives of regions, which are passed over where they stand alone: annotators disagree on them.
const REGIONS: [&str; 7] = [
    "western",
    "european",
    "african",
    "asian",
    "arab",
    "latin american",
    "eastern european",
];

/// The name without what does not tell things apart: case, outer punctuation, a possessive, an article.
pub fn normal(text: &str) -> String {
    let text = text
        .nfkc()
        .collect::<String>()
        .to_lowercase()
        .replace('’', "'");
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    let text = text.trim_matches(|letter| " .,;:\"'“”()".contains(letter));
    let text = text.strip_suffix("'s").unwrap_or(text);
    text.strip_prefix("the ").unwrap_or(text).to_owned()
}

/// The forms of these names; an empty one says nothing.
pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Forms {
    let forms = names.into_iter().map(normal);
    forms.filter(|form| !form.is_empty()).collect()
}

/// Whether they mean one thing: a form is the same.
pub fn share(a: &Forms, b: &Forms) -> bool {
    !a.is_disjoint(b)
}

/// Whether a form of one stands within a form of the other, at word borders.
pub fn overlap(a: &Forms, b: &Forms) -> bool {
    let within = |x: &str, y: &str| format!(" {y} ").contains(&format!(" {x} "));
    a.iter()
        .any(|x| b.iter().any(|y| within(x, y) || within(y, x)))
}

/// Whether they are nothing but adjectives of regions.
pub fn are_regions(forms: &Forms) -> bool {
    forms.iter().all(|form| REGIONS.contains(&form.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_tell_things_apart_is_left_out() {
        for (name, form) in [
            ("The Kremlin", "kremlin"),
            ("“Ukraine’s”", "ukraine"),
            ("U.S.", "u.s"),
            ("  Joe\u{a0}\n Biden,", "joe biden"),
            ("ＮＡＴＯ", "nato"),
            (" . ", ""),
        ] {
            assert_eq!(normal(name), form, "{name:?}");
        }
    }

    #[test]
    fn forms_overlap_at_word_borders_only() {
        let one = |name| of([name]);
        assert!(overlap(&one("Donbas"), &one("the Donbas region")));
        assert!(!overlap(&one("Mali"), &one("Somalia")));
        assert!(are_regions(&of(["Western", "European"])));
        assert!(!are_regions(&of(["Western", "Kyiv"])));
    }
}
