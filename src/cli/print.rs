//! What the verbs say: colours only where they are wanted, and no panic where nobody can listen.

use std::io::{self, IsTerminal as _, Write as _};

use super::Failure;
use crate::report::{quiet_json, visible};

/// Writes text for people to standard output, colours where they are wanted. A reader that went away is no failure; a full disk is.
pub fn out(text: &str) -> Result<(), Failure> {
    written(anstream::stdout().lock(), text.as_bytes())
}

/// Writes data to standard output: whole in a pipe or a file, and without power over a terminal.
pub fn data(bytes: &[u8]) -> Result<(), Failure> {
    let stdout = io::stdout().lock();
    let shown = if stdout.is_terminal() { visible(&String::from_utf8_lossy(bytes)).into_owned().into_bytes() } else { bytes.to_vec() };
    written(stdout, &shown)
}

/// Writes JSON, in which each hidden character is written as an escape, with a line break at its end.
pub fn json(value: &serde_json::Value) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).expect("values of this kind can always be written");
    written(io::stdout().lock(), (quiet_json(text) + "\n").as_bytes())
}

fn written(mut stream: impl io::Write, bytes: &[u8]) -> Result<(), Failure> {
    match stream.write_all(bytes).and_then(|()| stream.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::machine(format!("cannot write to standard output: {error}"))),
        _ => Ok(()),
    }
}

/// Writes to standard error; where that fails there is nobody left to tell.
pub fn err(text: &str) {
    let mut stream = anstream::stderr().lock();
    let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
}

/// Writes a line to standard error; what it repeats of the content is made visible.
pub fn err_line(line: &str) {
    err(&format!("{}\n", visible(line)));
}
