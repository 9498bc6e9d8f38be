//! Who may ask: the head of a request in, a refusal out. A page of any other site can send requests to a server on this
//! machine; it must learn nothing from it, and a name that someone points at this machine must not either.
//!
//! A request is answered if its `Host` is the address at which the server listens or a name of the loopback. One with a
//! foreign `Origin`, or of which the browser says that another site makes it, is refused; but a link on another site may
//! lead here.

use std::net::SocketAddr;

use hyper::header::{HOST, HeaderMap, ORIGIN};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};

/// The longest address that is read, in bytes.
const MAX_ADDRESS: usize = 4096;

/// Refuses a request that came in on `local`; `name` is the name that the server was told to listen at.
pub fn refuse(request: &Parts, local: SocketAddr, name: &str) -> Option<(StatusCode, &'static str)> {
    if request.method != Method::GET && request.method != Method::HEAD {
        return Some((StatusCode::METHOD_NOT_ALLOWED, "This is a preview: it can only be read."));
    }
    if request.uri.path_and_query().is_none_or(|p| p.as_str().len() > MAX_ADDRESS) {
        return Some((StatusCode::URI_TOO_LONG, "This address is too long."));
    }
    let mut hosts = request.headers.get_all(HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok()).filter(|_| hosts.next().is_none());
    let is_own = |host: &str| is_own(host, local, name);
    if !host.is_some_and(is_own) || request.uri.authority().is_some_and(|a| !is_own(a.as_str())) {
        return Some((StatusCode::MISDIRECTED_REQUEST, "This preview answers only at its own address."));
    }
    if !is_from_here(&request.headers, is_own) {
        return Some((StatusCode::FORBIDDEN, "This preview does not answer to other sites."));
    }
    None
}

/// Whether `host` is the address that was connected to, or a name of the loopback, with the right port.
fn is_own(host: &str, local: SocketAddr, name: &str) -> bool {
    let port = format!(":{}", local.port());
    let bare = match host.strip_suffix(&port) {
        Some(bare) => bare,
        None if local.port() == 80 => host,
        None => return false,
    };
    let address = local.ip().to_canonical();
    let of_address = if address.is_ipv6() { format!("[{address}]") } else { address.to_string() };
    let loopback = ["localhost", "127.0.0.1", "[::1]"];
    bare == of_address || loopback.iter().any(|own| bare.eq_ignore_ascii_case(own)) || (!name.is_empty() && bare.eq_ignore_ascii_case(name))
}

fn is_from_here(headers: &HeaderMap, is_own: impl Fn(&str) -> bool) -> bool {
    let origin_is_own =
        headers.get_all(ORIGIN).iter().all(|origin| origin.to_str().ok().and_then(|o| o.strip_prefix("http://")).is_some_and(&is_own));
    let told = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let by_whom = told("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let follows_link = told("sec-fetch-mode") == Some("navigate") && told("sec-fetch-dest") == Some("document");
    origin_is_own && (by_whom || follows_link)
}

#[cfg(test)]
mod tests {
    use super::refuse;
    use hyper::{Request, StatusCode};

    /// The refusal of a request to 127.0.0.1:4000 with these headers, if it is refused.
    fn refusal(method: &str, headers: &[(&str, &str)]) -> Option<StatusCode> {
        let builder = headers.iter().fold(Request::builder().method(method).uri("/a/"), |b, (name, value)| b.header(*name, *value));
        let (parts, ()) = builder.body(()).expect("a request").into_parts();
        refuse(&parts, "127.0.0.1:4000".parse().expect("an address"), "preview.test").map(|(status, _)| status)
    }

    #[test]
    fn its_own_address_and_names_of_the_loopback_are_answered() {
        for host in ["127.0.0.1:4000", "localhost:4000", "LOCALHOST:4000", "[::1]:4000", "preview.test:4000"] {
            assert_eq!(refusal("GET", &[("host", host)]), None, "{host}");
        }
        assert_eq!(refusal("HEAD", &[("host", "localhost:4000")]), None);
    }

    #[test]
    fn other_hosts_are_not() {
        let wrong =
            ["evil.test:4000", "evil.test", "localhost", "localhost:4001", "127.0.0.1.evil.test:4000", "localhost.:4000", "x@localhost:4000", ""];
        for host in wrong {
            assert_eq!(refusal("GET", &[("host", host)]), Some(StatusCode::MISDIRECTED_REQUEST), "{host}");
        }
        assert_eq!(refusal("GET", &[]), Some(StatusCode::MISDIRECTED_REQUEST));
        let two = [("host", "localhost:4000"), ("host", "evil.test:4000")];
        assert_eq!(refusal("GET", &two), Some(StatusCode::MISDIRECTED_REQUEST));
    }

    #[test]
    fn other_sites_are_refused_but_may_link_here() {
        let own = ("host", "localhost:4000");
        for origin in ["http://evil.test", "null", "http://localhost:3000", "https://localhost:4000", "http://localhost:4000.evil.test"] {
            assert_eq!(refusal("GET", &[own, ("origin", origin)]), Some(StatusCode::FORBIDDEN), "{origin}");
        }
        assert_eq!(refusal("GET", &[own, ("origin", "http://localhost:4000")]), None);
        for site in ["cross-site", "same-site"] {
            assert_eq!(refusal("GET", &[own, ("sec-fetch-site", site)]), Some(StatusCode::FORBIDDEN));
            let frame = [own, ("sec-fetch-site", site), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")];
            assert_eq!(refusal("GET", &frame), Some(StatusCode::FORBIDDEN));
            let link = [own, ("sec-fetch-site", site), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
            assert_eq!(refusal("GET", &link), None);
        }
        assert_eq!(refusal("GET", &[own, ("sec-fetch-site", "same-origin")]), None);
    }

    #[test]
    fn nothing_can_be_sent() {
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"] {
            assert_eq!(refusal(method, &[("host", "localhost:4000")]), Some(StatusCode::METHOD_NOT_ALLOWED), "{method}");
        }
    }
}
