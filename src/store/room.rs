//! How much room the data takes and has left, and how busy the connections are: for whoever runs the machine.

use super::conn::{DbConn, texts};
use super::{Store, StoreError};

/// Room on the disk, bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// What the data takes, with the log beside it.
    pub used: u64,
    /// What is free where the SQLite file lies; absent for PostgreSQL, whose disk is not ours to see.
    pub free: Option<u64>,
}

/// The connections kept for reading (on PostgreSQL for everything).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections {
    /// Open.
    pub open: u32,
    /// Of those, waiting for work.
    pub idle: u32,
    /// Most at once.
    pub most: u32,
}

impl Store {
    /// How much room the data takes and has left.
    ///
    /// # Errors
    /// A file that cannot be looked at; a server that does not answer.
    pub fn room(&self) -> Result<Room, StoreError> {
        let Some(path) = self.path() else {
            let size = self.read_now(|conn: &mut DbConn| {
                texts(conn, "SELECT pg_database_size(current_database())::text AS value")
            })?;
            let used = size
                .concat()
                .parse()
                .map_err(|_| StoreError::Corrupt { what: "a size that is no number".to_owned() })?;
            return Ok(Room { used, free: None });
        };
        let cannot_look = || StoreError::file(format!("cannot look at {}", path.display()));
        let mut used = std::fs::metadata(path).map_err(cannot_look())?.len();
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        // Without a log there is none to count.
        used += std::fs::metadata(&log).map_or(0, |m| m.len());
        let free = fs4::available_space(path).map_err(cannot_look())?;
        Ok(Room { used, free: Some(free) })
    }

    /// How busy the connections are.
    pub fn connections(&self) -> Connections {
        let state = self.inner.pool.state();
        Connections { open: state.connections, idle: state.idle_connections, most: self.inner.pool.max_size() }
    }
}
