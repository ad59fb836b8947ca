# Fälle erfassen, Entwürfe von Formularen, und die Seiten des Labors zu einem Fall.

## Entwürfe von Formularen, auf jeder Seite

draft-title = Begonnen und nicht abgeschickt
draft-go-on = Weiter mit dem Fall, begonnen { $when }
draft-discard = Verwerfen
draft-keep = Als Entwurf speichern
draft-saved = Entwurf gespeichert { $time }.
draft-lost = Nicht gespeichert: Das Labor antwortet nicht, oder Sie sind abgemeldet. Schicken Sie das Formular ab, bevor Sie die Seite verlassen.
draft-kept-days = Entwürfe bleiben { $days } Tage erhalten. Niemand sonst liest sie.
done-draft-kept = Der Entwurf ist gespeichert. Erfasst ist noch nichts.

## Fall erfassen

log-title = Fall erfassen
log-submit = Erfassen und Etiketten drucken
log-choose = Bitte wählen
log-mrn = Patientennummer
log-mrn-hint = Armband scannen oder eintippen
log-find = Suchen
log-family = Familienname
log-given = Vornamen
log-born-hint = 1968-03-12 oder 12. März 1968
log-patient-new = Diese Nummer hat noch niemand. Mit dem Fall wird ein neuer Patient angelegt: Schreiben Sie den Namen wie auf dem Armband.
log-patient-found = Bekannter Patient
log-patient-ask = Lassen Sie sich Namen und Geburtsdatum sagen und vergleichen Sie sie mit diesen.
log-patient-other = Diese Nummer gehört jemand anderem
log-patient-which = Was unten steht, passt nicht dazu. Vergleichen Sie das Armband: Ist die Nummer falsch, oder der Name oder das Geburtsdatum?
log-patient-take = Es ist dieser Patient: Angaben übernehmen
log-patient-number = Die Nummer ist falsch
log-request = Anforderung
log-indication = Warum das Mark untersucht wird
log-requester = Anforderer
log-requester-hint = Anmeldename oder der Name auf dem Formular
log-urgency = Dringlichkeit
log-urgency-usual = Wie bei dieser Frage üblich
log-reference = Auftragsnummer
log-note = Klinische Fragestellung
log-specimens = Proben
log-performed = Entnommen
log-time-hint = 0940, jetzt, -2h, gestern 2350. Leer: geplant
log-time-ago = { $when }, vor { $span }
log-time-ahead = { $when }, in { $span }
log-site = Entnahmeort
log-side = Seite
log-outcome = Ergebnis der Punktion
log-operator = Wer punktiert hat
log-kits = Aus einem Set
log-kits-hint = Ein Druck trägt alle Teile ein
log-kit-parts = { $count ->
    [one] { $count } Teil
   *[other] { $count } Teile
}
log-kit-usual = Für diese Frage
log-part = Teil { $place }
log-part-of = zu Teil { $place }
log-part-add = Teil hinzufügen
log-part-remove = Teil { $place } entfernen
log-remove = Entfernen
log-part-more = Mehr
log-filled = { $count ->
    [one] Das Röhrchen ist wie üblich gefüllt
   *[other] Alle { $count } Röhrchen sind wie üblich gefüllt
}
log-kind = Was es ist
log-kind-none = Nichts
log-container = In
log-pull = Aspirat Nr.
log-volume = Volumen
log-volume-hint = 3 mL oder 3000 µL
log-length = Länge (mm)
log-fixed = In Fixativ seit
log-fixed-hint = 0945, jetzt
log-taken = Entnommen
log-taken-hint = Wenn nicht mit der Punktion
log-side-own = Seite
log-side-same = Wie die Punktion
log-kept = Aufbewahrt
log-kept-unsaid = Nicht angegeben
log-missing = Nicht gewonnen, weil
log-obtained = Es wurde gewonnen
log-tests = Untersuchungen
log-tests-which = Welche Untersuchungen
log-tests-usual = Was bei dieser Frage üblich ist
log-tests-these = Diese Untersuchungen
log-tests-choose = Untersuchungen auswählen
log-tests-choose-hint = Gilt nur mit „Diese Untersuchungen“ oben
log-tests-show = Untersuchungen zeigen
log-tests-need = Wählen Sie, warum das Mark untersucht wird: Hier stehen dann die üblichen Untersuchungen.
log-tests-none = Keine Untersuchung ist gewählt.
log-tests-caption = Untersuchungen dieses Falls, und woraus sie gemacht werden
log-test = Untersuchung
log-test-why = Warum
log-test-from = Aus
log-test-due = Fällig
log-test-due-later = Sobald sie hier ist
log-test-asked = Angefordert
log-test-nothing = Noch kein Teil
log-test-cannot = Nicht möglich
log-test-scarce = Reicht nicht für alle
log-from = { $part }: { $what }
log-amiss = { $count ->
    [one] Eine Untersuchung, auf die der Befund wartet, ist so nicht möglich.
   *[other] { $count } Untersuchungen, auf die der Befund wartet, sind so nicht möglich.
}
log-amiss-hint = Berichtigen Sie die Teile, oder begründen Sie, warum der Fall trotzdem erfasst wird.
log-reason = Trotzdem erfassen, weil
log-reason-hint = Steht im Journal

## Wörter eines Falls

case-urgency-routine = Routine
case-urgency-urgent = Dringend
case-side-left = Links
case-side-right = Rechts
case-side-midline = Mitte
case-temperature-ambient = Bei Raumtemperatur
case-temperature-refrigerated = Gekühlt
case-temperature-frozen = Gefroren
case-outcome-obtained = Mark gewonnen
case-outcome-dry-tap = Punctio sicca
case-outcome-abandoned = Abgebrochen
case-need-mandatory = Für den Befund nötig
case-need-recommended = Empfohlen
case-need-conditional = Nur vorgeschlagen
case-need-hold = Zurückgestellt bis zur Entscheidung
