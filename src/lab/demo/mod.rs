//! The demonstration laboratory: three months of a laboratory's life, told as commands through the one door.
//!
//! A case is a *story* ([`story`]): a list of things that people do at certain moments, told before anything is written.
//! [`ordinary`] tells the usual course of each indication, [`past`] everything that can go differently, [`present`] what a
//! visitor must find whatever the day and hour. [`perform`] then carries all of them out in the order of time, under a
//! clock that is set to each moment, with the laboratory's own timers running in between. Nothing is written past the
//! door, so what the demonstration shows is what the rules allow.

mod bench;
mod calendar;
mod diagnoses;
mod dice;
mod findings;
mod ordinary;
mod past;
mod people;
mod perform;
mod present;
mod reading;
mod story;
mod tale;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;

use super::{Lab, LabError, ManualClock, accounts};
use crate::domain::{Actor, Moment, Role};
use calendar::Calendar;
use dice::Dice;
use past::Cast;
use perform::Performed;
use story::Story;
use tale::Book;

/// How many cases a demonstration has unless somebody asks for another number.
pub const CASES: usize = 320;

/// How few cases it can have: each scene of what goes on now is one.
pub const CASES_MIN: usize = present::COUNT;

/// How far back the demonstration goes, days.
const DAYS: i64 = 90;

/// A sign-in of the demonstration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What this person may do.
    pub role: Role,
    /// Login name.
    pub name: String,
    /// Name as it prints.
    pub full_name: String,
    /// Password.
    pub password: String,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seeded {
    /// The sign-ins: first one for each role, to be printed, then the rest of the staff.
    pub accounts: Vec<Account>,
    /// How many cases were logged.
    pub cases: usize,
    /// How many commands were carried out.
    pub commands: usize,
}

/// When the demonstration begins: to where the clock must be set before the laboratory is opened, so that its catalogue
/// is older than its cases.
pub fn begins_at(now: Moment) -> Moment {
    now - TimeDelta::days(DAYS + 7)
}

/// Fills an empty laboratory, whose clock is this one, with that many cases that lead up to `now`, and no fewer
/// than [`CASES_MIN`]. The same seed and the same `now` make the same cases. Blocks.
///
/// # Errors
/// The store; a laboratory that is not empty. A step that a rule refuses ends its story and is logged as a warning.
pub fn seed(lab: &Lab, clock: &Arc<ManualClock>, seed: u64, now: Moment, cases: usize) -> Result<Seeded, LabError> {
    let (accounts, performed) = fill(lab, clock, seed, now, cases)?;
    Ok(Seeded { accounts, cases: performed.cases, commands: performed.commands })
}

fn fill(
    lab: &Lab,
    clock: &Arc<ManualClock>,
    seed: u64,
    now: Moment,
    cases: usize,
) -> Result<(Vec<Account>, Performed), LabError> {
    clock.set(begins_at(now) + TimeDelta::minutes(1));
    lab.forget_recorded_at();
    let (accounts, actors) = hire(lab, seed)?;
    let catalogue = lab.catalogue();
    let book = Book { catalogue: &catalogue, calendar: Calendar::new(catalogue.laboratory.clone(), now) };
    let stories = tell(&book, seed, cases);
    let performed = perform::perform(lab, clock, actors.clone(), stories, now)?;
    reading::read(lab, &actors, now)?;
    Ok((accounts, performed))
}

/// Everybody gets an account and a password.
fn hire(lab: &Lab, seed: u64) -> Result<(Vec<Account>, BTreeMap<&'static str, Actor>), LabError> {
    let mut dice = Dice::new(seed, usize::MAX);
    let mut accounts = Vec::new();
    let mut actors = BTreeMap::new();
    for staff in people::STAFF {
        let password = accounts::generate_password(dice.rng());
        lab.add_user(&accounts::operator(), staff.name, staff.full_name, &[staff.role], &password, "demo")?;
        actors.insert(staff.name, lab.user(staff.name)?);
        accounts.push(Account {
            role: staff.role,
            name: staff.name.to_owned(),
            full_name: staff.full_name.to_owned(),
            password,
        });
    }
    Ok((accounts, actors))
}

/// All stories: what goes on now, patients who come again, what went differently, and for the rest the ordinary.
fn tell(book: &Book<'_>, seed: u64, cases: usize) -> Vec<Story> {
    let mut cast = Cast { book, seed, patients: people::Patients::default(), told: 0, position: None };
    let mut stories = present::scenes(&mut cast);
    let left = cases.saturating_sub(stories.len());
    // A third of what is left for each of the two, so that a small laboratory has something of everything.
    stories.extend(past::series(&mut cast, left / 3));
    stories.extend(past::pieces(&mut cast, left / 3));
    let left = cases.saturating_sub(stories.len());
    for n in 0..left {
        stories.push(one_ordinary(&mut cast, n, left));
    }
    stories
}

/// The `n`th of so many ordinary cases, which are spread evenly over the days.
fn one_ordinary(cast: &mut Cast<'_>, n: usize, of: usize) -> Story {
    let book = cast.book;
    let calendar = &book.calendar;
    let mut dice = Dice::new(cast.seed, cast.told + 1_000_000);
    let indication = ordinary::indication(n);
    let rows = diagnoses::all_of(indication);
    let dx = dice.pick(&rows);
    let days = calendar.working_days_of_the_last(88);
    let day = days.get(n * days.len() / of.max(1)).copied().unwrap_or_else(|| calendar.date(calendar.now));
    // Leukemia does not wait for Monday; everything else is planned on working days.
    let weekend = matches!(indication, "AML-NEW" | "APL-SUSPECT" | "ALL-NEW") && dice.chance(25);
    let day = if weekend { day - chrono::Days::new(dice.between(1, 2).unsigned_abs()) } else { day };
    // What needs living plasma cells or RNA is not taken on a Friday afternoon.
    let early = calendar.working_days_after(day, 1) != day.succ_opt().unwrap_or(day);
    let collected = ordinary::puncture_time(book, day, &mut dice, early);
    ordinary::ordinary(cast.tale("ordinary", dx, collected))
}

#[cfg(test)]
mod tests;
