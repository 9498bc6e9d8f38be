//! What the verbs say: colours only where they are wanted, and no panic where nobody can listen.

use std::io::{self, Write as _};

use super::Failure;

/// Writes to standard output. A reader that went away is no failure; a full disk is.
pub fn out(text: &str) -> Result<(), Failure> {
    let mut stream = anstream::stdout().lock();
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::machine(format!("cannot write to standard output: {error}"))),
        _ => Ok(()),
    }
}

/// Writes to standard error; where that fails there is nobody left to tell.
pub fn err(text: &str) {
    let mut stream = anstream::stderr().lock();
    let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
}

/// Writes a line to standard error.
pub fn err_line(line: &str) {
    err(&format!("{line}\n"));
}
