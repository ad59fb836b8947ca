//! A table is taken out of the laboratory as a file: chosen, looked at, made beside the pages, fetched.

use crate::hand::{Hand, User};
use crate::site::Site;

crate::by_both_hands!(export);

fn export(hand: Hand) {
    let site = Site::start();
    let mut user = User::at_home(&site, "admin", hand);
    let dir = user.tab.downloads();
    user.go("/exports");
    user.choose("Table", "Parts");
    user.press("button", "Show its columns");
    user.arrives("Columns: ");
    user.tick("File", "CSV for programs");
    user.press("button", "Preview");
    user.arrives("The first ");
    user.press("button", "Start the export");
    user.arrives("The export has started.");
    user.waits_for("link", "Fetch");
    user.press("link", "Fetch");
    let file = user.tab.until("a file", |_| {
        let files = std::fs::read_dir(dir.path()).unwrap().map(|f| f.unwrap().path());
        files.into_iter().find(|f| f.extension().is_some_and(|e| e == "csv"))
    });
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.lines().count() > 100 && text.contains("label"), "{}", text.lines().next().unwrap_or_default());
    user.effort("an export, from its choice to its file");
}
