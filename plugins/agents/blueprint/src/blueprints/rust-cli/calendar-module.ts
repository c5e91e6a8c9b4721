/** src/calendar.rs: days and moments, which Rust's standard library does not read. */
export const calendarModule = String.raw`//! Days and moments as words.
#![allow(dead_code)] // A tool without such fields keeps it for the next one.

/// A day that is in the calendar.
pub fn day(word: &str) -> Option<String> {
    days(word).map(|_| word.to_string())
}

/// Days from the first of March of the year 0 to a day like 2026-01-31.
fn days(word: &str) -> Option<i64> {
    let [year, month, day] = numbers(word, '-', [4, 2, 2])?;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    Some(365 * year + leaps + (153 * month + 2) / 5 + day - 1)
}

/// The day that so many days after the first of March of the year 0 are.
fn day_after(days: i64) -> String {
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 {
        (year, month + 3)
    } else {
        (year + 1, month - 9)
    };
    format!("{:04}-{month:02}-{day:02}", year + 400 * era)
}

/// A moment like 2026-01-31T12:00:00Z or with an offset, in UTC and whole seconds.
pub fn moment(word: &str) -> Option<String> {
    let (date, rest) = word.split_once('T')?;
    let (time, offset) = match rest.find(['Z', '+', '-']) {
        Some(at) => rest.split_at(at),
        None => (rest, "Z"),
    };
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let [hour, minute, second] = match clock.len() {
        5 => numbers(&format!("{clock}:00"), ':', [2, 2, 2])?,
        _ => numbers(clock, ':', [2, 2, 2])?,
    };
    let is_clock = hour < 24 && minute < 60 && second < 60;
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !is_clock || !is_fraction || (clock.len() == 5 && time.contains('.')) {
        return None;
    }
    let shift = match offset {
        "Z" => 0,
        _ => {
            let [hours, minutes] = numbers(&offset[1..], ':', [2, 2])?;
            if hours > 23 || minutes > 59 {
                return None;
            }
            (hours * 3600 + minutes * 60) * if offset.starts_with('-') { -1 } else { 1 }
        }
    };
    let seconds = days(date)? * 86_400 + hour * 3600 + minute * 60 + second - shift;
    let (day, of_day) = (
        day_after(seconds.div_euclid(86_400)),
        seconds.rem_euclid(86_400),
    );
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    Some(format!("{day}T{hour:02}:{minute:02}:{second:02}Z"))
}

/// Numbers of exactly so many digits between separators.
fn numbers<const N: usize>(word: &str, separator: char, digits: [usize; N]) -> Option<[i64; N]> {
    let parts: Vec<&str> = word.split(separator).collect();
    let mut found = [0; N];
    if parts.len() != N {
        return None;
    }
    for (index, part) in parts.iter().enumerate() {
        if part.len() != digits[index] || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        found[index] = part.parse().ok()?;
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_kept_in_utc() {
        let known = [
            ("2026-01-31T12:00", "2026-01-31T12:00:00Z"),
            ("2026-01-01T00:30:00.5+01:00", "2025-12-31T23:30:00Z"),
            ("2024-02-28T23:00:00-01:00", "2024-02-29T00:00:00Z"),
            ("1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"),
        ];
        for (word, utc) in known {
            assert_eq!(moment(word).as_deref(), Some(utc));
        }
        for word in ["2026-02-29T00:00Z", "2026-01-31T24:00Z", "2026-01-31", "x"] {
            assert_eq!(moment(word), None);
        }
        assert!(day("2026-02-29").is_none() && day("2024-02-29").is_some());
    }
}
`;
