//! What can feed an assay: can anything, in what amount, for how long.

use super::{Catalogue, Finding, indexed, repeated};
use crate::domain::catalogue::{Feed, Window};
use crate::domain::{LimitAction, SpecimenKind};

/// Largest volume, µL: as much as anybody draws.
const MOST_UL: u32 = 200_000;
/// Greatest length of a core, mm.
const MOST_MM: u32 = 120;
/// Longest window, h: ten years.
const MOST_H: u32 = 87_600;

/// Every feed of every assay with its path.
fn feeds(c: &Catalogue) -> impl Iterator<Item = (String, &Feed)> {
    c.assays.iter().flat_map(|a| indexed(&format!("assay[{}].feeds", a.code), &a.feeds))
}

/// An assay that only lives on substitutes could never be ordered for an ordinary marrow.
pub(super) fn regular_feed(c: &Catalogue) -> Vec<Finding> {
    let starved = c.assays.iter().filter(|a| a.feeds.iter().all(|f| f.substitute || f.kinds.is_empty()));
    starved
        .map(|a| Finding::new(format!("assay[{}].feeds", a.code), "no container can feed it except as a substitute"))
        .collect()
}

pub(super) fn kinds(c: &Catalogue) -> Vec<Finding> {
    let mut findings: Vec<Finding> = feeds(c)
        .filter(|(_, feed)| feed.kinds.is_empty())
        .map(|(path, _)| Finding::new(format!("{path}.kinds"), "it names no kind of part"))
        .collect();
    for assay in &c.assays {
        let pairs = indexed(&format!("assay[{}].feeds", assay.code), &assay.feeds)
            .flat_map(|(path, feed)| feed.kinds.iter().map(move |kind| (path.clone(), (*kind, &feed.container))));
        findings.extend(repeated(pairs, |(kind, container)| format!("{kind} in {container} is there twice")));
    }
    findings
}

/// The form at the bedside offers a kind's usual containers, so a feed outside them could never be met.
pub(super) fn usual_containers(c: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, feed) in feeds(c) {
        let foreign =
            feed.kinds.iter().filter_map(|kind| c.kind(*kind)).filter(|k| !k.containers.contains(&feed.container));
        // A container that does not exist at all has its finding already.
        findings.extend(foreign.filter(|_| c.container(feed.container.as_str()).is_some()).map(|k| {
            let message = format!("{} is not among the containers of kind[{}]", feed.container, k.kind);
            Finding::new(format!("{path}.container"), message)
        }));
    }
    findings
}

/// Feeds stand in order of preference, and a substitute is never preferred.
pub(super) fn substitutes_last(c: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    for assay in &c.assays {
        let after = indexed(&format!("assay[{}].feeds", assay.code), &assay.feeds).skip_while(|(_, f)| !f.substitute);
        let late = after.filter(|(_, feed)| !feed.substitute);
        findings
            .extend(late.map(|(path, _)| Finding::new(path, "it stands after a substitute; substitutes come last")));
    }
    findings
}

pub(super) fn amounts(c: &Catalogue) -> Vec<Finding> {
    feeds(c).flat_map(|(path, feed)| faults_of_amounts(&path, feed)).collect()
}

fn faults_of_amounts(path: &str, feed: &Feed) -> Vec<Finding> {
    let mut findings = Vec::new();
    if feed.min_ul > feed.ideal_ul && feed.ideal_ul.is_some() {
        findings.push(Finding::new(format!("{path}.min_ul"), "the least volume is more than the ideal volume"));
    }
    if feed.min_mm > feed.ideal_mm && feed.ideal_mm.is_some() {
        findings.push(Finding::new(format!("{path}.min_mm"), "the least length is more than the ideal length"));
    }
    let fields = [
        ("min_ul", feed.min_ul, MOST_UL),
        ("ideal_ul", feed.ideal_ul, MOST_UL),
        ("min_mm", feed.min_mm, MOST_MM),
        ("ideal_mm", feed.ideal_mm, MOST_MM),
    ];
    for (field, amount, most) in fields {
        if amount.is_some_and(|amount| !(1..=most).contains(&amount)) {
            findings.push(Finding::new(format!("{path}.{field}"), format!("an amount lies between 1 and {most}")));
        }
    }
    if feed.min_ul.or(feed.ideal_ul).is_some() && !feed.kinds.iter().all(|kind| kind.is_liquid()) {
        findings.push(Finding::new(path, "it asks for a volume, and not every kind in it has one"));
    }
    if feed.min_mm.or(feed.ideal_mm).is_some() && feed.kinds.iter().any(|kind| *kind != SpecimenKind::Core) {
        findings.push(Finding::new(path, "it asks for a length, which only a core has"));
    }
    findings
}

pub(super) fn windows(c: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, feed) in feeds(c) {
        let path = format!("{path}.windows");
        let temperatures = indexed(&path, &feed.windows).map(|(path, window)| (path, window.temperature));
        findings.extend(repeated(temperatures, |temperature| format!("{temperature} is there twice")));
        for (path, window) in indexed(&path, &feed.windows) {
            findings.extend(faults_of_window(window).into_iter().map(|message| Finding::new(path.clone(), message)));
        }
    }
    findings
}

fn faults_of_window(window: &Window) -> Vec<String> {
    let mut faults = Vec::new();
    let hours: Vec<u32> = [window.ideal_h, window.warn_h, window.limit_h].into_iter().flatten().collect();
    if hours.is_empty() {
        faults.push("it names no hours".to_owned());
    }
    if !hours.is_sorted() {
        faults.push("ideal_h ≤ warn_h ≤ limit_h does not hold".to_owned());
    }
    if hours.iter().any(|h| *h > MOST_H) {
        faults.push(format!("a window is at most {MOST_H} h"));
    }
    match (window.limit_h, window.at_limit) {
        (Some(_), LimitAction::None) => {
            faults.push("it has a limit and does not say what happens there (at_limit)".to_owned());
        }
        (None, LimitAction::Reject | LimitAction::RunWithDisclaimer | LimitAction::Consult) => {
            faults.push("it says what happens at a limit that it does not have (limit_h)".to_owned());
        }
        (Some(_), LimitAction::Reject | LimitAction::RunWithDisclaimer | LimitAction::Consult)
        | (None, LimitAction::None) => {}
    }
    faults
}

/// Only an aspirate has pulls.
pub(super) fn pull_one(c: &Catalogue) -> Vec<Finding> {
    let wanting = c.assays.iter().filter(|a| a.pull_one);
    wanting
        .filter(|a| !a.feeds.iter().any(|f| f.kinds.contains(&SpecimenKind::Aspirate)))
        .map(|a| Finding::new(format!("assay[{}].pull_one", a.code), "it wants pull 1, and no aspirate feeds it"))
        .collect()
}

/// Anticoagulant, fixative or glass: a container is at most one of them.
pub(super) fn container_contents(c: &Catalogue) -> Vec<Finding> {
    let mixed =
        c.containers.iter().filter(|r| [r.anticoagulant, r.fixative, r.slide].iter().filter(|is| **is).count() > 1);
    mixed
        .map(|r| {
            Finding::new(format!("container[{}]", r.code), "it is more than one of anticoagulant, fixative, slide")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::assert_found;

    /// The first feed of the sample's FLOW-AL, up to its windows.
    const EDTA: &str = "kinds = [\"aspirate\"], container = \"EDTA\", min_ul = 1000, ideal_ul = 3000, # flow";
    const HOURS: &str = "ideal_h = 18, warn_h = 24, limit_h = 48, at_limit = \"consult\"";

    #[test]
    fn regular_feed() {
        let micro = "container = \"STERILE\", min_ul = 2000";
        assert_found(&[
            (
                micro,
                "container = \"STERILE\", min_ul = 2000, substitute = true",
                "assay[CULT].feeds",
                "except as a substitute",
            ),
            (
                "feeds = [{ kinds = [\"aspirate\"], container = \"STERILE\", min_ul = 2000 }]",
                "feeds = []",
                "assay[CULT].feeds",
                "no container",
            ),
        ]);
    }

    #[test]
    fn kinds() {
        let twice = "kinds = [\"aspirate\", \"aspirate\"], container = \"EDTA\", min_ul = 1000, ideal_ul = 3000,";
        assert_found(&[(EDTA, twice, "assay[FLOW-AL].feeds[0]", "aspirate in EDTA is there twice")]);
    }

    #[test]
    fn usual_containers() {
        let slide = "kinds = [\"aspirate\"], container = \"SLIDE\", min_ul = 1000, ideal_ul = 3000,";
        assert_found(&[(
            EDTA,
            slide,
            "assay[FLOW-AL].feeds[0].container",
            "not among the containers of kind[aspirate]",
        )]);
    }

    #[test]
    fn substitutes_last() {
        let first = "kinds = [\"aspirate\"], container = \"EDTA\", substitute = true,";
        assert_found(&[(EDTA, first, "assay[FLOW-AL].feeds[1]", "substitutes come last")]);
    }

    #[test]
    fn amounts() {
        let path = "assay[FLOW-AL].feeds[0]";
        let min = "assay[FLOW-AL].feeds[0].min_ul";
        let head = "kinds = [\"aspirate\"], container = \"EDTA\",";
        assert_found(&[
            (EDTA, &format!("{head} min_ul = 3001, ideal_ul = 3000,"), min, "more than the ideal"),
            (EDTA, &format!("{head} min_ul = 0,"), min, "between 1 and"),
            (EDTA, &format!("{head} ideal_ul = 200001,"), "assay[FLOW-AL].feeds[0].ideal_ul", "between 1 and"),
            (EDTA, &format!("{head} min_mm = 5,"), path, "only a core"),
            (
                "min_mm = 10, ideal_mm = 15",
                "min_mm = 16, ideal_mm = 15",
                "assay[HIST-CORE].feeds[0].min_mm",
                "more than the ideal",
            ),
            ("min_mm = 10, ideal_mm = 15", "min_ul = 10", "assay[HIST-CORE].feeds[0]", "not every kind"),
        ]);
    }

    #[test]
    fn windows() {
        let path = "assay[FLOW-AL].feeds[0].windows[0]";
        assert_found(&[
            (HOURS, "warn_h = 49, limit_h = 48, at_limit = \"consult\"", path, "does not hold"),
            (HOURS, "ideal_h = 25, warn_h = 24", path, "does not hold"),
            (HOURS, "ideal_h = 49, limit_h = 48, at_limit = \"reject\"", path, "does not hold"),
            (HOURS, "warn_h = 24, limit_h = 48", path, "does not say what happens"),
            (HOURS, "warn_h = 24, at_limit = \"consult\"", path, "that it does not have"),
            (HOURS, "warn_h = 87601", path, "at most"),
            (&format!(", {HOURS}"), "", path, "no hours"),
            (
                "temperature = \"frozen\"",
                "temperature = \"ambient\"",
                "assay[FLOW-AL].feeds[0].windows[1]",
                "ambient is there twice",
            ),
        ]);
    }

    #[test]
    fn pull_one() {
        let loinc = "loinc = [\"33721-2\"]";
        assert_found(&[(loinc, "loinc = [\"33721-2\"]\npull_one = true", "assay[HIST-CORE].pull_one", "no aspirate")]);
    }

    #[test]
    fn container_contents() {
        assert_found(&[("fixative = true", "fixative = true\nslide = true", "container[FORMALIN]", "more than one")]);
    }
}
