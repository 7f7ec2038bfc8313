//! Everything that `seal` reads from outside: headers, certificates, plans and shares. Whatever is accepted is in its one
//! form.
#![no_main]

use libfuzzer_sys::fuzz_target;
use seal::{DecryptionShare, EpochCertificate, Header, Plan};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(header) = Header::parse(bytes) {
        assert_eq!(header.as_bytes(), bytes);
        let _ = header.verify();
    }
    if let Ok(certificate) = EpochCertificate::from_bytes(bytes) {
        assert_eq!(certificate.to_bytes(), bytes);
    }
    if let Ok(plan) = Plan::from_bytes(bytes) {
        assert_eq!(plan.to_bytes(), bytes);
    }
    if let Ok(share) = DecryptionShare::from_bytes(bytes) {
        assert_eq!(share.to_bytes(), bytes);
    }
});
