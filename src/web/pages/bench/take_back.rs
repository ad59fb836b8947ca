//! Taking back a step at once: what a card and a list offer, and what comes of it. Whether it can be taken back, the
//! domain says.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::scan;
use super::station::{Station, problem};
use crate::domain::take_back::{OFFERED_S, Written};
use crate::domain::{Accession, Command, Target};
use crate::edge::Problem;
use crate::lab::questions::case::SpecimenView;
use crate::web::act::{Deed, explain};
use crate::web::error::PageError;
use crate::web::fields::Fields;
use crate::web::language::{rich, t};
use crate::web::pages::seen::{Seen, misread, subject_name};
use crate::web::parts::{hidden, seen};
use crate::web::session::{Person, Posted, is_local};
use crate::web::{done, see_other, words};

/// The newest step of a case.
pub(crate) struct Newest {
    accession: Accession,
    /// The journal's number of it.
    seq: i64,
    /// What it was about: a label or a test.
    subject: String,
    step: Written,
}

impl Newest {
    /// The newest step of a case that this person looks at.
    pub(crate) async fn of(person: &Person, found: &Seen) -> Result<Option<Self>, PageError> {
        let seq = found.view.version;
        let step = person.lab.newest_step(person.actor(), &found.case.header, seq).await?;
        Ok(step.map(|step| {
            let (machine, _) = step.command.split_once('.').unwrap_or_default();
            let about = step.events.iter().find(|e| e.subject == machine).and_then(|e| subject_name(found, e.id));
            let accession = found.view.accession;
            // A label says whose it is; a test's name alone does not.
            let subject = match about {
                Some(test) if machine == "order" => format!("{accession}, {test}"),
                Some(label) => label,
                None => accession.to_string(),
            };
            Self { accession, seq, subject, step }
        }))
    }

    /// This step, if it was taken on this part or on a test that the part feeds.
    pub(crate) fn on(self, found: &Seen, s: &SpecimenView) -> Option<Self> {
        let (machine, _) = self.step.command.split_once('.')?;
        let subject = self.step.events.iter().find(|e| e.subject == machine)?.id;
        let fed = || found.view.orders.iter().any(|o| o.id.0 == subject && o.specimen.as_ref() == Some(&s.label));
        (subject == s.id.0 || fed()).then_some(self)
    }

    /// This step, while pages offer to take it back.
    pub(crate) fn offered(self, person: &Person) -> Option<Self> {
        let fresh = person.now - self.step.at <= chrono::TimeDelta::seconds(OFFERED_S);
        (fresh && self.step.can_be_taken_back(person.actor(), person.now).is_ok()).then_some(self)
    }

    /// The offer on a card.
    pub(crate) fn form(&self, person: &Person, back: &str) -> Markup {
        html! {
            form .hit__id action={ "/cases/" (self.accession) "/undo" } method="post" data-swap="hit" {
                (seen(person, self.seq))
                input type="hidden" name="back" value=(back);
                button .btn .btn--bench aria-describedby="undo-what" { (t!("undo")) " " span .keys { kbd { "UNDO" } } }
                (self.words())
            }
        }
    }

    /// The offer beside a list.
    pub(crate) fn form_of_list(&self, person: &Person, list: &str) -> Markup {
        html! {
            form .hit__id action=(list) method="post" data-swap="list undo" {
                (hidden(person))
                button .btn name="undo" value={ (self.accession) "." (self.seq) } aria-describedby="undo-what" { (t!("undo")) }
                (self.words())
            }
        }
    }

    fn words(&self) -> Markup {
        let (about, done) = (html! { b { (self.subject) } }, html! { (words::command(&self.step.command)) });
        html! { span #undo-what .small { (rich!("undo-what", subject = about, done = done)) " " (t!("undo-for", seconds = OFFERED_S)) } }
    }

    /// Takes it back while nothing came after it; returns where to go.
    ///
    /// # Errors
    /// Why it is not taken back.
    pub(crate) async fn take_back(&self, person: &Person, fields: &Fields, to: &str) -> Result<String, Problem> {
        take_back(person, fields, self.accession, self.seq, to).await
    }
}

/// The newest step of the case of an order that was just pressed.
pub(crate) async fn after_press(person: &Person, fields: &Fields) -> Result<Option<Newest>, PageError> {
    let Some(order) = fields.opt("pressed").and_then(|id| id.parse().ok()) else { return Ok(None) };
    match Seen::by_order(person, order).await {
        Ok(found) => Ok(Newest::of(person, &found).await?.and_then(|newest| newest.offered(person))),
        // An address that names no order of theirs offers nothing.
        Err(PageError::Problem(p)) if p.status == 404 => Ok(None),
        Err(e) => Err(e),
    }
}

/// Takes back what a button of a list names: `BM26-000417K.12`.
pub(crate) async fn named(person: &Person, fields: &Fields, which: &str, to: &str) -> Result<String, Problem> {
    let named = which.rsplit_once('.').and_then(|(case, seq)| Some((Accession::parse(case).ok()?, seq.parse().ok()?)));
    let Some((accession, seq)) = named else {
        return Err(Problem::field("/undo", "malformed", "this button says nothing that can be taken back"));
    };
    take_back(person, fields, accession, seq, to).await
}

async fn take_back(
    person: &Person,
    fields: &Fields,
    accession: Accession,
    seq: i64,
    to: &str,
) -> Result<String, Problem> {
    let to = done(to, "take_back");
    let deed = Deed::new(Target::Case(accession), Command::TakeBack, move |_| to.clone()).while_at(seq);
    match deed.act(person, fields).await {
        Ok(to) => Ok(to),
        Err(e) => Err(explain(person, accession, e).await),
    }
}

/// `POST /cases/{accession}/undo`
pub(crate) async fn post(posted: Posted, accession: web::Path<String>) -> Result<HttpResponse, PageError> {
    let Posted { person, fields } = posted;
    let accession = Accession::parse(&accession).map_err(|why| misread(&why))?;
    let back = fields.opt("back").filter(|b| is_local(b)).unwrap_or_else(|| person.case_path(accession));
    let seq = fields.get("version").parse();
    let seq = seq.map_err(|_| Problem::field("/version", "missing", "reload the page and try again"))?;
    match take_back(&person, &fields, accession, seq, &back).await {
        Ok(to) => Ok(see_other(&to)),
        Err(refused) => scan::render(&person, &Station::at(back, &fields), &problem(&refused)),
    }
}
