# Büro: worum sich die Verwaltung kümmert. Durchlaufzeiten, Exporte, Personen, Katalog, Journal, System.

## Durchlaufzeiten

turn-title = Durchlaufzeiten
turn-lead = Wie oft Ergebnisse bis zu ihrem Termin vorlagen, Monat für Monat. Jede Zahl führt zu den Untersuchungen, die sie zählt.
turn-empty = In diesen Monaten wurde keine Untersuchung abgeschlossen, und keine ist verspätet.
turn-month = { $month } { $year }
turn-months = { $count ->
    [one] Dieser Monat
   *[other] Letzte { $count } Monate
}
turn-span = Monate
turn-test = Untersuchung
turn-all-tests = Alle Untersuchungen
turn-urgency = Dringlichkeit
turn-any-urgency = Jede
turn-urgency-urgent = Dringend
turn-urgency-routine = Routine
turn-requester = Anforderer
turn-any-requester = Alle
turn-in-target = Im Ziel
turn-of = { $part } von { $whole }
turn-finished = Abgeschlossen
turn-late = Verspätet
turn-open-late = Verspätet und noch offen
turn-half = Die Hälfte binnen
turn-nine = 9 von 10 binnen
turn-half-nine = Die Hälfte in, 9 von 10 in
turn-too-few = Weniger als { $count } Untersuchungen: zu wenige für ein Perzentil.
turn-too-few-short = Zu wenige
turn-none = Keine
turn-pct = { $pct } %
turn-pct-of = { $pct } von { $count }
turn-whole = Alle Monate
turn-matrix = Anteil im Ziel nach Untersuchung und Monat, mit der Zahl der abgeschlossenen
turn-in-month = Monat
turn-as-table = Als Tabelle zeigen
turn-table = Die Zahlen der Diagramme
turn-share = Anteil im Ziel, alle Untersuchungen
turn-share-of = Anteil im Ziel: { $test }
turn-share-desc = Ein Balken je Monat: der Anteil der Ergebnisse, die bis zu ihrem Termin vorlagen, in Prozent. Ein Balken führt zu seinen Untersuchungen.
turn-share-desc-goal = Ein Balken je Monat: der Anteil der Ergebnisse, die bis zu ihrem Termin vorlagen, in Prozent. Die gestrichelte Linie ist das Ziel des Katalogs, { $goal } %. Ein Balken führt zu seinen Untersuchungen.
turn-lengths = Wie lange es dauerte
turn-lengths-desc = Verstrichene Zeit bis zum endgültigen Ergebnis. Gefüllter Kreis: Die Hälfte der Untersuchungen dauerte höchstens so lange. Offene Raute: neun von zehn. Monate mit zu wenigen Untersuchungen haben keine Marke.
turn-mark-share = { $month }: { $pct } % im Ziel, { $part } von { $whole }
turn-mark-length = { $month }: die Hälfte binnen { $half }, 9 von 10 binnen { $nine }, { $count } Untersuchungen
turn-how = Was gezählt wird
turn-how-month = Eine Untersuchung zählt in dem Monat, in dem ihr Ergebnis endgültig wurde, nach der Uhr des Labors ({ $zone }).
turn-how-target = Sie ist im Ziel, wenn ihr Ergebnis spätestens zu ihrem Termin endgültig war; es gilt der Termin, den die Untersuchung trug.
turn-how-took = Die Dauer ist verstrichene Zeit, Nächte und Wochenenden eingeschlossen, vom Ereignis der Tabelle unten bis zum endgültigen Ergebnis. Auch bei einer nachgeforderten Untersuchung läuft sie ab dem Probenteil.
turn-how-share = Nicht im Anteil sind Untersuchungen, die nie einen Termin hatten, weil von keinem Probenteil ein Eingang bekannt ist.
turn-how-few = Bei weniger als { $count } Untersuchungen steht kein Perzentil: Es erzählte nur von einzelnen Fällen.
turn-how-export = Dieselben Untersuchungen als Datei: { $link }.
turn-targets = Die Ziele jeder Untersuchung
turn-targets-caption = Ziele der Katalogversion { $version }; alle laufen bis zum endgültigen Ergebnis
turn-starts = Läuft ab
turn-target = Fällig binnen
turn-goal = Ziel
turn-from-collected = Entnahme
turn-from-received = Eingang
turn-amount = { $unit ->
    [hours] { $amount ->
        [one] { $amount } Stunde
       *[other] { $amount } Stunden
    }
    [working_days] { $amount ->
        [one] { $amount } Arbeitstag
       *[other] { $amount } Arbeitstagen
    }
   *[calendar_days] { $amount ->
        [one] { $amount } Kalendertag
       *[other] { $amount } Kalendertagen
    }
}
turn-orders-title = Untersuchungen hinter einer Zahl
turn-orders-empty = Keine Untersuchung passt.
turn-orders-caption = { $shown } von { $count } Untersuchungen, die älteste zuerst
turn-back = Zurück zu den Zahlen
turn-from-to = { $from } bis { $to }
turn-sorts = Welche Untersuchungen
turn-kept = Im Ziel?
turn-kept-all = Abgeschlossen
turn-kept-yes = Im Ziel
turn-kept-no = Verspätet
turn-kept-unpromised = Ohne Termin
turn-kept-open = Verspätet und offen
turn-next = Nächste { $count }
turn-case = Fall
turn-no-case = Nicht für diese Rolle
turn-started = Uhr begann
turn-due = Fällig
turn-final = Endgültig
turn-took = Dauer
turn-still-open = Noch offen

## Personen

user-name = Anmeldename
user-name-hint = Klein geschrieben, etwa m.curie
user-full-name = Voller Name
user-full-name-hint = Wie er auf Befunden steht
user-roles = Rollen
user-roles-of = Was diese Person darf
user-roles-hint = Verwaltung, Revision und Schnittstelle haben keine andere Rolle: Wer das System betreibt, entscheidet nicht über Patienten.
user-roles-save = Rollen speichern
user-seen = Zuletzt hier
user-never = Nie
user-sessions = { $count ->
    [one] jetzt einmal angemeldet
   *[other] jetzt { $count }-mal angemeldet
}
user-state = Konto
user-active = Aktiv
user-disabled = Geschlossen
user-waits = Falsche Passwörter; wartet bis
user-failures = { $count ->
    [one] seitdem 1 falsches Passwort
   *[other] seitdem { $count } falsche Passwörter
}
user-caption = { $count } Konten, davon { $open } aktiv
user-add = Person hinzufügen
user-added = Das Konto ist angelegt
user-back = Alle Personen
user-made = Angelegt
user-journal = Was diese Person an Konten getan hat
user-password-made = Ein Passwort wird erzeugt und einmal gezeigt.
user-password-of = Das Passwort von { $name }:
user-password-once = Es wird nur dieses eine Mal gezeigt und nirgends aufbewahrt. Geben Sie es persönlich weiter. Passwörter haben mindestens { $least } Zeichen.
user-password-passed-on = Ich habe es weitergegeben
user-password-hint = Erzeugt ein neues Passwort, zeigt es einmal und beendet jede Sitzung dieses Kontos. Für den Fall, dass jemand seines vergessen hat.
user-password-new = Neues Passwort
user-access = Zugang
user-sign-out-hint = Beendet jede Sitzung dieses Kontos auf jedem Gerät. Das Passwort bleibt.
user-sign-out = Überall abmelden
user-lock-hint = Schließt das Konto sofort, mit seinen Sitzungen und Zugangstoken. Was diese Person getan hat, bleibt, wie es ist.
user-lock = Konto schließen
user-unlock-hint = Die Person kann sich wieder mit dem alten Passwort anmelden. Zugangstoken bleiben widerrufen.
user-unlock = Konto wieder öffnen
done-user-roles = Die Rollen sind gespeichert. Sie gelten ab der nächsten Seite dieser Person.
done-user-lock = Das Konto ist geschlossen.
done-user-unlock = Das Konto ist wieder offen.
done-user-sign-out = Jede Sitzung dieses Kontos ist beendet.

## System

system-data = Daten
system-backup = Letzte Sicherung
system-no-backup = Es wurde nie eine vermerkt
system-ago = vor { $length }
system-engine = Datenbank
system-schema = Schema
system-schema-applied = { $count ->
    [one] 1 Schritt angewandt, keiner steht aus
   *[other] { $count } Schritte angewandt, keiner steht aus
}
system-schema-pending = { $count } stehen aus
system-size = Größe
system-free = Frei auf ihrem Datenträger
system-free-why = Eine Sicherung und eine neue Version des Schemas brauchen Platz für eine ganze Kopie.
system-bytes = { $value } { $unit }
system-fault = Handeln nötig
system-run = Führen Sie { $command } aus
system-jobs = Hintergrundarbeit
system-exports-open = { $count ->
    [0] Keiner wartet oder läuft.
    [one] Einer wartet oder läuft.
   *[other] { $count } warten oder laufen.
}
system-exports-failed = { $count ->
    [0] In den letzten { $days } Tagen ist keiner misslungen.
    [one] In den letzten { $days } Tagen ist einer misslungen.
   *[other] In den letzten { $days } Tagen sind { $count } misslungen.
}
system-exports-why = Die Seite { $link } sagt zu jedem, warum; wer ihn wollte, startet ihn dort neu.
system-timers = Fristen zuletzt geprüft
system-tidied = Alte Sitzungen und Entwürfe zuletzt gelöscht
system-no-round = Nicht, seit das Programm läuft
system-verify = Prüfung
system-verify-hint = Faltet das ganze Journal neu, vergleicht es mit jeder Zeile und berechnet jeden Hash neu. Sie liest nur; sie kann Minuten dauern.
system-verify-now = Jetzt alles prüfen
system-verifying = Alles wird geprüft …
system-never-verified = Von hier aus noch nie geprüft.
system-clean = Kein Fehler
system-verified = Geprüft { $when }: { $entries } Einträge, { $cases } Fälle, Fehler: { $faults }, in { $seconds } s.
system-first-fault = Erster Fehler, nach Regel { $rule }: { $subject }
system-program = Programm
system-version = Version
system-up = Läuft seit
system-connections = Verbindungen zur Datenbank
system-connections-of = { $busy } beschäftigt, { $open } offen, höchstens { $most }
system-listeners = Seiten, die auf Änderungen warten
system-journal = Neuester Journaleintrag
system-catalogue = Version { $version }
done-system-verify = Die Prüfung hat begonnen. Diese Seite zeigt ihr Ergebnis.

## Katalog

catalogue-lead = Was { $laboratory } anders macht als das nächste Labor. In Kraft ist Version { $version }.
catalogue-edit = Bearbeiten
catalogue-versions = Versionen
catalogue-sections = Abschnitte
catalogue-back = Der Katalog
catalogue-section-assays = Untersuchungen
catalogue-section-indications = Fragestellungen
catalogue-section-reflexes = Folgeuntersuchungen
catalogue-section-criticals = Kritische Befunde
catalogue-section-diagnoses = Diagnosen
catalogue-section-reasons = Mängel von Probenteilen
catalogue-section-lists = Andere Gründe
catalogue-section-material = Probenteile, Gefäße, Entnahmeorte
catalogue-section-laboratory = Labor
catalogue-empty = Dieser Abschnitt ist leer.
catalogue-assays = { $count ->
    [one] 1 Untersuchung, die angefordert werden kann
   *[other] { $count } Untersuchungen, die angefordert werden können
}
catalogue-department = Abteilung
catalogue-feeds = Material, das beste zuerst
catalogue-feed = { $kinds } in { $container }
catalogue-feed-substitute = { $kinds } in { $container } (Ersatz)
catalogue-steps = Schritte am Arbeitsplatz
catalogue-due-urgency = { $urgency }: { $due }
catalogue-due-collected = { $amount } ab Entnahme
catalogue-due-within = Frist ab Eingang
catalogue-indications = { $count ->
    [one] 1 klinische Fragestellung
   *[other] { $count } klinische Fragestellungen
}
catalogue-question = Fragestellung
catalogue-suggests = Schlägt vor
catalogue-advice = Hinweis
catalogue-need-mandatory = immer
catalogue-need-recommended = empfohlen
catalogue-need-conditional = unter einer Bedingung
catalogue-need-hold = zurückgestellt
catalogue-reflexes = { $count ->
    [one] 1 Regel für Folgeuntersuchungen
   *[other] { $count } Regeln für Folgeuntersuchungen
}
catalogue-after = Nach
catalogue-when = Wenn sie
catalogue-outcome-failed = endgültig misslang
catalogue-outcome-abnormal = auffällig ist
catalogue-any-question = Jede
catalogue-orders = Fordert an
catalogue-why = Warum
catalogue-criticals = { $count ->
    [one] 1 kritischer Befund
   *[other] { $count } kritische Befunde
}
catalogue-finding = Befund
catalogue-within = Anruf binnen
catalogue-raised-by = Ausgelöst durch
catalogue-manual = eine Person
catalogue-diagnoses = { $count ->
    [one] 1 Diagnose, die der Befund vorschlägt
   *[other] { $count } Diagnosen, die der Befund vorschlägt
}
catalogue-diagnosis = Diagnose
catalogue-classification = Klassifikation
catalogue-icd-o = ICD-O-3
catalogue-reasons = { $count ->
    [one] 1 Mangel eines Probenteils
   *[other] { $count } Mängel eines Probenteils
}
catalogue-fault = Mangel
catalogue-usually = Gewöhnlich
catalogue-action-reject = ablehnen
catalogue-action-caveat = mit Vorbehalt freigeben
catalogue-action-consult = eine erfahrene Person entscheidet
catalogue-per-test = Aber bei
catalogue-unfit = Ungeeignet für
catalogue-caveat = Vorbehalt
catalogue-list-not-collected = Warum ein Probenteil nicht gewonnen wurde
catalogue-list-query = Warum ein Probenteil auf eine Antwort wartet
catalogue-list-lost = Was getan wurde, bevor ein Probenteil als verloren galt
catalogue-list-fail = Warum eine Untersuchung kein Ergebnis gab
catalogue-list-cancel = Warum eine Anforderung storniert wurde
catalogue-list-not-performed = Warum eine Untersuchung nicht ausgeführt wurde
catalogue-list-correction = Warum ein Ergebnis oder Befund geändert wurde
catalogue-kinds = Arten von Probenteilen
catalogue-kind = Art
catalogue-containers-of = Übliche Gefäße
catalogue-kept = Aufbewahrt
catalogue-for-good = Auf Dauer
catalogue-containers = Gefäße
catalogue-container = Gefäß
catalogue-traits = Eigenschaften
catalogue-anticoagulant = Antikoagulans
catalogue-fixative = Fixativ
catalogue-slide = Objektträger
catalogue-sites = Entnahmeorte
catalogue-site = Entnahmeort
catalogue-sides = Seiten
catalogue-paired = links und rechts
catalogue-unpaired = in der Mitte
catalogue-lab-name = Name
catalogue-lab-address = Anschrift
catalogue-lab-zone = Zeitzone
catalogue-lab-hours = Geöffnet
catalogue-lab-holidays = Freie Tage
catalogue-departments = Abteilungen
catalogue-tests-there = Untersuchungen
catalogue-version = Version
catalogue-since = In Kraft seit
catalogue-by = Geladen von
catalogue-reason = Grund
catalogue-reason-hint = Er steht im Journal
catalogue-file = Datei
catalogue-download = Herunterladen
catalogue-versions-caption = Jede Version, die je in Kraft war, die neueste zuerst
catalogue-version-title = Katalogversion { $version }
catalogue-loaded = Geladen { $when } von { $by }.
catalogue-first = Das war die erste Version: Es gibt nichts, womit sie zu vergleichen wäre.
catalogue-diff = Unterschied zu Version { $version }
catalogue-diff-label = Geänderte Zeilen
catalogue-diff-counts = { $added } Zeilen neu, { $removed } Zeilen weg.
catalogue-diff-cut = Nur die ersten { $count } Zeilen sind zu sehen.
catalogue-line-new = Neu:
catalogue-line-old = Weg:
catalogue-same = Keine Zeile ist anders.
catalogue-choose = Welchen Teil des Katalogs? Geprüft wird er immer als Ganzes, welchen Teil Sie auch bearbeiten.
catalogue-lines = { $count ->
    [one] 1 Zeile
   *[other] { $count } Zeilen
}
catalogue-part-head = Labor, Abteilungen, Gefäße, Probenteile, kurze Listen
catalogue-part-assay = Untersuchungen
catalogue-part-indication = Fragestellungen
catalogue-part-reflex = Folgeuntersuchungen
catalogue-part-critical = Kritische Befunde
catalogue-part-diagnosis = Diagnosen
catalogue-part-reason = Mängel von Probenteilen
catalogue-part-all = Die ganze Datei
catalogue-edit-title = Bearbeiten: { $section }
catalogue-other-section = Ein anderer Teil
catalogue-text = TOML
catalogue-text-hint = Nichts gilt, bevor Sie es laden. Zeilen, die mit # beginnen, sind Anmerkungen.
catalogue-begins = Dieser Teil beginnt in Zeile { $line } der ganzen Datei; Fehler nennen Zeilen der ganzen Datei.
catalogue-check = Prüfen und erproben
catalogue-load = Als Version { $version } laden
catalogue-run = Probelauf
catalogue-run-compared = Verglichen an den { $cases } Fällen, die seit { $from } erfasst wurden ({ $days } Tage), mit { $orders } Untersuchungen, { $timed } davon mit Termin: der Termin jeder Untersuchung und was jede Fragestellung vorschlägt, nach dem geltenden Katalog und nach diesem Text.
catalogue-run-same = Nichts, was verglichen wurde, wäre anders gewesen.
catalogue-run-moved = { $moved } von { $timed } Terminen wären anders gewesen.
catalogue-run-suggested = { $suggested } von { $cases } Fällen hätten andere Vorschläge gehabt.
catalogue-run-due = Termine
catalogue-run-earlier = Früher
catalogue-run-later = Später
catalogue-run-missing = Untersuchung fehlt
catalogue-run-suggestions = Vorschläge
catalogue-run-cases = Fälle
catalogue-run-added = Zusätzlich vorgeschlagen
catalogue-run-dropped = Nicht mehr vorgeschlagen
catalogue-run-changed = Anders vorgeschlagen
catalogue-run-gone = (fehlt)
catalogue-run-not = Nicht verglichen: welcher Probenteil eine Untersuchung gespeist hätte, Mängel von Probenteilen, Folgeuntersuchungen, kritische Befunde und was Menschen hinzugefügt oder weggelassen haben.
done-catalogue-load = Diese Version ist in Kraft.

## Journal

journal-lead = Alles, was geschehen ist, das Neueste zuerst. Nichts darin wird je geändert oder entfernt.
journal-veiled-note = Ihre Rolle sieht keine Patienten: Einträge zu Fällen zeigen, was getan wurde und welche Felder es änderte, ohne Werte, Gründe und Fallnummern.
journal-case = Fall
journal-stream = Betrifft
journal-all = Alles
journal-accounts = Konten
journal-actor = Person
journal-actor-hint = Anmeldename
journal-command = Befehl beginnt mit
journal-command-hint = Etwa specimen.reject oder user.
journal-from = Von
journal-to = Bis, dieser Tag eingeschlossen
journal-entries = Einträge
journal-empty = Kein Eintrag passt.
journal-older = Ältere Einträge
journal-newest = Neueste Einträge
journal-export = Exportieren
journal-chain = Zustand der Kette
journal-check = Gezeigtes prüfen
journal-checked = Geprüft { $when }: die Ketten von allem auf dieser Seite, { $entries } Einträge, Fehler: { $faults }.
journal-a-case = Ein Fall
journal-a-label = Ein Etikett
journal-by = von { $who }
journal-more = { $count ->
    [0] Einzelheiten
    [one] 1 Feld geändert
   *[other] { $count } Felder geändert
}
journal-place = Stelle im Journal
journal-number = Nummer in ihrer Kette
journal-occurred = Geschehen
journal-hash = Hash
journal-nothing = nichts
journal-cut = (gekürzt, { $count } Zeichen)

## Exporte

export-table = Tabelle
export-choose = Tabelle wählen
export-dataset-cases = Fälle
export-dataset-specimens = Probenteile
export-dataset-orders = Angeforderte Untersuchungen
export-dataset-results = Ergebnisse
export-dataset-reports = Befunde
export-dataset-events = Was geschehen ist
export-dataset-turnaround = Durchlaufzeiten
export-dataset-rejections = Ablehnungen und Punctiones siccae
export-show-columns = Ihre Spalten zeigen
export-which-cases = Welche Fälle
export-stage = Stand
export-any = Jeder
export-only-late = Nur verspätete
export-from = Erfasst ab
export-to = Bis, dieser Tag eingeschlossen
export-which-rows = Welche ihrer Zeilen
export-any-row = Alle
export-department = Abteilung
export-view = Ansicht ihrer Liste
export-final-from = Endgültiges Ergebnis ab
export-parts = Warum sie in einer Liste stehen
export-parts-awaited = Die Annahme wartet auf sie
export-parts-past-retention = Lange genug aufbewahrt
export-parts-recollect = Neu zu entnehmen
export-sort-hint = Von der Ansicht einer Liste
export-columns = Spalten: { $chosen } von { $count }
export-identifying = identifiziert
export-up = { $column } nach oben
export-down = { $column } nach unten
export-identifiers = Identität
export-identifiers-none = Keine: Niemand ist zu erkennen
export-identifiers-pseudonym = Pseudonyme: derselbe Schlüssel für denselben Patienten
export-identifiers-full = Voll: Namen und Nummern, mit Grund
export-reason = Grund
export-reason-hint = Für volle Identität; er steht im Journal
export-zone = Zeitzone
export-zone-hint = In der Zeiten geschrieben werden
export-file = Datei
export-file-excel = CSV für Tabellenprogramme
export-file-xlsx = Excel-Arbeitsmappe
export-file-machine = CSV für Programme
export-file-ndjson = NDJSON
export-preview = Vorschau
export-start = Export starten
export-download = Sofort herunterladen
export-journaled = Jeder Export und jede Vorschau steht im Journal: wer, was, warum, wie viele Zeilen.
export-no-rows = Keine Zeile passt.
export-first-rows = Die ersten { $shown } Zeilen, höchstens { $most }
export-history = Exporte
export-history-caption = Dateien werden 7 Tage aufbewahrt
export-none = In den letzten 7 Tagen wurde nichts exportiert.
export-by = Von
export-when = Begonnen
export-state = Stand
export-deed = Datei
export-state-queued = Wartet
export-state-running = Läuft
export-state-done = Fertig
export-state-failed = Misslungen
export-state-canceled = Abgebrochen
export-rows = { $rows ->
    [one] 1 Zeile
   *[other] { $rows } Zeilen
}
export-progress = Bisher gelesen
export-cancel = Abbrechen
export-fetch = Holen
done-export-start = Der Export hat begonnen. Sie können diese Seite verlassen; die Datei steht dann unten.
done-export-cancel = Der Export ist abgebrochen.
catalogue-part-kit = Sets
user-account = Anmeldename
