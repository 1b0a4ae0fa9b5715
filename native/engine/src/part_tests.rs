use std::path::PathBuf;

use super::*;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("lakebook-part-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

#[test]
fn a_published_part_takes_the_name_of_the_output() {
    let folder = Folder::new("published");
    let (part, mut out) = Part::create(&folder.0.join("out.parquet")).unwrap();
    out.write_all(b"content").unwrap();
    out.flush().unwrap();
    assert_eq!(folder.names(), ["out.parquet.part"]);
    part.publish().unwrap();
    assert_eq!(folder.names(), ["out.parquet"]);
    assert_eq!(std::fs::read(folder.0.join("out.parquet")).unwrap(), b"content");
}

#[test]
fn a_part_that_is_not_published_is_removed() {
    let folder = Folder::new("dropped");
    std::fs::write(folder.0.join("out.parquet"), b"older").unwrap();
    drop(Part::create(&folder.0.join("out.parquet")).unwrap());
    assert_eq!(folder.names(), ["out.parquet"]);
}

#[test]
fn what_is_made_durable_on_the_way_is_complete_in_the_end() {
    let folder = Folder::new("durable");
    let (part, mut out) = Part::create(&folder.0.join("out.parquet")).unwrap();
    for at in 0..5_u8 {
        out.write_all(&vec![at; DURABLE / 2 + 1]).unwrap();
    }
    out.flush().unwrap();
    assert!(part.sync.lock().unwrap().is_some(), "more was written than waits for the end");
    part.settle();
    part.publish().unwrap();
    assert_eq!(folder.names(), ["out.parquet"]);
    let content = std::fs::read(folder.0.join("out.parquet")).unwrap();
    assert!(content.chunks(DURABLE / 2 + 1).zip(0..).all(|(some, at)| some.iter().all(|&byte| byte == at)));
    assert_eq!(content.len(), 5 * (DURABLE / 2 + 1));
}

#[test]
fn a_failure_to_make_durable_is_told_when_publishing() {
    let folder = Folder::new("lost");
    let (part, _out) = Part::create(&folder.0.join("out.parquet")).unwrap();
    // A pipe has nothing that could be made durable: the system says so.
    let (reader, _writer) = io::pipe().unwrap();
    *part.sync.lock().unwrap() = durable(File::from(std::os::fd::OwnedFd::from(reader)), &part.trouble, None);
    let told = part.publish().unwrap_err().to_string();
    assert!(told.starts_with("out.parquet cannot be written"), "{told}");
    assert!(folder.names().is_empty());
}

#[test]
fn trouble_of_the_file_system_is_explained_by_it() {
    let folder = Folder::new("trouble");
    let (part, out) = Part::create(&folder.0.join("out.parquet")).unwrap();
    let full = io::Error::from(io::ErrorKind::StorageFull);
    assert!(out.remember::<()>(Err(full)).is_err());
    let error = ParquetError::General("inner".to_owned());
    assert_eq!(part.explain(&error), Error::disk_full());
    assert!(matches!(part.explain(&error), Error::Failed(_)));
}

#[test]
fn messages_name_the_file_and_the_reason_only() {
    let error = |kind| Error::reading("orders.csv", &io::Error::from(kind)).to_string();
    assert_eq!(error(io::ErrorKind::PermissionDenied), "orders.csv cannot be read: permission was denied");
    assert_eq!(error(io::ErrorKind::NotFound), "orders.csv cannot be read: it does not exist");
    assert_eq!(
        error(io::ErrorKind::UnexpectedEof),
        "orders.csv cannot be read: it became shorter while it was read"
    );
    let missing = Part::create(Path::new("no/such/folder/out.parquet")).err().unwrap().to_string();
    assert_eq!(missing, "out.parquet cannot be written: its folder does not exist");
    assert_eq!(Error::Cancelled.to_string(), "the work was cancelled before it was done");
}
