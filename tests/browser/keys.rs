//! A keyboard and nothing else: what is pressed, and where the focus is after it.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::tab::{Seen, Tab, fits};

/// A page with more stops than this is not used with a keyboard.
const STOPS: usize = 250;
/// A page is drawn by then.
const DRAWN: Duration = Duration::from_secs(2);

/// What makes the focus visible: an outline of the element or of what is close around it, within the window, and on top.
const FOCUS: &str = r"(() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return 'nothing has the focus';
  const name = at.outerHTML.slice(0, 120);
  const ring = [at, at.parentElement, at.parentElement?.parentElement].filter(Boolean).some((e) => {
    const s = getComputedStyle(e);
    return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && !/rgba\(.*, 0\)/.test(s.outlineColor);
  });
  if (!at.matches(':focus-visible') || !ring) return `the focus cannot be seen: ${name}`;
  const shown = (at.closest('label') ?? at).getBoundingClientRect();
  if (shown.width === 0 || shown.bottom <= 0 || shown.top >= innerHeight) return `the focus is out of sight: ${name}`;
  const [x, y] = [(Math.max(0, shown.left) + Math.min(innerWidth, shown.right)) / 2,
                  (Math.max(0, shown.top) + Math.min(innerHeight, shown.bottom)) / 2];
  const top = document.elementFromPoint(x, y);
  const over = top && !at.contains(top) && !top.contains(at) && !at.closest('label')?.contains(top);
  return over ? `the focus is covered by ${top.outerHTML.slice(0, 80)}: ${name}` : '';
})()";

impl Tab {
    /// One key: `Tab`, `Shift+Tab`, `Enter`, `Ctrl+Enter`, `F9`, `Space`, `ArrowDown`, `Escape`, or one character.
    pub fn key(&mut self, chord: &str) {
        self.keys += 1;
        let (modifier, key) = chord.rsplit_once('+').filter(|(m, _)| !m.is_empty()).unwrap_or(("", chord));
        let modifiers = match modifier {
            "" => 0,
            "Ctrl" => 2,
            "Shift" => 8,
            other => panic!("no key {other}"),
        };
        let (name, code, number, text) = match key {
            "Tab" => ("Tab", "Tab", 9, ""),
            "Enter" => ("Enter", "Enter", 13, "\r"),
            "Escape" => ("Escape", "Escape", 27, ""),
            "Space" => (" ", "Space", 32, " "),
            "Home" => ("Home", "Home", 36, ""),
            "ArrowUp" => ("ArrowUp", "ArrowUp", 38, ""),
            "ArrowDown" => ("ArrowDown", "ArrowDown", 40, ""),
            "F2" => ("F2", "F2", 113, ""),
            "F9" => ("F9", "F9", 120, ""),
            "k" => ("k", "KeyK", 75, "k"),
            other => (other, "", 0, other),
        };
        let text = if modifiers == 2 { "" } else { text };
        let kind = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        for (kind, text) in [(kind, text), ("keyUp", "")] {
            let mut press = json!({
                "type": kind, "key": name, "code": code, "modifiers": modifiers, "windowsVirtualKeyCode": number,
            });
            if !text.is_empty() {
                press["text"] = json!(text);
            }
            self.chrome.call("Input.dispatchKeyEvent", press);
        }
    }

    /// Types, a key at a time.
    pub fn type_out(&mut self, text: &str) {
        let mut buffer = [0; 4];
        for letter in text.chars() {
            let letter: &str = if letter == ' ' { "Space" } else { letter.encode_utf8(&mut buffer) };
            self.key(letter);
        }
    }

    /// Types over what is in the field that has the focus.
    pub fn overwrite(&mut self, text: &str) {
        let all = json!({
            "type": "rawKeyDown", "key": "a", "code": "KeyA", "modifiers": 2, "windowsVirtualKeyCode": 65,
            "commands": ["selectAll"],
        });
        self.keys += 1;
        self.chrome.call("Input.dispatchKeyEvent", all);
        self.type_out(text);
    }

    /// What has the focus shows it, at once or as soon as the page is drawn.
    #[track_caller]
    pub fn assert_focus_is_seen(&mut self) {
        let began = Instant::now();
        loop {
            let wrong = self.try_eval(FOCUS).unwrap_or_default();
            if wrong == "" {
                return;
            }
            assert!(began.elapsed() < DRAWN, "{wrong}");
            std::thread::sleep(Duration::from_millis(15));
        }
    }

    /// Goes on with Tab until this has the focus; every stop on the way must be seen.
    #[track_caller]
    pub fn tab_to(&mut self, role: &str, name: &str) -> Seen {
        let mut passed = Vec::new();
        if let Some(here) = self.focused().filter(|f| f.role == role && fits(&f.name, name)) {
            self.assert_focus_is_seen();
            return here;
        }
        for _ in 0..STOPS {
            self.key("Tab");
            let Some(here) = self.focused() else {
                passed.push("the page".to_owned());
                continue;
            };
            self.assert_focus_is_seen();
            if here.role == role && fits(&here.name, name) {
                return here;
            }
            passed.push(format!("{} “{}”", here.role, here.name));
        }
        passed.dedup();
        panic!("Tab never comes to a {role} named “{name}”, only to {}", passed.join(", "));
    }

    /// Goes on with Tab into the choices under this legend.
    #[track_caller]
    pub fn tab_to_group(&mut self, legend: &str) {
        let here = "document.activeElement?.closest('fieldset')?.querySelector('legend')?.innerText ?? ''";
        for _ in 0..STOPS {
            self.key("Tab");
            if self.focused().is_some_and(|f| f.role == "radio") && self.eval(here) == legend {
                self.assert_focus_is_seen();
                return;
            }
        }
        panic!("Tab never comes to the choices “{legend}”");
    }

    /// Chooses in the list that has the focus, by typing the beginning of the choice as people do.
    #[track_caller]
    pub fn pick(&mut self, option: &str) {
        self.type_out(option);
        let chosen =
            self.until("a choice", |tab| tab.try_eval("document.activeElement?.selectedOptions?.[0]?.text ?? ''").ok());
        assert!(chosen.as_str().is_some_and(|c| c.starts_with(option)), "{chosen} is chosen, not {option}");
    }
}
