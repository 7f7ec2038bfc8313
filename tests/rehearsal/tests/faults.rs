//! An error and a panic at each stage, while a page with planted identifiers is in hand: nothing of it gets out, and
//! nothing is lost.

use pipeline::Stage;
use rehearsal::CASE;
use synthetic::scan::{Needle, Scan};

use crate::{expected_captures, ready, whole};

/// Pages that each broken run may keep: the site lasts for all of them.
const PAGES_A_RUN: &str = "9";

#[test]
fn an_error_or_a_panic_at_any_stage_lets_nothing_out_and_loses_nothing() {
    let lanthorn = ready(31, 160);
    let scan = Scan::new(&Needle::all([&lanthorn.site]));
    for stage in Stage::ALL {
        for what in ["error", "panic"] {
            let mut command = lanthorn.crawling();
            command.args(["--max-pages", PAGES_A_RUN]).env("LANTHORN_FAULT", format!("{}:{what}:3", stage.as_str()));
            let ran = rehearsal::finish(command);
            let fault = format!("{what} at {}: {ran:?}", stage.as_str());
            // What every page would meet ends the crawl; what one page meets costs that page a turn.
            let ends = matches!(stage, Stage::Lease | Stage::Index);
            assert_eq!(ran.code, i32::from(ends), "{fault}");
            assert!(ran.err.contains(stage.as_str()), "the fault was told: {fault}");
            assert_eq!(what == "panic", ran.err.contains("its message is withheld because"), "{fault}");
            for text in [&ran.out, &ran.err] {
                assert_eq!(scan.bytes("output".as_ref(), text.as_bytes()).unwrap(), [], "{fault}");
            }
        }
    }
    assert_eq!(scan.folder(&lanthorn.data()).unwrap().leaks, []);

    let _ = lanthorn.crawl().good();
    whole(&lanthorn, expected_captures(&lanthorn));
    assert_eq!(scan.folder(&lanthorn.data()).unwrap().leaks, []);
    let status = lanthorn.run(&["crawl", "status", CASE]).good().json();
    assert_eq!(status[0]["waiting"], 0, "{status}");
}
