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
show = Apply
live-lost = Not live: this page may be old. Reload it.

## navigation

nav-patients = My patients
nav-sign = To sign
nav-scan = Scan
nav-log = Log a case
nav-worklists = Worklists
nav-verify = To verify
nav-again = To take again
nav-labels = Labels
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
length-figure = { $hours } h
length-days = { $days ->
    [one] { $days } day
   *[other] { $days } days
}

## what a form still needs

needed-this = This field is needed.
needed-patient-family-name = The family name is needed.
needed-patient-mrn = The record number is needed.
needed-requester = The requester is needed.
needed-summary = The finding in one line is needed.
needed-diagnosis = The diagnosis is needed.
needed-reason = A reason is needed.
needed-told-who = Who was told is needed.

## saved views

view-title = Saved views
view-save = Save this view
view-keep = Save
view-name = Name
view-list = List
view-forget = Delete
view-caption = Your saved views, by name
view-none = You have saved no view yet. Open a list, filter it, and choose “Save this view”.
view-export = Export this list
list-sort = Order

## the bar

nav-menu = Menu
nav-menu-more = More
nav-bench = My bench

## search

find-what = Label, case number, record number, or the beginning of a name
find-hint = A label leads to its specimen. Spaces in a record number do not matter.
find-go = Find
find-nothing = Nothing that you may see fits “{ $q }”. Check the number, or try the family name.
find-count = { $count ->
    [one] One case found
   *[other] { $count } cases found
}
find-case = Case

## palette and keys

palette-title = Find or do something
palette-last = Opened last
palette-do = Do
palette-close = Close
palette-hint = ↑ and ↓ choose, Enter opens, Esc goes back to where you were.
palette-theme = Theme: { $theme }
palette-language = Language: { $language }
palette-keys = Keys and help
palette-key-palette = find or do something
palette-key-scan = to the scan field
palette-key-log = log a case
palette-key-send = send the form
palette-key-close = close what lies over the page

## signing in, and a page that was left alone

signin-title = Sign in
signin-name = Name
signin-password = Password
signin-reveal = Show the password
signin-bench = Bench
signin-bench-hint = Where you work now; remembered on this device
signin-no-bench = No bench
signin-demo = Demonstration
signin-demo-how = Every patient here is invented. One press signs you in:
signin-first = There is no account yet. Make one on the server:
signin-kept = Your session had ended. What you typed is kept: sign in as the same person, and it is sent.
signin-until = You can try again at { $time }.
signin-back = Welcome back
signin-send-why = What you had typed is still here.
signin-send = Send it now
lock-title = Locked
lock-why = Nobody used this page for a while. Everything that { $name } typed is still here.
lock-go = Unlock
lock-lost = The server does not answer. Try again.

## somebody was faster

conflict-title = What changed while you were typing
conflict-lead = { $who } changed this case: { $when }. Nothing that you typed is lost.
conflict-who = { $who }: { $what }
conflict-caption = The values that differ
conflict-field = What
conflict-before = When you opened it
conflict-now = Now
conflict-typed = What you typed
conflict-nothing = –
conflict-mine = Send mine on top
conflict-theirs = Leave mine, show the case
conflict-kept = The form below still holds what you typed, if you would rather change it first.
conflict-afresh = Leave mine, begin afresh
conflict-closed = This step is no longer open, so there is nothing to send. What you typed is in the list above.
conflict-field-state = state
conflict-field-location = place
conflict-field-volume = volume
conflict-field-attempts = attempts
conflict-field-specimen-id = part
conflict-field-due-at = due
conflict-field-reason = reason
conflict-field-hold = hold
find-by = By number or name
