//! Tables out: CSV in two declared dialects, NDJSON, and the manifest that goes with every file.

use std::ops::ControlFlow;

use actix_web::web::Bytes;
use chrono::SecondsFormat;
use chrono_tz::Tz;
use futures_util::Stream;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;

use crate::domain::decide::hex;
use crate::domain::{Actor, Moment};
use crate::lab::questions::export::{self, Cell, Column, Dataset, Kind as ColumnKind, Watch};
use crate::lab::{Lab, LabError};
use crate::store::StoreError;
use crate::text_enum;

text_enum! {
    /// How a CSV is written. The rows are the same.
    pub enum Dialect {
        /// Exact values, no byte order mark: reads back into the importer byte for byte.
        Machine = "machine",
        /// For spreadsheets: byte order mark, and free text that would run as a formula gets a leading `'`.
        Excel = "excel",
    }
}

text_enum! {
    /// The kind of file.
    pub enum Kind {
        /// RFC 4180.
        Csv = "csv",
        /// One JSON object a line.
        Ndjson = "ndjson",
        /// A workbook for spreadsheets (ECMA-376).
        Xlsx = "xlsx",
    }
}

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Format {
    /// CSV, NDJSON or a workbook.
    pub kind: Kind,
    /// For CSV.
    pub dialect: Dialect,
    /// In which zone times are written.
    #[serde(with = "zone_name")]
    pub zone: Tz,
}

/// A zone as its IANA name.
mod zone_name {
    use chrono_tz::Tz;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    #[allow(clippy::trivially_copy_pass_by_ref)] // serde's form
    pub(super) fn serialize<S: Serializer>(zone: &Tz, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(zone.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Tz, D::Error> {
        let name = String::deserialize(d)?;
        name.parse().map_err(|_| D::Error::custom(format!("{name} is no IANA zone")))
    }
}

/// Names of columns as they are typed, with commas between.
pub fn column_names(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

impl Format {
    /// Media type of the file.
    pub const fn media_type(self) -> &'static str {
        match self.kind {
            Kind::Csv => "text/csv; charset=utf-8; header=present",
            Kind::Ndjson => "application/x-ndjson",
            Kind::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Data rows, without the header.
    pub rows: u64,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: String,
    /// Bytes.
    pub bytes: u64,
}

/// How much is gathered before it is passed on, bytes.
pub(super) const CHUNK: usize = 64 * 1024;
/// How many chunks wait for a slow reader before the export waits too.
const CHUNKS_AHEAD: usize = 4;

/// Turns cells into bytes.
struct Rows<'c> {
    columns: &'c [Column],
    format: Format,
    csv: csv::Writer<Vec<u8>>,
    line: Vec<u8>,
}

impl<'c> Rows<'c> {
    fn new(columns: &'c [Column], format: Format) -> Result<Self, StoreError> {
        let mut csv =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::with_capacity(CHUNK));
        let mut line = Vec::new();
        if format.kind == Kind::Csv {
            if format.dialect == Dialect::Excel {
                line.extend_from_slice("\u{feff}".as_bytes());
            }
            csv.write_record(columns.iter().map(|c| c.name)).map_err(|e| broken(&e))?;
        }
        Ok(Self { columns, format, csv, line })
    }

    fn push(&mut self, cells: &[Cell]) -> Result<(), StoreError> {
        match self.format.kind {
            Kind::Csv => {
                for (column, cell) in self.columns.iter().zip(cells) {
                    self.csv.write_field(csv_text(*column, cell, self.format)).map_err(|e| broken(&e))?;
                }
                self.csv.write_record(None::<&[u8]>).map_err(|e| broken(&e))
            }
            Kind::Ndjson => {
                let object: Map<String, Value> = self
                    .columns
                    .iter()
                    .zip(cells)
                    .map(|(column, cell)| (column.name.to_owned(), json_value(cell, self.format.zone)))
                    .collect();
                serde_json::to_writer(&mut self.line, &object).map_err(|e| broken(&e))?;
                self.line.push(b'\n');
                Ok(())
            }
            Kind::Xlsx => Err(broken(&"a workbook is no stream of rows")),
        }
    }

    /// The bytes gathered so far, if they fill a chunk (or `last`).
    fn take(&mut self, last: bool) -> Result<Option<Vec<u8>>, StoreError> {
        if self.format.kind == Kind::Csv {
            if last || self.csv.get_ref().len() >= CHUNK {
                self.csv.flush().map_err(|e| broken(&e))?;
                let fresh = csv::WriterBuilder::new()
                    .has_headers(false)
                    .terminator(csv::Terminator::CRLF)
                    .from_writer(Vec::with_capacity(CHUNK * 2));
                let full = std::mem::replace(&mut self.csv, fresh);
                let bytes = full.into_inner().map_err(|e| broken(&e))?;
                self.line.extend_from_slice(&bytes);
            } else {
                return Ok(None);
            }
        }
        if (last || self.line.len() >= CHUNK) && !self.line.is_empty() {
            return Ok(Some(std::mem::take(&mut self.line)));
        }
        Ok(None)
    }
}

pub(super) fn broken(e: &impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable { why: format!("the export could not be written: {e}") }
}

pub(super) fn time_text(at: Moment, zone: Tz) -> String {
    at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

pub(super) fn csv_text(column: Column, cell: &Cell, format: Format) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => {
            let text = text.clone();
            let guarded = format.dialect == Dialect::Excel && runs_as_formula(&text, column.kind);
            if guarded { format!("'{text}") } else { text }
        }
        Cell::Integer(n) => n.to_string(),
        Cell::Number(n) => n.to_string(),
        Cell::Date(d) => d.to_string(),
        Cell::Time(at) => time_text(*at, format.zone),
        Cell::Boolean(b) => b.to_string(),
    }
}

/// Whether a spreadsheet would run this text (CWE-1236; OWASP ASVS 5.0 1.2.10). Plain numbers are left alone.
fn runs_as_formula(text: &str, kind: ColumnKind) -> bool {
    let first = text.trim_start_matches([' ', '\u{a0}', '\u{3000}']).chars().next();
    let trigger = matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'));
    match kind {
        ColumnKind::Text | ColumnKind::Code => trigger && text.trim().parse::<f64>().is_err(),
        ColumnKind::Integer | ColumnKind::Number | ColumnKind::Date | ColumnKind::Time | ColumnKind::Boolean => false,
    }
}

fn json_value(cell: &Cell, zone: Tz) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) => json!(text),
        Cell::Integer(n) => json!(n),
        Cell::Number(n) => json!(n),
        Cell::Date(d) => json!(d),
        Cell::Time(at) => json!(time_text(*at, zone)),
        Cell::Boolean(b) => json!(b),
    }
}

/// Writes a dataset to `out`. Blocks. The rows come from one snapshot, in constant memory.
///
/// # Errors
/// Refusals; the store; whatever `out` says.
pub fn write(
    lab: &Lab,
    actor: &Actor,
    request: &export::Request,
    format: Format,
    request_id: &str,
    out: &mut dyn FnMut(Vec<u8>) -> Result<(), StoreError>,
) -> Result<Written, LabError> {
    let mut watch = |_| ControlFlow::Continue(());
    let written = write_watched(lab, actor, request, format, request_id, out, &mut watch)?;
    // Nobody watches, so nobody ends it.
    Ok(written.ok_or_else(|| broken(&"it was ended early"))?)
}

/// Writes a dataset to `out` in any kind of file. Blocks. A workbook is made whole before its first byte goes out.
///
/// # Errors
/// As [`write`]; more than a sheet holds.
pub fn send(
    lab: &Lab,
    actor: &Actor,
    request: &export::Request,
    format: Format,
    request_id: &str,
    out: &mut dyn FnMut(Vec<u8>) -> Result<(), StoreError>,
) -> Result<Written, LabError> {
    match format.kind {
        Kind::Csv | Kind::Ndjson => write(lab, actor, request, format, request_id, out),
        Kind::Xlsx => super::export_file::send_workbook(lab, actor, request, format, request_id, out),
    }
}

/// [`write`] that somebody watches. `None`: they ended it, and what went out is not whole.
///
/// # Errors
/// As [`write`].
pub fn write_watched(
    lab: &Lab,
    actor: &Actor,
    request: &export::Request,
    format: Format,
    request_id: &str,
    out: &mut dyn FnMut(Vec<u8>) -> Result<(), StoreError>,
    watch: Watch<'_>,
) -> Result<Option<Written>, LabError> {
    let columns: Vec<Column> = export::chosen(request)?.into_iter().map(|(_, c)| c).collect();
    let mut rows = Rows::new(&columns, format)?;
    let mut hasher = Sha256::new();
    let (mut bytes, mut count) = (0_u64, 0_u64);
    let mut pass_on = |chunk: Vec<u8>| {
        hasher.update(&chunk);
        bytes += chunk.len() as u64;
        out(chunk)
    };
    let mut sink = |cells: &[Cell]| {
        rows.push(cells)?;
        count += 1;
        rows.take(false)?.map_or(Ok(()), &mut pass_on)
    };
    if !lab.export_watched(actor, request, request_id, &mut sink, watch)? {
        return Ok(None);
    }
    if let Some(chunk) = rows.take(true)? {
        pass_on(chunk)?;
    }
    Ok(Some(Written { rows: count, sha256: hex(&hasher.finalize()), bytes }))
}

/// Streams a dataset as it is read. A failure midway breaks the stream, so that half a file never looks whole.
pub fn stream(
    lab: Lab,
    actor: Actor,
    request: export::Request,
    format: Format,
    request_id: String,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    let (sender, receiver) = mpsc::channel::<Result<Bytes, std::io::Error>>(CHUNKS_AHEAD);
    tokio::task::spawn_blocking(move || {
        let gone = || StoreError::Unavailable { why: "the reader went away".to_owned() };
        let mut out = |chunk: Vec<u8>| sender.blocking_send(Ok(Bytes::from(chunk))).map_err(|_| gone());
        let written = send(&lab, &actor, &request, format, &request_id, &mut out);
        if let Err(error) = written {
            tracing::warn!(%error, %request_id, "an export broke off");
            drop(sender.blocking_send(Err(std::io::Error::other("the export broke off"))));
        }
    });
    futures_util::stream::unfold(
        receiver,
        |mut receiver| async move { receiver.recv().await.map(|item| (item, receiver)) },
    )
}

/// The Frictionless manifest of a file.
pub fn manifest(lab: &Lab, request: &export::Request, format: Format, path: &str, written: Option<&Written>) -> Value {
    // A request is checked before anything is written; one with a wrong column has no fields to describe.
    let fields: Vec<Value> = export::chosen(request)
        .unwrap_or_default()
        .iter()
        .map(|(_, c)| {
            let kind = match c.kind {
                ColumnKind::Text | ColumnKind::Code => "string",
                ColumnKind::Integer => "integer",
                ColumnKind::Number => "number",
                ColumnKind::Date => "date",
                ColumnKind::Time => "datetime",
                ColumnKind::Boolean => "boolean",
            };
            json!({ "name": c.name, "type": kind, "identifying": c.identifying })
        })
        .collect();
    // A workbook's cells are typed by themselves; only text files need to be told how they are put into bytes.
    let dialect = match format.kind {
        Kind::Csv | Kind::Ndjson => {
            json!({ "delimiter": ",", "lineTerminator": "\r\n", "quoteChar": "\"", "doubleQuote": true, "header": true })
        }
        Kind::Xlsx => json!({ "sheet": request.dataset.name(), "header": true }),
    };
    json!({
        "profile": "tabular-data-package",
        "name": format!("trephine-{}", request.dataset),
        "created": lab.now().to_rfc3339_opts(SecondsFormat::Secs, true),
        "resources": [{
            "name": request.dataset.name(),
            "path": path,
            "format": format.kind.name(),
            "mediatype": format.media_type(),
            "encoding": "utf-8",
            "bytes": written.map(|w| w.bytes),
            "hash": written.map(|w| format!("sha256:{}", w.sha256)),
            "rows": written.map(|w| w.rows),
            "dialect": dialect,
            "schema": { "fields": fields, "missingValues": [""] }
        }],
        "trephine": {
            "dialect": format.dialect.name(),
            "identifiers": request.identifiers.name(),
            "zone": format.zone.name(),
            "filter": {
                "stage": request.filter.stage.map(crate::domain::progress::Stage::name),
                "indication": request.filter.indication,
                "requester": request.filter.requester,
                "from": request.filter.from,
                "to": request.filter.to,
                "late": request.filter.late,
            },
            "columns_version": 1
        }
    })
}

/// A name for the file: dataset and dialect, never a patient.
pub fn file_name(dataset: Dataset, format: Format) -> String {
    match (format.kind, format.dialect) {
        (Kind::Csv, Dialect::Excel) => format!("trephine-{dataset}.excel.csv"),
        (Kind::Csv, Dialect::Machine) => format!("trephine-{dataset}.csv"),
        (Kind::Ndjson, _) => format!("trephine-{dataset}.ndjson"),
        (Kind::Xlsx, _) => format!("trephine-{dataset}.xlsx"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn column(kind: ColumnKind) -> Column {
        Column { name: "x", kind, identifying: false }
    }

    fn written(cell: &Cell, kind: ColumnKind, dialect: Dialect) -> String {
        let format = Format { kind: Kind::Csv, dialect, zone: Tz::UTC };
        csv_text(column(kind), cell, format)
    }

    #[test]
    fn formulas_are_guarded_for_spreadsheets_only_and_numbers_never() {
        for bad in ["=1+1", "+SUM(A1)", "-cmd|' /C calc'!A0", "@x", "\t=1", " =1", "＝1", "　＝1"] {
            let cell = Cell::Text(bad.to_owned());
            assert_eq!(written(&cell, ColumnKind::Text, Dialect::Excel), format!("'{bad}"), "{bad:?}");
            assert_eq!(written(&cell, ColumnKind::Text, Dialect::Machine), bad);
        }
        for fine in ["-5", "+7q, trisomy? no: 46,XX[20]", "46,XX,-7[20]", "del(5q)"] {
            let guarded = written(&Cell::Text(fine.to_owned()), ColumnKind::Text, Dialect::Excel);
            assert_eq!(guarded == fine, !fine.starts_with("+7q"), "{fine}");
        }
        assert_eq!(written(&Cell::Number(-0.5), ColumnKind::Number, Dialect::Excel), "-0.5");
        assert_eq!(written(&Cell::Number(1e-5), ColumnKind::Number, Dialect::Machine), "0.00001");
    }

    #[test]
    fn times_carry_the_offset_of_the_zone_asked_for() {
        let at = chrono::DateTime::parse_from_rfc3339("2026-03-29T01:30:00Z").unwrap().to_utc();
        assert_eq!(time_text(at, chrono_tz::Europe::London), "2026-03-29T02:30:00+01:00");
        assert_eq!(time_text(at, Tz::UTC), "2026-03-29T01:30:00+00:00");
    }

    proptest! {
        /// Whatever people typed comes back exactly from the machine dialect.
        #[test]
        fn machine_cells_read_back(texts in prop::collection::vec("\\PC*", 2)) {
            let columns = [column(ColumnKind::Text), column(ColumnKind::Text)];
            let format = Format { kind: Kind::Csv, dialect: Dialect::Machine, zone: Tz::UTC };
            let mut rows = Rows::new(&columns, format).unwrap();
            let cells: Vec<Cell> = texts.iter().map(|t| Cell::Text(t.clone())).collect();
            rows.push(&cells).unwrap();
            let bytes = rows.take(true).unwrap().unwrap();
            let mut reader = csv::Reader::from_reader(&bytes[..]);
            let back = reader.records().next().unwrap().unwrap();
            prop_assert_eq!(back.iter().map(str::to_owned).collect::<Vec<_>>(), texts);
        }
    }
}
