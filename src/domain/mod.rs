//! What is true about marrow. Pure: no database, no web, no clock, no randomness; everything comes in as a value.

pub mod accession;
pub mod actor;
pub mod case;
pub mod catalogue;
pub mod code;
pub mod command;
pub mod correlation;
pub mod critical;
pub mod decide;
pub mod document;
pub mod event;
pub mod ids;
pub mod iscn;
pub mod labeling;
pub mod machine;
pub mod order;
pub mod progress;
pub mod refusal;
pub mod report;
pub mod report_document;
pub mod report_text;
pub mod result;
pub mod result_words;
pub mod results;
pub mod sample_plan;
pub mod series;
pub mod slot;
pub mod specimen;
pub mod take_back;
pub mod text;
pub mod text_enum;
pub mod vocabulary;
pub mod volume;
pub mod workstep;

pub use accession::{Accession, Label};
pub use actor::{Actor, Who};
pub use case::{Case, CaseHeader, Moment, Patient, Procedure, Recollection, RecollectionClosed, ReportReading};
pub use catalogue::Catalogue;
pub use code::Code;
pub use command::{Command, LogCase, Target};
pub use critical::{CallMethod, CallOutcome, CriticalFinding};
pub use document::{Document, MediaType, NewDocument};
pub use event::{Entity, Event};
pub use ids::{CaseId, CriticalId, DocumentId, OrderId, PatientId, ReportId, ResultId, SpecimenId, UserId};
pub use machine::{
    Machine, OrderState, OrderTransition, ReportState, ReportTransition, ResultState, ResultTransition, SpecimenState,
    SpecimenTransition,
};
pub use order::{Attempt, Closing, FAR, Order, OrderHold, Origin, StepDone};
pub use refusal::{FieldError, Refusal};
pub use report::{Report, ReportKind, Signature};
pub use result::{Interpretation, Qualifier, ResultValue, ResultVersion, Revision, Told};
pub use sample_plan::SampleDecision;
pub use slot::Slot;
pub use specimen::{Caveat, Query, Referral, Rejection, Specimen};
pub use vocabulary::{
    HoldPolicy, LimitAction, Need, ProcedureOutcome, Role, Sex, Side, SpecimenKind, Temperature, Urgency,
};
pub use volume::{Debit, Ledger};
