//! A form with a file, sent by a signed-in person from one of our pages.

use std::future::Future;
use std::pin::Pin;

use actix_multipart::{Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt as _;

use super::error::PageError;
use super::fields::Fields;
use super::session::{Person, genuine};
use crate::domain::document::DOCUMENT_MAX;
use crate::domain::{MediaType, NewDocument, Refusal};
use crate::edge::guard::BODY_MAX;
use crate::edge::{Problem, RequestId};

/// Most fields beside the file.
const PAIRS_MAX: usize = 32;

/// What a form with a file sent.
pub(crate) struct Uploaded {
    pub(crate) person: Person,
    pub(crate) fields: Fields,
    file: Option<File>,
}

struct File {
    name: String,
    said: String,
    bytes: Bytes,
}

impl Uploaded {
    /// The file as a document; its hash joins the fields, so that the form's key stands for it too.
    ///
    /// # Errors
    /// Without a file, or with one of a type that is not kept.
    pub(crate) fn document(&mut self) -> Result<NewDocument, Refusal> {
        let missing = || Refusal::field("/file_name", "missing", "choose the document");
        let file = self.file.take().filter(|f| !f.name.is_empty()).ok_or_else(missing)?;
        // A browser goes by the name too, and does not know all of ours.
        let kind = MediaType::parse(&file.said).or_else(|| MediaType::of_file(&file.name));
        let kind = kind.ok_or_else(|| {
            Refusal::field("/file_name", "unknown_type", "choose a PDF, a text, a PNG or JPEG scan, or an HL7 message")
        })?;
        let new = NewDocument::new(file.name, kind, &file.bytes);
        self.fields.set("sha256", new.sha256());
        Ok(new)
    }
}

impl FromRequest for Uploaded {
    type Error = PageError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, PageError>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = Multipart::from_request(req, payload);
        let req = req.clone();
        Box::pin(async move {
            let id = RequestId::of(&req);
            // Who is asked before what was sent is read.
            let person = Person::extract(&req).await?;
            let unreadable = |_| unreadable().with_request(&id);
            let (fields, file) = read(form.await.map_err(unreadable)?).await.map_err(|p| p.with_request(&id))?;
            genuine(&req, &person, &fields)?;
            Ok(Self { person, fields, file })
        })
    }
}

async fn read(mut form: Multipart) -> Result<(Fields, Option<File>), Problem> {
    let (mut pairs, mut file, mut left) = (Vec::new(), None, BODY_MAX);
    while let Some(part) = form.next().await {
        let mut part = part.map_err(|e: MultipartError| broken(&e))?;
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.content_disposition().and_then(|d| d.get_filename()).map(str::to_owned);
        let limit = if file_name.is_some() { DOCUMENT_MAX } else { left };
        let bytes = part.bytes(limit).await.map_err(|_| too_large())?.map_err(|_| unreadable())?;
        match file_name {
            Some(name) if file.is_none() => {
                let said = part.content_type().map_or_else(String::new, |m| m.essence_str().to_owned());
                file = Some(File { name, said, bytes });
            }
            Some(_) => return Err(unreadable()),
            None if pairs.len() >= PAIRS_MAX => return Err(unreadable()),
            None => {
                left -= bytes.len();
                pairs.push((name, String::from_utf8(bytes.to_vec()).map_err(|_| unreadable())?));
            }
        }
    }
    Ok((Fields::new(pairs), file))
}

fn broken(e: &MultipartError) -> Problem {
    tracing::debug!(error = %e, "a form with a file did not read");
    unreadable()
}

fn unreadable() -> Problem {
    let detail = "What was sent is not a form with one file. Nothing was done.";
    Problem::new(StatusCode::BAD_REQUEST, "malformed", "This form cannot be read", detail)
}

fn too_large() -> Problem {
    let detail = format!("A document may have {} MiB. Nothing was done.", DOCUMENT_MAX >> 20);
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "This document is too large", detail)
}
