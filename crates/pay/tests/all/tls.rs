//! Over TLS: nothing is sent to whoever has no certificate for this name from an authority that is trusted.

use crate::signatures::merchant;
use crate::{World, doubt, order, refused};
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{RootCertStore, ServerConfig};
use woodlark_pay::{Client, Doubt, Limits, RefusalCode};

/// Takes one connection in with a certificate for `localhost` and passes it on; whoever trusts the certificate gets through.
async fn door(pay: &World) -> (u16, CertificateDer<'static>) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = made.cert.der().clone();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let there = pay.pay.address();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        if let Ok(mut stream) = acceptor.accept(stream).await {
            let mut server = TcpStream::connect(there).await.unwrap();
            let _ = tokio::io::copy_bidirectional(&mut stream, &mut server).await;
        }
    });
    (port, certificate)
}

fn client(world: &World, base: &str, trusted: Option<CertificateDer<'static>>) -> Client {
    let merchant = merchant(&world.pay, &format!("http://{}", world.pay.address()), base);
    match trusted {
        Some(certificate) => {
            let mut roots = RootCertStore::empty();
            roots.add(certificate).unwrap();
            Client::trusting(merchant, Limits::default(), roots).unwrap()
        }
        None => Client::new(merchant, Limits::default()).unwrap(),
    }
}

#[tokio::test]
async fn a_certificate_that_is_trusted_for_this_name_is_spoken_with() {
    let world = World::new().await;
    let (port, certificate) = door(&world).await;
    let client = client(&world, &format!("https://localhost:{port}"), Some(certificate));
    assert_eq!(refused(client.query(&order("T1"), world.moment()).await).code, RefusalCode::NotFound);
    assert_eq!(world.pay.calls().len(), 1);
}

#[tokio::test]
async fn a_certificate_of_nobody_known_is_not_spoken_with() {
    let world = World::new().await;
    let (port, _) = door(&world).await;
    let client = client(&world, &format!("https://localhost:{port}"), None);
    let Doubt::NotReached(why) = doubt(client.query(&order("T1"), world.moment()).await) else { panic!() };
    assert!(why.contains("certificate"), "{why}");
    assert!(world.pay.calls().is_empty() && world.pay.turned_away().is_empty());
}

#[tokio::test]
async fn a_certificate_for_another_name_is_not_spoken_with() {
    let world = World::new().await;
    let (port, certificate) = door(&world).await;
    let client = client(&world, &format!("https://127.0.0.1:{port}"), Some(certificate));
    let Doubt::NotReached(why) = doubt(client.query(&order("T1"), world.moment()).await) else { panic!() };
    assert!(why.contains("certificate"), "{why}");
    assert!(world.pay.calls().is_empty() && world.pay.turned_away().is_empty());
}
