# Etiketten drucken.

labels-of-case = Etiketten von { $accession }
label-of-part = Etikett von { $label }
labels-none-now = Jetzt kann kein Etikett gedruckt werden. Ein Etikett wird gedruckt, wenn sein Probenteil zur Hand ist.
labels-which = Welche Etiketten
labels-not-at-hand = { $count ->
    [one] Ein weiterer Probenteil ist nicht zur Hand: Sein Etikett wird gedruckt, wenn er da ist.
   *[other] { $count } weitere Probenteile sind nicht zur Hand: Ihre Etiketten werden gedruckt, wenn sie da sind.
}
labels-why-again = Warum noch einmal
labels-why-again-hint = Für ein Etikett, das schon gedruckt wurde; der Grund steht im Journal
labels-first-time = Kein Nachdruck
labels-print = Drucken
labels-back-to-case = Zurück zum Fall
labels-back = Zurück
labels-first = Erstes Etikett
labels-printed = Bisher gedruckt
labels-head-label = Etikett
labels-head-when = Wann
labels-head-by = Durch
labels-head-why = Warum
labels-count = { $count ->
    [one] Ein Etikett
   *[other] { $count } Etiketten
}
labels-journaled = Im Journal
labels-zpl = ZPL, { $dpi } dpi
labels-true-size = Wahre Größe. Drucken Sie mit 100 % und ohne Ränder; scannen Sie dann das Etikett, um zu sehen, dass es lesbar ist.

reprint-reason-unreadable = Nicht lesbar
reprint-reason-damaged = Zerrissen, nass oder abgefallen
reprint-reason-printer-failed = Der Drucker gab nichts aus, oder nur die Hälfte
reprint-reason-misplaced = Gedruckt und nicht zu finden
reprint-reason-corrected = Was darauf steht, wurde korrigiert
