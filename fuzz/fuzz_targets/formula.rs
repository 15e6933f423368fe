//! `cargo fuzz run formula`
#![no_main]

include!("../bodies/formula.rs");

libfuzzer_sys::fuzz_target!(|data: &[u8]| formula(data));
