//! What goes when a capture is erased or a case destroyed: what people wrote about it goes with it.

use model::{CaptureId, CaseId};
use store::Tx;

use crate::Error;

/// Takes away everything that was noted about captures, in the caller's transaction.
///
/// # Errors
/// When the database cannot be written.
pub async fn forget_captures(tx: &mut Tx, captures: &[CaptureId]) -> Result<(), Error> {
    for capture in captures {
        let id = &capture.as_bytes()[..];
        for delete in [
            "DELETE FROM folder_items WHERE capture = ?",
            "DELETE FROM alert_hits WHERE capture = ?",
            "DELETE FROM flags WHERE capture = ?",
        ] {
            sqlx::query(delete).bind(id).execute(&mut **tx).await?;
        }
        let about = format!("capture {capture}");
        sqlx::query("DELETE FROM notes WHERE about = ?").bind(about).execute(&mut **tx).await?;
    }
    Ok(())
}

/// Takes away everything that was noted in a case, in the caller's transaction.
///
/// # Errors
/// When the database cannot be written.
pub async fn forget_case(tx: &mut Tx, case: &CaseId) -> Result<(), Error> {
    for delete in [
        "DELETE FROM folder_items WHERE folder IN (SELECT folder FROM folders WHERE case_id = ?)",
        "DELETE FROM folders WHERE case_id = ?",
        "DELETE FROM alert_hits WHERE search IN (SELECT search FROM saved_searches WHERE case_id = ?)",
        "DELETE FROM saved_searches WHERE case_id = ?",
        "DELETE FROM notes WHERE case_id = ?",
        "DELETE FROM removed_links WHERE case_id = ?",
        "DELETE FROM flags WHERE case_id = ?",
        "DELETE FROM selectors WHERE case_id = ?",
    ] {
        sqlx::query(delete).bind(case.as_str()).execute(&mut **tx).await?;
    }
    Ok(())
}
