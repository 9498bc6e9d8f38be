//! Findings in, a name for each out that stays the same while the finding does: when lines above it move, when other
//! findings come and go, on every machine.

use std::collections::HashMap;

use super::Files;
use crate::diagnostic::Diagnostic;

/// The fingerprints of findings, in their order: 32 hexadecimal digits each.
///
/// They are made of the code, the file, the words of the line and the message without numbers. Findings that are alike in
/// all of this are counted. Of a finding about a whole file, only the code and the file count.
pub(super) fn all(findings: &[Diagnostic], files: &Files<'_>) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    findings
        .iter()
        .map(|finding| {
            let number = files.position(&finding.place, finding.place.span.start).line;
            let (line, start) = files.lines(&finding.place).line(number);
            let before: String = line[..line.floor_char_boundary(finding.place.span.start.saturating_sub(start))].split_whitespace().collect();
            let message: String = finding.message.chars().filter(|c| !c.is_ascii_digit()).collect();
            let line: Vec<&str> = line.split_whitespace().collect();
            let name = if finding.of_file {
                [finding.code, &*finding.place.file].join("\0")
            } else {
                [finding.code, &*finding.place.file, &line.join(" "), &before, &message].join("\0")
            };
            let count = seen.entry(name.clone()).or_insert(0);
            *count += 1;
            format!("{:016x}{:016x}", hash(&name, *count as u64), hash(&name, !(*count as u64)))
        })
        .collect()
}

/// FNV-1a with a seed: fixed for ever, which hashers made for tables are not.
fn hash(text: &str, seed: u64) -> u64 {
    let bytes = seed.to_le_bytes().into_iter().chain(text.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
