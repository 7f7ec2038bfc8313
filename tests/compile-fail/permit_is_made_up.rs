//! A permit comes from `Access::permit`, which asks the role table and logs a refusal.

fn forge(principal: &access::Principal) -> access::Permit {
    access::Permit { person: principal.person().clone(), role: principal.role(), action: model::Action::OpenOriginal }
}

fn main() {}
