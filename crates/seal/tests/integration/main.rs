//! The crate from outside: who can open what, what is refused, and that age's own implementations agree.

mod alterations;
mod cctv;
mod corpus;
mod golden;
mod key_generation;
mod opening;
mod rotation;
mod site;
mod stock_age;
