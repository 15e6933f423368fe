//! Export: an embedding as CSV, with names, and as NPY, the plain array format of NumPy, for other programs.

use std::fmt::Write as _;

/// The embedding `x` (row-major, n x dim) as a NPY file: format 1.0, little-endian 32-bit floats, shape (n, dim), rows
/// one after the other. `numpy.load` reads it; row i is item i, whose name the CSV has.
pub fn npy(x: &[f32], dim: usize) -> Vec<u8> {
    let rows = x.len() / dim.max(1);
    let mut header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {dim}), }}");
    // Magic (6 bytes), version (2), length (2) and header together are a multiple of 64; the header ends its line.
    let padded = (10 + header.len() + 1).next_multiple_of(64) - 10;
    header.push_str(&" ".repeat(padded - header.len() - 1));
    header.push('\n');
    let mut bytes = Vec::with_capacity(10 + header.len() + x.len() * 4);
    bytes.extend_from_slice(b"\x93NUMPY\x01\x00");
    bytes.extend_from_slice(&(header.len() as u16).to_le_bytes());
    bytes.extend_from_slice(header.as_bytes());
    x.iter().for_each(|v| bytes.extend_from_slice(&v.to_le_bytes()));
    bytes
}

/// The embedding `x` (row-major, n x dim) as CSV: item, label (where there are labels), d1 to d`dim`. Rust prints the
/// shortest digits that read back to the same bits. `names` gives each item's name and, if it has one, its label.
pub fn csv<'a>(names: impl Iterator<Item = (&'a str, Option<&'a str>)>, x: &[f32], dim: usize) -> String {
    let names: Vec<_> = names.collect();
    let labelled = names.iter().any(|(_, label)| label.is_some());
    let mut text = String::from(if labelled { "item,label" } else { "item" });
    (1..=dim).for_each(|d| _ = write!(text, ",d{d}"));
    text.push('\n');
    for ((name, label), row) in names.iter().zip(x.chunks_exact(dim.max(1))) {
        text.push_str(&csv_field(name));
        if labelled {
            text.push(',');
            text.push_str(&csv_field(label.unwrap_or(name)));
        }
        row.iter().for_each(|v| _ = write!(text, ",{v}"));
        text.push('\n');
    }
    text
}

/// A CSV field, in quotes where RFC 4180 needs them.
pub fn csv_field(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) || field.trim() != field {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn npy_byte_by_byte() {
        let bytes = npy(&[1.0, -2.5, 0.0, 3e38, f32::MIN_POSITIVE, 7.0], 3);
        let mut want =
            b"\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".to_vec();
        want.resize(127, b' ');
        want.push(b'\n');
        assert_eq!(&bytes[..128], &want[..]);
        let numbers: Vec<f32> =
            bytes[128..].as_chunks::<4>().0.iter().map(|&b| f32::from_le_bytes(b)).collect();
        assert_eq!(numbers, [1.0, -2.5, 0.0, 3e38, f32::MIN_POSITIVE, 7.0]);
        // Whatever the shape's digits, the numbers start at a multiple of 64.
        for rows in [0, 1, 10, 999] {
            let bytes = npy(&vec![0.0; rows * 2], 2);
            assert_eq!((bytes.len() - rows * 8) % 64, 0);
            assert_eq!(usize::from(u16::from_le_bytes([bytes[8], bytes[9]])) + 10 + rows * 8, bytes.len());
        }
    }

    #[test]
    fn csv_by_hand() {
        let x = [0.1, 2.0, -3.5, 1e-9];
        let plain = csv([("a", None), ("b,\"c\"", None)].into_iter(), &x, 2);
        assert_eq!(plain, "item,d1,d2\na,0.1,2\n\"b,\"\"c\"\"\",-3.5,0.000000001\n");
        let labelled = csv([("a", Some("A a")), ("b", None)].into_iter(), &x, 2);
        assert_eq!(labelled, "item,label,d1,d2\na,A a,0.1,2\nb,b,-3.5,0.000000001\n");
    }
}
