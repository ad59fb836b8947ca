//! The laboratory's hours and days.

use super::{Catalogue, Finding, repeated};

pub(super) fn hours(c: &Catalogue) -> Vec<Finding> {
    if c.laboratory.opens < c.laboratory.closes {
        return Vec::new();
    }
    vec![Finding::new("laboratory.closes", "the laboratory closes after it opens, on the same day")]
}

pub(super) fn days(c: &Catalogue) -> Vec<Finding> {
    let path = "laboratory.working_days";
    if c.laboratory.working_days.is_empty() {
        return vec![Finding::new(path, "at least one day of the week is a working day")];
    }
    let days = c.laboratory.working_days.iter().map(|day| (path.to_owned(), day.number_from_monday()));
    repeated(days, |_| "a day of the week is listed twice".to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::assert_found;

    #[test]
    fn hours() {
        assert_found(&[
            ("closes = \"18:00\"", "closes = \"08:00\"", "laboratory.closes", "after it opens"),
            ("closes = \"18:00\"", "closes = \"07:00\"", "laboratory.closes", "after it opens"),
        ]);
    }

    #[test]
    fn days() {
        let days = "[\"Mon\", \"Tue\", \"Wed\", \"Thu\", \"Fri\"]";
        assert_found(&[
            (days, "[]", "laboratory.working_days", "at least one"),
            (days, "[\"Mon\", \"monday\"]", "laboratory.working_days", "twice"),
        ]);
    }
}
