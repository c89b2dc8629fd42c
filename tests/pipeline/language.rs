//! The language of short and mixed texts.

use std::fs;
use std::path::Path;

use newsmill::text::document::language::detect;

/// Headlines and sentences written for this test, a line each, in files named by their language. A tenth of them may be
/// told wrong, as some are three names and a verb; none may be told wrong and called reliable.
#[test]
fn short_texts_are_told_apart() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pipeline/languages");
    let mut languages = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let code = path.file_stem().unwrap().to_str().unwrap();
        let texts = fs::read_to_string(&path).unwrap();
        let found: Vec<_> = texts.lines().map(|text| (text, detect(text))).collect();
        assert!(found.len() >= 30, "{code}: {} texts", found.len());
        let (right, wrong): (Vec<_>, Vec<_>) = found
            .into_iter()
            .partition(|(_, language)| language.is_some_and(|language| language.code == code));
        assert!(
            right.len() >= 30,
            "{code}: {} right, wrong: {wrong:?}",
            right.len()
        );
        let misled: Vec<_> = wrong
            .iter()
            .filter(|(_, found)| found.is_some_and(|found| found.reliable))
            .collect();
        assert!(misled.is_empty(), "{code}: {misled:?}");
        languages += 1;
    }
    assert_eq!(languages, 14);
}

#[test]
fn a_mixed_text_has_the_language_of_most_of_it() {
    for (text, code) in [
        (
            "The minister wrote: «Дякую всім». He later told reporters that the talks would go on until Friday.",
            "en",
        ),
        (
            "Міністр написав у Facebook: \"Thank you all for the support\". Згодом він додав, що переговори тривають.",
            "uk",
        ),
        (
            "Газета The New York Times со ссылкой на The Washington Post пишет, что переговоры продолжатся.",
            "ru",
        ),
        (
            "Le ministre a déclaré au Financial Times : « We are ready for the talks », avant de quitter la réunion.",
            "fr",
        ),
        (
            "Share on Facebook. संसद ने नया बजट पारित किया और सरकार ने कहा कि यह सबके लिए है।",
            "hi",
        ),
        ("日本の首相はTwitterで「Thank you」と述べた。", "ja"),
    ] {
        assert_eq!(
            detect(text).map(|found| (found.code, found.reliable)),
            Some((code, true)),
            "{text}"
        );
    }
}

#[test]
fn neighbours_are_not_taken_for_the_big_languages() {
    for (text, code) in [
        (
            "De regering heeft dinsdag gezegd dat er meer geld naar de scholen in het noorden gaat.",
            "nl",
        ),
        (
            "Урад заявіў, што новы закон пачне дзейнічаць ужо ў студзені, паведамляе агенцтва.",
            "be",
        ),
        (
            "Правителството заяви, че новият закон ще влезе в сила още през януари.",
            "bg",
        ),
        (
            "Guvernul a anunțat că noua lege va intra în vigoare din luna ianuarie și pentru școli.",
            "ro",
        ),
        (
            "دولت اعلام کرد که این قانون از ماه آینده در کشور اجرا می شود و برای همه است.",
            "fa",
        ),
    ] {
        assert_eq!(
            detect(text).map(|found| (found.code, found.reliable)),
            Some((code, true)),
            "{text}"
        );
    }
}

#[test]
fn a_text_without_letters_or_of_one_name_is_not_relied_on() {
    assert_eq!(detect("2:1, 3.5 % – 100"), None);
    assert_eq!(detect(""), None);
    for text in ["Emmanuel Macron", "Volodymyr Zelenskyy", "ok", "Tesla 2024"] {
        assert!(!detect(text).is_some_and(|found| found.reliable), "{text}");
    }
}
