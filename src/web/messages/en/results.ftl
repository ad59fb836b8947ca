# results: entering, verifying, signing

## verifying

verify-title = To verify
verify-hint = Nobody verifies their own result: what you entered yourself, another person must read.
verify-count = { $count ->
    [one] One result waits
   *[other] { $count } results wait
}
verify-late = { $count } late
verify-caption = Results to verify, most urgent first
verify-test = Test
verify-state = State
verify-next-step = Next step
verify-no-due = Not set
verify-check = Check
verify-empty = Nothing waits for a second person.
verify-more = { $count ->
    [one] One more waits: choose a bench.
   *[other] { $count } more wait: choose a bench.
}
verify-benches = Benches
verify-all = All
verify-place = { $at } of { $of } to verify
verify-own = You entered this result: another person verifies it.
verify-and-next = Verify and next
verify-only = Verify
verify-begin = Check first, or hand back
verify-skip = Skip
verify-return = Return to the bench
verify-return-why = What must be looked at again

## signing

sign-title = To sign
sign-ready = All results are in ({ $count })
sign-ready-empty = Nothing to sign.
sign-early = A preliminary report is signed ({ $count })
sign-early-empty = No case waits for its final report.
sign-oldest-first = Waiting for the signature only, then first due first
sign-stands = Where it stands
sign-due = Report due
sign-waits = Taken { $when }, { $since } ago
sign-write = Write the report
sign-and-next = Sign and next
sign-only = Sign
sign-changed = What changed since you opened the page
sign-changed-elsewhere = Nothing in this case: an earlier examination of this patient or the catalogue changed.

## a result

result-title = { $name }, version { $number }
result-version = Version { $number }
result-version-of = Version { $number }, case { $case }
result-evidence = Evidence
result-finding = Finding
result-origin = How it came about
result-asked = Asked
result-taken = Taken
result-received = Received
result-caveat = Caveat:
result-original = Original:
result-whole-order = The whole order
result-misfits = What does not fit
result-earlier = This patient before
result-no-earlier = No earlier examination here.
result-older = { $count ->
    [one] One older examination is not shown.
   *[other] { $count } older examinations are not shown.
}
result-others-then = { $count ->
    [one] One other test then
   *[other] { $count } other tests then
}
result-prints-with-it = Prints with it:
result-told = Told: { $who }, { $when }
result-entered = Entered
result-released = Released early
result-verified = Verified
result-not-verified = Not yet
result-acts = What to do
result-release = Release as preliminary
result-new-version = Write a new version
result-write-new-version = Write the new version
result-kind-of-change = Kind of change
result-withdraw-it = Withdraw this result
result-withdraw = Withdraw
result-why = Why
result-told-who = Who was told
result-told-at = When
result-told-at-hint = Now, if left empty
result-told-how = How
result-told-how-hint = By telephone, in person …
result-value = Value
result-now = Now
result-change = Change
result-before = Before
result-compared = Beside the newest earlier value
result-unchanged = Unchanged
result-changed = Changed
result-to-know = To know
result-interpretation-abnormal = Abnormal
result-interpretation-normal = Normal
result-interpretation-indeterminate = Indeterminate
result-interpretation-inadequate = Inadequate
result-detected = Detected
result-not-detected = Not detected
result-revision-corrected = Corrected
result-revision-amended = Amended
result-revision-appended = Appended

## the form of a result

result-says = What it says
result-one-line = The finding in one line
result-one-line-made = Made from what is typed below, if left empty
result-values = Values
result-values-hint = Numbers may be typed as <0.001, >90, ~5, 1e-5 or ND (not detected). An empty value is not reported.
result-comment = Comment
result-performed-at = When the work was done
result-performed-at-hint = Now, if left empty. 0940, -2h
result-performed-by = Laboratory that did it
result-performed-by-hint = If not ours
result-details-hint = Leave everything here empty only when the material could not be assessed.
result-rows-hint = Rows that you do not need stay empty.
result-add-populations = Add a population
result-add-probes = Add a probe
result-add-cultures = Add a culture
result-add-genes = Add a gene
result-add-variants = Add a variant
result-add-stains = Add a stain
result-add-organisms = Add an organism
result-read-as = Read as { $reading }
result-read-as-field = Read as
result-exactly = Exactly
result-qualifier-below = Below
result-qualifier-above = Above
result-qualifier-about = About
result-qualifier-not-detected = Not detected
result-percentage-of = Percentage of
result-choose = Choose
result-not-said = Not said
result-not-reported = Not reported
result-yes = Yes
result-range = { $min } to { $max }
result-understood = As it will be read
result-understood-empty = What you type is read back here: computed values, what should be known, and what does not fit.
result-not-yet = { $count ->
    [one] One thing does not fit yet:
   *[other] { $count } things do not fit yet:
}

## an order

order-title = { $name } of { $accession }
order-facts = Facts
order-case = Case
order-question = Question
order-bench = Bench
order-part = Part
order-no-part = None yet
order-of-part = part { $part }
order-start-by = Start by
order-no-limit = No limit known
order-due = Result due
order-ordered = Ordered
order-why = Why
order-by = { $when } by { $who }
order-held-until = Held until
order-held = { $when }, then: { $then }
order-sent-to = Sent to
order-sent = { $laboratory }, expected { $when }
order-ended = Ended
order-steps-done = { $done } of { $all } steps done
order-step-due = To be ended { $when }
order-second-reader = { $first } did it first; it takes another person.
order-enter = Enter the result
order-enter-again = Enter the result again
order-enter-hint = Another person verifies it. An earlier entry that nobody verified is replaced and stays readable.
order-check = Check
order-checked = Read. Nothing is entered.
order-steps = Steps
order-back = Back
order-step-closed = This step is not open to you now.
order-attempts = Attempts
order-attempts-caption = Attempts at this test
order-attempt = Attempt
order-started = Started
order-run = Run
order-used = Used
order-outcome = Outcome
order-failed = Failed: { $reason }
order-not-failed = No failure recorded
order-versions = Results
order-versions-caption = Versions of this result
order-newest-first = Newest first
order-version = Version
order-state = State
order-finding = Finding
order-entered = Entered
order-verified-by = Verified by

## the report while it is written

compose-title = Report of { $accession }
compose-heading = Report of { $accession }
compose-text = Text
compose-kind = Kind of report
compose-kind-preliminary = Preliminary report
compose-kind-final = Final report
compose-kind-appended = Appended report
compose-kind-amended = Amended report
compose-kind-corrected = Corrected report
compose-diagnosis = Diagnosis
compose-suggested = Choose one that is suggested, or type any other
compose-comment = Correlation and comment
compose-reason = Why the report changes
compose-flags = What does not fit ({ $count })
compose-flags-hint = Say in words what you make of each. The report is signed when every one has an answer.
compose-flag-words = What you make of it
compose-preview = Preview
compose-not-signed = Not signed
compose-preview-update = Update the preview
compose-previewed = The preview is up to date.
compose-save = Save the draft
compose-standing = Before it is signed
compose-free = Nothing stands in the way
compose-unsaved = The text is not saved yet. It is signed as it is saved.
compose-others = { $name } made this diagnosis and signs it. Saving the draft makes it yours.
compose-orders-open = { $count ->
    [one] A final report waits for one test.
   *[other] A final report waits for { $count } tests.
}
compose-flags-open = { $count ->
    [one] One thing that does not fit has no answer yet.
   *[other] { $count } things that do not fit have no answer yet.
}
compose-revision-open = A new version of { $name } waits to be verified.
compose-pending = { $count ->
    [one] One test is not final
   *[other] { $count } tests are not final
}
compose-pending-hint = To sign without them, sign a preliminary report, which names them as pending; or end each with its reason.
compose-expected = Expected { $when }
compose-signature = Signature
compose-attest = I made this diagnosis and sign it. { $kind }.
compose-password = Your password
compose-not-yours = { $name } made this diagnosis and signs it. To sign it yourself, save the draft: that makes it yours.
compose-discard = Discard the draft
done-reread = The text had changed, so it was saved and not signed. Read the preview, then sign.

## the counter of the differential

tally-sum = Sum: { $sum }
tally-sum-percent = Sum: { $sum } % (100 % are needed)
tally-sum-cells = Sum: { $sum } cells
tally-start = Count with the keypad
tally-title = Counting
tally-progress = Cells counted
tally-target = Count to
tally-tone = Tone at each hundred
tally-undo = Take back
tally-leave = Stop counting
tally-hint = Each key of the number block counts one cell; minus takes the last one back. Or press the buttons.
tally-are-percent = The numbers are percentages. Choose cells and empty them, then count.
tally-scan = That was a scan. No cell was counted.
tally-reached = That is the number of cells to count.
tally-back = The last cell is taken back.

## karyotypes and FISH read back

iscn-title = Read a karyotype
iscn-lead = What a karyotype or FISH text says in plain English, and what is wrong or unusual in it. Nothing is kept.
iscn-text = Karyotype or FISH text (ISCN)
iscn-text-hint = 46,XX,del(5)(q13q33)[8]/46,XX[12]
iscn-check = Check
iscn-checked = Read.
iscn-found = What it says
iscn-empty = Nothing to read yet.
iscn-normal = Written as usual:
iscn-at = Character { $position }:
iscn-put-in = Put in { $fix }
iscn-take-out = Take it out
iscn-status-ok = Understood
iscn-status-warnings = Understood; something is unusual
iscn-status-not-modelled = Partly not understood, kept as typed
iscn-status-error = Something is wrong

## what the fields of a result are called (form-label), what helps to type them (form-hint), and the words to choose from (form-word)

form-label-panel-and-its-version = Panel and its version
form-label-tubes = Tubes
form-label-viability = Viability
form-label-events-acquired = Events acquired
form-label-events-with-cd45 = Events with CD45
form-label-name = Name
form-label-kind = Kind
form-label-abnormal = Abnormal
form-label-share = Share
form-label-events = Events
form-label-phenotype = Phenotype
form-label-disease = Disease
form-label-approach = Approach
form-label-abnormal-events = Abnormal events
form-label-eligible-events = Eligible events
form-label-eligible-are = Eligible are
form-label-residual-disease = Residual disease
form-label-limit-of-detection = Limit of detection
form-label-limit-of-quantification = Limit of quantification
form-label-status = Status
form-label-pull = Pull
form-label-age-at-set-up = Age at set-up
form-label-time-point = Time point
form-label-lineage-of-the-blasts = Lineage of the blasts
form-label-clonality = Clonality
form-label-kappa-to-lambda = Kappa to lambda
form-label-hemodilution = Hemodilution
form-label-gating = Gating
form-label-correlation-with-morphology = Correlation with morphology
form-label-looks-for = Looks for
form-label-design = Design
form-label-nuclei-scored = Nuclei scored
form-label-abnormal-nuclei = Abnormal nuclei
form-label-cut-off = Cut-off
form-label-outcome = Outcome
form-label-abnormal-pattern = Abnormal pattern
form-label-loci = Loci
form-label-maker-and-lot = Maker and lot
form-label-enrichment = Enrichment
form-label-readers = Readers
form-label-iscn-nuc-ish = ISCN (nuc ish)
form-label-karyotype-iscn = Karyotype (ISCN)
form-label-metaphases-counted = Metaphases counted
form-label-metaphases-analyzed = Metaphases analyzed
form-label-metaphases-karyotyped = Metaphases karyotyped
form-label-banding = Banding
form-label-resolution = Resolution
form-label-iscn-edition = ISCN edition
form-label-type = Type
form-label-harvested = Harvested
form-label-mitotic-index = Mitotic index
form-label-target = Target
form-label-transcript = Transcript
form-label-target-copies = Target copies
form-label-control-gene = Control gene
form-label-control-copies = Control copies
form-label-replicates = Replicates
form-label-conversion-factor = Conversion factor
form-label-ratio-to-control-gene = Ratio to control gene
form-label-international-scale = International scale
form-label-log-reduction = Log reduction
form-label-molecular-response = Molecular response
form-label-gene-or-alteration = Gene or alteration
form-label-call = Call
form-label-allele-fraction = Allele fraction
form-label-coding-hgvs = Coding (HGVS)
form-label-protein-hgvs = Protein (HGVS)
form-label-kind-of-variant = Kind of variant
form-label-itd-length = ITD length
form-label-itd-allelic-ratio = ITD allelic ratio
form-label-depth = Depth
form-label-method = Method
form-label-mean-depth = Mean depth
form-label-gene = Gene
form-label-tier = Tier
form-label-nothing-found-in = Nothing found in
form-label-not-enough-coverage-in = Not enough coverage in
form-label-immunoglobulin-genes = Immunoglobulin genes
form-label-t-cell-receptor-genes = T-cell receptor genes
form-label-rearrangements = Rearrangements
form-label-smear = Smear
form-label-particles = Particles
form-label-cellularity = Cellularity
form-label-numbers-are = Numbers are
form-label-cells-counted = Cells counted
form-label-blasts = Blasts
form-label-promyelocytes = Promyelocytes
form-label-myelocytes = Myelocytes
form-label-metamyelocytes = Metamyelocytes
form-label-band-forms = Band forms
form-label-neutrophils = Neutrophils
form-label-eosinophils = Eosinophils
form-label-basophils = Basophils
form-label-monocytes = Monocytes
form-label-erythroid-precursors = Erythroid precursors
form-label-lymphocytes = Lymphocytes
form-label-plasma-cells = Plasma cells
form-label-other-cells = Other cells
form-label-myeloid-to-erythroid = Myeloid to erythroid
form-label-blasts-count-as-myeloid-in-this-ratio = Blasts count as myeloid in this ratio
form-label-megakaryocytes = Megakaryocytes
form-label-erythroid = Erythroid
form-label-granulocytic = Granulocytic
form-label-megakaryocytic = Megakaryocytic
form-label-description = Description
form-label-storage-iron = Storage iron
form-label-ring-sideroblasts = Ring sideroblasts
form-label-precursors-counted = Precursors counted
form-label-length-of-the-core = Length of the core
form-label-measured = Measured
form-label-pieces = Pieces
form-label-evaluable-length = Evaluable length
form-label-intertrabecular-areas = Intertrabecular areas
form-label-particles-clot-section = Particles (clot section)
form-label-expected-at-that-age = Expected at that age
form-label-architecture = Architecture
form-label-reticulin = Reticulin
form-label-collagen = Collagen
form-label-marker = Marker
form-label-result = Result
form-label-in-words = In words
form-label-fixative = Fixative
form-label-decalcification = Decalcification
form-label-growth = Growth
form-label-acid-fast-stain = Acid-fast stain
form-label-susceptibility = Susceptibility
form-label-incubated-so-far = Incubated so far
form-label-populations = Populations
form-label-probes = Probes
form-label-cultures = Cultures
form-label-genes = Genes
form-label-variants = Variants
form-label-differential = Differential
form-label-dysplasia = Dysplasia
form-label-stains = Stains
form-label-organisms = Organisms
form-label-population = Population
form-label-probe = Probe
form-label-culture = Culture
form-label-variant = Variant
form-label-stain = Stain
form-label-organism = Organism

form-hint-computed-when-left-empty = Computed when left empty
form-hint-the-denominator = The denominator
form-hint-from-the-part-when-left-empty = From the part when left empty
form-hint-after-induction-day-29 = After induction, day 29 …
form-hint-from-here-on-called-abnormal = From here on called abnormal
form-hint-cd138-cd34-congo-red = CD138, CD34, Congo red …
form-hint-kept-as-typed = Kept as typed
form-hint-kept-as-typed-and-shown-back-in-plain-english = Kept as typed, and shown back in plain English
form-hint-24-h-unstimulated = 24 h, unstimulated
form-hint-a-number-or-nd-for-not-detected = A number, or ND for not detected
form-hint-to-the-international-scale = To the international scale
form-hint-type-1 = type 1
form-hint-1-to-4 = 1 to 4
form-hint-genes-to-be-named-asxl1-tp53 = Genes to be named: ASXL1, TP53
form-hint-genes-cebpa-srsf2 = Genes: CEBPA, SRSF2
form-hint-one-to-a-line = One to a line
form-hint-their-sum-if-the-numbers-are-cells = Their sum, if the numbers are cells
form-hint-0-05-0-001-90-5-1e-5-or-nd = 0.05, <0.001, >90, ~5, 1e-5 or ND
form-hint-only-when-residual-disease-was-looked-for-the-limits-follow = Only when residual disease was looked for. The limits follow from the events: 20 for detection, 50 for quantification.
form-hint-nucleated-cells-without-megakaryocytes-empty-is-zero = Nucleated cells without megakaryocytes. Empty is zero.

form-word-seen = Seen
form-word-not-seen = Not seen
form-word-not-done = Not done
form-word-reduced = Reduced
form-word-normal = Normal
form-word-increased = Increased
form-word-not-assessable = Not assessable
form-word-kappa = Kappa
form-word-lambda = Lambda
form-word-biclonal = Biclonal
form-word-polyclonal = Polyclonal
form-word-t-clonal = T-cell clonal
form-word-none = None
form-word-focal = Focal
form-word-dense = Dense
form-word-edta = EDTA
form-word-acid = Acid
form-word-all-events = All events
form-word-cd45-positive = CD45-positive events
form-word-leukocytes = Leukocytes
form-word-mononuclear-cells = Mononuclear cells
form-word-lymphocytes = Lymphocytes
form-word-blasts = Blasts
form-word-plasma-cells = Plasma cells
form-word-nucleated-cells = Nucleated cells
form-word-non-erythroid-cells = Non erythroid cells
form-word-erythroid-precursors = Erythroid precursors
form-word-erythroid-cells = Erythroid cells
form-word-granulocytic-cells = Granulocytic cells
form-word-megakaryocytes = Megakaryocytes
form-word-nuclei = Nuclei
form-word-reads = Reads
form-word-control-copies = Control copies
form-word-marrow-space = Marrow space
form-word-metaphases = Metaphases
form-word-cd138 = CD138-selected
form-word-growth = Growth
form-word-contaminant = Contaminant
form-word-mild = Mild
form-word-marked = Marked
form-word-not-assessed = Not assessed
form-word-myeloid = Myeloid
form-word-b-lymphoid = B lymphoid
form-word-t-lymphoid = T lymphoid
form-word-mixed = Mixed
form-word-undifferentiated = Undifferentiated
form-word-gross = Fresh, at the bench
form-word-slide = On the slide
form-word-absent = Absent
form-word-inadequate = Inadequate
form-word-laip = LAIP (phenotype at diagnosis)
form-word-dfn = Different from normal (DfN)
form-word-laip-dfn = LAIP and DfN
form-word-standard = Standard
form-word-negative = Negative
form-word-negative-insufficient-sensitivity = Negative, but not sensitive enough
form-word-positive-not-quantifiable = Positive not quantifiable
form-word-positive = Positive
form-word-b-cells = B cells
form-word-t-cells = T cells
form-word-nk-cells = NK cells
form-word-monocytes = Monocytes
form-word-granulocytes = Granulocytes
form-word-other = Other
form-word-detected = Detected
form-word-not-detected = Not detected
form-word-indeterminate = Indeterminate
form-word-enumeration = Enumeration
form-word-break-apart = Break apart
form-word-dual-fusion = Dual fusion
form-word-tri-color = Tri color
form-word-abnormal = Abnormal
form-word-below-cutoff = Below the cut-off
form-word-clonal = Clonal
form-word-oligoclonal = Oligoclonal
form-word-not-tested = Not tested
form-word-failed = Failed
form-word-good = Good
form-word-suboptimal = Suboptimal
form-word-aparticulate = Aparticulate
form-word-hemodilute = Hemodilute
form-word-clotted = Clotted
form-word-partial = Partial
form-word-equivocal = Equivocal
form-word-cells = Cells
form-word-percent = Percent
