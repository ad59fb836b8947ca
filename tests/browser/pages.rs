//! Every page of [`PAGES`], in both themes, on four screens: accessible, no wider than the screen, within its policy
//! and its weight, asking nobody else.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::axe::Fault;
use crate::list::{Act, At, HEAVY, PAGES, Page};
use crate::site::Site;
use crate::tab::{Tab, fits};

const WIDTHS: [u32; 4] = [1440, 768, 390, 320];
const SCHEMES: [&str; 2] = ["light", "dark"];
/// Bytes of HTML, and nodes, of a page that is no long list.
const HTML_MAX: u64 = 60 * 1024;
pub const NODES_MAX: u64 = 1500;
/// What the first line of a live page replaces is in place by then.
const SETTLED: std::time::Duration = std::time::Duration::from_millis(150);

/// Opens a page of the list and does what has to be done on it.
///
/// # Errors
/// Why it is not the page that was meant.
pub fn open(site: &Site, tab: &mut Tab, page: &Page) -> Result<(), String> {
    tab.language(page.language.unwrap_or("en"));
    tab.size(1440);
    tab.scheme("light");
    let path = match page.at {
        At::Path(path) => path,
        At::Found(_) => site.seed.addresses.get(page.name).ok_or("the seeded laboratory has none")?,
    };
    tab.go(path);
    let here = tab.eval("location.pathname + location.search");
    if here != path.as_ref() {
        return Err(format!("{path} leads to {here}"));
    }
    let language = page.language.unwrap_or("en");
    if tab.eval("document.documentElement.lang") != language {
        return Err(format!("{path} does not speak the language {language}"));
    }
    for act in page.acts {
        let (role, name) = match act {
            Act::Fill(label, _) => ("textbox", label),
            Act::Press(button) => ("button", button),
        };
        if !tab.everything().iter().any(|s| s.role == role && fits(&s.name, name)) {
            return Err(format!("{path} has no {role} “{name}”"));
        }
        match act {
            Act::Fill(label, text) => {
                tab.focus("textbox", label);
                tab.overwrite(text);
            }
            Act::Press(button) => tab.press("button", button),
        }
    }
    if tab.status == page.status {
        return Ok(());
    }
    let text = tab.text();
    Err(format!("{path} answers {} and not {}: {text}", tab.status, page.status))
}

/// What is wrong with a page that is open, each fault once, with the screens and themes where it is.
fn faults(tab: &mut Tab, page: &Page) -> Vec<String> {
    let mut wrong = tab.complaints();
    let mut seen: BTreeMap<String, (BTreeMap<String, String>, Vec<String>)> = BTreeMap::new();
    let weight = tab
        .eval("[performance.getEntriesByType('navigation')[0].decodedBodySize, document.querySelectorAll('*').length]");
    let (bytes, nodes) = (weight[0].as_u64().unwrap(), weight[1].as_u64().unwrap());
    let heavy = HEAVY.iter().find(|(name, ..)| *name == page.name);
    let (bytes_max, nodes_max) = heavy.map_or((HTML_MAX, NODES_MAX), |(_, bytes, nodes, _)| (*bytes, *nodes));
    if let Some((_, _, _, why)) = heavy {
        eprintln!("{}: {bytes} bytes, {nodes} nodes, allowed because {why}", page.name);
    }
    if bytes > bytes_max || nodes > nodes_max {
        wrong.push(format!(
            "weighs {bytes} bytes of HTML (at most {bytes_max}) and {nodes} nodes (at most {nodes_max})"
        ));
    }
    // What a page hears first may replace its parts; only then it stays as it is.
    if tab.eval("document.querySelector('main[data-live]') !== null") == true {
        tab.until("the line to the server", |tab| tab.listens().then_some(()));
        std::thread::sleep(SETTLED);
    }
    tab.load_axe();
    for width in WIDTHS {
        tab.size(width);
        let wide = tab.eval("document.documentElement.scrollWidth").as_u64().unwrap();
        if wide > u64::from(width) {
            let widest = tab.eval(WIDEST);
            wrong.push(format!("{wide} px wide on {width} px, because of {widest}"));
        }
        for scheme in SCHEMES {
            tab.scheme(scheme);
            for Fault { rule, place, why } in tab.axe() {
                let (elements, screens) = seen.entry(rule).or_default();
                elements.entry(place).or_insert(why);
                screens.push(format!("{width} {scheme}"));
                screens.dedup();
            }
        }
    }
    for (rule, (elements, screens)) in seen {
        let some: Vec<_> = elements.iter().take(3).map(|(place, why)| format!("\n    {place}: {why}")).collect();
        wrong.push(format!("{rule}: {} elements ({}){}", elements.len(), screens.join(", "), some.concat()));
    }
    wrong
}

/// The element that reaches furthest to the right, of those that no box around them cuts off.
const WIDEST: &str = "(() => {
  const cut = (e) => e && e !== document.body && (getComputedStyle(e).overflowX !== 'visible' || cut(e.parentElement));
  return [...document.querySelectorAll('body *')].filter((e) => !cut(e.parentElement))
    .map((e) => [e.getBoundingClientRect().right, e]).sort((a, b) => b[0] - a[0])[0][1].outerHTML.slice(0, 200);
})()";

/// Looks at the pages of somebody: at every one, or at one in `of`, beginning with `first`.
fn look(who: &str, first: usize, of: usize) {
    let site = Site::start();
    let began = Instant::now();
    let mut tab = Tab::open(&site, who);
    let pages: Vec<&Page> = PAGES.iter().filter(|p| p.who == who).skip(first).step_by(of).collect();
    let mut wrong = Vec::new();
    for page in &pages {
        let found = open(&site, &mut tab, page).map_or_else(|why| vec![why], |()| faults(&mut tab, page));
        wrong.extend(found.into_iter().map(|fault| format!("{}: {fault}", page.name)));
    }
    eprintln!("{who}: {} pages in {:.1} s", pages.len(), began.elapsed().as_secs_f64());
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

macro_rules! people {
    ($($test:ident $who:literal $first:literal $of:literal)+) => {
        $(#[test]
        fn $test() {
            look($who, $first, $of);
        })+

        #[test]
        fn everybody_has_a_test() {
            let tested = [$($who),+];
            for page in PAGES {
                assert!(tested.contains(&page.who), "no test looks at the pages of {}", page.who);
            }
        }
    };
}

people! {
    pages_of_nobody "nobody" 0 1
    pages_of_a_technician_1 "tech" 0 3
    pages_of_a_technician_2 "tech" 1 3
    pages_of_a_technician_3 "tech" 2 3
    pages_of_a_supervisor "supervisor" 0 1
    pages_of_a_hematologist "hematologist" 0 1
    pages_of_a_pathologist "pathologist" 0 1
    pages_of_an_administrator "admin" 0 1
    pages_of_an_auditor "auditor" 0 1
}

/// The gates themselves: each fault, put into a good page, is found.
#[test]
fn the_gates_see_what_is_wrong() {
    let site = Site::start();
    let mut tab = Tab::open(&site, "nobody");
    let page = PAGES.iter().find(|p| p.name == "sign in").unwrap();
    let mut found = |break_it: &str| {
        open(&site, &mut tab, page).unwrap();
        tab.eval(break_it);
        faults(&mut tab, page).join("\n")
    };
    assert_eq!(found("0"), "");
    for (break_it, fault) in [
        ("document.body.setAttribute('style', 'color: red')", "the policy refused: \"style-src"),
        (
            "document.body.append(Object.assign(document.createElement('script'), { text: '1' }))",
            "the policy refused: \"script-src",
        ),
        ("fetch('http://127.0.0.1:9/').catch(() => 0)", "the policy refused: \"connect-src"),
        ("console.error('broken')", "console: "),
        ("document.querySelector('label').remove()", "violates label"),
        ("document.querySelector('h1').style.color = '#bbb'", "violates color-contrast"),
        ("document.querySelector('main').style.minWidth = '400px'", "wide on 320 px, because of \"<main"),
        (
            "for (let i = 0; i < 1500; i++) document.querySelector('main').append(document.createElement('p'))",
            "nodes (at most 1500)",
        ),
    ] {
        let said = found(break_it);
        assert!(said.contains(fault), "{break_it} is not found as “{fault}”, but as: {said}");
    }
}
