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
    let count = Count::of(&table, &report, &corpus);
    println!("{}", count.text());
    assert!(count.faults.is_empty() || count.is_good_enough(), "{}", count.text());
}

/// What was found of the truth table.
#[derive(Default)]
struct Count {
    roles: (usize, usize),
    grades: (usize, usize),
    parents: (usize, usize),
    invented_roles: usize,
    wrong_parents: usize,
    faults: Vec<String>,
}

impl Count {
    fn of(table: &str, report: &Value, corpus: &Path) -> Self {
        let mut count = Count::default();
        let mut found: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
        for page in report["pages"].as_array().expect("pages") {
            let source = page["source"].as_str().expect("a path");
            let inner = source.strip_prefix(&*corpus.to_string_lossy()).unwrap_or(source).trim_start_matches('/');
            let name = inner.split("/index.").next().unwrap_or(inner);
            found.insert(name.to_owned(), page["roles"].as_array().expect("roles").iter().collect());
        }
        let rows: Vec<Vec<&str>> = table.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty()).map(|l| l.split('\t').collect()).collect();
        let mut wanted: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for row in &rows {
            let [page, title, grade, parent] = row[..] else { panic!("four columns: {row:?}") };
            wanted.entry(page).or_default().insert(title.to_lowercase());
            let roles = found.get(page).map_or(&[][..], Vec::as_slice);
            let role = roles.iter().find(|r| is_titled(r, title));
            count.roles.1 += 1;
            let Some(role) = role else {
                count.faults.push(format!("{page}: no role {title}"));
                count.grades.1 += usize::from(grade != "-");
                count.parents.1 += usize::from(parent != "-");
                continue;
            };
            count.roles.0 += 1;
            count.grade(page, title, grade, role);
            count.parent(page, title, parent, role, roles);
        }
        for (page, titles) in &wanted {
            let invented = found.get(*page).into_iter().flatten().filter(|r| !titles.iter().any(|t| is_titled(r, t)));
            for role in invented {
                count.invented_roles += 1;
                count.faults.push(format!("{page}: {} is no role for a reader", role["title"]));
            }
        }
        count
    }

    fn grade(&mut self, page: &str, title: &str, grade: &str, role: &Value) {
        let shown: Vec<String> = role["grade"].as_array().expect("grades").iter().map(Value::to_string).collect();
        let shown = if shown.is_empty() { "-".to_owned() } else { shown.join(",") };
        if grade != "-" {
            self.grades.1 += 1;
            self.grades.0 += usize::from(shown == grade);
        }
        if shown != grade {
            self.faults.push(format!("{page}: {title} has grade {shown}, not {grade}"));
        }
    }

    fn parent(&mut self, page: &str, title: &str, parent: &str, role: &Value, roles: &[&Value]) {
        let title_of = |id: &str| roles.iter().find(|r| r["id"] == id).map(|r| r["title"].as_str().expect("a title").to_lowercase());
        let shown: BTreeSet<String> = role["extends"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|e| e["role"].as_str().expect("an id"))
            .map(|id| title_of(id).unwrap_or_else(|| id.to_owned()))
            .collect();
        let wanted: BTreeSet<String> = parent.split(';').filter(|p| *p != "-").map(str::to_lowercase).collect();
        self.parents.1 += wanted.len();
        self.parents.0 += wanted.intersection(&shown).count();
        for wrong in shown.difference(&wanted) {
            self.wrong_parents += 1;
            self.faults.push(format!("{page}: {title} extends {wrong}, which it does not say"));
        }
        for missing in wanted.difference(&shown) {
            self.faults.push(format!("{page}: {title} does not extend {missing}"));
        }
    }

    /// The figures that the import is held to: 95 % of roles, 95 % of grades, 90 % of parents, none wrong.
    fn is_good_enough(&self) -> bool {
        let share = |(found, all): (usize, usize), percent: usize| found * 100 >= all * percent;
        share(self.roles, 95) && share(self.grades, 95) && share(self.parents, 90) && self.wrong_parents == 0
    }

    fn text(&self) -> String {
        let share = |what: &str, (found, all): (usize, usize)| format!("{what}: {found} of {all}\n");
        let figures = share("roles", self.roles) + &share("grades", self.grades) + &share("parents", self.parents);
        format!("{figures}roles that are none: {}\nwrong parents: {}\n{}", self.invented_roles, self.wrong_parents, self.faults.join("\n"))
    }
}

fn is_titled(role: &Value, title: &str) -> bool {
    let shown = role["title"].as_str().expect("a title");
    let words = |t: &str| t.to_lowercase().replace(" of ", ", ");
    words(shown) == words(title)
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
