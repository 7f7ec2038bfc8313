//! Who asked for what, in order: the first requests in memory, all of them in a file.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::http::Asking;
use crate::answers::Asked;

/// Requests that are kept in memory.
pub const MAX_REMEMBERED: usize = 100_000;

/// The record of one site's requests.
pub(super) struct Log(Mutex<Kept>);

struct Kept {
    file: Option<File>,
    first: Vec<Asked>,
    count: usize,
}

impl Log {
    /// A record that appends `METHOD HOST PATH` lines to a file, if one is named.
    pub(super) fn open(file: Option<&Path>) -> io::Result<Self> {
        let file = file.map(|file| OpenOptions::new().append(true).create(true).open(file)).transpose()?;
        Ok(Self(Mutex::new(Kept { file, first: Vec::new(), count: 0 })))
    }

    /// Writes a request down before it is answered. Neither a host nor a path has blanks in it.
    pub(super) fn note(&self, asking: &Asking) -> io::Result<()> {
        let Asking { host, path, .. } = asking;
        let method = if asking.head_only { "HEAD" } else { "GET" };
        let mut kept = self.kept();
        if let Some(file) = &mut kept.file {
            // One write, so that a line is whole even if this process is killed.
            file.write_all(format!("{method} {} {path}\n", if host.is_empty() { "-" } else { host }).as_bytes())?;
        }
        kept.count += 1;
        if kept.first.len() < MAX_REMEMBERED {
            let url = format!("http://{host}{path}");
            kept.first.push(Asked { method, url, host: host.clone(), path: path.clone() });
        }
        Ok(())
    }

    pub(super) fn remembered(&self) -> Vec<Asked> {
        self.kept().first.clone()
    }

    pub(super) fn count(&self) -> usize {
        self.kept().count
    }

    /// A panic in one thread leaves the record whole: each change is a single one.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
