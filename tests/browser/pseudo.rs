//! No text of a page escapes the catalog of messages, and none is too long for its place.
//!
//! In the pseudo language (cookie `lang=qps`) every message stands between ⟦ and ⟧ and is two fifths longer. What is
//! outside is data, marked as such (`translate="no"`, or a `lang` of its own), or escaped the catalog.
//!
//! Until every page speaks through the catalog, this file is not among the modules of `main.rs`.

use crate::list::{PAGES, Page};
use crate::pages;
use crate::site::Site;
use crate::tab::Tab;

/// Text that a person sees or hears, with letters outside of ⟦…⟧, that is not marked as data: where, and what.
const ESCAPED: &str = r"(() => {
  const DATA = '[translate=no], body [lang], script, style, noscript, svg:not([role=img]) *';
  const bare = (text) => {
    const less = text.replace(/⟦[^⟦⟧]*⟧/g, ''); // the innermost first
    return less === text ? text : bare(less);
  };
  const letters = (text) => /\p{L}{2,}/u.test(bare(text));
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const at = node.parentElement;
    // A message may have data in its middle, in elements of its own: the text is judged with its whole line.
    if (!letters(node.data) || at.closest(DATA)) continue;
    const line = at.closest('p, li, td, th, h1, h2, h3, label, legend, button, a, dt, dd, summary, caption, option') ?? at;
    const copy = line.cloneNode(true);
    for (const data of copy.querySelectorAll('[translate=no], [lang]')) data.remove();
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

/// Looks at the pages of somebody in the pseudo language.
fn look(who: &str) -> Vec<String> {
    let site = Site::start();
    let mut tab = Tab::open(&site, who);
    let mut wrong = Vec::new();
    for page in PAGES.iter().filter(|p| p.who == who && p.acts.is_empty() && p.language.is_none()) {
        if let Err(why) = pages::open(&site, &mut tab, &Page { language: Some("qps"), ..*page }) {
            wrong.push(format!("{}: {why}", page.name));
            continue;
        }
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

#[test]
fn every_text_comes_from_the_catalog() {
    let mut people: Vec<&str> = PAGES.iter().map(|p| p.who).collect();
    people.sort_unstable();
    people.dedup();
    let wrong: Vec<String> = people.into_iter().flat_map(look).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
