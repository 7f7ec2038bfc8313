//! One file a subject: its pages and its part of the API, side by side.

pub(crate) mod alerts;
pub(crate) mod capture;
pub(crate) mod cases;
pub(crate) mod crawls;
pub(crate) mod folders;
pub(crate) mod home;
pub(crate) mod indicators;
pub(crate) mod key_form;
pub(crate) mod keys;
pub(crate) mod links;
pub(crate) mod log;
pub(crate) mod notes;
pub(crate) mod pivot;
pub(crate) mod queue;
pub(crate) mod reports;
pub(crate) mod requests;
pub(crate) mod search;
pub(crate) mod signing;
