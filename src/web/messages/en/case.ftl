# Logging a case, drafts of forms, and the laboratory's pages of a case.

## drafts of forms, on any page

draft-title = Begun and not sent
draft-go-on = Go on with the case begun { $when }
draft-discard = Discard
draft-keep = Save as draft
draft-saved = Draft saved { $time }.
draft-lost = Not saved: the laboratory did not answer, or you are signed out. Send the form before you leave this page.
draft-kept-days = Drafts are kept for { $days } days. Nobody else reads them.
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
