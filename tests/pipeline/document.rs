//! Paragraphs, sentences, tokens and their spans.

use newsmill::text::document::{Case, Document, Field, ParagraphKind, Span, TokenKind, language};
use proptest::prelude::*;

fn tokens(text: &str) -> Vec<String> {
    let document = Document::new(None, text);
    (0..document.tokens().len())
        .map(|token| document.token_text(token).to_owned())
        .collect()
}

/// Tokens as they should come, separated by spaces.
fn check_tokens(text: &str, expected: &str) {
    assert_eq!(tokens(text).join(" "), expected, "{text:?}");
}

/// A text with `|` where a sentence should end.
fn check_sentences(marked: &str) {
    let expected: Vec<&str> = marked.split('|').map(str::trim).collect();
    let document = Document::new(None, &marked.replace('|', ""));
    let found: Vec<&str> = document
        .sentences()
        .iter()
        .map(|sentence| document.slice(sentence.span))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn words_numbers_and_symbols_are_told_apart() {
    for (text, expected) in [
        ("He said: \"no\".", "He said : \" no \" ."),
        ("the U.S. and the U.K.'s", "the U.S. and the U.K. 's"),
        ("at 5 a.m. sharp, e.g. now", "at 5 a.m. sharp , e.g. now"),
        ("J.K. Rowling, J. Smith", "J.K. Rowling , J . Smith"),
        ("J.K.Rowling", "J.K. Rowling"),
        ("Mr. No", "Mr . No"),
        (
            "1,200 men, 3.5 percent, 1.",
            "1,200 men , 3.5 percent , 1 .",
        ),
        ("27.03.2024", "27.03.2024"),
        (
            "$60bn for F-16s, F16, 155mm",
            "$ 60bn for F - 16s , F16 , 155mm",
        ),
        (
            "Ukraine's, Ukraine’s, US'S",
            "Ukraine 's , Ukraine ’s , US 'S",
        ),
        (
            "states' don't O’Brien 'twas",
            "states ' don't O’Brien ' twas",
        ),
        ("the 1990's", "the 1990 's"),
        ("'s-Gravenhage", "' s - Gravenhage"),
        ("Poland.He said", "Poland . He said"),
        ("see example.com/a_b", "see example . com / a _ b"),
        (
            "Зеленський прибув до м.Київ. П'ять",
            "Зеленський прибув до м . Київ . П'ять",
        ),
        ("北京。日本の", "北 京 。 日 本 の"),
        ("トヨタ社", "トヨタ 社"),
        ("مُحَمَّد قال", "مُحَمَّد قال"),
        ("हिन्दी में", "हिन्दी में"),
        ("ok 👍🏽👨‍👩‍👧 ❤️", "ok 👍 🏽 👨‍ 👩‍ 👧 ❤️"),
        ("e\u{301}te\u{301} x\u{301}y", "été x\u{301}y"),
    ] {
        check_tokens(text, expected);
    }
}

#[test]
fn kinds_cases_and_spacing_are_stated() {
    let document = Document::new(None, "iPhone US Biden F16 A war 3.5 U.S. x-");
    let found: Vec<_> = document
        .tokens()
        .iter()
        .map(|token| (token.kind, token.case, token.spaced))
        .collect();
    use Case::*;
    use TokenKind::*;
    assert_eq!(
        found,
        [
            (Word, Mixed, false),
            (Word, Upper, true),
            (Word, Capitalized, true),
            (Word, Capitalized, true),
            (Word, Capitalized, true),
            (Word, Lower, true),
            (Number, Lower, true),
            (Word, Upper, true),
            (Word, Lower, true),
            (Symbol, Lower, false),
        ]
    );
}

#[test]
fn sentences_end_where_a_reader_would_end_them() {
    for marked in [
        "Mr. Smith met Gen. Milley and Dr. Fauci.| They talked.",
        "The U.S. Senate voted.| It passed in the U.S.| He left.",
        "On Jan. 5 it began.| It ended in Jan.| The rest is known.",
        "He came at 5 a.m. on Monday.| She left at 6 p.m.| They met.",
        "J. Smith and George W. Bush met.| Vitamin C.| It helps.",
        "It rose 3.5 percent to 1.2 million.| Then it fell.",
        "Born c. 1880 (p. 28).| Article No. 5 was read.| He said no.| We left.",
        "Acme Inc. and Foo Corp. said so.| Acme Inc.| The end.",
        "She lives in Boston, Mass. with him.| The priest read mass.| Smith sang.",
        "\"Why?\" he asked.| \"Go!\" she said.",
        "\"We are ready.\"| He left.",
        "He said “it is over.”| Then he left.",
        "(It was late.)| Nobody came.",
        "He said: \"We won. We did.\"| Then he left.",
        "“We won. We did,” she said.| They cheered.",
        "“Who won? We did!” she cried.",
        "“We won.| We did.”| She left.",
        "He said \"no.| She left.",
        "Well... he went on...| Then it stopped.",
        "He waited … and left.| “Now…” he said.",
        "The talks were in Poland.|He said so.|“Yes,” she said.",
        "See example.com and Booking.Com for more.| What?| Really?!| Yes.",
        "In 2022.| 15 people came.",
        "1. Read this.| 2. Then that.",
        "Yahoo! announced it.| iPhone sales fell.",
        "What is it.| - A thing.| $5 is enough.",
        "He waited. . . .| She came.",
        "战争结束了。|和平来了！",
        "यह सच है।| वह गया।",
    ] {
        check_sentences(marked);
    }
}

#[test]
fn paragraphs_are_lines_without_loose_white_space() {
    for (text, expected) in [
        ("a\r\n\r\nb", "a\nb"),
        ("  a \t b \n \n\n c\r", "a b\nc"),
        ("a\u{2029}b\u{85}c\u{0B}d", "a\nb\nc\nd"),
        ("a\u{A0}\u{3000}b\0c", "a b c"),
        ("\u{FEFF}sol\u{AD}dier\u{200B}", "soldier"),
        ("e\u{301}, e\u{AD}\u{301}", "é, é"),
        ("\n", ""),
    ] {
        assert_eq!(Document::new(None, text).buffer(), expected, "{text:?}");
    }
}

#[test]
fn title_and_text_share_a_buffer() {
    let document = Document::new(Some(" Two\nlines "), "One.\n\nTwo words.");
    assert_eq!(document.buffer(), "Two lines\nOne.\nTwo words.");
    assert_eq!(
        (document.title(), document.text()),
        (Some("Two lines"), "One.\nTwo words.")
    );
    let kinds: Vec<_> = document
        .paragraphs()
        .iter()
        .map(|paragraph| paragraph.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            ParagraphKind::Title,
            ParagraphKind::Body,
            ParagraphKind::Body
        ]
    );
    assert_eq!(
        document.locate(Span { start: 4, end: 9 }),
        (Field::Title, 4..9)
    );
    assert_eq!(
        document.locate(Span { start: 10, end: 13 }),
        (Field::Text, 0..3)
    );
    assert_eq!(document.words(), 3);
    assert_eq!(document.sentence_of(0), 0);
    assert_eq!(document.sentence_of(4), 2);
    assert_eq!(document.paragraph_of(5), 2);
    assert_eq!(document.slice(document.span_of(4..6)), "Two words");
}

#[test]
fn a_missing_title_or_text_is_no_paragraph() {
    let untitled = Document::new(Some(" \n"), "Text.");
    assert_eq!((untitled.title(), untitled.buffer()), (None, "Text."));
    assert_eq!(
        untitled.locate(Span { start: 0, end: 4 }),
        (Field::Text, 0..4)
    );
    assert_eq!(untitled.paragraphs()[0].kind, ParagraphKind::Body);

    let bare = Document::new(Some("Title"), "");
    assert_eq!(
        (bare.title(), bare.text(), bare.paragraphs().len()),
        (Some("Title"), "", 1)
    );
}

#[test]
fn a_possessive_counts_with_its_word() {
    assert_eq!(
        Document::new(None, "Japan’s 3.5 billion - the U.S. share").words(),
        6
    );
}

/// What every document must hold, whatever the text.
fn check_laws(title: Option<&str>, text: &str) {
    let document = Document::new(title, text);
    let buffer = document.buffer();
    let again = Document::new(document.title(), document.text());
    assert_eq!(again.buffer(), buffer, "normalising twice changes nothing");

    let mut seen = 0;
    for token in document.tokens() {
        assert!(token.span.start >= seen && token.span.end > token.span.start);
        assert!(
            buffer.is_char_boundary(token.span.start as usize)
                && buffer.is_char_boundary(token.span.end as usize)
        );
        let between = &buffer[seen as usize..token.span.start as usize];
        assert!(
            between.chars().all(char::is_whitespace),
            "only white space lies between tokens"
        );
        assert!(!document.slice(token.span).contains(char::is_whitespace));
        seen = token.span.end;
    }
    let (mut token, mut sentence) = (0, 0);
    for (number, paragraph) in document.paragraphs().iter().enumerate() {
        assert_eq!(paragraph.sentences.start, sentence);
        for index in paragraph.sentences.clone() {
            let found = &document.sentences()[index as usize];
            assert_eq!(
                (found.tokens.start, found.paragraph as usize),
                (token, number)
            );
            assert_eq!(found.span, document.span_of(found.tokens.clone()));
            assert!(
                found.span.start >= paragraph.span.start && found.span.end <= paragraph.span.end
            );
            for inner in found.tokens.clone() {
                assert_eq!(document.sentence_of(inner as usize), index as usize);
            }
            token = found.tokens.end;
        }
        sentence = paragraph.sentences.end;
    }
    assert_eq!(
        (token as usize, sentence as usize),
        (document.tokens().len(), document.sentences().len())
    );
    language::detect(buffer);
}

proptest! {
    #[test]
    fn any_text_keeps_the_laws(title in proptest::option::of(any::<String>()), text in any::<String>()) {
        check_laws(title.as_deref(), &text);
    }

    /// Random characters seldom meet the tokenizer's rules; these do.
    #[test]
    fn text_like_text_keeps_the_laws(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "a", "U", "S", "Mr", "the", "He", "5", ".", ".", ",", "'", "’", "s", "\"", "”", "-", "?", " ", " ", "\n", "\r",
                "é", "e\u{301}", "\u{301}", "я", "京", "。", "…", "\u{200D}", "👍", "\u{FE0F}", "\u{AD}", "İ", "\0",
            ]),
            0..60,
        ),
    ) {
        check_laws(None, &parts.concat());
    }
}

#[test]
fn long_texts_of_one_kind_end() {
    for unit in [
        "a", "a.", "1,", "'s", ". ", "\"", "-", "\u{301}", "京", "? a", "U.S. ", "a\n", "(", "’",
        "\u{AD}",
    ] {
        let document = Document::new(None, &unit.repeat(1 << 20));
        assert!(document.tokens().len() <= document.buffer().len());
    }
}
