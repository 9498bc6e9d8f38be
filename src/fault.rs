//! A panic in, a sentence out: what went wrong in the program itself, and which file it had in hand.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;

thread_local! {
    /// What this thread is at work on.
    static IN_HAND: RefCell<String> = const { RefCell::new(String::new()) };
}

/// What the last panic said, from whichever thread it came.
static LAST: Mutex<Option<Fault>> = Mutex::new(None);

/// A fault of the program itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What the program said.
    pub message: String,
    /// Where in the program it said so.
    pub place: String,
    /// The file that it had in hand; empty where it had none.
    pub in_hand: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "this is a fault of handbook itself, and none of your content: {} ({})", self.message, self.place)?;
        if self.in_hand.is_empty() {
            write!(f, "; please report it")
        } else {
            write!(f, "; it happened with {} in hand: please report it with that file", self.in_hand)
        }
    }
}

/// Does work on one file, whose name is told if the work panics.
pub fn holding<T>(file: &str, work: impl FnOnce() -> T) -> T {
    let before = IN_HAND.replace(file.to_owned());
    let done = work();
    IN_HAND.set(before);
    done
}

/// Does work; a panic in it, on any thread that it waits for, is a fault and ends nothing else.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Fault> {
    panic::set_hook(Box::new(|panicked| {
        let place = panicked.location().map(|l| format!("{}:{}:{}", l.file(), l.line(), l.column())).unwrap_or_default();
        let message = panicked.payload_as_str().unwrap_or("no message").to_owned();
        let in_hand = IN_HAND.with_borrow(Clone::clone);
        if let Ok(mut last) = LAST.lock() {
            last.get_or_insert(Fault { message, place, in_hand });
        }
    }));
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    let _ = panic::take_hook();
    let said = LAST.lock().ok().and_then(|mut last| last.take());
    done.map_err(|_| said.unwrap_or(Fault { message: "no message".to_owned(), place: String::new(), in_hand: String::new() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_names_the_file_in_hand_also_from_another_thread() {
        let work = || {
            std::thread::scope(|scope| {
                let thread = scope.spawn(|| holding("content/a.md", || holding("content/b.md", || assert!(std::hint::black_box(false), "boom"))));
                thread.join().unwrap_or_else(|payload| panic::resume_unwind(payload));
            });
        };
        let fault = caught(work).expect_err("it panics");
        assert_eq!((fault.message.as_str(), fault.in_hand.as_str()), ("boom", "content/b.md"));
        assert!(fault.to_string().starts_with("this is a fault of handbook itself"), "{fault}");
        assert_eq!(caught(|| 1), Ok(1));
    }
}
