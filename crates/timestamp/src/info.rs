//! What a token's content says: `TSTInfo` of RFC 3161, section 2.4.2. Read here field by field because authorities may give
//! the time with a fraction of a second, which DER's own rules for certificates, and so the reader we build on, do not allow.

use der::asn1::{Int, ObjectIdentifier};
use der::{Any, AnyRef, Decode as _, DecodeValue as _, Header, Reader as _, SliceReader, Tag, Tagged as _};
use model::Timestamp;
use x509_tsp::MessageImprint;

/// The fields that are held against the query or kept.
pub(crate) struct Info {
    pub policy: ObjectIdentifier,
    pub imprint: MessageImprint,
    pub serial: Int,
    /// In whole seconds: a fraction is cut off, never rounded up to a moment that the authority did not see.
    pub time: Timestamp,
    pub nonce: Option<Int>,
}

impl Info {
    pub(crate) fn from_der(bytes: &[u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(bytes)?;
        let info = reader.sequence(|fields| {
            if u8::decode(fields)? != 1 {
                return Err(Tag::Integer.value_error());
            }
            let policy = ObjectIdentifier::decode(fields)?;
            let imprint = MessageImprint::decode(fields)?;
            let serial = Int::decode(fields)?;
            let time = time(AnyRef::decode(fields)?)?;
            let mut nonce = None;
            while !fields.is_finished() {
                // Accuracy, ordering, the authority's name and extensions: nothing is decided by them here.
                let field = Any::decode(fields)?;
                if field.tag() == Tag::Integer && nonce.replace(field.decode_as()?).is_some() {
                    return Err(Tag::Integer.value_error());
                }
            }
            Ok(Self { policy, imprint, serial, time, nonce })
        })?;
        reader.finish(info)
    }
}

/// `YYYYMMDDhhmmss[.f…]Z`, the fraction without trailing zeros.
fn time(field: AnyRef<'_>) -> der::Result<Timestamp> {
    let wrong = || Tag::GeneralizedTime.value_error();
    if field.tag() != Tag::GeneralizedTime {
        return Err(wrong());
    }
    let text = field.value().strip_suffix(b"Z").ok_or_else(wrong)?;
    let (whole, fraction) = text.split_at_checked(14).ok_or_else(wrong)?;
    let fraction_fits = match fraction {
        [] => true,
        [b'.', digits @ .., last] => last.is_ascii_digit() && *last != b'0' && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    if !fraction_fits {
        return Err(wrong());
    }
    // The library's own reader takes the rest, so that the calendar is its business.
    let plain = [whole, b"Z"].concat();
    let header = Header::new(Tag::GeneralizedTime, plain.len())?;
    let time = der::asn1::GeneralizedTime::decode_value(&mut SliceReader::new(&plain)?, header)?;
    Ok(Timestamp::from_secs(i64::try_from(time.to_unix_duration().as_secs()).map_err(|_| wrong())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_with_or_without_its_fraction_and_no_other_way() {
        let read = |text: &str| time(AnyRef::new(Tag::GeneralizedTime, text.as_bytes()).unwrap()).ok();
        let second = Timestamp::from_secs(1_795_000_000);
        for good in ["20261118110640Z", "20261118110640.5Z", "20261118110640.000001Z", "20261118110640.999Z"] {
            assert_eq!(read(good), Some(second), "{good}");
        }
        for bad in [
            "",
            "Z",
            "20261118110640",
            "20261118110640.Z",
            "20261118110640.50Z",
            "20261118110640.0Z",
            "20261118110640,5Z",
            "20261118110640.5",
            "20261118110640+0100",
            "20261318110640Z",
            "2026111811064Z",
            "20261118110640.5.5Z",
            "20261118110640é",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
