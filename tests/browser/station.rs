//! The scan station where a browser is needed to see it: what a scanner types, what a camera sees, and what an answer
//! that is no card leads to.

use serde_json::json;

use crate::site::Site;
use crate::tab::Tab;

/// A browser that reads barcodes: whatever [`SHOW`] puts before its camera. Chromium for Linux reads none by itself; its
/// camera is the one that it has for tests.
const READER: &str = "globalThis.__shown = []; globalThis.BarcodeDetector = class {
    static async getSupportedFormats() { return ['code_128', 'data_matrix']; }
    async detect(video) { return video.videoWidth ? __shown.map((rawValue) => ({ rawValue })) : []; }
  };";

/// What a station sends from now on.
const COUNT: &str = "globalThis.__sent = []; const plainly = fetch; globalThis.fetch = (url, how) => {
    if (how?.body?.get?.('code')) __sent.push(how.body.get('code')); return plainly(url, how); }; true";

fn station(site: &Site) -> Tab {
    let mut tab = Tab::open(site, "tech");
    tab.chrome.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": READER }));
    tab.go("/scan");
    tab.eval(COUNT);
    tab
}

/// The label of the part that a seeded station shows.
fn label(site: &Site, seeded: &str) -> String {
    site.seed.addresses[seeded].rsplit_once('=').unwrap().1.to_owned()
}

#[test]
fn what_a_camera_sees_is_scanned_once() {
    let site = Site::start();
    let (one, two) = (label(&site, "scan expected"), label(&site, "scan received"));
    let mut tab = station(&site);
    tab.click("button", "Scan with the camera");
    tab.until("the picture", |tab| (tab.eval("document.querySelector('#camera video').videoWidth") != 0).then_some(()));
    tab.eval(&format!("__shown = ['{one}']; true"));
    let on_card = |tab: &mut Tab, label: &str| {
        let shown = format!("document.getElementById('hit').dataset.label === '{label}'");
        tab.until("the card", |tab| (tab.eval(&shown) == true).then_some(()));
        let said = format!("document.getElementById('camera-said').textContent.includes('{label}')");
        tab.until("the dialog to say it", |tab| (tab.eval(&said) == true).then_some(()));
    };
    on_card(&mut tab, &one);
    // It stays in sight, and another comes.
    tab.eval(&format!("__shown = ['{one}', ']d2{}']; true", two.to_lowercase()));
    on_card(&mut tab, &two);
    std::thread::sleep(std::time::Duration::from_millis(600));
    assert_eq!(tab.eval("__sent"), json!([one, two.to_lowercase()]), "a code in sight is one scan");
    // Closed, it sees nothing more, and the camera's light is off.
    let track =
        "globalThis.__track = document.querySelector('#camera video').srcObject.getTracks()[0]; __track.readyState";
    assert_eq!(tab.eval(track), "live");
    tab.click("button", "Close the camera");
    tab.until("the camera to end", |tab| (tab.eval("__track.readyState") == "ended").then_some(()));
    tab.eval("__shown = ['BM26-999999X-A1']; true");
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(tab.eval("__sent.length"), 2);
    assert_eq!(tab.complaints(), Vec::<String>::new());
}

#[test]
fn a_camera_stops_when_its_page_is_hidden_and_says_when_it_may_not() {
    let site = Site::start();
    let mut tab = station(&site);
    tab.click("button", "Scan with the camera");
    let video = "document.querySelector('#camera video')";
    tab.until("the picture", |tab| (tab.eval(&format!("{video}.videoWidth")) != 0).then_some(()));
    tab.eval(&format!("globalThis.__track = {video}.srcObject.getTracks()[0]; true"));
    tab.eval(
        "Object.defineProperty(document, 'hidden', { value: true, configurable: true }); \
        document.dispatchEvent(new Event('visibilitychange'))",
    );
    tab.until("the camera to end", |tab| (tab.eval("__track.readyState") == "ended").then_some(()));
    tab.eval(
        "delete document.hidden; navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('no')); true",
    );
    tab.click("button", "Scan with the camera");
    tab.says("The camera cannot be used.");
}

#[test]
fn without_a_reader_there_is_no_camera_to_press() {
    let site = Site::start();
    let mut tab = Tab::open(&site, "tech");
    tab.chrome.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": "delete globalThis.BarcodeDetector" }));
    tab.go("/scan");
    assert_eq!(tab.eval("document.getElementById('camera-open').hidden"), true);
}

#[test]
fn bug_a_pause_in_a_scan_lost_its_beginning() {
    let site = Site::start();
    let label = label(&site, "scan expected");
    let mut tab = station(&site);
    let (start, rest) = label.split_at(5);
    tab.type_out(start);
    std::thread::sleep(std::time::Duration::from_millis(120));
    tab.type_out(rest);
    tab.key("Enter");
    tab.until("the card", |tab| {
        (tab.try_eval("document.getElementById('hit').dataset.label").ok()? == label.as_str()).then_some(())
    });
    assert_eq!(tab.eval("__sent"), json!([label]));
}

#[test]
fn bug_a_list_of_what_was_found_was_thrown_away() {
    let site = Site::start();
    let mut tab = station(&site);
    tab.type_out("qqqq");
    tab.key("Enter");
    tab.says("Nothing that you may see fits “qqqq”.");
}

#[test]
fn bug_a_scan_that_met_a_busy_laboratory_was_lost() {
    let site = Site::start();
    let label = label(&site, "scan expected");
    let mut tab = station(&site);
    tab.eval(
        "const through = fetch; let busy = 1; globalThis.fetch = (...ask) => \
        busy-- > 0 ? Promise.resolve(new Response('busy', { status: 503 })) : through(...ask); true",
    );
    tab.type_out(&label);
    tab.key("Enter");
    tab.says("The laboratory cannot be reached.");
    tab.until("the card", |tab| {
        (tab.eval("document.getElementById('hit').dataset.label") == label.as_str()).then_some(())
    });
    assert_eq!(tab.eval("document.getElementById('scan-wait').hidden"), true);
}

#[test]
fn bug_a_command_to_another_bench_left_the_old_list() {
    let site = Site::start();
    let mut tab = Tab::open(&site, "tech");
    tab.go("/worklists/RECEPTION");
    tab.type_out("CMD-NEXT-BENCH");
    tab.key("Enter");
    tab.says("This is your bench now.");
    let there = "document.querySelector('nav.tabs [aria-current]')?.getAttribute('href') === location.pathname";
    assert_eq!(tab.eval(there), true, "another list than its address says");
}

#[test]
fn bug_a_press_whose_line_was_lost_forgot_its_button() {
    let site = Site::start();
    let mut tab = Tab::open(&site, "tech");
    tab.go("/worklists/MORPHOLOGY");
    tab.eval("globalThis.fetch = () => Promise.reject(new Error('no line')); true");
    let before = tab.loads();
    tab.eval("document.querySelector('#list button[name=press]').click()");
    tab.until("the whole page", |tab| (tab.loads() > before).then_some(()));
    assert!(tab.eval("location.search").as_str().unwrap().contains("done="), "the press did nothing");
}

#[test]
fn bug_a_live_change_forgot_where_a_range_began() {
    let site = Site::start();
    let mut tab = Tab::open(&site, "tech");
    let ticked = "[...document.querySelectorAll('#list input[name=line]')].map((b) => +b.checked).join('')";
    let box_at = |n: usize| format!("document.querySelectorAll('#list input[name=line]')[{n}]");
    let count = "document.querySelectorAll('#list input[name=line]').length";
    let benches = ["MORPHOLOGY", "FLOW", "FISH", "KARYO", "MOLECULAR", "HISTOLOGY"];
    let counts = benches.map(|bench| {
        tab.go(&format!("/worklists/{bench}"));
        tab.eval(count).as_u64().unwrap()
    });
    let (bench, _) =
        benches.iter().zip(counts).max_by_key(|(_, n)| *n).filter(|(_, n)| *n >= 4).expect(&format!("{counts:?}"));
    tab.go(&format!("/worklists/{bench}"));
    for (n, key) in [(0, "Space"), (3, "Shift+Space")] {
        tab.eval(&format!("{}.focus()", box_at(n)));
        tab.key(key);
        // As the line to the server does it: the list again, with what is ticked in it.
        tab.eval(
            "import(document.querySelector('script[src$=\"/app.js\"]').src.replace('app.js', 'swap.js'))\
            .then(({ put }) => put(document.getElementById('list').cloneNode(true)))",
        );
    }
    let after = tab.eval(ticked);
    assert!(after.as_str().unwrap().starts_with("11110"), "{after}");
    tab.eval(&format!("{}.dispatchEvent(new MouseEvent('click', {{ bubbles: true, shiftKey: true }}))", box_at(1)));
    let after = tab.eval(ticked);
    assert!(after.as_str().unwrap().starts_with("10000"), "{after}");
}
