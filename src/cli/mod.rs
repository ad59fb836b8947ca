//! The command line: one binary, data on stdout, talk on stderr.

mod accounts;
mod config;
mod demo;
mod output;
mod reference;
pub mod serve;
mod transfer;
mod upkeep;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use output::Failure;

/// Bone marrow specimens, from the needle to the integrated report.
#[derive(Debug, Parser)]
#[command(
    name = "trephine",
    version,
    about,
    arg_required_else_help = true,
    propagate_version = true,
    after_help = "Exit codes: 0 ok, 1 failed, 2 usage, 3 configuration, 4 database, 5 not found, 6 conflict.\n\
                  Settings: flag, then TREPHINE_* environment, then trephine.toml, then the default."
)]
struct Cli {
    #[command(flatten)]
    common: config::Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// A seeded laboratory in a temporary database, served at once
    Demo(demo::Args),
    /// Serve pages and API, migrating first
    Serve(serve::Args),
    /// Run migrations, or show where they stand
    Migrate(upkeep::MigrateArgs),
    /// Accounts
    #[command(subcommand)]
    User(accounts::UserCommand),
    /// API tokens
    #[command(subcommand)]
    Token(accounts::TokenCommand),
    /// The laboratory's catalogue
    #[command(subcommand)]
    Catalogue(accounts::CatalogueCommand),
    /// Bulk logging
    #[command(subcommand)]
    Import(transfer::ImportCommand),
    /// Write a dataset as CSV or NDJSON
    Export(Box<transfer::ExportArgs>),
    /// Check every invariant and hash; changes nothing
    Verify(upkeep::VerifyArgs),
    /// A consistent copy, also while serving
    Backup(upkeep::BackupArgs),
    /// Put a copy in place; verifies it first and keeps what it replaces
    Restore(upkeep::RestoreArgs),
    /// Karyotype and FISH text
    #[command(subcommand)]
    Iscn(reference::IscnCommand),
    /// Print the OpenAPI document
    Openapi,
    /// Print the declared state machines
    States(reference::StatesArgs),
    /// Print shell completions
    Completions(reference::CompletionsArgs),
}

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = config::Settings::resolve(cli.common).and_then(|settings| run(cli.command, &settings));
    match result {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("trephine: {failure}");
            failure.code()
        }
    }
}

fn run(command: Command, settings: &config::Settings) -> Result<ExitCode, Failure> {
    settings.start_log(matches!(command, Command::Serve(_) | Command::Demo(_)));
    match command {
        Command::Demo(args) => demo::run(args, settings),
        Command::Serve(args) => serve::run(args, settings),
        Command::Migrate(args) => upkeep::migrate(&args, settings),
        Command::User(command) => accounts::user(command, settings),
        Command::Token(command) => accounts::token(command, settings),
        Command::Catalogue(command) => accounts::catalogue(command, settings),
        Command::Import(command) => transfer::import(command, settings),
        Command::Export(args) => transfer::export(*args, settings),
        Command::Verify(_) => upkeep::verify(settings),
        Command::Backup(args) => upkeep::backup(&args, settings),
        Command::Restore(args) => upkeep::restore(&args, settings),
        Command::Iscn(command) => reference::iscn(command),
        Command::Openapi => output::print(&crate::api::openapi::text()),
        Command::States(args) => reference::states(&args),
        Command::Completions(args) => reference::completions::<Cli>(&args),
    }
}
