//! Whether a cluster is as the worker needs it: brokers, topics, rights, transactions.
//!
//! Only looks: nothing is written, no group is joined, no replica is fenced. Each finding says what was looked at, what
//! is wrong, and how to mend it.

mod brokers;
mod rights;
mod topics;
mod transactions;

use std::time::Duration;

use rdkafka::admin::AdminClient;
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;

use super::config::{Guarantee, Settings};
use super::kafka::connection::NoAnswer;

/// How long each question may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub verdict: Verdict,
    /// What was found, and where.
    pub what: String,
    /// How to mend it, where it is not good.
    pub mend: Option<String>,
}

/// How a finding is to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Good,
    /// The worker runs; somebody should know.
    Doubtful,
    /// The worker would not run, or not do what it should.
    Wrong,
}

/// What was looked at together.
#[derive(Clone, Debug)]
pub struct Part {
    pub name: &'static str,
    pub findings: Vec<Finding>,
}

/// Looks at everything; ends after the brokers if none answers.
pub fn run(settings: &Settings) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut part = |name, findings| parts.push(Part { name, findings });

    let config = client_config(settings);
    let (metadata, findings) = brokers::look(&config, settings);
    part("brokers", findings);
    let Some(metadata) = metadata else {
        return parts;
    };
    let client: Client = match config.create() {
        Ok(client) => client,
        Err(error) => {
            let error = NoAnswer::NoClient(error);
            let finding = Finding::wrong(error.to_string(), error.mend());
            part("topics", vec![finding]);
            return parts;
        }
    };
    part("topics", topics::look(&client, settings, &metadata));
    part("rights", rights::look(&client, settings));
    if settings.delivery.guarantee == Guarantee::ExactlyOnce {
        part("transactions", transactions::look(settings));
    }
    parts
}

impl Finding {
    fn good(what: impl Into<String>) -> Self {
        Finding {
            verdict: Verdict::Good,
            what: what.into(),
            mend: None,
        }
    }

    fn doubtful(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Finding {
            verdict: Verdict::Doubtful,
            what: what.into(),
            mend: Some(mend.into()),
        }
    }

    fn wrong(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Finding {
            verdict: Verdict::Wrong,
            what: what.into(),
            mend: Some(mend.into()),
        }
    }
}

type Client = AdminClient<DefaultClientContext>;

fn client_config(settings: &Settings) -> ClientConfig {
    let mut config = ClientConfig::new();
    for (name, value) in settings.kafka.producer() {
        config.set(name, value);
    }
    config
}
