//! Tables out as a spreadsheet: the same rows and columns as the CSV, in typed cells. Text is text, so nothing in it
//! can run as a formula and no label loses a zero; rows go through a temporary file, so memory does not grow with them.

use std::io::Write as _;

use chrono::{SecondsFormat, Timelike as _};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as CellFormat, Workbook, Worksheet, XlsxError};
use sha2::{Digest as _, Sha256};

use super::csv_out::{self, Format, Written};
use crate::domain::decide::hex;
use crate::domain::progress::Stage;
use crate::domain::{Actor, Moment};
use crate::lab::questions::export::{self, Cell, Column, Kind, Watch};
use crate::lab::{Lab, LabError};
use crate::store::StoreError;

/// Rows that one sheet holds below its header (ECMA-376: 1 048 576 in all).
const ROWS_MAX: u32 = 1_048_575;

/// What a kind of column looks like.
struct Looks {
    head: CellFormat,
    text: CellFormat,
    date: CellFormat,
    time: CellFormat,
}

impl Looks {
    fn new() -> Self {
        Self {
            head: CellFormat::new().set_bold(),
            // Whoever edits a cell later still types text into it.
            text: CellFormat::new().set_num_format("@"),
            date: CellFormat::new().set_num_format("yyyy-mm-dd"),
            time: CellFormat::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
        }
    }
}

fn failed(e: &XlsxError) -> StoreError {
    if matches!(e, XlsxError::MaxStringLengthExceeded) {
        let what = "A spreadsheet's cell holds 32 767 characters, and a text here is longer; take CSV instead";
        return StoreError::Unsupported { what: what.to_owned() };
    }
    csv_out::broken(e)
}

/// Writes a dataset as a workbook to `out`, which is whole only when this returns. Blocks. `None`: whoever watched
/// ended it, and nothing was written.
///
/// # Errors
/// Refusals; the store; more rows or longer texts than a sheet holds; a file that cannot be written.
pub fn write(
    lab: &Lab,
    actor: &Actor,
    request: &export::Request,
    format: Format,
    request_id: &str,
    out: impl std::io::Write + Send,
    watch: Watch<'_>,
) -> Result<Option<Written>, LabError> {
    let columns: Vec<Column> = export::chosen(request)?.into_iter().map(|(_, c)| c).collect();
    let looks = Looks::new();
    let mut book = Workbook::new();
    let now = lab.now();
    if let Some(at) = moment(now, chrono_tz::UTC) {
        book.set_properties(&DocProperties::new().set_title(title(request)).set_creation_datetime(&at));
    }
    let sheet = book.add_worksheet_with_constant_memory().map_err(|e| failed(&e))?;
    begin(sheet, request, &columns, &looks).map_err(|e| failed(&e))?;
    let mut rows = 0_u32;
    let mut sink = |cells: &[Cell]| {
        if rows >= ROWS_MAX {
            let what = format!("A spreadsheet holds {ROWS_MAX} rows; narrow the export, or take CSV");
            return Err(StoreError::Unsupported { what });
        }
        rows += 1;
        for (col, (cell, column)) in (0_u16..).zip(cells.iter().zip(&columns)) {
            put(sheet, (rows, col), cell, *column, format, &looks).map_err(|e| failed(&e))?;
        }
        Ok(())
    };
    if !lab.export_watched(actor, request, request_id, &mut sink, watch)? {
        return Ok(None);
    }
    let last = u16::try_from(columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, rows, last).map_err(|e| failed(&e))?;
    about(&mut book, &facts(actor, request, format, rows, now), &looks).map_err(|e| failed(&e))?;
    let mut counted = Counted { out, hasher: Sha256::new(), bytes: 0 };
    book.save_to_writer(&mut counted).map_err(|e| failed(&e))?;
    counted.flush().map_err(|e| csv_out::broken(&e))?;
    Ok(Some(Written { rows: rows.into(), sha256: hex(&counted.hasher.finalize()), bytes: counted.bytes }))
}

fn title(request: &export::Request) -> String {
    format!("Trephine {}", request.dataset)
}

/// Name, header, its place.
fn begin(sheet: &mut Worksheet, request: &export::Request, columns: &[Column], looks: &Looks) -> Result<(), XlsxError> {
    sheet.set_name(request.dataset.name())?.set_freeze_panes(1, 0)?;
    for (col, column) in (0_u16..).zip(columns) {
        let width = match column.kind {
            Kind::Time => 20.0,
            Kind::Text => 26.0,
            Kind::Code => 18.0,
            Kind::Date | Kind::Integer | Kind::Number | Kind::Boolean => 12.0,
        };
        sheet.set_column_width(col, width)?.write_string_with_format(0, col, column.name, &looks.head)?;
    }
    Ok(())
}

fn put(
    sheet: &mut Worksheet,
    (row, col): (u32, u16),
    cell: &Cell,
    column: Column,
    format: Format,
    looks: &Looks,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            sheet.write_string_with_format(row, col, text, &looks.text)?;
        }
        #[allow(clippy::cast_precision_loss)] // counts and microliters; a cell is a double anyway
        Cell::Integer(n) => {
            sheet.write_number(row, col, *n as f64)?;
        }
        Cell::Number(n) => {
            sheet.write_number(row, col, *n)?;
        }
        Cell::Boolean(b) => {
            sheet.write_boolean(row, col, *b)?;
        }
        Cell::Date(day) => match ymd(day) {
            Some(at) => drop(sheet.write_datetime_with_format(row, col, &at, &looks.date)?),
            None => drop(sheet.write_string(row, col, day.to_string())?),
        },
        Cell::Time(at) => match moment(*at, format.zone) {
            Some(at) => drop(sheet.write_datetime_with_format(row, col, &at, &looks.time)?),
            None => drop(sheet.write_string(row, col, csv_out::csv_text(column, cell, format))?),
        },
    }
    Ok(())
}

/// A day, unless a spreadsheet has no number for it (before 1900).
fn ymd(day: &impl chrono::Datelike) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok()?;
    ExcelDateTime::from_ymd(year, u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?).ok()
}

/// A moment on the wall clocks of a zone, to the millisecond, which is as fine as a spreadsheet keeps it.
fn moment(at: Moment, zone: chrono_tz::Tz) -> Option<ExcelDateTime> {
    let local = at.with_timezone(&zone).naive_local();
    let small = |n: u32| u8::try_from(n).ok();
    // A leap second counts into the second before it.
    let milli = u16::try_from(local.and_utc().timestamp_subsec_millis().min(999)).ok()?;
    let hour = u16::try_from(local.hour()).ok()?;
    ymd(&local)?.and_hms_milli(hour, small(local.minute())?, small(local.second())?, milli).ok()
}

/// What the second sheet says: the manifest, for people.
fn facts(
    actor: &Actor,
    request: &export::Request,
    format: Format,
    rows: u32,
    now: Moment,
) -> Vec<(&'static str, String)> {
    let filter = &request.filter;
    let time = |at: Option<Moment>| at.map(|at| csv_out::time_text(at, format.zone));
    let all = |text: Option<String>| text.unwrap_or_else(|| "all".to_owned());
    vec![
        ("Table", request.dataset.to_string()),
        ("Rows", rows.to_string()),
        ("Columns", request.columns.as_ref().map_or_else(|| "all".to_owned(), |names| names.join(", "))),
        ("Identifiers", request.identifiers.to_string()),
        ("Time zone", format!("{}; times are wall clock times there, without their offset", format.zone.name())),
        ("Cases logged from", all(time(filter.from))),
        ("Cases logged before", all(time(filter.to))),
        ("Stage", all(filter.stage.map(Stage::words))),
        ("Indication", all(filter.indication.clone())),
        ("Requester", all(filter.requester.as_ref().map(|_| "one, as asked".to_owned()))),
        ("Late", all(filter.late.map(|l| if l { "only late" } else { "only not late" }.to_owned()))),
        ("Exported by", actor.name.clone()),
        ("Exported at", now.to_rfc3339_opts(SecondsFormat::Secs, true)),
        ("Empty cell", "not known".to_owned()),
    ]
}

fn about(book: &mut Workbook, facts: &[(&'static str, String)], looks: &Looks) -> Result<(), XlsxError> {
    let sheet = book.add_worksheet();
    sheet.set_name("About")?.set_column_width(0, 22.0)?.set_column_width(1, 60.0)?;
    for (row, (name, value)) in (0_u32..).zip(facts) {
        sheet.write_string_with_format(row, 0, *name, &looks.head)?;
        sheet.write_string_with_format(row, 1, value, &looks.text)?;
    }
    Ok(())
}

/// Counts and hashes what passes.
struct Counted<W> {
    out: W,
    hasher: Sha256,
    bytes: u64,
}

impl<W: std::io::Write> std::io::Write for Counted<W> {
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        let done = self.out.write(buf)?;
        self.hasher.update(buf.get(..done).unwrap_or(buf));
        self.bytes += done as u64;
        Ok(done)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}
