//! Identifiers of the net: addresses, accounts, machines, hidden services; and places at sea.

use std::net::Ipv6Addr;

use ed25519_dalek::SigningKey;
use model::Label;
use rand::{Rng, RngCore};
use rand_chacha::ChaCha20Rng;
use sha3::{Digest, Sha3_256};

use super::{Identifier, digits, pick};

/// A name that no dictionary has.
pub(crate) fn name(rng: &mut ChaCha20Rng) -> String {
    const STARTS: &[&str] = &[
        "vel", "dor", "lun", "kas", "mir", "tav", "zel", "bran", "ori", "fen", "gal", "nov", "pel", "rus", "sil",
        "ther",
    ];
    const MIDDLES: &[&str] = &["a", "o", "i", "u", "era", "ina", "olo", "uri", "ada", "emi"];
    const ENDS: &[&str] = &["tra", "nox", "vik", "lia", "dor", "zan", "mir", "quo", "bel", "sha", "rin", "wen"];
    format!("{}{}{}", pick(rng, STARTS), pick(rng, MIDDLES), pick(rng, ENDS))
}

/// A mailbox under one of the hosts of RFC 2606.
pub(super) fn email(rng: &mut ChaCha20Rng) -> Identifier {
    let local =
        format!("{}{}{}", name(rng), pick(rng, &[".", "_", "-"]), format_args!("{}{}", name(rng), digits(rng, 2)));
    let host = pick(rng, &["example.org", "example.com", "example.net", "mail.example.org"]);
    let canonical = format!("{local}@{host}");
    let mut capital = local[..1].to_uppercase();
    capital.push_str(&local[1..]);
    let written = vec![
        canonical.clone(),
        format!("{capital}@{host}"),
        canonical.to_uppercase(),
        format!("{local}@{}", host.to_uppercase()),
    ];
    let link = format!("mailto:{canonical}");
    Identifier::new(Label::Email, canonical, written, link)
}

/// A web address under one of the hosts of RFC 2606.
pub(super) fn url(rng: &mut ChaCha20Rng) -> Identifier {
    let path = format!(
        "{}.{}/{}-{}",
        name(rng),
        pick(rng, &["example.org", "example.com", "example.net"]),
        name(rng),
        digits(rng, 3)
    );
    let (canonical, written) = if rng.gen_bool(0.5) {
        let canonical = format!("https://{path}");
        (canonical.clone(), vec![canonical])
    } else {
        let canonical = format!("http://www.{path}");
        (canonical.clone(), vec![canonical, format!("www.{path}")])
    };
    let link = canonical.clone();
    Identifier::new(Label::Url, canonical, written, link)
}

/// An account on a messenger or a network.
pub(super) fn handle(rng: &mut ChaCha20Rng) -> Identifier {
    let account = format!("{}_{}{}", name(rng), name(rng), digits(rng, 2));
    let (platform, written, link) = match rng.gen_range(0..3) {
        0 => {
            let link = format!("https://t.me/{account}");
            (
                "telegram",
                vec![
                    format!("t.me/{account}"),
                    link.clone(),
                    format!("telegram: @{account}"),
                    format!("Telegram @{account}"),
                    format!("tg: @{account}"),
                ],
                link,
            )
        }
        1 => {
            let link = format!("https://instagram.com/{account}");
            (
                "instagram",
                vec![
                    format!("instagram.com/{account}"),
                    link.clone(),
                    format!("Instagram: @{account}"),
                    format!("insta @{account}"),
                    format!("IG: {account}"),
                ],
                link,
            )
        }
        _ => {
            let link = format!("https://www.tiktok.com/@{account}");
            (
                "tiktok",
                vec![
                    format!("tiktok.com/@{account}"),
                    link.clone(),
                    format!("TikTok: @{account}"),
                    format!("tiktok @{account}"),
                ],
                link,
            )
        }
    };
    Identifier::new(Label::Handle, format!("{platform}:{account}"), written, link)
}

/// A machine in the blocks for documentation: RFC 5737 and RFC 3849.
pub(super) fn ip(rng: &mut ChaCha20Rng) -> Identifier {
    if rng.gen_bool(0.6) {
        let net = pick(rng, &["192.0.2", "198.51.100", "203.0.113"]);
        let canonical = format!("{net}.{}", rng.gen_range(1..255));
        let link = format!("http://{canonical}/");
        return Identifier::new(Label::Ip, canonical.clone(), vec![canonical], link);
    }
    let address = Ipv6Addr::new(0x2001, 0xdb8, rng.r#gen(), rng.r#gen(), 0, 0, 0, rng.r#gen());
    let canonical = address.to_string();
    let whole = address.segments().map(|part| format!("{part:x}")).join(":");
    let link = format!("http://[{canonical}]/");
    Identifier::new(Label::Ip, canonical.clone(), vec![canonical.clone(), canonical.to_uppercase(), whole], link)
}

/// A hidden service that does not run.
pub(super) fn hidden_service(rng: &mut ChaCha20Rng) -> Identifier {
    let canonical = onion(rng);
    let link = format!("http://{canonical}/");
    Identifier::new(
        Label::Onion,
        canonical.clone(),
        vec![canonical.clone(), link.clone(), canonical.to_uppercase().replace(".ONION", ".onion")],
        link,
    )
}

/// The onion host of a random key.
pub(crate) fn onion(rng: &mut ChaCha20Rng) -> String {
    let mut seed = [0; 32];
    rng.fill_bytes(&mut seed);
    onion_of(&seed)
}

/// A version 3 onion host: a public key, its checksum and the version, in base32 (rend-spec-v3, section 6).
pub(crate) fn onion_of(seed: &[u8; 32]) -> String {
    let key = SigningKey::from_bytes(seed).verifying_key();
    let check =
        Sha3_256::new().chain_update(b".onion checksum").chain_update(key.as_bytes()).chain_update([3]).finalize();
    let mut bytes = key.as_bytes().to_vec();
    bytes.extend([check[0], check[1], 3]);
    format!("{}.onion", data_encoding::BASE32_NOPAD.encode(&bytes).to_lowercase())
}

/// A place in the South Atlantic, far from any coast.
pub(super) fn coordinate(rng: &mut ChaCha20Rng) -> Identifier {
    let latitude = format!("-{}.{}", rng.gen_range(28..36), fraction(rng));
    let longitude = format!("-{}.{}", rng.gen_range(14..27), fraction(rng));
    let canonical = format!("{latitude},{longitude}");
    let written = vec![
        canonical.clone(),
        format!("{latitude}, {longitude}"),
        format!("{latitude} {longitude}"),
        format!("Lat {latitude}, Lon {longitude}"),
    ];
    let link = format!("geo:{canonical}");
    Identifier::new(Label::Coordinate, canonical, written, link)
}

/// Five decimals that do not end in zero.
fn fraction(rng: &mut ChaCha20Rng) -> String {
    format!("{}{}", digits(rng, 4), rng.gen_range(1..10))
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn an_onion_host_carries_its_own_checksum() {
        let mut rng = ChaCha20Rng::seed_from_u64(9);
        let host = onion(&mut rng);
        let name = host.strip_suffix(".onion").unwrap();
        let bytes = data_encoding::BASE32_NOPAD.decode(name.to_uppercase().as_bytes()).unwrap();
        let check =
            Sha3_256::new().chain_update(b".onion checksum").chain_update(&bytes[..32]).chain_update([3]).finalize();
        assert_eq!((name.len(), bytes[34], &bytes[32..34]), (56, 3, &check[..2]));
    }
}
