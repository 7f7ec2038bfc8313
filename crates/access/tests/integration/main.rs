//! The crate from outside: who may do what, who says so, and what is in the log afterwards.

mod cases;
mod mailbox;
mod people;
mod permits;
mod sign_in;
mod site;
