//! HTTP on a real machine: TLS by rustls, with the certificates that the machine trusts.

use crate::host::{HttpAnswer, HttpRequest};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

/// No answer in this time is none.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sends a request. Proxies are those of the environment.
pub(crate) fn send(request: &HttpRequest<'_>) -> io::Result<HttpAnswer> {
    let mut builder = ureq::http::Request::builder().method(request.method).uri(request.url);
    for (name, value) in request.headers {
        builder = builder.header(*name, value);
    }
    let sent = builder.body(request.body.unwrap_or_default()).map_err(io::Error::other)?;
    let mut answer = agent().run(sent).map_err(io::Error::other)?;
    let body = answer.body_mut().read_to_vec().map_err(io::Error::other)?;
    Ok(HttpAnswer { status: answer.status().as_u16(), body })
}

fn agent() -> Agent {
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()));
    Agent::config_builder()
        .tls_config(tls.build())
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        // A token must not follow to another host.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .build()
        .new_agent()
}
