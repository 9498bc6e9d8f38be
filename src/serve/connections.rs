//! The connections that are open: who comes in, who must go where there are too many, and how long a client may take to read.
//!
//! Nobody waits for others to go. Where there are too many connections, the one that has been without use for the longest
//! time is closed; where all are in use, the new one is told so. Streams of states stay open by their nature, so they are
//! counted apart: a tab that finds no place among them asks again and again instead.

use std::collections::BTreeMap;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::{Sleep, sleep};

/// The most connections at one time, but for streams.
const MAX: usize = 200;
/// How many more are told that there are too many; beyond that they are closed without a word.
const MAX_TOLD: usize = 50;
/// The most streams to one address. A browser opens six connections to a server, and pages need some of them.
const MAX_STREAMS: usize = 4;
/// The most streams to all addresses.
const MAX_ALL_STREAMS: usize = 64;
/// How long a client may take to read a piece of an answer.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long it may take where others want its place.
const PATIENCE: Duration = Duration::from_secs(1);

/// All connections.
#[derive(Debug, Default)]
pub struct Connections(Mutex<Open>);

#[derive(Debug, Default)]
struct Open {
    next: u64,
    connections: BTreeMap<u64, Arc<Connection>>,
    streams: BTreeMap<IpAddr, usize>,
}

/// One of them.
#[derive(Debug)]
pub struct Connection {
    number: u64,
    peer: IpAddr,
    /// Whether it came when there was no place any more.
    pub is_too_many: bool,
    use_of_it: Mutex<(Use, Instant)>,
    close: Notify,
}

/// What a connection is in use for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Nothing: its client may ask, or read what it got.
    None,
    /// An answer is being made.
    Answer,
    /// Its client does not read the answer, or not as fast as it is sent.
    Stalled,
    /// It is a stream of states.
    Stream,
}

/// A place among the connections, which is given back when this goes.
#[derive(Debug)]
pub struct Place {
    all: Arc<Connections>,
    /// Whose place it is.
    pub connection: Arc<Connection>,
}

impl Connections {
    /// A place for a new connection; none where it is to be closed without a word.
    pub fn enter(self: &Arc<Self>, peer: IpAddr) -> Option<Place> {
        let mut open = self.open();
        let count = open.connections.values().filter(|c| c.used().0 != Use::Stream).count();
        let must_go = if count >= MAX { open.connections.values().filter(|c| c.may_go()).min_by_key(|c| c.used().1).cloned() } else { None };
        let is_too_many = count >= MAX && must_go.is_none();
        if is_too_many && count >= MAX + MAX_TOLD {
            return None;
        }
        if let Some(other) = must_go {
            open.connections.remove(&other.number);
            other.close.notify_one();
        }
        open.next += 1;
        let number = open.next;
        let use_of_it = Mutex::new((Use::None, Instant::now()));
        let connection = Arc::new(Connection { number, peer, is_too_many, use_of_it, close: Notify::new() });
        open.connections.insert(number, Arc::clone(&connection));
        Some(Place { all: Arc::clone(self), connection })
    }

    /// Makes a connection a stream, until it ends; tells whether there was a place for one.
    pub fn make_stream(&self, connection: &Connection) -> bool {
        let mut open = self.open();
        let has_place = open.streams.get(&connection.peer).is_none_or(|n| *n < MAX_STREAMS) && open.streams.values().sum::<usize>() < MAX_ALL_STREAMS;
        if has_place && connection.used().0 != Use::Stream {
            *open.streams.entry(connection.peer).or_default() += 1;
            connection.is_used_for(Use::Stream);
        }
        has_place
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.lock().expect("no thread panics while it holds this")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.all.open();
        open.connections.remove(&self.connection.number);
        if self.connection.used().0 == Use::Stream {
            let peer = self.connection.peer;
            let left = open.streams.remove(&peer).unwrap_or_default().saturating_sub(1);
            if left > 0 {
                open.streams.insert(peer, left);
            }
        }
    }
}

impl Connection {
    /// Comes back when the connection must go.
    pub async fn closed(&self) {
        self.close.notified().await;
    }

    /// An answer is being made.
    pub fn begins(&self) {
        self.is_used_for(Use::Answer);
    }

    /// The answer is made, and goes out.
    pub fn answers(&self) {
        self.is_used_for(Use::None);
    }

    /// A stream stays one.
    fn is_used_for(&self, what: Use) {
        let mut used = self.use_of_it.lock().expect("no thread panics while it holds this");
        if used.0 != Use::Stream {
            *used = (what, Instant::now());
        }
    }

    fn used(&self) -> (Use, Instant) {
        *self.use_of_it.lock().expect("no thread panics while it holds this")
    }

    fn may_go(&self) -> bool {
        let (what, since) = self.used();
        what == Use::None || (what == Use::Stalled && since.elapsed() >= PATIENCE)
    }
}

/// What is sent to a client, and given up where it does not read.
#[derive(Debug)]
pub struct Minded {
    stream: TcpStream,
    connection: Arc<Connection>,
    until: Option<Pin<Box<Sleep>>>,
}

impl Minded {
    /// Minds how a connection is read.
    pub fn new(stream: TcpStream, connection: Arc<Connection>) -> Minded {
        Minded { stream, connection, until: None }
    }

    fn mind<T>(&mut self, context: &mut Context<'_>, sent: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if sent.is_ready() {
            if self.until.take().is_some() {
                self.connection.is_used_for(Use::None);
            }
            return sent;
        }
        let connection = &self.connection;
        let until = self.until.get_or_insert_with(|| {
            connection.is_used_for(Use::Stalled);
            Box::pin(sleep(WRITE_TIMEOUT))
        });
        ready!(until.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Minded {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Minded {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.mind(context, sent)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.mind(context, sent)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
