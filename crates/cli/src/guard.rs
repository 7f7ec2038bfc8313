//! What keeps raw text out of places where crashes leave it: no payload in panics, no core dumps.

use std::io::Write;
use std::sync::OnceLock;

use model::Sharing;

use crate::confinement::Confinement;

static CONFINED: OnceLock<Confinement> = OnceLock::new();

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
    // What a library makes without saying who may read it is the owner's alone.
    let _ = rustix::process::umask(rustix::fs::Mode::from_raw_mode(Sharing::Private.forbidden()));
    let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
    // Refused only where the limit is already lower, which serves as well.
    let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

/// Lets the group of a shared data folder use what this process makes there from now on.
pub(crate) fn share_with_the_group() {
    let _ = rustix::process::umask(rustix::fs::Mode::from_raw_mode(Sharing::Group.forbidden()));
}

/// Whether a crash of this process would leave a core file.
pub(crate) fn core_dumps_are_off() -> bool {
    rustix::process::getrlimit(rustix::process::Resource::Core).current == Some(0)
}

/// Remembers how this process was confined, for the log.
pub(crate) fn confined(how: Confinement) {
    let _ = CONFINED.set(how);
}

/// How this process is confined.
pub(crate) fn confinement() -> Confinement {
    CONFINED.get().copied().unwrap_or(Confinement::None)
}

/// Keeps this process's memory out of swap, where the system allows as much: secrets of supervisors are in it. Whether it does.
///
/// With a limit on locked memory the lock would make later allocations fail, scrypt's 256 MiB first; so it is taken where there
/// is none (`LimitMEMLOCK=infinity`, `ulimit -l unlimited`), and `doctor` says which it is.
pub(crate) fn keep_in_memory() -> bool {
    use rustix::mm::{MlockAllFlags, mlockall};
    rustix::process::getrlimit(rustix::process::Resource::Memlock).current.is_none()
        && mlockall(MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT).is_ok()
}
