//! The scan station: one field, one card with one next step. It stands at `/scan`, on the worklist of a bench and at the
//! check-in of a kit; wherever it stands, a scan is sent to `/scan` and answered on that page.

use maud::{Markup, html};

use super::specimen_step::defaults;
use super::take_back::Newest;
use super::worklist;
use crate::domain::catalogue::Verdict;
use crate::domain::{Accession, Label, SpecimenState, SpecimenTransition, Temperature};
use crate::edge::Problem;
use crate::lab::questions::case::{FitnessView, OrderView, SpecimenView};
use crate::web::error::PageError;
use crate::web::fields::{Draft, Fields};
use crate::web::language::{english, rich, t, word};
use crate::web::pages::seen::{Seen, part_words, volume_words};
use crate::web::parts::{Field, banner, facts, hidden, icon, known, seen, stamp, status, table, when};
use crate::web::session::{Person, is_local};
use crate::web::words::Status;
use crate::web::{encode, steps, words};

/// Steps that a card shows at once; the others open.
const SHOWN: usize = 3;

/// What a scan does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Shows the part.
    Look,
    /// Takes the part in at once.
    Receive,
}

/// A station: where it stands and what it is set to.
#[derive(Clone)]
pub(crate) struct Station {
    pub(crate) mode: Mode,
    pub(crate) temperature: Option<Temperature>,
    /// The one case whose parts are being checked in.
    pub(crate) kit: Option<Accession>,
    /// The page that it stands on.
    back: String,
    /// Whether it can be set to receive: at reception's list and at `/scan`.
    receives: bool,
}

/// What a scan came to.
pub(crate) enum Hit {
    /// Nothing was scanned yet.
    Nothing,
    /// This part, and the step that was just taken on it.
    Part(Box<Seen>, Label, Option<Box<Newest>>),
    /// Nothing that can be worked on: why, and the way out.
    Refused(Markup, Markup),
}

impl Station {
    /// As the fields of its form, or the address of its page, say.
    pub(crate) fn of(fields: &Fields) -> Self {
        let back = fields.opt("station").filter(|b| is_local(b)).unwrap_or_else(|| "/scan".to_owned());
        Self {
            mode: if fields.get("mode") == "receive" { Mode::Receive } else { Mode::Look },
            temperature: Temperature::parse(fields.get("temperature")),
            kit: Accession::parse(fields.get("kit")).ok(),
            receives: back.starts_with("/scan") || back.contains(worklist::RECEPTION),
            back,
        }
    }

    /// The station of another page than `/scan`.
    pub(crate) fn at(back: String, fields: &Fields) -> Self {
        Self::of(&fields.clone().with("station", back))
    }

    /// The check-in of a case's parts.
    pub(crate) fn check_in(accession: Accession, fields: &Fields) -> Self {
        let back = format!("/cases/{accession}/check-in");
        Self { mode: Mode::Receive, kit: Some(accession), back, receives: true, ..Self::of(fields) }
    }

    /// This station set to do that with a scan; where it cannot be set so, the one at `/scan`.
    pub(crate) fn set_to(&self, mode: Mode) -> Self {
        let stays = if self.kit.is_some() { mode == Mode::Receive } else { self.receives };
        if stays {
            return Self { mode, ..self.clone() };
        }
        Self { mode, kit: None, back: "/scan".to_owned(), receives: true, ..self.clone() }
    }

    /// The address of the page as it is set, without a card.
    pub(crate) fn home(&self) -> String {
        self.page(None)
    }

    /// The address of the page with this part's card.
    pub(crate) fn address(&self, label: &Label) -> String {
        self.page(Some(label))
    }

    fn page(&self, label: Option<&Label>) -> String {
        let label = label.map(|l| format!("label={l}"));
        let mode = (self.mode == Mode::Receive && self.kit.is_none()).then(|| "mode=receive".to_owned());
        let temperature = self.temperature.map(|t| format!("temperature={}", t.name()));
        let asked: Vec<String> = [label, mode, temperature].into_iter().flatten().collect();
        if asked.is_empty() {
            return self.back.clone();
        }
        let joint = if self.back.contains('?') { '&' } else { '?' };
        format!("{}{joint}{}", self.back, asked.join("&"))
    }

    /// The field that catches scans.
    pub(crate) fn field(&self, person: &Person, on: Option<&Label>) -> Markup {
        let mode = if self.mode == Mode::Receive { "receive" } else { "look" };
        let temperature = self.temperature.map_or("", Temperature::name);
        let chosen = Draft::fresh(Fields::default().with("mode", mode).with("temperature", temperature));
        let modes = [("look".to_owned(), t!("scan-mode-look")), ("receive".to_owned(), t!("scan-mode-receive"))];
        html! {
            form #scan .card .scan__in action="/scan" method="post" novalidate data-queued=(t!("scan-queued", count = "{n}"))
                data-unsent=(t!("scan-unsent")) data-no-step=(t!("scan-no-step")) data-bulk=(t!("scan-bulk-open")) {
                (hidden(person))
                input type="hidden" name="station" value=(self.back);
                @if let Some(label) = on { input type="hidden" name="on" value=(label); }
                @if let Some(kit) = self.kit {
                    input type="hidden" name="kit" value=(kit);
                    input type="hidden" name="mode" value="receive";
                }
                label for="code" { (t!("scan-field")) }
                input .scan__field #code name="code" placeholder=(t!("scan-placeholder")) autocomplete="off"
                    autocapitalize="characters" spellcheck="false" enterkeyhint="go" maxlength="100" autofocus aria-keyshortcuts="F2" aria-describedby="scan-hint";
                p #scan-hint .hint { (t!("scan-hint")) }
                div #scan-set {
                    @if self.kit.is_none() && self.receives { (Field::new("mode", &t!("scan-mode")).radios(&chosen, &modes)) }
                    @if self.receives {
                        div .receive-only[self.kit.is_none()] {
                            (Field::new("temperature", &t!("scan-temperature")).hint(&t!("scan-temperature-hint")).radios(&chosen, &steps::temperatures()))
                        }
                    }
                }
                div .actions {
                    button .btn .btn--bench { (t!("scan-go")) }
                    button #mute .btn type="button" hidden aria-pressed="false" { (t!("scan-mute")) }
                    button #camera-open .btn type="button" hidden { (t!("scan-camera")) }
                }
                p #scan-wait .note role="status" hidden {}
                ol #scan-log .log aria-label=(t!("scan-log")) {}
                p .small { a href="/scan/commands" { (t!("scan-commands")) } " · " a href="/scan/test" { (t!("scan-test")) } }
            }
            dialog #camera .camera aria-label=(t!("scan-camera")) data-refused=(t!("scan-camera-refused")) {
                video muted playsinline aria-hidden="true" {}
                p #camera-said role="status" {}
                p .hint { (t!("scan-camera-hint")) }
                button #camera-close .btn .btn--bench type="button" { (t!("scan-camera-close")) }
            }
        }
    }

    /// What the last scan came to.
    pub(crate) fn card(&self, person: &Person, hit: &Hit) -> Result<Markup, PageError> {
        Ok(match hit {
            Hit::Nothing => html! { section #hit .card .plain .empty-card { p .muted { (t!("scan-nothing")) } } },
            Hit::Refused(why, way) => refused(why, way),
            Hit::Part(found, label, newest) => self.part(person, found, found.part(label)?, newest.as_deref()),
        })
    }

    /// A part: whose, what, where, what for, and what can be done.
    fn part(&self, person: &Person, found: &Seen, s: &SpecimenView, newest: Option<&Newest>) -> Markup {
        let orders: Vec<&OrderView> =
            found.view.orders.iter().filter(|o| o.specimen.as_ref() == Some(&s.label)).collect();
        let warning = trouble(person, self.bench(person), found, s, &orders);
        let step = self.bench_step(person, found, s, warning.is_none());
        let steps = steps::specimen_steps(s);
        let state = words::specimen(s.state);
        let back = self.address(&s.label);
        html! {
            section #hit .card .hit .hit--stop[warning.is_some()] aria-labelledby="hit-id" data-tone=(if warning.is_some() { "stop" } else { "ok" })
                data-label=(s.label) data-say=(t!("scan-say", label = s.label.to_string(), state = state.word.as_str())) {
                (banner(person, &found.view.patient))
                div .hit__id {
                    h2 #hit-id .id { (s.label) }
                    (status(&state))
                    a .small href=(person.case_path(s.accession)) { (t!("scan-case")) }
                    a .small href={ "/specimens/" (s.label) "/label" } { (t!("scan-label")) }
                }
                @if let Some(newest) = newest { (newest.form(person, &back)) }
                @if let Some(why) = &warning { p .note role="alert" { (icon("prob")) " " (why) } }
                (facts(&[
                    (&t!("scan-part"), html! { (part_words(person, s)) }),
                    (&t!("scan-question"), html! { (found.view.indication_name) }),
                    (&t!("scan-taken"), when(person, s.collected_at)),
                    (&t!("scan-place"), known(s.location.as_ref())),
                    (&t!("scan-left"), known(s.remaining_ul.map(volume_words))),
                ]))
                (notes(s))
                div .hit__next {
                    @if let Some(step) = &step { div .primary { (step) } }
                    @for (i, other) in steps.iter().take(SHOWN).enumerate() { (part_step(person, s, *other, &back, i == 0 && step.is_none() && warning.is_none())) }
                    @if steps.len() > SHOWN {
                        details .more .step {
                            summary { (t!("scan-more-steps")) }
                            div .hit__next { @for other in steps.iter().skip(SHOWN) { (part_step(person, s, *other, &back, false)) } }
                        }
                    }
                    @if step.is_none() && steps.is_empty() { p .muted { (t!("scan-none")) } }
                }
                (tests(person, s, &orders))
                (fitness(person, found, s))
            }
        }
    }

    /// The bench of this station: the list that it stands on, else the one that the person signed in at.
    fn bench<'a>(&'a self, person: &'a Person) -> Option<&'a str> {
        let list = self.back.strip_prefix("/worklists/").and_then(|rest| rest.split(['?', '/', '#']).next());
        let code = list.or(person.signed_in.bench.as_deref())?;
        person.catalogue.department(code).map(|d| d.code.as_str())
    }

    /// The one press for this person's bench: the next step of the first of its tests that this part feeds.
    ///
    /// `at_once`: Enter or `OK` takes it. Where something stands against it, only a press on the button does.
    fn bench_step(&self, person: &Person, found: &Seen, s: &SpecimenView, at_once: bool) -> Option<Markup> {
        let bench = self.bench(person)?;
        let mine = found.view.orders.iter().filter(|o| o.specimen.as_ref() == Some(&s.label) && o.department == bench);
        let (o, (step, name)) = mine.into_iter().find_map(|o| Some((o, press(person, o)?)))?;
        // At a kit's check-in parts are received; the bench's own work begins at the bench.
        if self.kit.is_some() || !s.state.is_workable() {
            return None;
        }
        Some(html! {
            form action=(self.address(&s.label)) method="post" data-primary[at_once] data-swap="hit" {
                (hidden(person))
                button .btn .btn--bench .btn--primary[at_once] name="press" value={ (o.id) "." (o.version) "." (step) } {
                    (name) ": " (o.name) @if at_once { " " span .keys { kbd { "Enter" } " " kbd { "OK" } } }
                }
            }
        })
    }
}

/// The step of an order that one press takes, and what its button says.
fn press(person: &Person, o: &OrderView) -> Option<(String, String)> {
    steps::presses(person, &o.allowed, o.state, o.progress.as_ref()).into_iter().next()
}

/// A scan that leads nowhere: why, and what to do. It stays until the next one.
fn refused(why: &Markup, way: &Markup) -> Markup {
    html! {
        section #hit .card .plain .hit--stop data-tone="stop" tabindex="-1" aria-labelledby="stop-title" {
            h2 #stop-title { (icon("prob")) " " (t!("scan-stop")) }
            p .error role="alert" { (why) }
            p { (way) }
        }
    }
}

/// What a scan of a number that is nothing's came to.
pub(crate) fn unknown(label: &Label) -> Hit {
    let id = html! { span .id { (label) } };
    Hit::Refused(rich!("scan-unknown", label = id), html! { (t!("scan-unknown-way")) })
}

/// What the laboratory refused, on the card.
pub(crate) fn problem(problem: &Problem) -> Hit {
    let why = if problem.errors.is_empty() { problem.detail.clone() } else { String::new() };
    let why = html! {
        @if why.is_empty() { @for e in &problem.errors { (words::message(e.pointer.trim_start_matches('/'), &e.message)) " " } }
        @else { (english(&why)) }
    };
    Hit::Refused(why, html! { (t!("scan-problem-way")) })
}

/// What stands against working on this part here and now.
fn trouble(
    person: &Person,
    bench: Option<&str>,
    found: &Seen,
    s: &SpecimenView,
    orders: &[&OrderView],
) -> Option<String> {
    use SpecimenState as St;
    match s.state {
        St::NotCollected | St::Rejected | St::Lost | St::Exhausted | St::Discarded | St::EnteredInError => {
            return Some(t!("scan-ended", state = words::specimen(s.state).word));
        }
        St::Planned
        | St::Collected
        | St::InTransit
        | St::Received
        | St::OnHold
        | St::Accepted
        | St::InProcess
        | St::Stored
        | St::ReferredOut => {}
    }
    let open = || orders.iter().filter(|o| o.state.is_open());
    if !orders.is_empty() && open().next().is_none() && orders.iter().all(|o| o.closing.is_some()) {
        return Some(t!("scan-canceled"));
    }
    let late = s.fitness.iter().find(|f| f.verdict == Verdict::PastLimit && open().any(|o| o.id == f.order));
    if let Some(f) = late {
        let test = found.view.orders.iter().find(|o| o.id == f.order).map_or_else(String::new, |o| o.name.clone());
        return Some(t!("scan-expired", test = test));
    }
    let bench = bench.filter(|b| *b != worklist::RECEPTION)?;
    let elsewhere = open().all(|o| o.department != bench) && open().next().is_some() && s.state.is_workable();
    if !elsewhere {
        return None;
    }
    let name = |code: &str| person.catalogue.department(code).map_or_else(|| code.to_owned(), |d| d.name.clone());
    let mut others: Vec<String> = open().map(|o| name(o.department.as_str())).collect();
    others.dedup();
    Some(t!("scan-elsewhere", others = others.join(", "), bench = name(bench)))
}

fn notes(s: &SpecimenView) -> Markup {
    html! {
        @if let Some(q) = &s.query { p .note { (rich!("scan-query", owner = html! { strong { (q.owner) } }, text = html! { (q.text) })) } }
        @if let Some(r) = &s.rejection {
            p .note { (rich!("scan-rejection", who = html! { strong translate="no" { (r.proposed_by.name) } }, text = html! { (r.text) })) }
        }
        @for c in &s.caveats { p .note { (rich!("scan-caveat", text = html! { (c.text) })) } }
    }
}

/// What this part is for: its tests, by when each is started, when its result is due.
fn tests(person: &Person, s: &SpecimenView, orders: &[&OrderView]) -> Markup {
    let open: Vec<_> = orders.iter().filter(|o| o.state.is_open()).collect();
    if open.is_empty() {
        return html! {};
    }
    let waits = |o: &OrderView| o.usable_until.or_else(|| s.fitness.iter().find(|f| f.order == o.id)?.usable_until);
    let rows: Vec<Vec<Markup>> = open
        .iter()
        .map(|o| {
            vec![
                html! { a .row-link href={ "/orders/" (o.id) } { (o.name) } },
                status(&words::order(o.state)),
                waits(o).map_or_else(|| html! { span .muted { (t!("scan-no-limit")) } }, |at| stamp(person, at)),
                when(person, o.due_at),
            ]
        })
        .collect();
    let caption = html! { (t!("scan-tests")) };
    table(&caption, &[&t!("bench-test"), &t!("scan-status"), &t!("scan-use-by"), &t!("bench-due")], &rows)
}

fn part_step(person: &Person, s: &SpecimenView, step: SpecimenTransition, back: &str, first: bool) -> Markup {
    let draft = Draft::fresh(defaults(person, s));
    // The press itself says that both identifiers match; who finds that they do not takes another step.
    let attests = first && step == SpecimenTransition::Accept;
    let name = if attests { t!("scan-accept") } else { words::step(step.name()) };
    let form = html! {
        form action={ "/specimens/" (s.label) "/steps/" (step) } method="post" novalidate data-primary[first] data-swap="hit" {
            (seen(person, s.version))
            input type="hidden" name="back" value=(back);
            @if attests { input type="hidden" name="identifiers_match" value="true"; }
            @else { (steps::specimen_form(person, s, step, Some(step.name()), &draft)) }
            button .btn .btn--bench .btn--primary[first] {
                (name) @if first { " " span .keys { kbd { "Enter" } " " kbd { "OK" } } }
            }
        }
    };
    if first {
        return html! { div .primary { (form) } };
    }
    html! { details .step { summary .btn .btn--bench { (name) } div .step__body { (form) } } }
}

/// How long it is still good for, per test of the case.
fn fitness(person: &Person, found: &Seen, s: &SpecimenView) -> Markup {
    if s.fitness.is_empty() {
        return html! {};
    }
    let rows: Vec<Vec<Markup>> = s
        .fitness
        .iter()
        .map(|f| {
            let order = found.view.orders.iter().find(|o| o.id == f.order);
            vec![
                html! { a .row-link href={ "/orders/" (f.order) } { (order.map_or_else(|| f.assay.to_string(), |o| o.name.clone())) } },
                html! { (status(&verdict(f))) @if !f.why.is_empty() { p .small .muted { (english(&f.why)) } } },
                match f.usable_until {
                    Some(until) => stamp(person, until),
                    // Silence must not read as “any time will do” where nobody can judge it.
                    None if matches!(f.verdict, Verdict::NoWindow | Verdict::Unfit) => {
                        html! { span .muted { (t!("not-known")) } }
                    }
                    None => html! { span .muted { (t!("scan-no-limit")) } },
                },
            ]
        })
        .collect();
    html! {
        details .more {
            summary { (t!("scan-fitness")) }
            (table(&html! { span .sr-only { (t!("scan-fitness")) } }, &[&t!("bench-test"), &t!("scan-fit"), &t!("scan-use-by")], &rows))
        }
    }
}

fn verdict(f: &FitnessView) -> Status {
    let (look, code) = match f.verdict {
        Verdict::Ideal => ("final", "ideal"),
        Verdict::Usable => ("final", "usable"),
        Verdict::Warn => ("attn", "warn"),
        Verdict::PastLimit => ("prob", "past-limit"),
        Verdict::Unfit => ("off", "unfit"),
        Verdict::NoWindow => ("attn", "no-window"),
    };
    Status::new(look, word("scan-verdict", code))
}

/// The address of a rejection of this part for this reason.
pub(crate) fn reject_path(label: &Label, reason: &str, back: &str) -> String {
    let step = SpecimenTransition::ProposeRejection;
    format!("/specimens/{label}/steps/{step}?reason={}&back={}", encode(reason), encode(back))
}
