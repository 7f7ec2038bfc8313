//! The protocol on several cores: lines are read in batches, answered by workers in turn, and written in the order in
//! which they came.
//!
//! A batch is what has arrived, never what is still awaited: whoever writes one line and waits for its answer gets it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use zeroize::Zeroizing;

use super::{JsonlOptions, Summary, run};
use crate::limits::MAX_LINE_BYTES;
use crate::{Error, Redactor};

/// Batches that wait at each worker, and how much one batch holds.
const QUEUED: usize = 4;
const MAX_BATCH_BYTES: usize = 256 << 10;
const BUFFER_BYTES: usize = 256 << 10;

type Batch = Zeroizing<Vec<u8>>;
type Answered = Result<(Vec<u8>, Summary), Error>;

/// As [`run`], on `threads` threads besides those that read and write; the output is the same byte for byte.
///
/// # Errors
/// If reading or writing fails.
pub fn run_parallel(
    reader: impl Read + Send,
    mut writer: impl Write,
    redactor: &Redactor,
    options: &JsonlOptions,
    threads: NonZeroUsize,
) -> Result<Summary, Error> {
    let workers: Vec<_> = (0..threads.get())
        .map(|_| (sync_channel::<Result<Batch, Error>>(QUEUED), sync_channel::<Answered>(QUEUED)))
        .collect();
    std::thread::scope(|scope| {
        let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
        for ((input, batches), (answers, output)) in workers {
            scope.spawn(move || work(&batches, &answers, redactor, options));
            inputs.push(input);
            outputs.push(output);
        }
        scope.spawn(move || read(reader, &inputs));
        let mut summary = Summary::default();
        // One worker after the other, as the batches were dealt; the first that has no more is the end.
        for output in outputs.iter().cycle() {
            let answered = match output.try_recv() {
                Ok(answered) => answered,
                Err(_) => {
                    writer.flush().map_err(|source| Error::Stream { act: "write", source })?;
                    let Ok(answered) = output.recv() else { break };
                    answered
                }
            };
            let (lines, part) = answered?;
            writer.write_all(&lines).map_err(|source| Error::Stream { act: "write", source })?;
            add(&mut summary, part);
        }
        writer.flush().map_err(|source| Error::Stream { act: "write", source })?;
        Ok(summary)
    })
}

/// Answers batches until there are none, or nobody wants the answers.
fn work(
    batches: &Receiver<Result<Batch, Error>>,
    answers: &SyncSender<Answered>,
    redactor: &Redactor,
    options: &JsonlOptions,
) {
    for batch in batches {
        let answered = batch.and_then(|batch| {
            let mut out = Vec::with_capacity(batch.len() * 2);
            run(&batch[..], &mut out, redactor, options).map(|summary| (out, summary))
        });
        if answers.send(answered).is_err() {
            return;
        }
    }
}

/// Deals batches to the workers in turn.
fn read(reader: impl Read, inputs: &[SyncSender<Result<Batch, Error>>]) {
    let mut reader = BufReader::with_capacity(BUFFER_BYTES, reader);
    for input in inputs.iter().cycle() {
        let batch = match batch(&mut reader) {
            Ok(batch) if batch.is_empty() => return,
            Ok(batch) => Ok(batch),
            Err(source) => Err(Error::Stream { act: "read", source }),
        };
        let failed = batch.is_err();
        if input.send(batch).is_err() || failed {
            return;
        }
    }
}

/// The next line, and the whole lines behind it that have arrived. A line that is too long is cut where the limit is
/// exceeded, so that whoever answers it sees that it is.
fn batch(reader: &mut BufReader<impl Read>) -> std::io::Result<Batch> {
    let mut batch = Zeroizing::new(Vec::new());
    let limit = MAX_LINE_BYTES as u64 + 1;
    reader.by_ref().take(limit).read_until(b'\n', &mut batch)?;
    if batch.len() > MAX_LINE_BYTES && batch.last() != Some(&b'\n') {
        skip_line(reader)?;
        batch.push(b'\n');
    }
    let arrived = reader.buffer();
    if let Some(last) = memchr::memrchr(b'\n', &arrived[..arrived.len().min(MAX_BATCH_BYTES)]) {
        batch.extend_from_slice(&arrived[..=last]);
        reader.consume(last + 1);
    }
    Ok(batch)
}

fn skip_line(reader: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        let (skip, done) = match memchr::memchr(b'\n', buffer) {
            Some(at) => (at + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        reader.consume(skip);
        if done {
            return Ok(());
        }
    }
}

fn add(summary: &mut Summary, part: Summary) {
    let Summary { texts, bad_lines, text_bytes, spans } = part;
    summary.texts += texts;
    summary.bad_lines += bad_lines;
    summary.text_bytes += text_bytes;
    let all: &mut BTreeMap<_, _> = &mut summary.spans;
    spans.into_iter().for_each(|(label, count)| *all.entry(label).or_default() += count);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TokenKey;

    #[test]
    fn many_threads_write_what_one_writes() {
        let redactor = Redactor::new(TokenKey::from_bytes([7; 32]));
        let options = JsonlOptions::default();
        let mut lines = String::new();
        for n in 0..2_000 {
            lines.push_str(&format!(
                "{{\"id\":{n},\"text\":\"call +44 7700 900{:03} or mail jade{n}@mail.example\"}}\n",
                n % 1000
            ));
            if n % 97 == 0 {
                lines.push_str("no json\n\n");
            }
        }
        let mut one = Vec::new();
        let expected = run(lines.as_bytes(), &mut one, &redactor, &options).expect("memory is read and written");
        for threads in [1, 2, 5] {
            let threads = NonZeroUsize::new(threads).expect("not zero");
            let mut many = Vec::new();
            let summary = run_parallel(lines.as_bytes(), &mut many, &redactor, &options, threads).expect("memory");
            assert_eq!((&summary, &many), (&expected, &one));
        }
    }

    /// One line is answered before the next is written.
    #[test]
    fn a_line_is_answered_as_soon_as_it_has_arrived() {
        let redactor = Redactor::new(TokenKey::from_bytes([7; 32]));
        let (mut input, reader) = (Vec::new(), OneByOne(b"{\"id\":1,\"text\":\"a\"}\n{\"id\":2,\"text\":\"b\"}\n"));
        let threads = NonZeroUsize::new(2).expect("not zero");
        run_parallel(reader, &mut input, &redactor, &JsonlOptions::default(), threads).expect("memory");
        assert_eq!(input.iter().filter(|byte| **byte == b'\n').count(), 2);
    }

    /// Hands out one byte a call.
    struct OneByOne(&'static [u8]);

    impl Read for OneByOne {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
            buffer[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }
}
