//! The arrows of the rooms: who may know whom (`src/README.md`).

use std::path::Path;

/// Each room with what it must not mention.
const RULES: &[(&str, &[&str])] = &[
    (
        "domain",
        &[
            "crate::store",
            "crate::lab",
            "crate::exchange",
            "crate::edge",
            "crate::api",
            "crate::web",
            "crate::cli",
            "diesel",
            "actix_web",
            "tokio",
            "Utc::now",
            "now_v7",
            "rand::",
        ],
    ),
    ("store", &["crate::lab", "crate::exchange", "crate::edge", "crate::api", "crate::web", "crate::cli", "actix_web"]),
    ("lab", &["crate::exchange", "crate::edge", "crate::api", "crate::web", "crate::cli", "diesel", "actix_web"]),
    ("exchange", &["crate::edge", "crate::api", "crate::web", "crate::cli", "diesel", "store::schema"]),
    (
        "edge",
        &["crate::exchange", "crate::api", "crate::web", "crate::cli", "diesel", "store::tables", "store::schema"],
    ),
    ("api", &["crate::web", "crate::cli", "diesel", "store::tables", "store::schema"]),
    ("web", &["crate::api", "crate::cli", "diesel", "store::tables", "store::schema"]),
    ("cli", &["diesel", "store::schema"]),
];

fn walk(dir: &Path, visit: &mut dyn FnMut(&Path, &str)) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, visit);
        } else if path.extension().is_some_and(|e| e == "rs") {
            visit(&path, &std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn arrows_point_down() {
    let mut wrong = Vec::new();
    for (room, forbidden) in RULES {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room);
        walk(&dir, &mut |path, text| {
            for (number, line) in text.lines().enumerate() {
                let code = line.trim_start();
                if code.starts_with("//") {
                    continue;
                }
                for word in *forbidden {
                    if code.contains(word) {
                        wrong.push(format!("{}:{}: mentions {word}", path.display(), number + 1));
                    }
                }
            }
        });
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// All SQL is in `store`; all of what may write clinical rows is called from the door.
#[test]
fn only_the_door_writes_cases() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    walk(&src, &mut |path, text| {
        let place = path.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
        let writes = text.contains("aggregate::insert") || text.contains("aggregate::update");
        assert!(!writes || place == "lab/execute.rs", "{place} writes cases past the door");
    });
}

/// The declared machines as people read them. A changed row must be looked at: run with `TREPHINE_BLESS=1` to accept.
#[test]
fn machines_are_the_golden_table() {
    let out = std::process::Command::new(env!("CARGO_BIN_EXE_trephine")).arg("states").output().unwrap();
    assert!(out.status.success());
    let said = String::from_utf8(out.stdout).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/states.txt");
    if std::env::var_os("TREPHINE_BLESS").is_some() {
        std::fs::write(&path, &said).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap();
    assert_eq!(said, golden, "the machines changed; compare fixtures/states.txt, then run with TREPHINE_BLESS=1");
}
