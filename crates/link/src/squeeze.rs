//! Deflate with a dictionary of what migrations are made of, so that a short one becomes a short link.

use crate::LinkError;
use miniz_oxide::DataFormat;
use miniz_oxide::deflate::core::deflate_flags::TDEFL_FORCE_ALL_STATIC_BLOCKS;
use miniz_oxide::deflate::core::{
    CompressionStrategy, CompressorOxide, TDEFLFlush, compress_to_output, create_comp_flags_from_zip_params,
};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

/// The level that searches longest.
const BEST: i32 = 10;

/// Part of every link that was ever made in format 1, so it never changes.
const DICTIONARY: &[u8] = include_bytes!("dictionary-1.sql");

/// The shorter of two ways: the standard's own code, whose table is not sent, is the better one for a short text.
pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let fitted = compress(bytes, 0);
    let standard = compress(bytes, TDEFL_FORCE_ALL_STATIC_BLOCKS);
    if standard.len() < fitted.len() { standard } else { fitted }
}

/// The compressor sees the dictionary first; what it writes for that, up to a flush, is not kept.
fn compress(bytes: &[u8], flags: u32) -> Vec<u8> {
    let strategy = CompressionStrategy::Default as i32;
    let best = create_comp_flags_from_zip_params(BEST, DataFormat::Raw.to_window_bits(), strategy);
    let mut compressor = CompressorOxide::new(best | flags);
    let mut out = Vec::new();
    compress_to_output(&mut compressor, DICTIONARY, TDEFLFlush::Sync, |_| true);
    compress_to_output(&mut compressor, bytes, TDEFLFlush::Finish, |written| {
        out.extend_from_slice(written);
        true
    });
    out
}

/// The dictionary stands before the output, where references reach back to it. Refuses more than `most` bytes.
pub(crate) fn inflate(bytes: &[u8], most: usize) -> Result<Vec<u8>, LinkError> {
    let start = DICTIONARY.len();
    let mut out = DICTIONARY.to_vec();
    out.resize(start + 4 * bytes.len().max(64), 0);
    let mut state = DecompressorOxide::new();
    let (mut read, mut written) = (0, start);
    loop {
        let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let (status, taken, made) = decompress(&mut state, &bytes[read..], &mut out, written, flags);
        read += taken;
        written += made;
        match status {
            TINFLStatus::Done if read == bytes.len() => break,
            TINFLStatus::HasMoreOutput if out.len() - start < most => {
                let twice = 2 * (out.len() - start);
                out.resize(start + twice.min(most), 0);
            }
            TINFLStatus::HasMoreOutput => return Err(LinkError::TooLarge),
            _ => return Err(LinkError::Damaged),
        }
    }
    out.truncate(written);
    Ok(out.split_off(start))
}
