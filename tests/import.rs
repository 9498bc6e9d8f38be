//! Old pages in, a site out: nothing is lost, the same bytes come twice, and what is found is what a reader finds.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

#[test]
fn every_line_of_awkward_pages_is_in_the_output_or_in_the_report() {
    for seed in 0..24 {
        let place = Place::new();
        let pages = pages(seed);
        pages.iter().for_each(|(name, text)| place.put(&format!("old/{name}"), text));
        let report = place.import();
        assert_eq!(lost(&report, &place), Vec::<String>::new(), "seed {seed}");
        place.builds(&format!("seed {seed}"));
    }
}

#[test]
fn importing_twice_gives_the_same_bytes() {
    let place = Place::new();
    pages(7).iter().for_each(|(name, text)| place.put(&format!("old/{name}"), text));
    place.import();
    let first = place.files();
    place.import();
    assert_eq!(place.files(), first);
}

#[test]
fn real_pages_come_through_and_agree_with_the_truth_table() {
    let Some(corpus) = std::env::var_os("HANDBOOK_IMPORT_CORPUS").map(PathBuf::from) else {
        println!("skipped: HANDBOOK_IMPORT_CORPUS names no directory of real pages");
        return;
    };
    let place = Place::new();
    let report = place.import_from(&corpus);
    assert_eq!(lost(&report, &place), Vec::<String>::new());
    place.builds("the real pages");
    let table = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/truth.tsv")).expect("the truth table");
    let mut faults = Vec::new();
    for set in ["used", "review", "new", "independent"] {
        let count = Count::of(set, &table, &report, &corpus);
        println!("{set}\n{}", count.text());
        faults.extend((!count.is_good_enough()).then(|| format!("{set}: {}", count.text())));
    }
    assert_eq!(faults, Vec::<String>::new());
}

/// What was found of a set of the truth table; pairs are what was found and what is in the table.
#[derive(Default)]
struct Count {
    roles: (usize, usize),
    grades: (usize, usize),
    tracks: (usize, usize),
    parents: (usize, usize),
    /// Lists behind the parents that were found.
    lists: (usize, usize),
    alternatives: (usize, usize),
    specialties: (usize, usize),
    /// For whom the specialties that were found are.
    scopes: (usize, usize),
    invented: usize,
    wrong_parents: usize,
    /// Wrong parents that the report gives for certain.
    wrong_facts: usize,
    faults: Vec<String>,
}

/// A row of the truth table.
struct Row<'a> {
    page: &'a str,
    title: &'a str,
    grade: &'a str,
    track: &'a str,
    extends: &'a str,
    any: &'a str,
}

impl Count {
    fn of(set: &str, table: &str, report: &Value, corpus: &Path) -> Self {
        let mut count = Count::default();
        let mut found: BTreeMap<String, &Value> = BTreeMap::new();
        for page in report["pages"].as_array().expect("pages") {
            let source = page["source"].as_str().expect("a path");
            let inner = source.strip_prefix(&*corpus.to_string_lossy()).unwrap_or(source).trim_start_matches('/');
            found.insert(inner.split("/index.").next().unwrap_or(inner).to_owned(), page);
        }
        let mut wanted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for line in table.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty()) {
            let [of, page, what, title, grade, track, extends, any] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("eight columns: {line}")
            };
            if of != set {
                continue;
            }
            wanted.entry(page).or_default().push(title);
            let source = found[page];
            let row = Row { page, title, grade, track, extends, any };
            if what == "specialty" { count.specialty(&row, source) } else { count.role(&row, source) }
        }
        for (page, titles) in &wanted {
            let all = list(found[*page], "roles").iter().chain(list(found[*page], "specialties"));
            for invented in all.filter(|r| !titles.iter().any(|t| is_titled(r, t))) {
                count.invented += 1;
                count.faults.push(format!("{page}: {} is none for a reader", invented["title"]));
            }
        }
        count
    }

    fn role(&mut self, row: &Row, page: &Value) {
        let parents: BTreeMap<String, BTreeSet<&str>> = row.extends.split(';').filter(|p| *p != "-").map(parent).collect();
        let others: BTreeSet<String> = row.any.split(';').filter(|p| *p != "-").map(plain).collect();
        self.roles.1 += 1;
        self.grades.1 += usize::from(row.grade != "-");
        self.tracks.1 += 1;
        self.parents.1 += parents.len();
        self.alternatives.1 += others.len();
        let Some(role) = list(page, "roles").iter().find(|r| is_titled(r, row.title)) else {
            self.faults.push(format!("{}: no role {}", row.page, row.title));
            return;
        };
        self.roles.0 += 1;
        let shown: Vec<String> = list(role, "grade").iter().map(Value::to_string).collect();
        let shown = if shown.is_empty() { "-".to_owned() } else { shown.join(",") };
        self.grades.0 += usize::from(row.grade != "-" && shown == row.grade);
        self.tell(shown == row.grade, row, &format!("has grade {shown}"));
        let track = if role["track"] == "management" { "m" } else { "ic" };
        self.tracks.0 += usize::from(track == row.track);
        self.tell(track == row.track, row, &format!("is of the track {track}"));
        let any: BTreeSet<String> = list(role, "extends_any").iter().map(|e| title_of(page, e)).collect();
        self.alternatives.0 += any.intersection(&others).count();
        self.tell(any == others, row, &format!("extends any of {any:?}"));
        self.parents_of(row, page, role, &parents);
    }

    fn parents_of(&mut self, row: &Row, page: &Value, role: &Value, wanted: &BTreeMap<String, BTreeSet<&str>>) {
        let mut seen = BTreeSet::new();
        for parent in list(role, "extends") {
            let title = title_of(page, &parent["role"]);
            let only: BTreeSet<&str> = list(parent, "only").iter().map(|s| short(s.as_str().expect("a section"))).collect();
            let Some(lists) = wanted.get(&title) else {
                let says = format!("{}: {}", role["title"].as_str().expect("a title"), parent["role"].as_str().expect("a reference"));
                let is_fact = list(page, "notes")
                    .iter()
                    .any(|n| n["what"] == "extends" && n["verdict"] == "understood" && n["text"].as_str().is_some_and(|t| t.starts_with(&says)));
                self.wrong_parents += 1;
                self.wrong_facts += usize::from(is_fact);
                self.tell(false, row, &format!("extends {title}, which it does not say"));
                continue;
            };
            self.parents.0 += 1;
            self.lists.1 += 1;
            self.lists.0 += usize::from(only == *lists);
            self.tell(only == *lists, row, &format!("extends {only:?} of {title}, not {lists:?}"));
            seen.insert(title);
        }
        for missing in wanted.keys().filter(|w| !seen.contains(*w)) {
            self.tell(false, row, &format!("does not extend {missing}"));
        }
    }

    fn specialty(&mut self, row: &Row, page: &Value) {
        self.specialties.1 += 1;
        let Some(specialty) = list(page, "specialties").iter().find(|s| is_titled(s, row.title)) else {
            self.faults.push(format!("{}: no specialty {}", row.page, row.title));
            return;
        };
        self.specialties.0 += 1;
        self.scopes.1 += 1;
        let wanted: BTreeSet<String> = row.extends.split(';').filter(|r| *r != "all").map(plain).collect();
        let shown: BTreeSet<String> = list(specialty, "roles").iter().map(|r| title_of(page, r)).collect();
        self.scopes.0 += usize::from(shown == wanted);
        self.tell(shown == wanted, row, &format!("is for {shown:?}"));
    }

    fn tell(&mut self, is_right: bool, row: &Row, what: &str) {
        if !is_right {
            self.faults.push(format!("{}: {} {what}", row.page, row.title));
        }
    }

    /// The figures that the import is held to: 95 % of roles, 95 % of grades, 90 % of parents, none wrong for certain.
    fn is_good_enough(&self) -> bool {
        let share = |(found, all): (usize, usize), percent: usize| found * 100 >= all * percent;
        share(self.roles, 95) && share(self.grades, 95) && share(self.parents, 90) && self.wrong_facts == 0
    }

    fn text(&self) -> String {
        let figures = [
            ("roles", self.roles),
            ("grades", self.grades),
            ("tracks", self.tracks),
            ("parents", self.parents),
            ("lists of parents", self.lists),
            ("alternatives", self.alternatives),
            ("specialties", self.specialties),
            ("for whom", self.scopes),
        ];
        let figures: String = figures.iter().map(|(what, (found, all))| format!("{what}: {found} of {all}\n")).collect();
        let (invented, wrong, facts) = (self.invented, self.wrong_parents, self.wrong_facts);
        format!("{figures}invented: {invented}\nwrong parents: {wrong}, for certain: {facts}\n{}", self.faults.join("\n"))
    }
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().expect("a list")
}

/// A parent of the table: `Widget Engineer [res req]`.
fn parent(text: &str) -> (String, BTreeSet<&str>) {
    let (title, lists) = text.split_once(" [").unwrap_or((text, ""));
    (plain(title), lists.trim_end_matches(']').split(' ').filter(|l| !l.is_empty()).collect())
}

fn short(section: &str) -> &str {
    match section {
        "responsibilities" => "res",
        "requirements" => "req",
        "performance-indicators" => "pi",
        other => other,
    }
}

/// The title of a role of a page by its id; another page's role by its reference.
fn title_of(page: &Value, id: &Value) -> String {
    let role = list(page, "roles").iter().find(|r| r["id"] == *id);
    plain(role.map_or(id, |r| &r["title"]).as_str().expect("a title"))
}

fn plain(title: &str) -> String {
    title.to_lowercase().replace(" of ", ", ")
}

fn is_titled(role: &Value, title: &str) -> bool {
    plain(role["title"].as_str().expect("a title")) == plain(title)
}

/// The lines of the sources that are neither in the output nor in the report as taken into a field or rewritten.
fn lost(report: &Value, place: &Place) -> Vec<String> {
    let mut lost = Vec::new();
    for page in report["pages"].as_array().expect("pages") {
        let source = page["source"].as_str().expect("a path");
        let text = fs::read_to_string(place.path(source)).expect("the source");
        let new = fs::read_to_string(place.path("new").join(page["file"].as_str().expect("a path"))).expect("the new file");
        let kept: BTreeSet<&str> = new.lines().map(str::trim_end).collect();
        let told: BTreeSet<u64> = page["notes"]
            .as_array()
            .expect("notes")
            .iter()
            .filter(|n| {
                matches!(n["verdict"].as_str(), Some("consumed" | "edited")) || matches!(n["what"].as_str(), Some("embedded code" | "front matter"))
            })
            .filter_map(|n| n["line"].as_u64())
            .collect();
        for (number, line) in (1..).zip(text.lines()) {
            let is_fence = line.trim_end() == "---";
            if !line.trim().is_empty() && !is_fence && !kept.contains(line.trim_end()) && !told.contains(&number) {
                lost.push(format!("{source}:{number}: {line}"));
            }
        }
    }
    lost
}

/// A few pages with the faults that old pages have, different for each seed.
fn pages(seed: u64) -> Vec<(String, String)> {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1));
    let kinds = ["Widget", "Gadget", "Sprocket"];
    (0..3).map(|i| (format!("{}/{}/index.html.md", ["ops", "sales"][i % 2], kinds[i].to_lowercase()), page(kinds[i], &mut random))).collect()
}

fn page(kind: &str, random: &mut Random) -> String {
    let mut text = String::from("---\nlayout: job_family_page\n");
    text += &format!("title: \"{kind}{}\"\n", random.of(&[" Engineering", " Engineer Roles", " - Roles & Responsibilities"]));
    text += random.of(&["", "description: >\n  One line,\n  and another\n", "extra: [a, \"b: c\"]\n"]);
    text += "---\n\n";
    text += random.of(&["Widgets are made here.\n\n", "", "<%= partial(\"x\") %>\n\n", "## On this page\n{:.no_toc}\n\n- TOC\n{:toc}\n\n"]);
    text += random.of(&["", "## Levels\n\n", "# Roles at Acme\n\n", "## Requirements\n\n* Uses tools\n\n## Levels\n\n"]);
    let levels = ["", "Senior ", "Staff ", "Principal "];
    for n in 0..1 + random.below(4) {
        let title = format!("{}{kind} Engineer", levels[n]);
        let before = if n == 0 { String::new() } else { format!("{}{kind} Engineer", levels[n - 1]) };
        let level = random.of(&["##", "###", "####"]);
        text += &format!("{level} {}{title}\n\n", random.of(&["", "**", "[x](#y) "]).trim_start_matches("**"));
        if n > 0 {
            let anchor = before.to_lowercase().replace(' ', "-");
            text += &random
                .of(&["", "The {t} role extends the [{b}](#{a}) role.\n\n", "The {t} reports to the Manager, {b}.\n\n"])
                .replace("{t}", &title)
                .replace("{b}", &before)
                .replace("{a}", &anchor);
        }
        for section in ["Job Grade", "Responsibilities", "Requirements"] {
            let heading = random
                .of(&["{s}", "{t} {s}", "{s}:", "{t} {m}"])
                .replace("{t}", &title)
                .replace("{s}", section)
                .replace("{m}", &section.replace("ibil", "bil"));
            text += &format!("{} {heading}\n\n", random.of(&["##", "###", "####", "#####"]));
            if section == "Job Grade" {
                text += &format!("The {title} is a {} {}.\n\n", random.of(&["grade", "job grade", "[grade](/x)"]), 5 + n);
                continue;
            }
            let parent = if n > 0 {
                format!(
                    "* {}\n",
                    random
                        .of(&["Extends the {b} {s}", "All of the {s} of a {b}, plus:", "Extends that of the Nobody {s}", "Knows things"])
                        .replace("{b}", &before)
                        .replace("{s}", &section.to_lowercase())
                )
            } else {
                String::new()
            };
            text +=
                &format!("{parent}* **Tools.** Knows {n}\n  * nested\n* ~~struck~~ [link](/handbook/x)\n* [dead](#nowhere) and [gone](other.md)\n\n");
        }
    }
    text += random.of(&[
        "",
        "## Specialties\n\n### Tools\n\nFor Senior and Staff levels only.\n\n#### Requirements\n\n* Likes tools\n\n",
        "## Specialities\n\n### Responsibilities\n\n* x\n\n",
    ]);
    text += random.of(&[
        "",
        "Hiring Process\n--------------\n\nFor Individual Contributors:\n\n* a\n\nFor Managers:\n\n* b\n",
        "## Career Ladder\n\nNext: [gadgets](/jobs/sales/gadget/).\n\n## Career Ladder\n\nagain\n",
    ]);
    text
}

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

/// A directory with old pages and a new site, removed at the end.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let name = format!("handbook-import-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a fresh directory");
        Place(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a page");
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_handbook")).args(arguments).current_dir(&self.0).output().expect("the program can be started")
    }

    fn import(&self) -> Value {
        self.import_from(Path::new("old"))
    }

    fn import_from(&self, source: &Path) -> Value {
        let output = self.run(&["import", &source.to_string_lossy(), "-o", "new", "--format", "json"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("the report is JSON")
    }

    fn builds(&self, what: &str) {
        let output = self.run(&["build", "-q", "-r", "new", "-o", "public"]);
        assert!(output.status.success(), "{what}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut open = vec![self.path("new")];
        while let Some(directory) = open.pop() {
            for entry in fs::read_dir(directory).expect("a directory") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let bytes = fs::read(&path).expect("a file");
                    found.insert(path, bytes);
                }
            }
        }
        found
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
