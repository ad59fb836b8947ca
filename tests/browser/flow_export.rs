//! A table is taken out of the laboratory as a file.

use crate::hand::{Hand, User};
use crate::site::Site;

crate::by_both_hands!(export);

fn export(hand: Hand) {
    let site = Site::start();
    let mut user = User::at_home(&site, "admin", hand);
    let dir = user.tab.downloads();
    user.go("/exports");
    user.tick("Table", "Specimens");
    user.tick("File", "CSV for programs");
    user.press("button", "Download");
    let file = user.tab.until("a file", |_| {
        let files = std::fs::read_dir(dir.path()).unwrap().map(|f| f.unwrap().path());
        files.into_iter().find(|f| f.extension().is_some_and(|e| e == "csv"))
    });
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.lines().count() > 100 && text.contains("label"), "{}", text.lines().next().unwrap_or_default());
    user.sees("Exports");
}
