//! Resolution: which thing a name means, by its kind, the words around it, the article and the day of publication.

use jiff::civil::{Date, date};
use newsmill::text::document::Document;
use newsmill::text::entities::{Entity, Form};

use super::entities::find_at;

/// An entity as `kind Name: words/form, words/form`, with `[id]` where it has one of Wikidata's.
fn line(document: &Document, entity: &Entity) -> String {
    let mentions: Vec<String> = entity
        .mentions
        .iter()
        .map(|mention| match mention.form {
            Form::Name => document.slice(mention.span).to_owned(),
            form => format!(
                "{}/{}",
                document.slice(mention.span),
                serde_json::to_value(form).unwrap().as_str().unwrap()
            ),
        })
        .collect();
    let kind = serde_json::to_value(entity.kind).unwrap();
    format!(
        "{} {}: {}",
        kind.as_str().unwrap(),
        entity.name,
        mentions.join(", ")
    )
}

/// Each expected entity is there, whole; what else is found does not matter, but for names that begin with `!`, of which
/// no entity may have one.
fn check_all(published: Option<Date>, cases: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (text, expected) in cases {
        // A first line that ends in no full stop is the headline where a text follows.
        let (title, body) = match text.split_once('\n') {
            Some((title, body)) => (Some(title), body),
            None => (None, *text),
        };
        let (document, entities) = find_at(title, body, published);
        let found: Vec<String> = entities
            .iter()
            .map(|entity| line(&document, entity))
            .collect();
        for expected in *expected {
            let holds = match expected.strip_prefix('!') {
                Some(name) => !found.iter().any(|line| line.starts_with(name)),
                None => found.iter().any(|line| line == expected),
            };
            if !holds {
                wrong.push(format!("{text}\n  wants {expected}\n  found {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn check(cases: &[(&str, &[&str])]) {
    check_all(None, cases);
}

#[test]
fn a_capital_or_seat_stands_for_its_state() {
    check(&[
        (
            "London accused Tehran of piracy, and Tehran denied it.",
            &[
                "country United Kingdom: London/metonym",
                "country Iran: Tehran/metonym, Tehran/metonym",
            ],
        ),
        (
            "Ankara's veto angered Stockholm.",
            &["country Turkey: Ankara/metonym"],
        ),
        (
            "The Berlin-backed plan failed, Warsaw said.",
            &[
                "country Germany: Berlin/metonym",
                "country Poland: Warsaw/metonym",
            ],
        ),
        (
            "Talks between Islamabad and New Delhi broke down.",
            &[
                "country Pakistan: Islamabad/metonym",
                "country India: New Delhi/metonym",
            ],
        ),
        (
            "Pyongyang has fired two missiles, Seoul said.",
            &[
                "country North Korea: Pyongyang/metonym",
                "country South Korea: Seoul/metonym",
            ],
        ),
        (
            "Shops in Tokyo's old red-light district closed; Tokyo's new security officials were told.",
            &["place Tokyo: Tokyo", "country Japan: Tokyo/metonym"],
        ),
        (
            "The embassy in Ankara was closed.",
            &["place Ankara: Ankara"],
        ),
        (
            "He flew from Tehran to Beirut.",
            &["place Tehran: Tehran", "place Beirut: Beirut"],
        ),
        ("A drone hit a house in Moscow.", &["place Moscow: Moscow"]),
        ("The Elysee denied the report.", &["!country Elysee"]),
    ]);
}

#[test]
fn a_short_form_means_the_longer_one_before_it_and_after_it() {
    check(&[
        (
            "Tusk spoke first. Prime Minister Donald Tusk had met Tusk's critics.",
            &["person Donald Tusk: Tusk/short_name, Donald Tusk, Tusk/short_name"],
        ),
        (
            "Holmgard warned of delays. Kerstin Holmgard, who runs the port, said so on Friday.",
            &["person Kerstin Holmgard: Holmgard/short_name, Kerstin Holmgard"],
        ),
        (
            "The BGU objected. The Baltic Grain Union (BGU) met on Monday.",
            &["organization Baltic Grain Union: BGU/acronym, Baltic Grain Union, BGU/acronym"],
        ),
        (
            "NATO agreed. The North Atlantic Treaty Organization will meet again.",
            &["organization NATO: NATO/acronym, North Atlantic Treaty Organization"],
        ),
        (
            "President Xi Jinping arrived. Xi will stay two days.",
            &["person Xi Jinping: Xi Jinping, Xi/short_name"],
        ),
        (
            "The yard is run by Ingrid Tordal. The crew was told by Tordal on Monday, and Tordal agreed.",
            &["person Ingrid Tordal: Ingrid Tordal, Tordal/short_name, Tordal/short_name"],
        ),
        (
            "Kim Tae-hyo, an aide, spoke. Kim said no more.",
            &["person Kim Tae-hyo: Kim Tae-hyo, Kim/short_name"],
        ),
        (
            "Sergey Lavrov met Wang Yi. Lavrov and Wang signed nothing.",
            &[
                "person Sergei Lavrov: Sergey Lavrov, Lavrov/short_name",
                "person Wang Yi: Wang Yi, Wang/short_name",
            ],
        ),
        (
            "Serhiy Kyslytsya spoke; Sergiy Kyslytsya, the envoy, was applauded.",
            &["person Sergiy Kyslytsya: Serhiy Kyslytsya, Sergiy Kyslytsya"],
        ),
    ]);
}

#[test]
fn namesakes_are_told_apart() {
    check(&[
        (
            "Anna Holmquist won. Then Peter Holmquist lost, and Holmquist wept.",
            &[
                "person Anna Holmquist: Anna Holmquist",
                "person Peter Holmquist: Peter Holmquist, Holmquist/short_name",
            ],
        ),
        // The person, the state of the union, the city, the state.
        (
            "George Washington crossed the river. Washington had few men.",
            &["person George Washington: George Washington, Washington/short_name"],
        ),
        (
            "Harold Washington ran for mayor, and Washington won.",
            &["person Harold Washington: Harold Washington, Washington/short_name"],
        ),
        (
            "Fires burned in Washington state on Monday.",
            &["!country United States", "!person"],
        ),
        (
            "The museum in Washington, D.C., is closed.",
            &["!country United States"],
        ),
        (
            "Washington will send more arms, it said.",
            &["country United States: Washington/metonym"],
        ),
        // The country by the Black Sea, the state of the union.
        (
            "Georgia held an election, and Tbilisi was calm. Georgian Dream claimed victory in Georgia.",
            &["country Georgia: Georgia, Tbilisi/metonym, Georgia"],
        ),
        (
            "Georgia and Armenia signed a treaty.",
            &["country Georgia: Georgia"],
        ),
        (
            "Voters in Atlanta, Georgia, queued for hours. Arizona and Georgia count slowly.",
            &["place Georgia: Georgia, Georgia", "!country Georgia"],
        ),
        (
            "Senators from Georgia, Florida and Texas objected.",
            &["place Georgia: Georgia"],
        ),
        // The club, the quarter of London, persons.
        (
            "Chelsea Manning was freed.",
            &["person Chelsea Manning: Chelsea Manning"],
        ),
        (
            "Chelsea FC lost at home.",
            &["organization Chelsea FC: Chelsea FC"],
        ),
        ("She lives in Chelsea.", &["place Chelsea: Chelsea"]),
        (
            "Jack London wrote of the north. London died at forty.",
            &["person Jack London: Jack London, London/short_name"],
        ),
        (
            "Jim Jordan spoke in the House, and Jordan was rude.",
            &["person Jim Jordan: Jim Jordan, Jordan/short_name"],
        ),
        (
            "Jordan and Egypt sent aid, Jordanian officials said.",
            &["country Jordan: Jordan, Jordanian/demonym"],
        ),
        ("Chad borders Libya.", &["country Chad: Chad"]),
    ]);
}

#[test]
fn whoever_was_in_office_on_the_day_is_meant() {
    let text = "British Prime Minister Johnson spoke of aid.";
    check_all(
        Some(date(2022, 3, 1)),
        &[(text, &["person Boris Johnson: Johnson/short_name"])],
    );
    check_all(
        Some(date(2024, 3, 1)),
        &[(text, &["person Johnson: Johnson/short_name"])],
    );
    let text = "Polish Foreign Minister Sikorski, US Secretary of State Kerry and South Korean Foreign Minister Cho met.";
    check_all(
        Some(date(2024, 6, 1)),
        &[(text, &["person Cho Tae-yul: Cho/short_name"])],
    );
    check_all(
        Some(date(2025, 9, 1)),
        &[(text, &["person Cho Hyun: Cho/short_name"])],
    );
    check_all(
        Some(date(2016, 9, 1)),
        &[(text, &["person Cho: Cho/short_name"])],
    );
}

#[test]
fn lists_of_states_hold_each_of_them() {
    check(&[
        (
            "Japan, US discuss drills\nThe US, UK and France agreed; Japan and the U.S. did not.",
            &[
                "country Japan: Japan, Japan",
                "country United States: US/acronym, US/acronym, U.S./acronym",
                "country United Kingdom: UK/acronym",
                "country France: France",
            ],
        ),
        (
            "Russia-Ukraine talks and the US-China trade row went on.",
            &[
                "country Russia: Russia",
                "country Ukraine: Ukraine",
                "country United States: US/acronym",
                "country China: China",
            ],
        ),
        (
            "Moscow, Beijing and Tehran have signed it.",
            &["country Iran: Tehran/metonym"],
        ),
        (
            "Aid for Ukraine, Israel, and Taiwan",
            &[
                "country Ukraine: Ukraine",
                "country Israel: Israel",
                "!organization Israel",
            ],
        ),
        (
            "The Polish, Czech and Slovak ministers met in Estonia/Latvia.",
            &[
                "country Poland: Polish/demonym",
                "country Czech Republic: Czech/demonym",
                "country Slovakia: Slovak/demonym",
                "country Estonia: Estonia",
                "country Latvia: Latvia",
            ],
        ),
    ]);
}

#[test]
fn a_possessive_is_no_part_of_a_name() {
    check(&[
        (
            "Ukraine's army, NATO's plan, Biden’s speech and Putin's war.",
            &[
                "country Ukraine: Ukraine",
                "organization NATO: NATO/acronym",
                "person Joe Biden: Biden/short_name",
                "person Vladimir Putin: Putin/short_name",
            ],
        ),
        (
            "The Netherlands' minister and the United States’ envoy met.",
            &[
                "country Netherlands: Netherlands",
                "country United States: United States",
            ],
        ),
        (
            "Kyiv's allies and the Kremlin's envoys met.",
            &[
                "country Ukraine: Kyiv/metonym",
                "country Russia: Kremlin/metonym",
            ],
        ),
    ]);
}

#[test]
fn adjectives_and_peoples_of_a_state() {
    check(&[
        (
            "A French inventor met German and Afghan refugees.",
            &[
                "country France: French/demonym",
                "country Germany: German/demonym",
                "country Afghanistan: Afghan/demonym",
            ],
        ),
        (
            "The Afghans and the Israelis fled; Poles helped.",
            &[
                "group Afghans: Afghans",
                "group Israelis: Israelis",
                "group Poles: Poles",
                "!country Afghanistan",
            ],
        ),
        (
            "He spoke in Turkish and taught Arabic.",
            &["!country Turkey"],
        ),
        (
            "He spoke German and French fluently and some Japanese, and wrote in Italian was her habit.",
            &[
                "!country Germany",
                "!country France",
                "!country Japan",
                "!country Italy",
            ],
        ),
        (
            "Anton Berger (Czech: [anton]) read a Russian word for it and a book on Greek grammar.",
            &[
                "!country Czech Republic",
                "!country Russia",
                "!country Greece",
            ],
        ),
        (
            "French, German and Italian forces, and officers of Swedish, Danish and Dutch units, left.",
            &[
                "country France: French/demonym",
                "country Germany: German/demonym",
                "country Italy: Italian/demonym",
                "country Sweden: Swedish/demonym",
                "country Netherlands: Dutch/demonym",
            ],
        ),
        (
            "Most of the troops were Russian.",
            &["country Russia: Russian/demonym"],
        ),
        (
            "She translated it into English, a Chinese translation and a Russian dictionary.",
            &[
                "!country China",
                "!country Russia",
                "!country United Kingdom",
            ],
        ),
        (
            "Russian-made missiles, US-led strikes, Iran-backed militias, Saudi-led talks, anti-Russian protests and a Kremlin-friendly party.",
            &[
                "country Russia: Russian/demonym, Russian/demonym, Kremlin/metonym",
                "country United States: US/acronym",
                "country Iran: Iran",
                "country Saudi Arabia: Saudi/demonym",
            ],
        ),
        (
            "pro-Russian forces and non-NATO states",
            &[
                "country Russia: Russian/demonym",
                "organization NATO: NATO/acronym",
            ],
        ),
    ]);
}

/// What the tagger alone is unsure of: a pattern with the same words and kind makes it sure, and a name of the tables
/// within it stays.
#[test]
fn an_unsure_tag_is_weighed_against_patterns_and_tables() {
    check(&[
        (
            "The Tandala Dube Health Service closed on Friday.",
            &["organization Tandala Dube Health Service: Tandala Dube Health Service"],
        ),
        (
            "The Declaration of Tordal was signed.",
            &["agreement Declaration of Tordal: Declaration of Tordal"],
        ),
        (
            "Fighting went on in the eastern Donbas region.",
            &["place Donbas: Donbas"],
        ),
    ]);
}

#[test]
fn elections_with_a_date_and_storms_are_events() {
    check(&[
        (
            "He lost the 2019 Finnish parliamentary election and won the local elections.",
            &[
                "event 2019 Finnish parliamentary election: 2019 Finnish parliamentary election",
                "!country Finland",
                "!event local",
            ],
        ),
        (
            "She ran in the November 2022 midterm elections.",
            &["event November 2022 midterm elections: November 2022 midterm elections"],
        ),
        (
            "It backed the 1 May election, and the May 19, 2019 Finnish election.",
            &[
                "event 1 May election: 1 May election",
                "event May 19, 2019 Finnish election: May 19, 2019 Finnish election",
            ],
        ),
        // Without a date it may be any, and a date may belong to the sentence.
        ("The presidential election was fair.", &["!event"]),
        ("In May elections may be held.", &["!event"]),
        ("In 2020 elections were held in Chad.", &["!event"]),
        ("About 1800 election workers were hired.", &["!event"]),
        ("The 2020 election commission met.", &["!event"]),
        (
            "Theresa May general election defeat was heavy.",
            &["!event", "person Theresa May: Theresa May"],
        ),
        (
            "The 2020 Presidential Election was close. Election officials met.",
            &["event 2020 Presidential Election: 2020 Presidential Election"],
        ),
        (
            "Hurricane Otilia hit the coast. Otilia weakened, and people fled before Otilia came.",
            &["event Hurricane Otilia: Hurricane Otilia, Otilia/short_name, Otilia/short_name"],
        ),
        (
            "Tropical Storm Ruben formed on Sunday.",
            &["event Tropical Storm Ruben: Tropical Storm Ruben"],
        ),
        // Somebody has the storm's name; and what is called after storms is none.
        (
            "Hurricane Maria came. Maria Tordal, a nurse, stayed.",
            &["event Hurricane Maria: Hurricane Maria"],
        ),
        ("The Hurricane Center warned of rain.", &["!event"]),
        ("The RAF sent Typhoon FGR4 jets to Poland.", &["!event"]),
        ("A Tropical Storm Warning was issued.", &["!event"]),
        // What the tables know by that name stays.
        (
            "Cyclone Jordan hit India. Jordan signed a treaty with Israel.",
            &[
                "event Cyclone Jordan: Cyclone Jordan",
                "country Jordan: Jordan",
            ],
        ),
    ]);
}

#[test]
fn headlines_of_capitals_hide_no_name_and_make_none() {
    check(&[
        (
            "Zelensky Meets Macron In Paris To Discuss Air Defence\nThe talks were short.",
            &[
                "person Volodymyr Zelenskyy: Zelensky/short_name",
                "person Emmanuel Macron: Macron/short_name",
                "place Paris: Paris",
                "!organization Air Defence",
                "!organization Discuss",
            ],
        ),
        (
            "North Korea Fires Missile Toward Sea Of Japan, Seoul Says\nIt fell into the water.",
            &[
                "country North Korea: North Korea",
                "country South Korea: Seoul/metonym",
                "!person",
            ],
        ),
        (
            "EU Leaders Agree New Sanctions Package Against Belarus\nIt was late.",
            &[
                "organization European Union: EU/acronym",
                "country Belarus: Belarus",
                "!organization EU Leaders",
            ],
        ),
        (
            "PUTIN TELLS SCHOLZ THAT RUSSIA IS READY FOR TALKS\nHe said so on Monday.",
            &[
                "person Vladimir Putin: PUTIN/short_name",
                "person Olaf Scholz: SCHOLZ/short_name",
                "country Russia: RUSSIA",
            ],
        ),
        (
            "TOLD US THE TRUTH, SAYS WHO IN NATO MEETING\nThe day was long.",
            &[
                "organization NATO: NATO",
                "!country United States",
                "!organization World Health",
            ],
        ),
        (
            "UKRAINE, POLAND SIGN DEAL IN WARSAW\nIt was signed.",
            &[
                "country Ukraine: UKRAINE",
                "country Poland: POLAND",
                "place Warsaw: WARSAW",
            ],
        ),
    ]);
}

#[test]
fn boilerplate_and_captions_are_found_and_never_salient() {
    let (document, entities) = find_at(
        Some("Norway buys launchers"),
        "Norway has bought launchers, its minister said. Norway will pay in May.\n\
         Photo: Reuters/Valentyn Ogirenko\n\
         Read also: Poland cancels the order of helicopters\n\
         Subscribe to our channel on Telegram",
        None,
    );
    let salience = |name: &str| {
        entities
            .iter()
            .find(|entity| entity.name == name)
            .map(|entity| entity.salience)
    };
    let lines: Vec<_> = entities
        .iter()
        .map(|entity| line(&document, entity))
        .collect();
    assert!(
        salience("Norway").is_some_and(|found| found > 0.5),
        "{lines:?}"
    );
    for name in ["Poland", "Reuters", "Telegram", "Valentyn Ogirenko"] {
        assert!(
            salience(name).is_none_or(|found| found < 0.1),
            "{name} in {lines:?}"
        );
    }
    assert!(salience("Reuters").is_some(), "{lines:?}");
}
