//! Loopback ports for brokers, proxies and admin endpoints.

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::sync::Mutex;

use anyhow::{Context, Result};

use crate::random::Random;

/// The lowest port that is tried: below stand well-known services.
const LOWEST: u64 = 15_000;

/// Ports that this process gave out already.
static TAKEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

/// A free port outside the range from which the system takes the ports of outgoing connections. One from inside that
/// range may, while its broker is down, become the port of a client's own connect, and the broker cannot come back.
pub fn free() -> Result<u16> {
    let highest = u64::from(ephemeral_start());
    let mut taken = TAKEN.lock().expect("no holder of this lock can panic");
    // Parallel processes start their search at different places.
    let mut random = Random::new(u64::from(std::process::id()) << 16 | taken.len() as u64);
    (0..1000)
        .map(|_| random.between(LOWEST, highest) as u16)
        .find(|port| !taken.contains(port) && TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .inspect(|port| {
            taken.insert(*port);
        })
        .context("no free loopback port below the ephemeral range")
}

fn ephemeral_start() -> u16 {
    fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range")
        .ok()
        .and_then(|range| range.split_whitespace().next()?.parse().ok())
        .filter(|start| u64::from(*start) > LOWEST + 1000)
        // The kernel's own default.
        .unwrap_or(32_768)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_different_free_and_outside_the_ephemeral_range() {
        let ports: BTreeSet<u16> = (0..20).map(|_| free().unwrap()).collect();
        assert_eq!(ports.len(), 20);
        assert!(ports.iter().all(|port| *port < ephemeral_start()));
    }
}
