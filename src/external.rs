//! Links of a site in, those that lead nowhere out: `link-dead`. The only home of ureq, and the only place that uses the
//! network; nothing calls it unless `--external` is given.
//!
//! Each address is asked for once, however many links lead to it. One host gets one question at a time, with a pause
//! between two. What answered is remembered for a day.

mod answers;

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::Mutex;
use std::time::Duration;

use percent_encoding::{AsciiSet, utf8_percent_encode};
use ureq::Agent;
use ureq::http::Response;

use crate::diagnostic::{Diagnostic, Place};
use crate::markdown::{self, Link};
use crate::model::Handbook;
use crate::parse::{Document, ItemText};

pub use answers::Answers;

/// How hosts are treated.
#[derive(Debug, Clone)]
pub struct Manners {
    /// How many hosts are asked at a time.
    pub hosts: usize,
    /// The pause between two questions to one host.
    pub pause: Duration,
    /// The pause before a question is asked again, doubled each time.
    pub patience: Duration,
    /// How often a question is asked at most.
    pub tries: u32,
    /// How long an answer is waited for.
    pub wait: Duration,
}

impl Default for Manners {
    fn default() -> Self {
        let milliseconds = Duration::from_millis;
        Manners { hosts: 16, pause: milliseconds(200), patience: milliseconds(1_000), tries: 3, wait: milliseconds(15_000) }
    }
}

/// The longest pause that a server may ask for (`Retry-After`).
const LONGEST_PAUSE: Duration = Duration::from_secs(20);
/// What is left as it is in an address: everything but letters of other scripts and spaces.
const AS_WRITTEN: &AsciiSet = &percent_encoding::CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'{').add(b'}').add(b'|').add(b'^');

/// What came of a question.
enum Answer {
    /// There is something.
    Alive,
    /// There is nothing, and why.
    Dead(String),
}

/// Asks for every address outside the site; gives the findings, and how many addresses were asked for.
pub fn check(handbook: &Handbook, manners: &Manners, answers: &mut Answers) -> (Vec<Diagnostic>, usize) {
    let links = addresses(handbook);
    let open: Vec<&String> = links.keys().filter(|address| !answers.is_alive(address)).collect();
    let dead = ask_all(&open, manners);
    for address in &open {
        if !dead.contains_key(*address) {
            answers.note_alive(address);
        }
    }
    let findings = dead.iter().flat_map(|(address, why)| {
        links[address].iter().map(move |place| {
            Diagnostic::warning("link-dead", place.clone(), format!("the address {address} {why}"))
                .help("write the new address, or leave the link out; list it in handbook.yml under `links.outside` if it cannot be asked from here")
        })
    });
    (findings.collect(), open.len())
}

/// The addresses that links lead to, without anchors, each with its places; those that `links.outside` covers are left out.
fn addresses(handbook: &Handbook) -> BTreeMap<String, Vec<Place>> {
    let mut all: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    for document in &handbook.documents {
        let bare = bare_addresses(document);
        for link in document.links.iter().chain(&bare) {
            let address = link.dest.split('#').next().unwrap_or(&link.dest).trim();
            let is_web = ["http://", "https://"].iter().any(|s| address.get(..s.len()).is_some_and(|head| head.eq_ignore_ascii_case(s)));
            if !is_web || handbook.config.outside.iter().any(|pattern| pattern.fits(address)) {
                continue;
            }
            let places = all.entry(utf8_percent_encode(address, AS_WRITTEN).to_string()).or_default();
            let place = document.place(link.span.start as usize..link.span.end as usize);
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }
    all
}

/// Addresses that stand in the text without brackets: readers get them as links.
fn bare_addresses(document: &Document) -> Vec<Link> {
    let mut bare = markdown::aside::bare_addresses(document.text(), document.body);
    for item in document.items.iter().filter(|item| matches!(item.text, ItemText::Yaml(_))) {
        let span = item.span();
        bare.extend(markdown::aside::bare_addresses(&document.text()[..span.end], span.start));
    }
    bare
}

fn host_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or(rest)
}

/// The addresses that lead nowhere, with why. Hosts are taken from a queue by so many threads as `manners` allow.
fn ask_all(addresses: &[&String], manners: &Manners) -> BTreeMap<String, String> {
    let mut by_host: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    addresses.iter().for_each(|address| by_host.entry(host_of(address)).or_default().push(address));
    let threads = manners.hosts.min(by_host.len());
    let queue: Mutex<VecDeque<Vec<&String>>> = Mutex::new(by_host.into_values().collect());
    let dead: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());
    let agent = agent(manners);
    let work = || {
        while let Some(of_host) = queue.lock().ok().and_then(|mut queue| queue.pop_front()) {
            for (number, address) in of_host.into_iter().enumerate() {
                if number > 0 {
                    std::thread::sleep(manners.pause);
                }
                if let (Answer::Dead(why), Ok(mut dead)) = (ask(&agent, address, manners), dead.lock()) {
                    dead.insert(address.clone(), why);
                }
            }
        }
    };
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    dead.into_inner().unwrap_or_default()
}

fn agent(manners: &Manners) -> Agent {
    let config = Agent::config_builder()
        .timeout_global(Some(manners.wait))
        .max_redirects(10)
        // A connection that the server has closed in the meantime would cost one of the tries.
        .max_idle_connections(0)
        .http_status_as_error(false)
        .user_agent(concat!("handbook/", env!("CARGO_PKG_VERSION"), " (link check)"))
        .build();
    config.into()
}

/// Asks for one address: first for its head, and for the whole where the server does not like that; again where it may
/// have been bad luck.
fn ask(agent: &Agent, address: &str, manners: &Manners) -> Answer {
    let mut pause = manners.patience;
    let mut last = Answer::Dead("was not asked for".to_owned());
    for number in 0..manners.tries.max(1) {
        if number > 0 {
            std::thread::sleep(pause);
            pause *= 2;
        }
        let answered = match agent.head(address).call() {
            Ok(response) if may_dislike_heads(response.status().as_u16()) => agent.get(address).call(),
            other => other,
        };
        match answered {
            Ok(response) => match judged(&response) {
                Some(answer) => return answer,
                None => {
                    pause = asked_to_wait(&response).unwrap_or(pause).min(LONGEST_PAUSE);
                    last = Answer::Dead(format!("answers with the error {}", response.status().as_u16()));
                }
            },
            Err(error) => match why(&error) {
                (why, true) => last = Answer::Dead(why),
                (why, false) => return Answer::Dead(why),
            },
        }
    }
    last
}

/// The answer to who asks too often.
const TOO_MANY: u16 = 429;

/// Whether a server may answer so because only the head was asked for.
fn may_dislike_heads(status: u16) -> bool {
    matches!(status, 400..=499 | 501) && status != TOO_MANY
}

/// What an answer means; none where asking again may help.
fn judged<T>(response: &Response<T>) -> Option<Answer> {
    let status = response.status().as_u16();
    match status {
        // Who must log in, pay or wait has found the place all the same.
        200..=399 | 401 | 402 | 403 | 405 | 406 | 407 | TOO_MANY => Some(Answer::Alive),
        404 | 410 => Some(Answer::Dead(format!("is gone (the server answers {status})"))),
        408 | 425 | 500..=599 => None,
        _ => Some(Answer::Dead(format!("is not there (the server answers {status})"))),
    }
}

fn asked_to_wait<T>(response: &Response<T>) -> Option<Duration> {
    let seconds = response.headers().get("retry-after")?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// Why there was no answer, and whether asking again may help.
fn why(error: &ureq::Error) -> (String, bool) {
    match error {
        ureq::Error::HostNotFound => ("leads to a host that does not exist".to_owned(), false),
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => ("is no address".to_owned(), false),
        ureq::Error::TooManyRedirects => ("is forwarded in a circle".to_owned(), false),
        ureq::Error::Timeout(_) => ("does not answer in time".to_owned(), true),
        ureq::Error::ConnectionFailed => ("cannot be reached".to_owned(), true),
        ureq::Error::Io(error) => why_io(error),
        other => (format!("cannot be asked for: {other}"), false),
    }
}

fn why_io(error: &io::Error) -> (String, bool) {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset, TimedOut, UnexpectedEof};
    match error.kind() {
        ConnectionRefused => ("cannot be reached: its server takes no connection".to_owned(), true),
        ConnectionReset | ConnectionAborted | BrokenPipe | UnexpectedEof => ("breaks off before it has answered".to_owned(), true),
        TimedOut => ("does not answer in time".to_owned(), true),
        // The resolver of the system has no kind of its own.
        _ if error.to_string().contains("lookup") => ("leads to a host that does not exist".to_owned(), false),
        _ => ("cannot be reached".to_owned(), true),
    }
}
