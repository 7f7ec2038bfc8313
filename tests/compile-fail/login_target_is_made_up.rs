//! A form goes where scope lets it go: nobody else makes the place, of a page that is in scope least of all.

use authorisation::{LoginTarget, Target};

fn anywhere(page: Target) -> LoginTarget {
    LoginTarget(page)
}

fn main() {}
