//! A fresh Debian machine with a Rust toolchain, made ready for the tests.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};

use crate::command::{cargo, output, program, run_within, succeeds};

/// Something the tests need that a Rust toolchain does not bring.
struct Need {
    /// The Debian package that brings it.
    package: &'static str,
    /// What it is for, for whoever must decide whether to install it.
    purpose: &'static str,
    present: fn() -> bool,
}

const NEEDS: &[Need] = &[
    Need {
        package: "gcc",
        purpose: "links every program, compiles SQLite",
        present: || succeeds("cc", &["--version"]),
    },
    Need {
        package: "golang-go",
        purpose: "builds the outside verifier of the audit log",
        present: || succeeds("go", &["version"]),
    },
    Need {
        package: "golang-golang-x-mod-dev",
        purpose: "the outside verifier's own, unmodified tile and note code",
        present: || Path::new("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog").is_dir(),
    },
    Need {
        package: "age",
        purpose: "opens a disclosed original with another program",
        present: || succeeds("age", &["--version"]),
    },
    Need {
        package: "openssh-client",
        purpose: "checks supervisors' signatures with another program",
        present: || succeeds("ssh", &["-V"]),
    },
    Need {
        package: "openssl",
        purpose: "the time-stamping authority of the tests, and the judge of its signatures",
        present: || succeeds("openssl", &["version"]),
    },
    Need {
        package: "poppler-utils",
        purpose: "reads reports in PDF with another program",
        present: || succeeds("pdftotext", &["-v"]),
    },
    Need {
        package: "python3-venv",
        purpose: "the outside judges of evidence packs: warcio, wacz, authsign, case_validate",
        present: || succeeds("python3", &["-c", "import venv, ensurepip"]),
    },
    Need {
        package: "chromium",
        purpose: "the browser that the web pages are tried in",
        present: || succeeds("chromium", &["--version"]),
    },
    Need {
        package: "chromium-driver",
        purpose: "drives that browser",
        present: || succeeds("chromedriver", &["--version"]),
    },
    Need {
        package: "tor",
        purpose: "the relays of the private network that the Tor tests run over; it is never joined to the public one",
        present: || succeeds("tor", &["--version"]),
    },
];

/// Installs the Debian packages that are missing, and nothing when none is. What it says goes to standard error.
pub(crate) fn packages(limit: Duration) -> Result<()> {
    let missing: Vec<_> = NEEDS.iter().filter(|need| !(need.present)()).collect();
    if missing.is_empty() { Ok(()) } else { install(&missing, limit) }
}

/// Installs what is missing for the tests: packages, and their runner.
pub(crate) fn set_up(limit: Duration) -> Result<()> {
    packages(limit)?;
    if !succeeds("cargo", &["nextest", "--version"]) {
        println!("installing the test runner cargo-nextest");
        run_within(limit, &cargo(["install", "cargo-nextest", "--locked"])).context("install cargo-nextest")?;
    }
    python(limit)?;
    println!("{}, {}", first_line("rustc", &["--version"])?, first_line("cargo", &["nextest", "--version"])?);
    Ok(())
}

/// Python packages of the outside judges of evidence packs, by the versions that the tests were written against.
const JUDGES: &[&str] = &["blake3==1.0.11", "warcio==1.8.1", "wacz==0.6.0", "authsign==0.6.1", "case-utils==0.18.0"];

/// Brings axe-core 4.12.1, which every web page is held against. It is half a megabyte under MPL-2.0 and no part of the repository;
/// of the package that brings it only the script is used, so what it would drive browsers with stays away.
const AXE: &str = "axe-playwright-python==0.1.8";

/// A virtual environment under the target folder, made once.
fn python(limit: Duration) -> Result<()> {
    // Where cargo builds, which the build server moves: the tests look beside the programs that they run.
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), std::path::PathBuf::from);
    let home = crate::command::root().join(target).join("python");
    let done = home.join("lanthorn-judges");
    let wanted = format!("{}\n{AXE}", JUDGES.join("\n"));
    if std::fs::read_to_string(&done).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    println!("installing the outside judges into {}: {}, {AXE}", home.display(), JUDGES.join(", "));
    let folder = home.to_string_lossy().into_owned();
    run_within(limit, program("python3").args(["-m", "venv", &folder])).context("make a Python environment")?;
    let pip = home.join("bin/pip").to_string_lossy().into_owned();
    run_within(limit, program(&pip).args(["install", "--quiet", "--disable-pip-version-check"]).args(JUDGES))
        .context("install the outside judges")?;
    let beside = home.join("axe").to_string_lossy().into_owned();
    let fetch =
        ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--upgrade", "--target", &beside, AXE];
    run_within(limit, program(&pip).args(fetch)).context("install axe-core")?;
    std::fs::write(&done, wanted).context("note what was installed")
}

fn install(missing: &[&Need], limit: Duration) -> Result<()> {
    for need in missing {
        eprintln!("missing: {} ({})", need.package, need.purpose);
    }
    let packages = missing.iter().map(|need| need.package).collect::<Vec<_>>().join(" ");
    let installed = apt(&["update"], limit).and_then(|()| {
        apt(
            &[&["install", "-y", "--no-install-recommends"], packages.split(' ').collect::<Vec<_>>().as_slice()]
                .concat(),
            limit,
        )
    });
    installed
        .map_err(|error| anyhow!("{error:#}; install these Debian packages as root: apt-get install {packages}"))?;
    match missing.iter().find(|need| !(need.present)()) {
        Some(need) => bail!("{} is installed, and still does not do what it is for: {}", need.package, need.purpose),
        None => Ok(()),
    }
}

/// `apt-get`, as root or through `sudo`.
fn apt(arguments: &[&str], limit: Duration) -> Result<()> {
    if !succeeds("apt-get", &["--version"]) {
        bail!("this machine has no apt-get");
    }
    let as_root: &[&str] = match output("id", &["-u"])?.trim() {
        "0" => &[],
        _ if succeeds("sudo", &["--version"]) => &["sudo"],
        _ => bail!("this is not root and there is no sudo"),
    };
    // Standard output may be for a machine: what apt says goes to standard error. `env` sets the variable on the far
    // side of sudo, which passes none through.
    let words = [
        &["sh", "-c", "exec \"$@\" >&2", "sh"],
        as_root,
        &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"],
        arguments,
    ]
    .concat();
    run_within(limit, program(words[0]).args(&words[1..]))
}

fn first_line(name: &str, arguments: &[&str]) -> Result<String> {
    Ok(output(name, arguments)?.lines().next().unwrap_or_default().to_owned())
}
