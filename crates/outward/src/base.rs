//! Where another server is: scheme, host and port, and nothing behind them.

use hyper::Uri;
use std::net::IpAddr;

/// What is no base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BaseError {
    /// More or less than scheme, host and port.
    #[error("write the address as https://host, with nothing behind it")]
    Address,
    /// What is said would go over the network in the open.
    #[error("the address must begin with https://. http:// is for a stand-in on this machine alone")]
    Open,
}

/// An address without a path: `https`, or `http` on this machine alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    pub(crate) tls: bool,
    pub(crate) host: String,
    pub(crate) port: u16,
    /// What stands in `Host`.
    pub(crate) authority: String,
}

impl Base {
    /// What stands in `Host`: the host, and the port where it is not the usual one.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The address as it is written, without a slash at its end.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("{}://{}", if self.tls { "https" } else { "http" }, self.authority)
    }
}

impl core::str::FromStr for Base {
    type Err = BaseError;

    fn from_str(text: &str) -> Result<Self, BaseError> {
        // As browsers write it: what they tell of a page is compared with it by the letter.
        let uri: Uri = text.to_ascii_lowercase().parse().map_err(|_| BaseError::Address)?;
        let authority = uri.authority().ok_or(BaseError::Address)?;
        let bare =
            matches!(uri.path(), "" | "/") && uri.query().is_none() && !authority.as_str().contains('@');
        // In an address, but for a socket or a certificate, IPv6 stands in brackets.
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        if !bare || host.is_empty() {
            return Err(BaseError::Address);
        }
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if loopback(&host) => false,
            _ => return Err(BaseError::Open),
        };
        let usual = if tls { 443 } else { 80 };
        let port = authority.port_u16().unwrap_or(usual);
        let written = authority.host();
        let authority = if port == usual { written.to_owned() } else { format!("{written}:{port}") };
        Ok(Self { tls, host, port, authority })
    }
}

fn loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_as_browsers_do() {
        for (text, origin, port) in [
            ("https://a.example", "https://a.example", 443),
            ("https://a.example:8443/", "https://a.example:8443", 8443),
            ("HTTPS://A.example:443", "https://a.example", 443),
            ("http://localhost", "http://localhost", 80),
            ("http://[::1]:9", "http://[::1]:9", 9),
        ] {
            let base: Base = text.parse().unwrap();
            assert_eq!((base.origin().as_str(), base.port), (origin, port), "{text}");
        }
    }

    #[test]
    fn only_this_machine_is_spoken_with_in_the_open() {
        for open in [
            "http://a.example",
            "a.example",
            "http://192.168.1.5",
            "http://127.0.0.1.example",
            "ftp://localhost",
        ] {
            assert_eq!(open.parse::<Base>(), Err(BaseError::Open), "{open}");
        }
    }

    #[test]
    fn an_address_has_nothing_behind_it_and_nobody_before_it() {
        for not in
            ["", "/x", "https://a.example/v3", "https://a.example/?x", "https://u@a.example", "https://"]
        {
            assert_eq!(not.parse::<Base>(), Err(BaseError::Address), "{not}");
        }
    }
}
