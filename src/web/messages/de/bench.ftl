# Der Arbeitsplatz: Scannen, Arbeitslisten, Schritte, Lager.

## Scannen

scan-title = Scannen
scan-field = Röhrchen, Objektträger oder Befehl scannen
scan-placeholder = oder Nummer eingeben
scan-hint = Enter im leeren Feld führt den ersten Schritt der Karte aus. F2 führt hierher zurück.
scan-mode = Was ein Scan bewirkt
scan-mode-look = Nachsehen
scan-mode-receive = Sofort annehmen
scan-temperature = Wie er ankam
scan-temperature-hint = Für jeden Scan, bis Sie es ändern
scan-go = Los
scan-mute = Keine Töne
scan-camera = Mit der Kamera scannen
scan-camera-hint = Halten Sie ein Etikett vor die Kamera; es wird von selbst gelesen.
scan-camera-refused = Die Kamera lässt sich nicht verwenden. Erlauben Sie sie im Browser, oder tippen Sie die Nummer in das Feld.
scan-camera-close = Kamera schließen
scan-log = Letzte Scans
scan-commands = Befehls-Barcodes
scan-test = Scanner prüfen
scan-queued = { $count } Scans sind noch nicht gesendet.
scan-unsent = Das Labor ist nicht erreichbar. Ihre Scans bleiben hier und werden erneut gesendet; schließen Sie diese Seite nicht.
scan-no-step = Es gibt keine Karte mit einem Schritt. Scannen Sie zuerst einen Probenteil.
scan-bulk-open = Zeilen sind ausgewählt. Drücken Sie die Taste der Auswahl, oder nehmen Sie die Häkchen weg.
scan-nothing = Scannen Sie irgendein Etikett. Der Probenteil erscheint hier mit seinem nächsten Schritt.
scan-empty = Es wurde nichts gescannt oder eingegeben.
scan-say = { $label }: { $state }
scan-case = Ganzer Fall
scan-label = Etikett
scan-part = Probenteil
scan-question = Fragestellung
scan-taken = Entnommen
scan-place = Ort
scan-left = Rest
scan-none = Für Sie gibt es hier keinen Schritt.
scan-more-steps = Weitere Schritte
scan-stop = Halt
scan-unknown = { $label } ist eine gültige Nummer, aber einen solchen Probenteil gibt es hier nicht.
scan-unknown-way = Prüfen Sie, ob der Fall erfasst ist; erfassen Sie ihn, oder scannen Sie noch einmal.
scan-problem-way = Es wurde nichts ausgeführt. Der nächste Scan ersetzt diese Karte.
scan-other-case = { $label } gehört zu einem anderen Patienten als der Fall { $case }, den Sie gerade annehmen.
scan-other-case-way = Legen Sie ihn beiseite. Scannen Sie ihn auf der Seite „Scannen“, wenn dieses Set fertig ist.
scan-again = { $label } wurde schon angenommen: { $who }, { $when }.
scan-again-way = Karte zeigen
scan-ended = Arbeiten Sie nicht an diesem Probenteil. Sein Zustand: { $state }.
scan-canceled = Alle Untersuchungen dieses Probenteils sind beendet. Es ist nichts mehr zu tun.
scan-expired = Zu alt für { $test }. Entscheiden Sie auf der Seite der Untersuchung: mit Begründung verwenden oder einen anderen Probenteil wählen.
scan-elsewhere = Dieser Probenteil gehört zu { $others }, nicht zu { $bench }. Bringen Sie ihn dorthin.
scan-query = Frage an { $owner }: { $text }
scan-rejection = Ablehnung vorgeschlagen von { $who }: { $text }
scan-caveat = Vorbehalt: { $text }
scan-tests = Untersuchungen dieses Probenteils
scan-status = Status
scan-use-by = Verwenden bis
scan-no-limit = Keine Frist
scan-fitness = Wofür er taugt
scan-fit = Eignung
scan-verdict-ideal = Geeignet
scan-verdict-usable = Verwendbar
scan-verdict-warn = Erst ansehen
scan-verdict-past-limit = Frist überschritten
scan-verdict-unfit = Nicht für diese Untersuchung
scan-verdict-no-window = Alter nicht bekannt
scan-accept = Beide Kennzeichen stimmen: freigeben
scan-command-first = Dieser Befehl betrifft einen Probenteil, und es wurde keiner gescannt.
scan-command-first-way = Scannen Sie erst den Probenteil, dann den Befehl.
scan-command-press = Dieser Befehl drückt die erste Taste der Karte; das kann nur die Seite selbst.
scan-command-press-way = Drücken Sie die Taste auf der Karte.
undo = Rückgängig
undo-what = { $subject }: { $done }.
undo-for = { $seconds } Sekunden lang können Sie das rückgängig machen.
undo-nothing = Der letzte Schritt dieses Falls galt nicht { $label }.
undo-nothing-way = Scannen Sie den Probenteil, dem er galt, dann UNDO.
scan-command-undo = Den letzten Schritt am Probenteil der Karte rückgängig machen
scan-command-unknown = { $code } ist kein Befehl dieses Labors.

## Annahme eines Sets

scan-kit-title = Annahme von { $case }
scan-kit-counts = { $here } von { $all } Probenteilen sind da.
scan-kit-missing = Noch nicht da: { $labels }
scan-kit-done = Alle entnommenen Probenteile sind da.
scan-kit-parts = Probenteile dieses Sets
scan-kit-scan = Scannen
scan-kit-not-obtained = Nicht gewonnen
scan-kit-why = Warum { $label } nicht gewonnen wurde
scan-kit-back = Zum Fall
scan-kit-collect = Entnahme erfassen

## Befehls-Barcodes und Prüfung des Scanners

scan-card-title = Befehls-Barcodes
scan-card-hint = Drucken Sie diese Seite, laminieren Sie sie, und legen Sie sie an den Arbeitsplatz. Ein Befehl wird wie ein Etikett gescannt.
scan-card-print = Drucken Sie mit dem Browser (Strg+P).
scan-command-receive = Ab jetzt mit jedem Scan sofort annehmen
scan-command-lookup = Ab jetzt mit jedem Scan nachsehen
scan-command-ok = Ersten Schritt der Karte ausführen
scan-command-print = Etikett des gezeigten Probenteils drucken
scan-command-next-bench = Zum nächsten Arbeitsplatz
scan-card-rejects = Ablehnung vorschlagen, nach Grund
scan-test-title = Scanner prüfen
scan-test-hint = Scannen Sie ein beliebiges Etikett in das Feld. Es wird nichts gesendet; die Seite zeigt, was der Scanner tippt und ob die Tastaturbelegung passt.
scan-test-field = Hier scannen
scan-test-off = Diese Seite braucht JavaScript: Sie zeigt die ankommenden Tasten.
scan-test-keys = Tasten und Millisekunden dazwischen
scan-test-good = Die Belegung passt. Längster Abstand: { $ms } ms.
scan-test-slow = Die Tasten kommen zu langsam für einen Scanner: bis zu { $ms } ms Abstand, und mehr als 35 ms gilt als Tippen. Schalten Sie die Pause zwischen den Zeichen im Scanner aus.
scan-test-french = Der Scanner tippt für eine US-Tastatur, und dieser Rechner hat eine französische (AZERTY): Ziffern kommen als &é"'( an. Stellen Sie den Scanner auf Französisch oder den Rechner auf US.
scan-test-german = Der Scanner tippt für eine US-Tastatur, und dieser Rechner hat eine deutsche (QWERTZ): Y und Z sind vertauscht, und der Bindestrich kommt als ß an. Stellen Sie den Scanner auf die deutsche Belegung.
scan-test-case = Buchstaben kommen klein an. Das schadet nicht; vielleicht ist die Feststelltaste an.
scan-test-odd = Es kamen Zeichen an, die kein Etikett hat: { $keys }. Lesen Sie den Einstellcode des Scanners für die Tastaturbelegung dieses Rechners ein.
scan-test-no-enter = Am Ende kam kein Enter. Stellen Sie als Endzeichen des Scanners Enter (CR) ein.

## Arbeitsplatz

bench-title = { $count ->
    [one] { $bench }: { $count } dringlich
   *[other] { $bench }: { $count } dringlich
}
bench-mine = Das ist mein Arbeitsplatz
bench-departments = Abteilungen
bench-views = Ansichten
bench-view-all = Alle
bench-view-to-do = Zu tun
bench-view-running = Laufend
bench-view-to-review = Zu prüfen
bench-view-overdue = Überfällig
bench-view-waiting = Wartend
bench-view-mine = Meine
bench-filter = Filter
bench-every-test = Jede Untersuchung
bench-urgency = Dringlichkeit
bench-every-urgency = Dringend und Routine
bench-no-filter = Alle zeigen
bench-next-lines = Nächste { $count }
bench-empty = Hier wartet nichts.
bench-empty-running = { $count ->
    [one] Hier wartet nichts. { $count } läuft.
   *[other] Hier wartet nichts. { $count } laufen.
}
bench-attention = Braucht Aufmerksamkeit
bench-next = Danach
bench-sort-urgent = Das Dringlichste zuerst
bench-sort-due = Die frühesten Termine zuerst
bench-sort-label = Nach Probennummer
bench-select = Auswählen
bench-select-line = { $part } auswählen
bench-part = Probenteil
bench-test = Untersuchung
bench-usable = Verwendbar noch
bench-due = Ergebnis fällig
bench-step = Nächster Schritt
bench-caveat = Vorbehalt: { $text }
bench-not-set = Noch nicht festgelegt
bench-started = Begonnen
bench-no-limit = Keine Frist bekannt
bench-expired = Seit { $length } abgelaufen
bench-check = Prüfen
bench-second = Wartet auf eine zweite Person
bench-enter = Ergebnis eingeben
bench-none = Keiner für Sie
bench-open = Öffnen
bench-done = { $step }: erledigt
bench-bulk = Für alle ausgewählten
bench-bulk-hint = Es stehen nur Schritte da, die jede ausgewählte Zeile zulässt.
bench-bulk-nothing = Es gibt keinen Schritt, den alle zulassen.
bench-selected = { $count } ausgewählt
bench-done-count = { $count ->
    [one] { $step }: { $count } erledigt.
   *[other] { $step }: { $count } erledigt.
}
bench-refused-count = { $count ->
    [one] { $count } wurde abgelehnt:
   *[other] { $count } wurden abgelehnt:
}
bench-none-selected = Es war nichts ausgewählt. Setzen Sie zuerst Häkchen.

## Felder

field-choose = Bitte wählen
field-none = Keine
field-no = Nein
field-more = Mehr
field-back = Zurück
field-not-open = Dieser Schritt ist für Sie jetzt nicht möglich.
field-when = Wann
field-when-hint = Jetzt, wenn leer. 0940, -2h, gestern 2350
field-place-where-it-is-put = Wohin er gelegt wird
field-place-which-bench = Welcher Arbeitsplatz
field-place-hint = Worte, oder ein Platz wie { $example }
field-fault = Was nicht stimmt
field-query = Worum es geht
field-lost = Wo er verloren ging
field-recollect = Soll noch einmal entnommen werden?
field-recollect-yes = Ja, anfordern
field-not-collected = Warum er nicht gewonnen wurde
field-failed = Warum es misslang
field-canceled = Warum storniert wird
field-not-performed = Warum nicht untersucht wird
field-note-how-it-was-answered = Wie es geklärt wurde
field-note-how-its-identity-was-verified-again = Wie seine Identität erneut geprüft wurde
field-note-in-words = In Worten
field-note-the-question = Die Frage
field-note-what-is-wrong-with-it = Was damit nicht stimmt
field-note-what-must-be-looked-at-again = Was noch einmal angesehen werden muss
field-note-where-it-was-looked-for = Wo gesucht wurde
field-note-why-it-is-not-needed = Warum das nicht gebraucht wird
field-note-why-it-never-existed = Warum es das nie gab
field-note-why-it-was-never-meant = Warum das nie gemeint war
field-note-why-steps-before-it-are-left-out = Warum Schritte davor ausgelassen werden
field-note-why-what-is-left-is-written-off = Warum der Rest abgeschrieben wird
field-told-who-answers-it = Wer sie beantwortet
field-told-who-was-told = Wer benachrichtigt wurde
field-told-who-was-told-that-it-is-rejected = Wer von der Ablehnung erfuhr
field-temperature = Wie er unterwegs ist oder liegt
field-temperature-ambient = Raumtemperatur
field-temperature-refrigerated = Gekühlt
field-temperature-frozen = Gefroren
field-destination = Wohin er geht
field-tracking = Nummer des Kuriers
field-laboratory = Welches Labor
field-test = Welche Untersuchung
field-expected-on = Ergebnis erwartet am
field-date-hint = 2026-03-26 oder 26. März 2026
field-volume = Volumen
field-volume-hint = Ganze µL, oder 3 mL
field-pull = Nummer der Aspiration
field-length = Länge in mm
field-side = Seite
field-side-left = Links
field-side-right = Rechts
field-side-midline = Mittellinie
field-site = Entnahmeort
field-fixed = In Fixativ seit
field-fixed-hint = 0940, -2h
field-decalcification = Entkalkungsmittel
field-decalcification-hint = Eine Säure schließt FISH und Sequenzierung aus
field-declaration = Unterschriebene Erklärung zur Identität, in Worten
field-override = Warum eine Regel außer Acht bleibt
field-override-hint = Zeiten in falscher Folge, oder ein Probenteil nach seiner Frist. Das schreibt die Laborleitung
field-match = Stimmen beide Kennzeichen auf dem Probenteil mit diesem Patienten überein?
field-match-yes = Ja, beide
field-policy = Was zum Stichtag geschieht
field-policy-auto-perform = Sie wird ausgeführt, wenn niemand storniert
field-policy-auto-cancel = Sie wird storniert, wenn niemand freigibt
field-policy-manual = Sie wartet auf eine Person
field-deadline = Zurückgestellt bis
field-deadline-hint = 2026-03-26 16:00
field-run = Lauf, Platte oder Panel
field-part = Ein anderer Probenteil als der zugeordnete
field-part-hint = Sein Etikett
field-used = Verbrauchtes Volumen
field-used-hint = Ganze µL, oder 0,5 mL; die übliche Menge, wenn leer
field-workstep = Welcher Schritt erledigt ist
field-children-hint = Lassen Sie Zeilen leer, die Sie nicht brauchen. Die Etiketten der neuen Teile können Sie gleich danach drucken.
field-child = Teil { $number }
field-child-kind = Was es ist
field-child-container = Worin

## Lager

storage-title = Lager
storage-place = Ort
storage-temperature = Lagerung
storage-free = Frei
storage-occupied = Belegt
storage-none = Der Katalog nennt keine Lagerorte. Tragen Sie sie unter [[storage]] ein.
storage-discard = Was verworfen werden darf
storage-map = Belegung von { $place }
storage-map-hint = Um einen Probenteil zu entnehmen, scannen Sie ihn. Um einen hierher zu legen, scannen Sie ihn, wählen „Einlagern“ und geben den Platz an.
storage-row = Reihe
storage-cell-free = frei
storage-counts = { $free } von { $all } Plätzen sind frei.
storage-list = Was hier liegt
storage-position = Platz
storage-kept-until = Aufbewahren bis
storage-until-report = Bis der Befund endgültig ist
storage-empty = Hier liegt nichts.
storage-discard-title = Aufbewahrungsfrist abgelaufen
storage-discard-none = Nichts Eingelagertes hat seine Aufbewahrungsfrist überschritten.
storage-discard-hint = Die Frist ist abgelaufen, der Befund endgültig, und keine Untersuchung wartet. Das Verwerfen ist Sache der Laborleitung; jeder Probenteil steht danach im Journal.
storage-discard-caption = { $count ->
    [one] { $count } Probenteil darf verworfen werden, die älteste Frist zuerst
   *[other] { $count } Probenteile dürfen verworfen werden, die älteste Frist zuerst
}
storage-had-to-be-kept = Aufzubewahren bis
storage-discard-selected = Ausgewählte Probenteile verwerfen
storage-discarded = { $count ->
    [one] { $count } Probenteil ist verworfen.
   *[other] { $count } Probenteile sind verworfen.
}
bench-decide = Entscheiden: nutzen oder ablehnen
bench-material = Material
bench-state = Status

## the labels of a bench

labels-queue-title = Etiketten am Arbeitsplatz { $bench }
labels-queue-title-none = Etiketten Ihres Arbeitsplatzes
labels-queue-field = Gedrucktes Etikett scannen, oder ein Röhrchen zum Nachdrucken
labels-queue-hint = Enter im leeren Feld oder CMD-PRINT druckt das nächste Etikett. Jedes wird gescannt, bevor das nächste gedruckt wird.
labels-queue-next = Nächstes Etikett drucken
labels-queue-none = Kein Etikett wartet. Scannen Sie ein Röhrchen, um nachzudrucken.
labels-queue-no-bench = Etiketten warten an einem Arbeitsplatz, und Sie haben keinen gewählt. Wählen Sie ihn auf seiner Liste:
labels-queue-waiting = { $count ->
    [one] Ein Etikett wartet
   *[other] { $count } Etiketten warten
}
labels-queue-since = Hier seit
labels-queue-scan = Gedruckt: { $label }. Scannen Sie es, bevor es verwendet wird.
labels-queue-again = Es wurde nicht gedruckt: erneut drucken
labels-queue-wrong = Das ist { $scanned }, gedruckt wurde { $printed }. Verwenden Sie dieses Etikett nicht; suchen Sie das richtige, und scannen Sie es.
labels-queue-first = { $printed } wurde gedruckt und noch nicht gescannt. Scannen Sie es, dann drucken Sie das nächste.
labels-queue-odd = { $code } ist kein Etikett. Scannen Sie das Etikett noch einmal.
