//! Requests in, answers out. The one home of hyper: requests are parsed, limited and timed there.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::channel::{Channel, Sender};
use http_body_util::{Either, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use percent_encoding::percent_decode_str;
use tokio::net::{TcpListener, TcpStream};

use super::answer::{Answer, OWN, answer, failed, script};
use super::connections::{Connection, Connections, Minded, Place};
use super::guard::refuse;
use super::stage::Stage;
use super::{Busy, Hub, told};
use crate::exports;
use crate::render::theme::PREVIEW;

/// How long a client may take for the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// The most headers of a request.
const MAX_HEADERS: usize = 64;
/// The most bytes of the head of a request.
const MAX_HEAD: usize = 16 << 10;
/// How often a stream with nothing to say says so, which shows whether anybody listens.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// After how many milliseconds a tab asks again that has no stream.
const AGAIN: u64 = 1000;

type Body = Either<Full<Bytes>, Channel<Bytes, Infallible>>;

/// Answers until the listener fails for good.
pub async fn serve(listener: TcpListener, hub: Arc<Hub>) {
    let connections = Arc::new(Connections::default());
    loop {
        let Ok((stream, peer)) = listener.accept().await else {
            // Too many open files, say: that passes.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        if let Some(place) = connections.enter(peer.ip().to_canonical()) {
            let client = Client { hub: Arc::clone(&hub), connections: Arc::clone(&connections), connection: Arc::clone(&place.connection) };
            tokio::spawn(connection(stream, place, client));
        }
    }
}

/// Whom a request comes from, and who answers it.
#[derive(Clone)]
struct Client {
    hub: Arc<Hub>,
    connections: Arc<Connections>,
    connection: Arc<Connection>,
}

async fn connection(stream: TcpStream, place: Place, client: Client) {
    let Ok(local) = stream.local_addr() else { return };
    // Small answers go out at once.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| {
        let client = client.clone();
        async move {
            client.connection.begins();
            let response = respond(request, local, &client).await;
            client.connection.answers();
            Ok::<_, Infallible>(response)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .keep_alive(!place.connection.is_too_many)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(Minded::new(stream, Arc::clone(&place.connection))), service);
    // A client that breaks off, or does not speak HTTP, is nobody's fault here.
    tokio::select! {
        _ = connection => {}
        () = place.connection.closed() => {}
    }
}

async fn respond(request: Request<Incoming>, local: SocketAddr, client: &Client) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let hub = &client.hub;
    if let Some((status, why)) = refuse(&parts, local, &hub.name) {
        return response(Answer::text(status, why));
    }
    if client.connection.is_too_many {
        return response(Answer::text(StatusCode::SERVICE_UNAVAILABLE, "Too many connections are open; try again in a moment."));
    }
    let path = parts.uri.path().to_owned();
    let query = parts.uri.query().map(str::to_owned);
    match path.strip_prefix(OWN) {
        Some("events") if parts.method == Method::GET => events(client, &query.unwrap_or_default()).await,
        Some(own) if own == PREVIEW.0 => response(script(&hub.stage())),
        Some(_) => response(Answer::text(StatusCode::NOT_FOUND, "There is nothing at this address.")),
        None => response(rendered(Arc::clone(hub), path, query).await),
    }
}

/// A page is made on a thread of its own kind, so that a large one keeps nobody waiting.
async fn rendered(hub: Arc<Hub>, path: String, query: Option<String>) -> Answer {
    // Those of the whole site take long, and threads are few: one at a time, so that pages are made meanwhile.
    let is_large = exports::FILES.iter().any(|file| path.ends_with(file));
    let one_at_a_time = Arc::clone(&hub);
    let _alone = if is_large { Some(one_at_a_time.large.acquire().await.expect("the semaphore is never closed")) } else { None };
    let made = tokio::task::spawn_blocking(move || {
        let _busy = Busy::of(&hub);
        let stage = hub.stage();
        let made = Hub::made(|| answer(&stage, &path, query.as_deref()));
        let answer = made.unwrap_or_else(|fault| failed(&stage, &path, fault));
        if let Some((file, fault)) = &answer.fault {
            hub.note(&stage, file, fault);
        }
        answer
    });
    made.await.unwrap_or_else(|_| {
        Answer::text(StatusCode::INTERNAL_SERVER_ERROR, "This page could not be made; please report this as a fault of handbook.")
    })
}

fn response(answer: Answer) -> Response<Body> {
    let Answer { status, content_type, body, location, fault: _ } = answer;
    let mut response = Response::new(Either::Left(Full::new(Bytes::from(body))));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Some(location) = location.and_then(|l| HeaderValue::try_from(l).ok()) {
        headers.insert(header::LOCATION, location);
    }
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    secured(response)
}

/// Nothing is kept, guessed at, or shown within other sites.
fn secured(mut response: Response<Body>) -> Response<Body> {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}

/// The stream of states for the page that the query names; where there are streams enough, the state at this moment.
async fn events(client: &Client, query: &str) -> Response<Body> {
    let page = query.split('&').find_map(|pair| pair.strip_prefix("page=")).unwrap_or_default();
    let page = percent_decode_str(page).decode_utf8_lossy().into_owned();
    let body = if client.connections.make_stream(&client.connection) {
        let (sender, body) = Channel::new(1);
        tokio::spawn(tell(Arc::clone(&client.hub), page, sender));
        Either::Right(body)
    } else {
        let state = state(client.hub.stage(), &client.hub, page, Some(AGAIN)).await.unwrap_or_default();
        Either::Left(Full::new(Bytes::from(state)))
    };
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    secured(response)
}

/// Sends the state now and after each change, until nobody listens.
async fn tell(hub: Arc<Hub>, page: String, mut sender: Sender<Bytes, Infallible>) {
    let mut stages = hub.subscribe();
    loop {
        let stage = Arc::clone(&stages.borrow_and_update());
        let Some(message) = state(stage, &hub, page.clone(), None).await else { return };
        if sender.send_data(Bytes::from(message)).await.is_err() {
            return;
        }
        loop {
            match tokio::time::timeout(HEARTBEAT, stages.changed()).await {
                Ok(Ok(())) => break,
                Ok(Err(_)) => return,
                Err(_) if sender.send_data(Bytes::from_static(b": still here\n\n")).await.is_err() => return,
                Err(_) => {}
            }
        }
    }
}

/// A state as the stream has it.
async fn state(stage: Arc<Stage>, hub: &Arc<Hub>, page: String, again: Option<u64>) -> Option<String> {
    let hub = Arc::clone(hub);
    let told = move || Hub::made(|| told::state(&stage, &page, again)).inspect_err(|fault| hub.note(&stage, "", fault)).ok();
    let state = tokio::task::spawn_blocking(told).await.ok()??;
    Some(format!("retry: 500\n\ndata: {state}\n\n"))
}
