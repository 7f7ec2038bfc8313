//! The crate over real indexes in temporary folders.

mod agreement;
mod answers;
mod bounds;
mod frequent;
mod golden;
mod groups;
mod index;
mod languages;
