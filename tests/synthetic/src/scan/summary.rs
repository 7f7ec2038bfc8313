//! A report for another program: how much was looked at, and what was found where.

use std::path::Path;

use model::Label;
use serde::Serialize;

use super::{Coding, Container, Form, Needle, Report};

/// The report of one folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Different values that were found.
    pub leaks: usize,
    /// Values that were looked for.
    pub planted: usize,
    /// Files read.
    pub files: usize,
    /// Bytes read from them.
    pub bytes: u64,
    /// Compressed frames opened.
    pub frames: usize,
    /// Stored documents read.
    pub documents: usize,
    /// Dictionary entries read.
    pub terms: usize,
    /// Every place where a value was found.
    pub found: Vec<Found>,
}

/// One value in one file. The value itself is not repeated: its number leads to it in the list of what was planted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Its number in the list of what was planted.
    pub planted: usize,
    /// What it is.
    pub label: Label,
    /// In which file, named from the folder that was scanned.
    pub file: String,
    /// In which form.
    pub form: Form,
    /// In which encoding.
    pub coding: Coding,
    /// Inside what.
    pub container: Container,
}

impl Summary {
    /// What a scan of `folder` for these needles has reported.
    #[must_use]
    pub fn of(report: &Report, needles: &[Needle], folder: &Path) -> Self {
        let found = report.leaks.iter().map(|leak| Found {
            planted: leak.needle,
            label: needles[leak.needle].label,
            file: leak.file.strip_prefix(folder).unwrap_or(&leak.file).display().to_string(),
            form: leak.form,
            coding: leak.coding,
            container: leak.container,
        });
        Self {
            leaks: report.needles().len(),
            planted: needles.len(),
            files: report.files,
            bytes: report.bytes,
            frames: report.frames,
            documents: report.documents,
            terms: report.terms,
            found: found.collect(),
        }
    }
}
