//! Days counted: the proleptic Gregorian calendar as days since 1970-01-01 (Howard Hinnant's `days_from_civil`).

use crate::Day;

/// The day, if there is such a one between 1970 and 2100. Years of the Buddhist era are brought to the common one.
pub(super) fn checked(year: u16, month: u16, day: u16) -> Option<Day> {
    let year = if (2_500..=2_643).contains(&year) { year - 543 } else { year };
    let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    let possible =
        (1970..=2100).contains(&year) && (1..=12).contains(&month) && (1..=length(year, month)).contains(&day);
    possible.then_some(Day { year, month, day })
}

fn length(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01.
pub(super) fn number(day: Day) -> i64 {
    let month = i64::from(day.month);
    let year = i64::from(day.year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(day.day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The day of a number of days since 1970-01-01.
pub(super) fn day(number: i64) -> Option<Day> {
    let shifted = number + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    checked(u16::try_from(year).ok()?, u16::try_from(month).ok()?, u16::try_from(day).ok()?)
}

/// 0 for Monday to 6.
pub(super) fn weekday(number: i64) -> i64 {
    (number + 3).rem_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_forth_and_back() {
        assert_eq!(number(checked(1970, 1, 1).unwrap()), 0);
        assert_eq!(number(checked(2026, 11, 24).unwrap()), 20_781);
        assert_eq!(weekday(20_781), 1, "a Tuesday");
        for count in (0..47_000).step_by(13) {
            assert_eq!(number(day(count).unwrap()), count);
        }
        assert_eq!(day(-1), None);
    }
}
