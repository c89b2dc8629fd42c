//! What a broker asks that wants to know who comes: certificates, passwords, tokens, and rights.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::certificate::Authority;
use crate::ports;

/// The one who is known by each way, in the broker's words: `User:newsmill`.
pub const PRINCIPAL: &str = "newsmill";

/// The passwords of [`PRINCIPAL`]; they differ, so that no way can be taken for another.
pub const PLAIN_PASSWORD: &str = "planted-plain-7c1e";
pub const SCRAM_PASSWORD: &str = "planted-scram-94ab";

/// The listeners of a broker that asks. On its plain listener the tests come as `ANONYMOUS`, who may do everything.
pub struct Security {
    /// Encrypted; whoever comes is `ANONYMOUS`.
    pub tls: u16,
    /// Encrypted, and wants a certificate.
    pub mutual_tls: u16,
    /// Encrypted, and wants a password or a token.
    pub sasl: u16,
    /// Whom the broker trusts, and whom its clients have to trust.
    pub authority: Authority,
    folder: PathBuf,
}

impl Security {
    /// Ports, and certificates in the folder.
    pub fn new(folder: &Path) -> Result<Security> {
        let folder = folder.join("security");
        fs::create_dir_all(&folder)?;
        Ok(Security {
            tls: ports::free()?,
            mutual_tls: ports::free()?,
            sasl: ports::free()?,
            authority: Authority::new(&folder, "authority")?,
            folder,
        })
    }

    /// An authority that the broker does not know.
    pub fn stranger(&self) -> Result<Authority> {
        Authority::new(&self.folder, "stranger")
    }

    /// The listeners, as `name://address:port`.
    pub fn listeners(&self) -> [String; 3] {
        [
            ("TLS", self.tls),
            ("MUTUAL", self.mutual_tls),
            ("SASL", self.sasl),
        ]
        .map(|(name, port)| format!("{name}://127.0.0.1:{port}"))
    }

    /// The rest of the broker's properties.
    pub fn properties(&self) -> Result<Vec<(&'static str, String)>> {
        let own = self.authority.sign("broker", &["127.0.0.1"])?;
        let pem = |path: &Path| -> Result<String> {
            // A value of several lines, as properties files write it.
            Ok(fs::read_to_string(path)?.trim().replace('\n', "\\n"))
        };
        let login = |module: &str, rest: &str| {
            format!("org.apache.kafka.common.security.{module} required{rest};")
        };
        Ok(vec![
            ("ssl.keystore.type", "PEM".to_owned()),
            ("ssl.keystore.certificate.chain", pem(&own.certificate)?),
            ("ssl.keystore.key", pem(&own.key)?),
            ("ssl.truststore.type", "PEM".to_owned()),
            (
                "ssl.truststore.certificates",
                pem(&self.authority.certificate())?,
            ),
            (
                "listener.name.mutual.ssl.client.auth",
                "required".to_owned(),
            ),
            // The name alone, without the rest of the certificate's subject.
            (
                "ssl.principal.mapping.rules",
                "RULE:^.*CN=([^,]+).*$/$1/".to_owned(),
            ),
            (
                "sasl.enabled.mechanisms",
                "SCRAM-SHA-512,PLAIN,OAUTHBEARER".to_owned(),
            ),
            (
                "listener.name.sasl.plain.sasl.jaas.config",
                login(
                    "plain.PlainLoginModule",
                    &format!(" user_{PRINCIPAL}=\"{PLAIN_PASSWORD}\""),
                ),
            ),
            (
                "listener.name.sasl.scram-sha-512.sasl.jaas.config",
                login("scram.ScramLoginModule", ""),
            ),
            // Kafka's validator of unsecured tokens: it takes what the client says.
            (
                "listener.name.sasl.oauthbearer.sasl.jaas.config",
                login(
                    "oauthbearer.OAuthBearerLoginModule",
                    " unsecuredLoginStringClaim_sub=\"broker\"",
                ),
            ),
            (
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer".to_owned(),
            ),
            ("super.users", "User:ANONYMOUS".to_owned()),
        ])
    }

    /// What `StorageTool format` is told of the one who has a password.
    pub fn scram(&self) -> String {
        format!("SCRAM-SHA-512=[name={PRINCIPAL},password={SCRAM_PASSWORD}]")
    }

    /// A folder with Kafka's own scripts, as a cluster's administrator has one: the two that the tests need.
    pub fn scripts(&self, jars: &Path) -> Result<PathBuf> {
        let folder = self.folder.join("bin");
        fs::create_dir_all(&folder)?;
        for (script, class) in [
            ("kafka-acls.sh", "AclCommand"),
            ("kafka-topics.sh", "TopicCommand"),
        ] {
            let path = folder.join(script);
            let text = format!(
                "#!/bin/sh\nexec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '{}/*' \
                 org.apache.kafka.tools.{class} \"$@\"\n",
                jars.display()
            );
            fs::write(&path, text)?;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        }
        Ok(folder)
    }
}

/// Runs a command to its end, and gives what it printed.
pub fn output_of(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("cannot start {command:?}"))?;
    let told = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    ensure!(output.status.success(), "{command:?} failed: {told}");
    Ok(told)
}
