//! Numbers as a bench gives them: with a sign for “below”, “not detected”, and with what a percentage is a percentage of.

use serde::{Deserialize, Deserializer, Serialize};

use super::plain;
use crate::domain::Qualifier;
use crate::text_enum;

text_enum! {
    /// Whether something was found. Never a bare “negative” (`reference/domain.md` §5).
    pub enum Presence {
        /// It was found.
        Detected = "detected",
        /// It was looked for, with enough sensitivity, and not found.
        NotDetected = "not_detected",
        /// It cannot be decided from this.
        Indeterminate = "indeterminate",
        /// It could not be assessed.
        Inadequate = "inadequate",
    }
}

text_enum! {
    /// What a percentage is a percentage of.
    pub enum Denominator {
        /// Everything the cytometer counted.
        AllEvents = "all_events",
        /// Events with CD45 on them.
        Cd45Positive = "cd45_positive",
        /// White cells.
        Leukocytes = "leukocytes",
        /// Cells with one nucleus that is not lobed.
        MononuclearCells = "mononuclear_cells",
        /// Lymphocytes.
        Lymphocytes = "lymphocytes",
        /// Blasts.
        Blasts = "blasts",
        /// Plasma cells.
        PlasmaCells = "plasma_cells",
        /// All nucleated marrow cells.
        NucleatedCells = "nucleated_cells",
        /// Nucleated cells without the red series.
        NonErythroidCells = "non_erythroid_cells",
        /// Precursors of red cells.
        ErythroidPrecursors = "erythroid_precursors",
        /// The red series.
        ErythroidCells = "erythroid_cells",
        /// The granulocytic series.
        GranulocyticCells = "granulocytic_cells",
        /// Megakaryocytes.
        Megakaryocytes = "megakaryocytes",
        /// Nuclei scored under the fluorescence microscope.
        Nuclei = "nuclei",
        /// Reads of a sequencer at that place.
        Reads = "reads",
        /// Copies of the control gene.
        ControlCopies = "control_copies",
        /// The marrow space between the trabeculae.
        MarrowSpace = "marrow_space",
        /// Metaphases.
        Metaphases = "metaphases",
    }
}

/// A number and how to read it. Accepts `12.5`, `"<0.001"`, `"> 90"`, `"~5"`, `"ND"`, `"1e-5"` and the object that is
/// given back.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Reading {
    /// The number. Absent only when nothing was detected and no limit is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// How to read it; absent: exactly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qualifier: Option<Qualifier>,
}

impl Reading {
    /// Exactly this.
    pub const fn exactly(value: f64) -> Self {
        Self { value: Some(value), qualifier: None }
    }

    /// Looked for and not found.
    pub const NOT_DETECTED: Self = Self { value: None, qualifier: Some(Qualifier::NotDetected) };

    /// Whether nothing was found.
    pub fn is_not_detected(self) -> bool {
        self.qualifier == Some(Qualifier::NotDetected)
    }

    /// The number, when something was measured: not for *below* and *not detected*.
    pub fn measured(self) -> Option<f64> {
        match self.qualifier {
            None | Some(Qualifier::About | Qualifier::Above) => self.value,
            Some(Qualifier::Below | Qualifier::NotDetected) => None,
        }
    }

    /// Reads what people type.
    ///
    /// # Errors
    /// A sentence that says what is accepted.
    pub fn parse(typed: &str) -> Result<Self, String> {
        let typed = typed.trim();
        let lower = typed.to_lowercase();
        // `ND 0.01`: looked for down to that, and not found.
        if let Some(limit) = lower.strip_prefix("nd ").map(|rest| rest.trim().trim_end_matches('%').trim())
            && let Some(limit) = limit.parse().ok().filter(|n: &f64| n.is_finite())
        {
            return Ok(Self { value: Some(limit), qualifier: Some(Qualifier::NotDetected) });
        }
        let (qualifier, rest) = match lower.as_str() {
            "nd" | "n.d." | "not detected" | "not_detected" | "undetectable" | "0 (nd)" => {
                return Ok(Self::NOT_DETECTED);
            }
            text => match text.chars().next() {
                Some('<' | '≤') => {
                    (Some(Qualifier::Below), text.get(text.chars().next().map_or(0, char::len_utf8)..))
                }
                Some('>' | '≥') => {
                    (Some(Qualifier::Above), text.get(text.chars().next().map_or(0, char::len_utf8)..))
                }
                Some('~' | '≈') => {
                    (Some(Qualifier::About), text.get(text.chars().next().map_or(0, char::len_utf8)..))
                }
                Some(_) | None => (None, Some(text)),
            },
        };
        let digits = rest.unwrap_or_default().trim().trim_start_matches('=').trim_end_matches('%').trim();
        if digits.contains(',') {
            return Err(format!("“{typed}”: write the decimal point as a point, without thousands commas"));
        }
        match digits.parse::<f64>() {
            Ok(value) if value.is_finite() && !digits.is_empty() => Ok(Self { value: Some(value), qualifier }),
            Ok(_) | Err(_) => {
                Err(format!("“{typed}” is not a number; write for example 0.05, <0.001, >90, ~5, 1e-5 or ND"))
            }
        }
    }

    /// As [`Reading::parse`] reads it: `<0.001`, `ND`, `ND 0.01`, in as many digits as it takes.
    pub fn typed(self) -> String {
        let number = self.value.map_or_else(String::new, |v| v.to_string());
        match self.qualifier {
            None => number,
            Some(Qualifier::Below) => format!("<{number}"),
            Some(Qualifier::Above) => format!(">{number}"),
            Some(Qualifier::About) => format!("~{number}"),
            Some(Qualifier::NotDetected) => format!("ND {number}").trim_end().to_owned(),
        }
    }

    /// As understood, in words: `below 0.001`, `not detected`.
    pub fn words(self, unit: &str) -> String {
        let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        let number = self.value.map(|v| format!("{}{unit}", plain(v)));
        match (self.qualifier, number) {
            (None, Some(number)) => number,
            (Some(Qualifier::Below), Some(number)) => format!("below {number}"),
            (Some(Qualifier::Above), Some(number)) => format!("above {number}"),
            (Some(Qualifier::About), Some(number)) => format!("about {number}"),
            (Some(Qualifier::NotDetected), Some(number)) => format!("not detected (sensitivity {number})"),
            (Some(Qualifier::NotDetected), None) => "not detected".to_owned(),
            (None | Some(Qualifier::Below | Qualifier::Above | Qualifier::About), None) => "not stated".to_owned(),
        }
    }
}

impl<'de> Deserialize<'de> for Reading {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Typed;
        impl<'de> serde::de::Visitor<'de> for Typed {
            type Value = Reading;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number, a text such as <0.001 or ND, or an object with value and qualifier")
            }
            fn visit_f64<E: serde::de::Error>(self, v: f64) -> Result<Reading, E> {
                Ok(Reading::exactly(v))
            }
            #[allow(clippy::cast_precision_loss)] // a count typed as a reading; the bounds are checked afterwards
            fn visit_u64<E: serde::de::Error>(self, v: u64) -> Result<Reading, E> {
                Ok(Reading::exactly(v as f64))
            }
            #[allow(clippy::cast_precision_loss)] // as above
            fn visit_i64<E: serde::de::Error>(self, v: i64) -> Result<Reading, E> {
                Ok(Reading::exactly(v as f64))
            }
            fn visit_str<E: serde::de::Error>(self, v: &str) -> Result<Reading, E> {
                Reading::parse(v).map_err(E::custom)
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Reading, A::Error> {
                let object = Object::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                Ok(Reading { value: object.value, qualifier: object.qualifier })
            }
        }
        deserializer.deserialize_any(Typed)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Object {
    #[serde(default)]
    value: Option<f64>,
    #[serde(default)]
    qualifier: Option<Qualifier>,
}

impl utoipa::PartialSchema for Reading {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Type};
        OneOfBuilder::new()
            .description(Some("A number, a text (`<0.001`, `>90`, `~5`, `ND`), or the object that is given back."))
            .item(ObjectBuilder::new().schema_type(Type::Number))
            .item(ObjectBuilder::new().schema_type(Type::String))
            .item(
                ObjectBuilder::new()
                    .property("value", ObjectBuilder::new().schema_type(Type::Number))
                    .property("qualifier", Qualifier::schema()),
            )
            .into()
    }
}

impl utoipa::ToSchema for Reading {
    fn name() -> std::borrow::Cow<'static, str> {
        std::borrow::Cow::Borrowed("Reading")
    }
}

/// A percentage and what it is a percentage of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ShareOf)]
pub struct Share {
    /// The percentage, 0 to 100.
    pub percent: Reading,
    /// Of what.
    pub of: Denominator,
}

impl Share {
    /// Exactly so many percent of that.
    pub const fn exactly(percent: f64, of: Denominator) -> Self {
        Self { percent: Reading::exactly(percent), of }
    }

    /// `12.5 % of CD45 positive`.
    pub fn words(&self) -> String {
        format!("{} of {}", self.percent.words("%"), self.of.words().replace("cd45", "CD45"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_as_people_type_them() {
        for (typed, value, qualifier, words) in [
            ("0.05", Some(0.05), None, "0.05 %"),
            ("<0.001", Some(0.001), Some(Qualifier::Below), "below 0.001 %"),
            ("< 0.001 %", Some(0.001), Some(Qualifier::Below), "below 0.001 %"),
            ("≥90", Some(90.0), Some(Qualifier::Above), "above 90 %"),
            ("~5", Some(5.0), Some(Qualifier::About), "about 5 %"),
            ("1e-5", Some(1e-5), None, "0.00001 %"),
            ("ND", None, Some(Qualifier::NotDetected), "not detected"),
            ("nd 0.01 %", Some(0.01), Some(Qualifier::NotDetected), "not detected (sensitivity 0.01 %)"),
            ("not detected", None, Some(Qualifier::NotDetected), "not detected"),
        ] {
            let read = Reading::parse(typed).unwrap();
            assert_eq!((read.value, read.qualifier), (value, qualifier), "{typed}");
            assert_eq!(read.words("%"), words);
            // Typed again or given back, it is understood the same.
            assert_eq!(Reading::parse(&read.typed()).unwrap(), read, "{typed}");
            let json = serde_json::to_string(&read).unwrap();
            assert_eq!(serde_json::from_str::<Reading>(&json).unwrap(), read, "{json}");
        }
        for bad in ["", "<", "abc", "0,05", "1,000", "NaN", "inf", "5 cells"] {
            assert!(Reading::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(serde_json::from_str::<Reading>("12").unwrap(), Reading::exactly(12.0));
        assert_eq!(serde_json::from_str::<Reading>("\"<2\"").unwrap().qualifier, Some(Qualifier::Below));
        assert!(serde_json::from_str::<Reading>("{\"value\":1,\"x\":2}").is_err());
    }
}
