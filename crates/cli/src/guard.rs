//! What keeps raw text out of places where crashes leave it: no payload in panics, no core dumps.

use std::io::Write;

/// Installs the panic hook and switches core dumps off. Called first thing in `main`.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|info| {
        // The payload may hold page text, so it is never looked at: place and thread say enough to find the fault.
        let place = info.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        let thread = std::thread::current().name().unwrap_or("unnamed").to_owned();
        let _ = writeln!(
            std::io::stderr(),
            "a fault in Lanthorn{place} (thread {thread}); its message is withheld because it could hold page text"
        );
    }));
    let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
    // Refused only where the limit is already lower, which serves as well.
    let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

/// Whether a crash of this process would leave a core file.
pub(crate) fn core_dumps_are_off() -> bool {
    rustix::process::getrlimit(rustix::process::Resource::Core).current == Some(0)
}
