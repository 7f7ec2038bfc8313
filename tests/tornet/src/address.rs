//! The address of an onion service, made from its public key.

use data_encoding::BASE32_NOPAD;
use sha3::{Digest as _, Sha3_256};

/// The only version of address that this network serves.
const VERSION: u8 = 3;

/// The host name of the version 3 onion service with this ed25519 public key, `.onion` included.
///
/// Public key, the first two bytes of the SHA3-256 of `.onion checksum`, key and version, then the version, all in base32:
/// rend-spec-v3, section 6, "Encoding onion addresses".
#[must_use]
pub fn onion_address(public_key: &[u8; 32]) -> String {
    let hash =
        Sha3_256::new().chain_update(b".onion checksum").chain_update(public_key).chain_update([VERSION]).finalize();
    let bytes = [&public_key[..], &hash[..2], &[VERSION]].concat();
    format!("{}.onion", BASE32_NOPAD.encode(&bytes).to_lowercase())
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    #[test]
    fn an_address_is_the_one_that_tor_made_of_the_same_key() {
        // The public key and the host name of a service that tor 0.4.9.11 made up for a throw-away network.
        let key =
            HEXLOWER.decode(b"989f8ad7c01c6c1162c77a9ee9a440387e9c229192efb089c385f888df474781").expect("hexadecimal");
        let key: [u8; 32] = key.try_into().expect("32 bytes");
        assert_eq!(onion_address(&key), "tcpyvv6adrwbcywhpkpotjcahb7jyiurslx3bcodqx4irx2hi6aqmwqd.onion");
    }
}
