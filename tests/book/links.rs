//! Links and images lead somewhere, and every page is in the table of contents.

use crate::pages::{PAGES, Page};
use crate::{none, read, root};
use std::path::Path;

#[test]
fn every_link_leads_somewhere() {
    let mut problems = Vec::new();
    for page in PAGES.iter() {
        for line in &page.prose {
            let (_, words) = line.split();
            for target in targets(&words) {
                if let Err(problem) = follow(page, target) {
                    problems.push(format!("{}: {problem}", page.at(line.number)));
                }
            }
        }
    }
    none(&problems);
}

/// Who has read one chapter finds the way in all.
#[test]
fn every_chapter_has_its_seven_parts() {
    const PARTS: [&str; 7] = [
        "What the JavaScript did",
        "Run it",
        "What goes over the wire",
        "How the library does it",
        "What people trip over",
        "Exercises",
        "What changed",
    ];
    let mut problems = Vec::new();
    for page in PAGES.iter().filter(|page| page.path.starts_with("book/src/ch")) {
        let parts = page.prose.iter().filter_map(|line| line.text.strip_prefix("## "));
        let parts: Vec<_> = parts.map(str::trim).collect();
        if parts != PARTS {
            problems.push(format!("{}: its parts are {parts:?}: make them {PARTS:?}", page.at(1)));
        }
    }
    none(&problems);
}

#[test]
fn every_page_is_in_the_table_of_contents() {
    let summary = read("book/src/SUMMARY.md");
    let problems = PAGES.iter().filter_map(|page| {
        let name = page.path.strip_prefix("book/src/").expect("a page");
        let listed = name == "SUMMARY.md" || summary.contains(&format!("]({name})"));
        (!listed).then(|| format!("{}:1: nobody finds this page: name it in SUMMARY.md", page.path))
    });
    none(&problems.collect::<Vec<_>>());
}

/// Where the links of a line go: what is in the brackets after `](`.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

fn follow(page: &Page, target: &str) -> Result<(), String> {
    if target.starts_with("https://") {
        return Ok(());
    }
    let (file, heading) = target.split_once('#').unwrap_or((target, ""));
    let folder = Path::new(&page.path).parent().expect("a folder");
    let path =
        if file.is_empty() { page.path.clone() } else { format!("{}/{file}", folder.display()) };
    if !root().join(&path).is_file() {
        return Err(format!("there is no {path}: write the page, or mend the link"));
    }
    if heading.is_empty() {
        return Ok(());
    }
    let aim = PAGES.iter().find(|page| page.path == path).ok_or(format!("{path} is no page"))?;
    let headings = headings(aim);
    if headings.iter().any(|slug| slug == heading) {
        return Ok(());
    }
    Err(format!("{path} has no heading #{heading}: it has {headings:?}"))
}

fn headings(page: &Page) -> Vec<String> {
    page.prose.iter().filter_map(|line| slug(&line.text)).collect()
}

/// The panel beside the chapters' pages leads from each part of a packet into the book.
#[test]
fn every_link_of_the_wire_panel_leads_somewhere() {
    const PANEL: &str = "static/wire.js";
    let script = read(PANEL);
    let page =
        PAGES.iter().find(|page| page.path == "book/src/wire.md").expect("the page of packets");
    assert!(script.contains("/book/wire.html"), "{PANEL} leads to another page: mend this test");
    let list = |name: &str| {
        let line = script.lines().find(|line| line.contains(&format!("const {name} = [")));
        let line = line.unwrap_or_else(|| panic!("{PANEL} has no list {name}: mend this test"));
        line.split('"').skip(1).step_by(2).map(str::to_lowercase).collect::<Vec<_>>()
    };
    let engine = list("ENGINE").into_iter().map(|name| format!("engine-{name}"));
    let socket =
        list("SOCKET").into_iter().map(|name| format!("socket-{}", name.replace('_', "-")));
    // `layer(text, name, "anchor")`
    let named = script.lines().filter(|line| line.contains("layer(")).flat_map(|line| {
        line.split(", \"").skip(1).filter_map(|rest| Some(rest.split_once("\")")?.0.to_owned()))
    });
    let is_anchor = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c == '-')
    };
    let wanted: Vec<String> =
        engine.chain(socket).chain(named.filter(|name| is_anchor(name))).collect();
    assert!(wanted.len() > 20, "{PANEL}: the anchors were not found: mend this test");
    let headings = headings(page);
    let missing = wanted.iter().filter(|anchor| !headings.contains(anchor));
    let problems = missing.map(|anchor| {
        format!("{}:1: {PANEL} leads to #{anchor}: add a heading {{#{anchor}}}", page.path)
    });
    none(&problems.collect::<Vec<_>>());
}

/// The name that mdBook gives to a heading.
fn slug(line: &str) -> Option<String> {
    let text = line.strip_prefix('#')?.trim_start_matches('#').trim();
    if let Some((_, name)) = text.split_once("{#") {
        return name.strip_suffix('}').map(str::to_owned);
    }
    let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '));
    Some(kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect())
}

#[test]
fn a_heading_has_the_name_mdbook_gives_it() {
    assert_eq!(slug("## What goes over the wire"), Some("what-goes-over-the-wire".into()));
    assert_eq!(slug("# `on` and `emit`, twice"), Some("on-and-emit-twice".into()));
    assert_eq!(slug("### Open {#engine-open}"), Some("engine-open".into()));
    assert_eq!(slug("no heading"), None);
}
