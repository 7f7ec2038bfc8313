//! The crate from outside: who may do what, who says so, and what is in the log afterwards.

#[path = "../../../server/tests/web/authenticator.rs"]
mod authenticator;
mod cases;
mod ceremonies;
mod keys;
mod mailbox;
mod people;
mod permits;
mod sign_in;
mod site;
