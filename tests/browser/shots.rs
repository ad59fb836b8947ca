//! Pictures of every page for people: `TREPHINE_SHOTS=DIR tests/run`.

use crate::list::PAGES;
use crate::pages;
use crate::site::Site;
use crate::tab::Tab;

#[test]
#[ignore = "takes pictures for people; TREPHINE_SHOTS=DIR tests/run asks for them"]
fn pictures() {
    let dir = std::env::var("TREPHINE_SHOTS").expect("TREPHINE_SHOTS names the folder of the pictures");
    let site = Site::start();
    let mut people: Vec<&str> = PAGES.iter().map(|p| p.who).collect();
    people.sort_unstable();
    people.dedup();
    let mut wrong = Vec::new();
    for who in people {
        let mut tab = Tab::open(&site, who);
        for page in PAGES.iter().filter(|p| p.who == who) {
            if let Err(why) = pages::open(&site, &mut tab, page) {
                wrong.push(format!("{}: {why}", page.name));
                continue;
            }
            for width in [1440, 390] {
                tab.size(width);
                for scheme in ["light", "dark"] {
                    tab.scheme(scheme);
                    let name = format!("{who}-{}-{width}-{scheme}.png", page.name.replace(' ', "-"));
                    std::fs::write(std::path::Path::new(&dir).join(name), tab.picture()).unwrap();
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
