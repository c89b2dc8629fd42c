//! Names and numbers of days, months and years.

use jiff::civil::{Date, Weekday};

/// The month that a capitalised word names, 1 to 12.
pub fn month(word: &str) -> Option<i8> {
    Some(match word {
        "January" | "JANUARY" | "Jan" => 1,
        "February" | "FEBRUARY" | "Feb" => 2,
        "March" | "MARCH" | "Mar" => 3,
        "April" | "APRIL" | "Apr" => 4,
        "May" => 5,
        "June" | "JUNE" | "Jun" => 6,
        "July" | "JULY" | "Jul" => 7,
        "August" | "AUGUST" | "Aug" => 8,
        "September" | "SEPTEMBER" | "Sept" | "SEPT" | "Sep" => 9,
        "October" | "OCTOBER" | "Oct" => 10,
        "November" | "NOVEMBER" | "Nov" => 11,
        "December" | "DECEMBER" | "Dec" => 12,
        _ => return None,
    })
}

pub fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "Monday" => Weekday::Monday,
        "Tuesday" => Weekday::Tuesday,
        "Wednesday" => Weekday::Wednesday,
        "Thursday" => Weekday::Thursday,
        "Friday" => Weekday::Friday,
        "Saturday" => Weekday::Saturday,
        "Sunday" => Weekday::Sunday,
        _ => return None,
    })
}

/// A day of the month: "10", "10th".
pub fn day(word: &str) -> Option<i8> {
    let digits = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))
        .unwrap_or(word);
    if digits.is_empty() || digits.len() > 2 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

/// A year of four digits that news may speak of.
pub fn year(word: &str) -> Option<i16> {
    if word.len() != 4 || !word.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    word.parse()
        .ok()
        .filter(|year| (1500..=2100).contains(year))
}

/// Whether a month or a year that follows this word is meant as a time.
pub fn wants_a_time(word: &str) -> bool {
    matches!(
        word,
        "in" | "since"
            | "until"
            | "till"
            | "by"
            | "during"
            | "of"
            | "from"
            | "late"
            | "early"
            | "mid"
            | "before"
            | "after"
            | "through"
    )
}

/// A small number in digits or words.
pub fn count(word: &str) -> Option<i32> {
    const WORDS: [&str; 21] = [
        "",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    if matches!(word, "a" | "an") {
        return Some(1);
    }
    match WORDS
        .iter()
        .position(|&known| known == word && !word.is_empty())
    {
        Some(count) => Some(count as i32),
        None if word.len() <= 2 => word.parse().ok(),
        None => None,
    }
}

/// The year that puts a month and day closest to the day of publication.
pub fn nearest_year(month: i8, day: i8, published: Date) -> i16 {
    let distance = |year: i16| {
        let date = Date::new(year, month, day.min(28)).unwrap_or(published);
        (date - published).get_days().abs()
    };
    let year = published.year();
    [year, year - 1, year + 1]
        .into_iter()
        .min_by_key(|&year| distance(year))
        .unwrap_or(year)
}

/// A month so many months away.
pub fn month_away(date: Date, months: i32) -> (i16, i8) {
    let all = i32::from(date.year()) * 12 + i32::from(date.month()) - 1 + months;
    (all.div_euclid(12) as i16, all.rem_euclid(12) as i8 + 1)
}
