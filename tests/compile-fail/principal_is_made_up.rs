//! A role cannot be invented: a principal comes from signing in, a permit from asking.

fn main() {
    let person: model::PersonId = "a.ivan".parse().unwrap();
    let _principal = access::Principal { person, role: model::Role::Supervisor };
}
