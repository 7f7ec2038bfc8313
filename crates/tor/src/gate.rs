//! The gate: SOCKS5 on a loopback port of this process, from `reqwest` to Tor.
//!
//! RFC 1928 with user name and password (RFC 1929), CONNECT by name alone. The user name is case, lane and guise, the
//! password a secret of this process; together with the host that is asked for they make the route. A stream is opened only for a
//! door that a fetch stands before.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use crawler::Guise;
use data_encoding::HEXLOWER;
use model::CaseId;
use rand::RngCore as _;
use rand::rngs::OsRng;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional_with_sizes};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio::time::timeout;

use crate::admission::{Admissions, Opening};
use crate::client::Client;
use crate::route::Route;

/// A client of ours asks at once; anything slower is somebody else.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Bytes of each direction's buffer.
const BUFFER_BYTES: usize = 16 << 10;

const VERSION: u8 = 5;
const WITH_PASSWORD: u8 = 2;
const NO_METHOD: u8 = 0xff;
const PASSWORD_VERSION: u8 = 1;
const CONNECT: u8 = 1;
const BY_NAME: u8 = 3;

/// The answers of RFC 1928, section 6, that are given.
#[derive(Clone, Copy)]
enum Reply {
    Done = 0,
    Failed = 1,
    NotAllowed = 2,
    NoSuchCommand = 7,
    NoSuchAddressType = 8,
}

/// The open gate; it closes when this is dropped.
pub(crate) struct Gate {
    address: SocketAddr,
    secret: String,
    accepting: AbortHandle,
}

/// What every connection through the gate needs.
struct Keeper {
    client: Client,
    admissions: Admissions,
    secret: String,
}

/// Who asks, and for what.
struct Asked {
    route: Route,
    port: u16,
}

impl Gate {
    pub(crate) async fn open(client: Client, admissions: Admissions) -> io::Result<Self> {
        let mut secret = [0; 16];
        OsRng.fill_bytes(&mut secret);
        let secret = HEXLOWER.encode(&secret);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let keeper = Arc::new(Keeper { client, admissions, secret: secret.clone() });
        let accepting = tokio::spawn(async move {
            loop {
                match listener.accept().await {
                    Ok((connection, _)) => {
                        let keeper = Arc::clone(&keeper);
                        tokio::spawn(async move { keeper.serve(connection).await });
                    }
                    // No descriptor is free, perhaps: one will be.
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                }
            }
        });
        Ok(Self { address, secret, accepting: accepting.abort_handle() })
    }

    /// The address at which a client for one case, lane and guise finds the gate.
    pub(crate) fn proxy(&self, case: &CaseId, lane: u8, guise: Guise) -> String {
        format!("socks5h://{case}+{lane}+{}:{}@{}", guise.number(), self.secret, self.address)
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Keeper {
    async fn serve(&self, mut connection: TcpStream) {
        let _ = connection.set_nodelay(true);
        let Ok(Ok(Some(asked))) = timeout(HANDSHAKE, self.handshake(&mut connection)).await else { return };
        let begun = tokio::time::Instant::now();
        let door = (asked.route, asked.port);
        match self.client.connect(&door.0, door.1).await {
            Ok(mut stream) => {
                let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
                self.admissions.note(&door, Opening::Opened(millis));
                if answer(&mut connection, Reply::Done).await.is_ok() {
                    // Whichever side ends, HTTP notices by itself.
                    let _ =
                        copy_bidirectional_with_sizes(&mut connection, &mut stream, BUFFER_BYTES, BUFFER_BYTES).await;
                }
            }
            Err(error) => {
                self.admissions.note(&door, Opening::Failed(error));
                let _ = answer(&mut connection, Reply::Failed).await;
            }
        }
    }

    /// Reads who asks for what; `None` when they were turned away.
    async fn handshake(&self, connection: &mut TcpStream) -> io::Result<Option<Asked>> {
        if connection.read_u8().await? != VERSION {
            return Ok(None);
        }
        let methods = field(connection).await?;
        if !methods.contains(&WITH_PASSWORD) {
            connection.write_all(&[VERSION, NO_METHOD]).await?;
            return Ok(None);
        }
        connection.write_all(&[VERSION, WITH_PASSWORD]).await?;
        if connection.read_u8().await? != PASSWORD_VERSION {
            return Ok(None);
        }
        let (user, password) = (field(connection).await?, field(connection).await?);
        let user = self.is_secret(&password).then(|| read_user(&user)).flatten();
        connection.write_all(&[PASSWORD_VERSION, u8::from(user.is_none())]).await?;
        let Some((case, lane, guise)) = user else { return Ok(None) };

        let mut head = [0; 4];
        connection.read_exact(&mut head).await?;
        let [VERSION, command, _, address] = head else { return Ok(None) };
        if command != CONNECT {
            return answer(connection, Reply::NoSuchCommand).await.map(|()| None);
        }
        // A number instead of a name would mean that somebody has looked a name up.
        if address != BY_NAME {
            return answer(connection, Reply::NoSuchAddressType).await.map(|()| None);
        }
        let host = field(connection).await?;
        let port = connection.read_u16().await?;
        let asked = String::from_utf8(host).ok().map(|host| Asked { route: Route { case, host, guise, lane }, port });
        match asked.filter(|asked| self.admissions.admits(&(asked.route.clone(), asked.port))) {
            Some(asked) => Ok(Some(asked)),
            None => answer(connection, Reply::NotAllowed).await.map(|()| None),
        }
    }

    /// Compared in a time that does not depend on where a guess goes wrong.
    fn is_secret(&self, password: &[u8]) -> bool {
        let secret = self.secret.as_bytes();
        secret.len() == password.len() && secret.iter().zip(password).fold(0, |all, (a, b)| all | (a ^ b)) == 0
    }
}

/// A length of one byte, and so many bytes.
async fn field(connection: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::from(connection.read_u8().await?)];
    connection.read_exact(&mut bytes).await?;
    Ok(bytes)
}

async fn answer(connection: &mut TcpStream, reply: Reply) -> io::Result<()> {
    // The address that follows is of no use to anybody: 0.0.0.0:0.
    connection.write_all(&[VERSION, reply as u8, 0, 1, 0, 0, 0, 0, 0, 0]).await
}

fn read_user(user: &[u8]) -> Option<(CaseId, u8, Guise)> {
    let mut parts = std::str::from_utf8(user).ok()?.split('+');
    let (case, lane, guise) = (parts.next()?, parts.next()?, parts.next()?);
    let guise = Guise::from_number(guise.parse().ok()?);
    parts.next().is_none().then_some((case.parse().ok()?, lane.parse().ok()?, guise))
}
