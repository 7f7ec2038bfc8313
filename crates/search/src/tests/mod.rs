//! The crate over real indexes in temporary folders.

mod agreement;
mod answers;
mod bounds;
mod golden;
mod groups;
mod index;
mod languages;
