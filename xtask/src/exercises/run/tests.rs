use super::*;

fn shell(script: &str, limit: Duration) -> End {
    run(Command::new("sh").args(["-c", script]), limit).expect("sh is there")
}

#[test]
fn a_program_that_ends_says_how() {
    match shell("echo out; exit 3", Duration::from_secs(9)) {
        End::Exit { status, stdout, .. } => {
            assert_eq!((status.code(), &*stdout), (Some(3), "out\n"));
        }
        End::TooSlow => panic!("it takes no time"),
    }
}

#[test]
fn a_program_without_an_end_is_ended_with_its_children() {
    let start = Instant::now();
    let mark = std::env::temp_dir().join(format!("child-{}", std::process::id()));
    let script = format!("(sleep 1; touch {}) & sleep 60", mark.display());
    assert!(matches!(shell(&script, Duration::from_millis(200)), End::TooSlow));
    assert!(start.elapsed() < Duration::from_secs(9), "{:?}", start.elapsed());
    thread::sleep(Duration::from_millis(1200));
    assert!(!mark.exists(), "the child lived on");
}

#[test]
fn what_a_program_leaves_behind_holds_nobody_up() {
    let start = Instant::now();
    assert!(matches!(shell("sleep 60 &", Duration::from_secs(9)), End::Exit { .. }));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn a_program_that_prints_without_an_end_is_ended_too() {
    assert!(matches!(shell("yes", Duration::from_millis(300)), End::TooSlow));
}
