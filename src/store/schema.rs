//! The tables, as diesel sees them. Written by hand, because diesel cannot print our own types; a test compares it
//! with what the migrations make on both engines.

// The macros make modules full of items that no one else sees, and look types up in a scope of their own.
#![allow(missing_docs, clippy::wildcard_imports)]

diesel::table! {
    trephine_meta (key) {
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    counters (scope) {
        scope -> Text,
        last -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::*;

    idempotency (actor_id, key) {
        actor_id -> SqlId,
        key -> Text,
        body_hash -> Text,
        status -> Integer,
        answer -> Text,
        created_at -> SqlMoment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::*;

    journal (position) {
        position -> BigInt,
        stream -> Text,
        seq -> BigInt,
        recorded_at -> SqlMoment,
        occurred_at -> Nullable<SqlMoment>,
        actor_id -> SqlId,
        actor -> Text,
        command -> Text,
        reason -> Nullable<Text>,
        request_id -> Text,
        body -> Text,
        previous -> Text,
        hash -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::*;

    users (id) {
        id -> SqlId,
        name -> Text,
        full_name -> Text,
        password_hash -> Text,
        roles -> Text,
        disabled_at -> Nullable<SqlMoment>,
        created_at -> SqlMoment,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::*;

    sessions (id_hash) {
        id_hash -> Text,
        user_id -> SqlId,
        csrf -> Text,
        created_at -> SqlMoment,
        seen_at -> SqlMoment,
        expires_at -> SqlMoment,
        authenticated_at -> SqlMoment,
        bench -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::*;

    tokens (id) {
        id -> SqlId,
        hash -> Text,
        user_id -> SqlId,
        name -> Text,
        scope -> Text,
        created_at -> SqlMoment,
        expires_at -> SqlMoment,
        revoked_at -> Nullable<SqlMoment>,
        last_used_at -> Nullable<SqlMoment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::*;

    login_failures (name) {
        name -> Text,
        count -> BigInt,
        last_at -> SqlMoment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::*;

    catalogues (version) {
        version -> BigInt,
        loaded_at -> SqlMoment,
        loaded_by -> Text,
        sha256 -> Text,
        text -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::*;

    patients (id) {
        id -> SqlId,
        mrn -> Text,
        family_name -> Text,
        given_name -> Text,
        name_key -> Text,
        born -> Nullable<Text>,
        sex -> Text,
        version -> BigInt,
        body -> SqlJson,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::*;

    cases (id) {
        id -> SqlId,
        accession -> Text,
        external_ref -> Nullable<Text>,
        patient_id -> SqlId,
        indication -> Text,
        urgency -> Text,
        requester -> Text,
        stage -> Text,
        logged_at -> SqlMoment,
        collected_at -> Nullable<SqlMoment>,
        due_at -> Nullable<SqlMoment>,
        late -> Bool,
        closed_at -> Nullable<SqlMoment>,
        version -> BigInt,
        journal_seq -> BigInt,
        journal_hash -> Text,
        body -> SqlJson,
        recollect_since -> Nullable<SqlMoment>,
        critical_due_at -> Nullable<SqlMoment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::*;

    specimens (id) {
        id -> SqlId,
        case_id -> SqlId,
        label -> Text,
        kind -> Text,
        state -> Text,
        container -> Text,
        location -> Nullable<Text>,
        collected_at -> Nullable<SqlMoment>,
        received_at -> Nullable<SqlMoment>,
        version -> BigInt,
        body -> SqlJson,
        slot -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::*;

    orders (id) {
        id -> SqlId,
        case_id -> SqlId,
        assay -> Text,
        department -> Text,
        state -> Text,
        urgency -> Text,
        specimen_id -> Nullable<SqlId>,
        due_at -> Nullable<SqlMoment>,
        urgent_by -> SqlMoment,
        hold_until -> Nullable<SqlMoment>,
        overdue -> Bool,
        version -> BigInt,
        body -> SqlJson,
        final_at -> Nullable<SqlMoment>,
        worker -> Nullable<SqlId>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::*;

    results (id) {
        id -> SqlId,
        case_id -> SqlId,
        order_id -> SqlId,
        number -> BigInt,
        state -> Text,
        entered_by -> SqlId,
        version -> BigInt,
        body -> SqlJson,
        karyotype_terms -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::*;

    reports (id) {
        id -> SqlId,
        case_id -> SqlId,
        number -> BigInt,
        state -> Text,
        version -> BigInt,
        body -> SqlJson,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::*;

    documents (id) {
        id -> SqlId,
        case_id -> SqlId,
        order_id -> SqlId,
        media_type -> Text,
        file_name -> Text,
        size -> BigInt,
        sha256 -> Text,
        bytes -> Binary,
        added_by -> SqlId,
        added_at -> SqlMoment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::*;

    export_jobs (id) {
        id -> SqlId,
        user_id -> SqlId,
        dataset -> Text,
        request -> SqlJson,
        state -> Text,
        rows_done -> BigInt,
        cases_done -> BigInt,
        cases_total -> BigInt,
        bytes -> Nullable<BigInt>,
        file -> Nullable<Text>,
        error -> Nullable<Text>,
        created_at -> SqlMoment,
        seen_at -> SqlMoment,
        finished_at -> Nullable<SqlMoment>,
        expires_at -> SqlMoment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::*;

    saved_views (id) {
        id -> SqlId,
        user_id -> SqlId,
        name -> Text,
        address -> Text,
        created_at -> SqlMoment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::*;

    opened_cases (user_id, case_id) {
        user_id -> SqlId,
        case_id -> SqlId,
        opened_at -> SqlMoment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::*;

    follows (user_id, case_id) {
        user_id -> SqlId,
        case_id -> SqlId,
        choice -> Nullable<Text>,
        seen -> BigInt,
        told -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::*;

    drafts (user_id, place) {
        user_id -> SqlId,
        place -> Text,
        begun_at -> SqlMoment,
        updated_at -> SqlMoment,
        body -> SqlJson,
    }
}

diesel::joinable!(export_jobs -> users (user_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(tokens -> users (user_id));
diesel::joinable!(cases -> patients (patient_id));
diesel::joinable!(specimens -> cases (case_id));
diesel::joinable!(orders -> cases (case_id));
diesel::joinable!(orders -> specimens (specimen_id));
diesel::joinable!(results -> orders (order_id));
diesel::joinable!(reports -> cases (case_id));
diesel::joinable!(documents -> orders (order_id));
diesel::joinable!(follows -> cases (case_id));
diesel::joinable!(drafts -> users (user_id));

diesel::allow_tables_to_appear_in_same_query!(
    trephine_meta,
    counters,
    idempotency,
    journal,
    users,
    sessions,
    tokens,
    login_failures,
    catalogues,
    patients,
    cases,
    specimens,
    orders,
    results,
    reports,
    documents,
    export_jobs,
    saved_views,
    opened_cases,
    follows,
    drafts,
);

/// The words of the partial indexes. A database uses such an index only when the question repeats the index's
/// condition word for word with literals: a bound `state = ?` proves nothing to it. Filter with these.
pub mod open {
    use diesel::dsl::sql;
    use diesel::expression::SqlLiteral;
    use diesel::sql_types::Bool;

    /// Orders on which work is still to come: indexes `orders_worklist` (department, `urgent_by`, id) and `orders_due`
    /// (department, `due_at`, id).
    pub fn orders() -> SqlLiteral<Bool> {
        sql("orders.state IN ('ordered', 'held', 'awaiting_specimen', 'ready', 'in_process', 'resulted', 'in_review', \
             'referred_out', 'needs_recollect', 'failed')")
    }

    /// Results that nobody but the laboratory sees: index `results_drafts` (`entered_by`, `order_id`).
    pub fn drafts() -> SqlLiteral<Bool> {
        sql("results.state = 'draft'")
    }

    /// Orders on hold: index `orders_held` (`hold_until`).
    pub fn held_orders() -> SqlLiteral<Bool> {
        sql("orders.state = 'held'")
    }

    /// Open orders not yet marked overdue: index `orders_coming_due` (`due_at`).
    pub fn orders_coming_due() -> SqlLiteral<Bool> {
        sql("NOT orders.overdue AND orders.state IN ('ordered', 'held', 'awaiting_specimen', 'ready', 'in_process', \
             'resulted', 'in_review', 'referred_out', 'needs_recollect', 'failed')")
    }

    /// Cases with a part that must be taken again: index `cases_recollect` (`recollect_since`, id).
    pub fn recollections() -> SqlLiteral<Bool> {
        sql("cases.recollect_since IS NOT NULL")
    }

    /// Cases with a critical finding that nobody has heard: index `cases_critical` (`critical_due_at`, id).
    pub fn critical() -> SqlLiteral<Bool> {
        sql("cases.critical_due_at IS NOT NULL")
    }

    /// Specimens that are put away: index `specimens_stored` (kind, id).
    pub fn stored() -> SqlLiteral<Bool> {
        sql("specimens.state = 'stored'")
    }

    /// Specimens that are worked on: index `specimens_at_bench` (location, id).
    pub fn at_bench() -> SqlLiteral<Bool> {
        sql("specimens.state IN ('received', 'on_hold', 'accepted', 'in_process')")
    }

    /// Specimens somebody waits for or must look at: index `specimens_awaited` (state, id).
    pub fn specimens() -> SqlLiteral<Bool> {
        sql("specimens.state IN ('planned', 'collected', 'in_transit', 'received', 'on_hold')")
    }
}
