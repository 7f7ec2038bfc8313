//! Nothing is indexed before it is sealed and logged: only the journal's collector makes a receipt.

fn main() {
    let capture = model::CaptureId::from_bytes([0; 16]);
    let _receipt = audit::Collected(capture);
}
