//! The OpenAPI document, made from the role table.

use model::Role;
use serde_json::{Map, Value, json};

use crate::routes::{Method, Need, ROUTES, Reply, Route};

/// OpenAPI 3.1 of every route under `/api/v1`.
#[must_use]
pub fn document() -> Value {
    let mut paths = Map::new();
    for route in ROUTES.iter().filter(|route| route.reply == Reply::Json) {
        let method = if route.method == Method::Get { "get" } else { "post" };
        let at = paths.entry(route.path).or_insert_with(|| json!({}));
        at[method] = operation(route);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Lanthorn",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
            "description": "The same permits as the pages, the same log. Sign in for a session cookie and a form token; \
                            every POST but that one carries the token in the header X-Lanthorn-Form-Token.",
        },
        "paths": paths,
        "components": {
            "securitySchemes": { "session": { "type": "apiKey", "in": "cookie", "name": crate::cookies::SESSION } },
            "schemas": { "Problem": {
                "type": "object",
                "description": "RFC 9457",
                "required": ["type", "title", "status"],
                "properties": {
                    "type": { "type": "string" },
                    "title": { "type": "string" },
                    "status": { "type": "integer" },
                    "detail": { "type": "string" },
                    "rule": { "type": "string", "description": "the rule that refused it" },
                    "at": { "type": "integer", "description": "the character of the query that the mistake is at, from 0" },
                },
            } },
        },
    })
}

fn operation(route: &Route) -> Value {
    let in_path = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<_> = in_path
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    let roles: Vec<_> = Role::ALL.into_iter().filter(|role| route.need.takes(*role)).collect();
    let mut operation = json!({
        "summary": route.about,
        "operationId": name(route),
        "x-roles": roles,
        "responses": {
            "200": { "description": "done", "content": { "application/json": {} } },
            "default": { "description": "a problem", "content": { "application/problem+json": {
                "schema": { "$ref": "#/components/schemas/Problem" } } } },
        },
    });
    if route.need != Need::Anyone {
        operation["security"] = json!([{ "session": [] }]);
    }
    if route.method == Method::Get {
        let fields = route.fields.iter();
        parameters.extend(fields.map(|(name, required, about)| {
            json!({
                "name": name, "in": "query", "required": required, "description": about, "schema": { "type": "string" },
            })
        }));
    } else {
        let token = json!({ "name": "X-Lanthorn-Form-Token", "in": "header", "required": true, "schema": { "type": "string" } });
        parameters.extend((route.need != Need::Anyone).then_some(token));
        let properties: Map<_, _> = route
            .fields
            .iter()
            .map(|(name, _, about)| ((*name).to_owned(), json!({ "type": "string", "description": about })))
            .collect();
        let required: Vec<_> = route.fields.iter().filter(|field| field.1).map(|field| field.0).collect();
        operation["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": {
            "type": "object", "properties": properties, "required": required } } } });
    }
    operation["parameters"] = parameters.into();
    operation
}

/// `get-cases-case-pivot`.
fn name(route: &Route) -> String {
    let method = if route.method == Method::Get { "get" } else { "post" };
    let path = route.path.trim_start_matches("/api/v1/").replace(['{', '}'], "").replace(['/', '.'], "-");
    format!("{method}-{path}")
}
