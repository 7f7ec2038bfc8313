//! What the process that meets hostile pages may still touch, once it has begun: its data folder, what it was composed to
//! write, and system files to read. It starts no program, offers no known port, and reaches no home folder, no key folder of a
//! person and no other installation, whatever a page makes of it. By Landlock, which needs no privileges.

use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, CompatLevel, Compatible as _, NetPort, PathBeneath, PathFd, Ruleset,
    RulesetAttr as _, RulesetCreatedAttr as _, RulesetError, RulesetStatus,
};

/// What is asked of the kernel; an older one enforces what it knows.
const WANTED: ABI = ABI::V5;

/// What programs read of the system: libraries, certificates, time zones, their own limits.
const READ: [&str; 8] = ["/etc", "/usr", "/lib", "/lib64", "/proc", "/sys", "/dev", "/run/systemd/resolve"];

/// How far the kernel went along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Confinement {
    /// Everything that is asked for is enforced.
    Full,
    /// The kernel knows a part of it.
    Partial,
    /// The kernel has no Landlock, or it is switched off.
    None,
}

impl Confinement {
    /// The word in records and in `doctor`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Partial => "partial",
            Self::None => "none",
        }
    }
}

/// Confines this thread and every thread that it starts from now on: called before the first is started. It cannot be undone.
///
/// `port` may be offered on top, if it is not 0.
pub(crate) fn confine(writes: &[PathBuf], reads: &[PathBuf], port: u16) -> Result<Confinement, RulesetError> {
    let everything = AccessFs::from_all(WANTED);
    // No device is made, and no program started: not even one of ours.
    let write = everything & !(AccessFs::Execute | AccessFs::MakeChar | AccessFs::MakeBlock);
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(everything)?
        .handle_access(AccessNet::BindTcp)?
        .create()?;
    // The gate between reqwest and Tor takes whatever port the kernel gives it on the loopback address.
    rules = rules.add_rule(NetPort::new(0, AccessNet::BindTcp))?;
    if port != 0 {
        rules = rules.add_rule(NetPort::new(port, AccessNet::BindTcp))?;
    }
    for (paths, access) in [(writes, write), (reads, read)] {
        for path in paths {
            rules = allowed(rules, path, access)?;
        }
    }
    for path in READ {
        rules = allowed(rules, Path::new(path), read)?;
    }
    // The standard streams of a child that is never started, and the terminal.
    rules = allowed(rules, Path::new("/dev/null"), read | AccessFs::WriteFile)?;
    Ok(match rules.restrict_self()?.ruleset {
        RulesetStatus::FullyEnforced => Confinement::Full,
        RulesetStatus::PartiallyEnforced => Confinement::Partial,
        RulesetStatus::NotEnforced => Confinement::None,
    })
}

/// What the kernel would go along with, tried in a thread that ends.
pub(crate) fn possible() -> Confinement {
    std::thread::spawn(|| confine(&[], &[], 0)).join().ok().and_then(Result::ok).unwrap_or(Confinement::None)
}

fn allowed(
    rules: landlock::RulesetCreated,
    path: &Path,
    access: landlock::BitFlags<AccessFs>,
) -> Result<landlock::RulesetCreated, RulesetError> {
    // What is not there needs no leave.
    let Ok(file) = PathFd::new(path) else { return Ok(rules) };
    let access = if path.is_dir() { access } else { access & AccessFs::from_file(WANTED) };
    rules.add_rule(PathBeneath::new(file, access))
}
