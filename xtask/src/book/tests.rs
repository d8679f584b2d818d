use super::*;
use std::fs;

#[test]
fn the_book_is_named_from_the_root() {
    let folder = root().join("target/named");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("index.html"), "").expect("a file");
    let book = root().join("book/../target/named");
    assert_eq!(shown(&book).expect("it is there"), Path::new("target/named/index.html"));
    fs::remove_dir_all(folder).expect("removed");
}
