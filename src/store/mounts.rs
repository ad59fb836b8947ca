//! SQLite's locks and its shared memory do not work over a network: there, a file is damaged sooner or later.

use std::path::Path;

use super::StoreError;

/// File systems that live on another machine.
const NETWORK: [&str; 9] = ["nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ncpfs", "fuse.sshfs", "fuse.glusterfs"];

/// Refuses a file on a network share. Linux only: elsewhere there is no list to look at.
pub(super) fn refuse_network(path: &Path) -> Result<(), StoreError> {
    let Ok(mounts) = std::fs::read_to_string("/proc/self/mountinfo") else { return Ok(()) };
    let folder = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = folder.parent().and_then(|folder| folder.canonicalize().ok()).unwrap_or(folder);
    match kind(&mounts, &folder).filter(|kind| NETWORK.contains(kind)) {
        None => Ok(()),
        Some(kind) => Err(StoreError::Unsupported {
            what: format!(
                "{} is on a network share ({kind}), where SQLite loses data; use a local disk, or PostgreSQL",
                path.display()
            ),
        }),
    }
}

/// The kind of file system that holds a folder: the longest mount point above it, of equals the last one mounted.
fn kind<'a>(mounts: &'a str, folder: &Path) -> Option<&'a str> {
    let mut best = (0, None);
    for line in mounts.lines() {
        // `36 35 98:0 /root /mount/point rw,noatime master:1 - ext4 /dev/root rw`
        let Some((left, right)) = line.split_once(" - ") else { continue };
        let Some(point) = left.split(' ').nth(4) else { continue };
        let point = point.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
        let depth = Path::new(&point).components().count();
        if folder.starts_with(&point) && depth >= best.0 {
            best = (depth, right.split(' ').next());
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
40 22 0:35 / /srv/share rw shared:20 - nfs4 server:/x rw
41 40 8:2 / /srv/share/local rw - xfs /dev/sdb rw
42 22 0:40 / /mnt/my\\040files rw - cifs //s/x rw
";

    #[test]
    fn the_nearest_mount_counts() {
        let found = |folder: &str| kind(MOUNTS, Path::new(folder));
        assert_eq!(found("/var/lib/trephine"), Some("ext4"));
        assert_eq!(found("/srv/share/lab"), Some("nfs4"));
        assert_eq!(found("/srv/shared"), Some("ext4"));
        assert_eq!(found("/srv/share/local/lab"), Some("xfs"));
        assert_eq!(found("/mnt/my files"), Some("cifs"));
    }

    #[test]
    fn a_local_disk_is_fine() {
        let folder = tempfile::tempdir().unwrap();
        refuse_network(&folder.path().join("lab.db")).unwrap();
    }
}
