//! A panic in, a sentence out: what went wrong in the program itself, and which file it had in hand.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, Once, PoisonError};

thread_local! {
    /// What this thread is at work on.
    static IN_HAND: RefCell<String> = const { RefCell::new(String::new()) };
}

/// What panics said, the last first, from whichever thread they came.
static NOTED: Mutex<Vec<Fault>> = Mutex::new(Vec::new());
/// How many are kept, for others that panic meanwhile.
const MOST_NOTED: usize = 16;
/// How many catch panics now.
static CAUGHT: AtomicUsize = AtomicUsize::new(0);

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
    struct Held(String);
    impl Drop for Held {
        fn drop(&mut self) {
            IN_HAND.set(std::mem::take(&mut self.0));
        }
    }
    let _before = Held(IN_HAND.replace(file.to_owned()));
    work()
}

/// Does work; a panic in it, on any thread that it waits for, is a fault and ends nothing else. Several may do so at a time.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Fault> {
    note_panics();
    CAUGHT.fetch_add(1, Ordering::SeqCst);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    CAUGHT.fetch_sub(1, Ordering::SeqCst);
    done.map_err(|payload| {
        let message = said(&*payload);
        let mut noted = NOTED.lock().unwrap_or_else(PoisonError::into_inner);
        let own = noted.iter().position(|fault| fault.message == message);
        own.map_or(Fault { message, place: String::new(), in_hand: String::new() }, |at| noted.remove(at))
    })
}

/// Keeps the place of each panic while somebody catches them; others are told as ever.
fn note_panics() {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| {
        let otherwise = panic::take_hook();
        panic::set_hook(Box::new(move |panicked| {
            if CAUGHT.load(Ordering::SeqCst) == 0 {
                return otherwise(panicked);
            }
            let place = panicked.location().map(|l| format!("{}:{}:{}", l.file(), l.line(), l.column())).unwrap_or_default();
            let fault = Fault { message: said(panicked.payload()), place, in_hand: IN_HAND.with_borrow(Clone::clone) };
            let mut noted = NOTED.lock().unwrap_or_else(PoisonError::into_inner);
            noted.truncate(MOST_NOTED);
            noted.insert(0, fault);
        }));
    });
}

fn said(payload: &dyn Any) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

/// Panics where a test asks for it, to see what becomes of a fault: `HANDBOOK_FAULT="parse content/a.md"`. Not in a release.
pub fn provoke(act: &str, file: &str) {
    if cfg!(debug_assertions) && std::env::var("HANDBOOK_FAULT").is_ok_and(|asked| asked.strip_prefix(act).is_some_and(|rest| rest.trim() == file)) {
        panic!("a test asked for this");
    }
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
        let after = caught(|| std::panic::panic_any(1)).expect_err("it panics");
        assert_eq!((after.message.as_str(), after.in_hand.as_str()), ("no message", ""), "nothing is in hand any more");
    }
}
