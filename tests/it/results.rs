//! Results as people enter them: by page and by file.

use serde_json::{Value, json};
use trephine::domain::{Accession, OrderState, OrderTransition as T, SpecimenTransition as P};

use crate::machines::{House, on_both_engines};
use crate::start::Program;
use crate::support::{Engine, Reply, Staff, Token};

on_both_engines!(
    the_same_file_of_results_twice_changes_nothing,
    no_file_overwrites_a_result_that_somebody_stands_behind,
    every_row_of_a_file_of_results_is_answered_with_its_place,
    typed_results_are_entered_through_the_form_and_read_back,
);

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into()
}

fn reply(result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Reply {
    let mut res = result.unwrap();
    let headers: Vec<(String, String)> = res
        .headers()
        .iter()
        .map(|(n, v)| (n.as_str().to_owned(), String::from_utf8_lossy(v.as_bytes()).into_owned()))
        .collect();
    let status = res.status().as_u16();
    Reply { status, etag: None, headers, text: res.body_mut().read_to_string().unwrap() }
}

/// Sends a file of NGS results.
fn import(who: &Token, query: &str, csv: &str) -> Reply {
    let request = agent()
        .post(format!("{}/api/v1/imports/results/NGS-MYE{query}", who.base))
        .header("authorization", format!("Bearer {}", who.secret))
        .header("content-type", "text/csv");
    reply(request.send(csv))
}

fn counts(reply: &Reply) -> (u64, u64, u64) {
    let answer = reply.json();
    // Shown when a test fails.
    eprintln!("{answer}");
    let n = |name: &str| answer[name].as_u64().unwrap();
    (n("entered"), n("unchanged"), n("refused"))
}

/// `(line, column, code)` of every complaint.
fn complaints(reply: &Reply) -> Vec<(u64, String, String)> {
    let answer = reply.json();
    let rows = answer["rows"].as_array().unwrap().iter().filter(|r| r["outcome"] == "refused");
    rows.map(|r| {
        let text = |name: &str| r[name].as_str().unwrap_or_default().to_owned();
        (r["line"].as_u64().unwrap(), text("column"), text("code"))
    })
    .collect()
}

/// The case of an order, and the order as the API shows it.
fn order(house: &House, id: &str) -> Value {
    house.staff.tech.get(&format!("/api/v1/orders/{id}")).expect(200).json()
}

/// The versions of an order's result, oldest first.
fn versions(house: &House, id: &str) -> Vec<Value> {
    let accession = order(house, id)["accession"].as_str().unwrap().to_owned();
    let case = house.staff.tech.get(&format!("/api/v1/cases/{accession}")).expect(200).json();
    case["results"].as_array().unwrap().iter().filter(|r| r["order"] == *id).cloned().collect()
}

const HEADER: &str = "order_id,interpretation,comment,panel,lod_vaf_pct,variants.0.gene,variants.0.hgvs_c,variants.0.vaf_pct,variants.0.tier,genes_failed";

fn row(order: &str, vaf: &str) -> String {
    format!("{order},detected,,Myeloid 54 v3,2,SRSF2,c.284C>A,{vaf},1,\"CEBPA, ASXL1\"")
}

fn file(rows: &[String]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

fn the_same_file_of_results_twice_changes_nothing(engine: Engine) {
    let house = House::open(engine);
    let orders: Vec<String> = (0..3).map(|_| house.order(OrderState::InProcess)).collect();
    let [one, two, three] = [0, 1, 2].map(|i| order(&house, &orders[i]));
    let csv = format!(
        "accession,label,{HEADER}\n,,{}\n{},,{}\n,{},{}\n",
        row(&orders[0], "41"),
        two["accession"].as_str().unwrap(),
        row("", "<2.5"),
        three["specimen"].as_str().unwrap(),
        row("", "~12"),
    );
    let before = house.server.journal();
    assert_eq!(counts(&import(&house.staff.tech, "?dry_run=true", &csv).expect(200)), (3, 0, 0));
    assert_eq!(house.server.journal(), before, "a rehearsal writes nothing");
    assert_eq!(order(&house, &orders[0]), one);

    assert_eq!(counts(&import(&house.staff.tech, "", &csv).expect(200)), (3, 0, 0));
    let after = house.server.journal();
    // PostgreSQL counts on past what a rehearsal took back.
    assert!(after >= before + 3);
    let entered = versions(&house, &orders[1]);
    assert_eq!(entered.len(), 1);
    let found = &entered[0];
    assert_eq!((found["state"].as_str(), found["interpretation"].as_str()), (Some("draft"), Some("abnormal")));
    let ngs = &found["details"]["ngs"];
    assert_eq!(ngs["variants"][0]["vaf_pct"], json!({ "value": 2.5, "qualifier": "below" }));
    assert_eq!(ngs["genes_failed"], json!(["CEBPA", "ASXL1"]));
    assert!(found["summary"].as_str().unwrap().contains("SRSF2"), "the line is made from the details");

    // Twice, by the same person and by another: nothing is written.
    for who in [&house.staff.tech, &house.staff.interface] {
        assert_eq!(counts(&import(who, "", &csv).expect(200)), (0, 3, 0));
    }
    assert_eq!(house.server.journal(), after);

    // The same person's other row takes the place of the draft, which stays readable.
    let other = file(&[row(&orders[0], "39")]);
    assert_eq!(counts(&import(&house.staff.tech, "", &other).expect(200)), (1, 0, 0));
    let states: Vec<String> =
        versions(&house, &orders[0]).iter().map(|v| v["state"].as_str().unwrap().to_owned()).collect();
    assert_eq!(states, ["retracted", "draft"]);
    house.server.assert_verified();
}

fn no_file_overwrites_a_result_that_somebody_stands_behind(engine: Engine) {
    let house = House::open(engine);
    let (drafted, released, verified) =
        (house.order(OrderState::InProcess), house.order(OrderState::InProcess), house.order(OrderState::InProcess));
    let all = [&drafted, &released, &verified];
    let first = file(&all.map(|id| row(id, "41")));
    assert_eq!(counts(&import(&house.staff.tech, "", &first).expect(200)), (3, 0, 0));
    let id = |order: &str| versions(&house, order)[0]["id"].as_str().unwrap().to_owned();
    house.result_post(&house.staff.supervisor2, &id(&released), "release", &json!({})).expect(200);
    house.verify(&house.staff.supervisor2, &id(&verified)).expect(200);
    let before = house.server.journal();

    // The same again changes nothing; another is refused.
    for who in [&house.staff.tech, &house.staff.tech2] {
        assert_eq!(counts(&import(who, "", &first).expect(200)), (0, 3, 0));
    }
    let second = file(&all.map(|id| row(id, "12")));
    let said = import(&house.staff.tech2, "", &second).expect(200);
    let refused = |line, code: &str| (line, String::new(), code.to_owned());
    assert_eq!(
        complaints(&said),
        [refused(2, "already_entered"), refused(3, "already_released"), refused(4, "already_verified")]
    );
    // Nor by the one who entered them: only the own draft is replaced.
    let said = import(&house.staff.tech, "?dry_run=true", &second).expect(200);
    assert_eq!(complaints(&said), [refused(3, "already_released"), refused(4, "already_verified")]);
    assert_eq!(counts(&said), (1, 0, 2));
    assert_eq!(house.server.journal(), before);
    assert_eq!(versions(&house, &verified).len(), 1);
    house.server.assert_verified();
}

fn every_row_of_a_file_of_results_is_answered_with_its_place(engine: Engine) {
    let house = House::open(engine);
    let good = house.order(OrderState::InProcess);
    let waiting = house.order(OrderState::Ready);
    let accession = order(&house, &good)["accession"].as_str().unwrap().to_owned();
    let other = order(&house, &waiting)["accession"].as_str().unwrap().to_owned();
    let nobody = Accession::new(26, 999).unwrap();
    let csv = [
        "accession,order_id,label,interpretation,performed_at,panel,lod_vaf_pct,variants.1.gene,variants.1.hgvs_c,variants.1.vaf_pct,variants.1.tier",
        // 2: entered. 3: a second result for the same order.
        &format!(",{good},,detected,,Myeloid,2,TET2,c.2746C>T,43,1"),
        &format!(",{good},,detected,,Myeloid,2,TET2,c.2746C>T,12,1"),
        // 4: not set up yet. 5: two that do not agree. 6: nobody. 7: none.
        &format!("{other},,,not_detected,,Myeloid,2,,,,"),
        &format!("{accession},{waiting},,not_detected,,Myeloid,2,,,,"),
        &format!("{nobody},,,not_detected,,Myeloid,2,,,,"),
        ",,,not_detected,,Myeloid,2,,,,",
        // 8: everything that cannot be read, at once. 9: what the shape says. 10: what the domain says.
        &format!(",{good},x,found,tomorrow,,0;5,TET2,,many,"),
        &format!(",{good},,detected,,Myeloid,2,TET2,c.2746C>T,43,7"),
        &format!(",{good},,not_detected,,Myeloid,2,TET2,c.2746C>T,43,1"),
        // 11: a cell too few. 12: details are needed.
        &format!(",{good},,not_detected,,Myeloid,2,,,"),
        &format!(",{good},,not_detected,,,,,,,"),
    ]
    .join("\r\n");
    let said = import(&house.staff.supervisor, "", &csv).expect(200);
    let at = |line: u64, column: &str, code: &str| (line, column.to_owned(), code.to_owned());
    assert_eq!(
        complaints(&said),
        [
            at(3, "", "duplicate"),
            at(4, "", "not_allowed"),
            at(5, "accession", "mismatch"),
            at(6, "accession", "not_found"),
            at(7, "", "missing"),
            at(8, "label", "malformed"),
            at(8, "interpretation", "unknown_code"),
            at(8, "performed_at", "not_a_time"),
            at(8, "panel", "missing"),
            at(8, "lod_vaf_pct", "not_a_number"),
            at(8, "variants.1.hgvs_c", "missing"),
            at(8, "variants.1.vaf_pct", "not_a_number"),
            at(9, "variants.1.tier", "out_of_range"),
            at(10, "", "contradicts"),
            at(11, "", "malformed"),
            at(12, "", "missing"),
            at(12, "summary", "missing"),
        ]
    );
    assert_eq!(counts(&said), (1, 0, 10));
    house.server.assert_verified();
}

#[test]
fn a_file_of_results_that_is_none_is_refused_whole() {
    let house = House::open(Engine::sqlite());
    let tech = &house.staff.tech;
    for (csv, words) in [
        ("", "empty"),
        ("order_id,interpretation,shoe\n", "shoe"),
        ("order_id,panel\n", "interpretation"),
        ("interpretation,panel\n", "accession"),
        ("order_id,order_id,interpretation\n", "twice"),
        ("order_id,interpretation,variants.60.gene\n", "variants.60.gene"),
        ("order_id,interpretation\n\"x,y", "quotation"),
    ] {
        let said = import(tech, "", csv).expect(422);
        assert!(said.text.contains(words), "{csv:?}: {}", said.text);
    }
    let post = |path: &str, media: &str, who: &Token| {
        let request = agent()
            .post(format!("{}/api/v1/imports/results/{path}", who.base))
            .header("authorization", format!("Bearer {}", who.secret))
            .header("content-type", media);
        reply(request.send("order_id,interpretation\n")).status
    };
    assert_eq!(post("NGS-MYE", "text/csv; charset=utf-8", tech), 200);
    assert_eq!(post("ngs-mye", "text/csv", tech), 200);
    assert_eq!(post("NGS-MYE", "application/json", tech), 415);
    assert_eq!(post("NO-SUCH", "text/csv", tech), 404);
    assert_eq!(post("NGS-MYE?dry_run=perhaps", "text/csv", tech), 422);
    for who in [&house.staff.hematologist, &house.staff.admin, &house.staff.auditor] {
        assert_eq!(post("NGS-MYE", "text/csv", who), 403);
    }
    assert_eq!(post("NGS-MYE", "text/csv", &house.staff.interface), 200);
    let big = format!("order_id,interpretation\n{}", "x".repeat(300 * 1024));
    assert_eq!(import(tech, "", &big).status, 413);
}

#[test]
fn results_are_imported_from_the_command_line() {
    let (program, tokens) = Program::with_people(&[("t.one", "tech"), ("s.one", "supervisor")]);
    let id = {
        let serving = program.serve();
        let tech = serving.token(&tokens["t.one"]);
        let mut body = crate::start::planned("A1");
        let taken = chrono::Utc::now() - chrono::Duration::hours(1);
        body["procedure"]["performed_at"] = json!(taken.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        body["specimens"][0]["volume_ul"] = json!(3000);
        body["specimens"][0]["pull_number"] = json!(1);
        let case = tech.post("/api/v1/cases", &body).expect(201).json();
        let label = case["specimens"][0]["label"].as_str().unwrap();
        let id = case["orders"][0]["id"].as_str().unwrap().to_owned();
        tech.step(label, &json!({ "transition": "receive", "temperature": "ambient" })).expect(200);
        tech.step(label, &json!({ "transition": "accept" })).expect(200);
        tech.order_step(&id, &json!({ "transition": "start" })).expect(200);
        id
    };
    let template = program.lab(&["import", "results", "ngs-mye", "--template"]).expect(0).out;
    assert!(
        template
            .starts_with("accession,order_id,label,interpretation,summary,comment,performed_at,performed_by,panel,")
    );
    assert!(template.trim_end().ends_with("genes_failed") && template.contains(",variants.0.hgvs_c,"));
    // The template itself is a file that fits.
    std::fs::write(program.path("empty.csv"), &template).unwrap();
    program.lab(&["import", "results", "NGS-MYE", "empty.csv", "--user", "t.one"]).expect(0);

    std::fs::write(program.path("good.csv"), file(&[row(&id, "41")])).unwrap();
    let run = |file: &str, more: &[&str]| {
        program.lab(&[&["import", "results", "NGS-MYE", file, "--user", "t.one"], more].concat())
    };
    let said = run("good.csv", &["--dry-run"]).expect(0);
    assert!(
        said.err.contains("1 results entered, 0 unchanged; 0 rows refused (dry run: nothing was written)"),
        "{said:?}"
    );
    assert!(run("good.csv", &[]).expect(0).err.contains("1 results entered"));
    assert!(run("good.csv", &[]).expect(0).err.contains("0 results entered, 1 unchanged"));

    std::fs::write(program.path("bad.csv"), file(&[row(&id, "many"), row(&id, "41")])).unwrap();
    let said = run("bad.csv", &["--errors", "mend.csv"]).expect(1);
    assert!(said.out.starts_with("line 2, variants.0.vaf_pct: ") && said.out.contains("(not_a_number)"), "{said:?}");
    let mend = std::fs::read_to_string(program.path("mend.csv")).unwrap();
    assert!(mend.starts_with(HEADER) && mend.lines().count() == 2, "{mend}");
    // What comes back is mended and sent again as it is.
    std::fs::write(program.path("mend.csv"), mend.replace(",many,", ",41,")).unwrap();
    assert!(run("mend.csv", &[]).expect(0).err.contains("1 unchanged"));

    assert_eq!(program.lab(&["import", "results", "NO-SUCH", "good.csv", "--user", "t.one"]).code, 5);
    assert_eq!(program.lab(&["import", "results", "NO-SUCH", "--template"]).code, 5);
    assert_eq!(run("nowhere.csv", &[]).code, 5);
    assert_eq!(program.lab(&["import", "results", "NGS-MYE"]).code, 2);
    let answer: Value = serde_json::from_str(&run("good.csv", &["--json"]).expect(0).out).unwrap();
    assert_eq!(answer["rows"][0]["outcome"], "unchanged");
    // The results have an author, and nobody is one by running the program.
    assert_eq!(program.lab(&["import", "results", "NGS-MYE", "good.csv"]).code, 2);
    assert_eq!(program.lab(&["import", "results", "NGS-MYE", "good.csv", "--user", "nobody"]).code, 5);
    let serving = program.serve();
    let tech = serving.token(&tokens["t.one"]);
    let order = tech.get(&format!("/api/v1/orders/{id}")).expect(200).json();
    let case = tech.get(&format!("/api/v1/cases/{}", order["accession"].as_str().unwrap())).expect(200).json();
    assert_eq!(case["results"][0]["entered_by"]["name"], "Some Body");
    drop(serving);
    program.lab(&["verify"]).expect(0);
}

/// Somebody at a browser without JavaScript.
struct Browser {
    base: String,
    cookie: String,
}

impl Browser {
    fn sign_in(base: &str, name: &str) -> Self {
        let form = [("name", name), ("password", Staff::PASSWORD)];
        let said = reply(agent().post(format!("{base}/sign-in")).send_form(form)).expect(303);
        let cookie = said.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        Self { base: base.to_owned(), cookie }
    }

    fn get(&self, path: &str) -> Reply {
        reply(agent().get(format!("{}{path}", self.base)).header("cookie", &self.cookie).call())
    }

    /// Sends the form of a page that is sent to `action`, with what is typed beside what it carries.
    fn send(&self, page: &Reply, action: &str, typed: &[(&str, &str)]) -> Reply {
        let form = page
            .text
            .split("<form")
            .find(|f| f.contains(&format!("action=\"{action}\"")))
            .unwrap_or_else(|| panic!("no form for {action}: {}", page.text));
        let form = form.split("</form>").next().unwrap();
        let hidden: Vec<(String, String)> = form
            .split("<input")
            .filter(|i| i.contains("type=\"hidden\""))
            .map(|i| (attribute(i, "name"), attribute(i, "value")))
            .collect();
        let all = hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())).chain(typed.iter().copied());
        let request = agent().post(format!("{}{action}", self.base)).header("cookie", &self.cookie);
        reply(request.send_form(all))
    }

    /// Follows to where the answer leads.
    fn follow(&self, said: Reply) -> Reply {
        let to = said.clone().expect(303).header("location").unwrap().to_owned();
        self.get(&to).expect(200)
    }
}

fn attribute(tag: &str, name: &str) -> String {
    let rest = tag.split(&format!(" {name}=\"")).nth(1).unwrap_or_default();
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// The value that a field of a page shows.
fn shows(page: &Reply, field: &str) -> String {
    let tag = page.text.split('<').find(|t| t.contains(&format!(" name=\"{field}\"")));
    let tag = tag.unwrap_or_else(|| panic!("no field {field}: {}", page.text));
    if tag.starts_with("textarea") {
        tag.split('>').nth(1).unwrap_or_default().to_owned()
    } else {
        attribute(tag, "value")
    }
}

/// The text of a page without its tags.
fn text(page: &Reply) -> String {
    let mut out = String::new();
    for piece in page.text.split('<') {
        out.push_str(piece.split_once('>').map_or(piece, |(_, text)| text));
        out.push(' ');
    }
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[track_caller]
fn assert_reads(page: &Reply, words: &[&str]) {
    let text = text(page);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for word in words {
        assert!(text.contains(word), "{word:?} is not on the page: {text}");
    }
}

fn typed_results_are_entered_through_the_form_and_read_back(engine: Engine) {
    let house = House::open(engine);
    let mut body = house.case(&json!(["FLOW-AL", "KARYO", "MORPH-ASP", "BCRABL-Q"]));
    body["specimens"] = json!([
        { "kind": "aspirate", "container": "EDTA", "pull_number": 1, "volume_ul": 9000 },
        { "kind": "aspirate", "container": "NAHEP", "pull_number": 2, "volume_ul": 4000 },
        { "kind": "smear", "container": "SLIDE" },
    ]);
    let case = house.log(&body);
    for part in case["specimens"].as_array().unwrap() {
        for step in [P::Receive, P::Accept] {
            house.step(&house.staff.tech, part["label"].as_str().unwrap(), step).expect(200);
        }
    }
    let started = |assay: &str| {
        let all = case["orders"].as_array().unwrap();
        let id = all.iter().find(|o| o["assay"] == assay).unwrap()["id"].as_str().unwrap().to_owned();
        house.order_step(&house.staff.tech, &id, T::Start).expect(200);
        id
    };
    let tam = Browser::sign_in(&house.server.base, "t.nguyen");
    let enter = |id: &str, typed: &[(&str, &str)]| {
        let page = tam.get(&format!("/orders/{id}")).expect(200);
        tam.send(&page, &format!("/orders/{id}/results"), typed)
    };

    // Flow: a row is added, with everything kept; what does not fit stands at its field; then it is entered.
    let flow = started("FLOW-AL");
    let mut typed = vec![
        ("interpretation", "abnormal"),
        ("details.panel", "AML 4-tube <v3>"),
        ("details.viability_pct", "92.5"),
        ("details.events", "500 000"),
        ("details.populations.1.name", "Blasts"),
        ("details.populations.1.kind", "blasts"),
        ("details.populations.1.abnormal", "yes"),
        ("details.populations.1.share.percent", "142"),
        ("details.populations.1.share.of", "cd45_positive"),
        ("details.populations.1.phenotype", "CD34+ CD117 dim CD7-"),
    ];
    let before = house.server.journal();
    let more = [typed.as_slice(), &[("add", "populations")]].concat();
    let page = enter(&flow, &more).expect(200);
    assert_eq!(house.server.journal(), before, "adding a row enters nothing");
    assert_eq!(shows(&page, "details.panel"), "AML 4-tube &lt;v3&gt;");
    assert_eq!(shows(&page, "details.populations.1.name"), "Blasts");
    assert_eq!(shows(&page, "details.populations.3.name"), "", "a fourth row");
    let page = enter(&flow, &typed).expect(422);
    assert!(page.text.contains("id=\"details.populations.1.share.percent-error\""), "{}", page.text);
    assert_eq!(shows(&page, "details.populations.1.phenotype"), "CD34+ CD117 dim CD7-");
    let place = typed.iter().position(|(n, _)| n.ends_with("share.percent")).unwrap();
    typed[place].1 = "~42";
    let page = tam.follow(enter(&flow, &typed));
    assert_reads(&page, &["Blasts abnormal, about 42 % of CD45 positive: CD34+, CD117 dim, CD7-", "92.5 %"]);

    // Karyotype: what it says in plain English, and what should be known.
    let karyo = started("KARYO");
    let page = tam.follow(enter(
        &karyo,
        &[
            ("interpretation", "abnormal"),
            ("details.iscn", "46,XX,del(5)(q13q33)[8]/46,XX[2]"),
            ("details.analyzed", "10"),
            ("details.cultures.0.kind", "24 h, unstimulated"),
            ("details.cultures.0.harvested_at", "2026-03-04 08:45"),
        ],
    ));
    assert_reads(
        &page,
        &["46,XX,del(5)(q13q33)[8]/46,XX[2]", "In words", "To know", "10 metaphases analyzed; 20 are usual."],
    );
    let newest = versions(&house, &karyo).pop().unwrap();
    assert_eq!(newest["details"]["karyotype"]["cultures"][0]["harvested_at"], "2026-03-04T08:45:00Z");
    // Entering again begins with what is there.
    let page = tam.get(&format!("/orders/{karyo}")).expect(200);
    assert_eq!(shows(&page, "details.iscn"), "46,XX,del(5)(q13q33)[8]/46,XX[2]");
    assert_eq!(shows(&page, "details.cultures.0.kind"), "24 h, unstimulated");

    // Morphology: the differential must add up, and its sum is shown.
    let morphology = started("MORPH-ASP");
    let mut typed = vec![
        ("interpretation", "abnormal"),
        ("details.smear_quality", "good"),
        ("details.differential.tally", "percent"),
        ("details.differential.counted", "500"),
        ("details.differential.blasts", "24"),
        ("details.differential.neutrophils", "50.5"),
        ("details.differential.erythroid", "20"),
    ];
    let page = enter(&morphology, &typed).expect(422);
    assert_reads(&page, &["Sum: 94.5 % (100 % are needed)", "The classes add up to 94.5 %; they must make 100 %."]);
    typed.push(("details.differential.lymphocytes", "5.5"));
    let page = tam.follow(enter(&morphology, &typed));
    assert_reads(&page, &["Blasts 24 % of 500 cells.", "Myeloid to erythroid 2.5 : 1"]);

    // Transcript: detected and not detected are its words; nothing typed at all is said to be missing.
    let transcript = started("BCRABL-Q");
    let page = tam.get(&format!("/orders/{transcript}")).expect(200);
    assert_reads(&page, &["Not detected"]);
    let page = enter(&transcript, &[("interpretation", "normal")]).expect(422);
    assert_reads(&page, &["Give details.transcript, unless the material is inadequate."]);
    let page = enter(&transcript, &[("interpretation", "normal"), ("details.target", "BCR::ABL1")]).expect(422);
    assert_reads(&page, &["Control gene is needed."]);
    let typed = [
        ("interpretation", "normal"),
        ("details.target", "BCR::ABL1"),
        ("details.target_copies", "nd"),
        ("details.control_gene", "ABL1"),
        ("details.control_copies", "45000"),
        ("details.response", "MR5"),
    ];
    let page = enter(&transcript, &typed).expect(422);
    assert!(page.text.contains("id=\"details.response-error\""), "45 000 copies do not support MR5");
    let page = tam.follow(enter(&transcript, &typed[..5]));
    assert_reads(&page, &["Not detected", "MR4.5", "Target copies not detected"]);

    // A pathologist's new version begins with what is verified, row by row.
    let verified = versions(&house, &flow).pop().unwrap();
    house.verify(&house.staff.supervisor2, verified["id"].as_str().unwrap()).expect(200);
    let path = Browser::sign_in(&house.server.base, "l.ferreira");
    let page = path.get(&format!("/results/{}", verified["id"].as_str().unwrap())).expect(200);
    assert_eq!(shows(&page, "details.populations.0.phenotype"), "CD34+ CD117 dim CD7-");
    assert_eq!(shows(&page, "details.populations.0.share.percent"), "~42");
    let revise = format!("/results/{}/revise", verified["id"].as_str().unwrap());
    let typed = [
        ("revision", "corrected"),
        ("reason", "Recounted."),
        ("told.who", "Dr Marlow"),
        ("interpretation", "abnormal"),
        ("details.panel", "AML 4-tube v3"),
        ("details.viability_pct", "92.5"),
        ("details.events", "500000"),
        ("details.populations.0.name", "Blasts"),
        ("details.populations.0.kind", "blasts"),
        ("details.populations.0.abnormal", "yes"),
        ("details.populations.0.share.percent", "142"),
        ("details.populations.0.share.of", "cd45_positive"),
    ];
    let refused = path.send(&page, &revise, &typed).expect(422);
    assert!(refused.text.contains("id=\"details.populations.0.share.percent-error\""), "{}", refused.text);
    let typed = typed.map(|(n, v)| (n, if v == "142" { "24" } else { v }));
    let page = path.follow(path.send(&refused, &revise, &typed));
    assert_reads(&page, &["Blasts abnormal, 24 % of CD45 positive", "Corrected"]);
    // The laboratory's page of the case and the requester's show the finding in full.
    let accession = case["accession"].as_str().unwrap();
    assert_reads(&tam.get(&format!("/cases/{accession}")).expect(200), &["In full", "about 42 % of CD45 positive"]);
    let marlow = Browser::sign_in(&house.server.base, "e.marlow");
    assert_reads(&marlow.get(&format!("/track/{accession}")).expect(200), &["about 42 % of CD45 positive"]);
    house.server.assert_verified();
}
