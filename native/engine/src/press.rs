//! Compressing pages, and the memory that they are made in.

use std::cell::RefCell;

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use snap::raw::{Encoder, max_compress_len};

/// Bytes of the first page that tell whether compressing pays: whether it spares a third.
const TRIED: usize = 1 << 15;

thread_local! {
    /// Fresh memory for each page would cost more than its bytes.
    static PRESS: RefCell<(Encoder, Vec<u8>)> = RefCell::new((Encoder::new(), Vec::new()));
}

/// Gives what is left of some bytes when they are compressed to `take`.
fn press<T>(bytes: &[u8], take: impl FnOnce(&[u8]) -> T) -> Result<T> {
    PRESS.with_borrow_mut(|(encoder, packed)| {
        let room = max_compress_len(bytes.len());
        if packed.len() < room {
            packed.resize(room, 0);
        }
        let length =
            encoder.compress(bytes, packed).map_err(|error| ParquetError::General(error.to_string()))?;
        Ok(take(&packed[..length]))
    })
}

/// Whether pages like this one are worth compressing.
pub fn pays(page: &[u8]) -> Result<bool> {
    let tried = &page[..page.len().min(TRIED)];
    press(tried, |packed| packed.len() * 3 < tried.len() * 2)
}

/// The bytes, compressed.
pub fn packed(page: &[u8]) -> Result<Bytes> {
    press(page, Bytes::copy_from_slice)
}

/// The memory of bytes that nobody else holds any more, to be used again; nothing where somebody does.
#[must_use]
pub fn reclaimed(bytes: Bytes) -> Vec<u8> {
    bytes.try_into_mut().map_or_else(
        |_| Vec::new(),
        |mut own| {
            own.clear();
            own.into()
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_is_worth_compressing_and_comes_back() {
        let same = vec![7; 100_000];
        let mut state = 5_u64;
        let mut draw = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as u8
        };
        let mixed: Vec<u8> = (0..100_000).map(|_| draw()).collect();
        assert!(pays(&same).unwrap() && !pays(&mixed).unwrap());
        for page in [&same, &mixed, &Vec::new()] {
            let back = snap::raw::Decoder::new().decompress_vec(&packed(page).unwrap()).unwrap();
            assert_eq!(&back, page);
        }
    }

    #[test]
    fn memory_comes_back_only_where_nobody_else_holds_it() {
        let mut page = Vec::with_capacity(5_000);
        page.extend_from_slice(&[1; 3_000]);
        let (place, whole) = (page.as_ptr(), Bytes::from(page));
        let part = whole.slice(8..);
        assert_eq!(reclaimed(whole.clone()).capacity(), 0);
        drop(part);
        let again = reclaimed(whole);
        assert_eq!((again.len(), again.as_ptr()), (0, place));
    }
}
