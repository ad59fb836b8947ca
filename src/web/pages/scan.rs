//! `/scan`: one field, one card, one next step.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::specimen_step::defaults;
use super::{Seen, part_words, search, volume_words};
use crate::domain::catalogue::Verdict;
use crate::domain::command::SpecimenStep;
use crate::domain::{Accession, Command, Label, SpecimenTransition, Target, Temperature};
use crate::edge::Problem;
use crate::lab::labels::PRINTERS;
use crate::lab::questions::case::{FitnessView, SpecimenView};
use crate::lab::scope;
use crate::web::act::{Deed, explain};
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields};
use crate::web::layout::Page;
use crate::web::parts::{Field, banner, facts, hidden, known, options, seen, stamp, status, table, when};
use crate::web::session::{Person, Posted};
use crate::web::words::Status;
use crate::web::{done, see_other, steps, time, words};

/// `GET /scan`
pub(crate) async fn get(person: Person, query: web::Query<Vec<(String, String)>>) -> Result<HttpResponse, PageError> {
    let fields = Fields::new(query.into_inner());
    let draft = match fields.opt("label").map(|text| Label::parse(&text)) {
        Some(Err(why)) => Draft::refused(fields, Problem::field("/code", "malformed", why)),
        Some(Ok(_)) | None => Draft::fresh(fields),
    };
    render(&person, draft).await
}

/// `POST /scan`: what was scanned or typed.
pub(crate) async fn post(posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { person, mut fields } = posted;
    let code = normal(fields.get("code"));
    fields.set("label", "");
    if code.is_empty() {
        let problem = Problem::field("/code", "missing", "scan a label, or type a number or a name");
        return render(&person, Draft::refused(fields, problem)).await;
    }
    match Label::parse(&code) {
        Ok(label) if fields.get("mode") == "receive" => receive(&person, fields, label).await,
        Ok(label) => look(&person, fields, label).await,
        Err(_) if Accession::parse(&code).is_ok() => Ok(see_other(&person.case_path(code))),
        Err(why) if code.starts_with("BM") => {
            render(&person, Draft::refused(fields, Problem::field("/code", "malformed", why))).await
        }
        Err(_) => search::answer(&person, fields.with("q", code)).await,
    }
}

/// Without what a scanner may put around a code.
fn normal(code: &str) -> String {
    let plain: String = code.chars().filter(|c| !c.is_control()).collect();
    let plain = plain.trim();
    let bare = plain.strip_prefix("]C1").or_else(|| plain.strip_prefix("]d2")).unwrap_or(plain).trim();
    if bare.get(..2).is_some_and(|two| two.eq_ignore_ascii_case("bm")) {
        bare.to_ascii_uppercase()
    } else {
        bare.to_owned()
    }
}

/// The address of a card, in the mode of this session.
fn address(fields: &Fields, label: &Label) -> String {
    let mut to = format!("/scan?label={label}");
    if fields.get("mode") == "receive" {
        to.push_str("&mode=receive");
        if let Some(t) = Temperature::parse(fields.get("temperature")) {
            to.push_str("&temperature=");
            to.push_str(t.name());
        }
    }
    to
}

async fn look(person: &Person, fields: Fields, label: Label) -> Result<HttpResponse, PageError> {
    match Seen::by_label(person, label.clone()).await {
        Ok(_) => Ok(see_other(&address(&fields, &label))),
        Err(PageError::Problem(p)) if p.status == 404 => render(person, Draft::refused(fields, unknown(&label))).await,
        Err(e) => Err(e),
    }
}

fn unknown(label: &Label) -> Problem {
    let why = format!("{label} is a good number, but there is no such part here. Was the case logged?");
    Problem::field("/code", "unknown", why)
}

/// Takes a part in at once.
async fn receive(person: &Person, mut fields: Fields, label: Label) -> Result<HttpResponse, PageError> {
    let found = match Seen::by_label(person, label.clone()).await {
        Ok(found) => found,
        Err(PageError::Problem(p)) if p.status == 404 => {
            return render(person, Draft::refused(fields, unknown(&label))).await;
        }
        Err(e) => return Err(e),
    };
    let s = found.part(&label)?;
    let step = SpecimenStep { temperature: Temperature::parse(fields.get("temperature")), ..SpecimenStep::default() };
    let command = Command::MoveSpecimen(label.clone(), SpecimenTransition::Receive, Box::new(step));
    fields.set("version", s.version.to_string());
    let to = done(&address(&fields, &label), "receive");
    match Deed::seen(&fields, Target::Case(label.accession()), command, to)?.act(person, &fields).await {
        Ok(to) => Ok(see_other(&to)),
        Err(e) => {
            let mut problem = explain(person, label.accession(), e).await;
            if let Some(at) = s.received_at.filter(|_| problem.status == 409) {
                let then = time::full(at, person.zone(), person.now);
                problem.detail = format!("It was received {then}. Its next step is on the card.");
            }
            fields.set("label", label.to_string());
            render(person, Draft::refused(fields, problem)).await
        }
    }
}

async fn render(person: &Person, draft: Draft) -> Result<HttpResponse, PageError> {
    scope::may_look(person.actor())?;
    let label = Label::parse(draft.fields.get("label")).ok();
    let found = match &label {
        Some(label) => match Seen::by_label(person, label.clone()).await {
            Ok(found) => Some(found),
            Err(PageError::Problem(p)) if p.status == 404 => {
                let fields = draft.fields.with("label", "");
                return Ok(page(person, &Draft::refused(fields, unknown(label)), &html! {}));
            }
            Err(e) => return Err(e),
        },
        None => None,
    };
    let card = match (&found, &label) {
        (Some(found), Some(label)) => card(person, found, found.part(label)?, &draft.fields),
        (_, _) => {
            html! { section .card .plain .empty-card { p .muted { "Scan anything. The part appears here with its next step." } } }
        }
    };
    Ok(page(person, &draft, &card))
}

fn page(person: &Person, draft: &Draft, card: &Markup) -> HttpResponse {
    let receiving = draft.fields.get("mode") == "receive";
    Page::of(person, "Scan").draft(draft).main("page bench").scans("scan.js").render(html! {
        h1 { "Scan" }
        div .scan {
            form #scan .card .scan__in action="/scan" method="post" novalidate {
                (hidden(person))
                label for="code" { (if receiving { "Scan to receive" } else { "Scan a label" }) }
                @if let Some(why) = draft.error("code") { p .error #code-error { span .sr-only { "Error: " } (words::sentence(why)) } }
                input .scan__field #code name="code" placeholder="or type a number" autocomplete="off" autocapitalize="characters"
                    spellcheck="false" enterkeyhint="go" maxlength="100" autofocus
                    aria-describedby=[draft.error("code").map(|_| "code-error")];
                (modes(draft))
                button .btn .btn--bench { (if receiving { "Receive" } else { "Look up" }) }
            }
            (card)
        }
    })
}

fn modes(draft: &Draft) -> Markup {
    let fields = &draft.fields;
    let mode = if fields.get("mode") == "receive" { "receive" } else { "look" };
    let shown = Draft::fresh(fields.clone().with("mode", mode));
    let list = [("look".to_owned(), "Look up".to_owned()), ("receive".to_owned(), "Receive at once".to_owned())];
    let temperature = Field::new("temperature", "Received").hint("For every scan, until you change it");
    html! {
        (Field::new("mode", "What a scan does").radios(&shown, &list))
        @if mode == "receive" {
            // The error, if any, is about this choice.
            @let chosen = Draft { fields: fields.clone(), problem: draft.problem.clone() };
            (temperature.radios(&chosen, &options(Temperature::ALL, Temperature::name, Temperature::words)))
        }
    }
}

/// A part: whose, what, where, what for, and what can be done.
fn card(person: &Person, found: &Seen, s: &SpecimenView, fields: &Fields) -> Markup {
    let steps = steps::specimen_steps(s);
    let back = address(fields, &s.label);
    html! {
        section .card .hit aria-labelledby="hit-id" {
            (banner(person, &found.view.patient))
            div .hit__id {
                h2 #hit-id .id { (s.label) }
                (status(&words::specimen(s.state)))
                a .small href=(person.case_path(s.accession)) { "Whole case" }
            }
            (facts(&[
                ("Part", html! { (part_words(person, s)) }),
                ("Question", html! { (found.view.indication_name) }),
                ("Taken", when(person, s.collected_at)),
                ("Where", known(s.location.as_ref())),
                ("Left", known(s.remaining_ul.map(volume_words))),
            ]))
            (warnings(s))
            (fitness(person, found, s))
            @if let Some((first, rest)) = steps.split_first() {
                div .hit__next {
                    (step(person, s, *first, &back, true))
                    @for other in rest { (step(person, s, *other, &back, false)) }
                    @if person.actor().is_any(PRINTERS) { a .btn .btn--bench href={ "/specimens/" (s.label) "/label" } { "Labels" } }
                }
            } @else { p .muted { "There is no step for you to take." } }
        }
    }
}

fn warnings(s: &SpecimenView) -> Markup {
    html! {
        @if let Some(q) = &s.query { p .note { strong { "Question to " (q.owner) ": " } (q.text) } }
        @if let Some(r) = &s.rejection {
            p .note { strong { "Rejection proposed by " (r.proposed_by.name) ": " } (r.text) }
        }
        @for c in &s.caveats { p .note { strong { "Caveat: " } (c.text) } }
    }
}

fn step(person: &Person, s: &SpecimenView, step: SpecimenTransition, back: &str, first: bool) -> Markup {
    let draft = Draft::fresh(defaults(s));
    let name = words::step(step.name());
    let form = html! {
        form action={ "/specimens/" (s.label) "/steps/" (step) } method="post" novalidate data-primary[first] {
            (seen(person, s.version))
            input type="hidden" name="back" value=(back);
            (steps::specimen_form(person, s, step, Some(step.name()), &draft))
            button .btn .btn--bench .btn--primary[first] { (name) }
        }
    };
    if first {
        return html! { div .primary { (form) } };
    }
    html! { details .step { summary .btn .btn--bench { (name) } div .step__body { (form) } } }
}

/// How long it is still good for, per test.
fn fitness(person: &Person, found: &Seen, s: &SpecimenView) -> Markup {
    if s.fitness.is_empty() {
        return html! {};
    }
    let rows: Vec<Vec<Markup>> = s
        .fitness
        .iter()
        .map(|f| {
            let name = found
                .view
                .orders
                .iter()
                .find(|o| o.id == f.order)
                .map_or_else(|| f.assay.to_string(), |o| o.name.clone());
            vec![
                html! { a .row-link href={ "/orders/" (f.order) } { (name) } },
                html! { (status(&verdict(f))) @if !f.why.is_empty() { p .small .muted { (f.why) } } },
                match f.usable_until {
                    Some(until) => html! { (stamp(person, until)) },
                    // Silence must not read as “any time will do” where nobody can judge it.
                    None if matches!(f.verdict, Verdict::NoWindow | Verdict::Unfit) => {
                        html! { span .muted { "Not known" } }
                    }
                    None => html! { span .muted { "No limit" } },
                },
            ]
        })
        .collect();
    html! { (table(&html! { "What it is good for" }, &["Test", "Fit", "Start by"], &rows)) }
}

fn verdict(f: &FitnessView) -> Status {
    let (look, word) = match f.verdict {
        Verdict::Ideal => ("final", "Fit"),
        Verdict::Usable => ("final", "Usable"),
        Verdict::Warn => ("attn", "Look first"),
        Verdict::PastLimit => ("prob", "Past its limit"),
        Verdict::Unfit => ("off", "Not for this test"),
        Verdict::NoWindow => ("attn", "Age not known"),
    };
    Status::new(look, word)
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn what_scanners_put_around_a_code_is_taken_away() {
        assert_eq!(normal("]C1bm26-000417k-a1\r"), "BM26-000417K-A1");
        assert_eq!(normal("  Okafor "), "Okafor");
    }
}
