# Die Seiten der Hämatologie: meine Patienten, die Verfolgung, der Verlauf, der Befund, die Mitteilungen.

## meine Patienten

mine-title = Meine Patienten
mine-title-late = Meine Patienten: { $late } verspätet
mine-find = Patient suchen
mine-older = Alle meine Fälle
mine-empty = Sie verfolgen noch niemanden. Was Sie anfordern, erscheint hier; andere finden Sie über Patientennummer, Name oder Fallnummer.
mine-new = Neu oder zu lesen ({ $count })
mine-new-order = Zu lesende Befunde zuerst, dann die neuesten
mine-waiting = In Arbeit ({ $count })
mine-waiting-order = Verspätete zuerst, dann die nächsten
mine-done = Abgeschlossen, letzte { $days } Tage ({ $count })
mine-done-order = Neueste zuerst
mine-born = Geboren { $date }
mine-news = { $count } neu
mine-to-read = Befund { $number } zu lesen
mine-in = { $n } von { $of } da
mine-quiet = Keine Mitteilungen
mine-released = Freigegeben { $when }
mine-next = Als Nächstes: { $when }, { $test }
mine-was-due = War fällig { $when }: { $test }
mine-report-due = Befund erwartet { $when }
mine-signed = Befund unterschrieben { $when }
mine-no-report = Ohne Befund beendet
mine-signature = Der Befund wartet auf die Unterschrift
mine-no-date = Noch kein Termin

## Mitteilungen

follow-title = Benachrichtigen
follow-label = Mitteilen
follow-keep = Speichern
follow-choice-any = Jede Änderung
follow-choice-late = Ergebnisse, Befunde, Verspätetes
follow-choice-final = Nur Ergebnisse und Befunde
follow-choice-never = Nichts; in meiner Liste behalten
follow-choice-off = Nichts; aus meiner Liste nehmen
follow-notices = Mitteilungen
follow-notices-hint = Was in den letzten { $days } Tagen mit den Fällen geschah, die Sie verfolgen und seither nicht geöffnet haben.
follow-no-notices = Nichts Neues. Hier sehen Sie, was mit den Fällen geschieht, die Sie verfolgen.
follow-unread = { $count ->
    [0] Nichts ungelesen
    [one] { $count } ungelesen
   *[other] { $count } ungelesen
}
follow-put-away = Alle als gelesen markieren
follow-new = Neu
follow-bell = { $count ->
    [0] Mitteilungen: nichts Neues
    [one] Mitteilungen: { $count } neue
   *[other] Mitteilungen: { $count } neue
}

## die Verfolgung

track-title = { $accession }: { $stage }
track-details = Einzelheiten des Falls
track-taken = Entnommen { $when }
track-question = Fragestellung: { $text }
track-expected = Der Befund wird erwartet: { $when }.
track-was-expected = Der Befund wurde erwartet: { $when }.
track-late = Verspätet: { $tests }.
track-late-by = { $test } (um { $length })
track-unusable = Nicht verwendbar: { $part } ({ $reason }).
track-signed = Der endgültige Befund wurde unterschrieben: { $day }.
track-signed-again = Der Befund wurde geändert und erneut unterschrieben: { $day }.
track-signed-some-day = Der Befund ist unterschrieben.
track-void = Dieser Fall wurde irrtümlich erfasst.
track-closed = Dieser Fall endete ohne Befund.
track-resulted = { $n ->
    [one] Das Ergebnis liegt vor. Der Befund wartet auf die Unterschrift.
   *[other] Alle Ergebnisse liegen vor: { $count }. Der Befund wartet auf die Unterschrift.
}
track-on-its-way = Das Knochenmark ist entnommen und noch nicht im Labor eingegangen.
track-not-taken = Das Knochenmark ist noch nicht entnommen.
track-in-lab = Das Knochenmark ist im Labor.
track-preliminary = Ein vorläufiger Befund ist unterschrieben.
track-results-in = { $n ->
    [one] { $count } Ergebnis liegt vor.
   *[other] { $count } Ergebnisse liegen vor.
}
track-to-come = { $n ->
    [one] Eine Untersuchung steht noch aus.
   *[other] { $count } Untersuchungen stehen noch aus.
}
track-nothing-to-come = Es steht nichts mehr aus.
track-dry-tap = Punctio sicca; mit der Stanze wird weitergearbeitet.
track-to-do = Was zu tun ist:
track-repeat = Eine neue Probe wird gebraucht für { $tests }.
track-read-change = Lesen Sie unten, was sich geändert hat. Mehr ist nicht nötig.
track-read-report = Der Befund steht unten. Mehr ist nicht nötig.
track-nothing-to-do = Sie müssen nichts tun.
track-pdf = Befund als PDF
track-by-status = Untersuchungen nach Stand
track-tally-final = endgültig
track-tally-prelim = vorläufig
track-tally-attn = verspätet
track-tally-prob = mit Problem
track-tally-work = in Arbeit
track-tally-wait = wartend
track-count-1 = Ein
track-count-2 = Zwei
track-count-3 = Drei
track-count-4 = Vier
track-count-5 = Fünf
track-count-6 = Sechs
track-count-7 = Sieben
track-count-8 = Acht
track-count-9 = Neun
track-count-10 = Zehn
track-count-11 = Elf
track-count-12 = Zwölf
track-reports = Befund
track-superseded = Ersetzt
track-changed = Geändert:
track-signed-by = Unterschrieben von { $who }, { $when }
track-sofar = Bisherige Ergebnisse
track-no-result = Noch ist kein Ergebnis freigegeben.
track-first-result = Das erste ist fällig: { $when }.
track-inadequate = Nicht beurteilbar.
track-in-full = Ausführlich
track-caveat = Vorbehalt: { $text }
track-verified-by = Bestätigt von { $who }, { $when }.
track-released-by = Vorab freigegeben von { $who }.
track-final-due = Endgültig fällig { $when }.
track-nobody = Nicht bekannt, von wem.
track-full = Seite des Ergebnisses
track-before-it-said = Vorher stand da:
track-told = Benachrichtigt: { $who }, { $when }
track-tocome = Steht noch aus
track-soonest-first = Nächste zuerst
track-report = Integrierter Befund
track-waiting = Wartet
track-when-final = Wird geschrieben, sobald die Untersuchungen endgültig sind
track-all-final = Alle Untersuchungen sind endgültig
track-no-date = Noch kein Termin
track-step = Schritt { $n } von { $of }
track-after-sample = nach der neuen Probe
track-history = Verlauf von { $accession }
track-was-due = war fällig
track-on-time = im Zeitplan
track-again = Wird wiederholt
track-order-suggested = Nicht angefordert
track-order-ordered = Wartet auf die Probe
track-order-awaiting-specimen = Wartet auf die Probe
track-order-held = Gesichert; noch zu entscheiden
track-order-ready = Die Probe ist da; noch nicht begonnen
track-order-in-process = In Arbeit
track-order-resulted = Fertig; eine zweite Person prüft
track-order-in-review = Fertig; eine zweite Person prüft
track-order-final = Endgültig
track-order-referred-out = In einem anderen Labor
track-order-needs-recollect = Braucht eine neue Probe
track-order-failed = Ein Versuch ist misslungen; das Labor entscheidet, wie es weitergeht
track-order-not-performed = Wurde nicht durchgeführt
track-order-cancelled = Storniert
track-order-entered-in-error = Irrtümlich erfasst
track-attempt-failed = ein Versuch ist misslungen
track-why = Grund: { $reason }.
track-why-again = Grund: { $reason }; deshalb wird wiederholt.
track-held = Zurückgestellt bis { $when }; danach: { $then }.
track-hold-auto-perform = wird durchgeführt, wenn niemand storniert
track-hold-auto-cancel = wird storniert, wenn niemand freigibt
track-hold-manual = jemand entscheidet
track-sent = Gesendet an { $laboratory }.
track-no-reason = Das Labor hat keinen Grund erfasst.
track-new-sample = Eine neue Probe wird gebraucht.
track-no-new-sample = Es wird keine neue Probe gebraucht.
track-ended = Nicht durchgeführt
track-samples = Wo das Material ist
track-part-in = { $kind } in { $container }
track-place-left = { $site } links
track-place-right = { $site } rechts
track-pull = Aspiration { $number }
track-mm = { $mm } mm
track-ul = { $ul } µL
track-ml = { $ml } mL
track-latest = Letzte Änderungen
track-whole = Ganzer Verlauf ({ $count })
track-entry = { $subject }: { $done }
track-entry-by = durch { $who }
track-ask = Das Labor fragen
track-hours = { $opens } bis { $closes }.
track-quote = Nennen Sie { $number }.
track-orders = Untersuchungen anfordern oder stornieren
track-before = { $count ->
    [one] Die andere Knochenmarkprobe und Werte im Verlauf
   *[other] { $count } weitere Knochenmarkproben und Werte im Verlauf
}

## der Befund

report-number = Befund { $number }
report-title = Befund { $number } zu { $accession }
report-this = Befund { $number } (oben gezeigt)
report-versions = Alle unterschriebenen Fassungen
report-pdf = Befund als PDF
report-back = Zurück zum Fall
report-never-signed = Diese Fassung wurde nie unterschrieben.
report-void = Ungültig.
report-do-not-use = Verwenden Sie diese Fassung nicht.
report-told = Benachrichtigt: { $who }.
report-superseded = Ersetzt.
report-instead = { $report } gilt an ihrer Stelle.
report-diagnosis-before = Diagnose vorher:
report-diagnosis-now = Diagnose jetzt:
report-same-diagnosis = Die Diagnose ist dieselbe wie vorher.
report-withdraw = Diese Fassung zurückziehen
report-why = Grund

## ein Patient im Verlauf

time-line-title = Patientenverlauf
time-line-marrows = { $count ->
    [one] { $count } Knochenmarkprobe
   *[other] { $count } Knochenmarkproben
}
time-line-order = Neueste zuerst
time-line-not-taken = Noch nicht entnommen
time-line-results = { $count ->
    [one] { $count } Ergebnis
   *[other] { $count } Ergebnisse
}
time-line-method = { $assay }, Prozent von { $of }
time-line-value = { $value } { $unit }
time-line-below = nicht nachgewiesen, Sensitivität { $value } { $unit }
time-line-not-detected = nicht nachgewiesen, Sensitivität nicht bekannt
time-line-newest = Zuletzt: { $value }, { $when }
time-line-plot = { $name } im Verlauf
time-line-open = Offen: nicht nachgewiesen, gezeichnet bei der Sensitivität dieses Laufs
time-line-table = Als Tabelle
time-line-taken = Entnommen
time-line-found = Wert
time-line-by = Methode
time-line-case = Fall
time-line-key-is-pct = Transkript auf der internationalen Skala
time-line-key-ratio-pct = Transkript zum Kontrollgen
time-line-key-mrd-pct = Resterkrankung
time-line-key-blasts-pct = Blasten
time-line-key-plasma-cells-pct = Plasmazellen
time-line-key-ring-sideroblasts-pct = Ringsideroblasten
time-line-key-probe-pct = auffällige Kerne
time-line-key-vaf-pct = Allelfrequenz
time-line-key-cellularity-pct = Zellularität
report-not-signed = nicht unterschrieben

## a report is read, and said to be read
read-ask = Lesen Sie { $report } und bestätigen Sie dann, dass Sie ihn gelesen haben.
read-say = Ich habe Befund { $number } gelesen
read-changes = Befund { $new } ändert Befund { $old }, den Sie am { $when } gelesen haben.
read-void = Befund { $number }, den Sie am { $when } gelesen haben, wurde zurückgezogen.
read-by = Gelesen von { $who }, { $when }
read-by-you = Sie haben am { $when } bestätigt, dass Sie ihn gelesen haben.
read-by-nobody = Noch niemand hat bestätigt, ihn gelesen zu haben.
track-results = Ergebnisse
