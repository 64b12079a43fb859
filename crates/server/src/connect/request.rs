//! What the HTTP request says about the call, before its message is read: codec, compression, deadline; for a GET
//! also the message, which stands in the query.

use std::time::{Duration, Instant};

use axum::extract::Query;
use base::{Error, Reason, Result};
use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::{HeaderMap, Method as Verb, StatusCode, Uri, header};

use super::codec::Codec;
use super::encoding::{Encoding, accepts};

/// Either padding: clients leave it out, curl users do not.
const URL_BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// Longest `connect-timeout-ms`, in digits, by the protocol.
const TIMEOUT_DIGITS: usize = 10;

/// How one call is written.
#[derive(Debug)]
pub struct Envelope {
    pub codec: Codec,
    pub encoding: Encoding,
    /// The client takes gzip back.
    pub gzip: bool,
    /// The message, when it stands in the query.
    pub query: Option<Vec<u8>>,
}

/// A request that is refused before any message is read, with the HTTP status to say so.
#[derive(Debug)]
pub struct Refusal(pub StatusCode, pub Error);

impl Envelope {
    pub fn read(verb: &Verb, uri: &Uri, headers: &HeaderMap) -> Result<Self, Refusal> {
        if let Some(version) = text(headers, "connect-protocol-version")
            && version != "1"
        {
            return Err(bad_request(format!(
                "connect-protocol-version {version:?} is not known; send 1, or nothing"
            )));
        }
        let gzip = takes_gzip(headers);
        match *verb {
            Verb::POST => Self::of_post(headers, gzip),
            Verb::GET => Self::of_get(uri, gzip),
            _ => Err(Refusal(
                StatusCode::METHOD_NOT_ALLOWED,
                Error::new(Reason::MalformedRequest, "call an rpc by POST"),
            )),
        }
    }

    fn of_post(headers: &HeaderMap, gzip: bool) -> Result<Self, Refusal> {
        let content_type = text(headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
        let codec = Codec::from_content_type(content_type).ok_or_else(|| {
            unsupported(format!(
                "content-type {content_type:?} is not known; send application/proto or application/json"
            ))
        })?;
        let name = text(headers, header::CONTENT_ENCODING.as_str()).unwrap_or_default();
        let encoding = Encoding::from_name(name).map_err(in_its_own_status)?;
        Ok(Self { codec, encoding, gzip, query: None })
    }

    /// `?encoding=json&message=…[&base64=1][&compression=gzip][&connect=v1]`
    fn of_get(uri: &Uri, gzip: bool) -> Result<Self, Refusal> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|e| bad_request(format!("the query cannot be read: {e}")))?;
        let value = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        if value("connect").is_some_and(|version| version != "v1") {
            return Err(bad_request("connect= must be v1".to_owned()));
        }
        let name = value("encoding").unwrap_or_default();
        let codec = Codec::from_name(name).ok_or_else(|| {
            unsupported(format!("encoding={name} is not known; send proto or json"))
        })?;
        let encoding = Encoding::from_name(value("compression").unwrap_or_default())
            .map_err(in_its_own_status)?;
        let message = value("message").unwrap_or_default();
        let bytes = if value("base64") == Some("1") {
            // The plain alphabet is tolerated: `+` and `/` are never meant otherwise here.
            URL_BASE64
                .decode(message.replace([' ', '+'], "-").replace('/', "_"))
                .map_err(|e| bad_request(format!("message= is not base64: {e}")))?
        } else {
            message.as_bytes().to_vec()
        };
        Ok(Self { codec, encoding, gzip, query: Some(bytes) })
    }
}

/// When the caller stops waiting: `connect-timeout-ms` from `arrived`, but never later than `longest`.
pub fn deadline(headers: &HeaderMap, arrived: Instant, longest: Duration) -> Result<Instant> {
    let Some(value) = headers.get("connect-timeout-ms") else { return Ok(arrived + longest) };
    let millis = value
        .to_str()
        .ok()
        .filter(|text| text.len() <= TIMEOUT_DIGITS && text.bytes().all(|b| b.is_ascii_digit()))
        .and_then(|text| text.parse().ok());
    match millis {
        Some(millis) => Ok(arrived + Duration::from_millis(millis).min(longest)),
        None => Err(Error::new(
            Reason::MalformedRequest,
            "connect-timeout-ms must be a number of milliseconds, at most 10 digits",
        )),
    }
}

/// Whether the client takes gzip back.
pub fn takes_gzip(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(header::ACCEPT_ENCODING).iter();
    accepted.any(|value| value.to_str().is_ok_and(|accept| accepts(accept, "gzip")))
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn bad_request(message: String) -> Refusal {
    Refusal(StatusCode::BAD_REQUEST, Error::new(Reason::MalformedRequest, message))
}

fn unsupported(message: String) -> Refusal {
    Refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, Error::new(Reason::MalformedRequest, message))
}

pub fn in_its_own_status(error: Error) -> Refusal {
    let status = StatusCode::from_u16(error.code().http_status());
    Refusal(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(query: &str) -> Result<Envelope, Refusal> {
        let uri = format!("/bytebase.v1.PlanService/GetPlan?{query}").parse().unwrap();
        Envelope::read(&Verb::GET, &uri, &HeaderMap::new())
    }

    #[test]
    fn a_get_carries_its_message_in_the_query() {
        let json = get("connect=v1&encoding=json&message=%7B%22name%22%3A%22a%22%7D").unwrap();
        assert_eq!(json.query.unwrap(), br#"{"name":"a"}"#);
        for padded in ["CgH_-w", "CgH_-w==", "CgH/%2Bw==", "CgH/+w"] {
            let proto = get(&format!("encoding=proto&base64=1&message={padded}")).unwrap();
            assert_eq!(proto.query.unwrap(), b"\x0a\x01\xff\xfb", "{padded}");
        }
        for (query, status) in [
            ("message=x", 415),
            ("encoding=xml&message=x", 415),
            ("encoding=proto&base64=1&message=!", 400),
            ("encoding=json&connect=v2", 400),
            ("encoding=json&compression=br", 501),
        ] {
            assert_eq!(get(query).unwrap_err().0.as_u16(), status, "{query}");
        }
    }

    #[test]
    fn deadlines() {
        let now = Instant::now();
        let longest = Duration::from_secs(60);
        let with = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("connect-timeout-ms", value.parse().unwrap());
            deadline(&headers, now, longest)
        };
        assert_eq!(deadline(&HeaderMap::new(), now, longest).unwrap(), now + longest);
        assert_eq!(with("1500").unwrap(), now + Duration::from_millis(1500));
        assert_eq!(with("9999999999").unwrap(), now + longest);
        for bad in ["", "-1", "1.5", "12345678901", "soon"] {
            assert_eq!(with(bad).unwrap_err().reason(), Reason::MalformedRequest, "{bad}");
        }
    }
}
