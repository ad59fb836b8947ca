//! Where the pages are that have an identity in their address: looked up in the seeded laboratory through the API.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::list::{At, PAGES};
use crate::site::Site;

/// Every case as the API tells it to somebody, newest first: what they may do is theirs.
pub struct Cases(Vec<Value>);

/// Asks the laboratory, once, for every page of the list that is found and not named.
pub fn find(site: &Site) -> BTreeMap<String, String> {
    let mut told: BTreeMap<&str, Cases> = BTreeMap::new();
    let found = PAGES.iter().filter_map(|page| match page.at {
        At::Path(_) => None,
        At::Found(find) => {
            let cases = told.entry(page.who).or_insert_with(|| Cases::told(site, page.who));
            Some((page.name.to_owned(), find(cases)?))
        }
    });
    found.collect()
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

fn list<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
    value[field].as_array().into_iter().flatten()
}

fn allows(value: &Value, step: &str) -> bool {
    list(value, "allowed").any(|s| s == step)
}

impl Cases {
    /// Everything that somebody may see.
    pub fn told(site: &Site, role: &str) -> Self {
        let api = site.api(role);
        let (mut cases, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = api.get(&format!("/api/v1/cases?limit=200{cursor}")).expect(200).json();
            for line in list(&page, "items") {
                cases.push(api.get(&format!("/api/v1/cases/{}", text(line, "accession"))).expect(200).json());
            }
            let Some(next) = page["next"].as_str() else { return Self(cases) };
            cursor = format!("&cursor={next}");
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Value> {
        self.0.iter()
    }

    fn each<'a>(&'a self, field: &'static str) -> impl Iterator<Item = (&'a Value, &'a Value)> {
        self.0.iter().flat_map(move |case| list(case, field).map(move |part| (case, part)))
    }

    /// The number of the case at this stage with the most orders and results.
    pub fn fullest(&self, stage: &str) -> Option<String> {
        let of = self.0.iter().filter(|c| text(&c["progress"], "stage") == stage);
        let most = of.max_by_key(|c| list(c, "orders").count() + list(c, "results").count())?;
        Some(text(most, "accession").to_owned())
    }

    /// The number of a case with a critical finding that nobody has heard.
    pub fn critical(&self) -> Option<String> {
        let found = self.each("critical").find(|(_, finding)| finding["closed"].is_null());
        found.map(|(case, _)| text(case, "accession").to_owned())
    }

    /// A part that this step can be done to.
    pub fn part(&self, step: &str) -> Option<String> {
        let label = self.each("specimens").find(|(_, s)| allows(s, step)).map(|(_, s)| text(s, "label"))?;
        Some(format!("/specimens/{label}/steps/{step}"))
    }

    /// The label of a part that was received.
    pub fn labelled(&self) -> Option<String> {
        let label =
            self.each("specimens").find(|(_, s)| text(s, "state") == "accepted").map(|(_, s)| text(s, "label"))?;
        Some(format!("/specimens/{label}/label"))
    }

    /// The patient with the most cases.
    pub fn patient(&self) -> Option<String> {
        let id = |case: &Value| text(&case["patient"], "id").to_owned();
        let most = self.0.iter().max_by_key(|case| self.0.iter().filter(|other| id(other) == id(case)).count())?;
        Some(format!("/patients/{}", id(most)))
    }

    /// The scan station with a part in this state.
    pub fn scanned(&self, state: &str) -> Option<String> {
        let label = self.each("specimens").find(|(_, s)| text(s, "state") == state).map(|(_, s)| text(s, "label"))?;
        Some(format!("/scan?label={label}"))
    }

    /// An order in this state, of an assay whose code begins like this.
    pub fn order(&self, assay: &str, state: &str) -> Option<String> {
        let fits = |o: &Value| text(o, "assay").starts_with(assay) && text(o, "state") == state;
        self.each("orders").find(|(_, o)| fits(o)).map(|(_, o)| format!("/orders/{}", text(o, "id")))
    }

    /// An order whose result can be entered now.
    pub fn result_form(&self, assay: &str) -> Option<String> {
        let fits = |o: &Value| text(o, "assay").starts_with(assay) && allows(o, "result");
        self.each("orders").find(|(_, o)| fits(o)).map(|(_, o)| format!("/orders/{}", text(o, "id")))
    }

    /// An order with an original of another laboratory.
    pub fn documented(&self) -> Option<String> {
        let found = self.each("orders").find(|(_, o)| list(o, "documents").next().is_some());
        found.map(|(_, o)| format!("/orders/{}", text(o, "id")))
    }

    /// An order that this step can be done to.
    pub fn order_step(&self, step: &str) -> Option<String> {
        let found = self.each("orders").find(|(_, o)| allows(o, step));
        found.map(|(_, o)| format!("/orders/{}/steps/{step}", text(o, "id")))
    }

    /// A result in this state with details of this shape.
    pub fn result(&self, shape: &str, state: &str) -> Option<String> {
        let fits = |r: &Value| text(r, "state") == state && (shape.is_empty() || !r["details"][shape].is_null());
        self.each("results").find(|(_, r)| fits(r)).map(|(_, r)| format!("/results/{}", text(r, "id")))
    }

    /// A signed report of this kind; the longest.
    pub fn report(&self, state: &str) -> Option<String> {
        let of = self.each("reports").filter(|(_, r)| text(r, "state") == state);
        let (case, report) = of.max_by_key(|(_, r)| r.to_string().len())?;
        Some(format!("/cases/{}/reports/{}", text(case, "accession"), report["number"]))
    }
}
