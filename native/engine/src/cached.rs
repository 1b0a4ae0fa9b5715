//! What the system keeps of files in its memory: large ones are not left there.
//!
//! A file that fills the memory pushes out what others need, and each page of memory costs time until it is there.

use std::fs::File;
use std::num::NonZeroU64;

use rustix::fs::{Advice, fadvise};
use rustix::io::Errno;

/// Bytes of a file from which on it is not kept while it is read once or written.
pub const LARGE: u64 = 1 << 30;

/// Lets the system take back the memory that holds these bytes of the file; what is not on the disk yet stays.
pub fn forget(file: &File, from: u64, bytes: u64) {
    let told = NonZeroU64::new(bytes).map(|bytes| fadvise(file, from, Some(bytes), Advice::DontNeed));
    // It is advice: a file system that knows nothing of it keeps what it keeps.
    debug_assert_ne!(told, Some(Err(Errno::BADF)));
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::FileExt;
    use std::path::Path;

    use super::*;
    use crate::source::Scratch;

    #[test]
    fn nothing_is_lost_of_what_is_let_go() {
        let file = Scratch::new(Some(&std::env::temp_dir()), Path::new("out")).file().unwrap();
        let bytes: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
        file.write_all_at(&bytes, 0).unwrap();
        forget(&file, 0, bytes.len() as u64);
        file.sync_data().unwrap();
        for (from, count) in [(0, 0), (0, 4096), (17, 9_000), (0, u64::from(u32::MAX))] {
            forget(&file, from, count);
            let mut again = vec![0; bytes.len()];
            file.read_exact_at(&mut again, 0).unwrap();
            assert!(again == bytes, "{from} {count}");
        }
    }
}
