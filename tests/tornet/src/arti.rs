//! The configuration with which arti joins the network instead of the public one.

use std::path::Path;

use toml::Value;

use crate::keys::Authority;
use crate::torrc::LEAST_CIRCUIT_TIMEOUT_MS;

/// The TOML that arti-client 0.47 reads into a `TorClientConfigBuilder`.
///
/// `allow_local_addrs` is for `http://127.0.0.1:PORT` through an exit; onion services and names need it not.
pub(crate) fn config(authorities: &[Authority], state: &Path, cache: &Path) -> String {
    let quoted = |text: &str| Value::String(text.to_owned()).to_string();
    let caches: Vec<_> = authorities
        .iter()
        .map(|Authority { place, rsa, ed25519, .. }| {
            let port = quoted(&format!("{}:{}", place.address, place.or_port));
            format!(
                "    {{ rsa_identity = {}, ed_identity = {}, orports = [{port}] }},\n",
                quoted(rsa),
                quoted(ed25519)
            )
        })
        .collect();
    let idents: Vec<_> = authorities.iter().map(|authority| format!("    {},\n", quoted(&authority.v3ident))).collect();
    format!(
        "\
# How arti-client 0.47 joins this private Tor network.
[tor_network]
fallback_caches = [
{caches}]

[tor_network.authorities]
v3idents = [
{idents}]
uploads = []
downloads = []
votes = []

[override_net_params]
cbtmintimeout = {LEAST_CIRCUIT_TIMEOUT_MS} # milliseconds; arti keeps the timeouts it learns, and on loopback it learns 60 ms

[storage]
cache_dir = {cache}
state_dir = {state}

[storage.permissions]
dangerously_trust_everyone = true # a test's folder stands below a temporary folder that everybody may write to

[address_filter]
allow_onion_addrs = true
allow_local_addrs = true
",
        caches = caches.concat(),
        idents = idents.concat(),
        cache = quoted(&cache.display().to_string()),
        state = quoted(&state.display().to_string()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;
    use crate::plan::{Kind, Plan};
    use crate::slot::Slot;

    #[test]
    fn the_configuration_names_every_authority_and_any_path() {
        let slot = Slot::take(|_| true).expect("a slot");
        let plan = Plan::new(&slot, &Options::default());
        let authorities: Vec<_> = plan
            .of(&[Kind::Authority])
            .map(|place| Authority {
                place: place.clone(),
                v3ident: format!("ident of {}", place.name),
                rsa: format!("rsa of {}", place.name),
                ed25519: "bYdFUJWA8XrDlQfrkP9prm5oDXMzVC09D/aCxUguVqc".to_owned(),
            })
            .collect();
        let text = config(&authorities, Path::new("a \"state\""), Path::new("C:\\cache"));
        let table: toml::Table = text.parse().expect("TOML");
        let caches = table["tor_network"]["fallback_caches"].as_array().expect("a list");
        assert_eq!(caches.len(), 3);
        assert_eq!(caches[2]["rsa_identity"].as_str(), Some("rsa of authority2"));
        let port = format!("{}:{}", slot.address(1), slot.port(1));
        assert_eq!(caches[1]["orports"][0].as_str(), Some(port.as_str()));
        assert_eq!(table["tor_network"]["authorities"]["v3idents"][0].as_str(), Some("ident of authority0"));
        assert_eq!(table["storage"]["state_dir"].as_str(), Some("a \"state\""));
        assert_eq!(table["storage"]["cache_dir"].as_str(), Some("C:\\cache"));
        assert_eq!(table["override_net_params"]["cbtmintimeout"].as_integer(), Some(2000));
    }
}
