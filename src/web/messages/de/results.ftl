# Ergebnisse: Eingabe, Bestätigung, Unterschrift

## verifying

verify-title = Zu bestätigen
verify-hint = Niemand bestätigt das eigene Ergebnis: Was Sie selbst eingegeben haben, liest eine andere Person.
verify-count = { $count ->
    [one] Ein Ergebnis wartet
   *[other] { $count } Ergebnisse warten
}
verify-late = { $count } überfällig
verify-caption = Zu bestätigende Ergebnisse, das dringendste zuerst
verify-test = Untersuchung
verify-state = Stand
verify-next-step = Nächster Schritt
verify-no-due = Nicht festgelegt
verify-check = Prüfen
verify-empty = Nichts wartet auf eine zweite Person.
verify-more = { $count ->
    [one] Ein weiteres wartet: Wählen Sie einen Arbeitsplatz.
   *[other] { $count } weitere warten: Wählen Sie einen Arbeitsplatz.
}
verify-benches = Arbeitsplätze
verify-all = Alle
verify-place = { $at } von { $of } zu bestätigen
verify-own = Sie haben dieses Ergebnis eingegeben: Eine andere Person bestätigt es.
verify-and-next = Bestätigen und weiter
verify-only = Bestätigen
verify-begin = Erst prüfen, oder zurückgeben
verify-skip = Überspringen
verify-return = An den Arbeitsplatz zurückgeben
verify-return-why = Was noch einmal angesehen werden muss

## signing

sign-title = Zu unterschreiben
sign-ready = Alle Ergebnisse liegen vor ({ $count })
sign-ready-empty = Nichts zu unterschreiben.
sign-early = Ein vorläufiger Befund ist unterschrieben ({ $count })
sign-early-empty = Kein Fall wartet auf seinen Endbefund.
sign-oldest-first = Was nur auf die Unterschrift wartet, dann was zuerst fällig ist
sign-stands = Stand
sign-due = Befund fällig
sign-waits = Entnommen { $when }, vor { $since }
sign-write = Befund schreiben
sign-and-next = Unterschreiben und weiter
sign-only = Unterschreiben
sign-changed = Was sich geändert hat, seit Sie die Seite geöffnet haben
sign-changed-elsewhere = Nichts in diesem Fall: Eine frühere Untersuchung dieser Person oder der Katalog hat sich geändert.

## a result

result-title = { $name }, Fassung { $number }
result-version = Fassung { $number }
result-version-of = Version { $number }, Fall { $case }
result-evidence = Grundlagen
result-finding = Ergebnis
result-origin = Wie es zustande kam
result-asked = Gefragt
result-taken = Entnommen
result-received = Eingegangen
result-caveat = Vorbehalt:
result-original = Original:
result-whole-order = Die ganze Anforderung
result-misfits = Was nicht zusammenpasst
result-earlier = Diese Person früher
result-no-earlier = Hier keine frühere Untersuchung.
result-older = { $count ->
    [one] Eine ältere Untersuchung ist nicht gezeigt.
   *[other] { $count } ältere Untersuchungen sind nicht gezeigt.
}
result-others-then = { $count ->
    [one] Eine andere Untersuchung damals
   *[other] { $count } andere Untersuchungen damals
}
result-prints-with-it = Steht mit im Befund:
result-told = Benachrichtigt: { $who }, { $when }
result-entered = Eingegeben
result-released = Vorab mitgeteilt
result-verified = Bestätigt
result-not-verified = Noch nicht
result-acts = Was zu tun ist
result-release = Als vorläufig mitteilen
result-new-version = Neue Fassung schreiben
result-write-new-version = Neue Fassung anlegen
result-kind-of-change = Art der Änderung
result-withdraw-it = Dieses Ergebnis zurückziehen
result-withdraw = Zurückziehen
result-why = Warum
result-told-who = Wer benachrichtigt wurde
result-told-at = Wann
result-told-at-hint = Jetzt, wenn leer
result-told-how = Wie
result-told-how-hint = Telefonisch, persönlich …
result-value = Wert
result-now = Jetzt
result-change = Änderung
result-before = Früher
result-compared = Neben dem letzten früheren Wert
result-unchanged = Unverändert
result-changed = Geändert
result-to-know = Zu beachten
result-interpretation-abnormal = Auffällig
result-interpretation-normal = Unauffällig
result-interpretation-indeterminate = Nicht entscheidbar
result-interpretation-inadequate = Nicht auswertbar
result-detected = Nachgewiesen
result-not-detected = Nicht nachgewiesen
result-revision-corrected = Korrigiert
result-revision-amended = Geändert
result-revision-appended = Ergänzt

## the form of a result

result-says = Aussage
result-one-line = Das Ergebnis in einer Zeile
result-one-line-made = Entsteht aus den Angaben unten, wenn leer
result-values = Werte
result-values-hint = Zahlen mit Dezimalpunkt; auch <0.001, >90, ~5, 1e-5 oder ND (nicht nachweisbar). Ein leerer Wert wird nicht berichtet.
result-comment = Kommentar
result-performed-at = Wann gearbeitet wurde
result-performed-at-hint = Jetzt, wenn leer. 0940, -2h
result-performed-by = Ausführendes Labor
result-performed-by-hint = Wenn nicht unseres
result-details-hint = Nur wenn das Material nicht auswertbar war, bleibt hier alles leer.
result-rows-hint = Nicht benötigte Zeilen bleiben leer.
result-add-populations = Weitere Population
result-add-probes = Weitere Sonde
result-add-cultures = Weitere Kultur
result-add-genes = Weiteres Gen
result-add-variants = Weitere Variante
result-add-stains = Weitere Färbung
result-add-organisms = Weiterer Erreger
result-read-as = Gelesen als { $reading }
result-read-as-field = Zu lesen als
result-exactly = Genau
result-qualifier-below = Kleiner als
result-qualifier-above = Größer als
result-qualifier-about = Etwa
result-qualifier-not-detected = Nicht nachgewiesen
result-percentage-of = Prozent von
result-choose = Wählen
result-not-said = Keine Angabe
result-not-reported = Nicht berichtet
result-yes = Ja
result-range = { $min } bis { $max }
result-understood = So wird es gelesen
result-understood-empty = Was Sie eingeben, wird hier zurückgelesen: berechnete Werte, Hinweise und was nicht passt.
result-not-yet = { $count ->
    [one] Eines passt noch nicht:
   *[other] { $count } Angaben passen noch nicht:
}

## an order

order-title = { $name } von { $accession }
order-facts = Angaben
order-case = Fall
order-question = Fragestellung
order-bench = Arbeitsplatz
order-part = Probenteil
order-no-part = Noch keiner
order-of-part = Probenteil { $part }
order-start-by = Ansetzen bis
order-no-limit = Keine Grenze bekannt
order-due = Ergebnis fällig
order-ordered = Angefordert
order-why = Warum
order-by = { $when } von { $who }
order-held-until = Zurückgestellt bis
order-held = { $when }, dann: { $then }
order-sent-to = Versandt an
order-sent = { $laboratory }, erwartet { $when }
order-ended = Beendet
order-steps-done = { $done } von { $all } Schritten getan
order-step-due = Zu beenden { $when }
order-second-reader = { $first } war zuerst dran; es braucht eine andere Person.
order-enter = Ergebnis eingeben
order-enter-again = Ergebnis noch einmal eingeben
order-enter-hint = Eine andere Person bestätigt es. Eine frühere Eingabe, die niemand bestätigt hat, wird ersetzt und bleibt lesbar.
order-check = Gegenlesen
order-checked = Gelesen. Nichts ist eingegeben.
order-steps = Schritte
order-back = Zurück
order-step-closed = Dieser Schritt steht Ihnen jetzt nicht offen.
order-attempts = Versuche
order-attempts-caption = Versuche dieser Untersuchung
order-attempt = Versuch
order-started = Begonnen
order-run = Lauf
order-used = Verbraucht
order-outcome = Ausgang
order-failed = Misslungen: { $reason }
order-not-failed = Kein Fehlschlag vermerkt
order-versions = Ergebnisse
order-versions-caption = Fassungen dieses Ergebnisses
order-newest-first = Neueste zuerst
order-version = Fassung
order-state = Stand
order-finding = Ergebnis
order-entered = Eingegeben
order-verified-by = Bestätigt von

## the report while it is written

compose-title = Befund zu { $accession }
compose-heading = Befund zu { $accession }
compose-text = Text
compose-kind = Art des Befunds
compose-kind-preliminary = Vorläufiger Befund
compose-kind-final = Endbefund
compose-kind-appended = Ergänzter Befund
compose-kind-amended = Geänderter Befund
compose-kind-corrected = Korrigierter Befund
compose-diagnosis = Diagnose
compose-suggested = Wählen Sie einen Vorschlag oder schreiben Sie frei
compose-comment = Zusammenschau und Kommentar
compose-reason = Warum sich der Befund ändert
compose-flags = Was nicht zusammenpasst ({ $count })
compose-flags-hint = Schreiben Sie zu jedem, was Sie davon halten. Unterschrieben wird, wenn jedes eine Antwort hat.
compose-flag-words = Ihre Einschätzung
compose-preview = Vorschau
compose-not-signed = Nicht unterschrieben
compose-preview-update = Vorschau aktualisieren
compose-previewed = Die Vorschau ist aktuell.
compose-save = Entwurf speichern
compose-standing = Vor der Unterschrift
compose-free = Nichts steht im Weg
compose-unsaved = Der Text ist noch nicht gespeichert. Unterschrieben wird, was gespeichert ist.
compose-others = { $name } hat diese Diagnose gestellt und unterschreibt sie. Wenn Sie den Entwurf speichern, wird sie Ihre.
compose-orders-open = { $count ->
    [one] Ein Endbefund wartet auf eine Untersuchung.
   *[other] Ein Endbefund wartet auf { $count } Untersuchungen.
}
compose-flags-open = { $count ->
    [one] Zu einem Widerspruch fehlt noch Ihre Antwort.
   *[other] Zu { $count } Widersprüchen fehlt noch Ihre Antwort.
}
compose-revision-open = Eine neue Fassung von { $name } wartet auf die Bestätigung.
compose-pending = { $count ->
    [one] Eine Untersuchung ist nicht abgeschlossen
   *[other] { $count } Untersuchungen sind nicht abgeschlossen
}
compose-pending-hint = Um ohne sie zu unterschreiben, wählen Sie den vorläufigen Befund, der sie als ausstehend nennt; oder beenden Sie jede mit Begründung.
compose-expected = Erwartet { $when }
compose-signature = Unterschrift
compose-attest = Ich habe diese Diagnose gestellt und unterschreibe sie. { $kind }.
compose-password = Ihr Passwort
compose-not-yours = { $name } hat diese Diagnose gestellt und unterschreibt sie. Um selbst zu unterschreiben, speichern Sie den Entwurf: Dann ist es Ihrer.
compose-discard = Entwurf verwerfen
done-reread = Der Text war geändert; er ist gespeichert und nicht unterschrieben. Lesen Sie die Vorschau, dann unterschreiben Sie.

## the counter of the differential

tally-sum = Summe: { $sum }
tally-sum-percent = Summe: { $sum } % (100 % müssen es sein)
tally-sum-cells = Summe: { $sum } Zellen
tally-start = Mit dem Ziffernblock zählen
tally-title = Zählen
tally-progress = Gezählte Zellen
tally-target = Zählen bis
tally-tone = Ton bei jedem Hundert
tally-undo = Zurücknehmen
tally-leave = Zählen beenden
tally-hint = Jede Taste des Ziffernblocks zählt eine Zelle; Minus nimmt die letzte zurück. Oder drücken Sie die Flächen.
tally-are-percent = Die Zahlen sind Prozente. Wählen Sie Zellen und leeren Sie die Felder, dann zählen Sie.
tally-scan = Das war ein Scan. Keine Zelle wurde gezählt.
tally-reached = Das ist die gewünschte Zahl der Zellen.
tally-back = Die letzte Zelle ist zurückgenommen.

## karyotypes and FISH read back

iscn-title = Karyotyp lesen
iscn-lead = Was ein Karyotyp oder FISH-Text in einfachem Englisch sagt und was darin falsch oder ungewöhnlich ist. Nichts wird gespeichert.
iscn-text = Karyotyp oder FISH-Text (ISCN)
iscn-text-hint = 46,XX,del(5)(q13q33)[8]/46,XX[12]
iscn-check = Lesen
iscn-checked = Gelesen.
iscn-found = Was er sagt
iscn-empty = Noch nichts zu lesen.
iscn-normal = Üblich geschrieben:
iscn-at = Zeichen { $position }:
iscn-put-in = { $fix } einsetzen
iscn-take-out = Herausnehmen
iscn-status-ok = Verstanden
iscn-status-warnings = Verstanden; etwas ist ungewöhnlich
iscn-status-not-modelled = Teils nicht verstanden, bleibt wie eingegeben
iscn-status-error = Etwas ist falsch

## what the fields of a result are called (form-label), what helps to type them (form-hint), and the words to choose from (form-word)

form-label-panel-and-its-version = Panel und Version
form-label-tubes = Röhrchen
form-label-viability = Viabilität
form-label-events-acquired = Gemessene Ereignisse
form-label-events-with-cd45 = Ereignisse mit CD45
form-label-name = Name
form-label-kind = Art
form-label-abnormal = Auffällig
form-label-share = Anteil
form-label-events = Ereignisse
form-label-phenotype = Phänotyp
form-label-disease = Erkrankung
form-label-approach = Ansatz
form-label-abnormal-events = Auffällige Ereignisse
form-label-eligible-events = Auswertbare Ereignisse
form-label-eligible-are = Auswertbar sind
form-label-residual-disease = Resterkrankung
form-label-limit-of-detection = Nachweisgrenze
form-label-limit-of-quantification = Bestimmungsgrenze
form-label-status = Status
form-label-pull = Aspiration Nr.
form-label-age-at-set-up = Alter beim Ansetzen
form-label-time-point = Zeitpunkt
form-label-lineage-of-the-blasts = Linie der Blasten
form-label-clonality = Klonalität
form-label-kappa-to-lambda = Kappa zu Lambda
form-label-hemodilution = Blutbeimengung
form-label-gating = Gating
form-label-correlation-with-morphology = Vergleich mit der Morphologie
form-label-looks-for = Sucht nach
form-label-design = Bauart
form-label-nuclei-scored = Ausgewertete Kerne
form-label-abnormal-nuclei = Auffällige Kerne
form-label-cut-off = Grenzwert
form-label-outcome = Ergebnis
form-label-abnormal-pattern = Auffälliges Muster
form-label-loci = Loci
form-label-maker-and-lot = Hersteller und Charge
form-label-enrichment = Anreicherung
form-label-readers = Auswertende
form-label-iscn-nuc-ish = ISCN (nuc ish)
form-label-karyotype-iscn = Karyotyp (ISCN)
form-label-metaphases-counted = Gezählte Metaphasen
form-label-metaphases-analyzed = Analysierte Metaphasen
form-label-metaphases-karyotyped = Karyotypisierte Metaphasen
form-label-banding = Bänderung
form-label-resolution = Auflösung
form-label-iscn-edition = ISCN-Ausgabe
form-label-type = Typ
form-label-harvested = Geerntet
form-label-mitotic-index = Mitoseindex
form-label-target = Ziel
form-label-transcript = Transkript
form-label-target-copies = Kopien des Ziels
form-label-control-gene = Kontrollgen
form-label-control-copies = Kopien des Kontrollgens
form-label-replicates = Replikate
form-label-conversion-factor = Umrechnungsfaktor
form-label-ratio-to-control-gene = Verhältnis zum Kontrollgen
form-label-international-scale = Internationale Skala
form-label-log-reduction = Log-Reduktion
form-label-molecular-response = Molekulares Ansprechen
form-label-gene-or-alteration = Gen oder Veränderung
form-label-call = Bewertung
form-label-allele-fraction = Allelfrequenz
form-label-coding-hgvs = Kodierend (HGVS)
form-label-protein-hgvs = Protein (HGVS)
form-label-kind-of-variant = Art der Variante
form-label-itd-length = Länge der ITD
form-label-itd-allelic-ratio = Allelverhältnis der ITD
form-label-depth = Abdeckung
form-label-method = Methode
form-label-mean-depth = Mittlere Abdeckung
form-label-gene = Gen
form-label-tier = Stufe (Tier)
form-label-nothing-found-in = Ohne Befund in
form-label-not-enough-coverage-in = Zu geringe Abdeckung in
form-label-immunoglobulin-genes = Immunglobulingene
form-label-t-cell-receptor-genes = T-Zell-Rezeptor-Gene
form-label-rearrangements = Umlagerungen
form-label-smear = Ausstrich
form-label-particles = Bröckel
form-label-cellularity = Zellularität
form-label-numbers-are = Die Zahlen sind
form-label-cells-counted = Gezählte Zellen
form-label-blasts = Blasten
form-label-promyelocytes = Promyelozyten
form-label-myelocytes = Myelozyten
form-label-metamyelocytes = Metamyelozyten
form-label-band-forms = Stabkernige
form-label-neutrophils = Segmentkernige Neutrophile
form-label-eosinophils = Eosinophile
form-label-basophils = Basophile
form-label-monocytes = Monozyten
form-label-erythroid-precursors = Erythropoetische Vorstufen
form-label-lymphocytes = Lymphozyten
form-label-plasma-cells = Plasmazellen
form-label-other-cells = Andere Zellen
form-label-myeloid-to-erythroid = Myeloisch zu erythropoetisch
form-label-blasts-count-as-myeloid-in-this-ratio = Blasten zählen in diesem Verhältnis als myeloisch
form-label-megakaryocytes = Megakaryozyten
form-label-erythroid = Erythropoese
form-label-granulocytic = Granulopoese
form-label-megakaryocytic = Megakaryopoese
form-label-description = Beschreibung
form-label-storage-iron = Speichereisen
form-label-ring-sideroblasts = Ringsideroblasten
form-label-precursors-counted = Gezählte Vorstufen
form-label-length-of-the-core = Länge der Stanze
form-label-measured = Gemessen
form-label-pieces = Teile
form-label-evaluable-length = Auswertbare Länge
form-label-intertrabecular-areas = Intertrabekuläre Räume
form-label-particles-clot-section = Bröckel (Gerinnsel)
form-label-expected-at-that-age = In diesem Alter erwartet
form-label-architecture = Architektur
form-label-reticulin = Retikulin
form-label-collagen = Kollagen
form-label-marker = Marker
form-label-result = Ergebnis
form-label-in-words = In Worten
form-label-fixative = Fixativ
form-label-decalcification = Entkalkung
form-label-growth = Wachstum
form-label-acid-fast-stain = Färbung auf säurefeste Stäbchen
form-label-susceptibility = Empfindlichkeit
form-label-incubated-so-far = Bisher bebrütet
form-label-populations = Populationen
form-label-probes = Sonden
form-label-cultures = Kulturen
form-label-genes = Gene
form-label-variants = Varianten
form-label-differential = Differenzierung
form-label-dysplasia = Dysplasie
form-label-stains = Färbungen
form-label-organisms = Erreger
form-label-population = Population
form-label-probe = Sonde
form-label-culture = Kultur
form-label-variant = Variante
form-label-stain = Färbung
form-label-organism = Erreger

form-hint-computed-when-left-empty = Wird berechnet, wenn leer
form-hint-the-denominator = Der Nenner
form-hint-from-the-part-when-left-empty = Aus dem Probenteil, wenn leer
form-hint-after-induction-day-29 = Nach Induktion, Tag 29 …
form-hint-from-here-on-called-abnormal = Ab hier gilt es als auffällig
form-hint-cd138-cd34-congo-red = CD138, CD34, Kongorot …
form-hint-kept-as-typed = Bleibt wie eingegeben
form-hint-kept-as-typed-and-shown-back-in-plain-english = Bleibt wie eingegeben und wird in einfachem Englisch zurückgelesen
form-hint-24-h-unstimulated = 24 h, unstimuliert
form-hint-a-number-or-nd-for-not-detected = Eine Zahl, oder ND für nicht nachweisbar
form-hint-to-the-international-scale = Zur internationalen Skala
form-hint-type-1 = Typ 1
form-hint-1-to-4 = 1 bis 4
form-hint-genes-to-be-named-asxl1-tp53 = Zu nennende Gene: ASXL1, TP53
form-hint-genes-cebpa-srsf2 = Gene: CEBPA, SRSF2
form-hint-one-to-a-line = Eine je Zeile
form-hint-their-sum-if-the-numbers-are-cells = Ihre Summe, wenn die Zahlen Zellen sind
form-hint-0-05-0-001-90-5-1e-5-or-nd = 0.05, <0.001, >90, ~5, 1e-5 oder ND
form-hint-only-when-residual-disease-was-looked-for-the-limits-follow = Nur wenn nach Resterkrankung gesucht wurde. Die Grenzen folgen aus den Ereignissen: 20 für den Nachweis, 50 für die Bestimmung.
form-hint-nucleated-cells-without-megakaryocytes-empty-is-zero = Kernhaltige Zellen ohne Megakaryozyten. Leer ist null.

form-word-seen = Gesehen
form-word-not-seen = Nicht gesehen
form-word-not-done = Nicht gemacht
form-word-reduced = Vermindert
form-word-normal = Normal
form-word-increased = Vermehrt
form-word-not-assessable = Nicht beurteilbar
form-word-kappa = Kappa
form-word-lambda = Lambda
form-word-biclonal = Biklonal
form-word-polyclonal = Polyklonal
form-word-t-clonal = T-Zell-klonal
form-word-none = Keine
form-word-focal = Herdförmig
form-word-dense = Dicht
form-word-edta = EDTA
form-word-acid = Säure
form-word-all-events = Alle Ereignisse
form-word-cd45-positive = CD45-positive Ereignisse
form-word-leukocytes = Leukozyten
form-word-mononuclear-cells = Mononukleäre Zellen
form-word-lymphocytes = Lymphozyten
form-word-blasts = Blasten
form-word-plasma-cells = Plasmazellen
form-word-nucleated-cells = Kernhaltige Zellen
form-word-non-erythroid-cells = Nicht-erythropoetische Zellen
form-word-erythroid-precursors = Erythropoetische Vorstufen
form-word-erythroid-cells = Erythropoetische Zellen
form-word-granulocytic-cells = Granulopoetische Zellen
form-word-megakaryocytes = Megakaryozyten
form-word-nuclei = Kerne
form-word-reads = Reads
form-word-control-copies = Kopien des Kontrollgens
form-word-marrow-space = Markraum
form-word-metaphases = Metaphasen
form-word-cd138 = CD138-angereichert
form-word-growth = Wachstum
form-word-contaminant = Verunreinigung
form-word-mild = Gering
form-word-marked = Deutlich
form-word-not-assessed = Nicht beurteilt
form-word-myeloid = Myeloisch
form-word-b-lymphoid = B-lymphatisch
form-word-t-lymphoid = T-lymphatisch
form-word-mixed = Gemischt
form-word-undifferentiated = Undifferenziert
form-word-gross = Frisch, am Arbeitsplatz
form-word-slide = Auf dem Objektträger
form-word-absent = Fehlend
form-word-inadequate = Nicht auswertbar
form-word-laip = LAIP (Phänotyp bei Diagnose)
form-word-dfn = Abweichend vom Normalen (DfN)
form-word-laip-dfn = LAIP und DfN
form-word-standard = Standard
form-word-negative = Negativ
form-word-negative-insufficient-sensitivity = Negativ, aber nicht empfindlich genug
form-word-positive-not-quantifiable = Positiv, nicht quantifizierbar
form-word-positive = Positiv
form-word-b-cells = B-Zellen
form-word-t-cells = T-Zellen
form-word-nk-cells = NK-Zellen
form-word-monocytes = Monozyten
form-word-granulocytes = Granulozyten
form-word-other = Andere
form-word-detected = Nachgewiesen
form-word-not-detected = Nicht nachgewiesen
form-word-indeterminate = Nicht entscheidbar
form-word-enumeration = Zählsonde
form-word-break-apart = Bruchsonde (break-apart)
form-word-dual-fusion = Doppelfusion
form-word-tri-color = Dreifarbig
form-word-abnormal = Auffällig
form-word-below-cutoff = Unter dem Grenzwert
form-word-clonal = Klonal
form-word-oligoclonal = Oligoklonal
form-word-not-tested = Nicht untersucht
form-word-failed = Misslungen
form-word-good = Gut
form-word-suboptimal = Eingeschränkt
form-word-aparticulate = Ohne Bröckel
form-word-hemodilute = Blutverdünnt
form-word-clotted = Geronnen
form-word-partial = Partiell
form-word-equivocal = Nicht eindeutig
form-word-cells = Zellen
form-word-percent = Prozent
