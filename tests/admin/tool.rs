//! Programs that these tests ask, where they are installed.

use std::env;
use std::io::{self, Write as _};
use std::path::PathBuf;

/// The first of these programs that is on the path. Without any the test is skipped, which is said past the harness's
/// capture; where `CI=true` it fails.
pub fn find(names: &[&str], package: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH").unwrap_or_default();
    let found = names.iter().find_map(|name| {
        env::split_paths(&folders)
            .map(|folder| folder.join(name))
            .find(|path| path.is_file())
    });
    if found.is_none() {
        let wanted = names.join(" or ");
        assert!(
            !env::var("CI").is_ok_and(|ci| ci == "true"),
            "no {wanted}, which CI must have (Debian package {package})"
        );
        // Nobody to tell where standard error is closed.
        let _ = writeln!(
            io::stderr(),
            "skipped: no {wanted} (Debian package {package})"
        );
    }
    found
}
