//! Accounts, sessions and tokens. No default account, no default password; secrets are stored as hashes only.

use std::sync::Arc;

use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use chrono::Duration;
use rand::TryRng as _;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use super::notes::Note;
use super::{Lab, LabError};
use crate::domain::decide::hex;
use crate::domain::text::Check;
use crate::domain::{Actor, FieldError, Moment, Refusal, Role, UserId};
use crate::store::journal::{self, NewEntry};
use crate::store::tables::{login_failures, sessions, tokens, users};
use crate::store::{StoreError, Tx};
use crate::text_enum;

/// Shortest password, characters (`reference/reliability.md` §2.1).
pub const PASSWORD_MIN: usize = 12;
/// Longest password, characters.
pub const PASSWORD_MAX: usize = 128;
/// A session ends after this much idleness, minutes.
pub const IDLE_MIN: i64 = 15;
/// A session ends after this in any case, hours.
pub const SESSION_H: i64 = 12;
/// A given password counts for a signature this long, minutes.
pub const STEP_UP_MIN: i64 = 5;
/// Longest life of a token, days.
pub const TOKEN_DAYS_MAX: i64 = 365;
/// How many passwords are hashed at once: a shift's start must not stall the scanners.
const HASH_PERMITS: usize = 2;
/// How many may wait for that.
const HASH_QUEUE: usize = 64;

text_enum! {
    /// What a token may do, within what its owner's roles allow.
    pub enum Scope {
        /// Everything its owner may do.
        All = "all",
        /// Only look.
        Read = "read",
        /// Only exports and figures.
        Export = "export",
    }
}

/// The permits for hashing.
pub(super) struct Hashing {
    permits: Arc<Semaphore>,
    queue: Arc<Semaphore>,
}

impl Hashing {
    pub(super) fn new() -> Self {
        Self { permits: Arc::new(Semaphore::new(HASH_PERMITS)), queue: Arc::new(Semaphore::new(HASH_QUEUE)) }
    }
}

/// An account, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Account {
    /// Identity.
    pub id: UserId,
    /// Login name.
    pub name: String,
    /// Name as it prints.
    pub full_name: String,
    /// What the person may do.
    pub roles: Vec<Role>,
    /// Disabled since.
    pub disabled_at: Option<Moment>,
    /// Made when.
    pub created_at: Moment,
}

/// Somebody signed in through a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub actor: Actor,
    /// The session, hashed.
    pub id_hash: String,
    /// The token that every form of this session carries.
    pub csrf: String,
    /// When the password was last given.
    pub authenticated_at: Moment,
    /// The bench this person works at now.
    pub bench: Option<String>,
}

/// A session that may be over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lapsed {
    /// Whose it was.
    pub user: UserId,
    /// What its forms carried.
    pub csrf: String,
    /// At which bench.
    pub bench: Option<String>,
}

/// A program that showed a valid token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// On whose behalf.
    pub actor: Actor,
    /// What it may do.
    pub scope: Scope,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Name or password does not fit; the same words for both.
    #[error("name or password does not fit")]
    Wrong,
    /// Too many wrong tries; try again at this moment.
    #[error("too many wrong tries; try again in {seconds} seconds")]
    Wait {
        /// How long to wait.
        seconds: i64,
    },
    /// Anything else.
    #[error(transparent)]
    Lab(#[from] LabError),
}

impl From<StoreError> for SignInError {
    fn from(e: StoreError) -> Self {
        Self::Lab(e.into())
    }
}

/// A random secret of 256 bits, hexadecimal.
fn secret() -> Result<String, LabError> {
    let mut bytes = [0_u8; 32];
    rand::rngs::SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(|e| StoreError::Unavailable { why: format!("the system gives no random numbers: {e}") })?;
    Ok(hex(&bytes))
}

fn hash_secret(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// A password that a person can type once: 20 characters without look-alikes.
pub fn generate_password(rng: &mut impl rand::Rng) -> String {
    const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut out = String::new();
    while out.len() < 23 {
        if out.len() % 6 == 5 {
            out.push('-');
        }
        let at = (rng.next_u32() >> 8) as usize % ALPHABET.len();
        out.push(ALPHABET.get(at).copied().map_or('x', char::from));
    }
    out
}

/// Argon2id with the crate's default parameters, which are the floor of OWASP ASVS 5.0: 19 MiB, two passes, one lane.
fn hash_password(password: &str) -> Result<String, LabError> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|h| h.to_string())
        .map_err(|e| StoreError::Unavailable { why: format!("the password could not be hashed: {e}") }.into())
}

fn fits(password: &str, hash: &str) -> bool {
    Argon2::default().verify_password(password.as_bytes(), hash).is_ok()
}

/// The seconds that must pass after so many wrong tries. Never a hard lock: a locked-out hematologist is a risk to a
/// patient, and nobody may lock a signer out on purpose; open sessions stay open.
pub(super) const fn wait_s(failures: i64) -> i64 {
    match failures {
        ..=0 => 0,
        1..=2 => 1,
        3..=8 => 3,
        9..=24 => 5,
        25..=99 => 10,
        100.. => 300,
    }
}

pub(super) fn account(user: users::User) -> Account {
    Account {
        id: UserId(user.id),
        roles: user.roles.split(' ').filter_map(Role::parse).collect(),
        name: user.name,
        full_name: user.full_name,
        disabled_at: user.disabled_at,
        created_at: user.created_at,
    }
}

/// Whether a session is neither over nor idle, and its account not closed.
fn counts(session: &sessions::Session, user: &users::User, now: Moment) -> bool {
    let idle = now - session.seen_at > Duration::minutes(IDLE_MIN);
    user.disabled_at.is_none() && session.expires_at > now && !idle
}

fn actor(user: users::User) -> Actor {
    let a = account(user);
    Actor { id: a.id, name: a.name, full_name: a.full_name, roles: a.roles }
}

/// Whoever runs the program on the machine itself. Holds [`Role::Interface`] for imports, which create and decide
/// nothing about patients.
pub fn operator() -> Actor {
    Actor {
        name: "command-line".into(),
        full_name: "Command line".into(),
        roles: vec![Role::System, Role::Interface],
        ..Actor::system()
    }
}

pub(super) fn check_roles(roles: &[Role], check: &mut Check) {
    if roles.is_empty() {
        check.fail("/roles", "missing", "an account needs at least one role");
    }
    if roles.contains(&Role::System) {
        check.fail("/roles", "impossible", "nobody is the laboratory's own timer");
    }
    // Separation of duties (reliability.md §2.2): whoever runs the system does not also decide on patients.
    let clinical = [Role::Tech, Role::Supervisor, Role::Hematologist, Role::Pathologist];
    if roles.contains(&Role::Admin) && roles.iter().any(|r| clinical.contains(r)) {
        check.fail("/roles", "separation_of_duties", "an admin holds no clinical role; make a second account");
    }
    if roles.contains(&Role::Auditor) && roles.len() > 1 {
        check.fail("/roles", "separation_of_duties", "an auditor holds no other role");
    }
    if roles.contains(&Role::Interface) && roles.len() > 1 {
        check.fail("/roles", "separation_of_duties", "an interface holds no other role");
    }
}

fn check_password(password: &str, name: &str, check: &mut Check) {
    let length = password.chars().count();
    if !(PASSWORD_MIN..=PASSWORD_MAX).contains(&length) {
        check.fail(
            "/password",
            "out_of_range",
            format!("{PASSWORD_MIN} to {PASSWORD_MAX} characters; a sentence is fine"),
        );
    }
    let lower = password.to_lowercase();
    let few = {
        let mut seen: Vec<char> = lower.chars().collect();
        seen.sort_unstable();
        seen.dedup();
        seen.len() < 5
    };
    if few || lower.contains("trephine") || lower.contains("password") || (!name.is_empty() && lower.contains(name)) {
        check.fail(
            "/password",
            "too_easy",
            "it repeats itself or holds the product's, the word's or the person's name",
        );
    }
}

impl Lab {
    pub(super) fn note_account(
        &self,
        tx: &mut Tx<'_>,
        by: &Actor,
        command: Note,
        body: &serde_json::Value,
        request_id: &str,
    ) -> Result<(), StoreError> {
        self.note(tx, "accounts", by, command, None, body, request_id)
    }

    /// Appends to a journal stream that is not a case's.
    #[allow(clippy::too_many_arguments)] // one line of the journal has these fields
    pub(crate) fn note(
        &self,
        tx: &mut Tx<'_>,
        stream: &str,
        by: &Actor,
        command: Note,
        reason: Option<&str>,
        body: &serde_json::Value,
        request_id: &str,
    ) -> Result<(), StoreError> {
        let entry = NewEntry {
            stream: stream.to_owned(),
            recorded_at: self.recorded_at(),
            occurred_at: None,
            actor_id: by.id.0,
            actor: by.name.clone(),
            command: command.name().to_owned(),
            reason: reason.map(str::to_owned),
            request_id: request_id.to_owned(),
            body: body.to_string(),
        };
        journal::append(tx, None, entry).map(|_| ())
    }

    /// Runs a small write again when two met at the end of the same stream.
    pub(crate) fn write_account<T: Send + 'static>(
        &self,
        name: &'static str,
        work: impl Fn(&mut Tx<'_>) -> Result<T, LabError> + Send + Sync + 'static,
    ) -> Result<T, LabError> {
        let work = Arc::new(work);
        for round in 0.. {
            let job = Arc::clone(&work);
            match self.store().write_now(name, move |tx| job(tx)) {
                Err(LabError::Store(StoreError::Conflict { constraint }))
                    if round < 5 && constraint.contains("journal") => {}
                other => return other,
            }
        }
        Err(StoreError::Busy.into())
    }

    /// Adds an account. Blocks (hashing).
    ///
    /// # Errors
    /// Every field that does not fit; a taken name.
    pub fn add_user(
        &self,
        by: &Actor,
        name: &str,
        full_name: &str,
        roles: &[Role],
        password: &str,
        request_id: &str,
    ) -> Result<Account, LabError> {
        let mut check = Check::default();
        let name = check.line("/name", name).to_lowercase();
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)) || name.len() > 64 {
            check.fail("/name", "malformed", "a login name has up to 64 letters, digits, dots, - and _");
        }
        if matches!(name.as_str(), "system" | "command-line") {
            check.fail("/name", "impossible", "this name is the laboratory's own");
        }
        let full_name = check.line("/full_name", full_name);
        check_roles(roles, &mut check);
        check_password(password, &name, &mut check);
        check.done(()).map_err(LabError::Refused)?;
        let mut words: Vec<&str> = roles.iter().map(|r| r.name()).collect();
        words.sort_unstable();
        words.dedup();
        let user = users::User {
            id: self.next_id(),
            name: name.clone(),
            full_name,
            password_hash: hash_password(password)?,
            roles: words.join(" "),
            disabled_at: None,
            created_at: self.now(),
            version: 1,
        };
        let (lab, by, request_id) = (self.clone(), by.clone(), request_id.to_owned());
        let written = self.write_account("user.add", move |tx| {
            users::insert(tx, &user)?;
            let body = json!({ "format": 1, "user": user.id, "name": user.name, "roles": user.roles });
            lab.note_account(tx, &by, Note::UserAdd, &body, &request_id)?;
            Ok(user.clone())
        });
        match written {
            Ok(user) => Ok(account(user)),
            Err(LabError::Store(StoreError::Conflict { constraint })) if constraint.contains("name") => {
                Err(Refusal::Invalid(vec![FieldError::new(
                    "/name",
                    "taken",
                    format!("there is an account {name} already"),
                )])
                .into())
            }
            Err(e) => Err(e),
        }
    }

    /// All accounts.
    ///
    /// # Errors
    /// The store.
    pub fn users(&self) -> Result<Vec<Account>, LabError> {
        Ok(self.store().read_now(users::list)?.into_iter().map(account).collect())
    }

    /// The account with this name, as a person who acts; disabled ones are absent.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn user(&self, name: &str) -> Result<Actor, LabError> {
        let user = self.store().read_now(|conn| users::find_by_name(conn, &name.to_lowercase()))?;
        user.filter(|u| u.disabled_at.is_none())
            .map(actor)
            .ok_or_else(|| Refusal::NotFound(format!("There is no account {name}.")).into())
    }

    /// Disables an account at once: its sessions and tokens end with it.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn disable_user(&self, by: &Actor, name: &str, request_id: &str) -> Result<(), LabError> {
        let (lab, by, name, request_id) = (self.clone(), by.clone(), name.to_lowercase(), request_id.to_owned());
        self.write_account("user.disable", move |tx| {
            let Some(mut user) = users::find_by_name(tx, &name)? else {
                return Err(Refusal::NotFound(format!("There is no account {name}.")).into());
            };
            let seen = user.version;
            let now = lab.now();
            user.disabled_at = user.disabled_at.or(Some(now));
            user.version += 1;
            users::update(tx, seen, &user)?;
            sessions::delete_of_user(tx, user.id, None)?;
            tokens::revoke_of_user(tx, user.id, now)?;
            lab.note_account(tx, &by, Note::UserDisable, &json!({ "format": 1, "user": user.id }), &request_id)?;
            Ok(())
        })
    }

    /// Gives an account a new password and ends its sessions. Blocks (hashing).
    ///
    /// # Errors
    /// [`Refusal::NotFound`]; a password that is too easy.
    pub fn set_password(&self, by: &Actor, name: &str, password: &str, request_id: &str) -> Result<(), LabError> {
        let name = name.to_lowercase();
        let mut check = Check::default();
        check_password(password, &name, &mut check);
        check.done(()).map_err(LabError::Refused)?;
        let hash = hash_password(password)?;
        let (lab, by, request_id) = (self.clone(), by.clone(), request_id.to_owned());
        self.write_account("user.password", move |tx| {
            let Some(mut user) = users::find_by_name(tx, &name)? else {
                return Err(Refusal::NotFound(format!("There is no account {name}.")).into());
            };
            let seen = user.version;
            user.password_hash.clone_from(&hash);
            user.version += 1;
            users::update(tx, seen, &user)?;
            sessions::delete_of_user(tx, user.id, None)?;
            login_failures::clear(tx, &name)?;
            lab.note_account(tx, &by, Note::UserPassword, &json!({ "format": 1, "user": user.id }), &request_id)?;
            Ok(())
        })
    }

    /// Whether this is the person's password; hashing waits for a permit, off the worker threads.
    async fn password_fits(&self, password: String, hash: String) -> Result<bool, LabError> {
        let hashing = &self.0.hashing;
        let _place = Arc::clone(&hashing.queue).try_acquire_owned().map_err(|_| StoreError::Busy)?;
        let permit = Arc::clone(&hashing.permits).acquire_owned().await.map_err(|_| StoreError::Busy)?;
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            fits(&password, &hash)
        })
        .await
        .map_err(|_| StoreError::Busy.into())
    }

    /// Checks a name and a password under the soft lock.
    async fn authenticate(&self, name: &str, password: &str) -> Result<users::User, SignInError> {
        let name = name.trim().to_lowercase();
        if name.chars().count() > 64 || password.chars().count() > PASSWORD_MAX {
            return Err(SignInError::Wrong);
        }
        let now = self.now();
        let key = name.clone();
        let (user, failures) = self
            .store()
            .read(move |conn| {
                Ok::<_, StoreError>((users::find_by_name(conn, &key)?, login_failures::find(conn, &key)?))
            })
            .await?;
        if let Some(f) = &failures {
            let until = f.last_at + Duration::seconds(wait_s(f.count));
            if until > now {
                return Err(SignInError::Wait { seconds: (until - now).num_seconds().max(1) });
            }
        }
        // An unknown name costs the same time as a known one, so that nobody learns which names exist.
        let hash = user.as_ref().map_or_else(|| DUMMY_HASH.to_owned(), |u| u.password_hash.clone());
        let right = self.password_fits(password.to_owned(), hash).await?;
        let user = user.filter(|u| right && u.disabled_at.is_none());
        let lab = self.clone();
        let success = user.clone();
        self.store()
            .write("sign_in", move |tx| {
                let (command, by) = match &success {
                    Some(user) => {
                        login_failures::clear(tx, &name)?;
                        (Note::SessionPasswordGiven, actor(user.clone()))
                    }
                    None => {
                        login_failures::record(tx, &name, lab.now())?;
                        (Note::SessionRefused, Actor::system())
                    }
                };
                lab.note_account(tx, &by, command, &json!({ "format": 1, "name": name }), "sign-in")
            })
            .await?;
        user.ok_or(SignInError::Wrong)
    }

    /// Signs somebody in; returns the session's secret, for the cookie.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn sign_in(&self, name: &str, password: &str) -> Result<(String, Actor), SignInError> {
        let user = self.authenticate(name, password).await?;
        let (id, csrf, now) = (secret()?, secret()?, self.now());
        let row = sessions::Session {
            id_hash: hash_secret(&id),
            user_id: user.id,
            csrf,
            created_at: now,
            seen_at: now,
            expires_at: now + Duration::hours(SESSION_H),
            authenticated_at: now,
            bench: None,
        };
        self.store()
            .write("session.open", move |tx| {
                sessions::purge_expired(tx, now)?;
                sessions::insert(tx, &row)
            })
            .await?;
        Ok((id, actor(user)))
    }

    /// The person behind a session's secret, if it still counts.
    ///
    /// # Errors
    /// The store.
    pub async fn session(&self, secret: &str) -> Result<Option<SignedIn>, LabError> {
        let id_hash = hash_secret(secret);
        let key = id_hash.clone();
        let found = self
            .store()
            .read(move |conn| {
                let Some(s) = sessions::find(conn, &key)? else { return Ok::<_, StoreError>(None) };
                Ok(users::find(conn, s.user_id)?.map(|u| (s, u)))
            })
            .await?;
        let now = self.now();
        let Some((session, user)) = found else { return Ok(None) };
        if !counts(&session, &user, now) {
            return Ok(None);
        }
        if now - session.seen_at > Duration::minutes(1) {
            let key = id_hash.clone();
            self.store().write("session.touch", move |tx| sessions::touch(tx, &key, now)).await?;
        }
        Ok(Some(SignedIn {
            actor: actor(user),
            id_hash,
            csrf: session.csrf,
            authenticated_at: session.authenticated_at,
            bench: session.bench,
        }))
    }

    /// The session that a secret once opened, although it may be idle or over: only to find out whose unsent form this
    /// is. It lets nobody in. Absent once it is purged.
    ///
    /// # Errors
    /// The store.
    pub async fn lapsed(&self, secret: &str) -> Result<Option<Lapsed>, LabError> {
        let key = hash_secret(secret);
        let found = self.store().read(move |conn| sessions::find(conn, &key)).await?;
        Ok(found.map(|s| Lapsed { user: UserId(s.user_id), csrf: s.csrf, bench: s.bench }))
    }

    /// Whether there is any account yet.
    ///
    /// # Errors
    /// The store.
    pub async fn has_accounts(&self) -> Result<bool, LabError> {
        Ok(!self.store().read(users::list).await?.is_empty())
    }

    /// Whether a session still counts. Looking is no use of it: a page that only listens does not keep it alive.
    ///
    /// # Errors
    /// The store.
    pub async fn is_signed_in(&self, signed_in: &SignedIn) -> Result<bool, LabError> {
        let (key, now) = (signed_in.id_hash.clone(), self.now());
        let found = self
            .store()
            .read(move |conn| {
                let Some(s) = sessions::find(conn, &key)? else { return Ok::<_, StoreError>(None) };
                Ok(users::find(conn, s.user_id)?.map(|u| (s, u)))
            })
            .await?;
        Ok(found.is_some_and(|(session, user)| counts(&session, &user, now)))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The store.
    pub async fn sign_out(&self, signed_in: &SignedIn) -> Result<(), LabError> {
        let key = signed_in.id_hash.clone();
        self.store()
            .write("session.close", move |tx| sessions::delete(tx, &key).map(|_| ()))
            .await
            .map_err(LabError::from)
    }

    /// Remembers at which bench this person works now.
    ///
    /// # Errors
    /// The store.
    pub async fn set_bench(&self, signed_in: &SignedIn, bench: Option<String>) -> Result<(), LabError> {
        let key = signed_in.id_hash.clone();
        self.store()
            .write("session.bench", move |tx| sessions::set_bench(tx, &key, bench.as_deref()).map(|_| ()))
            .await
            .map_err(LabError::from)
    }

    /// Whether this is that person's password, given again for a signature. Wrong tries count like any other.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn give_password_again(&self, actor: &Actor, password: &str) -> Result<(), SignInError> {
        self.authenticate(&actor.name, password).await.map(|_| ())
    }

    /// Issues a token for an account; the secret is returned once and kept nowhere.
    ///
    /// # Errors
    /// An unknown account; a life outside 1 to [`TOKEN_DAYS_MAX`] days.
    pub fn issue_token(
        &self,
        by: &Actor,
        user: &str,
        label: &str,
        scope: Scope,
        days: i64,
        request_id: &str,
    ) -> Result<String, LabError> {
        if !(1..=TOKEN_DAYS_MAX).contains(&days) {
            let why = format!("a token lives 1 to {TOKEN_DAYS_MAX} days");
            return Err(Refusal::field("/expires", "out_of_range", why).into());
        }
        let owner = self.user(user)?;
        let secret = format!("trp_{}", secret()?);
        let now = self.now();
        let row = tokens::Token {
            id: self.next_id(),
            hash: hash_secret(&secret),
            user_id: owner.id.0,
            name: label.to_owned(),
            scope: scope.name().to_owned(),
            created_at: now,
            expires_at: now + Duration::days(days),
            revoked_at: None,
            last_used_at: None,
        };
        let (lab, by, request_id) = (self.clone(), by.clone(), request_id.to_owned());
        self.write_account("token.issue", move |tx| {
            tokens::insert(tx, &row)?;
            let body = json!({ "format": 1, "token": row.id, "user": row.user_id, "scope": row.scope });
            lab.note_account(tx, &by, Note::TokenIssue, &body, &request_id).map_err(LabError::from)
        })?;
        Ok(secret)
    }

    /// All tokens, without their secrets, with the name of their owner.
    ///
    /// # Errors
    /// The store.
    pub fn tokens(&self) -> Result<Vec<(tokens::Token, String)>, LabError> {
        let names: std::collections::HashMap<_, _> = self.users()?.into_iter().map(|a| (a.id.0, a.name)).collect();
        let all = self.store().read_now(|conn| tokens::list(conn, None))?;
        Ok(all.into_iter().map(|t| (t.clone(), names.get(&t.user_id).cloned().unwrap_or_default())).collect())
    }

    /// Revokes a token at once.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn revoke_token(&self, by: &Actor, id: uuid::Uuid, request_id: &str) -> Result<(), LabError> {
        let (lab, by, request_id) = (self.clone(), by.clone(), request_id.to_owned());
        self.write_account("token.revoke", move |tx| {
            if tokens::find(tx, id)?.is_none() {
                return Err(Refusal::NotFound(format!("There is no token {id}.")).into());
            }
            tokens::revoke(tx, id, lab.now())?;
            lab.note_account(tx, &by, Note::TokenRevoke, &json!({ "format": 1, "token": id }), &request_id)?;
            Ok(())
        })
    }

    /// The program behind a token, if it still counts.
    ///
    /// # Errors
    /// The store.
    pub async fn bearer(&self, secret: &str) -> Result<Option<Bearer>, LabError> {
        if !secret.starts_with("trp_") {
            return Ok(None);
        }
        let hash = hash_secret(secret);
        let found = self
            .store()
            .read(move |conn| {
                let Some(t) = tokens::find_by_hash(conn, &hash)? else { return Ok::<_, StoreError>(None) };
                Ok(users::find(conn, t.user_id)?.map(|u| (t, u)))
            })
            .await?;
        let now = self.now();
        let Some((token, user)) = found else { return Ok(None) };
        let Some(scope) = Scope::parse(&token.scope) else { return Ok(None) };
        if token.revoked_at.is_some() || token.expires_at <= now || user.disabled_at.is_some() {
            return Ok(None);
        }
        // Once an hour is enough to see which tokens are dead.
        if token.last_used_at.is_none_or(|at| now - at > Duration::hours(1)) {
            let id = token.id;
            self.store().write("token.touch", move |tx| tokens::touch(tx, id, now)).await?;
        }
        Ok(Some(Bearer { actor: actor(user), scope }))
    }
}

/// A hash that no password fits; verifying against it takes as long as against a real one.
const DUMMY_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[cfg(test)]
mod tests {
    use super::*;

    /// Check 1 of reliability.md §6.3.
    #[test]
    fn passwords_are_hashed_with_at_least_the_floor() {
        let hash = hash_password("correct horse battery").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(fits("correct horse battery", &hash));
        assert!(!fits("correct horse batterz", &hash));
        assert!(!fits("anything at all", DUMMY_HASH));
    }

    #[test]
    fn roles_that_must_not_meet_are_refused() {
        let refused = |roles: &[Role]| {
            let mut check = Check::default();
            check_roles(roles, &mut check);
            !check.errors.is_empty()
        };
        assert!(refused(&[]));
        assert!(refused(&[Role::System]));
        assert!(refused(&[Role::Admin, Role::Pathologist]));
        assert!(refused(&[Role::Auditor, Role::Tech]));
        assert!(!refused(&[Role::Tech, Role::Supervisor]));
        assert!(!refused(&[Role::Supervisor, Role::Pathologist]));
    }
}
