//! A small sound catalogue for the tests of this folder, and a way to break it in one place.

/// The catalogue that ships.
pub(super) const DEFAULT: &str = include_str!("../../../fixtures/catalogue.toml");

/// Sound, and small enough to see what a change does.
pub(super) const TEXT: &str = r#"
[laboratory]
name = "Sample Laboratory"
address = "1 Marrow Street"
time_zone = "Europe/London"
opens = "08:00"
closes = "18:00"
working_days = ["Mon", "Tue", "Wed", "Thu", "Fri"]

[laboratory.holidays]
2026-12-25 = "Christmas Day"

[[department]]
code = "RECEPTION"
name = "Reception"
[[department]]
code = "FLOW"
name = "Flow bench"
hl7_0074 = "IMM"

[[storage]]
code = "BOX-1"
name = "Sample box"
temperature = "refrigerated"
rows = 8
columns = 12

[[container]]
code = "EDTA"
name = "EDTA"
hl7_0371 = "EDTK"
anticoagulant = true
[[container]]
code = "HEPARIN"
name = "Sodium heparin"
anticoagulant = true
[[container]]
code = "MEDIUM"
name = "Cytogenetics medium"
[[container]]
code = "RPMI"
name = "RPMI"
[[container]]
code = "FORMALIN"
name = "Formalin"
fixative = true
[[container]]
code = "SLIDE"
name = "Slide"
slide = true
[[container]]
code = "STERILE"
name = "Sterile tube"

[[kind]]
kind = "aspirate"
name = "Aspirate"
snomed = "396997002"
hl7_0487 = "MAR"
containers = ["EDTA", "HEPARIN", "MEDIUM", "STERILE"]
[[kind]]
kind = "core"
name = "Core"
containers = ["FORMALIN", "RPMI"]
[[kind]]
kind = "smear"
name = "Smear"
containers = ["SLIDE"] # smear
[[kind]]
kind = "imprint"
name = "Imprint"
containers = ["SLIDE"]

[[site]]
code = "PIC"
name = "Posterior iliac crest"
snomed = "29850006"
hl7_0550 = "ILCR"
hl7_0495 = "POS"
paired = true

[[reason]]
code = "CLOTTED"
name = "Clotted"
hl7_0490 = "RC"
default_action = "caveat"
caveat_text = "The tube was clotted."
unfit_for = ["KARYO"]
[reason.per_assay]
FLOW-AL = "consult"
[[reason]]
code = "ACID_DECALCIFIED"
name = "Decalcified in acid"
default_action = "caveat"
caveat_text = "The core was decalcified in acid."
unfit_for = ["FISH-MDS"]
[[reason]]
code = "UNLABELED"
name = "Unlabeled"
default_action = "reject"
caveat_text = "The tube came without a label."
[reason.per_assay]
CULT = "reject"

[[not_collected_reason]]
code = "DRY_TAP"
name = "Dry tap"
reroutes = true
[[not_collected_reason]]
code = "PROCEDURE_ABANDONED"
name = "Procedure abandoned"

[[query_reason]]
code = "NO_REQUEST"
name = "No request"

[[lost_reason]]
code = "SEARCHED"
name = "Searched everywhere"

[[fail_reason]]
code = "NO_METAPHASES"
name = "No metaphases"
assays = ["KARYO"]
[[fail_reason]]
code = "TECHNICAL"
name = "Technical"

[[cancel_reason]]
code = "REQUESTER"
name = "Withdrawn"
[[cancel_reason]]
code = "HOLD_LAPSED"
name = "Hold lapsed"

[[not_performed_reason]]
code = "QNS"
name = "Quantity not sufficient"
[[not_performed_reason]]
code = "UNFIT"
name = "Unfit"
[[not_performed_reason]]
code = "REJECTED"
name = "Rejected"
[[not_performed_reason]]
code = "LOST"
name = "Lost"
[[not_performed_reason]]
code = "NOT_COLLECTED"
name = "Not collected"
[[not_performed_reason]]
code = "FAILED"
name = "Failed"

[[correction_reason]]
code = "SLIP"
name = "Slip of the pen"

[[assay]]
code = "FLOW-AL"
name = "Flow cytometry"
department = "FLOW"
loinc = ["101119-6"]
qualifiers = ["below"]
feeds = [
  { kinds = ["aspirate"], container = "EDTA", min_ul = 1000, ideal_ul = 3000, # flow
    windows = [
      { temperature = "ambient", ideal_h = 18, warn_h = 24, limit_h = 48, at_limit = "consult" },
      { temperature = "frozen", limit_h = 0, at_limit = "reject" },
    ] },
  { kinds = ["aspirate"], container = "HEPARIN", min_ul = 1000, windows = [{ temperature = "ambient", limit_h = 48, at_limit = "consult" }] },
  { kinds = ["core"], container = "RPMI", substitute = true, windows = [{ temperature = "refrigerated", limit_h = 48, at_limit = "consult" }] },
]
turnaround = [
  { urgency = "urgent", from = "received", amount = 8, unit = "hours", goal_pct = 90 },
  { urgency = "routine", from = "received", amount = 1, unit = "working_days", goal_pct = 90 },
]
values = [
  { key = "blasts_pct", name = "Blasts", kind = "number", unit = "%", min = 0, max = 100, denominators = ["all_events"], required = true },
  { key = "viability_pct", name = "Viability", kind = "number", unit = "%", min = 0, max = 100 },
]

[[assay]]
code = "FLOW-MRD"
name = "Flow MRD"
department = "FLOW"
pull_one = true
feeds = [{ kinds = ["aspirate"], container = "EDTA", min_ul = 2000, windows = [{ temperature = "ambient", warn_h = 48, limit_h = 72, at_limit = "run_with_disclaimer" }] }]
turnaround = [{ urgency = "routine", from = "received", amount = 3, unit = "working_days", goal_pct = 90 }]

[[assay]]
code = "KARYO"
name = "Karyotype"
department = "FLOW"
fail_substitute = "FISH-MDS"
feeds = [
  { kinds = ["aspirate"], container = "HEPARIN", min_ul = 500, windows = [{ temperature = "ambient", warn_h = 24, limit_h = 72, at_limit = "run_with_disclaimer" }] },
]
turnaround = [
  { urgency = "urgent", from = "received", amount = 7, unit = "calendar_days", goal_pct = 90 },
]
values = [{ key = "iscn", name = "Karyotype", kind = "text" }]

[[assay]]
code = "FISH-MDS"
name = "FISH"
department = "FLOW"
not_on = ["Sat", "Sun"]
feeds = [
  { kinds = ["aspirate"], container = "EDTA", windows = [{ temperature = "ambient", limit_h = 96, at_limit = "reject" }] },
  { kinds = ["core"], container = "FORMALIN" },
]
turnaround = [{ urgency = "routine", from = "received", amount = 14, unit = "calendar_days", goal_pct = 90 }]

[[assay]]
code = "MORPH-ASP"
name = "Morphology"
department = "FLOW"
feeds = [
  { kinds = ["smear"], container = "SLIDE" },
  { kinds = ["imprint"], container = "SLIDE", substitute = true },
]
turnaround = [{ urgency = "routine", from = "received", amount = 3, unit = "working_days", goal_pct = 90 }]
values = [{ key = "me_ratio", name = "M:E ratio", kind = "number" }]

[[assay]]
code = "HIST-CORE"
name = "Histology"
department = "FLOW"
loinc = ["33721-2"]
feeds = [{ kinds = ["core"], container = "FORMALIN", min_mm = 10, ideal_mm = 15 }]
turnaround = [{ urgency = "routine", from = "received", amount = 7, unit = "working_days", goal_pct = 90 }]
values = [{ key = "reticulin", name = "Reticulin", kind = "coded", codes = ["MF-0", "MF-1"] }]

[[assay]]
code = "CULT"
name = "Culture"
department = "FLOW"
feeds = [{ kinds = ["aspirate"], container = "STERILE", min_ul = 2000 }]
turnaround = [{ urgency = "routine", from = "received", amount = 42, unit = "calendar_days", goal_pct = 90 }]

[[indication]]
code = "AML-NEW"
name = "New acute myeloid leukemia"
snomed = "91861009"
urgency = "urgent"
set = [ # AML-NEW
  { assay = "FLOW-AL", need = "mandatory", why = "Immunophenotype" },
  { assay = "KARYO", need = "recommended", why = "Prognosis" },
  { assay = "FISH-MDS", need = "hold", why = "If the karyotype fails", hold = { policy = "auto_cancel", working_days = 4, cutoff = "16:00" } },
]
[[indication]]
code = "INFECTION"
name = "Infection"
urgency = "routine"
set = [{ assay = "CULT", need = "mandatory", why = "Fever" }]

[[reflex]]
when_assay = "FLOW-AL"
when = "abnormal"
indications = ["AML-NEW"]
order = "KARYO"
why = "Prognosis"

[[critical]]
code = "LEUKEMIA"
name = "New acute leukemia"
within_min = 120
when = [{ interpretation = "abnormal", assay = "FLOW-AL" }]

[[critical]]
code = "HLH"
name = "Hemophagocytosis"
within_min = 60
manual = true

[[diagnosis]]
system = "icc"
name = "AML with mutated NPM1"
icd_o = "9877/3"

[[kit]]
code = "ACUTE"
name = "Acute leukemia kit"
indications = ["AML-NEW", "INFECTION"]
parts = [{ kind = "aspirate", container = "EDTA", pull_number = 1, fill_ul = 3000 }]
"#;

/// The sample with each first text replaced by the second. Each must occur exactly once, or the test tests nothing.
pub(super) fn changed(changes: &[(&str, &str)]) -> String {
    let mut text = TEXT.to_owned();
    for (from, to) in changes {
        assert_eq!(text.matches(from).count(), 1, "“{from}” must be in the sample exactly once");
        text = text.replace(from, to);
    }
    text
}
