//! `handbook serve` as a process of its own, asked over real sockets. Nothing here sleeps: what is waited for is told by
//! the preview itself, in its stream of states or on stderr.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

use super::Project;

/// How long anything may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running preview; it ends with the test.
pub struct Preview {
    child: Child,
    pub address: SocketAddr,
    words: Receiver<String>,
    /// What was said before it was ready.
    pub heard: Vec<String>,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

/// The states that a tab is told.
pub struct States(BufReader<TcpStream>);

impl Project {
    /// Starts a preview on a free port.
    pub fn serve(&self, arguments: &str) -> Preview {
        self.start(&format!("serve --port 0 {arguments}"), &[])
    }

    /// The same where no other program is at hand.
    pub fn serve_alone(&self, arguments: &str) -> Preview {
        self.start(&format!("serve --port 0 {arguments}"), &[("PATH", "")])
    }

    /// The same with variables of the environment.
    pub fn serve_with(&self, arguments: &str, variables: &[(&str, &str)]) -> Preview {
        self.start(&format!("serve --port 0 {arguments}"), variables)
    }

    /// Starts a preview that takes the port it likes.
    pub fn serve_without_port(&self) -> Preview {
        self.start("serve", &[])
    }

    fn start(&self, arguments: &str, variables: &[(&str, &str)]) -> Preview {
        let mut child = Command::new(env!("CARGO_BIN_EXE_handbook"))
            .args(arguments.split_whitespace())
            .current_dir(self.path(""))
            .env_clear()
            .env("NO_COLOR", "1")
            .envs(variables.iter().copied())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        let lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        let (sender, words) = channel();
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| drop(sender.send(line))));
        let mut preview = Preview { child, address: SocketAddr::from(([127, 0, 0, 1], 0)), words, heard: Vec::new() };
        let ready = loop {
            let line = preview.words.recv_timeout(PATIENCE).expect("it says that it is ready");
            if line.starts_with("Preview of ") {
                break line;
            }
            preview.heard.push(line);
        };
        let address = ready.split_once("http://").and_then(|(_, rest)| rest.split_once('/')).expect("an address").0;
        preview.address = address.replace("localhost", "127.0.0.1").parse().expect("an address");
        preview
    }
}

impl Preview {
    /// Waits for a line on stderr that holds these words.
    #[track_caller]
    pub fn says(&self, words: &str) -> String {
        let mut said = Vec::new();
        loop {
            match self.words.recv_timeout(PATIENCE) {
                Ok(line) if line.contains(words) => return line,
                Ok(line) => said.push(line),
                Err(_) => panic!("{words:?} was not said, but: {said:#?}"),
            }
        }
    }

    /// What was said and not asked for yet.
    pub fn said(&self) -> Vec<String> {
        self.words.try_iter().collect()
    }

    /// Asks for a page as a browser would.
    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[])
    }

    /// The text of a page that must be there.
    #[track_caller]
    pub fn page(&self, path: &str) -> String {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.text()
    }

    /// Asks with a method and further headers; one that is given replaces the usual one.
    #[track_caller]
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let host = if headers.iter().any(|(name, _)| *name == "Host") { String::new() } else { format!("Host: {}\r\n", self.address) };
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        self.send(&format!("{method} {path} HTTP/1.1\r\n{host}{headers}Connection: close\r\n\r\n"))
    }

    /// Sends these bytes and reads the answer to its end.
    #[track_caller]
    pub fn send(&self, request: &str) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).expect("the request is taken");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("an answer");
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or_else(|| panic!("no head in {:?}", String::from_utf8_lossy(&bytes)));
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        Answer { status, head, body: bytes[end + 4..].to_vec() }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("the preview listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time");
        stream
    }

    /// Follows the states as a tab with this page does.
    pub fn follow(&self, page: &str) -> States {
        let mut stream = self.connect();
        let request = format!("GET /_handbook/events?page={page} HTTP/1.1\r\nHost: {}\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).expect("the request is taken");
        States(BufReader::new(stream))
    }

    /// Ends it as Ctrl-C does; gives its exit code.
    pub fn interrupt(mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().expect("kill can be run").success());
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header, where there is one.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().filter_map(|line| line.split_once(": ")).find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

impl States {
    /// The next state.
    #[track_caller]
    pub fn next(&mut self) -> Value {
        let mut line = String::new();
        loop {
            line.clear();
            assert!(self.0.read_line(&mut line).expect("a state") > 0, "the stream has ended");
            if let Some(state) = line.strip_prefix("data: ") {
                return serde_json::from_str(state).expect("JSON");
            }
        }
    }

    /// The first state of which this holds.
    #[track_caller]
    pub fn until(&mut self, holds: impl Fn(&Value) -> bool) -> Value {
        loop {
            let state = self.next();
            if holds(&state) {
                return state;
            }
        }
    }
}
