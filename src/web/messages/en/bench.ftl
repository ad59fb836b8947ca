# The bench: scan station, worklists, steps, storage.

## scan

scan-title = Scan
scan-field = Scan a tube, slide or command
scan-placeholder = or type a number
scan-hint = Enter on the empty field takes the card’s first step. F2 comes back here.
scan-mode = What a scan does
scan-mode-look = Look up
scan-mode-receive = Receive at once
scan-temperature = How it arrived
scan-temperature-hint = For every scan, until you change it
scan-go = Go
scan-mute = No sounds
scan-camera = Scan with the camera
scan-camera-hint = Hold a label before the camera; it is read by itself.
scan-camera-refused = The camera cannot be used. Allow it in the browser, or type the number into the field.
scan-camera-close = Close the camera
scan-log = Last scans
scan-commands = Command barcodes
scan-test = Test the scanner
scan-queued = { $count } scans are not sent yet.
scan-unsent = The laboratory cannot be reached. Your scans are kept here and sent again; do not close this page.
scan-no-step = There is no card with a step. Scan a part first.
scan-bulk-open = Lines are selected. Press the button of the selection, or take the ticks away.
scan-nothing = Scan anything. The part appears here with its next step.
scan-empty = Nothing was scanned or typed.
scan-say = { $label }: { $state }
scan-case = Whole case
scan-label = Label
scan-part = Sample
scan-question = Question
scan-taken = Taken
scan-place = Kept in
scan-left = Left
scan-none = There is no step for you to take.
scan-more-steps = More steps
scan-stop = Stop
scan-unknown = { $label } is a good number, but there is no such part here.
scan-unknown-way = Check that its case was logged; then log it, or scan again.
scan-problem-way = Nothing was done. The next scan takes the place of this card.
scan-other-case = { $label } belongs to another patient than the case { $case } that you are checking in.
scan-other-case-way = Put it aside. When this kit is done, scan it on the page “Scan”.
scan-again = { $label } was received already: { $who }, { $when }.
scan-again-way = Show its card
scan-ended = Do not work on this part. It is: { $state }.
scan-canceled = Every test of this part has ended. Nothing is to be done with it.
scan-expired = Too old for { $test }. Decide on the page of the test: use it with a reason, or choose another part.
scan-elsewhere = This part belongs to { $others }, not to { $bench }. Bring it there.
scan-query = Question to { $owner }: { $text }
scan-rejection = Rejection proposed by { $who }: { $text }
scan-caveat = Caveat: { $text }
scan-tests = Tests of this part
scan-status = Status
scan-use-by = Use by
scan-no-limit = No limit
scan-fitness = What it is good for
scan-fit = Fit
scan-verdict-ideal = Fit
scan-verdict-usable = Usable
scan-verdict-warn = Look first
scan-verdict-past-limit = Past its limit
scan-verdict-unfit = Not for this test
scan-verdict-no-window = Age not known
scan-accept = Both identifiers match: accept
scan-command-first = This command is about a part, and none was scanned.
scan-command-first-way = Scan the part, then the command.
scan-command-press = This command presses the card’s first button, which only the page itself can do.
scan-command-press-way = Press the button on the card.
undo = Undo
undo-what = { $subject }: { $done }.
undo-for = You can undo this for { $seconds } seconds.
undo-nothing = The newest step of this case was not taken on { $label }.
undo-nothing-way = Scan the part that it was taken on, then UNDO.
scan-command-undo = Undo the step just taken on the card’s part
scan-command-unknown = { $code } is no command of this laboratory.

## check-in of a kit

scan-kit-title = Check in { $case }
scan-kit-counts = { $here } of { $all } parts are here.
scan-kit-missing = Still missing: { $labels }
scan-kit-done = Every part that was taken is here.
scan-kit-parts = Parts of this kit
scan-kit-scan = Scan it
scan-kit-not-obtained = Not obtained
scan-kit-why = Why { $label } was not obtained
scan-kit-back = To the case
scan-kit-collect = Record collection

## command barcodes and scanner test

scan-card-title = Command barcodes
scan-card-hint = Print this page, laminate it, and keep it at the bench. A command is scanned like a label.
scan-card-print = Print with the browser (Ctrl+P).
scan-command-receive = Receive at once with every scan from now on
scan-command-lookup = Look up with every scan from now on
scan-command-ok = Take the card’s first step
scan-command-print = Print the label of the card’s part
scan-command-next-bench = Go to the next bench
scan-card-rejects = Propose a rejection, by reason
scan-test-title = Test the scanner
scan-test-hint = Scan any label into the field. Nothing is sent anywhere; the page shows what the scanner types and whether the keyboard layout fits.
scan-test-field = Scan here
scan-test-off = This page needs JavaScript: it shows the keys that arrive.
scan-test-keys = Keys and milliseconds between them
scan-test-good = The layout fits. Slowest gap: { $ms } ms.
scan-test-slow = The keys come too slowly for a scanner: up to { $ms } ms apart, and more than 35 ms counts as typing. Take away the pause between characters in the scanner’s settings.
scan-test-french = The scanner types for a US keyboard, and this computer has a French (AZERTY) one: digits arrive as &é"'(. Set the scanner to the French layout, or the computer to US.
scan-test-german = The scanner types for a US keyboard, and this computer has a German (QWERTZ) one: Y and Z change places, and the hyphen arrives as ß. Set the scanner to the German layout.
scan-test-case = Letters arrive in lower case. That does no harm; Caps Lock may be on.
scan-test-odd = Characters arrived that no label has: { $keys }. Read the scanner’s setup code for the keyboard layout of this computer.
scan-test-no-enter = No Enter came at the end. Set the scanner’s suffix to Enter (CR).

## bench

bench-title = { $count ->
    [one] { $bench }: { $count } needs attention
   *[other] { $bench }: { $count } need attention
}
bench-mine = This is my bench
bench-departments = Departments
bench-views = Views
bench-view-all = All
bench-view-to-do = To do
bench-view-running = Running
bench-view-to-review = To review
bench-view-overdue = Overdue
bench-view-waiting = Waiting
bench-view-mine = Mine
bench-filter = Filter
bench-every-test = Every test
bench-urgency = Urgency
bench-every-urgency = Urgent and routine
bench-no-filter = Show all
bench-next-lines = Next { $count }
bench-empty = Nothing waiting here.
bench-empty-running = { $count ->
    [one] Nothing waiting here. { $count } is running.
   *[other] Nothing waiting here. { $count } are running.
}
bench-attention = Needs attention
bench-next = Next
bench-sort-urgent = Most urgent first
bench-sort-due = Due first
bench-sort-label = By label
bench-select = Select
bench-select-line = Select { $part }
bench-part = Part
bench-test = Test
bench-usable = Usable for
bench-due = Result due
bench-step = Next step
bench-caveat = Caveat: { $text }
bench-not-set = Not set yet
bench-started = Started
bench-no-limit = No limit known
bench-expired = Expired { $length } ago
bench-check = Check
bench-second = Waits for a second person
bench-enter = Enter the result
bench-none = None for you
bench-open = Open
bench-done = { $step }: done
bench-bulk = For all that are selected
bench-bulk-hint = Only steps that every selected line can take are shown.
bench-bulk-nothing = There is no step that all of them can take.
bench-selected = { $count } selected
bench-done-count = { $count ->
    [one] { $step }: { $count } done.
   *[other] { $step }: { $count } done.
}
bench-refused-count = { $count ->
    [one] { $count } was refused:
   *[other] { $count } were refused:
}
bench-none-selected = Nothing was selected. Tick the lines first.

## field

field-choose = Choose
field-none = None
field-no = No
field-more = More
field-back = Back
field-not-open = This step is not open to you now.
field-when = When
field-when-hint = Now, if left empty. 0940, -2h, yesterday 2350
field-place-where-it-is-put = Where it is put
field-place-which-bench = Which bench
field-place-hint = Words, or a position such as { $example }
field-fault = What is wrong
field-query = What it is about
field-lost = Where it was lost
field-recollect = Shall it be taken again?
field-recollect-yes = Yes, ask for it
field-not-collected = Why it was not obtained
field-failed = Why it failed
field-canceled = Why it is canceled
field-not-performed = Why it will not be done
field-note-how-it-was-answered = How it was answered
field-note-how-its-identity-was-verified-again = How its identity was verified again
field-note-in-words = In words
field-note-the-question = The question
field-note-what-is-wrong-with-it = What is wrong with it
field-note-what-must-be-looked-at-again = What must be looked at again
field-note-where-it-was-looked-for = Where it was looked for
field-note-why-it-is-not-needed = Why it is not needed
field-note-why-it-never-existed = Why it never existed
field-note-why-it-was-never-meant = Why it was never meant
field-note-why-steps-before-it-are-left-out = Why steps before it are left out
field-note-why-what-is-left-is-written-off = Why what is left is written off
field-told-who-answers-it = Who answers it
field-told-who-was-told = Who was told
field-told-who-was-told-that-it-is-rejected = Who was told that it is rejected
field-temperature = How it travels or is kept
field-temperature-ambient = Ambient
field-temperature-refrigerated = Refrigerated
field-temperature-frozen = Frozen
field-destination = Where it goes
field-tracking = Courier’s number
field-laboratory = Which laboratory
field-test = Which test
field-expected-on = Result expected on
field-date-hint = 2026-03-26 or 26 March 2026
field-volume = Volume
field-volume-hint = Whole µL, or 3 mL
field-pull = Pull number
field-length = Length in mm
field-side = Side
field-side-left = Left
field-side-right = Right
field-side-midline = Midline
field-site = Site
field-fixed = Into fixative
field-fixed-hint = 0940, -2h
field-decalcification = Decalcifying agent
field-decalcification-hint = An acid rules out FISH and sequencing
field-declaration = Signed declaration of identity, in words
field-override = Why a rule is set aside
field-override-hint = Times out of order, or a part past its limit. A supervisor writes this
field-match = Do both identifiers on the part match this patient?
field-match-yes = Yes, both
field-policy = What happens at the deadline
field-policy-auto-perform = It is performed unless canceled
field-policy-auto-cancel = It is canceled unless released
field-policy-manual = It waits for a person
field-deadline = Held until
field-deadline-hint = 2026-03-26 16:00
field-run = Run, plate or panel
field-part = Another part than the linked one
field-part-hint = Its label
field-used = Volume used
field-used-hint = Whole µL, or 0.5 mL; the usual amount if left empty
field-workstep = Which step is done
field-children-hint = Leave rows that you do not need empty. The labels of the new parts can be printed right after.
field-child = Part { $number }
field-child-kind = What it is
field-child-container = In

## storage

storage-title = Storage
storage-place = Place
storage-temperature = Kept
storage-free = Free
storage-occupied = Occupied
storage-none = The catalogue names no storage places. Add them under [[storage]].
storage-discard = What may be discarded
storage-map = Map of { $place }
storage-map-hint = Scan a stored part to take it out. To put one here, scan it, choose “Store”, and give the position.
storage-row = Row
storage-cell-free = free
storage-counts = { $free } of { $all } positions are free.
storage-list = What lies here
storage-position = Position
storage-kept-until = Keep until
storage-until-report = Until its report is final
storage-empty = Nothing lies here.
storage-discard-title = Past its retention
storage-discard-none = Nothing stored is past its retention.
storage-discard-hint = Retention is over, the report is final, and no test waits. A supervisor discards; each part is written to the journal.
storage-discard-caption = { $count ->
    [one] { $count } part may be discarded, longest past first
   *[other] { $count } parts may be discarded, longest past first
}
storage-had-to-be-kept = Had to be kept until
storage-discard-selected = Discard the selected parts
storage-discarded = { $count ->
    [one] { $count } part is discarded.
   *[other] { $count } parts are discarded.
}
bench-decide = Decide: use or reject
bench-material = Material
bench-state = State

## the labels of a bench

labels-queue-title = Labels at { $bench }
labels-queue-title-none = Labels of your bench
labels-queue-field = Scan the printed label, or a tube to print again
labels-queue-hint = Enter on the empty field, or CMD-PRINT, prints the next label. Each is scanned before the next is printed.
labels-queue-next = Print the next label
labels-queue-none = No labels waiting. Scan a tube to reprint.
labels-queue-no-bench = Labels wait at a bench, and you have chosen none. Choose yours on its list:
labels-queue-waiting = { $count ->
    [one] One label waits
   *[other] { $count } labels wait
}
labels-queue-since = Here since
labels-queue-scan = Printed: { $label }. Scan it before it is used.
labels-queue-again = It did not print: print again
labels-queue-wrong = This is { $scanned }, and { $printed } was printed. Do not use this label; find the right one and scan it.
labels-queue-first = { $printed } was printed and not scanned yet. Scan it, then print the next.
labels-queue-odd = { $code } is no label. Scan the label again.
