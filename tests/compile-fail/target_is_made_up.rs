//! No socket outside scope: a target comes from `scope::admit`, which asks a signed authorisation.

fn elsewhere(mut target: authorisation::Target) -> authorisation::Target {
    target.url = "http://elsewhere.example/".to_owned();
    target
}

fn main() {}
