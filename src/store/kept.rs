//! What a file has beside its bytes goes over to the file that replaces it: owner, group, mode, access list, extended attributes.
//! What cannot go over is told, and rights are dropped rather than widened.

use std::{fmt, fs::File, io, path::Path};

/// What a save could not keep of the file that it replaced.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Unkept {
    /// Its group, whose rights were dropped.
    pub group: bool,
    /// Its permissions: only the owner has any now.
    pub mode: bool,
    /// Its access list: only the owner has any rights now.
    pub access_list: bool,
    /// Extended attributes.
    pub attributes: bool,
    /// Other names of the same file, which keep what it held before. Writing in place would keep them, and could tear the file.
    pub links: bool,
}

impl Unkept {
    /// Whether all was kept.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

impl fmt::Display for Unkept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = [
            (self.group, "its group is not kept, so the group's rights are taken away"),
            (self.mode, "its permissions are not kept, so only its owner may read it"),
            (self.access_list, "its access list is not kept, so only its owner may read it"),
            (self.attributes, "its extended attributes are not kept"),
            (self.links, "its other names (hard links) go on holding what it held before"),
        ];
        let said: Vec<&str> = all.into_iter().filter(|(is, _)| *is).map(|(_, words)| words).collect();
        f.write_str(&said.join("; "))
    }
}

/// Gives a new, private file what another has. An error means that the other cannot be looked at.
#[cfg(unix)]
pub(super) fn carry_over(from: &Path, to: &File) -> io::Result<Unkept> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
    let (old, new) = (std::fs::metadata(from)?, to.metadata()?);
    let mut unkept = Unkept { links: old.nlink() > 1, ..Unkept::default() };
    if old.uid() != new.uid() {
        // Only the system's administrator may give files away; a colleague who saves owns the new one.
        drop(fchown(to, Some(old.uid()), None));
    }
    unkept.group = old.gid() != new.gid() && fchown(to, None, Some(old.gid())).is_err();
    let mut mode = old.mode() & 0o777;
    if unkept.group {
        // The new group is of strangers; and who was of the old one counts among the others now.
        mode = (mode & 0o700) | (mode & (mode >> 3) & 0o007);
    }
    unkept.access_list = !attributes::carry_access_list(from, to);
    if unkept.access_list {
        mode &= 0o700;
    }
    unkept.attributes = !attributes::carry_others(from, to);
    unkept.mode = to.set_permissions(std::fs::Permissions::from_mode(mode)).is_err();
    Ok(unkept)
}

/// The system gives new files what their folder gives them.
#[cfg(not(unix))]
pub(super) fn carry_over(_from: &Path, _to: &File) -> io::Result<Unkept> {
    Ok(Unkept::default())
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
mod attributes {
    use rustix::{
        fs::{XattrFlags, fgetxattr, fremovexattr, fsetxattr, getxattr, listxattr},
        io::Errno,
    };
    use std::{ffi::CStr, fs::File, path::Path};

    /// Where Linux keeps the access list of a file: `acl(5)`.
    const ACCESS: &CStr = c"system.posix_acl_access";
    /// What the system makes itself for each file: labels, checksums of the contents, marks of layered file systems.
    const OF_THE_SYSTEM: [&str; 5] = ["security.selinux", "security.ima", "security.evm", "security.capability", "trusted.overlay."];
    /// Most bytes of a value and of all names together: `xattr(7)`.
    const MOST: usize = 1 << 16;

    /// Whether there is none of it, or none of its kind here.
    fn is_none(error: Errno) -> bool {
        #[cfg(target_os = "macos")]
        if error == Errno::NOATTR {
            return true;
        }
        // NOTSUP and OPNOTSUPP are one number on Linux, two on macOS.
        [Errno::NODATA, Errno::NOTSUP, Errno::OPNOTSUPP].contains(&error)
    }

    fn read(found: Result<usize, Errno>, mut buffer: Vec<u8>) -> Result<Option<Vec<u8>>, Errno> {
        match found {
            Ok(length) => {
                buffer.truncate(length);
                Ok(Some(buffer))
            }
            Err(error) if is_none(error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn value(path: &Path, name: &CStr) -> Result<Option<Vec<u8>>, Errno> {
        let mut buffer = vec![0; MOST];
        let found = getxattr(path, name, buffer.as_mut_slice());
        read(found, buffer)
    }

    /// Whether the new file has the access list of the old one, or neither has any.
    pub(super) fn carry_access_list(from: &Path, to: &File) -> bool {
        match value(from, ACCESS) {
            Ok(Some(list)) => fsetxattr(to, ACCESS, &list, XattrFlags::empty()).is_ok(),
            // A folder may give new files one that the old file had not.
            Ok(None) => fremovexattr(to, ACCESS).map_or_else(is_none, |()| true),
            Err(_) => false,
        }
    }

    /// Whether the new file has the other attributes of the old one.
    pub(super) fn carry_others(from: &Path, to: &File) -> bool {
        let mut buffer = vec![0; MOST];
        let found = listxattr(from, buffer.as_mut_slice());
        let names = match read(found, buffer) {
            Ok(names) => names.unwrap_or_default(),
            Err(_) => return false,
        };
        let mut all = true;
        for name in names.split_inclusive(|byte| *byte == 0).filter_map(|name| CStr::from_bytes_with_nul(name).ok()) {
            let is_made = OF_THE_SYSTEM.iter().any(|made| name.to_bytes().starts_with(made.as_bytes()));
            if name == ACCESS || is_made {
                continue;
            }
            all &= match value(from, name) {
                Ok(Some(value)) => {
                    let mut buffer = vec![0; MOST];
                    let there = fgetxattr(to, name, buffer.as_mut_slice());
                    there.ok().and_then(|length| buffer.get(..length)) == Some(value.as_slice())
                        || fsetxattr(to, name, &value, XattrFlags::empty()).is_ok()
                }
                Ok(None) => true,
                Err(_) => false,
            };
        }
        all
    }
}

#[cfg(all(unix, not(any(target_os = "linux", target_os = "macos"))))]
mod attributes {
    use std::{fs::File, path::Path};

    /// Not known here.
    pub(super) fn carry_access_list(_from: &Path, _to: &File) -> bool {
        true
    }

    /// Not known here.
    pub(super) fn carry_others(_from: &Path, _to: &File) -> bool {
        true
    }
}
