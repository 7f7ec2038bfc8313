//! A site's own policy, in Cedar, on top of the role table: it can deny more, and nothing else.
//!
//! That is structural. The table is asked first, and in code; a policy of the file that is no `forbid` is refused when the file
//! is read; and a policy that cannot be evaluated denies, where Cedar alone would pass over it.

use std::collections::HashSet;
use std::fmt::Write as _;

use cedar_policy::{
    Authorizer, Context, Decision, Effect, Entities, Entity, EntityId, EntityTypeName, EntityUid, Policy, PolicySet,
    Request, RestrictedExpression, Schema, ValidationMode, Validator,
};
use model::{Action, CaseId, PersonId, Role, Timestamp};

use crate::Error;

/// Entities that policies may speak of.
const ENTITIES: &str = include_str!("site_policy.cedarschema");

/// What the role table has granted is permitted; the site's policies take away from it.
const GRANTED: &str = "permit (principal, action, resource);";

/// Longest policy file.
const MAX_BYTES: usize = 64 << 10;

/// The policies of a site, in force.
#[derive(Debug)]
pub struct SitePolicy {
    policies: PolicySet,
    schema: Schema,
    hash: [u8; 32],
    count: usize,
}

impl SitePolicy {
    /// Reads and checks the file's text.
    ///
    /// # Errors
    /// [`Error::Policy`] when it is too long, is no Cedar, speaks of what there is not, or permits anything.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let refuse = |why: String| Error::Policy { why };
        if text.len() > MAX_BYTES {
            return Err(refuse(format!("it is longer than {MAX_BYTES} bytes")));
        }
        let mut policies: PolicySet =
            text.parse().map_err(|error: cedar_policy::ParseErrors| refuse(error.to_string()))?;
        let permitting = policies.policies().find(|policy| policy.effect() == Effect::Permit);
        if permitting.is_some() || policies.templates().next().is_some() {
            return Err(refuse("a site's policy can only `forbid`: what a role may do is the role table's".into()));
        }
        let count = policies.policies().count();
        let schema = schema()?;
        let checked = Validator::new(schema.clone()).validate(&policies, ValidationMode::Strict);
        if let Some(error) = checked.validation_errors().next() {
            return Err(refuse(error.to_string()));
        }
        let granted = Policy::parse(Some(cedar_policy::PolicyId::new("role-table")), GRANTED);
        let granted = granted.map_err(|error| refuse(error.to_string()))?;
        policies.add(granted).map_err(|error| refuse(error.to_string()))?;
        Ok(Self { policies, schema, hash: *blake3::hash(text.as_bytes()).as_bytes(), count })
    }

    /// BLAKE3 of the file's text: what records name.
    #[must_use]
    pub const fn hash(&self) -> &[u8; 32] {
        &self.hash
    }

    /// How many policies it has.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    /// Whether the site denies what the role table grants; then by which policies, as their `@id` names them.
    pub(crate) fn denies(
        &self,
        who: &PersonId,
        role: Role,
        action: Action,
        case: Option<&CaseId>,
        now: Timestamp,
    ) -> Option<Vec<String>> {
        // What cannot be asked is denied.
        let Some(response) = self.asked(who, role, action, case, now) else { return Some(vec!["unasked".into()]) };
        let diagnostics = response.diagnostics();
        if response.decision() == Decision::Allow && diagnostics.errors().next().is_none() {
            return None;
        }
        let named = |id: &cedar_policy::PolicyId| {
            self.policies.annotation(id, "id").map_or_else(|| id.to_string(), str::to_owned)
        };
        let failed = diagnostics.errors().map(|_| "one that cannot be evaluated".to_owned());
        Some(diagnostics.reason().map(named).filter(|name| name != "role-table").chain(failed).collect())
    }

    fn asked(
        &self,
        who: &PersonId,
        role: Role,
        action: Action,
        case: Option<&CaseId>,
        now: Timestamp,
    ) -> Option<cedar_policy::Response> {
        let (person, role, site) = (uid("Person", who.as_str())?, uid("Role", role.as_str())?, uid("Site", "site")?);
        let mut entities = vec![
            Entity::new_no_attrs(person.clone(), HashSet::from([role.clone()])),
            Entity::new_no_attrs(role, HashSet::new()),
            Entity::new_no_attrs(site.clone(), HashSet::new()),
        ];
        let resource = match case {
            None => site,
            Some(case) => {
                let case = uid("Case", case.as_str())?;
                entities.push(Entity::new_no_attrs(case.clone(), HashSet::from([site])));
                case
            }
        };
        let number = |value: i64| RestrictedExpression::new_long(value);
        let days = now.millis().div_euclid(86_400_000);
        let context = Context::from_pairs([
            ("hour".to_owned(), number(now.millis().rem_euclid(86_400_000) / 3_600_000)),
            // The first day of Unix time was a Thursday.
            ("weekday".to_owned(), number((days + 3).rem_euclid(7) + 1)),
        ]);
        let action = uid("Action", &word(action)?)?;
        let request = Request::new(person, action, resource, context.ok()?, Some(&self.schema)).ok()?;
        let entities = Entities::from_entities(entities, Some(&self.schema)).ok()?;
        Some(Authorizer::new().is_authorized(&request, &self.policies, &entities))
    }
}

fn schema() -> Result<Schema, Error> {
    let mut text = ENTITIES.to_owned();
    for action in Action::ALL {
        let word = word(action).ok_or_else(|| Error::Policy { why: "an action has no word".into() })?;
        let _ = writeln!(
            text,
            "action \"{word}\" appliesTo {{ principal: Person, resource: [Site, Case], context: {{ hour: Long, weekday: Long }} }};"
        );
    }
    let (schema, _) = Schema::from_cedarschema_str(&text).map_err(|error| Error::Policy { why: error.to_string() })?;
    Ok(schema)
}

/// The action as the role table's serialised form writes it, such as `run-crawl`.
fn word(action: Action) -> Option<String> {
    serde_json::to_value(action).ok()?.as_str().map(str::to_owned)
}

fn uid(kind: &str, id: &str) -> Option<EntityUid> {
    Some(EntityUid::from_type_name_and_id(kind.parse::<EntityTypeName>().ok()?, EntityId::new(id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn denied(
        policy: &SitePolicy,
        who: &str,
        role: Role,
        action: Action,
        case: Option<&str>,
        hour: i64,
    ) -> Option<Vec<String>> {
        // 2026-11-27 was a Friday.
        let now = Timestamp::parse_rfc3339("2026-11-27T00:00:00Z").unwrap().plus_millis(hour * 3_600_000);
        let case = case.map(|case| case.parse::<CaseId>().unwrap());
        policy.denies(&who.parse().unwrap(), role, action, case.as_ref(), now)
    }

    const POLICY: &str = r#"
        @id("no-night-crawls")
        forbid (principal, action == Action::"run-crawl", resource) when { context.hour < 6 };
        @id("ivan-is-not-on-delta")
        forbid (principal == Person::"a.ivan", action, resource == Case::"op-delta");
        @id("analysts-rest-on-sundays")
        forbid (principal in Role::"analyst", action, resource) when { context.weekday == 7 };
    "#;

    #[test]
    fn a_policy_denies_by_person_role_case_and_time() {
        let policy = SitePolicy::parse(POLICY).unwrap();
        assert_eq!(policy.count(), 3);
        let crawl = |hour| denied(&policy, "o.lena", Role::Operator, Action::RunCrawl, Some("op-harbour"), hour);
        assert_eq!((crawl(5), crawl(6)), (Some(vec!["no-night-crawls".to_owned()]), None));
        let search = |case, hour| denied(&policy, "a.ivan", Role::Analyst, Action::Search, Some(case), hour);
        assert_eq!(search("op-delta", 9), Some(vec!["ivan-is-not-on-delta".to_owned()]));
        assert_eq!(search("op-harbour", 9), None);
        assert_eq!(search("op-harbour", 49), Some(vec!["analysts-rest-on-sundays".to_owned()]));
        assert_eq!(denied(&policy, "s.maria", Role::Supervisor, Action::Search, None, 49), None);
    }

    #[test]
    fn without_a_policy_every_pair_of_the_table_stands_and_none_is_added() {
        let policy = SitePolicy::parse("").unwrap();
        for role in Role::ALL {
            for action in Action::ALL {
                assert_eq!(denied(&policy, "x.anybody", role, action, None, 0), None, "{role} {action:?}");
            }
        }
    }

    #[test]
    fn what_permits_or_speaks_of_what_there_is_not_is_refused() {
        for bad in [
            "permit (principal, action, resource);",
            r#"permit (principal == Person::"a.ivan", action == Action::"open-original", resource);"#,
            "forbid (principal, action, resource)",
            r#"forbid (principal, action == Action::"open-orignal", resource);"#,
            "forbid (principal, action, resource) when { context.moon == 3 };",
            "forbid (principal, action, resource) when { principal.rank > 3 };",
            r#"forbid (principal == ?principal, action, resource);"#,
            &format!("// {}", "x".repeat(MAX_BYTES)),
        ] {
            assert!(matches!(SitePolicy::parse(bad), Err(Error::Policy { .. })), "{}", &bad[..bad.len().min(80)]);
        }
    }

    /// Cedar passes over a policy that fails while it is evaluated; here it denies.
    #[test]
    fn a_policy_that_cannot_be_evaluated_denies() {
        let text = "forbid (principal, action, resource) when { context.hour + 9223372036854775807 == 3 };";
        let policy = SitePolicy::parse(text).unwrap();
        assert!(denied(&policy, "a.ivan", Role::Analyst, Action::Search, None, 9).is_some());
    }
}
