//! Certificates for brokers and clients of the tests, made when they are needed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use openssl::asn1::{Asn1Integer, Asn1Time};
use openssl::bn::{BigNum, MsbOption};
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::extension::{BasicConstraints, SubjectAlternativeName};
use openssl::x509::{X509, X509Builder, X509Name, X509NameBuilder};

/// A certificate authority; its own certificate is what the other side trusts.
pub struct Authority {
    key: PKey<Private>,
    name: X509Name,
    folder: PathBuf,
    label: String,
}

/// A certificate and its key, as PEM files.
pub struct Certificate {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl Authority {
    /// A new authority whose files go to the folder.
    pub fn new(folder: &Path, label: &str) -> Result<Authority> {
        let authority = Authority {
            key: key()?,
            name: named(label)?,
            folder: folder.to_owned(),
            label: label.to_owned(),
        };
        let mut builder = authority.builder(&authority.name, &authority.key)?;
        builder.append_extension(BasicConstraints::new().critical().ca().build()?)?;
        let certificate = authority.sign_with(builder)?;
        fs::write(authority.certificate(), certificate.to_pem()?)?;
        Ok(authority)
    }

    /// The file of its own certificate.
    pub fn certificate(&self) -> PathBuf {
        self.folder.join(format!("{}.pem", self.label))
    }

    /// A certificate for a name, good for these addresses.
    pub fn sign(&self, name: &str, addresses: &[&str]) -> Result<Certificate> {
        let key = key()?;
        let mut builder = self.builder(&named(name)?, &key)?;
        if !addresses.is_empty() {
            let mut alternatives = SubjectAlternativeName::new();
            for address in addresses {
                alternatives.ip(address);
            }
            let context = builder.x509v3_context(None, None);
            let extension = alternatives.build(&context)?;
            builder.append_extension(extension)?;
        }
        let file = |kind: &str| self.folder.join(format!("{name}-by-{}.{kind}", self.label));
        let made = Certificate {
            certificate: file("pem"),
            key: file("key"),
        };
        fs::write(&made.certificate, self.sign_with(builder)?.to_pem()?)?;
        fs::write(&made.key, key.private_key_to_pem_pkcs8()?)?;
        Ok(made)
    }

    /// What every certificate has: it is good from now on for a day.
    fn builder(&self, subject: &X509Name, key: &PKey<Private>) -> Result<X509Builder> {
        let mut serial = BigNum::new()?;
        serial.rand(127, MsbOption::MAYBE_ZERO, false)?;
        let serial: Asn1Integer = serial.to_asn1_integer()?;
        let mut builder = X509::builder()?;
        // Version 3, counted from 0.
        builder.set_version(2)?;
        builder.set_serial_number(&serial)?;
        builder.set_subject_name(subject)?;
        builder.set_issuer_name(&self.name)?;
        builder.set_pubkey(key)?;
        let (begin, end) = (Asn1Time::days_from_now(0)?, Asn1Time::days_from_now(1)?);
        builder.set_not_before(&begin)?;
        builder.set_not_after(&end)?;
        Ok(builder)
    }

    fn sign_with(&self, mut builder: X509Builder) -> Result<X509> {
        builder.sign(&self.key, MessageDigest::sha256())?;
        Ok(builder.build())
    }
}

fn key() -> Result<PKey<Private>> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    Ok(PKey::from_ec_key(EcKey::generate(&group)?)?)
}

fn named(name: &str) -> Result<X509Name> {
    let mut builder = X509NameBuilder::new()?;
    builder.append_entry_by_nid(Nid::COMMONNAME, name)?;
    Ok(builder.build())
}
