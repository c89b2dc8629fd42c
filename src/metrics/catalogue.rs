//! Registration: each instrument is made, registered and written down once, for `/metrics` and for the docs alike.

use std::fmt::Write as _;

use prometheus::core::Collector;
use prometheus::proto::MetricFamily;
use prometheus::{
    Gauge, GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge,
    IntGaugeVec, Opts, Registry,
};

use super::process::Process;

/// A closed set of values that a label can take.
pub trait Label: Copy + 'static {
    /// Every value, in the order of the enum.
    const ALL: &'static [Self];

    fn as_str(self) -> &'static str;
}

/// Gives each enum its label values.
macro_rules! labels {
    ($($name:ident { $($variant:ident = $text:literal),+ })+) => {$(
        impl Label for $name {
            const ALL: &'static [Self] = &[$($name::$variant),+];

            fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }
        }
    )+};
}
pub(super) use labels;

/// One instrument for each value of a label, made beforehand: every series is there from the start, at zero.
pub struct ByLabel<L, M>(Vec<(L, M)>);

impl<L: Label + PartialEq, M> ByLabel<L, M> {
    fn new(make: impl Fn(&'static str) -> M) -> Self {
        ByLabel(
            L::ALL
                .iter()
                .map(|label| (*label, make(label.as_str())))
                .collect(),
        )
    }

    /// The instrument of this value.
    pub fn of(&self, label: L) -> &M {
        let found = self.0.iter().find(|(each, _)| *each == label);
        &found.expect("`Label::ALL` holds every value").1
    }
}

/// What the docs say of a metric.
struct Row {
    name: &'static str,
    kind: &'static str,
    labels: String,
    help: &'static str,
}

/// The registry, and a row for each metric in it.
#[derive(Default)]
pub struct Catalogue {
    registry: Registry,
    rows: Vec<Row>,
}

impl Catalogue {
    pub fn counter(&mut self, name: &'static str, help: &'static str) -> IntCounter {
        self.add(
            name,
            "counter",
            String::new(),
            help,
            IntCounter::new(name, help),
        )
    }

    pub fn counters(
        &mut self,
        name: &'static str,
        help: &'static str,
        labels: &[&str],
    ) -> IntCounterVec {
        let vec = IntCounterVec::new(Opts::new(name, help), labels);
        self.add(name, "counter", free(labels), help, vec)
    }

    pub fn counters_by<L: Label + PartialEq>(
        &mut self,
        name: &'static str,
        help: &'static str,
        label: &str,
    ) -> ByLabel<L, IntCounter> {
        let vec = IntCounterVec::new(Opts::new(name, help), &[label]);
        let vec = self.add(name, "counter", closed::<L>(label), help, vec);
        ByLabel::new(|value| vec.with_label_values(&[value]))
    }

    pub fn gauge(&mut self, name: &'static str, help: &'static str) -> Gauge {
        self.add(name, "gauge", String::new(), help, Gauge::new(name, help))
    }

    pub fn int_gauge(&mut self, name: &'static str, help: &'static str) -> IntGauge {
        self.add(
            name,
            "gauge",
            String::new(),
            help,
            IntGauge::new(name, help),
        )
    }

    pub fn gauges(
        &mut self,
        name: &'static str,
        help: &'static str,
        labels: &[&str],
    ) -> IntGaugeVec {
        let vec = IntGaugeVec::new(Opts::new(name, help), labels);
        self.add(name, "gauge", free(labels), help, vec)
    }

    pub fn gauges_by<L: Label + PartialEq>(
        &mut self,
        name: &'static str,
        help: &'static str,
        label: &str,
    ) -> ByLabel<L, IntGauge> {
        let vec = IntGaugeVec::new(Opts::new(name, help), &[label]);
        let vec = self.add(name, "gauge", closed::<L>(label), help, vec);
        ByLabel::new(|value| vec.with_label_values(&[value]))
    }

    pub fn float_gauges_by<L: Label + PartialEq>(
        &mut self,
        name: &'static str,
        help: &'static str,
        label: &str,
    ) -> ByLabel<L, Gauge> {
        let vec = GaugeVec::new(Opts::new(name, help), &[label]);
        let vec = self.add(name, "gauge", closed::<L>(label), help, vec);
        ByLabel::new(|value| vec.with_label_values(&[value]))
    }

    pub fn histogram(
        &mut self,
        name: &'static str,
        help: &'static str,
        buckets: &[f64],
    ) -> Histogram {
        let opts = HistogramOpts::new(name, help).buckets(buckets.to_vec());
        self.add(
            name,
            "histogram",
            String::new(),
            help,
            Histogram::with_opts(opts),
        )
    }

    pub fn histograms_by<L: Label + PartialEq>(
        &mut self,
        name: &'static str,
        help: &'static str,
        label: &str,
        buckets: &[f64],
    ) -> ByLabel<L, Histogram> {
        let opts = HistogramOpts::new(name, help).buckets(buckets.to_vec());
        let vec = HistogramVec::new(opts, &[label]);
        let vec = self.add(name, "histogram", closed::<L>(label), help, vec);
        ByLabel::new(|value| vec.with_label_values(&[value]))
    }

    /// Adds the process's own memory and CPU time.
    pub fn with_process(mut self) -> Self {
        for (name, kind, help) in Process::METRICS {
            self.row(name, kind, String::new(), help);
        }
        self.register(Process::new());
        self
    }

    pub fn gather(&self) -> Vec<MetricFamily> {
        self.registry.gather()
    }

    /// One line of Markdown a metric.
    pub fn table(&self) -> String {
        let mut table = String::from("| metric | type | labels | meaning |\n|---|---|---|---|\n");
        for Row {
            name,
            kind,
            labels,
            help,
        } in &self.rows
        {
            // Writing to a string cannot fail.
            let _ = writeln!(table, "| `{name}` | {kind} | {labels} | {help} |");
        }
        table
    }

    fn add<C: Collector + Clone + 'static>(
        &mut self,
        name: &'static str,
        kind: &'static str,
        labels: String,
        help: &'static str,
        made: prometheus::Result<C>,
    ) -> C {
        let collector =
            made.expect("names and labels are literals of `metrics.rs`, which a test makes");
        self.row(name, kind, labels, help);
        self.register(collector.clone());
        collector
    }

    fn row(&mut self, name: &'static str, kind: &'static str, labels: String, help: &'static str) {
        self.rows.push(Row {
            name,
            kind,
            labels,
            help,
        });
    }

    fn register(&self, collector: impl Collector + 'static) {
        self.registry
            .register(Box::new(collector))
            .expect("names in `metrics.rs` are unique, which a test holds");
    }
}

/// Labels whose values come from outside.
fn free(labels: &[&str]) -> String {
    let labels: Vec<String> = labels.iter().map(|label| format!("`{label}`")).collect();
    labels.join(", ")
}

/// A label with all its values.
fn closed<L: Label>(label: &str) -> String {
    let values: Vec<&str> = L::ALL.iter().map(|value| value.as_str()).collect();
    format!("`{label}`: {}", values.join(", "))
}
