//! Inflected forms and spellings of English words, for `~` and for British and American readers alike.
//!
//! Written from general knowledge of English. A form that does not exist ("striked") does no harm: it matches nothing.

/// Every form of a noun or verb in its base form: plural, third person, past, participles.
pub fn forms(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    if let Some((_, irregular)) = IRREGULAR.iter().find(|(base, _)| *base == word) {
        forms.extend(irregular.split(' ').map(str::to_owned));
        // The third person of an irregular verb is regular; so is its -ing.
        forms.push(plural(word));
        forms.push(with_suffix(word, "ing"));
    } else if let Some(stem) = word.strip_suffix("man") {
        forms.push(format!("{stem}men"));
    } else {
        forms.push(plural(word));
        forms.push(with_suffix(word, "ed"));
        forms.push(with_suffix(word, "ing"));
        if word.len() > 5 && doubles(word) {
            // Stress decides ("transferred", "targeted"), and spelling does not show it.
            forms.push(format!("{word}ed"));
            forms.push(format!("{word}ing"));
        }
    }
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// The word in British and American spelling; itself first.
pub fn spellings(word: &str) -> Vec<String> {
    let mut all = vec![word.to_owned()];
    for (british, american) in SPELLINGS {
        if word.contains(british) {
            all.push(word.replace(british, american));
        } else if word.contains(american) {
            all.push(word.replace(american, british));
        }
    }
    for ending in ["e", "ed", "es", "ing"] {
        for (from, to) in [("is", "iz"), ("iz", "is")] {
            if let Some(stem) = word.strip_suffix(ending).and_then(|w| w.strip_suffix(from)) {
                all.push(format!("{stem}{to}{ending}"));
            }
        }
    }
    all
}

fn plural(word: &str) -> String {
    match word.as_bytes() {
        [.., b, b'y'] if !is_vowel(*b) => format!("{}ies", &word[..word.len() - 1]),
        [.., b's' | b'x' | b'z'] | [.., b'c' | b's', b'h'] => format!("{word}es"),
        [.., b, b'o'] if !is_vowel(*b) => format!("{word}es"),
        _ => format!("{word}s"),
    }
}

fn with_suffix(word: &str, suffix: &str) -> String {
    match word.as_bytes() {
        [.., b'i', b'e'] if suffix == "ing" => format!("{}ying", &word[..word.len() - 2]),
        [.., b'e', b'e'] if suffix == "ing" => format!("{word}ing"),
        [.., b'e'] => format!("{}{suffix}", &word[..word.len() - 1]),
        [.., b, b'y'] if suffix == "ed" && !is_vowel(*b) => {
            format!("{}ied", &word[..word.len() - 1])
        }
        [.., last] if doubles(word) => format!("{word}{}{suffix}", *last as char),
        _ => format!("{word}{suffix}"),
    }
}

/// Consonant, vowel, consonant at the end: "ban", "ship", "transfer".
fn doubles(word: &str) -> bool {
    match word.as_bytes() {
        [.., a, b, c] => {
            (!is_vowel(*a) || word.ends_with("quip") || word.ends_with("quit"))
                && is_vowel(*b)
                && !is_vowel(*c)
                && !matches!(c, b'w' | b'x' | b'y')
                && word.is_ascii()
        }
        _ => false,
    }
}

fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u')
}

/// Parts of words that differ: British first.
const SPELLINGS: [(&str, &str); 13] = [
    ("defence", "defense"),
    ("offence", "offense"),
    ("licence", "license"),
    ("programme", "program"),
    ("centre", "center"),
    ("labour", "labor"),
    ("neighbour", "neighbor"),
    ("armour", "armor"),
    ("harbour", "harbor"),
    ("isation", "ization"),
    ("colour", "color"),
    ("behaviour", "behavior"),
    ("theatre", "theater"),
];

/// Irregular nouns and verbs that news uses.
const IRREGULAR: [(&str, &str); 95] = [
    ("arise", "arose arisen"),
    ("be", "is are was were been being"),
    ("bear", "bore borne"),
    ("beat", "beat beaten"),
    ("become", "became"),
    ("begin", "began begun"),
    ("blow", "blew blown"),
    ("break", "broke broken"),
    ("bring", "brought"),
    ("build", "built"),
    ("burn", "burned burnt"),
    ("buy", "bought"),
    ("catch", "caught"),
    ("child", "children"),
    ("choose", "chose chosen"),
    ("come", "came"),
    ("crisis", "crises"),
    ("cut", "cut"),
    ("deal", "dealt"),
    ("die", "died dying dead"),
    ("draw", "drew drawn"),
    ("drive", "drove driven"),
    ("eat", "ate eaten"),
    ("fall", "fell fallen"),
    ("feed", "fed"),
    ("fight", "fought"),
    ("find", "found"),
    ("flee", "fled"),
    ("fly", "flew flown"),
    ("forbid", "forbade forbidden"),
    ("freeze", "froze frozen"),
    ("get", "got gotten"),
    ("give", "gave given"),
    ("go", "went gone"),
    ("grow", "grew grown"),
    ("hang", "hung hanged"),
    ("have", "has had"),
    ("hide", "hid hidden"),
    ("hit", "hit"),
    ("hold", "held"),
    ("keep", "kept"),
    ("knife", "knives"),
    ("know", "knew known"),
    ("lay", "laid"),
    ("lead", "led"),
    ("leaf", "leaves"),
    ("leave", "left"),
    ("lend", "lent"),
    ("let", "let"),
    ("lie", "lied lying lay"),
    ("life", "lives"),
    ("lose", "lost"),
    ("make", "made"),
    ("meet", "met"),
    ("mouse", "mice"),
    ("overthrow", "overthrew overthrown"),
    ("overrun", "overran"),
    ("pay", "paid"),
    ("put", "put"),
    ("quit", "quit"),
    ("read", "read"),
    ("rebuild", "rebuilt"),
    ("retake", "retook retaken"),
    ("ride", "rode ridden"),
    ("ring", "rang rung"),
    ("rise", "rose risen"),
    ("run", "ran"),
    ("say", "said"),
    ("see", "saw seen"),
    ("seek", "sought"),
    ("sell", "sold"),
    ("send", "sent"),
    ("set", "set"),
    ("shoot", "shot"),
    ("sing", "sang sung"),
    ("sink", "sank sunk"),
    ("sit", "sat"),
    ("speak", "spoke spoken"),
    ("spend", "spent"),
    ("spread", "spread"),
    ("steal", "stole stolen"),
    ("strike", "struck stricken"),
    ("swear", "swore sworn"),
    ("sweep", "swept"),
    ("take", "took taken"),
    ("teach", "taught"),
    ("tell", "told"),
    ("thief", "thieves"),
    ("throw", "threw thrown"),
    ("understand", "understood"),
    ("wear", "wore worn"),
    ("win", "won"),
    ("withdraw", "withdrew withdrawn"),
    ("withhold", "withheld"),
    ("write", "wrote written"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_follow_english() {
        for (word, expected) in [
            ("weapon", "weapons"),
            ("supply", "supplies supplied supplying"),
            ("ban", "banned banning bans"),
            ("ship", "shipped shipping"),
            ("transfer", "transferred transferring"),
            ("target", "targeted targeting"),
            ("strike", "struck strikes striking"),
            ("serviceman", "servicemen"),
            ("embargo", "embargoes"),
            ("flee", "fled fleeing"),
            ("deploy", "deployed deploys deploying"),
            ("impose", "imposed imposing imposes"),
            ("clash", "clashes clashed"),
        ] {
            let forms = forms(word);
            for form in expected.split(' ') {
                assert!(
                    forms.iter().any(|f| f == form),
                    "{word}: {form} not in {forms:?}"
                );
            }
        }
    }

    #[test]
    fn spellings_go_both_ways() {
        assert_eq!(spellings("defence"), ["defence", "defense"]);
        assert_eq!(spellings("program"), ["program", "programme"]);
        assert_eq!(spellings("mobilization"), ["mobilization", "mobilisation"]);
        assert_eq!(spellings("recognised"), ["recognised", "recognized"]);
        assert_eq!(spellings("tank"), ["tank"]);
    }
}
