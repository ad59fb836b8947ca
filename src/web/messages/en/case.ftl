# Logging a case, drafts of forms, and the laboratory's pages of a case.

## drafts of forms, on any page

draft-title = Begun and not sent
draft-go-on = Go on with the case begun { $when }
draft-discard = Discard
draft-keep = Save as draft
draft-saved = Draft saved { $time }.
draft-lost = Not saved: the laboratory did not answer, or you are signed out. Send the form before you leave this page.
draft-kept-days = Drafts are kept for { $days } days. Nobody else reads them.
draft-taken-up = Not sent yet: this is what you typed { $when }.
done-draft-kept = The draft is saved. Nothing is logged yet.

## log a case

log-title = Log a case
log-submit = Log and print labels
log-choose = Choose
log-mrn = Record number (MRN)
log-mrn-hint = Scan the wristband, or type it
log-find = Find
log-family = Family name
log-given = Given names
log-born-hint = 1968-03-12 or 12 March 1968
log-patient-new = Nobody has this number yet. The case makes a new patient: type the name as on the wristband.
log-patient-found = Patient on file
log-patient-ask = Ask the patient to say name and date of birth, and compare them with these.
log-patient-other = This number belongs to somebody else
log-patient-which = What is typed below does not fit. Compare the wristband: is the number wrong, or the name or birth date?
log-patient-take = It is this patient: use these
log-patient-number = The number is wrong
log-request = Request
log-indication = Why the marrow is examined
log-requester = Requester
log-requester-hint = Login name, or the name on the form
log-urgency = Urgency
log-urgency-usual = As usual for this question
log-reference = Request number
log-note = Clinical question
log-specimens = Specimens
log-performed = When it was taken
log-time-hint = 0940, now, -2h, yesterday 2350. Empty: planned
log-time-ago = { $when }, { $span } ago
log-time-ahead = { $when }, in { $span }
log-site = Site
log-side = Side
log-outcome = Outcome
log-operator = Who held the needle
log-kits = From a kit
log-kits-hint = One press writes its parts
log-kit-parts = { $count ->
    [one] { $count } part
   *[other] { $count } parts
}
log-kit-usual = For this question
log-part = Part { $place }
log-part-of = of part { $place }
log-part-add = Add a part
log-part-remove = Remove part { $place }
log-remove = Remove
log-part-more = More
log-filled = { $count ->
    [one] The tube is filled as usual
   *[other] All { $count } tubes are filled as usual
}
log-kind = What it is
log-kind-none = None
log-container = In
log-pull = Pull
log-volume = Volume
log-volume-hint = 3 mL or 3000 µL
log-length = Length (mm)
log-fixed = Into fixative
log-fixed-hint = 0945, now
log-taken = Taken
log-taken-hint = If not with the puncture
log-side-own = Side
log-side-same = As the puncture
log-kept = Kept
log-kept-unsaid = Not said
log-missing = Not obtained, because
log-obtained = It was obtained
log-tests = Tests
log-tests-which = Which tests
log-tests-usual = What is usual for this question
log-tests-these = These tests
log-tests-choose = Choose tests
log-tests-choose-hint = Counts only with “These tests” above
log-tests-show = Show tests
log-tests-need = Choose why the marrow is examined: the tests that are usual for it are shown here.
log-tests-none = No test is chosen.
log-tests-caption = Tests of this case, and what feeds them
log-test = Test
log-test-why = Why
log-test-from = From
log-test-due = Due
log-test-due-later = Once it is here
log-test-asked = Asked for
log-test-nothing = No part yet
log-test-cannot = Cannot be done
log-test-scarce = Not enough for all tests
log-from = { $part }: { $what }
log-amiss = { $count ->
    [one] One test that the report waits for cannot be done as asked.
   *[other] { $count } tests that the report waits for cannot be done as asked.
}
log-amiss-hint = Correct the parts, or say why the case is logged all the same.
log-reason = Log it all the same, because
log-reason-hint = Kept in the journal

## vocabulary of a case

case-urgency-routine = Routine
case-urgency-urgent = Urgent
case-side-left = Left
case-side-right = Right
case-side-midline = Midline
case-temperature-ambient = At room temperature
case-temperature-refrigerated = Refrigerated
case-temperature-frozen = Frozen
case-outcome-obtained = Marrow obtained
case-outcome-dry-tap = Dry tap
case-outcome-abandoned = Abandoned
case-need-mandatory = Needed for the report
case-need-recommended = Recommended
case-need-conditional = Only suggested
case-need-hold = Held until decided

## the list of cases

case-list-title = Cases
case-list-caption = Cases
case-sort-newest = Newest first
case-sort-due = Due first
case-sort-oldest = Oldest first
case-list-none = No case fits.
case-list-all = Show all cases
case-list-next = Next { $count }
case-tiles = Open cases by stage
case-number = Case
case-question = Question
case-question-any = Any
case-stage = Where it stands
case-stage-any = Anywhere
case-logged = Logged
case-logged-from = Logged from
case-logged-to = to, that day included
case-late-any = Late or not
case-late-only = Only late ones
case-expected = Report expected
case-expected-none = Not set yet

## a case

case-title = Case { $number }
case-by = { $when } by { $who }
case-asked = Asked: { $note }
case-as-requester = As the requester sees it
case-labels = Print labels
case-label = Label
case-state = State
case-where = Where
case-next = Next step
case-next-none = None for you
case-parts = Parts
case-parts-caption = Parts of this case
case-part = Part
case-part-none = None yet
case-part-add = Add the part
case-taken-hint = 0940, -2h. Empty: planned
case-caveat = Caveat: { $text }
case-tests-none = No test is ordered.
case-tests-caption = Ordered tests
case-not-required = Not needed for the report
case-enter = Enter the result
case-order-add = Order a test
case-order-do = Order the test
case-urgency-same = As the case
case-scarce = Not enough sample
case-scarce-caption = Who goes first
case-short = { $volume } short
case-short-tube = No tube holds enough
case-place = Place
case-place-of = Place of { $test }
case-needs-head = Needs
case-needs = { $least }, better { $better }
case-from = { $kind } in { $container }
case-fits-head = Result
case-fits = Fits
case-fits-not = Does not fit
case-decided = Decided by { $who }, { $when }.
case-decide = Decide who goes first
case-results = Results
case-results-caption = Versions of results
case-finding = Finding
case-version = Version
case-verified = Verified
case-in-full = In full
case-not-yet = Not yet
case-reports = Reports
case-reports-none = No report is begun.
case-reports-caption = Versions of the report
case-report = Report { $number }
case-report-write = Write the report
case-signed = Signed
case-read = Read by whom it is for
case-diagnosis = Diagnosis
case-superseded = superseded
case-history = History
case-history-all = All entries
case-entries = { $count ->
    [one] { $count } entry
   *[other] { $count } entries
}

## critical findings and calls

case-critical = Critical findings
case-critical-none = None.
call-open = { $name } – to be called by { $when }
call-heard = { $name } – heard and read back { $when }
call-replaced = { $name } – not to be called: a later version of the result does not say so, { $when }
call-withdrawn = { $name } – not to be called: the result was withdrawn { $when }
call-denied = The result does not say so any more
call-denied-since = since { $when }: whoever heard it has to hear that too.
call-overdue = Past its time
call-escalate = Nobody has heard it: escalate.
call-none = No call yet.
call-caption = Calls about { $name }
call-when = When
call-when-hint = Now, when left empty
call-caller = Caller
call-recipient = Recipient
call-outcome = Outcome
call-result-reached = Reached
call-result-no-answer = No answer
call-result-left-message = Left a message
call-result-refused = Would not take it
call-read = read back
call-unread = not read back
call-escalated-to = Escalated to { $who }
call-escalated = Escalated to
call-record = Record a call
call-record-do = Record the call
call-finding = Finding
call-new = New: { $name }
call-text = What was found
call-text-hint = For a new finding
call-who = Who was called
call-role = Role
call-role-hint = Such as hematology registrar
call-how = How
call-read-back = Read-back
call-read-back-yes = Read back by the recipient
call-note = Note
call-forever = A call cannot be changed. The finding is closed by a call that was heard and read back.
call-list = Critical findings to be called ({ $count })
call-list-caption = Critical findings that nobody has heard yet
call-by = Call by

## documents of other laboratories

doc-title = Original of the other laboratory
doc-none = Not attached yet. The result cannot be verified without it.
doc-caption = Documents of the other laboratory
doc-document = Document
doc-sha256 = SHA-256
doc-size = Size
doc-attached = Attached
doc-attach = Attach a document
doc-attach-hint = PDF, text, PNG, JPEG or HL7, up to 10 MiB. It is kept exactly as it is and cannot be removed.
doc-attach-do = Attach

## what must be taken again

again-title = To take again
again-lead = A part leaves this list when another one feeds its tests, or when no test waits for it any more.
again-none = Nothing must be taken again.
again-caption = What must be taken again, longest waiting first
again-waits = Tests that wait
again-asked = Asked for
again-born = born { $date }
again-for = for { $requester }
again-by = by { $who }
log-draft-nobody = { $count ->
    [one] no patient yet, one row
   *[other] no patient yet, { $count } rows
  }
