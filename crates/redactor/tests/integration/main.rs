//! The crate from outside: what is hidden, under which name, and what nobody can find in the output.
//!
//! All values are reserved for examples and fiction, or taken from the documents that define their form.

mod adversary;
mod always;
mod disguises;
mod golden;
mod near_misses;
mod overlaps;
mod spelled;
mod structured;
mod tools;
