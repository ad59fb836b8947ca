//! The sections of a catalogue as tables. What the laboratory wrote stays as it was written.

use maud::{Markup, html};

use crate::domain::catalogue::{Catalogue, ClockStart, PlainReason, Target};
use crate::domain::{Code, Interpretation};
use crate::text_enum;
use crate::web::language::{t, word};
use crate::web::parts::{known, table};
use crate::web::time;

text_enum! {
    /// A section as the page shows it.
    pub(super) enum Section {
        /// What can be ordered.
        Assays = "assays",
        /// Why a marrow is examined.
        Indications = "indications",
        /// What one result sets off.
        Reflexes = "reflexes",
        /// What somebody must be told of at once.
        Criticals = "criticals",
        /// What the report offers as a diagnosis.
        Diagnoses = "diagnoses",
        /// Faults of a specimen.
        Reasons = "reasons",
        /// Every other list of reasons.
        Lists = "lists",
        /// Kinds of part, containers, sites.
        Material = "material",
        /// The laboratory and its departments.
        Laboratory = "laboratory",
    }
}

/// One section.
pub(super) fn draw(c: &Catalogue, section: Section) -> Markup {
    match section {
        Section::Assays => assays(c),
        Section::Indications => indications(c),
        Section::Reflexes => reflexes(c),
        Section::Criticals => criticals(c),
        Section::Diagnoses => diagnoses(c),
        Section::Reasons => reasons(c),
        Section::Lists => lists(c),
        Section::Material => material(c),
        Section::Laboratory => laboratory(c),
    }
}

fn draw_table(caption: &str, heads: &[String], rows: &[Vec<Markup>]) -> Markup {
    if rows.is_empty() {
        return html! { p .empty { (t!("catalogue-empty")) } };
    }
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    table(&html! { (caption) }, &heads, rows)
}

fn coded(code: &str, name: &str) -> Markup {
    html! { b { (name) } br; span .id .muted { (code) } }
}

/// The name that a code has in the catalogue.
fn assay_name(c: &Catalogue, code: &Code) -> String {
    c.assay(code.as_str()).map_or_else(|| code.to_string(), |a| a.name.clone())
}

fn joined(parts: impl IntoIterator<Item = String>) -> Markup {
    known(Some(parts.into_iter().collect::<Vec<_>>().join(", ")))
}

/// The targets of a test; one line where they are the same for every urgency.
fn targets(all: &[Target]) -> Vec<String> {
    let due = |t: &Target| {
        let amount = t!("turn-amount", amount = t.amount, unit = t.unit.name());
        match t.from {
            ClockStart::Collected => t!("catalogue-due-collected", amount = amount),
            ClockStart::Received => amount,
        }
    };
    match all {
        [first, rest @ ..] if rest.iter().all(|t| due(t) == due(first)) => vec![due(first)],
        all => all
            .iter()
            .map(|t| t!("catalogue-due-urgency", urgency = word("turn-urgency", t.urgency.name()), due = due(t)))
            .collect(),
    }
}

fn assays(c: &Catalogue) -> Markup {
    let rows: Vec<Vec<Markup>> = c
        .assays
        .iter()
        .map(|a| {
            let department =
                c.department(a.department.as_str()).map_or_else(|| a.department.to_string(), |d| d.name.clone());
            let feeds = a.feeds.iter().map(|f| {
                let kinds = f
                    .kinds
                    .iter()
                    .map(|k| c.kind(*k).map_or_else(|| k.words(), |k| k.name.clone()))
                    .collect::<Vec<_>>()
                    .join(" / ");
                let container =
                    c.container(f.container.as_str()).map_or_else(|| f.container.to_string(), |x| x.name.clone());
                if f.substitute {
                    t!("catalogue-feed-substitute", kinds = kinds, container = container)
                } else {
                    t!("catalogue-feed", kinds = kinds, container = container)
                }
            });
            vec![
                coded(a.code.as_str(), &a.name),
                html! { (department) },
                html! { ul .plain-list { @for f in feeds { li { (f) } } } },
                html! { ul .plain-list { @for t in targets(&a.turnaround) { li { (t) } } } },
                joined(a.steps.iter().map(|s| s.name.clone())),
            ]
        })
        .collect();
    let heads = [
        t!("turn-test"),
        t!("catalogue-department"),
        t!("catalogue-feeds"),
        t!("catalogue-due-within"),
        t!("catalogue-steps"),
    ];
    draw_table(&t!("catalogue-assays", count = c.assays.len()), &heads, &rows)
}

fn indications(c: &Catalogue) -> Markup {
    let rows: Vec<Vec<Markup>> = c
        .indications
        .iter()
        .map(|i| {
            vec![
                coded(i.code.as_str(), &i.name),
                html! { (word("turn-urgency", i.urgency.name())) },
                html! {
                    ul .plain-list {
                        @for s in &i.set {
                            li { b { (assay_name(c, &s.assay)) } " (" (word("catalogue-need", s.need.name())) ") " span .muted { (s.why) @if let Some(when) = &s.when { "; " (when) } } }
                        }
                    }
                },
                known(i.advice.as_ref()),
            ]
        })
        .collect();
    let heads = [t!("catalogue-question"), t!("turn-urgency"), t!("catalogue-suggests"), t!("catalogue-advice")];
    draw_table(&t!("catalogue-indications", count = c.indications.len()), &heads, &rows)
}

fn reflexes(c: &Catalogue) -> Markup {
    let rows: Vec<Vec<Markup>> = c
        .reflexes
        .iter()
        .map(|r| {
            vec![
                html! { (assay_name(c, &r.when_assay)) },
                html! { (word("catalogue-outcome", r.when.name())) },
                html! { @if r.indications.is_empty() { (t!("catalogue-any-question")) } @else { (joined(r.indications.iter().map(ToString::to_string))) } },
                html! { b { (assay_name(c, &r.order)) } },
                html! { (r.why) },
            ]
        })
        .collect();
    let heads = [
        t!("catalogue-after"),
        t!("catalogue-when"),
        t!("catalogue-question"),
        t!("catalogue-orders"),
        t!("catalogue-why"),
    ];
    draw_table(&t!("catalogue-reflexes", count = c.reflexes.len()), &heads, &rows)
}

fn criticals(c: &Catalogue) -> Markup {
    let rows: Vec<Vec<Markup>> = c
        .criticals
        .iter()
        .map(|k| {
            let within = time::length(chrono::TimeDelta::minutes(i64::from(k.within_min)));
            let by = k.when.iter().map(|w| {
                let what = w.value.clone().map(|v| match (w.at_least, &w.equals) {
                    (Some(least), _) => format!("{v} ≥ {least}"),
                    (None, Some(equals)) => format!("{v} = {equals}"),
                    (None, None) => v,
                });
                let parts = [Some(assay_name(c, &w.assay)), w.interpretation.map(Interpretation::words), what, w.probe.clone()];
                parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
            });
            vec![
                coded(k.code.as_str(), &k.name),
                html! { (within) },
                html! { ul .plain-list { @for w in by { li { (w) } } @if k.manual { li { (t!("catalogue-manual")) } } } },
            ]
        })
        .collect();
    let heads = [t!("catalogue-finding"), t!("catalogue-within"), t!("catalogue-raised-by")];
    draw_table(&t!("catalogue-criticals", count = c.criticals.len()), &heads, &rows)
}

fn diagnoses(c: &Catalogue) -> Markup {
    let rows: Vec<Vec<Markup>> = c
        .diagnoses
        .iter()
        .map(|d| {
            vec![
                html! { b translate="no" { (d.name) } },
                html! { span translate="no" { (d.system.title()) } },
                html! { span .num { (known(d.icd_o.as_ref())) } },
            ]
        })
        .collect();
    let heads = [t!("catalogue-diagnosis"), t!("catalogue-classification"), t!("catalogue-icd-o")];
    draw_table(&t!("catalogue-diagnoses", count = c.diagnoses.len()), &heads, &rows)
}

fn reasons(c: &Catalogue) -> Markup {
    let rows: Vec<Vec<Markup>> = c
        .reasons
        .iter()
        .map(|r| {
            let others = r
                .per_assay
                .iter()
                .map(|(assay, action)| format!("{assay}: {}", word("catalogue-action", action.name())));
            vec![
                coded(r.code.as_str(), &r.name),
                html! { (word("catalogue-action", r.default_action.name())) },
                joined(others),
                joined(r.unfit_for.iter().map(ToString::to_string)),
                known(Some(&r.caveat_text)),
            ]
        })
        .collect();
    let heads = [
        t!("catalogue-fault"),
        t!("catalogue-usually"),
        t!("catalogue-per-test"),
        t!("catalogue-unfit"),
        t!("catalogue-caveat"),
    ];
    draw_table(&t!("catalogue-reasons", count = c.reasons.len()), &heads, &rows)
}

fn lists(c: &Catalogue) -> Markup {
    let plain = |title: String, rows: &[PlainReason]| {
        (title, rows.iter().map(|r| (r.code.to_string(), r.name.clone())).collect::<Vec<_>>())
    };
    let all = [
        (
            t!("catalogue-list-not-collected"),
            c.not_collected_reasons.iter().map(|r| (r.code.to_string(), r.name.clone())).collect(),
        ),
        plain(t!("catalogue-list-query"), &c.query_reasons),
        plain(t!("catalogue-list-lost"), &c.lost_reasons),
        (t!("catalogue-list-fail"), c.fail_reasons.iter().map(|r| (r.code.to_string(), r.name.clone())).collect()),
        plain(t!("catalogue-list-cancel"), &c.cancel_reasons),
        plain(t!("catalogue-list-not-performed"), &c.not_performed_reasons),
        plain(t!("catalogue-list-correction"), &c.correction_reasons),
    ];
    html! {
        @for (title, rows) in &all {
            div .inset {
                h2 { (title) }
                ul { @for (code, name) in rows { li { (name) " " span .id .muted { (code) } } } }
            }
        }
    }
}

fn material(c: &Catalogue) -> Markup {
    let kinds: Vec<Vec<Markup>> = c
        .kinds
        .iter()
        .map(|k| {
            vec![
                coded(k.kind.name(), &k.name),
                joined(
                    k.containers
                        .iter()
                        .map(|x| c.container(x.as_str()).map_or_else(|| x.to_string(), |x| x.name.clone())),
                ),
                match k.retention_days {
                    Some(days) => html! { (t!("length-days", days = days)) },
                    None => html! { (t!("catalogue-for-good")) },
                },
            ]
        })
        .collect();
    let containers: Vec<Vec<Markup>> = c
        .containers
        .iter()
        .map(|x| {
            let traits = [
                (x.anticoagulant, t!("catalogue-anticoagulant")),
                (x.fixative, t!("catalogue-fixative")),
                (x.slide, t!("catalogue-slide")),
            ];
            vec![
                coded(x.code.as_str(), &x.name),
                joined(traits.into_iter().filter(|(is, _)| *is).map(|(_, name)| name)),
                known(x.hl7_0371.as_ref()),
            ]
        })
        .collect();
    let sites: Vec<Vec<Markup>> = c
        .sites
        .iter()
        .map(|s| {
            vec![
                coded(s.code.as_str(), &s.name),
                html! { @if s.paired { (t!("catalogue-paired")) } @else { (t!("catalogue-unpaired")) } },
                known(s.snomed.as_ref()),
            ]
        })
        .collect();
    html! {
        (draw_table(&t!("catalogue-kinds"), &[t!("catalogue-kind"), t!("catalogue-containers-of"), t!("catalogue-kept")], &kinds))
        (draw_table(&t!("catalogue-containers"), &[t!("catalogue-container"), t!("catalogue-traits"), "HL7 0371".to_owned()], &containers))
        (draw_table(&t!("catalogue-sites"), &[t!("catalogue-site"), t!("catalogue-sides"), "SNOMED CT".to_owned()], &sites))
    }
}

fn laboratory(c: &Catalogue) -> Markup {
    let l = &c.laboratory;
    let days: Vec<String> =
        l.working_days.iter().map(|d| word("weekday", &d.number_from_monday().to_string())).collect();
    let departments: Vec<Vec<Markup>> = c
        .departments
        .iter()
        .map(|d| {
            let tests = c.assays.iter().filter(|a| a.department == d.code).count();
            vec![coded(d.code.as_str(), &d.name), html! { span .num { (tests) } }]
        })
        .collect();
    html! {
        dl .facts .facts--table .inset {
            div { dt { (t!("catalogue-lab-name")) } dd { (l.name) } }
            div { dt { (t!("catalogue-lab-address")) } dd { (l.address) } }
            div { dt { (t!("catalogue-lab-zone")) } dd { (l.time_zone.name()) } }
            div { dt { (t!("catalogue-lab-hours")) } dd { (l.opens.format("%H:%M")) "–" (l.closes.format("%H:%M")) ", " (days.join(", ")) } }
            div { dt { (t!("catalogue-lab-holidays")) } dd { ul .plain-list { @for (day, name) in &l.holidays { li { (time::date(*day)) ": " (name) } } } } }
        }
        (draw_table(&t!("catalogue-departments"), &[t!("catalogue-department"), t!("catalogue-tests-there")], &departments))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalogue::{ReasonAction, ReflexWhen};
    use crate::domain::{Need, Urgency};

    /// No section shows a code where a word is meant.
    #[test]
    fn every_word_of_the_catalogue_is_said() {
        let said = |family: &str, code: &str| {
            assert!(crate::web::language::word_if(family, code).is_some(), "{family} {code}")
        };
        for n in Need::ALL {
            said("catalogue-need", n.name());
        }
        for w in ReflexWhen::ALL {
            said("catalogue-outcome", w.name());
        }
        for a in ReasonAction::ALL {
            said("catalogue-action", a.name());
        }
        for s in Section::ALL {
            said("catalogue-section", s.name());
        }
        for u in Urgency::ALL {
            said("turn-urgency", u.name());
        }
    }
}
