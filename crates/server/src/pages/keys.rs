//! One's own security keys: seen, added, removed. Whoever changes them proves again that it is them; it counts for five
//! minutes. The browser's part needs the one script that there is, and the pages say so where it does not run.

use std::sync::LazyLock;

use access::{Proof, Registration, SecurityKey};
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use sha2::{Digest as _, Sha384};

use crate::act;
use crate::ask::{Answer, Ask, html, see, with_cookie, with_type};
use crate::challenges::Purpose;
use crate::cookies::{self, SESSION};
use crate::pages::key_form::{Answered, KeyForm, bytes, challenge, may_use_keys};
use crate::pages::signing::MAX_PASSPHRASE_BYTES;
use crate::problem::Problem;
use crate::view::{Frame, moment};

const SCRIPT: &str = include_str!("../../assets/security-key.js");

/// What a browser holds the script against before it runs it (Subresource Integrity).
pub(crate) fn script_hash() -> &'static str {
    static HASH: LazyLock<String> = LazyLock::new(|| format!("sha384-{}", BASE64.encode(&Sha384::digest(SCRIPT))));
    &HASH
}

pub(crate) async fn script(_: Ask) -> Answer {
    let mut answer = with_type(SCRIPT, "text/javascript; charset=utf-8");
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=600"));
    Ok(answer)
}

#[derive(Template)]
#[template(path = "keys.html")]
struct KeysPage {
    f: Frame,
    keys: Vec<SecurityKey>,
    /// They may change keys now.
    proved: bool,
    /// Their role signs in with a key.
    demanded: bool,
    /// They have to add one before anything else.
    needed: bool,
    site: String,
    /// The person's handle, in base64url.
    handle: String,
    /// What stands in the form of a new key.
    name: String,
    form: KeyForm,
    problem: Option<Problem>,
}

impl KeysPage {
    /// Identifiers of keys that are there, for the browser to pass over.
    fn known(&self) -> String {
        let known: Vec<_> = self.keys.iter().map(|key| BASE64URL_NOPAD.encode(&key.credential)).collect();
        known.join(" ")
    }
}

async fn shown(ask: &Ask, problem: Option<Problem>) -> Answer {
    let principal = ask.principal()?;
    let parts = &ask.app.parts;
    let keys = parts.access.keys_of(principal.person()).await?;
    let proved = proof(ask)?;
    let handle = match &proved {
        Some(proved) => BASE64URL_NOPAD.encode(&parts.access.key_handle(proved, &mut StdRng::from_entropy()).await?),
        None => String::new(),
    };
    let purpose = if proved.is_some() { Purpose::Add } else { Purpose::Prove };
    act::with_problem(problem, |problem| {
        let page = html(&KeysPage {
            f: Frame::new(ask, "keys-title"),
            keys,
            proved: proved.is_some(),
            demanded: parts.access.demands_a_key(principal.role()),
            needed: principal.needs_a_key(),
            site: parts.settings.site.clone(),
            handle,
            name: ask.kept("name", problem.as_ref()),
            form: KeyForm::new(ask, purpose),
            problem,
        })?;
        Ok(if ask.keys_here { may_use_keys(page) } else { page })
    })
}

/// That it is them, if they have proved it a moment ago. Who can do nothing but add a key has done so by signing in.
fn proof(ask: &Ask) -> Result<Option<access::Proved>, Problem> {
    let principal = ask.principal()?;
    if principal.needs_a_key() {
        return Ok(Some(ask.app.parts.access.proved_by_signing_in(principal)?));
    }
    Ok(ask.seat.as_ref().and_then(|seat| seat.proved.clone()))
}

pub(crate) async fn page(ask: Ask) -> Answer {
    shown(&ask, None).await
}

pub(crate) async fn prove(ask: Ask) -> Answer {
    let tried = try_to_prove(&ask).await;
    match (tried, &ask.seat) {
        (Ok(proved), Some(seat)) => {
            ask.app.sessions.remember(seat, proved);
            Ok(see("/keys"))
        }
        (Err(problem), _) => again(&ask, problem).await,
        (Ok(_), None) => Ok(see("/sign-in")),
    }
}

async fn try_to_prove(ask: &Ask) -> Result<access::Proved, Problem> {
    let (parts, principal) = (&ask.app.parts, ask.principal()?);
    if ask.form.get("credential").is_some() {
        let answered = Answered::of(ask)?;
        let challenge = challenge(ask, Purpose::Prove)?;
        let (party, assertion) = (&parts.settings.keys, answered.assertion());
        return Ok(parts.access.prove(principal, Proof::Key { party, challenge: &challenge, assertion }).await?);
    }
    let (passphrase, code) = (ask.need("passphrase")?, ask.need("code")?);
    if passphrase.len() > MAX_PASSPHRASE_BYTES {
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "sign-in"));
    }
    let unavailable = |_| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable");
    let _turn = ask.app.hashing.acquire().await.map_err(unavailable)?;
    let second_factors = &parts.second_factors;
    Ok(parts.access.prove(principal, Proof::Passphrase { passphrase, code, second_factors }).await?)
}

/// The page again where whoever filled it in can mend it.
async fn again(ask: &Ask, problem: Problem) -> Answer {
    let mends = problem.mends() || matches!(problem.status, StatusCode::UNAUTHORIZED | StatusCode::TOO_MANY_REQUESTS);
    if mends { shown(ask, Some(problem)).await } else { Err(problem) }
}

pub(crate) async fn add(ask: Ask) -> Answer {
    let Some(proved) = proof(&ask)? else { return Ok(see("/keys")) };
    match try_to_add(&ask, &proved).await {
        // Who could do nothing but this signs in with it now.
        Ok(()) if ask.principal()?.needs_a_key() => {
            if let Some(seat) = &ask.seat {
                ask.app.sessions.end(seat);
            }
            let act = ask.principal()?.act(audit::ActKind::SignOut).detail("step", "to sign in with the key");
            ask.app.parts.journal.note_now(act).await?;
            Ok(with_cookie(see("/sign-in"), &cookies::clear(SESSION)))
        }
        Ok(()) => Ok(see("/keys")),
        Err(problem) => again(&ask, problem).await,
    }
}

async fn try_to_add(ask: &Ask, proved: &access::Proved) -> Result<(), Problem> {
    let name = ask.sentence("name")?;
    redactor::screen(&name)?; // the log and other people read it
    let (client_data, attestation) = (bytes(ask, "client_data")?, bytes(ask, "attestation")?);
    let challenge = challenge(ask, Purpose::Add)?;
    let registration = Registration { client_data: &client_data, attestation: &attestation };
    let parts = &ask.app.parts;
    let added = parts.access.add_key(ask.principal()?, proved, &parts.settings.keys, &challenge, &registration, &name);
    match added.await {
        // Here it is the owner who asks, and may know which step it was.
        Err(access::Error::Key(refusal)) => Err(Problem::bad("key").detail(access::Error::Key(refusal))),
        other => other.map(drop).map_err(Problem::from),
    }
}

pub(crate) async fn remove(ask: Ask) -> Answer {
    let Some(proved) = proof(&ask)? else { return Ok(see("/keys")) };
    let key = ask.param("key")?;
    match ask.app.parts.access.remove_key(ask.principal()?, &proved, key).await {
        Ok(()) => Ok(see("/keys")),
        Err(error) => again(&ask, error.into()).await,
    }
}
