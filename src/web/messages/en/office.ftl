# Office: what an admin looks after. Turnaround, exports, people, catalogue, journal, system.

## turnaround

turn-title = Turnaround
turn-lead = How often results were ready by their due time, month by month. Every figure leads to the orders it counts.
turn-empty = No order was finished in these months, and none is late.
turn-month = { $month } { $year }
turn-months = { $count ->
    [one] This month
   *[other] Last { $count } months
}
turn-span = Months
turn-test = Test
turn-all-tests = All tests
turn-urgency = Urgency
turn-any-urgency = Any
turn-urgency-urgent = Urgent
turn-urgency-routine = Routine
turn-requester = Requester
turn-any-requester = Everybody
turn-in-target = In target
turn-of = { $part } of { $whole }
turn-finished = Finished
turn-late = Late
turn-open-late = Late and still open
turn-half = Half within
turn-nine = 9 of 10 within
turn-half-nine = Half within, 9 of 10 within
turn-too-few = Fewer than { $count } orders: not enough to show a percentile.
turn-too-few-short = Too few
turn-none = None
turn-pct = { $pct } %
turn-pct-of = { $pct } of { $count }
turn-whole = All months
turn-matrix = Share in target by test and month, with how many were finished
turn-in-month = Month
turn-as-table = Show as a table
turn-table = The figures of the plots
turn-share = Share in target, all tests
turn-share-of = Share in target: { $test }
turn-share-desc = One bar per month: the share of results that were ready by their due time, in percent. A bar leads to its orders.
turn-share-desc-goal = One bar per month: the share of results that were ready by their due time, in percent. The dashed line is the catalogue’s goal, { $goal } %. A bar leads to its orders.
turn-lengths = How long it took
turn-lengths-desc = Elapsed time to the final result. Filled circle: half of the orders took at most this long. Hollow diamond: nine of ten did. Months with too few orders have no mark.
turn-mark-share = { $month }: { $pct } % in target, { $part } of { $whole }
turn-mark-length = { $month }: half within { $half }, 9 of 10 within { $nine }, { $count } orders
turn-how = What is counted
turn-how-month = An order counts in the month in which its result became final, by the laboratory’s clock ({ $zone }).
turn-how-target = It is in target if its result became final no later than its due time, as the order carried it.
turn-how-took = How long it took is elapsed time, nights and weekends included, from the event in the table below to the final result. For a test that was added later the time still runs from its part.
turn-how-share = The share leaves out orders that never had a due time, because no part of them is known to have arrived.
turn-how-few = With fewer than { $count } orders no percentile is shown: it would be the story of single cases.
turn-how-export = The same orders as a file: { $link }.
turn-targets = The targets of every test
turn-targets-caption = Targets of catalogue version { $version }; all run to the final result
turn-starts = Runs from
turn-target = Due within
turn-goal = Goal
turn-from-collected = Collection
turn-from-received = Receipt
turn-amount = { $unit ->
    [hours] { $amount ->
        [one] { $amount } hour
       *[other] { $amount } hours
    }
    [working_days] { $amount ->
        [one] { $amount } working day
       *[other] { $amount } working days
    }
   *[calendar_days] { $amount ->
        [one] { $amount } calendar day
       *[other] { $amount } calendar days
    }
}
turn-orders-title = Orders behind a figure
turn-orders-empty = No order fits.
turn-orders-caption = { $shown } of { $count } orders, oldest first
turn-back = Back to the figures
turn-from-to = { $from } to { $to }
turn-sorts = Which orders
turn-kept = In target?
turn-kept-all = Finished
turn-kept-yes = In target
turn-kept-no = Late
turn-kept-unpromised = Without a due time
turn-kept-open = Late and open
turn-next = Next { $count }
turn-case = Case
turn-no-case = Not for this role
turn-started = Clock started
turn-due = Due
turn-final = Final
turn-took = Took
turn-still-open = Still open

## people

user-name = Name to sign in with
user-name-hint = Lower case, such as m.curie
user-full-name = Full name
user-full-name-hint = As it prints on reports
user-roles = Roles
user-roles-of = What this person may do
user-roles-hint = An admin, an auditor or an interface holds no other role: whoever runs the system does not decide on patients.
user-roles-save = Save the roles
user-seen = Last here
user-never = Never
user-sessions = { $count ->
    [one] signed in once now
   *[other] signed in { $count } times now
}
user-state = Account
user-active = Active
user-disabled = Closed
user-waits = Wrong passwords; waits until
user-failures = { $count ->
    [one] 1 wrong password since
   *[other] { $count } wrong passwords since
}
user-caption = { $count } accounts, { $open } of them active
user-add = Add a person
user-added = The account is made
user-back = All people
user-made = Made
user-journal = What happened to accounts by this person’s hand
user-password-made = A password is made and shown once.
user-password-of = The password of { $name }:
user-password-once = It is shown this once and kept nowhere. Pass it on in person. Passwords have at least { $least } characters.
user-password-passed-on = I have passed it on
user-password-hint = Makes a new password, shows it once, and ends every session of this account. Use it when somebody forgot theirs.
user-password-new = New password
user-access = Access
user-sign-out-hint = Ends every session of this account, on every device. The password stays.
user-sign-out = Sign out everywhere
user-lock-hint = Closes the account at once, with its sessions and tokens. What this person did stays as it is.
user-lock = Close the account
user-unlock-hint = Lets the person sign in again with the old password. Tokens stay revoked.
user-unlock = Open the account again
done-user-roles = The roles are saved. They hold from the person’s next page on.
done-user-lock = The account is closed.
done-user-unlock = The account is open again.
done-user-sign-out = Every session of this account has ended.

## system

system-data = Data
system-backup = Last backup
system-no-backup = None was ever noted
system-ago = { $length } ago
system-engine = Database
system-schema = Schema
system-schema-applied = { $count ->
    [one] 1 step applied, none pending
   *[other] { $count } steps applied, none pending
}
system-schema-pending = { $count } pending
system-size = Size
system-free = Free on its disk
system-free-why = A backup and a new version of the schema need room for a whole copy.
system-bytes = { $value } { $unit }
system-fault = Needs action
system-run = Run { $command }
system-jobs = Background work
system-exports-open = { $count ->
    [0] None is waiting or running.
    [one] One is waiting or running.
   *[other] { $count } are waiting or running.
}
system-exports-failed = { $count ->
    [0] None failed in the last { $days } days.
    [one] One failed in the last { $days } days.
   *[other] { $count } failed in the last { $days } days.
}
system-exports-why = The page { $link } says why each failed; whoever asked for it starts it again there.
system-timers = Holds and due times last checked
system-tidied = Old sessions and drafts last cleared
system-no-round = Not since the program was started
system-verify = Verification
system-verify-hint = Folds the whole journal again, compares it with every row and recomputes every hash. It only reads; it can take minutes.
system-verify-now = Verify everything now
system-verifying = Verifying everything …
system-never-verified = Not yet verified from here.
system-clean = No fault
system-verified = Verified { $when }: { $entries } entries, { $cases } cases, faults: { $faults }, in { $seconds } s.
system-first-fault = First fault, by rule { $rule }: { $subject }
system-program = Program
system-version = Version
system-up = Running since
system-connections = Database connections
system-connections-of = { $busy } busy, { $open } open, at most { $most }
system-listeners = Pages that listen for changes
system-journal = Newest journal entry
system-catalogue = Version { $version }
done-system-verify = Verification has started. This page shows its outcome.

## catalogue

catalogue-lead = What { $laboratory } does differently from the next laboratory. Version { $version } is in force.
catalogue-edit = Edit
catalogue-versions = Versions
catalogue-sections = Sections
catalogue-back = The catalogue
catalogue-section-assays = Tests
catalogue-section-indications = Questions
catalogue-section-reflexes = Reflexes
catalogue-section-criticals = Critical findings
catalogue-section-diagnoses = Diagnoses
catalogue-section-reasons = Faults of parts
catalogue-section-lists = Other reasons
catalogue-section-material = Parts, containers, sites
catalogue-section-laboratory = Laboratory
catalogue-empty = This section is empty.
catalogue-assays = { $count ->
    [one] 1 test that can be ordered
   *[other] { $count } tests that can be ordered
}
catalogue-department = Department
catalogue-feeds = Fed by, most wanted first
catalogue-feed = { $kinds } in { $container }
catalogue-feed-substitute = { $kinds } in { $container } (substitute)
catalogue-steps = Steps on the bench
catalogue-due-urgency = { $urgency }: { $due }
catalogue-due-collected = { $amount } from collection
catalogue-due-within = Due within, from receipt
catalogue-indications = { $count ->
    [one] 1 clinical question
   *[other] { $count } clinical questions
}
catalogue-question = Question
catalogue-suggests = Suggests
catalogue-advice = Advice
catalogue-need-mandatory = always
catalogue-need-recommended = recommended
catalogue-need-conditional = on a condition
catalogue-need-hold = held
catalogue-reflexes = { $count ->
    [one] 1 reflex rule
   *[other] { $count } reflex rules
}
catalogue-after = After
catalogue-when = When it
catalogue-outcome-failed = failed for good
catalogue-outcome-abnormal = is abnormal
catalogue-any-question = Any
catalogue-orders = Orders
catalogue-why = Why
catalogue-criticals = { $count ->
    [one] 1 critical finding
   *[other] { $count } critical findings
}
catalogue-finding = Finding
catalogue-within = Call within
catalogue-raised-by = Raised by
catalogue-manual = by a person
catalogue-diagnoses = { $count ->
    [one] 1 diagnosis that the report offers
   *[other] { $count } diagnoses that the report offers
}
catalogue-diagnosis = Diagnosis
catalogue-classification = Classification
catalogue-icd-o = ICD-O-3
catalogue-reasons = { $count ->
    [one] 1 fault of a part
   *[other] { $count } faults of a part
}
catalogue-fault = Fault
catalogue-usually = Usually
catalogue-action-reject = reject
catalogue-action-caveat = accept with a caveat
catalogue-action-consult = a senior decides
catalogue-per-test = But for
catalogue-unfit = Unfit for
catalogue-caveat = Caveat
catalogue-list-not-collected = Why a part was not obtained
catalogue-list-query = Why a part waits for an answer
catalogue-list-lost = What was done before a part was declared lost
catalogue-list-fail = Why a test gave no result
catalogue-list-cancel = Why an order was canceled
catalogue-list-not-performed = Why an order was not performed
catalogue-list-correction = Why a result or report was changed
catalogue-kinds = Kinds of part
catalogue-kind = Kind
catalogue-containers-of = Usual containers
catalogue-kept = Kept for
catalogue-for-good = For good
catalogue-containers = Containers
catalogue-container = Container
catalogue-traits = Traits
catalogue-anticoagulant = anticoagulant
catalogue-fixative = fixative
catalogue-slide = slide
catalogue-sites = Sites
catalogue-site = Site
catalogue-sides = Sides
catalogue-paired = left and right
catalogue-unpaired = in the midline
catalogue-lab-name = Name
catalogue-lab-address = Address
catalogue-lab-zone = Time zone
catalogue-lab-hours = Open
catalogue-lab-holidays = Days off
catalogue-departments = Departments
catalogue-tests-there = Tests
catalogue-version = Version
catalogue-since = In force since
catalogue-by = Loaded by
catalogue-reason = Reason
catalogue-reason-hint = It is kept in the journal
catalogue-file = File
catalogue-download = Download
catalogue-versions-caption = Every version that was ever in force, the newest first
catalogue-version-title = Catalogue version { $version }
catalogue-loaded = Loaded { $when } by { $by }.
catalogue-first = This was the first version: there is nothing to compare it with.
catalogue-diff = Difference to version { $version }
catalogue-diff-label = Changed lines
catalogue-diff-counts = { $added } lines new, { $removed } lines gone.
catalogue-diff-cut = Only the first { $count } lines are shown.
catalogue-line-new = New:
catalogue-line-old = Gone:
catalogue-same = Not a line differs.
catalogue-choose = Which part of the catalogue? It is checked as a whole, whatever part you edit.
catalogue-lines = { $count ->
    [one] 1 line
   *[other] { $count } lines
}
catalogue-part-head = Laboratory, departments, containers, parts, short lists
catalogue-part-assay = Tests
catalogue-part-indication = Questions
catalogue-part-reflex = Reflexes
catalogue-part-critical = Critical findings
catalogue-part-diagnosis = Diagnoses
catalogue-part-reason = Faults of parts
catalogue-part-all = The whole file
catalogue-edit-title = Edit: { $section }
catalogue-other-section = Another part
catalogue-text = TOML
catalogue-text-hint = Nothing is in force before you load it. Lines that start with # are notes.
catalogue-begins = This part begins at line { $line } of the whole file; errors name lines of the whole file.
catalogue-check = Check and try
catalogue-load = Load as version { $version }
catalogue-run = Trial run
catalogue-run-compared = Compared on the { $cases } cases logged since { $from } ({ $days } days) with { $orders } orders, { $timed } of which have a due time: the due time of each order and what each question suggests, by the catalogue in force and by this text.
catalogue-run-same = Nothing that was compared would have been different.
catalogue-run-moved = { $moved } of { $timed } due times would have been different.
catalogue-run-suggested = { $suggested } of { $cases } cases would have had other suggestions.
catalogue-run-due = Due times
catalogue-run-earlier = Earlier
catalogue-run-later = Later
catalogue-run-missing = Test no longer there
catalogue-run-suggestions = Suggestions
catalogue-run-cases = Cases
catalogue-run-added = Also suggested
catalogue-run-dropped = No longer suggested
catalogue-run-changed = Suggested otherwise
catalogue-run-gone = (no longer there)
catalogue-run-not = Not compared: which part would have fed a test, faults of parts, reflexes, critical findings, and orders that people added or left out.
done-catalogue-load = This version is in force.

## journal

journal-lead = Everything that happened, newest first. Nothing in it is ever changed or removed.
journal-veiled-note = Your role sees no patients: entries about cases show what was done and which fields it changed, without values, reasons and case numbers.
journal-case = Case
journal-stream = About
journal-all = Everything
journal-accounts = Accounts
journal-actor = Person
journal-actor-hint = Name to sign in with
journal-command = Command begins with
journal-command-hint = Such as specimen.reject or user.
journal-from = From
journal-to = To, that day included
journal-entries = Entries
journal-empty = No entry fits.
journal-older = Older entries
journal-newest = Newest entries
journal-export = Export
journal-chain = State of the chain
journal-check = Check what is shown
journal-checked = Checked { $when }: the chains of everything on this page, { $entries } entries, faults: { $faults }.
journal-a-case = A case
journal-a-label = a label
journal-by = by { $who }
journal-more = { $count ->
    [0] Details
    [one] 1 field changed
   *[other] { $count } fields changed
}
journal-place = Place in the journal
journal-number = Number in its chain
journal-occurred = Happened
journal-hash = Hash
journal-nothing = nothing
journal-cut = (cut, { $count } characters)

## exports

export-table = Table
export-choose = Choose a table
export-dataset-cases = Cases
export-dataset-specimens = Parts
export-dataset-orders = Ordered tests
export-dataset-results = Results
export-dataset-reports = Reports
export-dataset-events = What happened
export-dataset-turnaround = Turnaround
export-dataset-rejections = Rejections and dry taps
export-show-columns = Show its columns
export-which-cases = Which cases
export-stage = Where it stands
export-any = Any
export-only-late = Only late ones
export-from = Logged from
export-to = To, that day included
export-which-rows = Which of their rows
export-any-row = Any
export-department = Department
export-view = View of its list
export-final-from = Result final from
export-parts = Why they are listed
export-parts-awaited = Reception waits for them
export-parts-past-retention = Kept long enough to be discarded
export-parts-recollect = To be taken again
export-sort-hint = Of the view of a list
export-columns = Columns: { $chosen } of { $count }
export-identifying = identifies
export-up = Move { $column } up
export-down = Move { $column } down
export-identifiers = Identifiers
export-identifiers-none = None: nobody can be recognized
export-identifiers-pseudonym = Pseudonyms: the same key for the same patient
export-identifiers-full = Full: names and numbers, with a reason
export-reason = Reason
export-reason-hint = For full identifiers; it is kept in the journal
export-zone = Time zone
export-zone-hint = In which times are written
export-file = File
export-file-excel = CSV for a spreadsheet
export-file-xlsx = Excel workbook
export-file-machine = CSV for programs
export-file-ndjson = NDJSON
export-preview = Preview
export-start = Start the export
export-download = Download now
export-journaled = Every export and every preview is written to the journal: who, what, why, how many rows.
export-no-rows = No row fits.
export-first-rows = The first { $shown } rows, { $most } at most
export-history = Exports
export-history-caption = Files are kept for 7 days
export-none = Nothing was exported in the last 7 days.
export-by = By
export-when = Started
export-state = State
export-deed = File
export-state-queued = Waiting
export-state-running = Running
export-state-done = Done
export-state-failed = Failed
export-state-canceled = Canceled
export-rows = { $rows ->
    [one] 1 row
   *[other] { $rows } rows
}
export-progress = Read so far
export-cancel = Cancel
export-fetch = Fetch
done-export-start = The export has started. You can leave this page; its file will be below.
done-export-cancel = The export is canceled.
catalogue-part-kit = Kits
user-account = Account name
