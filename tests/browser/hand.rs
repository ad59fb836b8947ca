//! Somebody who works with the pages: with the keyboard alone, or with the mouse in a browser without scripts.
//!
//! A flow is written once, in the words on the page, and done in both ways.

use serde_json::Value;

use crate::site::Site;
use crate::tab::{Tab, fits};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    Keyboard,
    MouseWithoutScripts,
}

pub struct User {
    pub tab: Tab,
    hand: Hand,
    /// The document on which something was last pressed.
    before: Option<Value>,
}

impl User {
    /// Signed in with this role, at their first page.
    pub fn at_home(site: &Site, role: &str, hand: Hand) -> Self {
        let mut tab = Tab::open(site, role);
        if hand == Hand::MouseWithoutScripts {
            tab.scripts_off();
        }
        tab.go("/");
        Self { tab, hand, before: None }
    }

    /// Opens an address, as from a bookmark.
    #[track_caller]
    pub fn go(&mut self, path: &str) {
        self.tab.go(path);
        self.before = None;
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
        if self.hand == Hand::Keyboard {
            self.tab.tab_to(role, name);
            self.before = Some(self.tab.document());
            self.tab.key("Enter");
        } else {
            self.tab.click(role, name);
        }
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
    ($flow:ident) => {
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
