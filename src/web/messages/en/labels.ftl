# Printing labels.

labels-of-case = Labels of { $accession }
label-of-part = Label of { $label }
labels-none-now = No label can be printed now. A label is printed when its part is at hand.
labels-which = Which labels
labels-not-at-hand = { $count ->
    [one] One more is not at hand: a label is printed when its part is.
   *[other] { $count } more are not at hand: a label is printed when its part is.
}
labels-why-again = Why again
labels-why-again-hint = For a label that was printed before; it is kept in the journal
labels-first-time = Not a reprint
labels-print = Print
labels-back-to-case = Back to the case
labels-back = Back
labels-first = First label
labels-printed = Printed so far
labels-head-label = Label
labels-head-when = When
labels-head-by = By
labels-head-why = Why
labels-count = { $count ->
    [one] One label
   *[other] { $count } labels
}
labels-journaled = In the journal
labels-zpl = ZPL, { $dpi } dpi
labels-true-size = True size. Print at 100 %, without margins; then scan the label to see that it reads.

reprint-reason-unreadable = Cannot be read
reprint-reason-damaged = Torn, wet or come off
reprint-reason-printer-failed = The printer gave nothing, or half of it
reprint-reason-misplaced = Printed and not to be found
reprint-reason-corrected = What stands on it was corrected
