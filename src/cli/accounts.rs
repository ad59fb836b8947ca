//! `trephine user`, `token`, `catalogue`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use super::Failure;
use super::config::Settings;
use super::output::{line, print, print_json};
use crate::domain::Role;
use crate::lab::accounts::{Scope, generate_password, operator};
use crate::lab::catalogue::check;
use crate::lab::{LabError, catalogue as shipped};

const REQUEST: &str = "cli";

/// Accounts. There is no default account.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add an account; a password not given is generated and printed once
    Add {
        /// Login name
        name: String,
        /// tech, supervisor, hematologist, pathologist, admin, auditor, interface; repeat for several
        #[arg(long, required = true)]
        role: Vec<Role>,
        /// Name as it prints on reports
        #[arg(long)]
        full_name: String,
        /// Read the password from the first line of this file
        #[arg(long)]
        password_file: Option<PathBuf>,
    },
    /// List accounts
    List,
    /// Disable an account at once, with its sessions and tokens
    Disable {
        /// Login name
        name: String,
    },
    /// Give a new password; not given, it is generated and printed once
    Password {
        /// Login name
        name: String,
        /// Read the password from the first line of this file
        #[arg(long)]
        password_file: Option<PathBuf>,
    },
}

fn password(file: Option<PathBuf>) -> Result<(String, bool), Failure> {
    match file {
        Some(path) => {
            let text =
                std::fs::read_to_string(&path).map_err(|e| Failure::Usage(format!("{}: {e}", path.display())))?;
            Ok((text.lines().next().unwrap_or_default().to_owned(), false))
        }
        None => Ok((generate_password(&mut rand::rng()), true)),
    }
}

/// Runs `user`.
pub fn user(command: UserCommand, settings: &Settings) -> Result<ExitCode, Failure> {
    // The first account makes the database; a mistyped path must not make an empty one for anything else.
    let lab = if matches!(command, UserCommand::Add { .. }) { settings.lab()? } else { settings.existing_lab()? };
    match command {
        UserCommand::Add { name, role, full_name, password_file } => {
            let (secret, generated) = password(password_file)?;
            let account = lab.add_user(&operator(), &name, &full_name, &role, &secret, REQUEST)?;
            eprintln!("trephine: account {} added", account.name);
            if settings.json {
                return print_json(&json!({ "account": account, "password": generated.then_some(secret) }));
            }
            if generated { print(&secret) } else { Ok(ExitCode::SUCCESS) }
        }
        UserCommand::List => {
            let all = lab.users()?;
            if settings.json {
                return print_json(&all);
            }
            let lines: Vec<String> = all
                .iter()
                .map(|a| {
                    let roles: Vec<&str> = a.roles.iter().map(|r| r.name()).collect();
                    let state = if a.disabled_at.is_some() { "disabled" } else { "active" };
                    format!("{}\t{}\t{}\t{state}", a.name, roles.join(","), a.full_name)
                })
                .collect();
            print(&lines.join("\n"))
        }
        UserCommand::Disable { name } => {
            lab.disable_user(&operator(), &name, REQUEST)?;
            eprintln!("trephine: account {name} disabled; its sessions and tokens have ended");
            Ok(ExitCode::SUCCESS)
        }
        UserCommand::Password { name, password_file } => {
            let (secret, generated) = password(password_file)?;
            lab.set_password(&operator(), &name, &secret, REQUEST)?;
            eprintln!("trephine: password of {name} changed; its sessions have ended");
            if generated { print(&secret) } else { Ok(ExitCode::SUCCESS) }
        }
    }
}

/// API tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Issue a token; printed once, alone on stdout
    Issue {
        /// On whose behalf
        #[arg(long)]
        user: String,
        /// all, read, export
        #[arg(long, default_value = "all")]
        scope: Scope,
        /// How long it counts, in days: 90d
        #[arg(long, default_value = "90d")]
        expires: String,
        /// What it is for
        #[arg(long, default_value = "command line")]
        name: String,
    },
    /// List tokens, without their secrets
    List,
    /// Revoke a token at once
    Revoke {
        /// Its id, from the list
        id: uuid::Uuid,
    },
}

/// Runs `token`.
pub fn token(command: TokenCommand, settings: &Settings) -> Result<ExitCode, Failure> {
    let lab = settings.existing_lab()?;
    match command {
        TokenCommand::Issue { user, scope, expires, name } => {
            let days = expires
                .strip_suffix('d')
                .and_then(|n| n.parse().ok())
                .ok_or_else(|| Failure::Usage(format!("--expires: {expires} does not fit; write days, as in 90d")))?;
            let secret = lab.issue_token(&operator(), &user, &name, scope, days, REQUEST)?;
            if settings.json { print_json(&json!({ "token": secret })) } else { print(&secret) }
        }
        TokenCommand::List => {
            let all = lab.tokens()?;
            let now = lab.now();
            let state = |t: &crate::store::tables::tokens::Token| match t.revoked_at {
                Some(_) => "revoked",
                None if t.expires_at <= now => "expired",
                None => "active",
            };
            if settings.json {
                let items: Vec<_> = all
                    .iter()
                    .map(|(t, owner)| json!({ "id": t.id, "user": owner, "name": t.name, "scope": t.scope, "created_at": t.created_at, "expires_at": t.expires_at, "last_used_at": t.last_used_at, "state": state(t) }))
                    .collect();
                return print_json(&items);
            }
            let lines: Vec<String> = all
                .iter()
                .map(|(t, owner)| {
                    format!("{}\t{owner}\t{}\t{}\t{}\t{}", t.id, t.scope, t.expires_at.date_naive(), state(t), t.name)
                })
                .collect();
            print(&lines.join("\n"))
        }
        TokenCommand::Revoke { id } => {
            lab.revoke_token(&operator(), id, REQUEST)?;
            eprintln!("trephine: token {id} revoked");
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The laboratory's catalogue (TOML).
#[derive(Debug, Subcommand)]
pub enum CatalogueCommand {
    /// Check a file and change nothing
    Check {
        /// The file
        file: PathBuf,
    },
    /// Check a file and put it in force as a new version
    Load {
        /// The file
        file: PathBuf,
    },
    /// Print the catalogue in force (or, without a database, the one that ships)
    Show,
}

fn findings(settings: &Settings, file: &std::path::Path, e: LabError) -> Failure {
    let LabError::Catalogue(findings) = e else { return e.into() };
    if settings.json {
        drop(print_json(&findings));
    } else {
        for finding in &findings {
            line(&format!("{finding}"));
        }
    }
    Failure::Failed(format!("{}: {} findings; nothing was loaded", file.display(), findings.len()))
}

/// Runs `catalogue`.
pub fn catalogue(command: CatalogueCommand, settings: &Settings) -> Result<ExitCode, Failure> {
    let read = |file: &PathBuf| {
        std::fs::read_to_string(file).map_err(|e| Failure::NotFound(format!("{}: {e}", file.display())))
    };
    match command {
        CatalogueCommand::Check { file } => {
            let catalogue = check(&read(&file)?).map_err(|e| findings(settings, &file, e))?;
            eprintln!(
                "trephine: {} fits: {} assays, {} indications",
                file.display(),
                catalogue.assays.len(),
                catalogue.indications.len()
            );
            Ok(ExitCode::SUCCESS)
        }
        CatalogueCommand::Load { file } => {
            let text = read(&file)?;
            check(&text).map_err(|e| findings(settings, &file, e))?;
            let version = settings.lab()?.load_catalogue(text, &operator(), REQUEST)?;
            eprintln!("trephine: catalogue version {version} is in force; a running server takes it over within 20 s");
            if settings.json { print_json(&json!({ "version": version })) } else { print(&version.to_string()) }
        }
        CatalogueCommand::Show => match settings.existing_lab() {
            Ok(lab) => print(&lab.catalogue().text),
            Err(Failure::NotFound(_)) => print(shipped::SHIPPED),
            Err(e) => Err(e),
        },
    }
}
