//! One field: bytes to text.

use crate::error::ErrorKind;

use super::csv::Problem;

/// The field as text, without white space around it. `column` from 0, for the error.
#[inline]
pub(super) fn text(field: &[u8], column: usize) -> Result<&str, Problem> {
    match std::str::from_utf8(field) {
        // Names mostly start and end with a visible ASCII character: then there is nothing to trim.
        Ok(text) if is_visible(field.first()) && is_visible(field.last()) => Ok(text),
        Ok(text) => Ok(text.trim()),
        Err(_) => Err(Problem { kind: ErrorKind::NotUtf8, field: column }),
    }
}

#[inline]
fn is_visible(byte: Option<&u8>) -> bool {
    byte.is_some_and(u8::is_ascii_graphic)
}

/// The field as a message shows it: trimmed, its start only.
pub(super) fn shown(field: &[u8]) -> String {
    let text = String::from_utf8_lossy(field);
    let text = text.trim();
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The finite number that the text is, if it is one.
pub(super) fn number(text: &str) -> Option<f64> {
    fast_float2::parse::<f64, _>(text.trim()).ok().filter(|n| n.is_finite())
}

/// How files write "no value" in a column of numbers or times. Blank counts everywhere; these only where all the rest
/// are values, since "None" may be a category.
const NO_VALUE: [&str; 8] = ["na", "n/a", "nan", "null", "none", "nil", "-", "?"];

/// Whether the text stands for a missing number.
pub(super) fn is_no_value(text: &str) -> bool {
    NO_VALUE.iter().any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_white_space_around_them() {
        for (field, expected) in
            [("a b", "a b"), (" a\t", "a"), ("\u{a0}é\u{3000}", "é"), (" \u{2003} ", ""), ("", "")]
        {
            assert_eq!(text(field.as_bytes(), 0).ok(), Some(expected));
        }
        assert_eq!(text(b"\xff", 3).err().map(|p| p.field), Some(3));
    }

    #[test]
    fn long_fields_are_cut_in_messages() {
        assert_eq!(shown(" é ".as_bytes()), "é");
        assert_eq!(shown("é".repeat(50).as_bytes()).chars().count(), 41);
    }
}
