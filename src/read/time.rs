//! Times in files: ISO 8601 dates as days since 1970.
//!
//! `2024-01-31`, with `T` or a space and `12:30`, `12:30:15` or `12:30:15.5` behind it, and `Z` or an offset such as
//! `+02:00`; `/` in place of `-` too; and `20240131`. Without an offset a time counts as UTC: all times of a file
//! usually mean the same clock, and only differences of them matter.

/// Seconds in a day.
pub(super) const DAY: f64 = 86_400.0;

/// Days since 1970-01-01T00:00Z, if the text is a date or a date and time with dashes or slashes.
pub(super) fn iso(text: &[u8]) -> Option<f64> {
    let (date, mut rest) = text.split_at_checked(10)?;
    let dash = date[4];
    if (dash != b'-' && dash != b'/') || date[7] != dash {
        return None;
    }
    let mut days = days(digits(&date[..4])?, digits(&date[5..7])?, digits(&date[8..])?)?;
    if let [b'T' | b't' | b' ', clock @ ..] = rest {
        let (seconds, behind) = clock_seconds(clock)?;
        days += seconds / DAY;
        rest = behind;
    }
    match rest {
        [] | [b'Z' | b'z'] => Some(days),
        [sign @ (b'+' | b'-'), offset @ ..] => {
            let offset = offset_seconds(offset)?;
            Some(days - if *sign == b'+' { offset } else { -offset } / DAY)
        }
        _ => None,
    }
}

/// Days since 1970-01-01, if the text is a date as eight digits, from 1900 to 2999.
pub(super) fn eight_digits(text: &[u8]) -> Option<f64> {
    let year = digits(text.get(..4)?).filter(|year| (1900..3000).contains(year) && text.len() == 8)?;
    days(year, digits(&text[4..6])?, digits(&text[6..])?)
}

/// `12:30`, `12:30:15`, `12:30:15.5` in seconds, and what follows.
fn clock_seconds(text: &[u8]) -> Option<(f64, &[u8])> {
    let (head, mut rest) = text.split_at_checked(5)?;
    let (hours, minutes) = (digits(&head[..2])?, digits(&head[3..])?);
    if head[2] != b':' || hours > 24 || minutes > 59 {
        return None;
    }
    let mut seconds = f64::from(hours * 3600 + minutes * 60);
    if let [b':', behind @ ..] = rest {
        let (whole, behind) = behind.split_at_checked(2)?;
        seconds += f64::from(digits(whole).filter(|&s| s <= 60)?);
        rest = behind;
        if let [b'.' | b',', behind @ ..] = rest {
            let n = behind.iter().take_while(|b| b.is_ascii_digit()).count();
            let mut unit = 1.0;
            for digit in behind[..n].iter().take(9) {
                unit /= 10.0;
                seconds += f64::from(digit - b'0') * unit;
            }
            rest = &behind[n..];
        }
    }
    Some((seconds, rest))
}

/// `02:00`, `0200` or `02` in seconds.
fn offset_seconds(text: &[u8]) -> Option<f64> {
    let (hours, minutes) = match text.len() {
        2 => (digits(text)?, 0),
        4 => (digits(&text[..2])?, digits(&text[2..])?),
        5 if text[2] == b':' => (digits(&text[..2])?, digits(&text[3..])?),
        _ => return None,
    };
    (hours < 24 && minutes < 60).then(|| f64::from(hours * 3600 + minutes * 60))
}

fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0, |n, b| b.is_ascii_digit().then(|| 10 * n + u32::from(b - b'0')))
}

/// Days from 1970-01-01 to a date of the Gregorian calendar, if there is such a date (Hinnant 2013,
/// "chrono-compatible low-level date algorithms", `days_from_civil`).
fn days(year: u32, month: u32, day: u32) -> Option<f64> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if day == 0 || day > last {
        return None;
    }
    // The year begins in March, so that the leap day is its last.
    let year = i64::from(year) - i64::from(month <= 2);
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let month = i64::from((month + 9) % 12);
    let day_of_year = (153 * month + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some((era * 146_097 + day_of_era - 719_468) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times() {
        // Checked with `date -u -d ... +%s`.
        for (text, seconds) in [
            ("1970-01-01", 0.0),
            ("1969-12-31", -86_400.0),
            ("2000-02-29", 951_782_400.0),
            ("2024-12-31", 1_735_603_200.0),
            ("1900-03-01", -2_203_891_200.0),
            ("2024/12/31", 1_735_603_200.0),
            ("2024-12-31T12:30", 1_735_648_200.0),
            ("2024-12-31 12:30:15Z", 1_735_648_215.0),
            ("2024-12-31T12:30:15.25+02:00", 1_735_641_015.25),
            ("2024-12-31T12:30:15-0330", 1_735_660_815.0),
            ("2024-12-31T12:30:15+01", 1_735_644_615.0),
        ] {
            let found = iso(text.as_bytes()).map(|days| days * DAY);
            assert!(found.is_some_and(|found| (found - seconds).abs() < 1e-4), "{text}: {found:?}");
        }
        assert_eq!(eight_digits(b"20241231"), iso(b"2024-12-31"));
    }

    #[test]
    fn other_texts_are_no_dates() {
        for text in [
            "",
            "2024",
            "2024-12",
            "2023-02-29",
            "1900-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024-10-00",
            "2024-1-1",
            "2024-01/01",
            "2024-01-01T",
            "2024-01-01T25:00",
            "2024-01-01T12:60",
            "2024-01-01T12:00:61",
            "2024-01-01T12:00+2",
            "2024-01-01 noon",
            "2024-01-01x",
            "12.01.2024",
            "é24-01-01a",
        ] {
            assert_eq!(iso(text.as_bytes()), None, "{text}");
        }
        for text in ["", "2024123", "202412311", "20241301", "18991231", "2024123x"] {
            assert_eq!(eight_digits(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn every_day_follows_the_last() {
        let mut last = days(1899, 12, 31).unwrap();
        for year in 1900..2101 {
            for month in 1..=12 {
                for day in (1..=31).filter_map(|day| days(year, month, day)) {
                    assert_eq!(day, last + 1.0, "{year}-{month}");
                    last = day;
                }
            }
        }
    }
}
