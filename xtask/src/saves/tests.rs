use super::*;

#[test]
fn a_save_is_seen_once() {
    let root = std::env::temp_dir().join(format!("saves-{}", std::process::id()));
    fs::create_dir_all(root.join("book/src")).expect("a folder");
    let mut saves = Saves::of(vec![root.clone()]);
    assert!(!saves.came());
    fs::write(root.join("book/src/page.md"), "new").expect("a page");
    assert!(saves.came() && !saves.came());
    fs::remove_file(root.join("book/src/page.md")).expect("removed");
    assert!(saves.came() && !saves.came());
    fs::remove_dir_all(root).expect("removed");
}
