//! `--serve`: when the story is told, the pages stay up, with one sign-in for each role, until Ctrl-C.

use std::collections::BTreeMap;
use std::io::BufRead as _;
use std::net::TcpListener;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail};
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, Mac as _};
use sha1::Sha1;

use super::cast::{ANALYST, AUDITOR, Cast, OPERATOR, PASSPHRASE, SUPERVISORS};
use crate::text::Voice;

const PEOPLE: [(&str, &str); 4] =
    [(ANALYST, "analyst"), (SUPERVISORS[0], "supervisor"), (OPERATOR, "operator"), (AUDITOR, "auditor")];

/// Where the pages are, unless somebody else is there.
const PORT: u16 = 8470;
/// How often it is looked whether the command has ended.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Ctrl-C reaches the command, too; where it reached this program alone, it is passed on after so many looks.
const PATIENCE: u32 = 60;

/// Serves the pages until whoever watches has seen enough.
pub(crate) fn serve(cast: &Cast) -> Result<()> {
    let voice = cast.voice();
    let listen = TcpListener::bind(("127.0.0.1", PORT)).or_else(|_| TcpListener::bind(("127.0.0.1", 0)));
    let listen = listen.and_then(|listener| listener.local_addr()).context("find a free port")?.to_string();
    voice.head(&format!("the pages: http://{listen} (Ctrl-C ends them)"));
    for (person, role) in PEOPLE {
        voice.say(&format!("  {role:<10}  account {person:<8}  passphrase {PASSPHRASE}"));
    }
    voice.say("  Leave the code empty the first time. The page then shows a secret for an authenticator program; who has none at");
    voice.say("  hand types the secret here, and whenever a code is needed again, Enter alone.");
    std::thread::spawn(move || codes(voice));

    let (interrupted, ended) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    signal_hook::flag::register(signal_hook::consts::SIGINT, interrupted.clone()).context("wait for Ctrl-C")?;
    signal_hook::flag::register(signal_hook::consts::SIGTERM, ended.clone()).context("wait for the end")?;
    let mut command = cast.shown_command(&["up", "--listen", &listen]);
    let mut child = command.stdout(Stdio::inherit()).spawn().context("start lanthorn up")?;
    let status = wait(&mut child, &interrupted, &ended)?;
    // Ended by Ctrl-C is how it is meant to end.
    if status.success() || status.code().is_none_or(|code| code == 130) {
        return Ok(());
    }
    bail!("`lanthorn up` ended with {status}")
}

fn wait(child: &mut Child, interrupted: &AtomicBool, ended: &AtomicBool) -> Result<std::process::ExitStatus> {
    let (mut looks, mut told) = (0, false);
    loop {
        if let Some(status) = child.try_wait().context("wait for lanthorn up")? {
            return Ok(status);
        }
        if interrupted.load(Ordering::Relaxed) {
            looks += 1;
        }
        if !told && (looks > PATIENCE || ended.load(Ordering::Relaxed)) {
            let pid = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw).context("a process")?;
            rustix::process::kill_process(pid, rustix::process::Signal::TERM).context("end lanthorn up")?;
            told = true;
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

#[expect(clippy::disallowed_methods, reason = "an authenticator program goes by the clock on the wall")]
fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Stands in for an authenticator program: secrets are typed in, codes come out.
fn codes(voice: Voice) {
    let mut secrets: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let typed: String = line.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
        if !typed.is_empty() {
            match BASE32_NOPAD.decode(typed.as_bytes()) {
                Ok(secret) => drop(secrets.insert(typed, secret)),
                Err(_) => voice.say("  that is no secret: it has the letters A to Z and the digits 2 to 7"),
            }
        }
        let seconds = seconds();
        for (name, secret) in &secrets {
            let code = code(secret, seconds / 30);
            voice.say(&format!("  {}…  {code}  for {} s", &name[..4.min(name.len())], 30 - seconds % 30));
        }
    }
}

/// RFC 4226, section 5.3, with the counter of RFC 6238.
fn code(secret: &[u8], step: u64) -> String {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else { return String::new() };
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 0xf);
    let number = u32::from_be_bytes([hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]]);
    format!("{:06}", number % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        let secret = b"12345678901234567890";
        let at = |seconds: u64| code(secret, seconds / 30);
        // Appendix B, the last six of its eight digits.
        assert_eq!([at(59), at(1_111_111_109), at(20_000_000_000)], ["287082", "081804", "353130"]);
    }
}
