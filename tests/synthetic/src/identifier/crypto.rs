//! Cryptocurrency addresses with right checksums over random bytes: nobody holds their keys.

use bech32::{Fe32, Hrp, hrp};
use model::Label;
use rand::{Rng, RngCore};
use rand_chacha::ChaCha20Rng;
use sha2::Sha256;
use sha3::{Digest, Keccak256};

use super::Identifier;

/// An address of one of five forms.
pub(super) fn address(rng: &mut ChaCha20Rng) -> Identifier {
    match rng.gen_range(0..6) {
        0 => base58(rng, 0x00),
        1 => base58(rng, 0x05),
        2 => segwit(rng, Fe32::Q, 20),
        3 => segwit(rng, Fe32::P, 32),
        4 => ethereum(rng),
        _ => monero(rng),
    }
}

fn random(rng: &mut ChaCha20Rng, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    rng.fill_bytes(&mut bytes);
    bytes
}

/// Bitcoin's first form: Base58Check over a version byte and a hash.
fn base58(rng: &mut ChaCha20Rng, version: u8) -> Identifier {
    let address = base58_check(version, &random(rng, 20));
    let link = format!("bitcoin:{address}");
    Identifier::new(Label::Crypto, address.clone(), vec![address], link)
}

/// The version, the hash, and four bytes of their double SHA-256.
fn base58_check(version: u8, hash: &[u8]) -> String {
    let mut bytes = vec![version];
    bytes.extend(hash);
    let check = Sha256::digest(Sha256::digest(&bytes));
    bytes.extend(&check[..4]);
    bs58::encode(bytes).into_string()
}

/// Witness programs: Bech32 for version 0 (BIP 173), Bech32m for version 1 (BIP 350).
fn segwit(rng: &mut ChaCha20Rng, version: Fe32, length: usize) -> Identifier {
    const BITCOIN: Hrp = hrp::BC;
    let program = random(rng, length);
    let address = bech32::segwit::encode(BITCOIN, version, &program).expect("lengths of 20 and 32 bytes are allowed");
    let link = format!("bitcoin:{address}");
    Identifier::new(Label::Crypto, address.clone(), vec![address.clone(), address.to_uppercase()], link)
}

/// Ethereum: twenty bytes in hexadecimal, the checksum in the capitals (EIP-55).
fn ethereum(rng: &mut ChaCha20Rng) -> Identifier {
    let lower = data_encoding::HEXLOWER.encode(&random(rng, 20));
    let canonical = format!("0x{}", eip55(&lower));
    let link = format!("ethereum:{canonical}");
    Identifier::new(Label::Crypto, canonical.clone(), vec![canonical, format!("0x{lower}")], link)
}

fn eip55(lower: &str) -> String {
    let hash = Keccak256::digest(lower.as_bytes());
    let nibble = |at: usize| hash[at / 2] >> (4 * (1 - at % 2)) & 15;
    let raised =
        |(at, character): (usize, char)| if nibble(at) >= 8 { character.to_ascii_uppercase() } else { character };
    lower.chars().enumerate().map(raised).collect()
}

/// Monero's standard address: a network byte, two keys and four bytes of Keccak-256, in blocks of eight bytes that
/// each become eleven Base58 signs.
fn monero(rng: &mut ChaCha20Rng) -> Identifier {
    let mut bytes = vec![18];
    bytes.extend(random(rng, 64));
    let check = Keccak256::digest(&bytes);
    bytes.extend(&check[..4]);
    let address = monero_base58(&bytes);
    let link = format!("monero:{address}");
    Identifier::new(Label::Crypto, address.clone(), vec![address], link)
}

fn monero_base58(bytes: &[u8]) -> String {
    const WIDTHS: [usize; 9] = [0, 2, 3, 5, 6, 7, 9, 10, 11];
    let block = |chunk: &[u8]| {
        // Leading zero bytes are written by the width of the block, not one sign each.
        let significant: Vec<u8> = chunk.iter().copied().skip_while(|byte| *byte == 0).collect();
        let signs = bs58::encode(significant).into_string();
        format!("{}{signs}", "1".repeat(WIDTHS[chunk.len()].saturating_sub(signs.len())))
    };
    bytes.chunks(8).map(block).collect()
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn checksums_agree_with_published_examples() {
        // The first example of EIP-55, and the burn address's raw bytes of Bitcoin.
        assert_eq!(eip55("5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"), "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
        assert_eq!(base58_check(0, &[0; 20]), "1111111111111111111114oLvT2");
        // Two examples of Monero's own tests of its Base58.
        assert_eq!(monero_base58(&[0; 8]), "11111111111");
        assert_eq!(monero_base58(&[0xff; 8]), "jpXCZedGfVQ");
    }

    #[test]
    fn made_addresses_pass_their_checks() {
        let mut rng = ChaCha20Rng::seed_from_u64(4);
        for _ in 0..100 {
            let bytes = bs58::decode(base58(&mut rng, 5).canonical).into_vec().unwrap();
            let check = Sha256::digest(Sha256::digest(&bytes[..21]));
            assert_eq!((bytes[0], bytes.len(), &bytes[21..]), (5, 25, &check[..4]));
            for (version, length) in [(Fe32::Q, 20), (Fe32::P, 32)] {
                let made = segwit(&mut rng, version, length);
                let (_, found, program) = bech32::segwit::decode(&made.canonical).unwrap();
                assert_eq!((found, program.len()), (version, length));
            }
            let made = monero(&mut rng).canonical;
            assert_eq!((made.len(), &made[..1]), (95, "4"), "{made}");
        }
    }
}
