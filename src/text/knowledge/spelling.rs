//! Spellings: the ways in which news writes one name of the Cyrillic alphabet, or an Arabic one.
//!
//! Written from general knowledge. The tables hold one spelling or a few; the others of a given name, and of a surname's
//! ending, are made from them.

/// States whose persons' names are put into Latin letters in many ways.
const CYRILLIC: [&str; 3] = ["UA", "RU", "BY"];

/// Given names that are spelt in many ways, each line one name.
#[rustfmt::skip]
const GIVEN: [&[&str]; 26] = [
    &["Alexander", "Aleksandr", "Alexandr"],
    &["Alexei", "Alexey", "Aleksei", "Aleksey"],
    &["Anatoly", "Anatoliy", "Anatolii"],
    &["Andrei", "Andrey"],
    &["Andriy", "Andrii"],
    &["Dmitry", "Dmitri", "Dmitriy"],
    &["Gennady", "Gennadiy", "Gennadii"],
    &["Georgy", "Georgiy", "Georgii"],
    &["Maxim", "Maksim"],
    &["Mykhailo", "Mykhaylo"],
    &["Natalia", "Nataliia", "Nataliya"],
    &["Nikolai", "Nikolay"],
    &["Oleksandr", "Olexandr"],
    &["Oleksii", "Oleksiy", "Olexiy"],
    &["Serhii", "Serhiy", "Sergiy", "Sergii"],
    &["Sergei", "Sergey"],
    &["Tetiana", "Tetyana"],
    &["Valerii", "Valeriy", "Valery"],
    &["Vasily", "Vasiliy", "Vasilii"],
    &["Viacheslav", "Vyacheslav"],
    &["Vitalii", "Vitaliy", "Vitali", "Vitaly"],
    &["Yevgeny", "Evgeny", "Yevgeniy", "Evgeniy"],
    &["Yulia", "Yuliia", "Yuliya"],
    &["Yuri", "Yury", "Yuriy", "Yurii"],
    &["Dmytro", "Dmitro"],
    &["Yehor", "Egor", "Yegor"],
];

const ARABIC: [&[&str]; 2] = [
    &["Mohammed", "Mohammad", "Muhammad", "Mohamed"],
    &["Ahmed", "Ahmad"],
];

/// Endings of surnames in Latin letters, the longest first.
const ENDINGS: [&str; 4] = ["skyi", "skyy", "skiy", "sky"];

/// The other spellings of a full name, by the state of its bearer.
pub fn others(name: &str, state: Option<&str>) -> Vec<String> {
    let Some((given, rest)) = name.split_once(' ') else {
        return Vec::new();
    };
    let is_cyrillic = state.is_some_and(|state| CYRILLIC.contains(&state));
    let givens = if is_cyrillic {
        spellings(&GIVEN, given)
    } else {
        spellings(&ARABIC, given)
    };
    let rests = if is_cyrillic {
        endings(rest)
    } else {
        vec![rest.to_owned()]
    };
    givens
        .iter()
        .flat_map(|given| rests.iter().map(move |rest| format!("{given} {rest}")))
        .filter(|other| other != name)
        .collect()
}

fn spellings<'a>(lists: &[&'a [&'a str]], word: &'a str) -> Vec<&'a str> {
    lists
        .iter()
        .find(|list| list.contains(&word))
        .map_or_else(|| vec![word], |list| list.to_vec())
}

fn endings(surname: &str) -> Vec<String> {
    match ENDINGS
        .iter()
        .find_map(|ending| surname.strip_suffix(ending))
    {
        Some(stem) => ENDINGS
            .iter()
            .map(|ending| format!("{stem}{ending}"))
            .collect(),
        None => vec![surname.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::others;

    #[test]
    fn a_name_is_spelt_in_all_its_ways_where_its_state_has_them() {
        assert_eq!(others("Sergei Orlov", Some("RU")), ["Sergey Orlov"]);
        assert_eq!(
            others("Andrii Melnytskyi", Some("UA")).len(),
            2 * 4 - 1,
            "two given names, four endings"
        );
        assert!(others("Radoslaw Sikorsky", Some("PL")).is_empty());
        assert_eq!(others("Ahmed Saleh", None), ["Ahmad Saleh"]);
        assert!(others("Naruhito", Some("JP")).is_empty());
    }
}
