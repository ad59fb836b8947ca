//! The form of a new case as a command: everything that does not fit is noted, and the rest is still read.

use super::rows;
use crate::domain::command::{NewSpecimen, OrdersInput, PatientInput, ProcedureInput, Suggested};
use crate::domain::{Code, LogCase, Sex, SpecimenKind};
use crate::web::fields::{Fields, Reader};

/// The fields of a part that say that there is one.
const TELLING: [&str; 9] =
    ["kind", "container", "pull_number", "volume_ul", "length_mm", "fixed_at", "side", "collected_at", "not_collected"];

/// What could be read, and which row each part came from. Absent without the clinical question.
pub(super) fn read(r: &mut Reader<'_>, fields: &Fields) -> (Option<LogCase>, Vec<usize>) {
    let patient = PatientInput {
        mrn: r.text("patient.mrn"),
        family_name: r.text("patient.family_name"),
        given_name: r.text("patient.given_name"),
        born: r.date("patient.born"),
        sex: r.word("patient.sex").unwrap_or(Sex::Unknown),
    };
    let indication = r.need_code("indication", "choose why the marrow is examined");
    if indication.is_none() {
        // Without a question there is no case to check: what else is missing is said here, all at once.
        for name in ["patient.mrn", "patient.family_name", "requester"] {
            if fields.opt(name).is_none() {
                r.fail(name, "missing", "this is needed");
            }
        }
    }
    let procedure = ProcedureInput {
        performed_at: r.time("procedure.performed_at"),
        operator: r.opt("procedure.operator"),
        site: r.code("procedure.site"),
        side: r.word("procedure.side"),
        outcome: r.word("procedure.outcome"),
    };
    let urgency = r.word("urgency");
    let (mut specimens, mut places) = (Vec::new(), Vec::new());
    for row in rows::of(fields) {
        if let Some(part) = part(r, row) {
            specimens.push(part);
            places.push(row);
        }
    }
    let orders = orders(r, fields);
    let (external_ref, requester, clinical_note) = (r.opt("external_ref"), r.text("requester"), r.opt("clinical_note"));
    let reason = r.opt("reason");
    let log = indication.map(|indication| LogCase {
        external_ref,
        patient,
        requester,
        indication,
        urgency,
        clinical_note,
        procedure,
        specimens,
        orders,
        reason,
    });
    (log, places)
}

fn orders(r: &mut Reader<'_>, fields: &Fields) -> OrdersInput {
    if fields.get("orders_how") != "codes" {
        return OrdersInput::Suggested(Suggested::Suggested);
    }
    let mut codes = Vec::new();
    for text in fields.all("orders") {
        match Code::parse(text) {
            Ok(code) => codes.push(code),
            Err(why) => r.fail("orders", "malformed", why),
        }
    }
    OrdersInput::Codes(codes)
}

/// One row, unless nothing stands in it.
fn part(r: &mut Reader<'_>, row: usize) -> Option<NewSpecimen> {
    let name = |field: &str| rows::field(row, field);
    if TELLING.iter().all(|f| r.opt(&name(f)).is_none()) {
        return None;
    }
    let kind = r.word::<SpecimenKind>(&name("kind"));
    if r.opt(&name("kind")).is_none() {
        r.fail(&name("kind"), "missing", "say what this part is, or remove its row");
    }
    let container = r.need_code(&name("container"), "say what it is in");
    let rest = (
        (r.whole(&name("pull_number")), r.volume(&name("volume_ul")), r.whole(&name("length_mm"))),
        (r.word(&name("side")), r.time(&name("collected_at")), r.time(&name("fixed_at"))),
        (r.word(&name("temperature")), r.code(&name("not_collected"))),
    );
    let ((pull_number, volume_ul, length_mm), (side, collected_at, fixed_at), (temperature, not_collected)) = rest;
    kind.zip(container).map(|(kind, container)| NewSpecimen {
        kind,
        container,
        pull_number,
        volume_ul,
        length_mm,
        site: None,
        side,
        collected_at,
        fixed_at,
        temperature,
        not_collected,
    })
}

/// The domain counts the parts it was given, the form its rows; assays are one group of boxes.
pub(super) fn of_row(pointer: &str, rows: &[usize]) -> Option<String> {
    if pointer == "/specimens" {
        return Some(format!("/specimens/{}/kind", rows.first().copied().unwrap_or_default()));
    }
    if pointer.starts_with("/orders/") {
        return Some("/orders".to_owned());
    }
    let (index, field) = pointer.strip_prefix("/specimens/")?.split_once('/')?;
    let row = rows.get(index.parse::<usize>().ok()?)?;
    // The site of a part is that of the puncture in this form.
    if field == "site" { Some("/procedure/site".to_owned()) } else { Some(format!("/specimens/{row}/{field}")) }
}

#[cfg(test)]
mod tests {
    use super::of_row;

    #[test]
    fn errors_find_their_row() {
        let rows = [0, 2, 5];
        assert_eq!(of_row("/specimens/1/volume_ul", &rows).as_deref(), Some("/specimens/2/volume_ul"));
        assert_eq!(of_row("/specimens/2/site", &rows).as_deref(), Some("/procedure/site"));
        assert_eq!(of_row("/orders/3", &rows).as_deref(), Some("/orders"));
        assert_eq!(of_row("/specimens", &rows).as_deref(), Some("/specimens/0/kind"));
        assert_eq!(of_row("/patient/mrn", &rows), None);
    }
}
