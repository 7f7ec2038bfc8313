//! Who may pass the gate at present, and how it went for them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crawler::{Guise, TransportError};

use crate::route::{LANES, Route};

/// A route and a port on its host.
pub(crate) type Door = (Route, u16);

/// The list of the gate: a stream opens only for a door that a fetch stands before.
#[derive(Clone, Default)]
pub(crate) struct Admissions(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// Fetches before each door, and how the last opening went.
    doors: BTreeMap<Door, Waiting>,
    /// The lane of each host, for hosts on which something failed: case, host, guise, lane. Not more than a crawl has hosts
    /// and sessions.
    lanes: BTreeMap<(String, String, Guise), u8>,
}

#[derive(Default)]
struct Waiting {
    fetches: usize,
    opening: Opening,
}

/// How the opening of a stream went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Opening {
    /// Nobody asked for one: a connection that was open already is used.
    #[default]
    None,
    /// It took so many milliseconds.
    Opened(u64),
    /// It failed.
    Failed(TransportError),
}

/// A fetch that stands before a door. While it lives, the gate lets connections to that door pass.
pub(crate) struct Ticket {
    admissions: Admissions,
    door: Door,
}

impl Admissions {
    /// The route of a case to a host, under somebody's name, at present.
    pub(crate) fn route(&self, case: &model::CaseId, host: &str, guise: Guise) -> Route {
        let key = (case.as_str().to_owned(), host.to_owned(), guise);
        let lane = self.state().lanes.get(&key).copied().unwrap_or_default();
        Route { case: case.clone(), host: host.to_owned(), guise, lane }
    }

    /// Stands before a door.
    pub(crate) fn enter(&self, door: Door) -> Ticket {
        let mut state = self.state();
        let waiting = state.doors.entry(door.clone()).or_default();
        waiting.fetches += 1;
        waiting.opening = Opening::None;
        drop(state);
        Ticket { admissions: self.clone(), door }
    }

    /// Whether a fetch stands before that door.
    pub(crate) fn admits(&self, door: &Door) -> bool {
        self.state().doors.contains_key(door)
    }

    /// Notes how the opening of a stream went.
    pub(crate) fn note(&self, door: &Door, opening: Opening) {
        if let Some(waiting) = self.state().doors.get_mut(door) {
            waiting.opening = opening;
        }
    }

    /// Leaves a lane, unless somebody has left it already.
    pub(crate) fn leave(&self, route: &Route) {
        let key = (route.case.as_str().to_owned(), route.host.clone(), route.guise);
        let mut state = self.state();
        let lane = state.lanes.entry(key).or_default();
        if *lane == route.lane {
            *lane = (route.lane + 1) % LANES;
        }
    }

    /// A panic elsewhere leaves the maps whole: each change is one insertion or one removal.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket {
    /// How the opening of a stream went since this fetch came.
    pub(crate) fn opening(&self) -> Opening {
        self.admissions.state().doors.get(&self.door).map(|waiting| waiting.opening).unwrap_or_default()
    }

    /// Something failed: the next connection takes another circuit.
    pub(crate) fn leave_lane(&self) {
        self.admissions.leave(&self.door.0);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut state = self.admissions.state();
        if let Some(waiting) = state.doors.get_mut(&self.door) {
            waiting.fetches -= 1;
            if waiting.fetches == 0 {
                state.doors.remove(&self.door);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(lane: u8) -> Route {
        Route { case: "op-harbour-2026".parse().unwrap(), host: "ads.example".to_owned(), guise: Guise::NOBODY, lane }
    }

    #[test]
    fn a_door_is_open_while_a_fetch_stands_before_it() {
        let admissions = Admissions::default();
        let door = (route(0), 80);
        assert!(!admissions.admits(&door));
        let first = admissions.enter(door.clone());
        let second = admissions.enter(door.clone());
        assert!(
            admissions.admits(&door) && !admissions.admits(&(route(0), 443)) && !admissions.admits(&(route(1), 80))
        );
        drop(first);
        assert!(admissions.admits(&door));
        drop(second);
        assert!(!admissions.admits(&door));
        assert!(admissions.state().doors.is_empty(), "nothing is kept of a door that nobody stands before");
    }

    #[test]
    fn a_lane_is_left_once_however_many_noticed() {
        let admissions = Admissions::default();
        let (first, second) = (admissions.enter((route(0), 80)), admissions.enter((route(0), 80)));
        first.leave_lane();
        second.leave_lane();
        assert_eq!(admissions.route(&route(0).case, "ads.example", Guise::NOBODY), route(1));
        let session = Guise::of_session("reader", 3);
        assert_eq!(admissions.route(&route(0).case, "ads.example", session).lane, 0, "an account's lanes are its own");
        assert_eq!(admissions.route(&route(0).case, "other.example", Guise::NOBODY).lane, 0);
        admissions.leave(&route(1));
        (2..LANES).for_each(|lane| admissions.leave(&route(lane)));
        assert_eq!(
            admissions.route(&route(0).case, "ads.example", Guise::NOBODY),
            route(0),
            "after the last lane comes the first"
        );
    }

    #[test]
    fn an_opening_is_seen_by_the_fetch_that_came_before_it() {
        let admissions = Admissions::default();
        let ticket = admissions.enter((route(0), 80));
        admissions.note(&(route(0), 80), Opening::Opened(7));
        assert_eq!(ticket.opening(), Opening::Opened(7));
        let later = admissions.enter((route(0), 80));
        assert_eq!(later.opening(), Opening::None, "who comes later has not opened it");
    }
}
