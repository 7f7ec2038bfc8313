//! The server from outside, without a network: who is let through, what is asked of every form, what every answer says.

mod attacks;
mod authenticator;
mod cases;
mod casework;
mod keys;
mod roles;
mod signing;
mod site;
