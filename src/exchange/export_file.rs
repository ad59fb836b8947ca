//! An export as a file: gathered under another name and put in its place only when it is whole, with its manifest.

use std::io::{BufWriter, Read as _, Seek as _, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::csv_out::{self, CHUNK, Format, Kind, Written};
use super::xlsx_out;
use crate::domain::Actor;
use crate::lab::questions::export::{self, Watch};
use crate::lab::{Lab, LabError};
use crate::store::StoreError;

/// Writes a dataset to a file that only its owner reads. `None`: whoever watched ended it, and there is no file.
///
/// # Errors
/// Refusals; the store; a file that cannot be written.
pub fn write(
    lab: &Lab,
    actor: &Actor,
    request: &export::Request,
    format: Format,
    request_id: &str,
    path: &Path,
    watch: Watch<'_>,
) -> Result<Option<Written>, LabError> {
    let part = beside(path, &format!(".{}.part", std::process::id()));
    let file_error = |what: &Path| {
        let what = what.display().to_string();
        move |source| StoreError::File { what, source }
    };
    let mut put = || -> Result<Option<Written>, LabError> {
        let mut file = private(&part).map_err(file_error(&part))?;
        let written = match format.kind {
            Kind::Csv | Kind::Ndjson => {
                let mut out = |chunk: Vec<u8>| file.write_all(&chunk).map_err(file_error(&part));
                csv_out::write_watched(lab, actor, request, format, request_id, &mut out, watch)?
            }
            Kind::Xlsx => xlsx_out::write(lab, actor, request, format, request_id, BufWriter::new(&file), watch)?,
        };
        let Some(written) = written else { return Ok(None) };
        file.sync_all().map_err(file_error(&part))?;
        std::fs::rename(&part, path).map_err(file_error(path))?;
        Ok(Some(written))
    };
    let written = put();
    if !matches!(written, Ok(Some(_))) {
        drop(std::fs::remove_file(&part));
    }
    let Some(written) = written? else { return Ok(None) };
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let manifest = csv_out::manifest(lab, request, format, &name, Some(&written));
    let text = serde_json::to_string_pretty(&manifest).map_err(|e| csv_out::broken(&e))?;
    let manifest = manifest_path(path);
    std::fs::write(&manifest, text + "\n").map_err(file_error(&manifest))?;
    Ok(Some(written))
}

/// Writes a workbook to a file without a name and hands it on when it is whole.
///
/// # Errors
/// As [`write`]; whatever `out` says.
pub(super) fn send_workbook(
    lab: &Lab,
    actor: &Actor,
    request: &export::Request,
    format: Format,
    request_id: &str,
    out: &mut dyn FnMut(Vec<u8>) -> Result<(), StoreError>,
) -> Result<Written, LabError> {
    let file_error = |source| StoreError::File { what: "a temporary file".to_owned(), source };
    let mut file = tempfile::tempfile().map_err(file_error)?;
    let mut watch = |_| ControlFlow::Continue(());
    let written = xlsx_out::write(lab, actor, request, format, request_id, BufWriter::new(&file), &mut watch)?;
    // Nobody watches, so nobody ends it.
    let written = written.ok_or_else(|| csv_out::broken(&"it was ended early"))?;
    file.rewind().map_err(file_error)?;
    let most = u64::try_from(CHUNK).unwrap_or(u64::MAX);
    loop {
        let mut chunk = Vec::with_capacity(CHUNK);
        if std::io::Read::by_ref(&mut file).take(most).read_to_end(&mut chunk).map_err(file_error)? == 0 {
            return Ok(written);
        }
        out(chunk)?;
    }
}

/// Where the manifest of a file is.
pub fn manifest_path(path: &Path) -> PathBuf {
    beside(path, ".datapackage.json")
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// A new file that only its owner reads: it may hold patients.
fn private(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A folder that only its owner reads, made if it is not there.
///
/// # Errors
/// A folder that cannot be made.
pub fn make_private_dir(path: &Path) -> Result<(), StoreError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|source| StoreError::File { what: path.display().to_string(), source })
}
