//! The originals of other laboratories.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::case::sees_drafts;
use crate::domain::decide::hex;
use crate::domain::{Accession, Actor, Case, Code, Document, DocumentId, Order, OrderId};
use crate::lab::execute::absent;
use crate::lab::{Lab, LabError, scope};
use crate::store::StoreError;
use crate::store::aggregate;
use crate::store::tables::documents;

/// A document with the order that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DocumentView {
    /// Its case.
    pub accession: Accession,
    /// Its order.
    pub order: OrderId,
    /// Assay (code).
    pub assay: Code,
    /// What is known of it.
    #[serde(flatten)]
    pub document: Document,
}

/// A document of a case.
pub fn document_view(case: &Case, id: DocumentId) -> Option<DocumentView> {
    let (order, document) = case.document(id)?;
    Some(DocumentView {
        accession: case.header.accession,
        order: order.id,
        assay: order.assay.clone(),
        document: document.clone(),
    })
}

/// The documents of an order that this person may see: outside the laboratory only when the transcription was verified,
/// because the original says what a draft says.
pub fn visible<'c>(case: &Case, order: &'c Order, actor: &Actor) -> &'c [Document] {
    if sees_drafts(actor) || case.verified_result(order.id).is_some() { &order.documents } else { &[] }
}

impl Lab {
    /// A document and exactly its bytes, for somebody who may see it.
    ///
    /// # Errors
    /// As if absent, when it is not theirs to see; [`StoreError::Corrupt`] when the bytes are not those that were attached.
    pub async fn document(&self, actor: &Actor, id: DocumentId) -> Result<(Document, Vec<u8>), LabError> {
        scope::may_look(actor)?;
        let found = self
            .store()
            .read(move |conn| match documents::case_of(conn, id)? {
                Some(case) => aggregate::load(conn, case, false),
                None => Ok::<_, StoreError>(None),
            })
            .await?;
        let case = found.ok_or_else(absent)?.case;
        scope::may_see(actor, &case.header)?;
        let (order, document) = case.document(id).ok_or_else(absent)?;
        if !visible(&case, order, actor).iter().any(|d| d.id == id) {
            return Err(absent());
        }
        let bytes = self.store().read(move |conn| documents::bytes(conn, id)).await?.ok_or_else(absent)?;
        if hex(&Sha256::digest(&bytes)) != document.sha256 {
            return Err(
                StoreError::Corrupt { what: format!("the bytes of document {id} do not fit their hash") }.into()
            );
        }
        Ok((document.clone(), bytes))
    }
}
