//! Connections in, answers out. The one home of hyper: requests are parsed, limited and timed there.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
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
use tokio::sync::Semaphore;

use super::Hub;
use super::answer::{Answer, OWN, answer, script};
use super::guard::refuse;
use super::told;
use crate::render::theme::PREVIEW;

/// The most connections at one time; more wait.
const MAX_CONNECTIONS: usize = 200;
/// How long a client may take for the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// The most headers of a request.
const MAX_HEADERS: usize = 64;
/// The most bytes of the head of a request.
const MAX_HEAD: usize = 16 << 10;
/// How often a stream with nothing to say says so, which shows whether anybody listens.
const HEARTBEAT: Duration = Duration::from_secs(15);

type Body = Either<Full<Bytes>, Channel<Bytes, Infallible>>;

/// Answers until the listener fails for good.
pub async fn serve(listener: TcpListener, hub: Arc<Hub>) {
    let free = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let permit = Arc::clone(&free).acquire_owned().await.expect("the semaphore is never closed");
        let Ok((stream, _)) = listener.accept().await else {
            // Too many open files, say: that passes.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let hub = Arc::clone(&hub);
        tokio::spawn(async move {
            connection(stream, hub).await;
            drop(permit);
        });
    }
}

async fn connection(stream: TcpStream, hub: Arc<Hub>) {
    let Ok(local) = stream.local_addr() else { return };
    // Small answers go out at once.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let hub = Arc::clone(&hub);
        async move { Ok::<_, Infallible>(respond(request, local, hub).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    // A client that breaks off, or does not speak HTTP, is nobody's fault here.
    let _ = connection.await;
}

async fn respond(request: Request<Incoming>, local: SocketAddr, hub: Arc<Hub>) -> Response<Body> {
    let (parts, _) = request.into_parts();
    if let Some((status, why)) = refuse(&parts, local, &hub.name) {
        return response(Answer::text(status, why));
    }
    let path = parts.uri.path().to_owned();
    match path.strip_prefix(OWN) {
        Some("events") if parts.method == Method::GET => events(hub, parts.uri.query().unwrap_or_default()),
        Some(own) if own == PREVIEW.0 => response(script(&hub.stage())),
        Some(_) => response(Answer::text(StatusCode::NOT_FOUND, "There is nothing at this address.")),
        None => response(rendered(hub, path).await),
    }
}

/// A page is made on a thread of its own kind, so that a large one keeps nobody waiting.
async fn rendered(hub: Arc<Hub>, path: String) -> Answer {
    let busy = Arc::clone(&hub);
    busy.busy.fetch_add(1, Ordering::Relaxed);
    let made = tokio::task::spawn_blocking(move || {
        let stage = hub.stage();
        let answer = answer(&stage, &path);
        if let Some(fault) = &answer.fault {
            hub.note(&stage, fault);
        }
        answer
    });
    let answer = made.await;
    busy.busy.fetch_sub(1, Ordering::Relaxed);
    answer.unwrap_or_else(|_| {
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

/// The stream of states for the page that the query names.
fn events(hub: Arc<Hub>, query: &str) -> Response<Body> {
    let page = query.split('&').find_map(|pair| pair.strip_prefix("page=")).unwrap_or_default();
    let page = percent_decode_str(page).decode_utf8_lossy().into_owned();
    let (sender, body) = Channel::new(1);
    tokio::spawn(tell(hub, page, sender));
    let mut response = Response::new(Either::Right(body));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    secured(response)
}

/// Sends the state now and after each change, until nobody listens.
async fn tell(hub: Arc<Hub>, page: String, mut sender: Sender<Bytes, Infallible>) {
    let mut stages = hub.subscribe();
    let mut message = String::from("retry: 500\n\n");
    loop {
        let stage = Arc::clone(&stages.borrow_and_update());
        let (hub, page) = (Arc::clone(&hub), page.clone());
        let Ok(state) = tokio::task::spawn_blocking(move || told::state(&stage, &page, &hub.instance)).await else { return };
        message.push_str(&format!("data: {state}\n\n"));
        if sender.send_data(Bytes::from(std::mem::take(&mut message))).await.is_err() {
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
