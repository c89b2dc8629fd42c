//! What `deploy/` tells Prometheus and Grafana, held against a Prometheus that scrapes a worker.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use regex::Regex;
use serde_json::Value;
use support::ports;
use support::process::Process;
use support::samples::Samples;
use support::scenario::Scenario;
use support::scrape;
use support::suite::{Stage, Test};
use support::wait;
use support::worker::{Guarantee, Worker};

const RULES: &str = include_str!("../../deploy/prometheus/alerts.yaml");
const DASHBOARD: &str = include_str!("../../deploy/grafana/newsmill.json");

const DEADLINE: Duration = Duration::from_secs(120);

pub fn tests() -> Vec<Test> {
    vec![
        Test::with_own_brokers("prometheus::every_expression_finds_what_it_names", finds),
        Test::with_own_brokers("prometheus::an_outage_fires_its_alert_and_ends_it", fires),
    ]
}

/// A metric or a label's value that no worker shows is an alert that never fires.
fn finds(stage: &Stage) -> Result<()> {
    if !is_there()? {
        return Ok(());
    }
    let scenario = Scenario::new(
        stage,
        stage.cluster()?,
        "expressions",
        Guarantee::ExactlyOnce,
    )?;
    let mut generator = scenario.generator(Arc::new(Samples::short()), 200, 71)?;
    generator.send(300)?;
    generator.finish()?;
    let mut worker = scenario.start("worker", scenario.config())?;
    scenario.wait_drained([&mut worker], DEADLINE)?;
    let prometheus = Prometheus::start(&stage.folder("prometheus-expressions")?, &worker)?;
    prometheus.wait_for("rate(newsmill_outcomes_total{outcome=\"dead_letter\"}[1m])")?;
    // librdkafka's statistics come every five seconds.
    prometheus.wait_for("newsmill_consumer_lag_messages")?;

    let mut expressions = prometheus.rules()?;
    ensure!(expressions.len() > 10, "{expressions:?}");
    expressions.extend(dashboard()?);
    let selector = Regex::new(r"\b(?:up|newsmill_\w+)(?:\{[^}]*\})?")?;
    for expression in expressions {
        prometheus.query(&expression)?;
        let mut names = 0;
        for found in selector.find_iter(&expression) {
            names += 1;
            let seen = prometheus.query(&format!("count({})", found.as_str()))?;
            ensure!(seen > 0, "nothing is {}: {expression}", found.as_str());
        }
        ensure!(names > 0, "names nothing: {expression}");
    }
    Ok(())
}

fn fires(stage: &Stage) -> Result<()> {
    if !is_there()? {
        return Ok(());
    }
    let cluster = stage.cluster()?;
    let scenario = Scenario::new(stage, cluster, "alert", Guarantee::ExactlyOnce)?;
    let mut worker = scenario.start("worker", scenario.config())?;
    worker.wait_ready(DEADLINE)?;
    let prometheus = Prometheus::start(&stage.folder("prometheus-alert")?, &worker)?;
    prometheus.wait_for("up == 1")?;
    // Before the first scrape the worker counts as absent.
    wait::until("no alert before anything is wrong", DEADLINE, || {
        Ok(prometheus.firing()?.is_empty().then_some(()))
    })?;

    let alert = "NewsmillBrokerUnreachable";
    cluster.broker(1).kill()?;
    let fired = wait::until(format!("{alert} to fire"), DEADLINE, || {
        Ok(prometheus
            .firing()?
            .iter()
            .any(|name| name == alert)
            .then_some(()))
    });
    cluster.broker(1).start()?;
    cluster.wait_ready()?;
    fired?;
    wait::until("every alert to end", DEADLINE, || {
        worker.fail_if_ended()?;
        Ok(prometheus.firing()?.is_empty().then_some(()))
    })
}

/// Whether Prometheus is on this machine; where CI=true it has to be.
fn is_there() -> Result<bool> {
    if Command::new("prometheus").arg("--version").output().is_ok() {
        return Ok(true);
    }
    if std::env::var("CI").is_ok_and(|ci| ci == "true") {
        bail!("no prometheus on this machine, where CI=true");
    }
    eprintln!("not tested: no prometheus on this machine");
    Ok(false)
}

/// The dashboard's expressions, with Grafana's own variable filled in.
fn dashboard() -> Result<Vec<String>> {
    let dashboard: Value = serde_json::from_str(DASHBOARD)?;
    let panels = dashboard["panels"].as_array().context("no panels")?;
    let targets = panels
        .iter()
        .flat_map(|panel| panel["targets"].as_array().into_iter().flatten());
    Ok(targets
        .filter_map(|target| target["expr"].as_str())
        .map(|expression| expression.replace("$__rate_interval", "1m"))
        .collect())
}

/// A Prometheus that scrapes one worker every second, with the alerts of `deploy/`.
struct Prometheus {
    port: u16,
    _process: Process,
}

impl Prometheus {
    fn start(folder: &Path, worker: &Worker) -> Result<Prometheus> {
        // What is waited for before an alert fires is waited for no longer than a test can.
        let rules = Regex::new("for: [0-9]+m")?.replace_all(RULES, "for: 2s");
        std::fs::write(folder.join("alerts.yaml"), rules.as_ref())?;
        let config = format!(
            "global: {{scrape_interval: 1s, evaluation_interval: 1s}}\n\
             rule_files: [alerts.yaml]\n\
             scrape_configs: [{{job_name: newsmill, static_configs: [{{targets: ['127.0.0.1:{}']}}]}}]\n",
            worker.admin_port()
        );
        let file = folder.join("prometheus.yaml");
        std::fs::write(&file, config)?;
        let port = ports::free()?;
        let mut command = Command::new("prometheus");
        command
            .arg(format!("--config.file={}", file.display()))
            .arg(format!(
                "--storage.tsdb.path={}",
                folder.join("data").display()
            ))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"));
        let process = Process::spawn(&mut command, &folder.join("prometheus.log"))?;
        let prometheus = Prometheus {
            port,
            _process: process,
        };
        wait::until("Prometheus to answer", DEADLINE, || {
            let answer = scrape::get(port, "/-/ready").ok();
            Ok(answer.filter(|answer| answer.status == 200).map(|_| ()))
        })?;
        Ok(prometheus)
    }

    /// How many series an expression gives.
    fn query(&self, expression: &str) -> Result<usize> {
        let mut path = String::from("/api/v1/query?query=");
        for byte in expression.bytes() {
            write!(path, "%{byte:02x}")?;
        }
        let answer = self.get(&path).context(expression.to_owned())?;
        let result = &answer["data"]["result"];
        // A number alone is an answer too.
        Ok(result.as_array().map_or(1, Vec::len))
    }

    fn wait_for(&self, expression: &str) -> Result<()> {
        wait::until(format!("Prometheus to know {expression}"), DEADLINE, || {
            Ok((self.query(expression)? > 0).then_some(()))
        })
    }

    /// The expression of each rule.
    fn rules(&self) -> Result<Vec<String>> {
        let answer = self.get("/api/v1/rules")?;
        let groups = answer["data"]["groups"].as_array().context("no groups")?;
        let rules = groups
            .iter()
            .flat_map(|group| group["rules"].as_array().into_iter().flatten());
        Ok(rules
            .filter_map(|rule| rule["query"].as_str().map(str::to_owned))
            .collect())
    }

    /// The alerts that fire now.
    fn firing(&self) -> Result<Vec<String>> {
        let answer = self.get("/api/v1/alerts")?;
        let alerts = answer["data"]["alerts"].as_array().context("no alerts")?;
        Ok(alerts
            .iter()
            .filter(|alert| alert["state"] == "firing")
            .filter_map(|alert| alert["labels"]["alertname"].as_str().map(str::to_owned))
            .collect())
    }

    fn get(&self, path: &str) -> Result<Value> {
        let answer = scrape::get(self.port, path)?;
        ensure!(answer.status == 200, "Prometheus says {}", answer.body);
        Ok(serde_json::from_str(&answer.body)?)
    }
}
