//! What every answer says to the browser.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// Nothing but our own style, our own forms, and nobody's frame. There is no script source: there is no script on a page but
/// on the two that ask for a security key.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; \
                      base-uri 'none'; report-uri /csp-report; report-to reports";

const FEATURES: &str = "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), \
                        geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), \
                        picture-in-picture=(), publickey-credentials-create=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), \
                        xr-spatial-tracking=()";

/// The same for a page that asks for a security key: our own script, and no other.
const POLICY_WITH_KEYS: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; \
                                frame-ancestors 'none'; base-uri 'none'; report-uri /csp-report; report-to reports";

/// The headers of every answer, whatever it is.
const ALWAYS: &[(&str, &str)] = &[
    ("content-security-policy", POLICY),
    ("reporting-endpoints", "reports=\"/csp-report\""),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("origin-agent-cluster", "?1"),
    ("permissions-policy", FEATURES),
    ("x-robots-tag", "noindex, nofollow"),
    ("cache-control", "no-store"),
    ("vary", "Cookie, Accept-Language"),
];

/// Lets a page's script ask the browser for a security key, for this page itself and for none within it.
pub(crate) fn allow_keys(headers: &mut HeaderMap) {
    let features = ["create", "get"].iter().fold(FEATURES.to_owned(), |features, what| {
        features.replace(&format!("publickey-credentials-{what}=()"), &format!("publickey-credentials-{what}=(self)"))
    });
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY_WITH_KEYS));
    if let Ok(features) = HeaderValue::from_str(&features) {
        headers.insert(HeaderName::from_static("permissions-policy"), features);
    }
}

/// Puts them on. What an answer has set itself stays.
pub(crate) fn put(headers: &mut HeaderMap, tls_only: bool) {
    for (name, value) in ALWAYS {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    if tls_only {
        let value = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(value);
    }
}
