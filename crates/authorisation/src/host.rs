//! Names of hosts: v3 onions with their checksum, and names below a public suffix. Nothing else is a host here.

use sha3::{Digest, Sha3_256};

/// Characters of a v3 onion's label.
const ONION_CHARS: usize = 56;

/// Endings that name machines of a local network, or nothing at all on the public one.
const SPECIAL_USE: &[&str] =
    &["localhost", "local", "localdomain", "internal", "intranet", "lan", "arpa", "exit", "i2p", "alt"];

/// The v3 onion name of an Ed25519 public key, after Tor's `rend-spec-v3`: `base32(key | checksum | version) ".onion"`.
#[must_use]
pub fn onion_v3(key: &[u8; 32]) -> String {
    let mut bytes = [0; 35];
    bytes[..32].copy_from_slice(key);
    bytes[32..34].copy_from_slice(&checksum(key));
    bytes[34] = 3;
    format!("{}.onion", data_encoding::BASE32_NOPAD.encode(&bytes).to_ascii_lowercase())
}

/// Whether `host` (lower case) is a v3 onion with the right version and checksum, alone or with subdomains before it.
#[must_use]
pub fn is_onion_v3(host: &str) -> bool {
    let Some(name) = host.strip_suffix(".onion") else { return false };
    let label = name.rsplit('.').next().unwrap_or(name);
    if label.len() != ONION_CHARS || label.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return false;
    }
    let Ok(bytes) = data_encoding::BASE32_NOPAD.decode(label.to_ascii_uppercase().as_bytes()) else { return false };
    let Ok(bytes) = <[u8; 35]>::try_from(bytes) else { return false };
    let mut key = [0; 32];
    key.copy_from_slice(&bytes[..32]);
    bytes[34] == 3 && bytes[32..34] == checksum(&key)
}

fn checksum(key: &[u8; 32]) -> [u8; 2] {
    let hash = Sha3_256::new().chain_update(b".onion checksum").chain_update(key).chain_update([3]).finalize();
    [hash[0], hash[1]]
}

/// The normal form of a host that a document names, or why it cannot be one.
pub(crate) fn normal(written: &str) -> Result<String, &'static str> {
    if written.is_empty() {
        return Err("it is missing");
    }
    if written.chars().any(|c| c.is_ascii() && !(c.is_ascii_alphanumeric() || c == '-' || c == '.')) {
        return Err("a host is letters, digits, '-' and '.': no scheme, port, path, star or user");
    }
    let url = url::Url::parse(&format!("http://{written}/")).map_err(|_| "it is no host name")?;
    let host = match url.host() {
        Some(url::Host::Domain(host)) => host.to_owned(),
        Some(url::Host::Ipv4(_) | url::Host::Ipv6(_)) => return Err("it is an address, and hosts have names"),
        None => return Err("it is no host name"),
    };
    if host.ends_with('.') || host.len() > 253 {
        return Err("it ends with a dot or is longer than 253 characters");
    }
    // Full-width letters and the like would be folded into another name than the one that people sign.
    if !written.is_ascii() && !host.split('.').any(|label| label.starts_with("xn--")) {
        return Err("it is written with characters that fold into other letters");
    }
    if !host.split('.').all(is_label) {
        return Err("a label has 1 to 63 letters, digits and inner '-'");
    }
    let last = host.rsplit('.').next().unwrap_or_default();
    if last == "onion" {
        return if is_onion_v3(&host) { Ok(host) } else { Err("it is no v3 onion with a right checksum") };
    }
    if SPECIAL_USE.contains(&last) || last.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("its ending names no public host");
    }
    match psl::domain_str(&host) {
        Some(_) => Ok(host),
        None => Err("it is a public suffix, and not a name registered below one"),
    }
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_onion_is_known_by_its_version_and_checksum() {
        // The test vector of Tor's own specification (rend-spec-v3, "Encoding onion addresses").
        for known in [
            "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion",
            "sp3k262uwy4r2k3ycr5awluarykdpag6a7y33jxop4cs2lu5uz5sseqd.onion",
            "xa4r2iadxm55fbnqgwwi5mymqdcofiu3w6rpbtqn7b2dyn7mgwj64jyd.onion",
        ] {
            assert!(is_onion_v3(known));
            assert!(is_onion_v3(&format!("www.{known}")));
            assert!(!is_onion_v3(&known.replacen(|c: char| c.is_ascii_lowercase(), "2", 1)));
            assert!(!is_onion_v3(&known.to_uppercase()));
        }
        let own = onion_v3(&[7; 32]);
        assert!(is_onion_v3(&own) && own.len() == 62);
    }

    #[test]
    fn hosts_have_one_form() {
        assert_eq!(normal("Ads.Example").as_deref(), Ok("ads.example"));
        assert_eq!(normal("b\u{fc}cher.example").as_deref(), Ok("xn--bcher-kva.example"));
        assert_eq!(normal("xn--bcher-kva.example").as_deref(), Ok("xn--bcher-kva.example"));
    }

    #[test]
    fn what_is_no_exact_public_host_is_no_target() {
        for bad in [
            "",
            "example",
            "co.uk",
            "*.ads.example",
            "ads.example.",
            ".ads.example",
            "ads..example",
            "127.0.0.1",
            "2130706433",
            "0x7f.1",
            "[::1]",
            "localhost",
            "db.internal",
            "router.local",
            "ads.example:80",
            "ads.example/x",
            "a@ads.example",
            "-a.example",
            "a_b.example",
            "xn--a.example",
            "\u{ff41}ds.example",
            "ads\u{3002}example",
            "notanonion.onion",
            "expyuzz4wqqyqhjn.onion",
            "ads.exit",
            "a b.example",
            "ads%2eexample",
        ] {
            assert!(normal(bad).is_err(), "{bad}");
        }
    }
}
