//! Moments, and the ways in which engines write them.

use rand::Rng;
use rand_chacha::ChaCha20Rng;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Days of each month; the generated years have no 29 February.
const LENGTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// A minute of the year 2026.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    /// Minutes since midnight.
    pub minute: u32,
}

impl Moment {
    /// Some moment before October.
    pub(super) fn some(rng: &mut ChaCha20Rng) -> Self {
        Self { month: rng.gen_range(1..10), day: rng.gen_range(1..28), minute: rng.gen_range(0..1_440) }
    }

    /// So many minutes later.
    pub(super) fn later(self, minutes: u32) -> Self {
        let minute = self.minute + minutes;
        let mut later = Self { minute: minute % 1_440, day: self.day + minute / 1_440, ..self };
        if later.day > LENGTHS[later.month as usize - 1] {
            later = Self { day: 1, month: later.month + 1, ..later };
        }
        later
    }

    /// `2026-11-24`.
    #[must_use]
    pub fn date(self) -> String {
        format!("2026-{:02}-{:02}", self.month, self.day)
    }

    /// `2026-11-24T04:05:00+00:00`.
    pub(super) fn iso(self) -> String {
        format!("{}T{:02}:{:02}:00+00:00", self.date(), self.minute / 60, self.minute % 60)
    }

    /// `04:05 AM`.
    pub(super) fn clock(self) -> String {
        let (hour, half) = (self.minute / 60, if self.minute < 720 { "AM" } else { "PM" });
        format!("{:02}:{:02} {half}", if hour % 12 == 0 { 12 } else { hour % 12 }, self.minute % 60)
    }

    /// `November 24, 2026`.
    pub(super) fn written(self) -> String {
        format!("{} {}, 2026", MONTHS[self.month as usize - 1], self.day)
    }

    /// `24 Nov 2026`.
    pub(super) fn short(self) -> String {
        format!("{} {} 2026", self.day, &MONTHS[self.month as usize - 1][..3])
    }

    /// `11-24-2026`.
    pub(super) fn american(self) -> String {
        format!("{:02}-{:02}-2026", self.month, self.day)
    }

    /// `24/11/2026`.
    pub(super) fn european(self) -> String {
        format!("{:02}/{:02}/2026", self.day, self.month)
    }
}
