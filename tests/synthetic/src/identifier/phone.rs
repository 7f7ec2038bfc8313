//! Telephone numbers from blocks that regulators keep for film, television and documents.

use model::Label;
use rand_chacha::ChaCha20Rng;

use super::{Identifier, National, digits, pick};

/// A block: its calling code, the trunk prefix, the groups that stand before the free digits, how the free digits are
/// grouped, and where it is at home.
struct Block {
    code: &'static str,
    trunk: &'static str,
    area: &'static str,
    fixed: &'static str,
    free: usize,
    language: &'static str,
}

const fn block(
    code: &'static str,
    trunk: &'static str,
    area: &'static str,
    fixed: &'static str,
    free: usize,
    language: &'static str,
) -> Block {
    Block { code, trunk, area, fixed, free, language }
}

/// Ofcom's numbers for drama, the 555-01xx of the North American plan, ACMA's, Arcep's and PTS's.
const BLOCKS: &[Block] = &[
    block("44", "0", "20", "7946 0", 3, "en-GB"),
    block("44", "0", "7700", "900", 3, "en-GB"),
    block("44", "0", "113", "496 0", 3, "en-GB"),
    block("44", "0", "161", "496 0", 3, "en-GB"),
    block("44", "0", "28", "9649 6", 3, "en-GB"),
    block("1", "", "212", "555 01", 2, "en-US"),
    block("1", "", "312", "555 01", 2, "en-US"),
    block("1", "", "415", "555 01", 2, "en-US"),
    block("1", "", "604", "555 01", 2, "en-US"),
    block("61", "0", "2", "5550 ", 4, "en-AU"),
    block("61", "0", "3", "7010 ", 4, "en-AU"),
    block("33", "0", "6", "39 98 ", 4, "fr"),
    block("46", "0", "70", "174 06", 2, "sv"),
];

/// A number of one of the blocks.
pub(super) fn number(rng: &mut ChaCha20Rng) -> Identifier {
    let Block { code, trunk, area, fixed, free, language } =
        pick(rng, &[0, 1, 2, 3, 4, 0, 1, 5, 6, 7, 8, 9, 10, 11, 11, 12].map(|at| &BLOCKS[at]));
    let free = match *code {
        // Only 05 to 99 are kept in Sweden's block.
        "46" => format!("{:02}", 5 + digits(rng, 4).parse::<u32>().unwrap_or(0) % 95),
        _ => digits(rng, *free),
    };
    let local = match free.len() {
        4 if *code == "33" => format!("{fixed}{} {}", &free[..2], &free[2..]),
        _ => format!("{fixed}{free}"),
    };
    let bare: String = local.chars().filter(char::is_ascii_digit).collect();
    let canonical = format!("+{code}{area}{bare}");
    let with = |sign: &str| local.replace(' ', sign);

    let mut written = vec![
        canonical.clone(),
        format!("+{code} {area} {local}"),
        format!("+{code}-{area}-{}", with("-")),
        format!("+{code}.{area}.{}", with(".")),
        format!("+{code} ({area}) {local}"),
        format!("00{code} {area} {local}"),
    ];
    if !trunk.is_empty() {
        written.push(format!("+{code} ({trunk}){area} {local}"));
    }
    let mut national = vec![
        format!("{trunk}{area} {local}"),
        format!("({trunk}{area}) {local}"),
        format!("{trunk}{area}-{}", with("-")),
        format!("{trunk}{area}.{}", with(".")),
        format!("{trunk}{area}{bare}"),
    ];
    if *code == "1" {
        written.retain(|text| !text.starts_with("00"));
        national.push(format!("1-{area}-{}", with("-")));
    }
    let link = format!("tel:{canonical}");
    let mut made = Identifier::new(Label::Phone, canonical, written, link);
    made.national = Some(National { language, written: national });
    made
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rand::SeedableRng;

    use super::*;

    #[test]
    fn every_writing_carries_the_same_number() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        for _ in 0..500 {
            let made = number(&mut rng);
            let (code, rest) = BLOCKS
                .iter()
                .filter_map(|block| {
                    let rest = made.canonical.strip_prefix('+')?.strip_prefix(block.code)?;
                    rest.starts_with(block.area).then_some((block.code, rest))
                })
                .next()
                .unwrap();
            for written in made.written.iter().chain(&made.national.as_ref().unwrap().written) {
                let digits: String = written.replace("(0)", "").chars().filter(char::is_ascii_digit).collect();
                let known = [
                    format!("{code}{rest}"),
                    format!("00{code}{rest}"),
                    format!("0{rest}"),
                    rest.to_owned(),
                    format!("1{rest}"),
                ];
                assert!(known.contains(&digits), "{written} is not {}", made.canonical);
            }
        }
    }

    #[test]
    fn only_reserved_numbers_are_made() {
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        let made: BTreeSet<String> = (0..2000).map(|_| number(&mut rng).canonical).collect();
        let reserved = |number: &String| {
            number.starts_with("+4477009")
                || number.starts_with("+442079460")
                || number.starts_with("+441134960")
                || number.starts_with("+441614960")
                || number.starts_with("+442896496")
                || number.starts_with("+1") && number.get(5..10) == Some("55501")
                || number.starts_with("+6125550")
                || number.starts_with("+6137010")
                || number.starts_with("+3363998")
                || number.starts_with("+467017406")
        };
        assert!(made.iter().all(reserved), "{:?}", made.iter().find(|number| !reserved(number)));
        assert!(made.len() > 1000);
    }
}
