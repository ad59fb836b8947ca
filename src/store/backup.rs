//! A copy of the SQLite file, consistent while the server writes on.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use diesel::sql_types::Text;
use diesel::{RunQueryDsl as _, sql_query};

use super::conn::{DbConn, Purpose, connect};
use super::{Store, StoreError, create_private};

/// Writes a copy to `dest`, which must not exist. When this returns, the copy is whole, on disk, and under its name;
/// before that, nothing is there.
pub fn backup(store: &Store, dest: &Path) -> Result<(), StoreError> {
    if store.path().is_none() {
        return Err(StoreError::Unsupported {
            what: "PostgreSQL has its own backup: run `pg_dump --format=custom` against the database".to_owned(),
        });
    }
    let mut conn = connect(store.location(), Purpose::Write)?;
    copy_into(&mut conn, dest)
}

pub(super) fn copy_into(conn: &mut DbConn, dest: &Path) -> Result<(), StoreError> {
    let shown = dest.display();
    let taken =
        || StoreError::Unsupported { what: format!("{shown} exists and is not overwritten; give another name") };
    if dest.symlink_metadata().is_ok() {
        return Err(taken());
    }
    // Absolute, so that SQLite does not take a name that starts with `file:` for an address.
    let dest = std::path::absolute(dest).map_err(StoreError::file(format!("cannot write {shown}")))?;
    let part = Part::create(&dest)?;
    let path = part.0.to_str().ok_or_else(|| StoreError::Unsupported {
        what: format!("{shown} is not Unicode; SQLite needs a name that is"),
    })?;
    sql_query("VACUUM INTO ?").bind::<Text, _>(path).execute(conn)?;
    let cannot_finish = || StoreError::file(format!("cannot finish {shown}"));
    File::open(&part.0).and_then(|file| file.sync_all()).map_err(cannot_finish())?;
    // A link, unlike a rename, refuses to replace what somebody put there meanwhile.
    match std::fs::hard_link(&part.0, &dest) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(taken()),
        // Not every file system has links.
        Err(_) => std::fs::rename(&part.0, &dest).map_err(cannot_finish())?,
    }
    drop(part);
    sync_folder(&dest).map_err(cannot_finish())
}

/// The copy while it is written: removed whatever happens.
struct Part(PathBuf);

impl Part {
    fn create(dest: &Path) -> Result<Self, StoreError> {
        let mut name = dest.as_os_str().to_owned();
        name.push(format!(".part-{}", std::process::id()));
        let part = Self(PathBuf::from(name));
        part.remove();
        // VACUUM INTO accepts an empty file; made by us, it is readable by its owner only.
        create_private(&part.0)?;
        Ok(part)
    }

    fn remove(&self) {
        // It may be gone already, or under its final name.
        drop(std::fs::remove_file(&self.0));
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        self.remove();
    }
}

/// A new name is durable only when its folder is.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    if cfg!(unix)
        && let Some(folder) = path.parent()
    {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
