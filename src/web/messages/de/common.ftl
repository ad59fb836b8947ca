# Der Rahmen jeder Seite und Wörter, die jeder Raum braucht.

skip = Zum Inhalt springen
main-navigation = Hauptnavigation
error = Fehler
error-title = Fehler: { $title }
urgent = Dringend
late = Verspätet
not-known = Nicht bekannt
patient = Patient
born = Geboren
sex = Geschlecht
mrn = Patientennr.
years = { $years } J.
optional = (optional)
signed-in-as = Angemeldet als { $name } ({ $roles })
sign-out = Abmelden
first-page = Zu meiner Startseite
quote-request = Wenn Sie um Hilfe bitten, nennen Sie { $id }.
find-label = Patient oder Fall suchen
find-placeholder = Patientennr., Name oder Nummer
it-is-now = Der Zustand ist jetzt: { $state }.
what-instead = Stattdessen möglich: { $steps }.
try-again-in = Versuchen Sie es in { $seconds } s erneut.
language = Sprache
theme = Darstellung
theme-system = Wie das System
theme-light = Hell
theme-dark = Dunkel
show = Anwenden
live-lost = Nicht aktuell: Diese Seite kann veraltet sein. Laden Sie sie neu.

## Navigation

nav-patients = Meine Patienten
nav-sign = Zu unterschreiben
nav-scan = Scannen
nav-log = Fall erfassen
nav-worklists = Arbeitslisten
nav-verify = Zu bestätigen
nav-again = Neu zu entnehmen
nav-labels = Etiketten
nav-storage = Lager
nav-cases = Fälle
nav-exports = Exporte
nav-turnaround = Durchlaufzeiten
nav-users = Personen
nav-catalogue = Katalog
nav-journal = Journal
nav-system = System

## Daten und Zeitspannen

date-weekday = { $weekday } { $day }. { $month }
date-weekday-year = { $weekday } { $day }. { $month } { $year }
date-day = { $day }. { $month } { $year }
date-time = { $date } { $time }
length-minutes = { $minutes } min
length-hours = { $hours } h { $minutes } min
length-figure = { $hours } h
length-days = { $days ->
    [one] { $days } Tag
   *[other] { $days } Tage
}

## was ein Formular noch braucht

needed-this = Dieses Feld wird gebraucht.
needed-patient-family-name = Der Familienname wird gebraucht.
needed-patient-mrn = Die Patientennummer wird gebraucht.
needed-requester = Der Anforderer wird gebraucht.
needed-summary = Das Ergebnis in einer Zeile wird gebraucht.
needed-diagnosis = Die Diagnose wird gebraucht.
needed-reason = Ein Grund wird gebraucht.
needed-told-who = Wer benachrichtigt wurde, wird gebraucht.

## gespeicherte Ansichten

view-title = Gespeicherte Ansichten
view-save = Diese Ansicht speichern
view-keep = Speichern
view-name = Name
view-list = Liste
view-forget = Löschen
view-caption = Ihre gespeicherten Ansichten, nach Namen
view-none = Sie haben noch keine Ansicht gespeichert. Öffnen Sie eine Liste, filtern Sie sie und wählen Sie „Diese Ansicht speichern“.
view-export = Diese Liste exportieren
list-sort = Reihenfolge

## die Leiste

nav-menu = Menü
nav-menu-more = Mehr
nav-bench = Mein Arbeitsplatz

## Suche

find-what = Etikett, Fallnummer, Patientennummer oder Namensanfang
find-hint = Ein Etikett führt zu seinem Probenteil. Leerzeichen in einer Patientennummer stören nicht.
find-go = Suchen
find-nothing = Nichts, was Sie sehen dürfen, passt zu „{ $q }“. Prüfen Sie die Nummer, oder versuchen Sie den Familiennamen.
find-count = { $count ->
    [one] Ein Fall gefunden
   *[other] { $count } Fälle gefunden
}
find-case = Fall

## Palette und Tasten

palette-title = Suchen oder etwas tun
palette-last = Zuletzt geöffnet
palette-do = Tun
palette-close = Schließen
palette-hint = ↑ und ↓ wählen, Eingabe öffnet, Esc führt dorthin zurück, wo Sie waren.
palette-theme = Darstellung: { $theme }
palette-language = Sprache: { $language }
palette-keys = Tasten und Hilfe
palette-key-palette = suchen oder etwas tun
palette-key-scan = zum Scanfeld
palette-key-log = Fall erfassen
palette-key-send = Formular senden
palette-key-close = schließen, was über der Seite liegt

## Anmelden, und eine verlassene Seite

signin-title = Anmelden
signin-name = Name
signin-password = Passwort
signin-reveal = Passwort zeigen
signin-bench = Arbeitsplatz
signin-bench-hint = Wo Sie jetzt arbeiten; wird auf diesem Gerät gemerkt
signin-no-bench = Kein Arbeitsplatz
signin-demo = Vorführung
signin-demo-how = Alle Patienten hier sind erfunden. Ein Druck meldet Sie an:
signin-first = Es gibt noch kein Konto. Legen Sie auf dem Server eines an:
signin-kept = Ihre Sitzung war beendet. Was Sie eingegeben haben, ist erhalten: Melden Sie sich als dieselbe Person an, dann wird es gesendet.
signin-until = Sie können es um { $time } wieder versuchen.
signin-back = Willkommen zurück
signin-send-why = Was Sie eingegeben hatten, ist noch da.
signin-send = Jetzt senden
lock-title = Gesperrt
lock-why = Diese Seite wurde eine Weile nicht benutzt. Alles, was { $name } eingegeben hat, ist noch da.
lock-go = Entsperren
lock-lost = Der Server antwortet nicht. Versuchen Sie es noch einmal.

## jemand war schneller

conflict-title = Was sich geändert hat, während Sie schrieben
conflict-lead = { $who } hat diesen Fall geändert: { $when }. Nichts von Ihrer Eingabe ist verloren.
conflict-who = { $who }: { $what }
conflict-caption = Die Werte, die sich unterscheiden
conflict-field = Was
conflict-before = Als Sie öffneten
conflict-now = Jetzt
conflict-typed = Ihre Eingabe
conflict-nothing = –
conflict-mine = Meine Eingabe trotzdem senden
conflict-theirs = Meine verwerfen, Fall anzeigen
conflict-kept = Das Formular unten enthält Ihre Eingabe noch, falls Sie sie lieber erst ändern.
conflict-afresh = Meine verwerfen, neu beginnen
conflict-closed = Dieser Schritt ist nicht mehr möglich, es gibt also nichts mehr zu senden. Ihre Eingabe steht noch in der Liste oben.
conflict-field-state = Zustand
conflict-field-location = Ort
conflict-field-volume = Volumen
conflict-field-attempts = Versuche
conflict-field-specimen-id = Probenteil
conflict-field-due-at = Termin
conflict-field-reason = Grund
conflict-field-hold = Zurückstellung
find-by = Nach Nummer oder Name
