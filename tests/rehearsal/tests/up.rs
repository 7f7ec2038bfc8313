//! `lanthorn up`: what a site runs, from one command.

use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::Duration;

use rehearsal::CASE;

use crate::ready;

/// Looks, half a second apart.
const LOOKS: usize = 120;

#[test]
fn the_log_and_the_pages_run_side_by_side_and_end_together() {
    let lanthorn = ready(61, 6);
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap();
    let said = lanthorn.path("said");
    let mut command = lanthorn.command(&["up", "--listen", &free.to_string()], 0);
    let mut up = command.stdout(Stdio::null()).stderr(File::create(&said).unwrap()).spawn().unwrap();
    let wait = |what: &str, is: &dyn Fn() -> bool| {
        for _ in 0..LOOKS {
            if is() {
                return;
            }
            std::thread::sleep(Duration::from_millis(500));
        }
        panic!("{what}: {}", fs::read_to_string(&said).unwrap());
    };
    wait("the pages are not there", &|| TcpStream::connect_timeout(&free, Duration::from_secs(1)).is_ok());
    // Longer than the pause after which a process that has ended is started again.
    std::thread::sleep(Duration::from_secs(3));
    // What other commands write is signed by the log's own process.
    let _ = lanthorn.by("a.ivan", &["search", CASE, "harbour"]);
    wait("the log is not signed", &|| lanthorn.run(&["audit", "verify"]).json()["unsigned"] == 0);

    assert!(up.try_wait().unwrap().is_none(), "it runs until it is told to end");
    assert!(Command::new("kill").args(["-TERM", &up.id().to_string()]).status().unwrap().success());
    wait("the pages are still there", &|| TcpStream::connect_timeout(&free, Duration::from_secs(1)).is_err());
    assert!(up.wait().unwrap().success());
    let said = fs::read_to_string(&said).unwrap();
    assert!(!said.contains("started again") && !said.contains("another process"), "{said}");
}
