//! The laws of the house, and the command as it ships. What runs whole installations is in `tests/rehearsal`.

mod laws;
mod shipped;
