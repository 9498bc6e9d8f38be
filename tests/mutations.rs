//! Fuzzing in every run of the tests: the seeds of `fuzz/`, each as it is and many with random edits, through the checks of the
//! fuzz targets. Each day tries others; what fails tells its seed: `MUTATIONS=<seed> cargo test --test mutations`, and
//! `MUTATIONS=<seed>x<seconds>` goes on for so long with each target, and tries the same ones in the same order.

#[path = "../fuzz/checks.rs"]
mod checks;
mod project;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use project::dice::Dice;

/// The seed of this run, and how long it goes on with each target, where it is not just for a while.
fn wanted() -> (u64, Option<Duration>) {
    let today = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs() / 86_400);
    let Ok(given) = std::env::var("MUTATIONS") else { return (today(), None) };
    let (seed, seconds) = given.split_once('x').map_or((given.as_str(), None), |(seed, seconds)| (seed, Some(seconds)));
    (seed.parse().expect("a number"), seconds.map(|seconds| Duration::from_secs(seconds.parse().expect("a number"))))
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut files: Vec<_> = folder.read_dir().expect("there are seeds").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).expect("a file")).collect()
}

/// The words of `fuzz/handbook.dict`, in which `\xNN` is a byte.
fn words() -> Vec<Vec<u8>> {
    let lines = include_str!("../fuzz/handbook.dict").lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    lines.map(word).collect()
}

fn word(written: &str) -> Vec<u8> {
    let mut parts = written.split("\\x");
    let mut out = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (byte, rest) = part.split_at(2);
        out.push(u8::from_str_radix(byte, 16).expect("two digits"));
        out.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(out.clone()).map_or(out, |text| text.replace("\\\"", "\"").into_bytes())
}

/// An input with some edits: bytes changed, pieces cut out, doubled or moved in from another seed, words that mean something.
fn edited(dice: &mut Dice, all: &[Vec<u8>], words: &[Vec<u8>]) -> Vec<u8> {
    let mut input = dice.of(all).clone();
    for _ in 0..=dice.below(6) {
        let at = dice.below(input.len() + 1);
        let end = (at + dice.below(40)).min(input.len());
        match dice.below(6) {
            0 if at < input.len() => input[at] = dice.below(256) as u8,
            1 => drop(input.drain(at..end)),
            2 => drop(input.splice(at..at, input[at..end].to_vec())),
            3 => {
                let other = dice.of(all);
                let from = dice.below(other.len() + 1);
                let piece = other[from..(from + dice.below(200)).min(other.len())].to_vec();
                drop(input.splice(at..end, piece));
            }
            4 => input.truncate(at.max(1)),
            _ => drop(input.splice(at..at, dice.of(words).clone())),
        }
    }
    input
}

fn hold(target: &str, count: usize, check: impl Fn(&[u8])) {
    let (seed, time) = wanted();
    let (all, words) = (seeds(target), words());
    let mut dice = Dice(seed);
    let started = Instant::now();
    let mut tried = 0;
    for number in 0.. {
        if time.map_or(number == all.len() + count, |time| started.elapsed() >= time) {
            break;
        }
        tried = number + 1;
        let input = all.get(number).cloned().unwrap_or_else(|| edited(&mut dice, &all, &words));
        let held = catch_unwind(AssertUnwindSafe(|| check(&input)));
        assert!(held.is_ok(), "seed {seed}, input {number} of {target}: {:?}", String::from_utf8_lossy(&input));
    }
    println!("seed {seed}: {tried} inputs of {target} in {} s, nothing found", started.elapsed().as_secs());
}

#[test]
fn any_bytes_are_a_body() {
    hold("body", 8_000, checks::body);
}

#[test]
fn any_bytes_are_front_matter() {
    hold("front_matter", 8_000, checks::front_matter);
}

#[test]
fn no_name_of_a_file_leads_out_of_the_site() {
    hold("path", 40_000, |bytes| checks::path(&String::from_utf8_lossy(bytes)));
}

#[test]
fn any_files_are_a_site_without_scripts_of_strangers() {
    hold("site", 800, checks::site);
}
