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
optional = (freiwillig)
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
show = Anzeigen
live-lost = Nicht aktuell: Diese Seite kann veraltet sein. Laden Sie sie neu.

## Navigation

nav-patients = Meine Patienten
nav-sign = Zu unterschreiben
nav-scan = Scannen
nav-log = Fall erfassen
nav-worklists = Arbeitslisten
nav-verify = Zu bestätigen
nav-again = Neu zu entnehmen
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
length-days = { $days ->
    [one] { $days } Tag
   *[other] { $days } Tage
}

## was ein Formular noch braucht

needed-this = Dieses Feld wird gebraucht.
needed-patient-family-name = Der Familienname wird gebraucht.
needed-requester = Der Anforderer wird gebraucht.
needed-summary = Der Befund in einer Zeile wird gebraucht.
needed-diagnosis = Die Diagnose wird gebraucht.
needed-reason = Ein Grund wird gebraucht.
needed-told-who = Wer benachrichtigt wurde, wird gebraucht.
