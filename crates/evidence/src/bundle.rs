//! `case.jsonld`: the case as other tools read it, in CASE 1.5 and UCO 1.4 (caseontology.org): the investigation, what authorised
//! it, every act on every capture with who did it and with what, and the files that came of it.

use std::collections::{BTreeMap, BTreeSet};

use audit::Opening;
use serde_json::{Value, json};

use crate::pack::Setting;
use crate::warc::uuid;

/// What the bundle says of one capture.
pub(crate) struct Exhibit {
    pub(crate) capture: String,
    pub(crate) uri: String,
    pub(crate) started: String,
    pub(crate) ended: String,
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
    pub(crate) blake3: String,
    pub(crate) authorisation: String,
}

/// The document.
pub(crate) fn document<'a>(
    setting: &Setting,
    exhibits: &[Exhibit],
    entries: impl Iterator<Item = &'a Opening>,
) -> Value {
    let mut graph = Graph {
        seed: format!("{}", setting.disclosure.case),
        nodes: Vec::new(),
        actions: Vec::new(),
        people: BTreeMap::new(),
    };
    let tool = graph.node(
        "tool",
        "tool",
        &setting.tool,
        json!({
            "uco-core:name": setting.tool, "uco-tool:toolType": "web crawler and archive",
            "uco-tool:version": setting.tool.rsplit(' ').next().unwrap_or_default(),
        }),
    );
    let authorisations: Vec<Value> = setting
        .authorisations
        .iter()
        .map(|authority| {
            graph.node(
                "authorization",
                "authorization",
                &authority.id.to_string(),
                json!({
                    "uco-core:name": format!("Authorisation {}", authority.id),
                    "case-investigation:authorizationType": "signed authorisation to collect",
                    "case-investigation:authorizationIdentifier": authority.id.to_string(),
                    "uco-core:startTime": time(&authority.not_before.to_string()),
                    "uco-core:endTime": time(&authority.not_after.to_string()),
                }),
            )
        })
        .collect();
    let known: BTreeMap<&str, (usize, &Exhibit)> = exhibits
        .iter()
        .enumerate()
        .map(|(number, exhibit)| (exhibit.capture.as_str(), (number + 1, exhibit)))
        .collect();
    let mut last: BTreeMap<String, Value> = BTreeMap::new();
    for entry in entries {
        let Some(record) = entry.record.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok()) else {
            continue;
        };
        graph.act(&tool, entry, &record, &known, &mut last);
    }
    let approvers: Vec<Value> =
        setting.approvals.iter().map(|one| graph.person(&format!("person {}", one.person), &tool)).collect();
    let requester = graph.person(&format!("person {}", setting.disclosure.requester), &tool);
    let export = graph.node("action", "investigative-action", "export", json!({
        "uco-core:name": "export of this pack",
        "uco-core:description": format!("{} ({}), for {}", setting.disclosure.reason, setting.disclosure.legal_basis, setting.disclosure.recipient),
        "uco-action:startTime": time(&setting.disclosure.issued.to_string()),
        "uco-action:performer": requester,
        "uco-action:participant": approvers,
        "uco-action:instrument": tool,
    }));
    graph.actions.push(export);
    let investigation = graph.node(
        "investigation",
        "investigation",
        "case",
        json!({
            "uco-core:name": format!("{} ({})", setting.disclosure.case, setting.case_title),
            "case-investigation:investigationForm": "case",
            "case-investigation:relevantAuthorization": authorisations,
            "uco-core:object": graph.actions.clone(),
        }),
    );
    let mut nodes = std::mem::take(&mut graph.nodes);
    nodes.insert(
        0,
        json!({
            "@id": graph.id("bundle", "bundle"), "@type": "uco-core:Bundle", "uco-core:object": [investigation],
        }),
    );
    json!({ "@context": context(), "@graph": nodes })
}

struct Graph {
    seed: String,
    nodes: Vec<Value>,
    actions: Vec<Value>,
    people: BTreeMap<String, Value>,
}

impl Graph {
    /// The same thing has the same name in every bundle of the case.
    fn id(&self, kind: &str, key: &str) -> String {
        let mut hasher = blake3::Hasher::new_derive_key("lanthorn 2026-11 CASE node");
        for part in [&self.seed, kind, key] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        format!("kb:{kind}-{}", uuid(hasher.finalize().as_bytes()))
    }

    /// Adds a node and returns a reference to it.
    fn node(&mut self, class: &str, kind: &str, key: &str, mut value: Value) -> Value {
        let id = self.id(kind, key);
        value["@id"] = id.clone().into();
        value["@type"] = class_of(class).into();
        self.nodes.push(value);
        json!({ "@id": id })
    }

    /// A person under the name that the log gives, or the program itself.
    fn person(&mut self, who: &str, tool: &Value) -> Value {
        let Some(name) = who.strip_prefix("person ") else { return tool.clone() };
        if let Some(known) = self.people.get(name) {
            return known.clone();
        }
        let made = self.node("person", "person", name, json!({ "uco-core:name": name }));
        self.people.insert(name.to_owned(), made.clone());
        made
    }

    /// One entry of the log. The outcome of an act closes its announcement; only a collection's is a node of its own result.
    fn act(
        &mut self,
        tool: &Value,
        entry: &Opening,
        record: &Value,
        known: &BTreeMap<&str, (usize, &Exhibit)>,
        last: &mut BTreeMap<String, Value>,
    ) {
        let said = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
        let (act, part, capture) = (said("act"), said("part"), said("capture"));
        if part == "intent" && act == "collect" {
            return;
        }
        let performer = self.person(&said("who"), tool);
        let mut node = json!({
            "uco-core:name": if part == "note" { act.clone() } else { format!("{act} ({part})") },
            "uco-core:description": format!("entry {} of the log: {}", entry.entry, entry.leaf),
            "uco-action:startTime": time(&said("at")),
            "uco-action:performer": performer,
            "uco-action:instrument": tool,
        });
        if let Some((number, exhibit)) = known.get(capture.as_str()).filter(|_| act == "collect") {
            node["uco-action:startTime"] = time(&exhibit.started);
            node["uco-action:endTime"] = time(&exhibit.ended);
            let results = self.exhibit(*number, exhibit);
            node["uco-action:object"] = json!([self.address(exhibit)]);
            node["uco-action:result"] = results;
            node["case-investigation:relevantAuthorization"] =
                json!({ "@id": self.id("authorization", &exhibit.authorisation) });
        }
        if let Some(before) = last.get(&capture).filter(|_| !capture.is_empty()) {
            node["case-investigation:wasInformedBy"] = before.clone();
        }
        let made = self.node("action", "investigative-action", &entry.entry.to_string(), node);
        if !capture.is_empty() {
            last.insert(capture, made.clone());
        }
        self.actions.push(made);
    }

    /// Where the redacted view stands: the true address is in the sealed original.
    fn address(&mut self, exhibit: &Exhibit) -> Value {
        let facet =
            self.node("url-facet", "url-facet", &exhibit.capture, json!({ "uco-observable:fullValue": exhibit.uri }));
        self.node("url", "url", &exhibit.capture, json!({ "uco-core:hasFacet": [facet] }))
    }

    fn exhibit(&mut self, number: usize, exhibit: &Exhibit) -> Value {
        let hash = |graph: &mut Self, method: &str, value: &str| {
            let value = json!({ "@type": "xsd:hexBinary", "@value": value.to_uppercase() });
            let key = format!("{method} {}", exhibit.capture);
            graph.node("hash", "hash", &key, json!({ "uco-types:hashMethod": method, "uco-types:hashValue": value }))
        };
        let hashes = [hash(self, "SHA256", &exhibit.sha256), hash(self, "BLAKE3", &exhibit.blake3)];
        let name = self.node("file-facet", "file-facet", &exhibit.capture, json!({
            "uco-observable:fileName": format!("{}.html", exhibit.capture), "uco-observable:sizeInBytes": exhibit.bytes,
        }));
        let content = self.node(
            "content-data-facet",
            "content-data-facet",
            &exhibit.capture,
            json!({
                "uco-observable:mimeType": "text/html", "uco-observable:hash": hashes,
            }),
        );
        let file = self.node("file", "file", &exhibit.capture, json!({
            "uco-core:name": format!("redacted view of capture {}", exhibit.capture), "uco-core:hasFacet": [name, content],
        }));
        let provenance = self.node(
            "provenance",
            "provenance-record",
            &exhibit.capture,
            json!({
                "case-investigation:exhibitNumber": format!("EX-{number}"), "uco-core:object": [file],
            }),
        );
        json!([file, provenance])
    }
}

fn class_of(kind: &str) -> &'static str {
    match kind {
        "tool" => "uco-tool:Tool",
        "authorization" => "case-investigation:Authorization",
        "action" => "case-investigation:InvestigativeAction",
        "investigation" => "case-investigation:Investigation",
        "person" => "uco-identity:Person",
        "url-facet" => "uco-observable:URLFacet",
        "url" => "uco-observable:URL",
        "hash" => "uco-types:Hash",
        "file-facet" => "uco-observable:FileFacet",
        "content-data-facet" => "uco-observable:ContentDataFacet",
        "file" => "uco-observable:File",
        _ => "case-investigation:ProvenanceRecord",
    }
}

fn time(text: &str) -> Value {
    json!({ "@type": "xsd:dateTime", "@value": text })
}

fn context() -> Value {
    let uco: BTreeSet<&str> = ["action", "core", "identity", "observable", "tool", "types"].into();
    let mut context: serde_json::Map<String, Value> = uco
        .into_iter()
        .map(|name| (format!("uco-{name}"), format!("https://ontology.unifiedcyberontology.org/uco/{name}/").into()))
        .collect();
    context.insert("kb".into(), "http://lanthorn.invalid/kb/".into());
    context.insert("xsd".into(), "http://www.w3.org/2001/XMLSchema#".into());
    context.insert("case-investigation".into(), "https://ontology.caseontology.org/case/investigation/".into());
    context.into()
}
