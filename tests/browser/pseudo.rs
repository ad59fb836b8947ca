//! No text of a page escapes the catalog of messages, and none is too long for its place.
//!
//! In the pseudo language (cookie `lang=qps`) every message stands between ⟦ and ⟧ and is two fifths longer. What is
//! outside is data, marked as such (`translate="no"`, or a `lang` of its own), or escaped the catalog.
//!
//! What is data, the API says: the catalogue, the cases, the people. A short text of theirs lends its words, a long one
//! itself.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::addresses::Cases;
use crate::list::{PAGES, Page};
use crate::pages;
use crate::site::Site;
use crate::tab::Tab;

/// Text that a person sees or hears, with letters outside of ⟦…⟧, that is not marked as data: where, and what.
const ESCAPED: &str = r"(() => {
  const DATA = '[translate=no], body [lang], kbd, code, script, style, noscript, svg:not([role=img]) *';
  const bare = (text) => {
    const less = text.replace(/⟦[^⟦⟧]*⟧/g, ''); // the innermost first
    return less === text ? text : bare(less);
  };
  const letters = (text) => {
    const rest = LONG.reduce((rest, known) => rest.split(known).join(' '), bare(text).toLowerCase());
    return (rest.match(/\p{L}{2,}/gu) ?? []).some((word) => !WORDS.has(word));
  };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const at = node.parentElement;
    // A message may have data in its middle, in elements of its own: the text is judged with its whole line.
    if (!letters(node.data) || at.closest(DATA)) continue;
    const line = at.closest('p, li, td, th, h1, h2, h3, label, legend, button, a, dt, dd, summary, caption, option') ?? at;
    const copy = line.cloneNode(true);
    for (const data of copy.querySelectorAll('[translate=no], [lang], kbd, code')) data.remove();
    if (letters(copy.textContent)) found.push(`<${at.localName}> ${node.data.trim().slice(0, 60)}`);
  }
  for (const at of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]')) {
    if (at.closest(DATA)) continue;
    for (const name of ['aria-label', 'placeholder', 'title', 'alt']) {
      const text = at.getAttribute(name);
      if (text && letters(text)) found.push(`${name}=${text.slice(0, 60)}`);
    }
  }
  return [...new Set(found)];
})()";

/// A text of the data with more letters than this is a sentence, not a name.
const NAME_MAX: usize = 60;

/// Every text in an answer of the API.
fn texts(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => drop(found.insert(text.to_lowercase())),
        Value::Array(all) => all.iter().for_each(|v| texts(v, found)),
        Value::Object(all) => all.values().for_each(|v| texts(v, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What the API tells somebody, as a script: `WORDS` of names and `LONG` texts.
fn data(site: &Site, who: &str) -> String {
    let mut all = BTreeSet::new();
    for account in site.seed.accounts.values() {
        all.insert(account.name.clone());
    }
    if who != "nobody" {
        let api = site.api(who);
        for path in ["/api/v1/catalogue", "/api/v1/me"] {
            let answer = api.get(path);
            if answer.status == 200 {
                texts(&answer.json(), &mut all);
            }
        }
        Cases::told(site, who).iter().for_each(|case| texts(case, &mut all));
    }
    let (names, long): (Vec<String>, Vec<String>) = all.into_iter().partition(|text| text.chars().count() <= NAME_MAX);
    let words = names.iter().flat_map(|n| n.split(|c: char| !c.is_alphabetic())).filter(|w| w.chars().count() > 1);
    let words: BTreeSet<&str> = words.collect();
    format!("globalThis.WORDS = new Set({}); globalThis.LONG = {};", json!(words), json!(long))
}

/// Looks at the pages of somebody in the pseudo language.
fn look(who: &str) -> Vec<String> {
    let site = Site::start();
    let mut tab = Tab::open(&site, who);
    let data = if who == "admin" { data(&site, "auditor") } else { data(&site, who) };
    let mut wrong = Vec::new();
    for page in PAGES.iter().filter(|p| p.who == who && p.acts.is_empty() && p.language.is_none()) {
        if let Err(why) = pages::open(&site, &mut tab, &Page { language: Some("qps"), ..*page }) {
            wrong.push(format!("{}: {why}", page.name));
            continue;
        }
        tab.eval(&data);
        let escaped = tab.eval(ESCAPED);
        let escaped = escaped.as_array().unwrap();
        if !escaped.is_empty() {
            let some: Vec<_> = escaped.iter().take(8).map(|e| format!("\n    {}", e.as_str().unwrap())).collect();
            wrong.push(format!("{}: {} texts escaped the catalog{}", page.name, escaped.len(), some.concat()));
        }
        for width in [390, 320] {
            tab.size(width);
            let wide = tab.eval("document.documentElement.scrollWidth").as_u64().unwrap();
            if wide > width.into() {
                wrong.push(format!("{}: {wide} px wide on {width} px in a longer language", page.name));
            }
        }
    }
    wrong
}

/// One test for each role of [`PAGES`], so that they run side by side.
macro_rules! people {
    ($($test:ident $who:literal)*) => {
        $(#[test]
        fn $test() {
            let wrong = look($who);
            assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
        })*

        #[test]
        fn everybody_has_a_test() {
            for page in PAGES {
                assert!([$($who),*].contains(&page.who), "no test looks at the pages of {}", page.who);
            }
        }
    };
}

people! {
    catalog_of_nobody "nobody"
    catalog_of_a_technician "tech"
    catalog_of_a_supervisor "supervisor"
    catalog_of_a_hematologist "hematologist"
    catalog_of_a_pathologist "pathologist"
    catalog_of_an_administrator "admin"
    catalog_of_an_auditor "auditor"
}
