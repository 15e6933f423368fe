//! `cargo fuzz run read_csv`
#![no_main]

include!("../bodies/read_csv.rs");

libfuzzer_sys::fuzz_target!(|data: &[u8]| read_csv(data));
