# Wörter für Zustände, Schritte und Taten: eine Familie je Überschrift; das Ende des Schlüssels ist der Code.

## specimen-state

specimen-state-planned = Geplant
specimen-state-not-collected = Nicht gewonnen
specimen-state-collected = Entnommen, noch nicht hier
specimen-state-in-transit = Unterwegs
specimen-state-received = Eingegangen
specimen-state-on-hold = Zurückgestellt
specimen-state-accepted = Freigegeben
specimen-state-in-process = Am Arbeitsplatz
specimen-state-stored = Eingelagert
specimen-state-referred-out = In einem anderen Labor
specimen-state-rejected = Abgelehnt
specimen-state-exhausted = Aufgebraucht
specimen-state-lost = Verloren
specimen-state-discarded = Verworfen
specimen-state-entered-in-error = Irrtümlich erfasst

## order-state

order-state-suggested = Vorgeschlagen
order-state-ordered = Angefordert
order-state-held = Zurückgestellt
order-state-awaiting-specimen = Wartet auf die Probe
order-state-ready = Startbereit
order-state-in-process = In Arbeit
order-state-resulted = Ergebnis eingegeben
order-state-in-review = In Prüfung
order-state-final = Endgültig
order-state-referred-out = In einem anderen Labor
order-state-needs-recollect = Neue Probe nötig
order-state-failed = Fehlgeschlagen
order-state-not-performed = Nicht durchgeführt
order-state-cancelled = Storniert
order-state-entered-in-error = Irrtümlich erfasst

## result-state

result-state-draft = Entwurf
result-state-preliminary = Vorläufig
result-state-final = Endgültig
result-state-corrected = Korrigiert
result-state-amended = Geändert
result-state-appended = Ergänzt
result-state-retracted = Zurückgezogen

## report-state

report-state-draft = Entwurf
report-state-preliminary = Vorläufig
report-state-final = Endgültig
report-state-appended = Ergänzt
report-state-amended = Geändert
report-state-corrected = Korrigiert
report-state-void = Ungültig

## stage

stage-expected = Erwartet
stage-in-lab = Im Labor
stage-testing = In Untersuchung
stage-resulted = Alle Ergebnisse da
stage-preliminary = Vorläufiger Befund
stage-reported = Befund unterschrieben
stage-closed = Abgeschlossen
stage-void = Irrtümlich erfasst

## step

step-collect = Entnahme erfassen
step-mark-not-collected = Nicht gewonnen
step-dispatch = Absenden
step-receive = Annehmen
step-accept = Freigeben
step-accept-with-caveat = Mit Vorbehalt freigeben
step-hold = Zurückstellen
step-resolve = Rückfrage beantworten
step-propose-rejection = Ablehnung vorschlagen
step-withdraw-rejection = Vorschlag zurückziehen
step-reject = Ablehnen
step-start = Beginnen
step-aliquot = Teilen
step-store = Einlagern
step-refer-out = An ein anderes Labor senden
step-return-from-referral = Zurück aus dem anderen Labor
step-retained-by-referral = Bleibt im anderen Labor
step-exhaust = Aufgebraucht
step-lose = Nicht auffindbar
step-find = Gefunden
step-discard = Verwerfen
step-enter-in-error = Irrtümlich erfasst
step-order = Anfordern
step-dismiss = Nicht nötig
step-release = Freigeben
step-advance = Schritt erfassen
step-fail = Versuch fehlgeschlagen
step-repeat = Erneut versuchen
step-result = Ergebnis eingeben
step-review = Prüfung beginnen
step-return = An den Arbeitsplatz zurückgeben
step-verify = Bestätigen
step-not-perform = Wird nicht durchgeführt
step-cancel = Stornieren

## done

done-log = Der Fall ist erfasst. Das sind seine Etiketten.
done-part = Der Probenteil ist hinzugefügt.
done-assay = Die Untersuchung ist angefordert.
done-collect = Entnahme erfasst.
done-mark-not-collected = Als nicht gewonnen erfasst. Seine Untersuchungen suchen einen anderen Probenteil.
done-dispatch = Abgesendet.
done-receive = Eingegangen.
done-accept = Freigegeben.
done-accept-with-caveat = Freigegeben. Der Vorbehalt steht auf jedem Ergebnis aus diesem Probenteil.
done-hold = Zurückgestellt.
done-resolve = Beantwortet; die Antwort steht auf seinen Ergebnissen.
done-propose-rejection = Ablehnung vorgeschlagen. Eine andere Person entscheidet.
done-withdraw-rejection = Der Vorschlag ist zurückgezogen.
done-reject = Abgelehnt. Braucht eine Untersuchung eine neue Probe, wird sie angefordert.
done-start = Begonnen.
done-aliquot = Geteilt. Drucken Sie jetzt die Etiketten der neuen Teile.
done-store = Eingelagert.
done-refer-out = An ein anderes Labor gesendet.
done-return-from-referral = Wieder im Labor.
done-retained-by-referral = Als aufgebraucht erfasst.
done-exhaust = Als aufgebraucht erfasst.
done-lose = Als verloren erfasst. Braucht eine Untersuchung eine neue Probe, wird sie angefordert.
done-find = Als gefunden erfasst.
done-discard = Verworfen.
done-enter-in-error = Als irrtümlich erfasst gekennzeichnet.
done-order = Angefordert.
done-dismiss = Der Vorschlag ist verworfen.
done-release = Freigegeben.
done-advance = Der Schritt ist erfasst.
done-fail = Der fehlgeschlagene Versuch ist erfasst.
done-repeat = Bereit für einen neuen Versuch.
done-result = Das Ergebnis ist eingegeben. Eine andere Person bestätigt es.
done-review = Sie prüfen dieses Ergebnis.
done-return = An den Arbeitsplatz zurückgegeben.
done-verify = Bestätigt.
done-not-perform = Als nicht durchgeführt erfasst.
done-cancel = Storniert.
done-call = Der Anruf ist erfasst.
done-attach = Das Dokument ist angehängt.
done-preliminary = Als vorläufig freigegeben.
done-revise = Die neue Fassung wartet auf die Bestätigung durch eine andere Person.
done-retract = Das Ergebnis ist zurückgezogen.
done-draft = Der Entwurf ist gespeichert. Lesen Sie die Vorschau, dann unterschreiben Sie.
done-sign = Unterschrieben.
done-void = Die Fassung ist ungültig. Sie bleibt lesbar.
done-report-read = Es ist vermerkt, dass Sie den Befund gelesen haben.
done-label-checked = Das Etikett ist das richtige. Es darf verwendet werden.
done-bench = Das ist jetzt Ihr Arbeitsplatz.
done-mode-receive = Ab jetzt nimmt jeder Scan sofort an.
done-mode-look = Ab jetzt sieht jeder Scan nur nach.
done-sample-plan = Entschieden. Das Material wird in dieser Reihenfolge vergeben.
done-take-back = Rückgängig gemacht. Im Journal steht beides.
done-signed-out = Sie sind abgemeldet.
done-view = Die Ansicht ist gespeichert. Sie finden sie oben in der Leiste und mit Strg+K.
done-view-forgotten = Die Ansicht ist gelöscht.

## command

command-case-log = Fall erfasst
command-case-take-back = Schritt rückgängig gemacht
command-case-plan-sample = Reihenfolge entschieden
command-specimen-add = Probenteil hinzugefügt
command-specimen-collect = entnommen
command-specimen-mark-not-collected = nicht gewonnen
command-specimen-dispatch = abgesendet
command-specimen-receive = eingegangen
command-specimen-accept = freigegeben
command-specimen-accept-with-caveat = mit Vorbehalt freigegeben
command-specimen-hold = zurückgestellt
command-specimen-resolve = Rückfrage beantwortet
command-specimen-propose-rejection = Ablehnung vorgeschlagen
command-specimen-withdraw-rejection = Ablehnungsvorschlag zurückgezogen
command-specimen-reject = abgelehnt
command-specimen-start = an den Arbeitsplatz genommen
command-specimen-aliquot = geteilt
command-specimen-store = eingelagert
command-specimen-refer-out = an ein anderes Labor gesendet
command-order-refer-out = an ein anderes Labor gesendet
command-specimen-return-from-referral = zurück aus dem anderen Labor
command-specimen-retained-by-referral = im anderen Labor geblieben
command-specimen-exhaust = aufgebraucht
command-specimen-lose = verloren
command-specimen-find = wiedergefunden
command-specimen-discard = verworfen
command-specimen-enter-in-error = irrtümlich erfasst
command-order-enter-in-error = irrtümlich erfasst
command-order-order = angefordert
command-order-dismiss = Vorschlag verworfen
command-order-hold = zurückgestellt
command-order-release = freigegeben
command-order-start = begonnen
command-order-advance = ein Schritt getan
command-order-fail = Versuch fehlgeschlagen
command-order-repeat = wird erneut versucht
command-order-review = wird geprüft
command-order-return = an den Arbeitsplatz zurückgegeben
command-order-not-perform = wird nicht durchgeführt
command-order-cancel = storniert
command-case-call = Anruf zu einem kritischen Befund erfasst
command-order-attach = Originaldokument angehängt
command-order-lapse = Frist abgelaufen
command-order-overdue = Termin überschritten
command-result-enter = Ergebnis eingegeben
command-result-release = vorläufiges Ergebnis freigegeben
command-result-verify = Ergebnis bestätigt
command-result-revise = neue Fassung begonnen
command-result-retract = Ergebnis zurückgezogen
command-report-draft = Befund begonnen
command-report-edit = Befundentwurf geändert
command-report-sign = Befund unterschrieben
command-report-read = Befund als gelesen bestätigt
command-report-void = Befundfassung zurückgezogen
command-user-add = Konto angelegt
command-user-disable = Konto geschlossen
command-user-enable = Konto wieder geöffnet
command-user-password = Passwort ersetzt
command-user-roles = Rollen geändert
command-user-sign-out = alle Sitzungen beendet
command-session-password-given = Passwort eingegeben
command-session-refused = Name oder Passwort falsch
command-token-issue = Zugang für ein Programm angelegt
command-token-revoke = Zugang für ein Programm entzogen
command-catalogue-load = Katalog in Kraft gesetzt
command-export-begin = Export begonnen
command-export-end = Export fertig
command-export-cancel = Export abgebrochen
command-export-preview = Vorschau eines Exports angesehen
command-export-fetch = Datei eines Exports abgeholt
command-label-print = Etikett gedruckt
command-label-reprint = Etikett erneut gedruckt
command-label-check = Etikett geprüft

## month and weekday

month-1 = Januar
month-2 = Februar
month-3 = März
month-4 = April
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = August
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Dezember
month-short-1 = Jan
month-short-2 = Feb
month-short-3 = Mär
month-short-4 = Apr
month-short-5 = Mai
month-short-6 = Jun
month-short-7 = Jul
month-short-8 = Aug
month-short-9 = Sep
month-short-10 = Okt
month-short-11 = Nov
month-short-12 = Dez
weekday-1 = Mo
weekday-2 = Di
weekday-3 = Mi
weekday-4 = Do
weekday-5 = Fr
weekday-6 = Sa
weekday-7 = So

## sex

sex-female = Weiblich
sex-male = Männlich
sex-other = Divers
sex-unknown = Nicht bekannt

## role

role-tech = Labor
role-hematologist = Hämatologie
role-supervisor = Laborleitung
role-pathologist = Pathologie
role-admin = Verwaltung
role-auditor = Revision
role-interface = Schnittstelle

## specimen-kind

specimen-kind-aspirate = Aspirat
specimen-kind-core = Stanze
specimen-kind-smear = Ausstrich
specimen-kind-imprint = Abrollpräparat
specimen-kind-clot = Gerinnsel
specimen-kind-blood = Blut
specimen-kind-block = Block
specimen-kind-slide = Schnitt
specimen-kind-pellet = Zellpellet
specimen-kind-nucleic-acid = Nukleinsäure

## side

side-left = Links
side-right = Rechts
side-midline = Mittellinie

## urgency

urgency-routine = Routine
urgency-urgent = Dringend

## temperature

temperature-ambient = Bei Raumtemperatur
temperature-refrigerated = Gekühlt
temperature-frozen = Gefroren

## limit-action

limit-action-reject = Darf nicht begonnen werden
limit-action-run-with-disclaimer = Wird durchgeführt; das Ergebnis weist darauf hin
limit-action-consult = Die Leitung entscheidet
limit-action-none = Das Alter spielt keine Rolle

## procedure-outcome

procedure-outcome-obtained = Mark gewonnen
procedure-outcome-dry-tap = Punctio sicca
procedure-outcome-abandoned = Abgebrochen

## hold-policy

hold-policy-auto-perform = Wird durchgeführt, wenn niemand storniert
hold-policy-auto-cancel = Wird storniert, wenn niemand freigibt
hold-policy-manual = Wartet auf eine Entscheidung

## need

need-mandatory = Zwingend
need-recommended = Empfohlen
need-conditional = Unter Bedingung
need-hold = Zurückgestellt bis zur Entscheidung

## origin

origin-requested = Angefordert
origin-indication = Zur Fragestellung
origin-reflex = Nach Laborregel
origin-add-on = Nachgefordert

## worklist-view

worklist-view-all = Alle
worklist-view-to-do = Zu tun
worklist-view-running = Läuft
worklist-view-to-review = Zu prüfen
worklist-view-overdue = Überfällig
worklist-view-waiting = Wartet
worklist-view-mine = Meine

## interpretation

interpretation-abnormal = Auffällig
interpretation-normal = Unauffällig
interpretation-indeterminate = Nicht entscheidbar
interpretation-inadequate = Nicht beurteilbar

## qualifier

qualifier-below = Kleiner als
qualifier-above = Größer als
qualifier-about = Etwa
qualifier-not-detected = Nicht nachgewiesen

## revision

revision-corrected = Ein Fehler wird berichtigt
revision-amended = Der Inhalt ändert sich
revision-appended = Text wird ergänzt

## report-kind

report-kind-preliminary = Vorläufig
report-kind-final = Endgültig
report-kind-appended = Ergänzt
report-kind-amended = Geändert
report-kind-corrected = Korrigiert

## call-method

call-method-telephone = Telefonisch
call-method-in-person = Persönlich
call-method-message = Schriftlich

## call-outcome

call-outcome-reached = Erreicht
call-outcome-no-answer = Niemand erreicht
call-outcome-left-message = Nachricht hinterlassen
call-outcome-refused = Nicht angenommen

## critical-closing

critical-closing-heard = Gehört und wiederholt
critical-closing-replaced = Eine spätere Fassung sagt es nicht mehr
critical-closing-withdrawn = Das Ergebnis wurde zurückgezogen

## dataset

dataset-cases = Fälle
dataset-specimens = Probenteile
dataset-orders = Untersuchungen
dataset-results = Ergebnisse
dataset-reports = Befunde
dataset-events = Ereignisse
dataset-turnaround = Durchlaufzeiten
dataset-rejections = Ablehnungen und Punctiones siccae

## identifiers

identifiers-none = Keine: niemand ist erkennbar
identifiers-pseudonym = Pseudonyme: gleicher Schlüssel für gleiche Person
identifiers-full = Vollständig: Namen und Nummern, mit Grund
