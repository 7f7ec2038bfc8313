//! Every rule that a document must keep before it may be signed; all findings at once, the gravest first.

use std::collections::BTreeSet;

use model::{CaseId, PersonId, Timestamp};

use crate::document::{Account, Ceilings, Document, LegalBasis, LoginPage, RobotsPolicy, Site, delay_or_polite};
use crate::draft::{Draft, DraftAccount, DraftCeilings, DraftRobots, DraftTarget};
use crate::limits::{
    MAX_BYTES, MAX_DAYS, MAX_DELAY_MILLIS, MAX_DEPTH, MAX_OFFENCE_CODES, MAX_PAGES, MAX_PORTS, MAX_PREFIXES,
    MAX_REQUESTS_PER_MINUTE, MAX_RETENTION_DAYS, MAX_SUPERVISORS, MAX_TARGETS, MAX_TEXT_CHARS, MIN_SUPERVISORS,
    POLITE_DELAY_MILLIS,
};
use crate::scope::{self, Scheme};
use crate::{Protected, Refusal, Rule, host};

/// What people write when they have nothing to write.
const PLACEHOLDERS: &[&str] = &[
    "-", "--", "...", "?", "n/a", "na", "nil", "none", "null", "tba", "tbd", "test", "todo", "unknown", "x", "xx",
    "xxx",
];

/// Words that claim openness where a law is asked for. A "Public Order Act" is a law, so whole phrases are looked for.
const OPENNESS: &[&str] = &[
    "is public",
    "are public",
    "was public",
    "made public",
    "publicly",
    "public access",
    "public data",
    "public domain",
    "public information",
    "public internet",
    "public page",
    "public source",
    "public web",
    "open source",
    "open-source",
    "osint",
    "openly",
    "freely accessible",
    "freely available",
    "accessible to everyone",
    "accessible to anyone",
    "accessible au public",
    "öffentlich zugänglich",
    "allgemein zugänglich",
    "de acceso público",
];

/// One lawful day in milliseconds.
const DAY_MILLIS: i64 = 86_400_000;

/// The document of a draft, or everything that it is refused for.
pub(crate) fn check(draft: Draft) -> Result<Document, Vec<Refusal>> {
    let mut faults = Faults::default();
    let mut normal = draft;

    let sites = sites(&mut normal.targets, &mut faults);
    if normal.version != 1 {
        faults.add(Rule::Complete, "version must be 1");
    }
    for (name, text) in [
        ("purpose", &mut normal.purpose),
        ("question", &mut normal.question),
        ("less_intrusive_rejected", &mut normal.less_intrusive_rejected),
        ("audience", &mut normal.audience),
    ] {
        faults.text(name, text);
    }
    let legal_basis = legal_basis(&mut normal, &mut faults);
    offences(&mut normal.offence_codes, &mut faults);
    let case = faults.parsed::<CaseId>("case", &normal.case);
    if normal.revocation_id.parse::<CaseId>().is_err() {
        faults.add(Rule::Complete, "revocation_id must be 1 to 40 of a-z, 0-9, '-' and single '.'");
    }
    if normal.media != "text-only" {
        faults.add(Rule::MediaPolicy, "media is not \"text-only\"");
    }
    if !(1..=MAX_RETENTION_DAYS).contains(&normal.retention_days) {
        faults.add(Rule::Retention, format!("retention_days is {}", normal.retention_days));
    }
    let window = window(&mut normal, &mut faults);
    let supervisors = supervisors(&mut normal.supervisors, &mut faults);
    let ceilings = ceilings(&normal.ceilings, &mut faults);

    match (case, window, ceilings, faults.list.is_empty()) {
        (Some(case), Some((not_before, not_after)), Some(ceilings), true) => Ok(Document {
            case,
            audience: normal.audience.clone(),
            not_before,
            not_after,
            supervisors,
            legal_basis,
            ceilings,
            sites,
            normal,
        }),
        _ => {
            faults.list.sort_by_key(Refusal::rule); // stable, and the list of rules begins with the gravest
            Err(faults.list)
        }
    }
}

/// Findings so far.
#[derive(Default)]
struct Faults {
    list: Vec<Refusal>,
}

impl Faults {
    fn add(&mut self, rule: Rule, why: impl Into<std::borrow::Cow<'static, str>>) {
        self.list.push(Refusal::new(rule, why));
    }

    /// A text that must say something; spaces around it and runs of them inside do not count.
    fn text(&mut self, name: &str, text: &mut String) {
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            self.add(Rule::Complete, format!("{name} has control characters"));
        }
        *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            self.add(Rule::Complete, format!("{name} is missing"));
        } else if PLACEHOLDERS.contains(&text.to_lowercase().as_str()) || !text.chars().any(char::is_alphanumeric) {
            self.add(Rule::Complete, format!("{name} is a placeholder"));
        } else if text.chars().count() > MAX_TEXT_CHARS {
            self.add(Rule::Complete, format!("{name} is longer than {MAX_TEXT_CHARS} characters"));
        }
    }

    fn parsed<T: std::str::FromStr>(&mut self, name: &str, text: &str) -> Option<T>
    where
        T::Err: std::fmt::Display,
    {
        text.parse().map_err(|error| self.add(Rule::Complete, format!("{name} is {error}"))).ok()
    }
}

fn legal_basis(normal: &mut Draft, faults: &mut Faults) -> LegalBasis {
    let basis = &mut normal.legal_basis;
    for (name, text) in [
        ("legal_basis.instrument", &mut basis.instrument),
        ("legal_basis.article", &mut basis.article),
        ("legal_basis.issuing_authority", &mut basis.issuing_authority),
        ("legal_basis.reference", &mut basis.reference),
    ] {
        faults.text(name, text);
        let lower = text.to_lowercase();
        if matches!(lower.as_str(), "public" | "the public") || OPENNESS.iter().any(|phrase| lower.contains(phrase)) {
            faults.add(Rule::LegalBasis, format!("{name} says that something is public, which is no legal basis"));
        }
    }
    LegalBasis {
        instrument: basis.instrument.clone(),
        article: basis.article.clone(),
        issuing_authority: basis.issuing_authority.clone(),
        reference: basis.reference.clone(),
    }
}

fn offences(codes: &mut [String], faults: &mut Faults) {
    if codes.is_empty() || codes.len() > MAX_OFFENCE_CODES {
        faults.add(Rule::Complete, format!("offence_codes needs 1 to {MAX_OFFENCE_CODES} codes"));
    }
    for (number, code) in codes.iter_mut().enumerate() {
        faults.text(&format!("offence code {}", number + 1), code);
    }
    codes.sort();
}

fn window(normal: &mut Draft, faults: &mut Faults) -> Option<(Timestamp, Timestamp)> {
    let mut moment = |name: &str, text: &mut String| {
        let time = Timestamp::parse_rfc3339(text);
        match time {
            Some(time) => *text = time.to_string(),
            None => faults.add(Rule::Complete, format!("{name} is no RFC 3339 date-time such as 2026-11-24T00:00:00Z")),
        }
        time
    };
    let from = moment("not_before", &mut normal.not_before);
    let until = moment("not_after", &mut normal.not_after);
    let (from, until) = (from?, until?);
    let length = until.since_millis(from);
    if length <= 0 {
        faults.add(Rule::ValidityWindow, "not_after is not later than not_before");
    } else if length > i64::from(MAX_DAYS) * DAY_MILLIS {
        faults.add(Rule::ValidityWindow, format!("it would stand for more than {MAX_DAYS} days"));
    }
    Some((from, until))
}

fn supervisors(names: &mut [String], faults: &mut Faults) -> Vec<PersonId> {
    let mut people = BTreeSet::new();
    for (number, name) in names.iter().enumerate() {
        if let Some(person) = faults.parsed::<PersonId>(&format!("supervisor {}", number + 1), name) {
            people.insert(person);
        }
    }
    if people.len() < MIN_SUPERVISORS || names.len() > MAX_SUPERVISORS {
        faults.add(Rule::Supervisors, format!("{} different supervisors are named", people.len()));
    } else if people.len() < names.len() {
        faults.add(Rule::Supervisors, "a supervisor is named twice");
    }
    names.sort();
    people.into_iter().collect()
}

fn ceilings(draft: &DraftCeilings, faults: &mut Faults) -> Option<Ceilings> {
    let mut within = |name: &str, value: i64, most: u64| {
        let fits = u64::try_from(value).ok().filter(|value| (1..=most).contains(value));
        if fits.is_none() {
            faults.add(Rule::Ceilings, format!("ceilings.{name} is {value}, and must be 1 to {most}"));
        }
        fits
    };
    let pages = within("pages", draft.pages, MAX_PAGES);
    let bytes = within("bytes", draft.bytes, MAX_BYTES);
    let rate = within("requests_per_minute", draft.requests_per_minute.into(), MAX_REQUESTS_PER_MINUTE.into());
    let days = within("days", draft.days.into(), MAX_DAYS.into());
    if draft.depth > MAX_DEPTH {
        faults.add(Rule::Ceilings, format!("ceilings.depth is {}, and must be 0 to {MAX_DEPTH}", draft.depth));
    }
    rate?;
    days?;
    let (requests_per_minute, depth, days) = (draft.requests_per_minute, draft.depth, draft.days);
    Some(Ceilings { pages: pages?, bytes: bytes?, requests_per_minute, depth, days })
}

fn sites(targets: &mut [DraftTarget], faults: &mut Faults) -> Vec<Site> {
    if targets.is_empty() || targets.len() > MAX_TARGETS {
        faults.add(Rule::Complete, format!("1 to {MAX_TARGETS} targets are needed"));
    }
    let mut sites = Vec::new();
    for (index, target) in targets.iter_mut().take(MAX_TARGETS).enumerate() {
        sites.extend(site(index + 1, target, faults));
    }
    for (index, site) in sites.iter().enumerate() {
        let twin = |other: &&Site| other.host == site.host && (other.site != site.site || other.scheme == site.scheme);
        if let Some(other) = sites[..index].iter().find(twin) {
            faults.add(
                Rule::TargetShape,
                format!(
                    "{} and {} name the same host: one label for a host, one target for a scheme of it",
                    other.site, site.site
                ),
            );
        }
        if sites[..index].iter().any(|other| other.site == site.site && other.host != site.host) {
            faults.add(Rule::TargetShape, format!("two hosts have the label {}", site.site));
        }
        if site.account.is_some()
            && sites[..index].iter().any(|other| other.site == site.site && other.account.is_some())
        {
            faults.add(Rule::Account, format!("{} names an account twice", site.site));
        }
    }
    sites
}

/// Brings one target into its normal form; `None` if something in it has been refused.
fn site(number: usize, target: &mut DraftTarget, faults: &mut Faults) -> Option<Site> {
    let before = faults.list.len();
    match host::normal(target.host.trim()) {
        Ok(host) => {
            if let Some(entry) = Protected::builtin().find(&host) {
                faults.add(Rule::ProtectedDestination, format!("target {number} is protected ({})", entry.category));
            }
            target.host = host;
        }
        Err(why) => faults.add(Rule::TargetHost, format!("host of target {number}: {why}")),
    }
    let scheme = Scheme::from_word(&target.scheme);
    if scheme.is_none() {
        faults.add(Rule::TargetShape, format!("scheme of target {number} is not \"http\" or \"https\""));
    }
    ports(number, target, scheme, faults);
    prefixes(number, &mut target.path_prefixes, faults);
    if target.site.parse::<CaseId>().is_err() {
        faults
            .add(Rule::TargetShape, format!("site of target {number} must be 1 to 40 of a-z, 0-9, '-' and single '.'"));
    } else if target.site.contains(".onion") || target.site == target.host {
        faults.add(Rule::TargetShape, format!("site of target {number} is an address; it must be a label for people"));
    }
    let delay = delay_or_polite(target.min_delay_ms);
    if delay < POLITE_DELAY_MILLIS && !target.own_service {
        faults.add(Rule::PoliteDelay, format!("target {number} asks for {delay} ms between requests"));
    } else if delay > MAX_DELAY_MILLIS {
        faults.add(Rule::TargetShape, format!("min_delay_ms of target {number} is above {MAX_DELAY_MILLIS}"));
    }
    target.min_delay_ms = u32::try_from(delay).ok(); // written out, so that the polite delay is signed, too
    if let DraftRobots::SetAside { ground } = &mut target.robots {
        let mut found = Faults::default();
        found.text("the ground", ground);
        if let Some(fault) = found.list.first() {
            faults.add(Rule::RobotsGround, format!("{} (target {number})", fault.why()));
        }
    }
    let account = target.account.as_mut().map(|account| account_of(number, account, &target.host, faults));
    if account.is_some() && scheme == Some(Scheme::Http) && !host::is_onion_v3(&target.host) {
        faults.add(
            Rule::Account,
            format!(
                "target {number} is reached in the clear: whoever runs the exit would read the account's password and \
                 session; an account needs `scheme = \"https\"` or an onion service"
            ),
        );
    }
    if faults.list.len() > before {
        return None;
    }
    Some(Site {
        account: account.flatten(),
        host: target.host.clone(),
        scheme: scheme?,
        ports: target.ports.clone(),
        path_prefixes: target.path_prefixes.clone(),
        site: target.site.clone(),
        own_service: target.own_service,
        min_delay_ms: delay,
        robots: match &target.robots {
            DraftRobots::Obey {} => RobotsPolicy::Obey,
            DraftRobots::SetAside { ground } => RobotsPolicy::SetAside { ground: ground.clone() },
        },
    })
}

/// Brings the account of a target into its normal form.
fn account_of(number: usize, account: &mut DraftAccount, host: &str, faults: &mut Faults) -> Option<Account> {
    if account.label.parse::<CaseId>().is_err() {
        faults.add(
            Rule::Account,
            format!("the account of target {number} needs a label of 1 to 40 of a-z, 0-9, '-' and single '.'"),
        );
    }
    let mut found = Faults::default();
    found.text("the ground", &mut account.ground);
    for fault in found.list {
        faults.add(Rule::Account, format!("{} (account of target {number})", fault.why()));
    }
    let login = match (account.login.is_empty(), account.profile.is_empty()) {
        (false, true) => match scope::normal_login(host, &account.login) {
            Some(normal) => {
                account.login = normal;
                LoginPage::At(account.login.clone())
            }
            None => {
                faults.add(
                    Rule::Account,
                    format!("login of target {number} is no path and query of its host, such as /ucp.php?mode=login"),
                );
                return None;
            }
        },
        (true, false) if account.profile.parse::<CaseId>().is_ok() => LoginPage::OfProfile(account.profile.clone()),
        (true, false) => {
            faults.add(Rule::Account, format!("profile of target {number} is no name of a profile"));
            return None;
        }
        _ => {
            faults.add(
                Rule::Account,
                format!("the account of target {number} needs a login page, or a profile that knows it, and not both"),
            );
            return None;
        }
    };
    Some(Account { label: account.label.clone(), ground: account.ground.clone(), login })
}

fn ports(number: usize, target: &mut DraftTarget, scheme: Option<Scheme>, faults: &mut Faults) {
    if target.ports.is_empty() {
        target.ports.extend(scheme.map(Scheme::default_port));
    }
    target.ports.sort_unstable();
    target.ports.dedup();
    if target.ports.len() > MAX_PORTS || target.ports.contains(&0) {
        faults.add(Rule::TargetShape, format!("target {number} needs 1 to {MAX_PORTS} ports from 1 to 65535"));
    }
}

fn prefixes(number: usize, prefixes: &mut Vec<String>, faults: &mut Faults) {
    prefixes.sort();
    prefixes.dedup();
    if prefixes.is_empty() || prefixes.len() > MAX_PREFIXES {
        faults.add(
            Rule::TargetShape,
            format!("target {number} needs 1 to {MAX_PREFIXES} path_prefixes; \"/\" is the whole host"),
        );
    }
    for (index, prefix) in prefixes.iter_mut().enumerate() {
        match scope::normal_prefix(prefix) {
            Some(normal) => *prefix = normal,
            None => faults.add(
                Rule::TargetShape,
                format!("path prefix {} of target {number} must begin with '/' and be a plain path without dot segments, query or fragment", index + 1),
            ),
        }
    }
    prefixes.sort();
    prefixes.dedup();
}
