//! What the journal says of everything that is no command about a case: accounts, exports, labels, the catalogue.

use crate::text_enum;

text_enum! {
    /// What was done, as it stands in the column `command` of the journal.
    pub enum Note {
        /// An account was made.
        UserAdd = "user.add",
        /// An account was closed.
        UserDisable = "user.disable",
        /// A closed account was opened again.
        UserEnable = "user.enable",
        /// An account has another password.
        UserPassword = "user.password",
        /// An account has other roles.
        UserRoles = "user.roles",
        /// Every session of an account was ended.
        UserSignOut = "user.sign_out",
        /// Somebody gave their password, to sign in or to sign.
        SessionPasswordGiven = "session.password_given",
        /// A name and a password that do not belong together.
        SessionRefused = "session.refused",
        /// A token for a program was made.
        TokenIssue = "token.issue",
        /// A token was taken back.
        TokenRevoke = "token.revoke",
        /// A catalogue came into force.
        CatalogueLoad = "catalogue.load",
        /// An export began.
        ExportBegin = "export.begin",
        /// Every row of an export was written.
        ExportEnd = "export.end",
        /// An export was ended early.
        ExportCancel = "export.cancel",
        /// The first rows of an export were shown.
        ExportPreview = "export.preview",
        /// The finished file of an export was fetched.
        ExportFetch = "export.fetch",
        /// A label was printed for the first time.
        LabelPrint = "label.print",
        /// A label was printed again.
        LabelReprint = "label.reprint",
        /// A printed label was scanned, and is the right one.
        LabelCheck = "label.check",
    }
}
