//! The laws of the house, as tests: what `docs/architecture.md` says, the code is held to.
//!
//! A law is held by the strongest thing that can hold it. Who may name whom is read from `cargo metadata`; what cannot be
//! made or printed is a program that must not compile; the rest is read from the text of the sources.

mod custody;
mod documents;
mod floors;
mod house;
mod outsiders;
mod peoples;
mod promises;
mod sources;
