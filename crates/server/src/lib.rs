//! Web pages and a JSON API for the four roles, over the redacted index and the log.
//!
//! One table ([`ROUTES`]) says which route takes which role; the guard, the OpenAPI document and the tests are made from
//! it. Every page works with links and forms alone: there is no script, and the content security policy allows none. What
//! a person does goes through the same permits and licences as on the command line, and into the same log.
//!
//! Deliberately absent: keys of any kind but the one for second steps of signing in; anything that opens an original; the
//! way to a supervisor's approval, which is given in the supervisor's own client; sockets that go out. What the server has
//! to ask of rooms that it may not name, it asks of a [`Desk`].
//!
//! ```
//! let search = server::ROUTES.iter().find(|route| route.path == "/cases/{case}/search").unwrap();
//! assert!(search.need.takes(model::Role::Analyst) && !search.need.takes(model::Role::Operator));
//! ```

mod desk;
mod language;
mod problem;
mod settings;

mod app;
mod session;
mod throttle;

mod ask;
mod challenges;
mod cookies;
mod guard;
mod headers;
mod input;

mod act;
mod pages;
mod view;

mod openapi;
mod routes;

mod listen;

pub use app::{Parts, Server};
pub use desk::{
    Ask as GrantAsk, BoxFuture, Desk, DeskError, GrantText, Granted, Host, Paper, Plan, RetentionRow, Schedule,
};
pub use openapi::document as openapi;
pub use routes::{Method, Need, ROUTES, Reply, Route};
pub use settings::Settings;
