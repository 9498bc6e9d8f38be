//! Addresses outside the site, asked for on a server of this test's own: who is asked, how often, and what is told.

mod project;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use handbook::external::{self, Answers, Manners};
use handbook::snapshot::relate;
use handbook::source::{SourceTree, from_bytes};
use project::Project;

/// A server that answers by path and notes what it was asked.
struct Server {
    address: String,
    asked: Arc<Mutex<BTreeMap<String, usize>>>,
    most_at_once: Arc<AtomicUsize>,
}

impl Server {
    fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let server = Server { address, asked: Arc::default(), most_at_once: Arc::default() };
        let (asked, most) = (Arc::clone(&server.asked), Arc::clone(&server.most_at_once));
        std::thread::spawn(move || {
            let now = Arc::new(AtomicUsize::new(0));
            for stream in listener.incoming().flatten() {
                let (asked, most, now) = (Arc::clone(&asked), Arc::clone(&most), Arc::clone(&now));
                std::thread::spawn(move || serve(stream, &asked, &most, &now));
            }
        });
        server
    }

    fn asked(&self, question: &str) -> usize {
        self.asked.lock().expect("no panic").get(question).copied().unwrap_or(0)
    }
}

fn serve(mut stream: TcpStream, asked: &Mutex<BTreeMap<String, usize>>, most: &AtomicUsize, now: &AtomicUsize) {
    let mut lines = BufReader::new(stream.try_clone().expect("a stream")).lines().map_while(Result::ok);
    let Some(first) = lines.next() else { return };
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
    let question = first.trim_end_matches(" HTTP/1.1").to_owned();
    let count = {
        let mut asked = asked.lock().expect("no panic");
        let count = asked.entry(question.clone()).or_default();
        *count += 1;
        *count
    };
    let (status, more) = match question.split_once(' ').unwrap_or_default() {
        (_, "/fine" | "/a%20b") => ("200 OK", ""),
        (_, "/gone") => ("404 Not Found", ""),
        (_, "/moved") => ("301 Moved Permanently", "Location: /fine\r\n"),
        (_, "/circle") => ("302 Found", "Location: /circle\r\n"),
        (_, "/private") => ("403 Forbidden", ""),
        (_, "/moody") if count == 1 => ("503 Service Unavailable", "Retry-After: 0\r\n"),
        (_, "/moody") => ("200 OK", ""),
        (_, "/busy") => ("429 Too Many Requests", ""),
        (_, "/down") => ("500 Internal Server Error", ""),
        ("HEAD", "/whole-only") => ("405 Method Not Allowed", ""),
        (_, "/whole-only") => ("200 OK", ""),
        _ => ("400 Bad Request", ""),
    };
    now.fetch_sub(1, Ordering::SeqCst);
    // It hangs up without a word about it, as many servers do.
    let _ = write!(stream, "HTTP/1.1 {status}\r\n{more}Content-Length: 0\r\n\r\n");
}

fn manners() -> Manners {
    Manners { hosts: 4, pause: Duration::ZERO, patience: Duration::ZERO, tries: 3, wait: Duration::from_secs(10) }
}

/// What is told about a page with this text, as `line: message`.
fn told(text: &str, answers: &mut Answers) -> Vec<String> {
    let mut tree = SourceTree::default();
    tree.content.push(Arc::new(from_bytes("content/index.md", text.as_bytes().to_vec())));
    let handbook = relate(&tree);
    let (findings, _) = external::check(&handbook, &manners(), answers);
    findings.iter().map(|f| format!("{}: {}", text[..f.place.span.start].lines().count(), f.message)).collect()
}

#[test]
fn what_does_not_answer_is_told_at_each_of_its_links() {
    let server = Server::start();
    let at = &server.address;
    let text = format!(
        "[a]({at}/fine)\n[b]({at}/gone)\n[c]({at}/moved)\n[d]({at}/circle)\n[e]({at}/private)\n[f]({at}/moody)\n[g]({at}/down)\n[h]({at}/whole-only)\n[i]({at}/gone#part)\n[j](<{at}/a b>)\n[k](mailto:a@example.org)\n[l]({at}/busy)\n"
    );
    let told = told(&text, &mut Answers::default());
    let wanted = [
        format!("2: the address {at}/gone is gone (the server answers 404)"),
        format!("9: the address {at}/gone is gone (the server answers 404)"),
        format!("4: the address {at}/circle is forwarded in a circle"),
        format!("7: the address {at}/down answers with the error 500"),
    ];
    let mut wanted: Vec<String> = wanted.into_iter().collect();
    let mut told = told;
    wanted.sort();
    told.sort();
    assert_eq!(told, wanted);
    assert_eq!(server.asked("HEAD /gone"), 1, "each address once");
    assert_eq!(server.asked("HEAD /moody"), 2, "again where it may have been bad luck");
    assert_eq!(server.asked("HEAD /down"), 3, "but not for ever");
    assert_eq!(server.asked("GET /whole-only"), 1);
    assert_eq!(server.asked("GET /fine"), 0, "the head is enough");
    assert_eq!((server.asked("HEAD /busy"), server.asked("GET /busy")), (1, 0), "who says that it is too often is left in peace");
    assert_eq!(server.most_at_once.load(Ordering::SeqCst), 1, "one host gets one question at a time");
}

#[test]
fn bare_addresses_are_asked_for_too_and_those_in_code_are_not() {
    let server = Server::start();
    let at = &server.address;
    let text = format!(
        "---\ntitle: A\nroles:\n  - {{id: one, title: One, grade: 5, requirements: [\"See {at}/gone?a\"]}}\n---\nSee {at}/gone.\n\n`{at}/gone?b`\n"
    );
    let mut tree = SourceTree::default();
    tree.content.push(Arc::new(from_bytes("content/eng/a.md", text.clone().into_bytes())));
    let (findings, _) = external::check(&relate(&tree), &manners(), &mut Answers::default());
    let told: Vec<&str> = findings.iter().map(|f| &text[f.place.span.clone()]).collect();
    assert_eq!(told, [format!("{at}/gone"), format!("{at}/gone?a")]);
}

#[test]
fn why_nobody_answers_is_told() {
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("an address");
    let found = told(&format!("[a](http://{closed}/x)\n"), &mut Answers::default());
    assert_eq!(found, [format!("1: the address http://{closed}/x cannot be reached: its server takes no connection")]);
}

#[test]
fn what_answered_is_not_asked_again_for_a_day() {
    let server = Server::start();
    let text = format!("[a]({0}/fine) [b]({0}/gone)", server.address);
    let mut answers = Answers::default();
    assert_eq!(told(&text, &mut answers).len(), 1);
    assert_eq!(told(&text, &mut answers).len(), 1);
    assert_eq!((server.asked("HEAD /fine"), server.asked("HEAD /gone")), (1, 2));
}

#[test]
fn nobody_is_asked_unless_it_is_wanted() {
    let server = Server::start();
    let project = Project::new().file("content/index.md", &format!("[gone]({0}/gone) [fine]({0}/fine)\n", server.address));
    let cache = project.path("cache").display().to_string();
    let project = project.env("XDG_CACHE_HOME", &cache);
    project.run("check --format short").succeeds().says("0 errors, 0 warnings");
    project.run("build").succeeds();
    assert_eq!(server.asked("HEAD /gone"), 0);
    project.run("check --external --format short").succeeds().says("content/index.md:1:8: warning[link-dead]: the address");
    assert!(project.has("cache/handbook/links.json"));
    project.run("check --external --format short").succeeds();
    assert_eq!((server.asked("HEAD /fine"), server.asked("HEAD /gone")), (1, 2));
    let waived = project.edit("content/index.md", "/fine)\n", "/fine) <!-- handbook-allow link-dead: back on Monday -->\n");
    waived.run("check --external --format short").succeeds().says("0 errors, 0 warnings");
    waived.run("check").succeeds().says("0 errors, 0 warnings");
    let off = waived.file("handbook.yml", &format!("links: {{outside: [\"{}/*\"]}}\n", server.address));
    off.run("check --external").succeeds();
    assert_eq!(server.asked("HEAD /gone"), 3);
}
