//! What whoever logs a case is told while typing: the patient on file, and what the case would order.

use crate::domain::decide::{self, Circumstances, Outlook, normal_mrn};
use crate::domain::{Actor, LogCase, Patient};
use crate::lab::{Lab, LabError, scope};
use crate::store::StoreError;
use crate::store::tables::{cases, patients};

impl Lab {
    /// The patient on file under a record number; to a requester only one of whom they asked for an examination before.
    ///
    /// # Errors
    /// Refused for roles that see no patients.
    pub async fn patient_on_file(&self, actor: &Actor, mrn: &str) -> Result<Option<Patient>, LabError> {
        scope::may_look(actor)?;
        let (mrn, own) = (normal_mrn(mrn), scope::own_only(actor));
        let found = self
            .store()
            .read(move |conn| {
                let Some(patient) = patients::find_by_mrn(conn, &mrn)? else { return Ok(None) };
                let Some(own) = own else { return Ok(Some(patient)) };
                let ids = cases::of_patient(conn, patient.id)?;
                let asked = cases::of_ids(conn, &ids)?.iter().any(|c| c.header.requester == own);
                Ok::<_, StoreError>(Some(patient).filter(|_| asked))
            })
            .await?;
        Ok(found)
    }

    /// What a case in the making would order, and what would feed it. Nothing is written.
    ///
    /// # Errors
    /// Roles that may never log a case.
    pub fn outlook(&self, actor: &Actor, log: &LogCase) -> Result<Outlook, LabError> {
        let catalogue = self.catalogue();
        let mut ids = || self.next_id();
        let mut at = Circumstances::of(self.now(), &catalogue.catalogue, &mut ids);
        Ok(decide::outlook(log, actor, &mut at)?)
    }
}
