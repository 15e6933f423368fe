//! Shaders as they are compiled into the program: without their comments, which every visitor would load.

/// The text of a shader beside this file, without comments.
macro_rules! shader {
    ($file:literal) => {{
        const TEXT: &str = include_str!($file);
        const LEN: usize = $crate::draw::shader::without_comments::<{ TEXT.len() }>(TEXT).1;
        const BYTES: [u8; LEN] = {
            let (long, mut bytes, mut i) =
                ($crate::draw::shader::without_comments::<{ TEXT.len() }>(TEXT).0, [0; LEN], 0);
            while i < LEN {
                bytes[i] = long[i];
                i += 1;
            }
            bytes
        };
        match std::str::from_utf8(&BYTES) {
            Ok(text) => text,
            Err(_) => unreachable!(),
        }
    }};
}
pub(super) use shader;

/// The text up to `//` in each line, without spaces at a line's start, and how many bytes that is.
pub(super) const fn without_comments<const N: usize>(text: &str) -> ([u8; N], usize) {
    let (from, mut bytes) = (text.as_bytes(), [0; N]);
    let (mut i, mut len, mut comment) = (0, 0, false);
    while i < from.len() {
        let start = len == 0 || bytes[len - 1] == b'\n';
        comment = from[i] != b'\n' && (comment || (from[i] == b'/' && i + 1 < N && from[i + 1] == b'/'));
        if !comment && !(start && (from[i] == b' ' || from[i] == b'\n')) {
            bytes[len] = from[i];
            len += 1;
        }
        i += 1;
    }
    (bytes, len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_indents_go() {
        let text = "#version 300 es\n// A header.\n\nfloat a; // px\n  a = b / c;\n";
        let (bytes, len) = without_comments::<80>(text);
        assert_eq!(&bytes[..len], b"#version 300 es\nfloat a; \na = b / c;\n");
        let whole = shader!("points.vert");
        assert!(
            whole.starts_with("#version 300 es\nprecision")
                && !whole.contains("//")
                && whole.ends_with("}\n")
        );
    }
}
