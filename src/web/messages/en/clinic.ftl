# The hematologist's pages: my patients, the tracker, the patient's timeline, the report, what one is told.

## my patients

mine-title = My patients
mine-title-late = My patients: { $late } late
mine-find = Find a patient
mine-older = All my cases
mine-empty = You are not following anyone. What you ask for appears here; find others by MRN, name or case number.
mine-new = New or to be read ({ $count })
mine-new-order = Reports to be read first, then the newest
mine-waiting = Waiting ({ $count })
mine-waiting-order = Late ones first, then the soonest
mine-done = Done, last { $days } days ({ $count })
mine-done-order = Newest first
mine-born = Born { $date }
mine-news = { $count } new
mine-to-read = Report { $number } to be read
mine-in = { $n } of { $of } in
mine-quiet = You are told of nothing
mine-released = Released { $when }
mine-next = Next: { $when }, { $test }
mine-was-due = Was due { $when }: { $test }
mine-report-due = Report expected { $when }
mine-signed = Report signed { $when }
mine-no-report = Ended without a report
mine-signature = The report waits for its signature
mine-no-date = No date yet

## what one is told

follow-title = Notify me
follow-label = Tell me of
follow-keep = Save
follow-choice-any = Any change
follow-choice-late = Results, reports, what is late
follow-choice-final = Results and reports only
follow-choice-never = Nothing; keep it in my list
follow-choice-off = Nothing; take it off my list
follow-notices = Notices
follow-notices-hint = What happened to the cases that you follow in the last { $days } days and that you have not opened since.
follow-no-notices = Nothing new. You see here what happens to the cases that you follow.
follow-unread = { $count ->
    [0] Nothing unread
    [one] { $count } unread
   *[other] { $count } unread
}
follow-put-away = Mark all as read
follow-new = New
follow-bell = { $count ->
    [0] Notices: nothing new
    [one] Notices: { $count } new
   *[other] Notices: { $count } new
}

## the tracker

track-title = { $accession }: { $stage }
track-details = Case details
track-taken = Taken { $when }
track-question = Question: { $text }
track-expected = The report is expected { $when }.
track-was-expected = The report was expected { $when }.
track-late = Late: { $tests }.
track-late-by = { $test } (by { $length })
track-unusable = The { $part } could not be used: { $reason }.
track-signed = The final report was signed { $day }.
track-signed-again = The report was changed and signed again { $day }.
track-signed-some-day = The report is signed.
track-void = This case was entered in error.
track-closed = This case ended without a report.
track-resulted = { $n ->
    [one] The result is in. The report waits for its signature.
   *[other] All results are in: { $count }. The report waits for its signature.
}
track-on-its-way = The marrow was taken and has not reached the laboratory yet.
track-not-taken = The marrow has not been taken yet.
track-in-lab = The marrow is in the laboratory.
track-preliminary = A preliminary report is signed.
track-results-in = { $n ->
    [one] { $count } result is in.
   *[other] { $count } results are in.
}
track-to-come = { $n ->
    [one] { $count } test still to come.
   *[other] { $count } tests still to come.
}
track-nothing-to-come = Nothing else is to come.
track-dry-tap = The tap was dry; the work goes on with the core.
track-to-do = What to do:
track-repeat = A new sample is needed for { $tests }.
track-read-change = read what changed, below. Nothing else is needed of you.
track-read-report = The report is below. Nothing else is needed of you.
track-nothing-to-do = You do not have to do anything.
track-pdf = Report as PDF
track-by-status = Tests by status
track-tally-final = final
track-tally-prelim = preliminary
track-tally-attn = late
track-tally-prob = with a problem
track-tally-work = in progress
track-tally-wait = waiting
track-count-1 = One
track-count-2 = Two
track-count-3 = Three
track-count-4 = Four
track-count-5 = Five
track-count-6 = Six
track-count-7 = Seven
track-count-8 = Eight
track-count-9 = Nine
track-count-10 = Ten
track-count-11 = Eleven
track-count-12 = Twelve
track-reports = Report
track-superseded = Superseded
track-changed = Changed:
track-signed-by = Signed by { $who }, { $when }
track-sofar = Results so far
track-no-result = No result is released yet.
track-first-result = The first one is due { $when }.
track-inadequate = Could not be assessed.
track-in-full = In full
track-caveat = Caveat: { $text }
track-verified-by = Verified by { $who }, { $when }.
track-released-by = Released early by { $who }.
track-final-due = Final due { $when }.
track-nobody = Not known by whom.
track-full = The result’s own page
track-before-it-said = Before, it said:
track-told = Told: { $who }, { $when }
track-tocome = Still to come
track-soonest-first = Soonest first
track-report = Integrated report
track-waiting = Waiting
track-when-final = Is written when the tests are final
track-all-final = All tests are final
track-no-date = No date yet
track-step = Step { $n } of { $of }
track-after-sample = after the new sample
track-history = History of { $accession }
track-was-due = was due
track-on-time = on time
track-again = Being done again
track-order-suggested = Not asked for
track-order-ordered = Waits for its sample
track-order-awaiting-specimen = Waits for its sample
track-order-held = Secured; to be decided
track-order-ready = The sample is here; not started yet
track-order-in-process = Being done
track-order-resulted = Done; a second person checks it
track-order-in-review = Done; a second person checks it
track-order-final = Final
track-order-referred-out = At another laboratory
track-order-needs-recollect = Needs a new sample
track-order-failed = An attempt failed; the laboratory decides what next
track-order-not-performed = Was not done
track-order-cancelled = Canceled
track-order-entered-in-error = Entered in error
track-attempt-failed = an attempt failed
track-why = Why: { $reason }.
track-why-again = Why: { $reason }, so it is done again.
track-held = Held until { $when }; then: { $then }.
track-hold-auto-perform = it is done unless somebody cancels it
track-hold-auto-cancel = it is canceled unless somebody releases it
track-hold-manual = somebody decides
track-sent = Sent to { $laboratory }.
track-no-reason = The laboratory has not recorded why.
track-new-sample = A new sample is needed.
track-no-new-sample = No new sample is needed.
track-ended = Not done
track-samples = Where the sample is
track-part-in = { $kind } in { $container }
track-place-left = left { $site }
track-place-right = right { $site }
track-pull = pull { $number }
track-mm = { $mm } mm
track-ul = { $ul } µL
track-ml = { $ml } mL
track-latest = Latest changes
track-whole = Whole history ({ $count })
track-entry = { $subject }: { $done }
track-entry-by = by { $who }
track-ask = Ask the lab
track-hours = { $opens } to { $closes }.
track-quote = Quote { $number }.
track-orders = Order or cancel tests
track-before = { $count ->
    [one] The marrow before or after, and numbers over time
   *[other] { $count } other marrows, and numbers over time
}

## the report

report-number = Report { $number }
report-title = Report { $number } of { $accession }
report-this = Report { $number } (shown above)
report-versions = All signed versions
report-pdf = Report as PDF
report-back = Back to the case
report-never-signed = This version was never signed.
report-void = Void.
report-do-not-use = Do not use this version.
report-told = Told: { $who }.
report-superseded = Superseded.
report-instead = { $report } stands in its place.
report-diagnosis-before = Diagnosis before:
report-diagnosis-now = Diagnosis now:
report-same-diagnosis = The diagnosis is the same as before.
report-withdraw = Withdraw this version
report-why = Why

## one patient over time

time-line-title = Patient timeline
time-line-marrows = { $count ->
    [one] { $count } marrow
   *[other] { $count } marrows
}
time-line-order = Newest first
time-line-not-taken = Not taken yet
time-line-results = { $count ->
    [one] { $count } result
   *[other] { $count } results
}
time-line-method = { $assay }, percent of { $of }
time-line-value = { $value } { $unit }
time-line-below = not detected, sensitivity { $value } { $unit }
time-line-not-detected = not detected, sensitivity not known
time-line-newest = Newest: { $value }, { $when }
time-line-plot = { $name } over time
time-line-open = Open: not detected, drawn at the sensitivity of that run
time-line-table = As a table
time-line-taken = Taken
time-line-found = Found
time-line-by = Method
time-line-case = Case
time-line-key-is-pct = transcript on the international scale
time-line-key-ratio-pct = transcript to the control gene
time-line-key-mrd-pct = Residual disease
time-line-key-blasts-pct = Blasts
time-line-key-plasma-cells-pct = Plasma cells
time-line-key-ring-sideroblasts-pct = Ring sideroblasts
time-line-key-probe-pct = abnormal nuclei
time-line-key-vaf-pct = allele fraction
time-line-key-cellularity-pct = Cellularity
report-not-signed = not signed

## a report is read, and said to be read
read-ask = read { $report } and then say that you have read it.
read-say = I have read report { $number }
read-changes = Report { $new } changes report { $old }, which you read on { $when }.
read-void = Report { $number }, which you read on { $when }, was withdrawn.
read-by = Read by { $who }, { $when }
read-by-you = You said on { $when } that you have read it.
read-by-nobody = Nobody has said yet that they have read it.
track-results = Results
