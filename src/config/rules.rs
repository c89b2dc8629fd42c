//! What each key alone would take and the worker cannot: ranges, names, keys that do not go together.

use super::Config;
use super::error::Problem;
use crate::stream::config::{
    BreakerConfig, DeliveryConfig, GroupProtocol, KafkaConfig, PipelineConfig,
};
use crate::stream::properties::{self, Properties};
use crate::telemetry::TelemetryConfig;

/// Every rule that the configuration breaks.
pub fn broken(config: &Config) -> Vec<Problem> {
    let mut rules = Rules::default();
    if let Some(kafka) = &config.kafka {
        rules.kafka(kafka);
    }
    rules.delivery(&config.delivery);
    rules.breaker(&config.delivery.breaker);
    rules.pipeline(&config.pipeline);
    rules.text(config);
    rules.telemetry(&config.telemetry);
    rules.broken
}

#[derive(Default)]
struct Rules {
    broken: Vec<Problem>,
}

impl Rules {
    fn require(&mut self, holds: bool, key: &str, reason: impl Into<String>) {
        if !holds {
            self.broken.push(Problem::new(key, reason));
        }
    }

    fn kafka(&mut self, kafka: &KafkaConfig) {
        let servers = kafka.bootstrap_servers.trim();
        self.require(
            !servers.is_empty(),
            "kafka.bootstrap_servers",
            "expected `host:port`",
        );
        self.require(
            !kafka.group_id.is_empty(),
            "kafka.group_id",
            "a group needs a name",
        );

        let inputs = &kafka.input_topics;
        self.require(
            !inputs.is_empty(),
            "kafka.input_topics",
            "expected at least one topic",
        );
        for (at, input) in inputs.iter().enumerate() {
            self.kafka_topic("kafka.input_topics", input);
            let twice = inputs[..at].contains(input);
            self.require(
                !twice,
                "kafka.input_topics",
                format!("{input} stands there twice"),
            );
        }
        for (key, own) in [
            ("kafka.output_topic", &kafka.output_topic),
            ("kafka.dead_letter_topic", &kafka.dead_letter_topic),
        ] {
            self.kafka_topic(key, own);
            let loops = inputs.contains(own);
            let reason = format!(
                "{own} is an input topic too: the worker would consume what it wrote, for ever"
            );
            self.require(!loops, key, reason);
        }
        let differ = kafka.output_topic != kafka.dead_letter_topic;
        let reason = "it is the output topic too: its readers would get dead letters among records";
        self.require(differ, "kafka.dead_letter_topic", reason);

        for (map, given) in [
            ("kafka.properties", &kafka.properties),
            ("kafka.consumer_properties", &kafka.consumer_properties),
            ("kafka.producer_properties", &kafka.producer_properties),
        ] {
            self.properties(map, given);
        }
        self.group_protocol(kafka);
        self.oauthbearer(kafka);
    }

    /// Kafka's own rule for topic names (`org.apache.kafka.common.internals.Topic`).
    fn kafka_topic(&mut self, key: &str, name: &str) {
        let letters =
            |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-');
        let legal = (1..=249).contains(&name.len())
            && name.chars().all(letters)
            && name != "."
            && name != "..";
        let reason = format!("{name:?} is no topic name: 1 to 249 of a-z A-Z 0-9 . _ -");
        self.require(legal, key, reason);
    }

    fn properties(&mut self, map: &str, given: &Properties) {
        for (name, value) in given.iter() {
            let key = format!("{map}.{name}");
            if let Some(reason) = properties::owned(name) {
                self.require(
                    false,
                    &key,
                    format!("the worker sets this itself: {reason}"),
                );
            } else if let Err(reason) = properties::check(name, value) {
                self.require(false, &key, reason);
            }
        }
    }

    /// librdkafka refuses the classic protocol's settings under the new one when the client is made.
    fn group_protocol(&mut self, kafka: &KafkaConfig) {
        if kafka.protocol() != GroupProtocol::Consumer {
            return;
        }
        for (map, given) in [
            ("kafka.properties", &kafka.properties),
            ("kafka.consumer_properties", &kafka.consumer_properties),
        ] {
            for name in [
                "session.timeout.ms",
                "heartbeat.interval.ms",
                "partition.assignment.strategy",
            ] {
                let absent = given.get(name).is_none();
                let reason = "the broker decides this under the group protocol `consumer`";
                self.require(absent, &format!("{map}.{name}"), reason);
            }
        }
    }

    /// Where nothing makes tokens, librdkafka asks a callback that the worker does not have, and waits in silence.
    fn oauthbearer(&mut self, kafka: &KafkaConfig) {
        let given = kafka.producer();
        let is = |names: &[&str], value: &str| {
            let mut found = names.iter().filter_map(|name| given.get(name));
            found.any(|each| each.eq_ignore_ascii_case(value))
        };
        let bearer = is(&["sasl.mechanism", "sasl.mechanisms"], "OAUTHBEARER");
        let tokens = is(&["enable.sasl.oauthbearer.unsecure.jwt"], "true")
            || is(&["sasl.oauthbearer.method"], "oidc");
        let reason = "no token would ever come: unsecured ones need \"enable.sasl.oauthbearer.unsecure.jwt\" = true, \
                      those of an identity provider (OIDC) a librdkafka with curl, which this build has not";
        self.require(!bearer || tokens, "kafka.properties.sasl.mechanism", reason);
    }

    fn delivery(&mut self, delivery: &DeliveryConfig) {
        let at_least_one = "must be at least 1";
        self.require(
            delivery.commit_interval_ms > 0,
            "delivery.commit_interval_ms",
            at_least_one,
        );
        self.require(
            delivery.drain_deadline_ms > 0,
            "delivery.drain_deadline_ms",
            at_least_one,
        );
        self.require(
            delivery.max_transaction_messages > 0,
            "delivery.max_transaction_messages",
            at_least_one,
        );
        self.require(
            delivery.max_transaction_bytes > 0,
            "delivery.max_transaction_bytes",
            at_least_one,
        );
        // librdkafka's own range for transaction.timeout.ms.
        self.require(
            (1_000..=2_147_483_647).contains(&delivery.transaction_timeout_ms),
            "delivery.transaction_timeout_ms",
            "must be 1000 to 2147483647",
        );
        self.require(
            delivery.commit_interval_ms < delivery.transaction_timeout_ms,
            "delivery.commit_interval_ms",
            "must be below `delivery.transaction_timeout_ms`, or the coordinator aborts each transaction first",
        );
    }

    fn breaker(&mut self, breaker: &BreakerConfig) {
        let at_least_one = "must be at least 1";
        self.require(
            breaker.window_messages > 0,
            "delivery.breaker.window_messages",
            at_least_one,
        );
        self.require(
            breaker.probe_messages > 0,
            "delivery.breaker.probe_messages",
            at_least_one,
        );
        self.require(
            breaker.pause_ms > 0,
            "delivery.breaker.pause_ms",
            at_least_one,
        );
        let share = (0.0..=1.0).contains(&breaker.max_share);
        self.require(share, "delivery.breaker.max_share", "must be 0 to 1");
    }

    fn pipeline(&mut self, pipeline: &PipelineConfig) {
        // Far above any machine; more is a slip of the keyboard.
        self.require(
            pipeline.workers <= 1024,
            "pipeline.workers",
            "must be 0 to 1024",
        );
        self.require(
            pipeline.max_article_bytes > 0,
            "pipeline.max_article_bytes",
            "must be at least 1",
        );
        self.require(
            pipeline.in_flight_bytes >= pipeline.max_article_bytes,
            "pipeline.in_flight_bytes",
            "must be at least `pipeline.max_article_bytes`, or the largest article could not be worked on",
        );
    }

    fn text(&mut self, config: &Config) {
        let share = (0.0..=1.0).contains(&config.topics.min_score);
        self.require(share, "topics.min_score", "must be 0 to 1");
    }

    fn telemetry(&mut self, telemetry: &TelemetryConfig) {
        let endpoint = &telemetry.otlp_endpoint;
        let key = "telemetry.otlp_endpoint";
        self.require(
            endpoint.is_empty() || cfg!(feature = "otel"),
            key,
            "this newsmill was built without spans: build it with `--features otel`, or leave this empty",
        );
        self.require(
            endpoint.is_empty() || endpoint.starts_with("http://"),
            key,
            "expected `http://host:port`; for TLS, send to a collector on this machine that speaks it",
        );
        let share = (0.0..=1.0).contains(&telemetry.sampled_share);
        self.require(share, "telemetry.sampled_share", "must be 0 to 1");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::keys;

    /// A rule names a key that exists, or its problem could not be found in the file.
    #[test]
    fn every_rule_names_a_known_key() {
        let mut config = Config {
            kafka: Some(KafkaConfig::new("", "a b", "a b", "a b")),
            ..Config::default()
        };
        config.delivery = DeliveryConfig {
            commit_interval_ms: 0,
            drain_deadline_ms: 0,
            max_transaction_messages: 0,
            max_transaction_bytes: 0,
            transaction_timeout_ms: 0,
            breaker: BreakerConfig {
                window_messages: 0,
                probe_messages: 0,
                pause_ms: 0,
                max_share: 2.0,
                max_run: 0,
            },
            ..config.delivery
        };
        config.pipeline = PipelineConfig {
            workers: 5000,
            in_flight_bytes: 0,
            max_article_bytes: 0,
        };
        config.topics.min_score = -1.0;
        config.telemetry = TelemetryConfig {
            otlp_endpoint: "localhost".to_owned(),
            sampled_share: 2.0,
        };
        let broken = broken(&config);
        assert!(broken.len() > 15, "{broken:?}");
        for problem in broken {
            assert!(keys::find(&problem.key).is_some(), "{problem}");
        }
    }
}
