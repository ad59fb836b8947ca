//! A result as it is read: what it says, the finding line by line, and what the reader should know.

use maud::{Markup, html};

use crate::domain::catalogue::Assay;
use crate::domain::results::{Remark, ShapeKind};
use crate::domain::{Interpretation, ResultVersion};
use crate::web::language::{english, t, word};

/// What a result says, in the words of its bench: a molecular one detects.
pub(crate) fn says(assay: Option<&Assay>, interpretation: Interpretation) -> String {
    let molecular = match assay.and_then(|a| a.shape) {
        Some(ShapeKind::Transcript | ShapeKind::Genes | ShapeKind::Ngs) => true,
        Some(
            ShapeKind::Flow
            | ShapeKind::Fish
            | ShapeKind::Karyotype
            | ShapeKind::Clonality
            | ShapeKind::Morphology
            | ShapeKind::Iron
            | ShapeKind::Histology
            | ShapeKind::Culture,
        )
        | None => false,
    };
    match interpretation {
        Interpretation::Abnormal if molecular => t!("result-detected"),
        Interpretation::Normal if molecular => t!("result-not-detected"),
        Interpretation::Abnormal
        | Interpretation::Normal
        | Interpretation::Indeterminate
        | Interpretation::Inadequate => word("result-interpretation", interpretation.name()),
    }
}

/// The finding line by line, and what the reader should know.
pub(crate) fn finding(assay: Option<&Assay>, version: &ResultVersion) -> Markup {
    let lines = version.lines(assay);
    html! {
        @if !lines.is_empty() {
            dl .facts .facts--table {
                @for line in &lines { div { dt { (english(&line.name)) } dd { (english(&line.value)) } } }
            }
        }
        (to_know(&version.remarks))
    }
}

/// What blocks nothing and should be known.
pub(super) fn to_know(remarks: &[Remark]) -> Markup {
    html! {
        @if !remarks.is_empty() {
            div .note {
                p { strong { (t!("result-to-know")) } }
                ul .plain-list { @for remark in remarks { li { (english(&remark.text)) } } }
            }
        }
    }
}
