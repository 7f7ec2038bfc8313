//! Promises that a type makes.
//!
//! What nobody may make or call is a small program that must not compile. The error it ends with stands beside it
//! (`*.stderr`), so that it fails for the right reason; after a change that only moves a message,
//! `TRYBUILD=overwrite cargo nextest run promises` writes it anew: read the difference.
//!
//! What a type must not implement is asked directly, because the compiler's answer would list everybody who does.

use model::{CaptureId, Sensitive};
use serde::de::DeserializeOwned;

use super::house::none_of;

#[test]
fn promises_cannot_be_broken() {
    trybuild::TestCases::new().compile_fail("tests/compile-fail/*.rs");
}

/// The answer where no other is given.
trait Otherwise {
    const _YES: bool = false;
}

impl<T: ?Sized> Otherwise for T {}

/// Whether a type implements a trait: where the constant under the bound exists, it hides the one of `Otherwise`.
macro_rules! implements {
    ($type:ty: $bound:path) => {{
        struct Asked<T: ?Sized>(std::marker::PhantomData<T>);
        impl<T: ?Sized + $bound> Asked<T> {
            const _YES: bool = true;
        }
        Asked::<$type>::_YES
    }};
}

macro_rules! faults {
    ($($type:ty: $($bound:path),+;)+) => {
        [$($(
            implements!($type: $bound)
                .then(|| format!("`{}` implements {}", stringify!($type), stringify!($bound))),
        )+)+]
        .into_iter()
        .flatten()
        .collect::<Vec<String>>()
    };
}

#[test]
fn what_must_stay_single_is_not_cloned_and_what_must_stay_inside_is_not_written_out() {
    none_of(&faults! {
        Sensitive<String>: Clone, serde::Serialize, DeserializeOwned, std::ops::Deref;
        page::CaptureRecord: Clone, serde::Serialize, DeserializeOwned;
        page::FetchedPage: Clone, serde::Serialize, DeserializeOwned;
        page::ParsedPage: Clone, serde::Serialize, DeserializeOwned;
        redactor::RedactedPage: Clone, Default, serde::Serialize, DeserializeOwned, From<String>, From<page::ParsedPage>;
        audit::Intent: Clone;
        audit::Collector: Clone, Default;
        audit::Collected: Clone, Default, serde::Serialize, DeserializeOwned, From<CaptureId>;
        access::Principal: Clone, Default, serde::Serialize, DeserializeOwned;
        access::Permit: Clone, Default, serde::Serialize, DeserializeOwned;
        search::SearchCapability: Clone, Default;
        search::Licence: Clone, Default, serde::Serialize, DeserializeOwned;
        authorisation::Authorised: Default, serde::Serialize, DeserializeOwned, From<authorisation::SignedDocument>;
        authorisation::Target: Default, serde::Serialize, DeserializeOwned, std::str::FromStr, From<String>;
    });
}

#[test]
fn the_question_can_be_answered_with_yes() {
    assert_eq!(faults! { CaptureId: Clone, Default, DeserializeOwned; }.len(), 2);
}

#[test]
fn raw_text_never_prints() {
    let raw = Sensitive::new("a name".to_owned());
    assert_eq!(
        format!("{raw} {raw:?} {raw:#?} {:?}", Some(&raw)),
        "[sensitive] [sensitive] [sensitive] Some([sensitive])"
    );
}
