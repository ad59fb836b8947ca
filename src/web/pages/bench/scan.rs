//! `/scan`: anything that is scanned or typed, wherever the station stands.

use actix_web::{HttpResponse, web};
use maud::html;

use super::press::{self, Pressed};
use super::station::{Hit, Mode, Station, problem, reject_path, unknown};
use super::take_back::Newest;
use super::{specimen_step, worklist};
use crate::domain::command::SpecimenStep;
use crate::domain::{Accession, Code, Command, Label, SpecimenTransition, Target};
use crate::edge::Problem;
use crate::lab::scope;
use crate::web::act::{Deed, explain};
use crate::web::error::PageError;
use crate::web::fields::Fields;
use crate::web::language::{rich, t};
use crate::web::layout::Page;
use crate::web::pages::everyone::search;
use crate::web::pages::seen::{Seen, history};
use crate::web::parts::named;
use crate::web::session::{Person, Posted};
use crate::web::{done, see_other, time};

/// What begins the words of a command barcode; no label, case number or record number begins so.
pub(crate) const COMMAND: &str = "CMD-";

/// `GET /scan`
pub(crate) async fn get(person: Person, query: web::Query<Vec<(String, String)>>) -> Result<HttpResponse, PageError> {
    let fields = Fields::new(query.into_inner());
    let hit = hit(&person, &fields).await?;
    render(&person, &Station::of(&fields), &hit)
}

/// What the address of a station's page names: a part, nothing, or something that is none.
pub(crate) async fn hit(person: &Person, fields: &Fields) -> Result<Hit, PageError> {
    scope::may_look(person.actor())?;
    match fields.opt("label").map(|text| Label::parse(&text)) {
        None => Ok(Hit::Nothing),
        Some(Err(why)) => Ok(problem(&Problem::field("/code", "malformed", why))),
        Some(Ok(label)) => match Seen::by_label(person, label.clone()).await {
            Ok(found) => {
                let Ok(s) = found.part(&label) else { return Ok(unknown(&label)) };
                let newest = Newest::of(person, &found).await?.and_then(|n| n.on(&found, s)?.offered(person));
                Ok(Hit::Part(Box::new(found), label, newest.map(Box::new)))
            }
            Err(PageError::Problem(p)) if p.status == 404 => Ok(unknown(&label)),
            Err(e) => Err(e),
        },
    }
}

/// `POST /scan`: what was scanned or typed; or the press of a card's first step.
pub(crate) async fn post(posted: Posted, query: web::Query<Vec<(String, String)>>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let asked = Fields::new(query.into_inner());
    if let Some(press) = fields.opt("press") {
        let station = Station::of(&asked);
        return match press::one(&person, &fields, &press).await {
            Pressed::Done(step) => {
                let to = asked.opt("label").and_then(|l| Label::parse(&l).ok());
                Ok(see_other(&done(&to.map_or_else(|| "/scan".to_owned(), |l| station.address(&l)), &step)))
            }
            Pressed::Refused(refused) => render(&person, &station, &problem(&refused)),
        };
    }
    let station = Station::of(&fields);
    let code = normal(fields.get("code"));
    if code.is_empty() {
        let way = html! { (t!("scan-nothing")) };
        return render(&person, &station, &Hit::Refused(html! { (t!("scan-empty")) }, way));
    }
    if let Some(command) = code.strip_prefix(COMMAND) {
        return obey(&person, &station, command, &fields).await;
    }
    match Label::parse(&code) {
        Ok(label) if station.kit.is_some_and(|kit| kit != label.accession()) => {
            let case = station.kit.map(|kit| kit.to_string()).unwrap_or_default();
            let why =
                rich!("scan-other-case", label = html! { span .id { (label) } }, case = html! { span .id { (case) } });
            render(&person, &station, &Hit::Refused(why, html! { (t!("scan-other-case-way")) }))
        }
        Ok(label) if station.mode == Mode::Receive => receive(&person, &station, fields, label).await,
        Ok(label) => look(&person, &station, label).await,
        Err(_) if Accession::parse(&code).is_ok() => Ok(see_other(&person.case_path(code))),
        Err(why) if code.starts_with("BM") => {
            render(&person, &station, &problem(&Problem::field("/code", "malformed", why)))
        }
        Err(_) => search::answer(&person, fields.with("q", code)).await,
    }
}

/// Without what a scanner may put around a code.
pub(super) fn normal(code: &str) -> String {
    let plain: String = code.chars().filter(|c| !c.is_control()).collect();
    let plain = plain.trim();
    // An AIM identifier: `]`, a letter, a digit.
    let aim = plain.strip_prefix(']').filter(|rest| rest.as_bytes().get(..2).is_some_and(is_aim));
    let bare = aim.and_then(|rest| rest.get(2..)).unwrap_or(plain).trim();
    let ours = ["bm", "cmd-"].iter().any(|p| bare.get(..p.len()).is_some_and(|b| b.eq_ignore_ascii_case(p)));
    if ours { bare.to_ascii_uppercase() } else { bare.to_owned() }
}

fn is_aim(two: &[u8]) -> bool {
    matches!(two, [letter, digit] if letter.is_ascii_alphabetic() && digit.is_ascii_alphanumeric())
}

/// A code as a command says it: without `_`, which keyboards of several languages have in several places.
pub(crate) fn barcode_of(code: &Code) -> String {
    code.as_str().replace('_', "-")
}

/// A command barcode. What acts on the card is carried out by the page itself, which knows what it shows.
async fn obey(person: &Person, station: &Station, command: &str, fields: &Fields) -> Result<HttpResponse, PageError> {
    let on = Label::parse(fields.get("on")).ok();
    if command == "NEXT-BENCH" {
        let next = worklist::next_bench(person);
        person.lab.set_bench(&person.signed_in, Some(next.clone())).await?;
        return Ok(see_other(&done(&format!("/worklists/{next}"), "bench")));
    }
    if let Some((mode, word)) = mode_of(command) {
        return Ok(see_other(&done(&station.set_to(mode).home(), word)));
    }
    let reason = command.strip_prefix("REJECT-");
    let reason =
        reason.and_then(|r| person.catalogue.reasons.iter().find(|x| barcode_of(&x.code) == r)).map(|r| &r.code);
    match (command, reason, on) {
        ("PRINT", _, Some(label)) => Ok(see_other(&format!("/specimens/{label}/label"))),
        (_, Some(reason), Some(label)) => {
            Ok(see_other(&reject_path(&label, reason.as_str(), &station.address(&label))))
        }
        ("UNDO", _, Some(label)) => undo(person, station, fields, label).await,
        ("PRINT" | "UNDO", _, None) | (_, Some(_), None) => {
            let way = html! { (t!("scan-command-first-way")) };
            render(person, station, &Hit::Refused(html! { (t!("scan-command-first")) }, way))
        }
        ("OK", ..) => {
            let way = html! { (t!("scan-command-press-way")) };
            render(person, station, &Hit::Refused(html! { (t!("scan-command-press")) }, way))
        }
        (_, None, _) => {
            let code = html! { span .id { (COMMAND) (command) } };
            let way = html! { a href="/scan/commands" { (t!("scan-commands")) } };
            render(person, station, &Hit::Refused(rich!("scan-command-unknown", code = code), way))
        }
    }
}

/// What a command sets a station to, and what is then said.
fn mode_of(command: &str) -> Option<(Mode, &'static str)> {
    match command {
        "RECEIVE" => Some((Mode::Receive, "mode-receive")),
        "LOOKUP" => Some((Mode::Look, "mode-look")),
        _ => None,
    }
}

/// Takes back the step that was just taken on the card's part.
async fn undo(person: &Person, station: &Station, fields: &Fields, label: Label) -> Result<HttpResponse, PageError> {
    let found = match Seen::by_label(person, label.clone()).await {
        Ok(found) => found,
        Err(PageError::Problem(p)) if p.status == 404 => return render(person, station, &unknown(&label)),
        Err(e) => return Err(e),
    };
    let Ok(s) = found.part(&label) else { return render(person, station, &unknown(&label)) };
    let Some(newest) = Newest::of(person, &found).await?.and_then(|newest| newest.on(&found, s)) else {
        let why = rich!("undo-nothing", label = html! { span .id { (label) } });
        return render(person, station, &Hit::Refused(why, html! { (t!("undo-nothing-way")) }));
    };
    match newest.take_back(person, fields, &station.address(&label)).await {
        Ok(to) => Ok(see_other(&to)),
        Err(refused) => render(person, station, &problem(&refused)),
    }
}

async fn look(person: &Person, station: &Station, label: Label) -> Result<HttpResponse, PageError> {
    match Seen::by_label(person, label.clone()).await {
        Ok(found) if found.part(&label).is_ok() => Ok(see_other(&station.address(&label))),
        Ok(_) => render(person, station, &unknown(&label)),
        Err(PageError::Problem(p)) if p.status == 404 => render(person, station, &unknown(&label)),
        Err(e) => Err(e),
    }
}

/// Takes a part in at once.
async fn receive(
    person: &Person,
    station: &Station,
    mut fields: Fields,
    label: Label,
) -> Result<HttpResponse, PageError> {
    let found = match Seen::by_label(person, label.clone()).await {
        Ok(found) => found,
        Err(PageError::Problem(p)) if p.status == 404 => return render(person, station, &unknown(&label)),
        Err(e) => return Err(e),
    };
    let Ok(s) = found.part(&label) else { return render(person, station, &unknown(&label)) };
    let step = SpecimenStep {
        temperature: station.temperature,
        location: specimen_step::bench_name(person),
        ..SpecimenStep::default()
    };
    let command = Command::MoveSpecimen(label.clone(), SpecimenTransition::Receive, Box::new(step));
    fields.set("version", s.version.to_string());
    let to = done(&station.address(&label), "receive");
    match Deed::seen(&fields, Target::Case(label.accession()), command, to)?.act(person, &fields).await {
        Ok(to) => Ok(see_other(&to)),
        Err(e) => {
            let refused = explain(person, label.accession(), e).await;
            // Somebody has it already: who and when, not which step the machine lacks.
            let again = s.received_at.filter(|_| refused.status == 409);
            let Some(at) = again else { return render(person, station, &problem(&refused)) };
            let entries = history(person, label.accession()).await?;
            let received = |e: &&crate::lab::questions::events::EventView| {
                e.events.iter().any(|x| x.id == s.id.0 && x.what == "specimen.receive")
            };
            let who = entries.iter().rfind(received).map(|e| e.actor.clone()).unwrap_or_default();
            let then = time::full(at, person.zone(), person.now);
            let why =
                rich!("scan-again", label = html! { span .id { (label) } }, who = named(&who), when = html! { (then) });
            let way = html! { a href=(station.address(&label)) { (t!("scan-again-way")) } };
            render(person, station, &Hit::Refused(why, way))
        }
    }
}

pub(super) fn render(person: &Person, station: &Station, hit: &Hit) -> Result<HttpResponse, PageError> {
    let on = match hit {
        Hit::Part(_, label, _) => Some(label),
        Hit::Nothing | Hit::Refused(..) => None,
    };
    let status = match hit {
        Hit::Refused(..) => actix_web::http::StatusCode::UNPROCESSABLE_ENTITY,
        Hit::Nothing | Hit::Part(..) => actix_web::http::StatusCode::OK,
    };
    Ok(Page::of(person, t!("scan-title")).status(status).main("page bench").station().render(html! {
        h1 { (t!("scan-title")) }
        div .scan {
            (station.field(person, on))
            (station.card(person, hit)?)
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_scanners_put_around_a_code_is_taken_away() {
        for code in ["]C1bm26-000417k-a1\r", "]d2BM26-000417K-A1", "\u{2}BM26-000417K-A1\u{3}", " bm26-000417k-a1 "] {
            assert_eq!(normal(code), "BM26-000417K-A1", "{code:?}");
        }
        assert_eq!(normal("  Okafor "), "Okafor");
        assert_eq!(normal("cmd-ok\n"), "CMD-OK");
        assert_eq!(normal("]"), "]");
        assert_eq!(normal("]ü1x"), "]ü1x");
    }

    #[test]
    fn no_label_and_no_case_is_a_command() {
        assert!(Label::parse("CMD-OK").is_err() && Accession::parse("CMD-OK").is_err());
        assert!(!"BM26-000417K-A1".starts_with(COMMAND));
    }
}
