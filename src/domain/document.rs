//! The performing laboratory's own document, kept byte for byte.
//!
//! A laboratory that sends a test out keeps an exact duplicate of what came back and may not revise it
//! (42 CFR 493.1291(i); `reference/domain.md` §6.2). What is transcribed from it is a result like any other; this is what
//! a second person reads it against.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::decide::hex;
use super::{DocumentId, Role, Who};
use crate::text_enum;

/// Largest document, bytes.
pub const DOCUMENT_MAX: usize = 10 * 1024 * 1024;

/// Most documents of one order: one report with its amendments, never an archive.
pub const DOCUMENTS_MAX: usize = 20;

/// Who attaches a document: whoever may enter the result that it is the original of.
pub const ATTACHERS: &[Role] = &[Role::Tech, Role::Supervisor, Role::Pathologist, Role::Interface];

text_enum! {
    /// What a document is, as an Internet media type.
    pub enum MediaType {
        /// PDF.
        Pdf = "application/pdf",
        /// Plain text, in the sender's own encoding.
        Text = "text/plain",
        /// A scan as PNG.
        Png = "image/png",
        /// A scan as JPEG.
        Jpeg = "image/jpeg",
        /// An HL7 v2 message or batch.
        Hl7 = "application/hl7-v2",
    }
}

impl MediaType {
    /// The type that a file's name promises, for senders that do not say (browsers know no HL7).
    pub fn of_file(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "pdf" => Some(Self::Pdf),
            "txt" => Some(Self::Text),
            "png" => Some(Self::Png),
            "jpg" | "jpeg" => Some(Self::Jpeg),
            "hl7" => Some(Self::Hl7),
            _ => None,
        }
    }

    /// Whether bytes begin as this type does. A scan saved under the wrong name would not open when it is needed.
    pub fn fits(self, bytes: &[u8]) -> bool {
        match self {
            // The header may stand anywhere in the first KiB (ISO 32000, annex H).
            Self::Pdf => bytes.get(..1024).unwrap_or(bytes).windows(5).any(|w| w == b"%PDF-"),
            Self::Text => !bytes.contains(&0),
            Self::Png => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
            Self::Jpeg => bytes.starts_with(b"\xff\xd8\xff"),
            Self::Hl7 => {
                let message = bytes.strip_prefix(b"\x0b").unwrap_or(bytes);
                [b"MSH", b"FHS", b"BHS"].iter().any(|segment| message.starts_with(*segment))
            }
        }
    }
}

/// What is known of a kept document. The bytes are beside it and never change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Document {
    /// Identity.
    pub id: DocumentId,
    /// What it was called where it came from.
    pub file_name: String,
    /// What it is.
    pub media_type: MediaType,
    /// Bytes, 1 to [`DOCUMENT_MAX`].
    pub size: u64,
    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Who attached it.
    pub added_by: Who,
    /// When.
    pub added_at: DateTime<Utc>,
}

/// A document as it arrives. The hash is made with it, so that it is that of these bytes and no others.
#[derive(Clone, PartialEq, Eq)]
pub struct NewDocument {
    file_name: String,
    media_type: MediaType,
    bytes: Arc<[u8]>,
    sha256: String,
}

impl NewDocument {
    /// Takes the bytes as they are.
    pub fn new(file_name: impl Into<String>, media_type: MediaType, bytes: &[u8]) -> Self {
        Self { file_name: file_name.into(), media_type, bytes: bytes.into(), sha256: hex(&Sha256::digest(bytes)) }
    }

    /// What it was called where it came from, as given.
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    /// What it is said to be.
    pub const fn media_type(&self) -> MediaType {
        self.media_type
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

/// Without the bytes: they are somebody's findings and ten million numbers.
impl std::fmt::Debug for NewDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewDocument")
            .field("media_type", &self.media_type)
            .field("size", &self.bytes.len())
            .field("sha256", &self.sha256)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_what_they_are_said_to_be() {
        let samples: [(MediaType, &[u8], &[u8]); 5] = [
            (MediaType::Pdf, b"\r\n%PDF-1.7\n", b"PDF"),
            (MediaType::Text, b"46,XY[20]\r\nna\xefve", b"\xff\xfe4\x006\x00"),
            (MediaType::Png, b"\x89PNG\r\n\x1a\n\0\0", b"PNG"),
            (MediaType::Jpeg, b"\xff\xd8\xff\xe0", b"\xff\xd8"),
            (MediaType::Hl7, b"\x0bMSH|^~\\&|", b"PID|1"),
        ];
        for (kind, good, bad) in samples {
            assert!(kind.fits(good), "{kind}");
            assert!(!kind.fits(bad), "{kind}");
        }
        let mut late = vec![b' '; 1024];
        late.extend_from_slice(b"%PDF-1.4");
        assert!(!MediaType::Pdf.fits(&late));
    }

    #[test]
    fn names_promise_types() {
        for (name, kind) in
            [("a.PDF", Some(MediaType::Pdf)), ("x.y.hl7", Some(MediaType::Hl7)), ("pdf", None), ("a.exe", None)]
        {
            assert_eq!(MediaType::of_file(name), kind, "{name}");
        }
    }

    #[test]
    fn a_document_is_never_printed_whole() {
        let new = NewDocument::new("okafor.txt", MediaType::Text, b"blasts 40 %");
        let printed = format!("{new:?}");
        assert!(!printed.contains("okafor") && !printed.contains("98, 108"), "{printed}");
        assert!(printed.contains(new.sha256()));
    }
}
