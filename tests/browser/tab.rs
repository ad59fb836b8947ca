//! A page in a browser, as somebody uses it: by what it says, with a keyboard or a mouse.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::chrome::Chrome;
use crate::site::Site;

/// Nothing on a page takes this long, even on a busy machine.
const SOON: Duration = Duration::from_secs(15);

/// Told to every document before its own scripts: what its Content-Security-Policy refuses is kept.
const LISTEN: &str = "globalThis.__refused = []; addEventListener('securitypolicyviolation', (e) => \
    __refused.push(`${e.effectiveDirective} ${e.blockedURI} ${e.sample}`)); globalThis.__swaps = 0; \
    document.addEventListener('swapped', () => __swaps++);";

/// What modules ask for that answers no press.
const ASIDE: [&str; 4] = ["/drafts", "/alive", "/palette", "/live"];

pub struct Tab {
    pub chrome: Chrome,
    base: String,
    /// What the page and the browser complained about, and where it asked for things.
    complaints: Vec<String>,
    /// Whether a line of events is open.
    listens: bool,
    /// The status of the newest document, or of the answer that changed a part of it.
    pub status: u16,
    /// Documents loaded so far.
    loads: u32,
    /// Keys pressed and clicks made so far.
    pub keys: u32,
    pub clicks: u32,
}

/// What assistive technology is told of one element.
#[derive(Debug, Clone)]
pub struct Seen {
    pub role: String,
    pub name: String,
    node: i64,
}

impl Tab {
    /// A browser of somebody with this role, signed in; `nobody` is not.
    pub fn open(site: &Site, role: &str) -> Self {
        let mut chrome = Chrome::start();
        for domain in ["Page", "Network", "Log", "Runtime", "DOM", "Accessibility"] {
            chrome.call(&format!("{domain}.enable"), json!({}));
        }
        chrome.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": LISTEN }));
        if role != "nobody" {
            let cookie = json!({ "name": "sid", "value": site.session(role), "url": site.base, "httpOnly": true });
            chrome.call("Network.setCookie", cookie);
        }
        let mut tab = Self {
            chrome,
            base: site.base.clone(),
            complaints: Vec::new(),
            listens: false,
            status: 0,
            loads: 0,
            keys: 0,
            clicks: 0,
        };
        // As if it were the window in front, so that what has the focus is drawn so.
        tab.chrome.call("Emulation.setFocusEmulationEnabled", json!({ "enabled": true }));
        tab.size(1440);
        tab.scheme("light");
        tab
    }

    /// A screen this wide, CSS pixels.
    pub fn size(&mut self, width: u32) {
        let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500 });
        self.chrome.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// `light` or `dark`; nothing moves.
    pub fn scheme(&mut self, scheme: &str) {
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" }
        ]);
        self.chrome.call("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    pub fn scripts_off(&mut self) {
        self.chrome.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    }

    /// A language, as the cookie says it that the page of languages sets.
    pub fn language(&mut self, tag: &str) {
        let cookie = json!({ "name": "lang", "value": tag, "url": self.base });
        self.chrome.call("Network.setCookie", cookie);
    }

    /// Goes to an address and waits until it is there.
    #[track_caller]
    pub fn go(&mut self, path: &str) {
        let before = self.loads();
        let went = self.chrome.call("Page.navigate", json!({ "url": format!("{}{path}", self.base) }));
        assert!(went["errorText"].is_null(), "{path}: {}", went["errorText"]);
        self.until(&format!("{path} to load"), |tab| (tab.loads() > before).then_some(()));
    }

    /// How many documents were loaded; reads what the browser told meanwhile.
    pub fn loads(&mut self) -> u32 {
        for (event, told) in self.chrome.events() {
            match event.as_str() {
                "Page.loadEventFired" => self.loads += 1,
                "Network.responseReceived" if told["type"] == "Document" => {
                    self.status = told["response"]["status"].as_u64().and_then(|s| s.try_into().ok()).unwrap_or(0);
                }
                "Network.responseReceived" if told["type"] == "Fetch" => {
                    let url = told["response"]["url"].as_str().unwrap_or_default();
                    let path = url.strip_prefix(self.base.as_str()).unwrap_or_default();
                    if !ASIDE.iter().any(|aside| path.starts_with(aside)) {
                        self.status = told["response"]["status"].as_u64().and_then(|s| s.try_into().ok()).unwrap_or(0);
                    }
                }
                "Network.responseReceived" if told["type"] == "EventSource" => {
                    self.listens = told["response"]["status"] == 200;
                }
                "Network.requestWillBeSent" => {
                    let url = told["request"]["url"].as_str().unwrap_or_default();
                    if !url.starts_with(&format!("{}/", self.base)) && !url.starts_with("data:") {
                        self.complaints.push(format!("asks another site: {url}"));
                    }
                }
                "Log.entryAdded" => {
                    let entry = &told["entry"];
                    // A refused form is answered with 4xx, which the browser also writes down.
                    let status =
                        entry["text"].as_str().is_some_and(|t| t.contains("the server responded with a status"));
                    if entry["level"] == "error" && !(status && entry["source"] == "network") {
                        self.complaints.push(format!("log: {} {}", entry["text"], entry["url"]));
                    }
                }
                "Runtime.exceptionThrown" => {
                    self.complaints.push(format!("script: {}", told["exceptionDetails"]["exception"]["description"]));
                }
                "Runtime.consoleAPICalled" if told["type"] == "error" || told["type"] == "warning" => {
                    self.complaints.push(format!("console: {}", told["args"]));
                }
                _ => {}
            }
        }
        self.loads
    }

    /// Whether the page hears of changes: its line to the server is answered.
    pub fn listens(&mut self) -> bool {
        self.loads();
        self.listens
    }

    /// What was complained about since this was last asked: refusals of the policy, errors, other sites.
    pub fn complaints(&mut self) -> Vec<String> {
        self.loads();
        let refused = self.eval("(globalThis.__refused ?? []).splice(0)");
        let refused = refused.as_array().cloned().unwrap_or_default();
        let policy = refused.into_iter().map(|r| format!("the policy refused: {r}"));
        self.complaints.drain(..).chain(policy).collect()
    }

    /// The value of an expression in the page.
    #[track_caller]
    pub fn eval(&mut self, expression: &str) -> Value {
        self.try_eval(expression).unwrap_or_else(|e| panic!("{e}"))
    }

    /// As [`Self::eval`], where the document may be replaced meanwhile.
    pub fn try_eval(&mut self, expression: &str) -> Result<Value, String> {
        let params = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let mut said = self.chrome.try_call("Runtime.evaluate", params)?;
        match said.get("exceptionDetails") {
            None => Ok(said["result"]["value"].take()),
            Some(e) => Err(format!("{} {}", e["text"], e["exception"]["description"])),
        }
    }

    /// Which document is shown: it stays the same while parts of it are swapped.
    pub fn document(&mut self) -> Value {
        self.until("a document", |tab| tab.try_eval("performance.timeOrigin").ok())
    }

    /// Waits for something to be so.
    #[track_caller]
    pub fn until<T>(&mut self, what: &str, mut probe: impl FnMut(&mut Self) -> Option<T>) -> T {
        let began = Instant::now();
        loop {
            if let Some(found) = probe(self) {
                return found;
            }
            if began.elapsed() > SOON {
                panic!("waited in vain for {what}; the page says:\n{}", self.text());
            }
            std::thread::sleep(Duration::from_millis(15));
        }
    }

    /// What a person reads on the page.
    pub fn text(&mut self) -> String {
        let text = self.try_eval("document.body?.innerText ?? ''").unwrap_or_default();
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page says this.
    #[track_caller]
    pub fn says(&mut self, words: &str) {
        self.until(&format!("“{words}”"), |tab| tab.text().contains(words).then_some(()));
    }

    /// Everything that assistive technology is told, in reading order.
    pub fn everything(&mut self) -> Vec<Seen> {
        let Ok(tree) = self.chrome.try_call("Accessibility.getFullAXTree", json!({})) else { return Vec::new() };
        let nodes = tree["nodes"].as_array().cloned().unwrap_or_default();
        nodes.iter().filter(|n| n["ignored"] == false).filter_map(seen).collect()
    }

    /// Waits for the one element with this role and name. A name that ends in `…` is the beginning of one.
    #[track_caller]
    pub fn find(&mut self, role: &str, name: &str) -> Seen {
        let what = format!("a {role} named “{name}”");
        self.until(&what, |tab| tab.everything().into_iter().find(|s| s.role == role && fits(&s.name, name)))
    }

    /// What has the focus: `None` is the page itself.
    pub fn focused(&mut self) -> Option<Seen> {
        let ask = json!({ "expression": "document.activeElement" });
        let object = self.chrome.try_call("Runtime.evaluate", ask).ok()?;
        let id = object["result"]["objectId"].as_str()?.to_owned();
        let ask = json!({ "objectId": id, "fetchRelatives": false });
        let tree = self.chrome.try_call("Accessibility.getPartialAXTree", ask).ok()?;
        let found = tree["nodes"].as_array()?.iter().find_map(seen)?;
        (object["result"]["className"] != "HTMLBodyElement").then_some(found)
    }

    /// Presses the left button on an element, in its middle.
    #[track_caller]
    pub fn click(&mut self, role: &str, name: &str) {
        self.clicks += 1;
        let found = self.find(role, name);
        let node = json!({ "backendNodeId": found.node });
        self.chrome.call("DOM.scrollIntoViewIfNeeded", node.clone());
        let quads = self.chrome.call("DOM.getContentQuads", node);
        let quad: Vec<f64> = quads["quads"][0].as_array().unwrap().iter().filter_map(Value::as_f64).collect();
        let (x, y) = (f64::midpoint(quad[0], quad[4]), f64::midpoint(quad[1], quad[5]));
        for (kind, buttons) in [("mousePressed", 1), ("mouseReleased", 0)] {
            let press = json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": buttons, "clickCount": 1 });
            self.chrome.call("Input.dispatchMouseEvent", press);
        }
    }

    /// Presses a button or a link that leads to another document, or to another part of this one.
    #[track_caller]
    pub fn press(&mut self, role: &str, name: &str) {
        let (before, swaps) = (self.loads(), self.eval("globalThis.__swaps"));
        self.click(role, name);
        self.until("an answer", |tab| {
            let swapped = tab.try_eval("globalThis.__swaps").is_ok_and(|now| now != swaps);
            (tab.loads() > before || swapped).then_some(())
        });
    }

    /// Gives the focus to an element.
    #[track_caller]
    pub fn focus(&mut self, role: &str, name: &str) {
        let found = self.find(role, name);
        self.chrome.call("DOM.focus", json!({ "backendNodeId": found.node }));
    }

    /// Where downloads are put from now on.
    pub fn downloads(&mut self) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let ask = json!({ "behavior": "allow", "downloadPath": dir.path() });
        self.chrome.call("Browser.setDownloadBehavior", ask);
        dir
    }

    /// A picture of the whole page, PNG.
    pub fn picture(&mut self) -> Vec<u8> {
        let size = self.chrome.call("Page.getLayoutMetrics", json!({}));
        let (width, height) = (&size["cssLayoutViewport"]["clientWidth"], &size["cssContentSize"]["height"]);
        let clip = json!({ "x": 0, "y": 0, "width": width, "height": height, "scale": 1 });
        let ask = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let picture = self.chrome.call("Page.captureScreenshot", ask);
        bytes_of_base64(picture["data"].as_str().unwrap())
    }
}

/// RFC 4648, without line breaks.
fn bytes_of_base64(text: &str) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut out, mut held, mut bits) = (Vec::with_capacity(text.len() * 3 / 4), 0_u32, 0);
    for digit in text.bytes().filter_map(|b| DIGITS.iter().position(|d| *d == b)) {
        held = held << 6 | u32::try_from(digit).unwrap();
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits & 0xFF) as u8);
        }
    }
    out
}

pub fn fits(name: &str, wanted: &str) -> bool {
    wanted.strip_suffix('…').map_or(name == wanted, |start| name.starts_with(start))
}

fn seen(node: &Value) -> Option<Seen> {
    let text = |field: &str| match &node[field]["value"] {
        Value::String(s) => s.trim().to_owned(),
        Value::Number(n) => n.to_string(),
        _ => String::new(),
    };
    let node_id = node["backendDOMNodeId"].as_i64()?;
    // A search field is a text field to whoever types in it.
    let role = match text("role").as_str() {
        "searchbox" => "textbox".to_owned(),
        role => role.to_owned(),
    };
    Some(Seen { role, name: text("name"), node: node_id })
}
