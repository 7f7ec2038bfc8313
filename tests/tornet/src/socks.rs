//! One question to a SOCKS5 port, the name left to the far side (RFC 1928).

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpStream};
use std::time::Duration;

/// The commands that are used here: the second is Tor's own (socks-extensions, "RESOLVE").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Ask {
    Connect = 1,
    Resolve = 0xf0,
}

/// Asks the proxy for a host by its name, which nobody resolves here; returns the stream and the address in the reply.
///
/// # Errors
/// Of the connection; `Other` with the number of the reply when the proxy refused.
pub(crate) fn ask(
    proxy: SocketAddrV4,
    ask: Ask,
    host: &str,
    port: u16,
    within: Duration,
) -> io::Result<(TcpStream, Ipv4Addr)> {
    let length = u8::try_from(host.len()).map_err(|_| io::Error::other("a host name longer than 255 bytes"))?;
    let within = within.max(Duration::from_millis(1));
    let mut stream = TcpStream::connect_timeout(&SocketAddr::V4(proxy), within)?;
    stream.set_read_timeout(Some(within))?;
    // Version 5, one method: no authentication.
    stream.write_all(&[5, 1, 0])?;
    let mut chosen = [0; 2];
    stream.read_exact(&mut chosen)?;
    if chosen != [5, 0] {
        return Err(io::Error::other("the proxy wants a password"));
    }
    // Version 5, command, reserved, a name of so many bytes; name; port.
    stream.write_all(&[&[5, ask as u8, 0, 3, length], host.as_bytes(), &port.to_be_bytes()].concat())?;
    // Version, reply, reserved, kind of address, an IPv4 address (a tor without IPv6 has no other), port.
    let mut reply = [0; 10];
    stream.read_exact(&mut reply)?;
    let [_, code, _, _, a, b, c, d, ..] = reply;
    match code {
        0 => Ok((stream, Ipv4Addr::new(a, b, c, d))),
        code => Err(io::Error::other(format!("the proxy replied {code}"))),
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn the_name_goes_to_the_proxy_and_its_refusal_comes_back() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let proxy = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut hello = [0; 3];
            stream.read_exact(&mut hello).expect("a greeting");
            stream.write_all(&[5, 0]).expect("a method");
            let mut wanted = [0; 5 + 10 + 2];
            stream.read_exact(&mut wanted).expect("a request");
            stream.write_all(&[5, 4, 0, 1, 0, 0, 0, 0, 0, 0]).expect("a reply");
            wanted.to_vec()
        });
        let address = SocketAddrV4::new(Ipv4Addr::LOCALHOST, port);
        let error =
            ask(address, Ask::Connect, "plain.test", 80, Duration::from_secs(10)).expect_err("host unreachable");
        assert_eq!(error.to_string(), "the proxy replied 4");
        assert_eq!(proxy.join().expect("the proxy ends"), b"\x05\x01\x00\x03\x0aplain.test\x00\x50");
    }
}
