use super::*;
use std::fs;
use std::path::PathBuf;

/// A class on disk, removed at its end.
struct Class {
    root: PathBuf,
    folder: PathBuf,
    exercise: Exercise,
}

impl Class {
    fn new(name: &str) -> Self {
        let root = crate::root();
        let folder = std::env::temp_dir().join(format!("class-{name}-{}", std::process::id()));
        let all = crate::exercises::all(&root).expect("the exercises");
        let exercise = all.into_iter().find(|exercise| exercise.name == "ex_ch03_ack");
        fs::create_dir_all(&folder).expect("a folder");
        Self { root, folder, exercise: exercise.expect("an exercise with `attach`") }
    }

    fn ours(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).expect("ours")
    }

    /// A student who hands in these files, by their paths below the student's folder.
    fn student(&self, name: &str, files: &[(&str, &str)]) {
        for (path, text) in files {
            let path = self.folder.join(name).join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
    }

    fn read(&self) -> Vec<Student> {
        submissions::read(&self.folder, &self.root, std::slice::from_ref(&self.exercise))
            .expect("a class")
    }
}

impl Drop for Class {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

const STARTER: &str = "chapters/ch03_on_emit/exercises/ack/starter.rs";
const CHECKS: &str = "chapters/ch03_on_emit/exercises/ack/checks.rs";

/// What stands at the beginning of `attach`.
fn with_line(solution: &str, line: &str) -> String {
    const BEGIN: &str = "pub fn attach(io: &SocketIo) {\n";
    assert!(solution.contains(BEGIN), "the solution of ex_ch03_ack has changed: mend this test");
    solution.replace(BEGIN, &format!("{BEGIN}{line}\n"))
}

#[test]
fn a_class_is_graded_by_our_checks() {
    let class = Class::new("graded");
    let (starter, solution) =
        (class.ours(&class.exercise.starter()), class.ours(&class.exercise.solution()));
    let cheat =
        starter.replace("mod checks;", "mod checks {\n    #[test]\n    fn all_is_well() {}\n}");
    let paths = solution.replace("add: Add", "add: crate::Add");
    for (name, text) in [
        ("1 solved", &*with_line(&solution, "// My own way.")),
        ("2 not begun", &starter.replace('\n', "\r\n")),
        ("3 with checks of her own", &cheat),
        ("5 without an end", &with_line(&solution, "if true { loop {} }")),
        ("6 not Rust", "pub fn attach( {"),
        ("7 not of a type", &with_line(&solution, "let one: u8 = \"one\";")),
        ("8 gone", &with_line(&solution, "if true { std::process::exit(0) }")),
        ("9 by the root", &paths),
        ("10 alike", &solution),
        ("11 unsafe", &with_line(&solution, "unsafe {}")),
    ] {
        class.student(name, &[(STARTER, text), (CHECKS, "#[test]\nfn all_is_well() {}\n")]);
    }
    class.student("12 nothing", &[("notes.txt", "I was ill")]);
    let students = class.read();
    let all = std::slice::from_ref(&class.exercise);
    let folder = class.root.join("target/grade-test");
    let found = verdicts(&class.root, &folder, all, &students, Duration::from_secs(10));
    let csv = table::csv(all, &students, &found.expect("graded")).expect("a table");
    assert_eq!(
        String::from_utf8(csv).expect("UTF-8"),
        "student,ex_ch03_ack,solved,of\n\
         1 solved,passed,1,1\n\
         10 alike,passed,1,1\n\
         11 unsafe,does not compile,0,1\n\
         12 nothing,missing,0,1\n\
         2 not begun,not begun,0,1\n\
         3 with checks of her own,failed,0,1\n\
         5 without an end,too slow,0,1\n\
         6 not Rust,does not compile,0,1\n\
         7 not of a type,does not compile,0,1\n\
         8 gone,failed,0,1\n\
         9 by the root,passed,1,1\n"
    );
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn only_loopback_is_there() {
    let folder = std::env::temp_dir();
    let jail = Jail::new(&folder);
    let mut command = jail.command(Path::new("sh"));
    let output = command.args(["-c", "env; cat /proc/net/dev"]).output().expect("sh is there");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(!text.contains("CARGO"), "the environment is not the teacher's: {text}");
    if jail.is_closed {
        let devices: Vec<&str> = text
            .lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, _)| name.trim())
            .collect();
        assert_eq!(devices, ["lo"], "{text}");
    }
}

fn word(student: &Student) -> &'static str {
    match &student.handed[0] {
        Handed::Text(_) => "text",
        Handed::Not(verdict) => verdict.word(),
    }
}

#[test]
fn a_starter_is_found_wherever_the_chapters_lie() {
    let class = Class::new("found");
    let text =
        [("chapters", "a"), ("", "b"), ("tide-socketio/chapters", "c"), ("target/chapters", "d")];
    for (place, name) in text {
        let path = format!("{place}/ch03_on_emit/exercises/ack/starter.rs");
        class.student(name, &[(path.trim_start_matches('/'), "x")]);
    }
    class.student(
        "e",
        &[("copy/chapters/ch03_on_emit/exercises/ack/starter.rs", "far"), (STARTER, "near")],
    );
    fs::write(class.folder.join("readme.txt"), "no student").expect("a file");
    let students = class.read();
    let words: Vec<_> = students.iter().map(|student| (&*student.name, word(student))).collect();
    assert_eq!(
        words,
        [("a", "text"), ("b", "text"), ("c", "text"), ("d", "missing"), ("e", "text")]
    );
    assert!(matches!(&students[4].handed[0], Handed::Text(text) if text == "near"));
}

#[test]
fn one_submission_is_no_class() {
    for place in ["chapters/", ""] {
        let class = Class::new("one");
        let path = format!("{place}ch03_on_emit/exercises/ack/starter.rs");
        class.student("", &[(&path, "x")]);
        let all = std::slice::from_ref(&class.exercise);
        let error = submissions::read(&class.folder, &class.root, all).err().expect("no class");
        let folder = class.folder.display().to_string();
        assert!(error.to_string().starts_with(&format!("{folder} is what one student")), "{error}");
    }
}

#[test]
fn a_folder_of_several_students_is_noticed() {
    let class = Class::new("several");
    let all = std::slice::from_ref(&class.exercise);
    class.student("group/ann", &[(STARTER, "a")]);
    let files = || submissions::files(&class.folder.join("group"));
    assert!(submissions::twice(&files(), all).is_none());
    class.student("group/ben", &[(STARTER, "b")]);
    let found = files();
    let (taken, other) = submissions::twice(&found, all).expect("two of them");
    assert!(taken.ends_with(Path::new("ann").join(STARTER)), "{taken:?}");
    assert!(other.ends_with(Path::new("ben").join(STARTER)), "{other:?}");
}

#[test]
fn the_screen_shows_what_has_not_passed() {
    let all = crate::exercises::all(&crate::root()).expect("the exercises");
    let student = |name: &str| Student { name: name.into(), handed: Vec::new() };
    let students = [student("ann"), student("cleo"), student("zoë")];
    let mut verdicts = [Verdict::Passed, Verdict::NotBegun, Verdict::Missing].map(|v| [v; 3]);
    verdicts[1][1] = Verdict::Failed;
    verdicts[1][2] = Verdict::TooSlow;
    let verdicts = verdicts.map(Vec::from);
    assert_eq!(
        table::summary(&all[..3], &students, &verdicts),
        "ann    3 of 3\n\
         cleo   0 of 3, ex_ch00_newcomer failed, ex_ch00_gone too slow\n\
         zoë    0 of 3, no starter.rs was found\n"
    );
}

#[test]
fn what_is_no_text_gets_a_word() {
    let class = Class::new("odd");
    let path = |name: &str| class.folder.join(name).join(STARTER);
    for name in ["bytes", "long", "folder"] {
        class.student(name, &[(STARTER, "")]);
    }
    fs::write(path("bytes"), [0xff, 0xfe]).expect("a file");
    fs::write(path("long"), " ".repeat(200_000)).expect("a file");
    fs::remove_file(path("folder")).expect("removed");
    fs::create_dir(path("folder")).expect("a folder");
    let words: Vec<_> = class.read().iter().map(word).collect();
    assert_eq!(words, ["unreadable", "missing", "unreadable"]);
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed() {
    use std::os::unix::fs::symlink;
    let class = Class::new("links");
    for name in ["file", "folder"] {
        class.student(name, &[("chapters/ch03_on_emit/exercises/readme", "")]);
    }
    let solution = class.root.join(class.exercise.solution());
    class.student("file", &[("chapters/ch03_on_emit/exercises/ack/readme", "")]);
    symlink(solution, class.folder.join("file").join(STARTER)).expect("a link");
    let ours = class.root.join("chapters/ch03_on_emit/exercises/ack");
    symlink(ours, class.folder.join("folder/chapters/ch03_on_emit/exercises/ack")).expect("a link");
    symlink(&class.root, class.folder.join("student")).expect("a link");
    let words: Vec<_> = class.read().iter().map(word).collect();
    assert_eq!(words, ["unreadable", "missing"]);
}

#[test]
fn the_guide_explains_every_word() {
    use Verdict::{DoesNotCompile, Failed, Missing, NotBegun, Passed, TooSlow, Unreadable};
    let guide = fs::read_to_string(crate::root().join("book/src/teachers.md")).expect("the guide");
    for verdict in [Passed, Failed, DoesNotCompile, TooSlow, NotBegun, Missing, Unreadable] {
        let row = format!("\n| {} | ", verdict.word());
        assert!(guide.contains(&row), "book/src/teachers.md: explain {:?}", verdict.word());
    }
}

#[test]
fn the_order_is_read() {
    let order = Order::parse(&["class", "--out", "a.csv", "--seconds", "5"]).expect("an order");
    let limit = Duration::from_secs(5);
    assert_eq!(order, Order { folder: "class".into(), out: Some("a.csv".into()), limit });
    assert_eq!(Order::parse(&["class"]).expect("an order").limit, Duration::from_secs(30));
    for wrong in [&[][..], &["a", "b"], &["a", "--out"], &["a", "--seconds", "0"], &["--all"]] {
        assert!(Order::parse(wrong).is_err(), "{wrong:?}");
    }
}
