//! Somebody who works with the pages: with the keyboard alone, or with the mouse in a browser without scripts.
//!
//! A flow is written once, in the words on the page, and done in both ways.

use std::time::Instant;

use serde_json::Value;

use crate::site::Site;
use crate::tab::{Tab, fits};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    Keyboard,
    MouseWithoutScripts,
}

pub struct User {
    pub tab: Tab,
    hand: Hand,
    /// The document on which something was last pressed.
    before: Option<Value>,
    began: Instant,
    /// Codes that a scanner typed, and how many keys that were.
    scans: u32,
    scanned: u32,
}

impl User {
    /// Signed in with this role, at their first page.
    pub fn at_home(site: &Site, role: &str, hand: Hand) -> Self {
        let mut tab = Tab::open(site, role);
        if hand == Hand::MouseWithoutScripts {
            tab.scripts_off();
        }
        tab.go("/");
        tab.keys = 0;
        Self { tab, hand, before: None, began: Instant::now(), scans: 0, scanned: 0 }
    }

    /// Opens an address, as from a bookmark.
    #[track_caller]
    pub fn go(&mut self, path: &str) {
        self.tab.go(path);
        self.before = None;
    }

    /// Prints what this task has cost so far.
    pub fn effort(&mut self, task: &str) {
        let keys = self.tab.keys - self.scanned;
        let (clicks, scans, seconds) = (self.tab.clicks, self.scans, self.began.elapsed().as_secs_f64());
        eprintln!("effort: {task}, {:?}: {keys} keys, {clicks} clicks, {scans} scans, {seconds:.1} s", self.hand);
    }

    /// Looks for a patient or case from wherever this is.
    #[track_caller]
    pub fn finds(&mut self, words: &str) {
        if self.hand == Hand::Keyboard {
            self.tab.key("Ctrl+k");
            self.tab.until("the palette", |tab| {
                tab.focused().filter(|f| f.role == "textbox" && f.name.starts_with("Label, case number")).map(drop)
            });
            self.tab.assert_focus_is_seen();
        } else {
            self.tab.click("textbox", "Find a patient or case");
        }
        self.before = Some(self.tab.document());
        self.tab.type_out(words);
        self.tab.key("Enter");
    }

    /// Goes to the field that catches scans.
    #[track_caller]
    pub fn to_the_scan_field(&mut self) {
        match self.hand {
            Hand::Keyboard => self.tab.key("F2"),
            Hand::MouseWithoutScripts => self.tab.click("textbox", "Scan…"),
        }
    }

    /// A scanner types a code and Enter; which part the page then shows is waited for elsewhere.
    #[track_caller]
    pub fn scans(&mut self, code: &str) {
        self.tab.until("the scan field", |tab| tab.focused().filter(|f| f.name.starts_with("Scan")).map(drop));
        self.before = Some(self.tab.document());
        let before = self.tab.keys;
        self.tab.type_out(code);
        self.tab.key("Enter");
        self.scanned += self.tab.keys - before;
        self.scans += 1;
    }

    /// Waits for something that the page shows in time; without scripts only a page that is loaded again does.
    #[track_caller]
    pub fn waits_for(&mut self, role: &str, name: &str) {
        let here = self.tab.eval("location.pathname");
        let here = here.as_str().unwrap().to_owned();
        let reloads = self.hand == Hand::MouseWithoutScripts;
        self.tab.until(&format!("a {role} named “{name}”"), |tab| {
            let there = tab.everything().iter().any(|s| s.role == role && fits(&s.name, name));
            if !there && reloads {
                tab.go(&here);
            }
            there.then_some(())
        });
    }

    /// Waits until the page no longer has this.
    #[track_caller]
    pub fn sees_gone(&mut self, role: &str, name: &str) {
        self.tab.until(&format!("{name} to be gone"), |tab| {
            let all = tab.everything();
            (!all.is_empty() && !all.iter().any(|s| s.role == role && fits(&s.name, name))).then_some(())
        });
        if self.hand == Hand::Keyboard {
            self.tab.assert_focus_is_seen();
        }
    }

    /// Writes into the field with this label.
    #[track_caller]
    pub fn fill(&mut self, label: &str, text: &str) {
        match self.hand {
            Hand::Keyboard => {
                self.tab.tab_to("textbox", label);
            }
            Hand::MouseWithoutScripts => self.tab.click("textbox", label),
        }
        self.tab.overwrite(text);
    }

    /// Chooses in the list with this label.
    #[track_caller]
    pub fn choose(&mut self, label: &str, option: &str) {
        match self.hand {
            Hand::Keyboard => {
                self.tab.tab_to("combobox", label);
            }
            // What opens under a mouse is a window of the browser's own and no part of the page.
            Hand::MouseWithoutScripts => self.tab.focus("combobox", label),
        }
        self.tab.pick(option);
    }

    /// Takes one of the choices of a group.
    #[track_caller]
    pub fn tick(&mut self, group: &str, choice: &str) {
        if self.hand == Hand::MouseWithoutScripts {
            self.tab.click("radio", choice);
            return;
        }
        self.tab.tab_to_group(group);
        let mut passed = Vec::new();
        for _ in 0..20 {
            let here = self.tab.focused().map(|f| f.name).unwrap_or_default();
            if fits(&here, choice) {
                self.tab.key("Space");
                return;
            }
            self.tab.key("ArrowDown");
            self.tab.assert_focus_is_seen();
            passed.push(here);
        }
        panic!("{group} offers no {choice}, only {passed:?}");
    }

    /// Presses a button or follows a link.
    #[track_caller]
    pub fn press(&mut self, role: &str, name: &str) {
        self.before = Some(self.tab.document());
        if self.hand == Hand::Keyboard {
            self.tab.tab_to(role, name);
            self.tab.key("Enter");
        } else {
            self.tab.click(role, name);
        }
    }

    /// Follows a link of the bar, by its key where there is one.
    #[track_caller]
    pub fn opens(&mut self, key: &str, link: &str) {
        if self.hand == Hand::Keyboard {
            self.before = Some(self.tab.document());
            self.tab.key(key);
        } else {
            self.press("link", link);
        }
    }

    /// As [`Self::sees`], on another document than the one on which something was last pressed.
    #[track_caller]
    pub fn arrives(&mut self, words: &str) {
        let before = self.before.clone();
        self.tab.until("another page", |tab| (Some(tab.document()) != before).then_some(()));
        self.sees(words);
    }

    /// Waits until the page says this. The keyboard must then not have lost its place: a page that stayed keeps the
    /// focus on something, and whatever has it shows it.
    #[track_caller]
    pub fn sees(&mut self, words: &str) {
        self.tab.says(words);
        if self.hand == Hand::MouseWithoutScripts {
            return;
        }
        if self.tab.focused().is_some() {
            self.tab.assert_focus_is_seen();
        } else {
            let stayed = self.before == Some(self.tab.document());
            assert!(!stayed, "the page changed to “{words}” and left the focus on nothing");
        }
    }
}

/// Each flow in both ways.
#[macro_export]
macro_rules! by_both_hands {
    ($flow:path) => {
        #[test]
        fn with_the_keyboard_alone() {
            $flow($crate::hand::Hand::Keyboard);
        }

        #[test]
        fn without_scripts() {
            $flow($crate::hand::Hand::MouseWithoutScripts);
        }
    };
}
