//! Which letters are meant.

use crate::cli::place;
use crate::stream::job::letters::Place;
use crate::stream::job::redrive::Filter;

/// What is not given excludes no letter; of one option given several times, any may fit.
#[derive(clap::Args)]
pub struct FilterArgs {
    /// Letters by name
    #[arg(value_name = "PARTITION@OFFSET", value_parser = place::place)]
    letters: Vec<Place>,

    /// With this error code
    #[arg(long, value_name = "CODE")]
    code: Vec<String>,

    /// Whose message came from this input topic
    #[arg(long, value_name = "TOPIC")]
    source_topic: Vec<String>,

    /// Whose message has this key
    #[arg(long, value_name = "KEY")]
    key: Vec<String>,

    /// Whose message has this timestamp or a later one: 2024-03-01, 2024-03-01T06:00:00Z
    #[arg(long, value_name = "TIME", value_parser = place::time)]
    since: Option<i64>,

    /// Whose message has an earlier timestamp
    #[arg(long, value_name = "TIME", value_parser = place::time)]
    until: Option<i64>,
}

impl FilterArgs {
    pub fn filter(&self) -> Filter {
        let keys = self.key.iter().map(|key| key.clone().into_bytes());
        Filter {
            places: self.letters.iter().copied().collect(),
            codes: self.code.iter().cloned().collect(),
            source_topics: self.source_topic.iter().cloned().collect(),
            keys: keys.collect(),
            since_ms: self.since,
            until_ms: self.until,
        }
    }
}
