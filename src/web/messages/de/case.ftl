# Fälle erfassen, Entwürfe von Formularen, und die Seiten des Labors zu einem Fall.

## Entwürfe von Formularen, auf jeder Seite

draft-title = Begonnen und nicht abgeschickt
draft-go-on = Weiter mit dem Fall, begonnen { $when }
draft-discard = Verwerfen
draft-keep = Als Entwurf speichern
draft-saved = Entwurf gespeichert { $time }.
draft-lost = Nicht gespeichert: Das Labor antwortet nicht, oder Sie sind abgemeldet. Schicken Sie das Formular ab, bevor Sie die Seite verlassen.
draft-kept-days = Entwürfe bleiben { $days } Tage erhalten. Niemand sonst liest sie.
draft-taken-up = Noch nicht abgeschickt: Das haben Sie { $when } eingegeben.
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
log-urgency-usual = Wie bei dieser Fragestellung üblich
log-reference = Auftragsnummer
log-note = Klinische Fragestellung
log-specimens = Probenteile
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
log-kit-usual = Für diese Fragestellung
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
log-pull = Aspiration Nr.
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
log-tests-usual = Was bei dieser Fragestellung üblich ist
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

## die Liste der Fälle

case-list-title = Fälle
case-list-caption = Fälle
case-sort-newest = Die neuesten zuerst
case-sort-due = Die frühesten Termine zuerst
case-sort-oldest = Die ältesten zuerst
case-list-none = Kein Fall passt.
case-list-all = Alle Fälle zeigen
case-list-next = Nächste { $count }
case-tiles = Offene Fälle nach Stand
case-number = Fall
case-question = Fragestellung
case-question-any = Jede
case-stage = Stand
case-stage-any = Jeder
case-logged = Erfasst
case-logged-from = Erfasst ab
case-logged-to = bis einschließlich
case-late-any = Verspätet oder nicht
case-late-only = Nur verspätete
case-expected = Befund erwartet
case-expected-none = Noch nicht festgelegt

## ein Fall

case-title = Fall { $number }
case-by = { $when }, { $who }
case-asked = Gefragt: { $note }
case-as-requester = Wie der Anforderer ihn sieht
case-labels = Etiketten drucken
case-label = Etikett
case-state = Zustand
case-where = Ort
case-next = Nächster Schritt
case-next-none = Für Sie keiner
case-parts = Probenteile
case-parts-caption = Probenteile dieses Falls
case-part = Probenteil
case-part-none = Noch keiner
case-part-add = Teil hinzufügen
case-taken-hint = 0940, -2h. Leer: geplant
case-caveat = Vorbehalt: { $text }
case-tests-none = Keine Untersuchung ist angefordert.
case-tests-caption = Angeforderte Untersuchungen
case-not-required = Für den Befund nicht nötig
case-enter = Ergebnis eingeben
case-order-add = Untersuchung anfordern
case-order-do = Untersuchung anfordern
case-urgency-same = Wie der Fall
case-scarce = Zu wenig Material
case-scarce-caption = Wer zuerst kommt
case-short = { $volume } zu wenig
case-short-tube = In keinem Röhrchen ist genug
case-place = Rang
case-place-of = Rang von { $test }
case-needs-head = Braucht
case-needs = { $least }, besser { $better }
case-from = { $kind } in { $container }
case-fits-head = Ergebnis
case-fits = Reicht
case-fits-not = Reicht nicht
case-decided = Entschieden von { $who }, { $when }.
case-decide = Reihenfolge entscheiden
case-results = Ergebnisse
case-results-caption = Fassungen der Ergebnisse
case-finding = Ergebnis
case-version = Fassung
case-verified = Bestätigt
case-in-full = Vollständig
case-not-yet = Noch nicht
case-reports = Befunde
case-reports-none = Noch kein Befund begonnen.
case-reports-caption = Fassungen des Befunds
case-report = Befund { $number }
case-report-write = Befund schreiben
case-signed = Unterschrieben
case-read = Vom Empfänger gelesen
case-diagnosis = Diagnose
case-superseded = ersetzt
case-history = Verlauf
case-history-all = Alle Einträge
case-entries = { $count ->
    [one] { $count } Eintrag
   *[other] { $count } Einträge
}

## kritische Befunde und Anrufe

case-critical = Kritische Befunde
case-critical-none = Keine.
call-open = { $name } – zu melden bis { $when }
call-heard = { $name } – gehört und wiederholt { $when }
call-replaced = { $name } – nicht zu melden: Eine spätere Fassung des Ergebnisses sagt es nicht mehr, { $when }
call-withdrawn = { $name } – nicht zu melden: Das Ergebnis wurde zurückgezogen { $when }
call-denied = Das Ergebnis sagt es nicht mehr
call-denied-since = seit { $when }: Wer es gehört hat, muss auch das erfahren.
call-overdue = Zeit überschritten
call-escalate = Niemand hat es gehört: eskalieren.
call-none = Noch kein Anruf.
call-caption = Anrufe zu { $name }
call-when = Wann
call-when-hint = Leer: jetzt
call-caller = Anrufer
call-recipient = Empfänger
call-outcome = Ausgang
call-result-reached = Erreicht
call-result-no-answer = Keine Antwort
call-result-left-message = Nachricht hinterlassen
call-result-refused = Nicht angenommen
call-read = wiederholt
call-unread = nicht wiederholt
call-escalated-to = Eskaliert an { $who }
call-escalated = Eskaliert an
call-record = Anruf festhalten
call-record-do = Anruf festhalten
call-finding = Kritischer Befund
call-new = Neu: { $name }
call-text = Was gefunden wurde
call-text-hint = Bei einem neuen kritischen Befund
call-who = Wer angerufen wurde
call-role = Funktion
call-role-hint = Etwa Assistenzärztin Hämatologie
call-how = Wie
call-read-back = Wiederholung
call-read-back-yes = Vom Empfänger wiederholt
call-note = Notiz
call-forever = Ein Anruf kann nicht geändert werden. Der kritische Befund ist erledigt, wenn er gehört und wiederholt wurde.
call-list = Zu meldende kritische Befunde ({ $count })
call-list-caption = Kritische Befunde, die noch niemand gehört hat
call-by = Melden bis

## Dokumente anderer Labore

doc-title = Original des anderen Labors
doc-none = Noch nicht angehängt. Ohne das Original kann das Ergebnis nicht bestätigt werden.
doc-caption = Dokumente des anderen Labors
doc-document = Dokument
doc-sha256 = SHA-256
doc-size = Größe
doc-attached = Angehängt
doc-attach = Dokument anhängen
doc-attach-hint = PDF, Text, PNG, JPEG oder HL7, bis 10 MiB. Es wird genau so aufbewahrt und kann nicht entfernt werden.
doc-attach-do = Anhängen

## was neu entnommen werden muss

again-title = Neu zu entnehmen
again-lead = Ein Probenteil verlässt diese Liste, wenn ein anderer seine Untersuchungen versorgt oder keine mehr auf ihn wartet.
again-none = Nichts muss neu entnommen werden.
again-caption = Was neu entnommen werden muss, am längsten Wartendes zuerst
again-waits = Wartende Untersuchungen
again-asked = Angefordert
again-born = geboren { $date }
again-for = für { $requester }
again-by = von { $who }
log-draft-nobody = { $count ->
    [one] noch kein Patient, eine Zeile
   *[other] noch kein Patient, { $count } Zeilen
  }
