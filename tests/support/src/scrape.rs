//! What a worker's admin port says.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result};

/// How long an answer may take: the port must answer whatever the worker is doing.
const DEADLINE: Duration = Duration::from_secs(10);

/// An answer of the admin port.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: String,
}

/// GET of a path.
pub fn get(port: u16, path: &str) -> Result<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).context("the admin port is closed")?;
    stream.set_read_timeout(Some(DEADLINE))?;
    write!(
        stream,
        // Of the older protocol, so that no answer comes in chunks.
        "GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream
        .read_to_string(&mut answer)
        .with_context(|| format!("no whole answer to {path}"))?;
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .with_context(|| format!("no HTTP answer to {path}"))?;
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .with_context(|| format!("no status in the answer to {path}"))?;
    Ok(Answer {
        status,
        body: body.to_owned(),
    })
}

/// The samples of a scrape.
#[derive(Debug)]
pub struct Metrics(Vec<(String, f64)>);

impl Metrics {
    pub fn parse(text: &str) -> Metrics {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        Metrics(
            lines
                .filter_map(|line| {
                    let (series, value) = line.rsplit_once(' ')?;
                    Some((series.to_owned(), value.parse().ok()?))
                })
                .collect(),
        )
    }

    /// The sum over every series of the name whose labels hold each given `label="value"`.
    pub fn sum(&self, name: &str, labels: &[&str]) -> f64 {
        self.0
            .iter()
            .filter(|(series, _)| {
                let (family, rest) = series.split_once('{').unwrap_or((series, ""));
                family == name && labels.iter().all(|label| rest.contains(label))
            })
            .map(|(_, value)| value)
            .sum()
    }

    /// How many series there are of the name.
    pub fn count(&self, name: &str) -> usize {
        self.0
            .iter()
            .filter(|(series, _)| series.split('{').next() == Some(name))
            .count()
    }
}

#[cfg(test)]
mod tests {
    use super::Metrics;

    #[test]
    fn series_of_a_name_are_summed_by_their_labels() {
        let metrics = Metrics::parse(
            "# HELP a_total what\na_total{outcome=\"record\",code=\"\"} 3\na_total{outcome=\"dead_letter\",code=\"x\"} 2\nb 7.5\n",
        );
        assert_eq!(metrics.sum("a_total", &[]), 5.0);
        assert_eq!(metrics.sum("a_total", &["outcome=\"record\""]), 3.0);
        assert_eq!(metrics.sum("b", &[]), 7.5);
        assert_eq!(metrics.count("a_total"), 2);
        assert_eq!(metrics.count("a"), 0);
    }
}
