//! The jars of Apache Kafka, fetched once by Maven.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// What is fetched: pinned versions, next to this library.
const POM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/kafka/pom.xml");

/// The oldest Java that runs Kafka 4.
const JAVA: u32 = 17;

/// Why there can be no broker on this machine, if so.
pub fn missing_tools() -> Option<String> {
    let java = Command::new("java").arg("-version").output().ok();
    let java = java.map(|output| String::from_utf8_lossy(&output.stderr).into_owned());
    match java.as_deref().and_then(java_major) {
        None => return Some(format!("no java; a broker needs Java {JAVA} or newer")),
        Some(major) if major < JAVA => {
            return Some(format!(
                "java is version {major}; a broker needs {JAVA} or newer"
            ));
        }
        Some(_) => {}
    }
    match Command::new("mvn").arg("-version").output() {
        Ok(output) if output.status.success() => None,
        _ => Some("no mvn; Maven fetches the broker".to_owned()),
    }
}

/// The major version in what `java -version` prints: `openjdk version "17.0.15" 2025-04-15`, `java version "1.8.0_402"`.
fn java_major(printed: &str) -> Option<u32> {
    let version = printed.split('"').nth(1)?;
    let mut parts = version.split(['.', '-', '+']);
    match parts.next()?.parse().ok()? {
        1 => parts.next()?.parse().ok(),
        major => Some(major),
    }
}

/// The folder with the jars, fetched into `cache` on first use; parallel processes wait for one another.
pub fn fetch(cache: &Path) -> Result<PathBuf> {
    let pom = fs::read_to_string(POM).with_context(|| format!("cannot read {POM}"))?;
    fs::create_dir_all(cache)?;
    let lock = File::create(cache.join("kafka.lock"))?;
    lock.lock().context("cannot lock the jars' folder")?;

    let folder = cache.join("kafka-jars");
    // Written last: a folder that was only half filled, or filled from another pom, is filled again.
    let complete = folder.join("complete");
    if fs::read_to_string(&complete).is_ok_and(|filled| filled == pom) {
        return Ok(folder);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    eprintln!("fetching Apache Kafka with Maven, once");
    let output = Command::new("mvn")
        .args(["-B", "-q", "-f", POM, "dependency:copy-dependencies"])
        .arg(format!("-DoutputDirectory={}", folder.display()))
        .output()
        .context("cannot start mvn")?;
    if !output.status.success() {
        bail!(
            "mvn could not fetch Kafka: {}",
            String::from_utf8_lossy(&output.stdout)
        );
    }
    fs::write(&complete, pom)?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::java_major;

    #[test]
    fn java_says_its_version_in_two_ways() {
        assert_eq!(
            java_major("openjdk version \"17.0.15\" 2025-04-15"),
            Some(17)
        );
        assert_eq!(java_major("openjdk version \"21\" 2023-09-19"), Some(21));
        assert_eq!(java_major("java version \"1.8.0_402\""), Some(8));
        assert_eq!(java_major("openjdk version \"24-ea\""), Some(24));
        assert_eq!(java_major("command not found"), None);
    }
}
