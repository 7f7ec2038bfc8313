//! Character references of HTML and percent escapes of URLs, each read as the one character it means.

/// The longest named reference below, with `&` and `;`.
const MAX_REFERENCE_BYTES: usize = 12;

/// References that hide a sign of an identifier. Others stay as they are written.
const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("colon", ':'),
    ("commat", '@'),
    ("dash", '-'),
    ("dot", '.'),
    ("ensp", ' '),
    ("emsp", ' '),
    ("hyphen", '-'),
    ("lowbar", '_'),
    ("lpar", '('),
    ("mdash", '-'),
    ("nbsp", ' '),
    ("ndash", '-'),
    ("num", '#'),
    ("period", '.'),
    ("plus", '+'),
    ("rpar", ')'),
    ("shy", '\u{ad}'),
    ("sol", '/'),
    ("thinsp", ' '),
    ("zwj", '\u{200d}'),
    ("zwnj", '\u{200c}'),
];

/// The character at byte `at` of `text` and how many bytes it is written in; `None` at the end.
pub(super) fn next(text: &str, at: usize) -> Option<(char, usize)> {
    let rest = text.get(at..)?;
    let character = rest.chars().next()?;
    match character {
        '&' => reference(rest.as_bytes()),
        '%' => percent(rest.as_bytes()),
        _ => None,
    }
    .or(Some((character, character.len_utf8())))
}

/// Whether an escape stands at the beginning.
pub(super) fn starts(bytes: &[u8]) -> bool {
    reference(bytes).is_some() || percent(bytes).is_some()
}

fn reference(bytes: &[u8]) -> Option<(char, usize)> {
    let end = bytes.iter().take(MAX_REFERENCE_BYTES).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(bytes.get(1..end)?).ok()?;
    let character = match name.strip_prefix('#') {
        None => NAMED.iter().find(|(known, _)| *known == name)?.1,
        Some(number) => {
            let hexadecimal = number.strip_prefix(['x', 'X']);
            let (digits, radix) = hexadecimal.map_or((number, 10), |digits| (digits, 16));
            // `from_str_radix` would take a sign.
            if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return None;
            }
            char::from_u32(u32::from_str_radix(digits, radix).ok()?)?
        }
    };
    Some((character, end + 1))
}

/// One character of UTF-8 in percent escapes. A space becomes `+`, as forms write it, so that it ends no address.
fn percent(bytes: &[u8]) -> Option<(char, usize)> {
    let first = percent_byte(bytes)?;
    let length = match first {
        0x20 => return Some(('+', 3)),
        0x21..=0x7e => return Some((char::from(first), 3)),
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let mut buffer = [0; 4];
    for (place, byte) in buffer.iter_mut().take(length).enumerate() {
        *byte = percent_byte(bytes.get(place * 3..)?)?;
    }
    let character = std::str::from_utf8(&buffer[..length]).ok()?.chars().next()?;
    Some((character, length * 3))
}

fn percent_byte(bytes: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    match bytes {
        [b'%', high, low, ..] => u8::try_from(digit(*high)? << 4 | digit(*low)?).ok(),
        _ => None,
    }
}
