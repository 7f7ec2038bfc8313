//! One character to its plain form.

use unicode_normalization::UnicodeNormalization;

/// The zero of every block of decimal digits (Unicode 17); the nine others follow it.
const ZEROS: &[u32] = &[
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0, 0xF20,
    0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0,
    0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x10D40, 0x11066, 0x110F0, 0x11136, 0x111D0,
    0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0, 0x116DA, 0x11730, 0x118E0, 0x11950, 0x11BF0, 0x11C50,
    0x11D50, 0x11DA0, 0x11DE0, 0x11F50, 0x16130, 0x16A60, 0x16AC0, 0x16B50, 0x16D70, 0x1CCF0, 0x1D7CE, 0x1D7D8,
    0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E5F1, 0x1E950, 0x1FBF0,
];

/// Numbers in circles that compatibility decomposition leaves alone: first and last character, value of the first.
const ENCLOSED: &[(u32, u32, u32)] = &[
    (0x24EB, 0x24F4, 11),   // negative circled 11 to 20
    (0x24F5, 0x24FE, 1),    // double circled
    (0x24FF, 0x24FF, 0),    // negative circled zero
    (0x2776, 0x277F, 1),    // dingbat negative circled
    (0x2780, 0x2789, 1),    // dingbat circled sans-serif
    (0x278A, 0x2793, 1),    // dingbat negative circled sans-serif
    (0x2474, 0x2487, 1),    // in brackets
    (0x2488, 0x249B, 1),    // with a full stop
    (0x1F100, 0x1F100, 0),  // zero with a full stop
    (0x1F101, 0x1F101, 0),  // zero with a comma
    (0x1F102, 0x1F10A, 1),  // one to nine with a comma
    (0x1F10B, 0x1F10C, 0),  // dingbat circled zeros; both fold to 0, see `enclosed`
    (0x1F51F, 0x1F51F, 10), // keycap ten
];

/// Appends the plain form of `character`: nothing if it is invisible, else compatibility-decomposed and with one
/// writing for each digit, dash, space, dot and at sign.
pub(crate) fn fold(character: char, out: &mut String) {
    match character {
        '\t' | '\n' | '\r' | ' '..='~' => out.push(character),
        // Letters that are their own plain form, by far the most common beyond ASCII.
        'À'..='ſ' if !matches!(character, 'Ĳ' | 'ĳ' | 'Ŀ' | 'ŀ' | 'ŉ' | 'ſ') => out.push(character),
        'Ά'..='ώ' | 'Ѐ'..='ԯ' | 'א'..='ת' | 'ء'..='غ' | 'ف'..='ي' | 'अ'..='ह' | 'ก'..='ฮ' => {
            out.push(character)
        }
        'ぁ'..='ゖ' | 'ァ'..='ヺ' | '一'..='鿿' | '가'..='힣' => out.push(character),
        _ if is_ignored(character) => {}
        _ => fold_rare(character, out),
    }
}

fn fold_rare(character: char, out: &mut String) {
    if let Some(digit) = decimal(character) {
        return out.push(digit);
    }
    if let Some(number) = enclosed(character) {
        return out.push_str(number);
    }
    if let Some(letter) = boxed(character) {
        return out.push(letter);
    }
    for plain in std::iter::once(character).nfkc() {
        match plain {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2e3a}' | '\u{2e3b}' | '\u{58a}' | '\u{5be}' | '\u{30fb}' => {
                out.push('-');
            }
            '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '。' | '\u{6d4}' | '\u{ff61}' | '\u{2024}' => out.push('.'),
            '\u{2018}' | '\u{2019}' | '\u{2bc}' | '\u{ff07}' => out.push('\''),
            _ if plain.is_whitespace() => out.push(' '),
            // A decomposition may hold combining marks and digits of its own.
            _ if is_ignored(plain) => {}
            _ => match decimal(plain) {
                Some(digit) => out.push(digit),
                None => out.push(plain),
            },
        }
    }
}

/// Characters that nobody sees, or that only decorate the one before them.
fn is_ignored(character: char) -> bool {
    matches!(character,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}'
        | '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{61c}' | '\u{64b}'..='\u{65f}' | '\u{115f}'
        | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{20d0}'..='\u{20ff}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

fn decimal(character: char) -> Option<char> {
    let code = character as u32;
    let zero = ZEROS[..ZEROS.partition_point(|zero| *zero <= code)].last()?;
    char::from_digit(code - zero, 10)
}

/// Capital letters in negative circles and squares, which compatibility decomposition leaves alone, too.
fn boxed(character: char) -> Option<char> {
    let place = match character as u32 {
        code @ 0x1F150..=0x1F169 => code - 0x1F150,
        code @ 0x1F170..=0x1F189 => code - 0x1F170,
        _ => return None,
    };
    char::from_u32('A' as u32 + place)
}

fn enclosed(character: char) -> Option<&'static str> {
    const NUMBERS: [&str; 21] = [
        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19",
        "20",
    ];
    let code = character as u32;
    let &(first, _, value) = ENCLOSED.iter().find(|(first, last, _)| (*first..=*last).contains(&code))?;
    let step = if value == 0 { 0 } else { code - first };
    NUMBERS.get((value + step) as usize).copied()
}
