//! A body on its way, and what it means when it does not arrive.

use crawler::{Advice, BoxStream, TransportError};
use futures_util::stream;
use reqwest::Response;

use crate::admission::{Opening, Ticket};

/// A fetch between its first byte and its last. When it is given up while something is being waited for, or when it
/// fails, its circuit is left: a service that fell silent does not answer on the same circuit a moment later, and arti
/// takes half a minute to notice that one is dead. A new circuit costs a second.
pub(crate) struct Unfinished {
    ticket: Ticket,
    /// Whether the other side's turn it is.
    waiting: bool,
}

impl Unfinished {
    /// A fetch that begins by waiting for the answer.
    pub(crate) const fn new(ticket: Ticket) -> Self {
        Self { ticket, waiting: true }
    }

    /// What the gate has noted since this fetch began.
    pub(crate) fn opening(&self) -> Opening {
        self.ticket.opening()
    }

    /// Something came.
    pub(crate) const fn answered(&mut self) {
        self.waiting = false;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if self.waiting {
            self.ticket.leave_lane();
        }
    }
}

/// The body, piece by piece, as it comes over the wire.
pub(crate) fn pieces(
    response: Response,
    unfinished: Unfinished,
) -> BoxStream<'static, Result<Vec<u8>, TransportError>> {
    Box::pin(stream::unfold(Some((response, unfinished)), |going| async {
        let (mut response, mut unfinished) = going?;
        unfinished.waiting = true;
        match response.chunk().await {
            Ok(piece) => {
                unfinished.answered();
                Some((Ok(piece?.to_vec()), Some((response, unfinished))))
            }
            Err(_) => Some((Err(BROKEN), None)),
        }
    }))
}

const BROKEN: TransportError =
    TransportError { advice: Advice::Soon, reached: true, what: "the connection ended inside the page" };
