//! A broker that asks who comes: every way to answer, wrong answers, missing rights, and secrets that stay secret.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use support::samples::Samples;
use support::scenario::Scenario;
use support::security::{PLAIN_PASSWORD, PRINCIPAL, SCRAM_PASSWORD, Security, output_of};
use support::suite::{Stage, Test};
use support::wait;
use support::worker::{Config, Guarantee, Worker};

/// What an administrator runs to grant the worker's rights.
const ACLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/kafka/acls.sh");

const DEADLINE: Duration = Duration::from_secs(120);

pub fn tests() -> Vec<Test> {
    vec![
        Test::with_own_brokers("security::every_way_to_say_who_one_is", every_way),
        Test::with_own_brokers("security::a_wrong_answer_is_told_and_waited_out", wrong),
        Test::with_own_brokers("security::each_right_is_needed_and_its_lack_heals", rights),
        Test::with_own_brokers("security::a_secret_is_never_shown", secrets),
        Test::with_own_brokers("security::jobs_have_rights_of_their_own", jobs),
    ]
}

/// A way to say who one is: a port, and librdkafka's properties.
#[derive(Clone)]
struct Way {
    name: &'static str,
    servers: String,
    properties: Vec<(&'static str, String)>,
}

impl Way {
    fn all(security: &Security) -> Result<[Way; 5]> {
        let own = security.authority.sign(PRINCIPAL, &[])?;
        let ca = security.authority.certificate();
        let way = |name, port: u16, properties: &[(&'static str, &str)]| {
            let mut all = vec![("ssl.ca.location", ca.display().to_string())];
            all.extend(
                properties
                    .iter()
                    .map(|(name, value)| (*name, (*value).to_owned())),
            );
            Way {
                name,
                servers: format!("127.0.0.1:{port}"),
                properties: all,
            }
        };
        let certificate = own.certificate.display().to_string();
        let key = own.key.display().to_string();
        let sasl = |mechanism, secret: (&'static str, &str)| {
            way(
                mechanism,
                security.sasl,
                &[
                    ("security.protocol", "SASL_SSL"),
                    ("sasl.mechanism", mechanism),
                    ("sasl.username", PRINCIPAL),
                    secret,
                ],
            )
        };
        let mut bearer = sasl(
            "OAUTHBEARER",
            ("sasl.oauthbearer.config", &format!("principal={PRINCIPAL}")),
        );
        bearer
            .properties
            .push(("enable.sasl.oauthbearer.unsecure.jwt", "true".to_owned()));
        Ok([
            way("TLS", security.tls, &[("security.protocol", "SSL")]),
            way(
                "mutual TLS",
                security.mutual_tls,
                &[
                    ("security.protocol", "SSL"),
                    ("ssl.certificate.location", &certificate),
                    ("ssl.key.location", &key),
                ],
            ),
            sasl("PLAIN", ("sasl.password", PLAIN_PASSWORD)),
            sasl("SCRAM-SHA-512", ("sasl.password", SCRAM_PASSWORD)),
            bearer,
        ])
    }

    fn with(mut self, property: &'static str, value: impl Into<String>) -> Way {
        self.properties.retain(|(name, _)| *name != property);
        self.properties.push((property, value.into()));
        self
    }

    fn without(mut self, property: &str) -> Way {
        self.properties.retain(|(name, _)| *name != property);
        self
    }

    fn config(&self, scenario: &Scenario<'_>) -> Config {
        let start = scenario
            .config()
            .with("kafka.bootstrap_servers", self.servers.as_str());
        self.properties.iter().fold(start, |config, (name, value)| {
            config.with(&format!("kafka.properties.{name}"), value.as_str())
        })
    }
}

/// With an authorizer in force, the file in `deploy/` is all that a principal needs.
fn every_way(stage: &Stage) -> Result<()> {
    let cluster = stage.secured_cluster()?;
    let guarantee = Guarantee::ExactlyOnce;
    let scenario = Scenario::new(stage, cluster, "security-ways", guarantee)?;
    output_of(&mut acls(&scenario)?)?;
    let samples = Arc::new(Samples::short());
    let mut generator = scenario.generator(samples.clone(), 20, 61)?;
    for way in Way::all(&cluster.secured()?.security)? {
        let config = way.config(&scenario);
        let told = check(stage, &config, 0).context(way.name)?;
        ensure!(told.contains("0 wrong, 0 doubtful"), "{}: {told}", way.name);
        generator.send(100)?;
        generator.flush()?;
        let mut worker = scenario.start(way.name, config)?;
        scenario
            .wait_drained([&mut worker], DEADLINE)
            .context(way.name)?;
        ensure!(worker.stop()?.success(), "{}: a bad status", way.name);
    }
    let findings = scenario.check(&samples, generator.finish()?)?;
    println!("{findings}");
    findings.hold(guarantee)?;
    ensure!(findings.doubled.count == 0, "{findings}");
    Ok(())
}

/// A wrong answer is the operator's to mend: `check` and the worker say what, where and how; the worker waits, alive.
fn wrong(stage: &Stage) -> Result<()> {
    let cluster = stage.secured_cluster()?;
    let security = &cluster.secured()?.security;
    let scenario = Scenario::new(stage, cluster, "security-wrong", Guarantee::ExactlyOnce)?;
    let [tls, mutual, plain, scram, _] = Way::all(security)?;
    let stranger = security.stranger()?;
    let strange = stranger.sign(PRINCIPAL, &[])?;
    let elsewhere = Way {
        servers: format!("localhost:{}", security.tls),
        ..tls.clone()
    };
    for (name, way, what, mend) in [
        (
            "a CA that did not sign the broker",
            tls.clone()
                .with("ssl.ca.location", stranger.certificate().to_string_lossy()),
            "certificate verify failed",
            "\"ssl.ca.location\"",
        ),
        (
            "a name that the certificate does not have",
            elsewhere,
            "certificate verify failed",
            "a name that stands in its certificate",
        ),
        (
            "no certificate",
            mutual
                .clone()
                .without("ssl.certificate.location")
                .without("ssl.key.location"),
            "SSL alert number",
            "\"ssl.certificate.location\"",
        ),
        (
            "a certificate by a stranger",
            mutual
                .with(
                    "ssl.certificate.location",
                    strange.certificate.to_string_lossy(),
                )
                .with("ssl.key.location", strange.key.to_string_lossy()),
            "SSL alert number",
            "signed by a CA that the broker trusts",
        ),
        (
            "a wrong password for PLAIN",
            plain.with("sasl.password", SCRAM_PASSWORD),
            "Authentication failed",
            "\"sasl.password\"",
        ),
        (
            "a wrong password for SCRAM",
            scram.clone().with("sasl.password", PLAIN_PASSWORD),
            "Authentication failed",
            "\"sasl.password\"",
        ),
        (
            "a mechanism that the broker has not",
            scram.clone().with("sasl.mechanism", "SCRAM-SHA-256"),
            "SCRAM-SHA-256",
            "\"sasl.mechanism\"",
        ),
        (
            "no encryption",
            scram.with("security.protocol", "PLAINTEXT"),
            "closed by peer",
            "\"security.protocol\"",
        ),
    ] {
        let config = way.config(&scenario);
        let told = check(stage, &config, 1).context(name)?;
        ensure!(told.contains("1 wrong"), "{name}: {told}");
        for words in [way.servers.as_str(), what, mend] {
            ensure!(told.contains(words), "{name}: check lacks {words}: {told}");
        }
        let mut worker = scenario.start("worker", config)?;
        let body = not_ready(&mut worker, "broker_unreachable", what).context(name)?;
        // In JSON the quotes are escaped.
        let mend = mend.replace('"', "\\\"");
        ensure!(body.contains(&mend), "{name}: lacks {mend}: {body}");
        ensure!(worker.stop()?.success(), "{name}: a bad status");
    }
    Ok(())
}

/// Each right in the file is taken away once: `check` names it, the worker says what it waits for, and goes on by
/// itself once the right is there again.
fn rights(stage: &Stage) -> Result<()> {
    let cluster = stage.secured_cluster()?;
    let guarantee = Guarantee::ExactlyOnce;
    let scenario = Scenario::new(stage, cluster, "security-rights", guarantee)?;
    output_of(&mut acls(&scenario)?)?;
    let [.., scram, _] = Way::all(&cluster.secured()?.security)?;
    let config = scram
        .config(&scenario)
        // How long clients keep what they know of a topic: 30 s otherwise.
        .with(
            "kafka.properties.topic.metadata.refresh.interval.ms",
            "1000",
        );
    let samples = Arc::new(Samples::short());
    // A third is broken, so that dead letters are among each handful.
    let mut generator = scenario.generator(samples.clone(), 333, 67)?;
    let input = format!("--topic {}", scenario.input);
    let output = format!("--topic {}", scenario.output);
    let dead_letters = format!("--topic {}", scenario.dead_letters);
    let group = format!("--group {}", scenario.group);
    let id = format!("--transactional-id {}-", scenario.group);
    let mut missing = vec![
        ("Read", &input, "not_joined", "Topic authorization failed"),
        (
            "Write",
            &output,
            "output_refused",
            "TopicAuthorizationFailed",
        ),
        (
            "Write",
            &dead_letters,
            "output_refused",
            "TopicAuthorizationFailed",
        ),
        ("Read", &group, "not_joined", "Group authorization failed"),
        (
            "Write",
            &id,
            "clients_rebuilding",
            "TransactionalIdAuthorizationFailed",
        ),
        // The worker works without these, with a guess.
        (
            "DescribeConfigs",
            &output,
            "",
            "cannot read max.message.bytes",
        ),
        (
            "DescribeConfigs",
            &dead_letters,
            "",
            "cannot read max.message.bytes",
        ),
    ];
    for right in granted(&scenario)? {
        let name = right.join(" ");
        let row = missing.iter().position(|(operation, resource, ..)| {
            name.contains(&format!("--operation {operation} {resource}"))
        });
        let row = row.with_context(|| format!("not known to this test: {name}"))?;
        let (operation, resource, reason, words) = missing.remove(row);
        let what = format!("without {operation} {resource}");

        let remove = right.iter().map(|word| match word.as_str() {
            "--add" => "--remove",
            word => word,
        });
        output_of(script(&scenario)?.args(remove).arg("--force"))?;
        let status = if reason.is_empty() { 0 } else { 1 };
        let told = check(stage, &config, status).context(what.clone())?;
        let named = match operation {
            "DescribeConfigs" => "grant DescribeConfigs".to_owned(),
            _ => format!("--operation {operation}"),
        };
        ensure!(
            told.contains(&named) && !told.contains("0 wrong, 0 doubtful"),
            "{what}: check does not say so: {told}"
        );

        generator.send(20)?;
        generator.flush()?;
        let mut worker = scenario.start("worker", config.clone())?;
        if reason.is_empty() {
            scenario.wait_drained([&mut worker], DEADLINE)?;
            let events = worker.events()?;
            ensure!(
                events.iter().any(|event| event.message().contains(words)),
                "{what}: its log does not say so"
            );
        } else {
            not_ready(&mut worker, reason, words).context(what.clone())?;
        }
        output_of(script(&scenario)?.args(&right))?;
        scenario
            .wait_drained([&mut worker], DEADLINE)
            .with_context(|| format!("granted again after {what}"))?;
        ensure!(worker.stop()?.success(), "{what}: a bad status");
    }
    ensure!(missing.is_empty(), "not in the file: {missing:?}");
    let findings = scenario.check(&samples, generator.finish()?)?;
    println!("{findings}");
    findings.hold(guarantee)
}

/// The worker's rights do not let a principal redrive or replay; with `JOBS=yes` the file grants what does.
fn jobs(stage: &Stage) -> Result<()> {
    let cluster = stage.secured_cluster()?;
    let scenario = Scenario::new(stage, cluster, "security-jobs", Guarantee::ExactlyOnce)?;
    output_of(&mut acls(&scenario)?)?;
    let replayed = format!("{}.replayed", scenario.output);
    let replication = cluster.replication();
    scenario
        .observer
        .create_topic(&replayed, 3, replication, &[])?;
    let [.., scram, _] = Way::all(&cluster.secured()?.security)?;
    let config = scram
        .config(&scenario)
        .with("delivery.breaker.max_run", 0)
        .with("delivery.breaker.max_share", 1.0);
    let mut generator = scenario.generator(Arc::new(Samples::short()), 333, 71)?;
    generator.send(60)?;
    generator.flush()?;
    let mut worker = scenario.start("worker", config.clone())?;
    scenario.wait_drained([&mut worker], DEADLINE)?;
    ensure!(worker.stop()?.success(), "a bad status at the end");

    let jobs: [&[&str]; 4] = [
        &["dead-letters", "list"],
        &["dead-letters", "redrive", "--execute"],
        &["dead-letters", "redrive", "--to-input", "--execute"],
        &[
            "replay", "--from", "0@0", "--to", "0@5", "--into", &replayed,
        ],
    ];
    for job in jobs {
        let output = scenario.command("job", &config, job)?.output()?;
        let told = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.code() == Some(1)
                && ["uthorization", "no right to read", "may not describe it"]
                    .iter()
                    .any(|words| told.contains(words)),
            "{job:?} {}: {told}",
            output.status
        );
    }
    let mut more = acls(&scenario)?;
    output_of(more.envs([("JOBS", "yes"), ("REPLAY_TOPICS", &replayed)]))?;
    for job in jobs {
        let mut command = scenario.command("job", &config, job)?;
        output_of(&mut command).with_context(|| format!("{job:?}"))?;
    }
    Ok(())
}

/// Whatever is asked of a worker that says all it can: no answer holds a password.
fn secrets(stage: &Stage) -> Result<()> {
    let cluster = stage.secured_cluster()?;
    let scenario = Scenario::new(stage, cluster, "security-secrets", Guarantee::ExactlyOnce)?;
    output_of(&mut acls(&scenario)?)?;
    let folder = stage.folder("security-secrets-files")?;
    let file = folder.join("password");
    std::fs::write(&file, format!("{SCRAM_PASSWORD}\n"))?;
    let [_, _, plain, scram, _] = Way::all(&cluster.secured()?.security)?;
    let talkative = |way: &Way| {
        way.config(&scenario)
            .with("log.level", "trace")
            .with("kafka.properties.debug", "all")
    };
    let from_file = talkative(&scram.clone().without("sasl.password")).with(
        "kafka.properties.sasl.password_file",
        file.to_string_lossy().as_ref(),
    );
    for (name, config, secret, right) in [
        ("in-the-file", talkative(&scram), SCRAM_PASSWORD, true),
        ("in-its-own-file", from_file, SCRAM_PASSWORD, true),
        (
            "wrong",
            talkative(&plain.with("sasl.password", "planted-wrong-3f0d")),
            "planted-wrong-3f0d",
            false,
        ),
    ] {
        let mut shown = check(stage, &config, if right { 0 } else { 1 })?;
        let mut worker = scenario.start(name, config)?;
        if right {
            worker.wait_ready(DEADLINE)?;
        } else {
            not_ready(&mut worker, "broker_unreachable", "Authentication failed")?;
        }
        for path in ["/", "/status.json", "/livez", "/readyz", "/metrics"] {
            shown.push_str(&worker.get(path)?.body);
        }
        ensure!(worker.stop()?.success(), "{name}: a bad status");
        let events = worker.events()?;
        ensure!(
            events
                .iter()
                .any(|event| event.line.contains("sasl.password")),
            "{name}: the effective configuration is not in the log"
        );
        for event in events {
            shown.push_str(&event.line);
        }
        let at = shown.find(secret);
        let around = at.map(|at| &shown[at.saturating_sub(200)..at]);
        ensure!(
            around.is_none(),
            "{name}: a secret is shown after {around:?}"
        );
    }
    Ok(())
}

/// `newsmill check`, which must end with this status; what it says.
fn check(stage: &Stage, config: &Config, status: i32) -> Result<String> {
    let file: PathBuf = stage.folder("security-check")?.join("check.toml");
    // What fits the dead-letter topic of a scenario, which has Kafka's default limit.
    let config = config.clone().with("pipeline.max_article_bytes", 900_000);
    config.write(&file)?;
    let output = Command::new(&stage.binary)
        .args(["check", "--config"])
        .arg(&file)
        .output()?;
    let told = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    ensure!(output.status.code() == Some(status), "check says: {told}");
    Ok(told)
}

/// Waits until the worker is not ready for this reason, in these words; alive all the while.
fn not_ready(worker: &mut Worker, reason: &str, words: &str) -> Result<String> {
    let mut last = String::new();
    let found = wait::until(format!("{reason}: {words}"), DEADLINE, || {
        worker.fail_if_ended()?;
        let alive = worker.get("/livez")?;
        ensure!(alive.status == 200, "not alive: {}", alive.body);
        let answer = worker.get("/readyz")?;
        last.clone_from(&answer.body);
        let told = answer.body.contains(reason) && answer.body.contains(words);
        Ok((answer.status == 503 && told).then_some(answer.body))
    });
    found.with_context(|| format!("readyz says {last}"))
}

/// The file in `deploy/`, for the scenario's names.
fn acls(scenario: &Scenario<'_>) -> Result<Command> {
    let mut command = Command::new(ACLS);
    command.envs([
        ("BOOTSTRAP_SERVERS", scenario.cluster.bootstrap_servers()),
        ("PRINCIPAL", &format!("User:{PRINCIPAL}")),
        ("INPUT_TOPICS", &scenario.input),
        ("OUTPUT_TOPIC", &scenario.output),
        ("DEAD_LETTER_TOPIC", &scenario.dead_letters),
        ("GROUP_ID", &scenario.group),
    ]);
    command.env("KAFKA_BIN", &scenario.cluster.secured()?.scripts);
    Ok(command)
}

/// Kafka's own script, which the file in `deploy/` calls.
fn script(scenario: &Scenario<'_>) -> Result<Command> {
    let folder = &scenario.cluster.secured()?.scripts;
    Ok(Command::new(folder.join("kafka-acls.sh")))
}

/// What the file in `deploy/` grants: the words of each call.
fn granted(scenario: &Scenario<'_>) -> Result<Vec<Vec<String>>> {
    let folder = tempfile::tempdir()?;
    let recorder = folder.path().join("kafka-acls.sh");
    std::fs::copy("/bin/echo", &recorder)?;
    let told = output_of(acls(scenario)?.env("KAFKA_BIN", folder.path()))?;
    let words = |line: &str| line.split(' ').map(str::to_owned).collect();
    Ok(told.lines().map(words).collect())
}
