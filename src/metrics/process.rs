//! Memory and CPU time of the process, from `/proc` (Linux; elsewhere these metrics are absent).

use std::fs;

use prometheus::core::{Collector, Desc};
use prometheus::proto::MetricFamily;
use prometheus::{Counter, IntGauge};

/// Reads `/proc/self` at each scrape.
pub struct Process {
    memory: IntGauge,
    threads: IntGauge,
    cpu: Counter,
}

const MEMORY: (&str, &str, &str) = (
    "newsmill_process_resident_memory_bytes",
    "gauge",
    "Memory that the process holds.",
);
const THREADS: (&str, &str, &str) = (
    "newsmill_process_threads",
    "gauge",
    "Threads of the process, those of the Kafka client included.",
);
const CPU: (&str, &str, &str) = (
    "newsmill_process_cpu_seconds_total",
    "counter",
    "User and system CPU time of the process.",
);

impl Process {
    /// Name, type and help of what is collected.
    pub const METRICS: [(&str, &str, &str); 3] = [MEMORY, THREADS, CPU];

    pub fn new() -> Self {
        let why = "names and help are literals above, which a test makes";
        Process {
            memory: IntGauge::new(MEMORY.0, MEMORY.2).expect(why),
            threads: IntGauge::new(THREADS.0, THREADS.2).expect(why),
            cpu: Counter::new(CPU.0, CPU.2).expect(why),
        }
    }
}

impl Collector for Process {
    fn desc(&self) -> Vec<&Desc> {
        [self.memory.desc(), self.threads.desc(), self.cpu.desc()].concat()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let mut families = Vec::new();
        if let Some((memory, threads)) = fs::read_to_string("/proc/self/status")
            .ok()
            .as_deref()
            .and_then(status)
        {
            self.memory.set(memory);
            self.threads.set(threads);
            families.extend(self.memory.collect());
            families.extend(self.threads.collect());
        }
        if let Some(seconds) = fs::read_to_string("/proc/self/stat")
            .ok()
            .as_deref()
            .and_then(cpu_seconds)
        {
            // Two scrapes at once may both add: the larger total stands until the next, and no total ever sinks.
            self.cpu.inc_by((seconds - self.cpu.get()).max(0.0));
            families.extend(self.cpu.collect());
        }
        families
    }
}

/// Resident bytes and threads from `/proc/self/status`, whose sizes are in KiB (proc(5)).
fn status(text: &str) -> Option<(i64, i64)> {
    let field = |name: &str| -> Option<i64> {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse().ok()
    };
    Some((field("VmRSS:")? * 1024, field("Threads:")?))
}

/// User and system time from `/proc/self/stat`: fields 14 and 15 (proc(5)), in ticks.
fn cpu_seconds(text: &str) -> Option<f64> {
    /// Ticks a second that Linux shows to user space on every architecture that Rust's Linux targets run on.
    const TICKS: f64 = 100.0;
    // The program's name is field 2, in parentheses, and may hold blanks.
    let after_name = text.rsplit_once(')')?.1;
    let mut fields = after_name.split_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / TICKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proc_is_read_as_its_manual_says() {
        let text = "Name:\tnewsmill\nVmRSS:\t    2048 kB\nThreads:\t7\n";
        assert_eq!(status(text), Some((2_097_152, 7)));
        assert_eq!(status("Name:\tnewsmill\n"), None);
        let stat =
            "42 (news (mill) x) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 7 0 100 0 0";
        assert_eq!(cpu_seconds(stat), Some(3.0));
    }
}
