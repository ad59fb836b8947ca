//! Accounts as an admin looks after them: who there is, roles, locks, passwords, open sessions. Every change is a line
//! of the journal's stream `accounts`, as on the command line; here the last admin and the own account are guarded too.

use std::collections::HashMap;

use chrono::Duration;
use serde_json::{Value, json};

use super::accounts::{Account, account, check_roles, generate_password, wait_s};
use super::notes::Note;
use super::{Lab, LabError};
use crate::domain::text::Check;
use crate::domain::{Actor, Moment, Refusal, Role};
use crate::store::tables::{login_failures, sessions, tokens, users};
use crate::store::{StoreError, Tx, journal};

/// An account and what it is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonLine {
    /// The account.
    pub account: Account,
    /// How often it changed: what a form about it was seen with.
    pub version: i64,
    /// When the person was last here; absent if never, or not since accounts are journaled.
    pub last_seen: Option<Moment>,
    /// Open sessions.
    pub sessions: usize,
    /// Wrong passwords since the last right one.
    pub failures: i64,
    /// Until when the next try must wait, if that is still to come.
    pub waits_until: Option<Moment>,
}

fn may_manage(by: &Actor) -> Result<(), LabError> {
    if by.is(Role::Admin) {
        Ok(())
    } else {
        Err(Refusal::Forbidden("Looking after accounts takes the role admin.".into()).into())
    }
}

fn is_admin(user: &users::User) -> bool {
    user.disabled_at.is_none() && user.roles.split(' ').any(|r| r == Role::Admin.name())
}

fn absent(name: &str) -> LabError {
    Refusal::NotFound(format!("There is no account {name}.")).into()
}

fn guard(rule: &'static str, title: &str, detail: &str) -> LabError {
    Refusal::Guard { title: title.into(), rule, detail: detail.into(), state: "active", allowed: Vec::new() }.into()
}

/// What is changed about an account.
type Change = dyn Fn(&mut users::User, Moment) -> Value + Send + Sync;

impl Lab {
    /// Everybody with an account, by name.
    ///
    /// # Errors
    /// Other roles than admin.
    pub async fn people(&self, by: &Actor) -> Result<Vec<PersonLine>, LabError> {
        may_manage(by)?;
        let now = self.now();
        let lines = self
            .store()
            .read(move |conn| {
                let mut last: HashMap<_, _> =
                    journal::last_by_actor(conn, "accounts", Note::SessionPasswordGiven.name())?.into_iter().collect();
                let mut open: HashMap<_, usize> = HashMap::new();
                for s in sessions::list(conn, None)? {
                    let seen = last.entry(s.user_id).or_insert(s.seen_at);
                    *seen = s.seen_at.max(*seen);
                    let idle = now - s.seen_at > Duration::minutes(super::accounts::IDLE_MIN);
                    *open.entry(s.user_id).or_default() += usize::from(s.expires_at > now && !idle);
                }
                let mut lines = Vec::new();
                for user in users::list(conn)? {
                    let wrong = login_failures::find(conn, &user.name)?;
                    let waits_until = wrong.as_ref().map(|f| f.last_at + Duration::seconds(wait_s(f.count)));
                    lines.push(PersonLine {
                        version: user.version,
                        last_seen: last.get(&user.id).copied(),
                        sessions: open.get(&user.id).copied().unwrap_or_default(),
                        failures: wrong.map_or(0, |f| f.count),
                        waits_until: waits_until.filter(|at| *at > now),
                        account: account(user),
                    });
                }
                Ok::<_, StoreError>(lines)
            })
            .await?;
        Ok(lines)
    }

    /// One of them.
    ///
    /// # Errors
    /// [`Refusal::NotFound`]; other roles than admin.
    pub async fn person(&self, by: &Actor, name: &str) -> Result<PersonLine, LabError> {
        self.people(by).await?.into_iter().find(|p| p.account.name == name).ok_or_else(|| absent(name))
    }

    /// Adds an account with a password that is returned once and kept nowhere. Blocks (hashing).
    ///
    /// # Errors
    /// Every field that does not fit; a taken name; other roles than admin.
    pub fn hire(
        &self,
        by: &Actor,
        name: &str,
        full_name: &str,
        roles: &[Role],
        request_id: &str,
    ) -> Result<String, LabError> {
        may_manage(by)?;
        let password = generate_password(&mut rand::rng());
        self.add_user(by, name, full_name, roles, &password, request_id)?;
        Ok(password)
    }

    /// Gives an account a new password, which is returned once, and ends its sessions. Blocks (hashing).
    ///
    /// # Errors
    /// [`Refusal::NotFound`]; other roles than admin.
    pub fn renew_password(&self, by: &Actor, name: &str, request_id: &str) -> Result<String, LabError> {
        may_manage(by)?;
        let password = generate_password(&mut rand::rng());
        self.set_password(by, name, &password, request_id)?;
        Ok(password)
    }

    /// Gives an account other roles; they hold from its next request on. Blocks.
    ///
    /// # Errors
    /// Roles that must not meet; the own account; the last admin; a version that is not the newest.
    pub fn set_roles(
        &self,
        by: &Actor,
        name: &str,
        roles: &[Role],
        seen: i64,
        request_id: &str,
    ) -> Result<(), LabError> {
        let mut check = Check::default();
        check_roles(roles, &mut check);
        check.done(()).map_err(LabError::Refused)?;
        let mut words: Vec<&'static str> = roles.iter().map(|r| r.name()).collect();
        words.sort_unstable();
        words.dedup();
        let words = words.join(" ");
        self.change_account(by, name, Some(seen), Note::UserRoles, request_id, move |user, _| {
            let before = std::mem::replace(&mut user.roles, words.clone());
            json!({ "before": before, "after": user.roles })
        })
    }

    /// Closes an account at once, with its sessions and tokens. Blocks.
    ///
    /// # Errors
    /// The own account; the last admin; [`Refusal::NotFound`].
    pub fn lock_account(&self, by: &Actor, name: &str, request_id: &str) -> Result<(), LabError> {
        self.change_account(by, name, None, Note::UserDisable, request_id, |user, now| {
            user.disabled_at = user.disabled_at.or(Some(now));
            json!({})
        })
    }

    /// Opens a closed account again; its old sessions and tokens stay ended. Blocks.
    ///
    /// # Errors
    /// [`Refusal::NotFound`]; other roles than admin.
    pub fn unlock_account(&self, by: &Actor, name: &str, request_id: &str) -> Result<(), LabError> {
        self.change_account(by, name, None, Note::UserEnable, request_id, |user, _| {
            user.disabled_at = None;
            json!({})
        })
    }

    /// Ends every session of an account, wherever it is signed in. Blocks.
    ///
    /// # Errors
    /// [`Refusal::NotFound`]; other roles than admin.
    pub fn sign_out_everywhere(&self, by: &Actor, name: &str, request_id: &str) -> Result<(), LabError> {
        may_manage(by)?;
        let (lab, by, name, request_id) = (self.clone(), by.clone(), name.to_owned(), request_id.to_owned());
        self.write_account("user.sign_out", move |tx| {
            let user = users::find_by_name(tx, &name)?.ok_or_else(|| absent(&name))?;
            let ended = sessions::delete_of_user(tx, user.id, None)?;
            let body = json!({ "format": 1, "user": user.id, "sessions": ended });
            lab.note_account(tx, &by, Note::UserSignOut, &body, &request_id)?;
            Ok(())
        })
    }

    /// One change to one account, guarded and journaled.
    fn change_account(
        &self,
        by: &Actor,
        name: &str,
        seen: Option<i64>,
        command: Note,
        request_id: &str,
        change: impl Fn(&mut users::User, Moment) -> Value + Send + Sync + 'static,
    ) -> Result<(), LabError> {
        may_manage(by)?;
        let change: Box<Change> = Box::new(change);
        let (lab, by, name, request_id) = (self.clone(), by.clone(), name.to_owned(), request_id.to_owned());
        self.write_account(command.name(), move |tx| {
            let all = users::list(tx)?;
            let before = all.iter().find(|u| u.name == name).ok_or_else(|| absent(&name))?;
            if seen.is_some_and(|seen| seen != before.version) {
                return Err(guard(
                    "changed_meanwhile",
                    "This account was changed meanwhile",
                    "The page now shows how it is. Look again, then decide.",
                ));
            }
            let now = lab.now();
            let mut after = before.clone();
            let details = change(&mut after, now);
            // Whoever locks out themselves cannot undo it.
            if is_admin(before) && !is_admin(&after) {
                if !all.iter().any(|u| u.id != before.id && is_admin(u)) {
                    return Err(guard(
                        "last_admin",
                        "This is the last admin",
                        "Give somebody else the role admin first: without one nobody could look after accounts.",
                    ));
                }
                if before.id == by.id.0 {
                    return Err(guard(
                        "own_account",
                        "This is your own account",
                        "Ask another admin: nobody takes the role admin from themselves or closes their own account.",
                    ));
                }
            }
            after.version += 1;
            write(tx, before, &after, now)?;
            let mut body = json!({ "format": 1, "user": after.id });
            if let (Value::Object(body), Value::Object(details)) = (&mut body, details) {
                body.extend(details);
            }
            lab.note_account(tx, &by, command, &body, &request_id)?;
            Ok(())
        })
    }
}

fn write(tx: &mut Tx<'_>, before: &users::User, after: &users::User, now: Moment) -> Result<(), LabError> {
    if !users::update(tx, before.version, after)? {
        return Err(StoreError::Busy.into());
    }
    if after.disabled_at.is_some() {
        sessions::delete_of_user(tx, after.id, None)?;
        tokens::revoke_of_user(tx, after.id, now)?;
    }
    Ok(())
}
