# The frame of every page, and words that every room uses.

skip = Skip to the content
main-navigation = Main
error = Error
error-title = Error: { $title }
urgent = Urgent
late = Late
not-known = Not known
patient = Patient
born = Born
sex = Sex
mrn = MRN
years = { $years } y
optional = (optional)
signed-in-as = Signed in as { $name } ({ $roles })
sign-out = Sign out
first-page = Go to my first page
quote-request = When you ask for help, quote { $id }.
find-label = Find a patient or case
find-placeholder = MRN, name or number
it-is-now = It is now: { $state }.
what-instead = What can be done instead: { $steps }.
try-again-in = Try again in { $seconds } s.
language = Language
theme = Theme
theme-system = As the system
theme-light = Light
theme-dark = Dark
show = Show
live-lost = Not live: this page may be old. Reload it.

## navigation

nav-patients = My patients
nav-sign = To sign
nav-scan = Scan
nav-log = Log a case
nav-worklists = Worklists
nav-verify = To verify
nav-again = To take again
nav-storage = Storage
nav-cases = Cases
nav-exports = Exports
nav-turnaround = Turnaround
nav-users = People
nav-catalogue = Catalogue
nav-journal = Journal
nav-system = System

## dates and lengths of time

date-weekday = { $weekday } { $day } { $month }
date-weekday-year = { $weekday } { $day } { $month } { $year }
date-day = { $day } { $month } { $year }
date-time = { $date } { $time }
length-minutes = { $minutes } m
length-hours = { $hours } h { $minutes } m
length-days = { $days ->
    [one] { $days } day
   *[other] { $days } days
}

## what a form still needs

needed-this = This field is needed.
needed-patient-family-name = The family name is needed.
needed-requester = The requester is needed.
needed-summary = The finding in one line is needed.
needed-diagnosis = The diagnosis is needed.
needed-reason = A reason is needed.
needed-told-who = Who was told is needed.
