# Words for states, steps and deeds: one family per heading; the last part of a key is the code.

## specimen-state

specimen-state-planned = Planned
specimen-state-not-collected = Not obtained
specimen-state-collected = Taken, not here yet
specimen-state-in-transit = On its way
specimen-state-received = Received
specimen-state-on-hold = On hold
specimen-state-accepted = Accepted
specimen-state-in-process = On the bench
specimen-state-stored = Stored
specimen-state-referred-out = At another laboratory
specimen-state-rejected = Rejected
specimen-state-exhausted = Used up
specimen-state-lost = Lost
specimen-state-discarded = Discarded
specimen-state-entered-in-error = Entered in error

## order-state

order-state-suggested = Suggested
order-state-ordered = Ordered
order-state-held = Held
order-state-awaiting-specimen = Waiting for its sample
order-state-ready = Ready to start
order-state-in-process = In progress
order-state-resulted = Result entered
order-state-in-review = Being checked
order-state-final = Final
order-state-referred-out = At another laboratory
order-state-needs-recollect = New sample needed
order-state-failed = Failed
order-state-not-performed = Not performed
order-state-cancelled = Canceled
order-state-entered-in-error = Entered in error

## result-state

result-state-draft = Draft
result-state-preliminary = Preliminary
result-state-final = Final
result-state-corrected = Corrected
result-state-amended = Amended
result-state-appended = Appended
result-state-retracted = Retracted

## report-state

report-state-draft = Draft
report-state-preliminary = Preliminary
report-state-final = Final
report-state-appended = Appended
report-state-amended = Amended
report-state-corrected = Corrected
report-state-void = Void

## stage

stage-expected = Expected
stage-in-lab = In the laboratory
stage-testing = Testing
stage-resulted = All results in
stage-preliminary = Preliminary report
stage-reported = Reported
stage-closed = Closed
stage-void = Entered in error

## step

step-collect = Record collection
step-mark-not-collected = Not obtained
step-dispatch = Send off
step-receive = Receive
step-accept = Accept
step-accept-with-caveat = Accept with a caveat
step-hold = Put on hold
step-resolve = Answer the question
step-propose-rejection = Propose rejection
step-withdraw-rejection = Withdraw the proposal
step-reject = Reject
step-start = Start
step-aliquot = Split
step-store = Store
step-refer-out = Send to another laboratory
step-return-from-referral = Back from the other laboratory
step-retained-by-referral = Kept by the other laboratory
step-exhaust = Used up
step-lose = Cannot be found
step-find = Found
step-discard = Discard
step-enter-in-error = Entered in error
step-order = Order it
step-dismiss = Not needed
step-release = Release
step-advance = Record a step
step-fail = Attempt failed
step-repeat = Try again
step-result = Enter the result
step-review = Begin to check
step-return = Return to the bench
step-verify = Verify
step-not-perform = Will not be done
step-cancel = Cancel

## done

done-log = The case is logged. These are its labels.
done-part = The part is added.
done-assay = The test is ordered.
done-collect = Collection recorded.
done-mark-not-collected = Recorded as not obtained. Its tests look for another part.
done-dispatch = Sent off.
done-receive = Received.
done-accept = Accepted.
done-accept-with-caveat = Accepted. The caveat prints on every result from this part.
done-hold = Put on hold.
done-resolve = Answered; the answer prints on its results.
done-propose-rejection = Rejection proposed. Another person decides.
done-withdraw-rejection = The proposal is withdrawn.
done-reject = Rejected. A new sample is asked for if a test needs it.
done-start = Started.
done-aliquot = Split. Print the labels of the new parts now.
done-store = Stored.
done-refer-out = Sent to another laboratory.
done-return-from-referral = Back in the laboratory.
done-retained-by-referral = Recorded as used up.
done-exhaust = Recorded as used up.
done-lose = Recorded as lost. A new sample is asked for if a test needs it.
done-find = Recorded as found.
done-discard = Discarded.
done-enter-in-error = Marked as entered in error.
done-order = Ordered.
done-dismiss = The suggestion is dismissed.
done-release = Released.
done-advance = The step is recorded.
done-fail = The failed attempt is recorded.
done-repeat = Ready for another attempt.
done-result = The result is entered. Another person verifies it.
done-review = You are checking this result.
done-return = Returned to the bench.
done-verify = Verified.
done-not-perform = Recorded as not performed.
done-cancel = Canceled.
done-call = The call is recorded.
done-attach = The document is attached.
done-preliminary = Released as preliminary.
done-revise = The new version waits for another person to verify it.
done-retract = The result is withdrawn.
done-draft = The draft is saved. Read the preview, then sign.
done-sign = Signed.
done-void = The version is void. It stays readable.
done-report-read = It is kept that you have read the report.
done-label-checked = The label is the right one. It may be used.
done-bench = This is your bench now.
done-mode-receive = From now on each scan receives at once.
done-mode-look = From now on each scan looks up.
done-sample-plan = Decided. The material is given out in this order.
done-take-back = Undone. The journal keeps both.
done-signed-out = You are signed out.
done-view = The view is saved. You find it in the bar and with Ctrl+K.
done-view-forgotten = The view is deleted.

## command

command-case-log = case logged
command-case-take-back = step undone
command-case-plan-sample = decided who goes first
command-specimen-add = part added
command-specimen-collect = taken
command-specimen-mark-not-collected = not obtained
command-specimen-dispatch = sent off
command-specimen-receive = received
command-specimen-accept = accepted
command-specimen-accept-with-caveat = accepted with a caveat
command-specimen-hold = put on hold
command-specimen-resolve = question answered
command-specimen-propose-rejection = rejection proposed
command-specimen-withdraw-rejection = rejection proposal withdrawn
command-specimen-reject = rejected
command-specimen-start = taken to the bench
command-specimen-aliquot = split
command-specimen-store = stored
command-specimen-refer-out = sent to another laboratory
command-order-refer-out = sent to another laboratory
command-specimen-return-from-referral = back from the other laboratory
command-specimen-retained-by-referral = kept by the other laboratory
command-specimen-exhaust = used up
command-specimen-lose = lost
command-specimen-find = found again
command-specimen-discard = discarded
command-specimen-enter-in-error = entered in error
command-order-enter-in-error = entered in error
command-order-order = ordered
command-order-dismiss = suggestion dismissed
command-order-hold = held
command-order-release = released
command-order-start = started
command-order-advance = a step done
command-order-fail = attempt failed
command-order-repeat = to be tried again
command-order-review = being checked
command-order-return = returned to the bench
command-order-not-perform = will not be done
command-order-cancel = canceled
command-case-call = call about a critical finding recorded
command-order-attach = original document attached
command-order-lapse = hold lapsed
command-order-overdue = past its due time
command-result-enter = result entered
command-result-release = preliminary result released
command-result-verify = result verified
command-result-revise = revision begun
command-result-retract = result withdrawn
command-report-draft = report begun
command-report-edit = report draft changed
command-report-sign = report signed
command-report-read = report read
command-report-void = report version withdrawn
command-user-add = account made
command-user-disable = account closed
command-user-enable = account opened again
command-user-password = password replaced
command-user-roles = roles changed
command-user-sign-out = every session ended
command-session-password-given = password given
command-session-refused = wrong name or password
command-token-issue = token for a program made
command-token-revoke = token taken back
command-catalogue-load = catalogue put in force
command-export-begin = export begun
command-export-end = export finished
command-export-cancel = export canceled
command-export-preview = export looked at before it began
command-export-fetch = file of an export fetched
command-label-print = label printed
command-label-reprint = label printed again
command-label-check = label checked

## month and weekday

month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
month-short-1 = Jan
month-short-2 = Feb
month-short-3 = Mar
month-short-4 = Apr
month-short-5 = May
month-short-6 = Jun
month-short-7 = Jul
month-short-8 = Aug
month-short-9 = Sep
month-short-10 = Oct
month-short-11 = Nov
month-short-12 = Dec
weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat
weekday-7 = Sun

## sex

sex-female = Female
sex-male = Male
sex-other = Other
sex-unknown = Not known

## role

role-tech = Technologist
role-hematologist = Hematologist
role-supervisor = Supervisor
role-pathologist = Pathologist
role-admin = Admin
role-auditor = Auditor
role-interface = Interface

## specimen-kind

specimen-kind-aspirate = Aspirate
specimen-kind-core = Core
specimen-kind-smear = Smear
specimen-kind-imprint = Imprint
specimen-kind-clot = Clot
specimen-kind-blood = Blood
specimen-kind-block = Block
specimen-kind-slide = Slide
specimen-kind-pellet = Pellet
specimen-kind-nucleic-acid = Nucleic acid

## side

side-left = Left
side-right = Right
side-midline = Midline

## urgency

urgency-routine = Routine
urgency-urgent = Urgent

## temperature

temperature-ambient = At room temperature
temperature-refrigerated = Refrigerated
temperature-frozen = Frozen

## limit-action

limit-action-reject = It may not be started
limit-action-run-with-disclaimer = It runs, and its result says so
limit-action-consult = A senior decides
limit-action-none = Age does not matter

## procedure-outcome

procedure-outcome-obtained = Marrow obtained
procedure-outcome-dry-tap = Dry tap
procedure-outcome-abandoned = Abandoned

## hold-policy

hold-policy-auto-perform = Performed unless somebody cancels it
hold-policy-auto-cancel = Canceled unless somebody releases it
hold-policy-manual = Waits for a person

## need

need-mandatory = Mandatory
need-recommended = Recommended
need-conditional = If a condition arises
need-hold = Held until decided

## origin

origin-requested = Requested
origin-indication = For the question
origin-reflex = By the laboratory's rule
origin-add-on = Added later

## worklist-view

worklist-view-all = All
worklist-view-to-do = To do
worklist-view-running = Running
worklist-view-to-review = To review
worklist-view-overdue = Overdue
worklist-view-waiting = Waiting
worklist-view-mine = Mine

## interpretation

interpretation-abnormal = Abnormal
interpretation-normal = Normal
interpretation-indeterminate = Indeterminate
interpretation-inadequate = Inadequate

## qualifier

qualifier-below = Below
qualifier-above = Above
qualifier-about = About
qualifier-not-detected = Not detected

## revision

revision-corrected = An error is put right
revision-amended = Content changes
revision-appended = Text is added

## report-kind

report-kind-preliminary = Preliminary
report-kind-final = Final
report-kind-appended = Appended
report-kind-amended = Amended
report-kind-corrected = Corrected

## call-method

call-method-telephone = By telephone
call-method-in-person = Face to face
call-method-message = By written message

## call-outcome

call-outcome-reached = Reached
call-outcome-no-answer = Nobody answered
call-outcome-left-message = A message was left
call-outcome-refused = Would not take it

## critical-closing

critical-closing-heard = Somebody heard it and read it back
critical-closing-replaced = A later version does not say so
critical-closing-withdrawn = The result was withdrawn

## dataset

dataset-cases = Cases
dataset-specimens = Specimens
dataset-orders = Tests
dataset-results = Results
dataset-reports = Reports
dataset-events = Events
dataset-turnaround = Turnaround
dataset-rejections = Rejections and dry taps

## identifiers

identifiers-none = None: nobody can be recognized
identifiers-pseudonym = Pseudonyms: the same key for the same patient
identifiers-full = Full: names and numbers, with a reason
