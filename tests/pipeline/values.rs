//! Amounts of money and dates.

use std::sync::LazyLock;

use jiff::civil::date;
use newsmill::text::document::Document;
use newsmill::text::knowledge::Knowledge;
use newsmill::text::values::{Amounts, dates};

use super::entities;

static AMOUNTS: LazyLock<Amounts> = LazyLock::new(|| Amounts::new(&Knowledge::built_in()));

/// A text's amounts as `value currency`, with `~` where approximate and `-` for what is not known.
fn amounts(text: &str) -> Vec<String> {
    let (document, found) = entities::find(None, text);
    AMOUNTS
        .find(&document, &found)
        .iter()
        .map(|amount| {
            let approx = if amount.approx { "~" } else { "" };
            let value = amount.value.as_deref().unwrap_or("-");
            format!(
                "{approx}{value} {}",
                amount.currency.as_deref().unwrap_or("-")
            )
        })
        .collect()
}

#[test]
fn money_is_read_in_all_the_shapes_that_news_uses() {
    let mut wrong = Vec::new();
    for (text, expected) in [
        ("aid of $60 billion", &["60000000000 USD"][..]),
        (
            "a US$300-400 million deal",
            &["300000000 USD", "400000000 USD"],
        ),
        ("some 60 bn euros", &["~60000000000 EUR"]),
        ("worth NOK 15b", &["15000000000 NOK"]),
        ("worth billions of dollars", &["- USD"]),
        ("hundreds of millions of euros", &["- EUR"]),
        ("a multibillion-dollar plan", &["- USD"]),
        ("1.2 trillion yen", &["1200000000000 JPY"]),
        ("Rs 500 crore", &["5000000000 INR"]),
        ("sold for $25m", &["25000000 USD"]),
        ("EUR 120 billion", &["120000000000 EUR"]),
        ("120 billion EUR", &["120000000000 EUR"]),
        (
            "five to six million US dollars",
            &["5000000 USD", "6000000 USD"],
        ),
        ("one million rubles", &["1000000 RUB"]),
        ("a 750-trillion-rial budget", &["750000000000000 IRR"]),
        ("it costs 3000 tomans", &["30000 IRR"]),
        ("70 cents a litre", &["0.7 USD"]),
        ("half a million euros", &["500000 EUR"]),
        ("a billion dollars", &["1000000000 USD"]),
        ("$21,188,947.15 in fees", &["21188947.15 USD"]),
        ("£1.5bn and €2 million", &["1500000000 GBP", "2000000 EUR"]),
        (
            "between $5 and $6 billion",
            &["5000000000 USD", "6000000000 USD"],
        ),
        (
            "from $300 million to $1 billion",
            &["300000000 USD", "1000000000 USD"],
        ),
        ("more than 40 million Canadian dollars", &["~40000000 CAD"]),
        (
            "A$90 million or C$80 million",
            &["90000000 AUD", "80000000 CAD"],
        ),
        ("twenty-five thousand hryvnias", &["25000 UAH"]),
        ("10 million Swiss francs", &["10000000 CHF"]),
        ("a $60-billion package", &["60000000000 USD"]),
        (
            "US$300 to US$400 million",
            &["300000000 USD", "400000000 USD"],
        ),
        (
            "$1.5 to $2 trillion",
            &["1500000000000 USD", "2000000000000 USD"],
        ),
        ("$100,000", &["100000 USD"]),
        ("€ 3,5 million", &["3500000 EUR"]),
        ("1’234 Swiss francs", &[]),
        ("tens of billions of dollars", &["- USD"]),
        ("several billion dollars", &["- USD"]),
        ("a few million euros", &["- EUR"]),
        ("Rs. 1.2 lakh crore", &["1200000000000 INR"]),
        ("₹500 crore", &["5000000000 INR"]),
        ("¥10 trillion", &["10000000000000 JPY"]),
        ("100 million yuan", &["100000000 CNY"]),
        ("SEK 6.2bn", &["6200000000 SEK"]),
        ("3 billion kroner", &["3000000000 -"]),
        ("PLN 100 million", &["100000000 PLN"]),
        ("40 million zlotys", &["40000000 PLN"]),
        ("$4bn-$5bn", &["4000000000 USD", "5000000000 USD"]),
        ("up to €50bn", &["~50000000000 EUR"]),
        ("two and a half billion euros", &["2500000000 EUR"]),
        ("one and a half million dollars", &["1500000 USD"]),
        ("US$ 5 million", &["5000000 USD"]),
        ("USD 5 million", &["5000000 USD"]),
        ("5 million US$", &["5000000 USD"]),
        ("$0.25", &["0.25 USD"]),
        ("NT$100 million", &["100000000 TWD"]),
        ("HK$2bn", &["2000000000 HKD"]),
        ("S$40,000", &["40000 SGD"]),
        ("R$5 million", &["5000000 BRL"]),
        ("₴1.5 billion", &["1500000000 UAH"]),
        ("3 trillion won", &["3000000000000 KRW"]),
        ("₩50 billion", &["50000000000 KRW"]),
        ("a billion-dollar plan", &["1000000000 USD"]),
        ("a 30-million-euro loan", &["30000000 EUR"]),
        ("five thousand Australian dollars", &["5000 AUD"]),
    ] {
        if amounts(text) != expected {
            wrong.push(format!("{text}: {:?}, not {expected:?}", amounts(text)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_only_looks_like_money_is_none() {
    for text in [
        "50 pounds of explosives",
        "Ukraine 3 won the match",
        "two real friends",
        "the 152 mm gun fired 60 shells",
        "in 2022 five euro-sceptics spoke",
        "a dollar store",
        "he paid nothing to 20 people",
    ] {
        assert!(amounts(text).is_empty(), "{text}: {:?}", amounts(text));
    }
}

#[test]
fn an_ambiguous_dollar_follows_the_states_of_the_article_or_stays_open() {
    for (text, expected) in [
        (
            "Australia and Australian farmers will get $20 million.",
            "20000000 AUD",
        ),
        ("The United States will send $20 million.", "20000000 USD"),
        ("The fund holds $20 million.", "20000000 USD"),
        (
            "Australia and the United States share $20 million.",
            "20000000 USD",
        ),
        (
            "Canada, Canadian firms and the United States share $20 million.",
            "20000000 -",
        ),
        (
            "Sweden and Swedish firms pay 20 million crowns.",
            "20000000 SEK",
        ),
    ] {
        assert_eq!(amounts(text), [expected], "{text}");
    }
}

/// A text's dates, published on Wednesday 27 March 2024, as `text = value`.
fn check_dates(text: &str, expected: &[&str]) {
    let document = Document::new(None, text);
    let found: Vec<String> = dates(&document, Some(date(2024, 3, 27)))
        .iter()
        .map(|found| format!("{} = {}", document.slice(found.span), found.value))
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn dates_are_resolved_as_precisely_as_the_text_states_them() {
    for (text, expected) in [
        ("before the April 10 summit", "April 10 = 2024-04-10"),
        ("on December 20 last", "December 20 = 2023-12-20"),
        ("on 24 February 2022", "24 February 2022 = 2022-02-24"),
        (
            "on February 24, 2022, it began",
            "February 24, 2022 = 2022-02-24",
        ),
        ("on Feb. 24th", "Feb. 24th = 2024-02-24"),
        ("the 3rd of May", "3rd of May = 2024-05-03"),
        (
            "on April 10-12 in Rome",
            "April 10-12 = 2024-04-10/2024-04-12",
        ),
        (
            "from 3 to 7 April 2023",
            "3 to 7 April 2023 = 2023-04-03/2023-04-07",
        ),
        ("in April 2023", "April 2023 = 2023-04"),
        ("in November", "November = 2023-11"),
        ("since 2014", "2014 = 2014"),
        ("the war (1991) ended", "1991 = 1991"),
        ("by then, 2019 was dry", "2019 = 2019"),
        ("2022, when it began", "2022 = 2022"),
        (
            "the famine of 1932-1933 in Ukraine",
            "1932-1933 = 1932-01-01/1933-12-31",
        ),
        ("in the 1990s", "1990s = 1990-01-01/1999-12-31"),
        ("dated 2024-03-01", "2024-03-01 = 2024-03-01"),
        ("dated 27.02.2024", "27.02.2024 = 2024-02-27"),
        ("dated 3/27/2024", "3/27/2024 = 2024-03-27"),
        ("he said yesterday", "yesterday = 2024-03-26"),
        ("he said on Monday", "Monday = 2024-03-25"),
        ("he said on Wednesday", "Wednesday = 2024-03-27"),
        ("he will speak on Friday", "Friday = 2024-03-29"),
        ("the council is to meet on Friday", "Friday = 2024-03-29"),
        (
            "the bridge is closed to traffic since Friday",
            "Friday = 2024-03-22",
        ),
        ("on Monday, March 25, he left", "March 25 = 2024-03-25"),
        ("last Friday", "last Friday = 2024-03-22"),
        ("last week", "last week = 2024-03-18/2024-03-24"),
        ("next month", "next month = 2024-04"),
        ("last year", "last year = 2023"),
        ("three days ago", "three days ago = 2024-03-24"),
        ("seventeen years ago", "seventeen years ago = 2007"),
        ("two years ago", "two years ago = 2022"),
        ("four months ago", "four months ago = 2023-11"),
    ] {
        check_dates(text, &[expected]);
    }
}

#[test]
fn words_that_are_months_or_numbers_too_are_no_dates() {
    for text in [
        "they may 10 times try",
        "May he rest in peace",
        "the march of 2000 soldiers",
        "April Jones spoke",
        "the 2024 tanks",
        "Resolution 2042, on Syria",
        "at 1930, it fell",
        "some 2000, he said",
        "Euro 2024, in Germany",
        "the SU-2000 and others",
        "MAY NOT GO 12 MILES",
        "they march 10 abreast",
        "on February 30",
        "he took 12 of them",
    ] {
        check_dates(text, &[]);
    }
}

#[test]
fn without_a_day_of_publication_only_full_dates_are_told() {
    let document = Document::new(
        None,
        "On Monday, April 10, and on 24 February 2022, he spoke.",
    );
    let values: Vec<_> = dates(&document, None)
        .into_iter()
        .map(|found| found.value)
        .collect();
    assert_eq!(values, ["2022-02-24"]);
}

/// A headline's last number and the text's first words are no date; a span over both would lie in neither field.
#[test]
fn nothing_is_read_across_paragraphs() {
    let published = Some(date(2025, 1, 21));
    for (title, text, expected) in [
        (
            "Memo M-25-11",
            "January 21, 2025",
            &["January 21, 2025 = 2025-01-21"][..],
        ),
        (
            "Back in May",
            "2024 was dry",
            &["May = 2025-05", "2024 = 2024"],
        ),
        ("Three days", "ago\nit rained", &[]),
        (
            "He left on March 5",
            "-7 degrees",
            &["March 5 = 2025-03-05"],
        ),
    ] {
        let document = Document::new(Some(title), text);
        let found: Vec<String> = dates(&document, published)
            .iter()
            .map(|found| format!("{} = {}", document.slice(found.span), found.value))
            .collect();
        assert_eq!(found, expected, "{title}");
    }
    for (title, text, expected) in [
        ("It costs $5", "billion people live here", &["5 USD"][..]),
        ("They paid 60", "dollars a day is little", &[]),
        ("From $5", "to $6 it rose", &["5 USD", "6 USD"]),
    ] {
        let document = Document::new(Some(title), text);
        let found: Vec<String> = AMOUNTS
            .find(&document, &[])
            .iter()
            .map(|amount| {
                format!(
                    "{} {}",
                    amount.value.as_deref().unwrap_or("-"),
                    amount.currency.as_deref().unwrap_or("-")
                )
            })
            .collect();
        assert_eq!(found, expected, "{title}");
    }
}

/// A step that goes back over what it has read would not come back from five megabytes.
#[test]
fn long_texts_take_linear_time() {
    for part in [
        "$5-",
        "hundreds of ",
        "on Monday will ",
        "a billion ",
        "April 10-",
        "multi-",
    ] {
        let text = part.repeat(3_000_000 / part.len());
        let document = Document::new(None, &text);
        AMOUNTS.find(&document, &[]);
        dates(&document, Some(date(2024, 3, 27)));
    }
}
