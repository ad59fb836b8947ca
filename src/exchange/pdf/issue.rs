//! A signed version as it is given out: what is printed, under which name and tag.

use super::{PdfError, Print, render};
use crate::domain::report_document::ReportDocument;
use crate::domain::report_text::Standing;
use crate::domain::{Case, Report, ReportState};

/// One signed version in its present standing.
#[derive(Debug, Clone)]
pub struct Issue {
    document: ReportDocument,
    sha256: String,
    standing: Standing,
}

impl Issue {
    /// A version of the case's report; none when it was never signed.
    pub fn of(case: &Case, report: &Report) -> Option<Self> {
        let signature = report.signature.as_ref()?;
        let newest = case.signed_report().map(|r| r.number).filter(|n| *n > report.number);
        let standing = match (report.state, newest) {
            (ReportState::Void, _) => Standing::Void,
            (_, Some(newer)) => Standing::Superseded(newer),
            (_, None) => Standing::Current,
        };
        Some(Self { document: ReportDocument::read(&report.document)?, sha256: signature.sha256.clone(), standing })
    }

    /// The PDF. It takes milliseconds of a processor: not for a thread that serves requests.
    ///
    /// # Errors
    /// As [`render`].
    pub fn pdf(&self) -> Result<Vec<u8>, PdfError> {
        render(&Print { document: &self.document, sha256: Some(&self.sha256), standing: self.standing })
    }

    /// Changes when the bytes do: with the signed text, and with the standing.
    pub fn tag(&self) -> String {
        let standing = match self.standing {
            Standing::Preview => "preview".to_owned(),
            Standing::Current => "current".to_owned(),
            Standing::Superseded(by) => format!("superseded-{by}"),
            Standing::Void => "void".to_owned(),
        };
        format!("\"{}-{standing}\"", self.sha256)
    }

    /// The value of `Content-Disposition`: case and version, nothing of the patient.
    pub fn disposition(&self) -> String {
        format!("inline; filename=\"{}-report-{}.pdf\"", self.document.accession, self.document.version)
    }
}
