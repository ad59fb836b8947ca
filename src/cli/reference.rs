//! `trephine states`, `completions`, `iscn`.

use std::fmt::Write as _;
use std::io::Read as _;
use std::process::ExitCode;

use clap::{CommandFactory, Subcommand};

use super::Failure;
use super::output::{print, print_json};
use crate::domain::machine::{self, MachineView};
use crate::text_enum;

text_enum! {
    /// How the machines are printed.
    pub enum StatesFormat {
        /// A table that people read.
        Text = "text",
        /// What `GET /state-machines` says.
        Json = "json",
        /// Diagrams for the manual.
        Mermaid = "mermaid",
    }
}

/// Flags of `states`.
#[derive(Debug, clap::Args)]
pub struct StatesArgs {
    /// text, json, mermaid
    #[arg(long, default_value = "text")]
    format: StatesFormat,
}

/// Runs `states`.
pub fn states(args: &StatesArgs) -> Result<ExitCode, Failure> {
    let all = machine::all();
    match args.format {
        StatesFormat::Json => print_json(&all),
        StatesFormat::Text => print(&all.iter().map(text).collect::<String>()),
        StatesFormat::Mermaid => print(&all.iter().map(mermaid).collect::<String>()),
    }
}

/// The table of one machine as text.
pub fn text(m: &MachineView) -> String {
    let mut out = format!("{}\n{}\n\n", m.machine.to_uppercase(), "=".repeat(m.machine.len()));
    for row in &m.transitions {
        let from = if row.from.is_empty() { "(new)".to_owned() } else { row.from.join(" | ") };
        let _ = writeln!(out, "{from}\n  --{}--> {}", row.transition, row.to.unwrap_or("(as it is)"));
        let _ = writeln!(
            out,
            "  who: {}{}",
            row.roles.join(", "),
            row.hl7.map(|h| format!("; HL7 {h}")).unwrap_or_default()
        );
        let _ = writeln!(out, "  if: {}\n  then: {}\n", row.guard, row.effect);
    }
    out
}

/// One machine as a Mermaid state diagram.
pub fn mermaid(m: &MachineView) -> String {
    let mut out = format!("%% {}\nstateDiagram-v2\n", m.machine);
    for row in &m.transitions {
        if row.from.is_empty() {
            let _ = writeln!(out, "    [*] --> {}: {}", row.to.unwrap_or("[*]"), row.transition);
        }
        for from in &row.from {
            let _ = writeln!(out, "    {from} --> {}: {}", row.to.unwrap_or(from), row.transition);
        }
    }
    for state in m.states.iter().filter(|s| s.terminal) {
        let _ = writeln!(out, "    {} --> [*]", state.state);
    }
    out.push('\n');
    out
}

/// Flags of `completions`.
#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// bash, zsh, fish, elvish, powershell
    shell: clap_complete::Shell,
}

/// Runs `completions`.
pub fn completions<C: CommandFactory>(args: &CompletionsArgs) -> Result<ExitCode, Failure> {
    let mut out = Vec::new();
    clap_complete::generate(args.shell, &mut C::command(), "trephine", &mut out);
    print(&String::from_utf8_lossy(&out))
}

/// Karyotype and FISH text.
#[derive(Debug, Subcommand)]
pub enum IscnCommand {
    /// Check strings from arguments, or lines of stdin; one JSON line each
    Check {
        /// The strings
        text: Vec<String>,
    },
}

/// Runs `iscn`.
pub fn iscn(command: IscnCommand) -> Result<ExitCode, Failure> {
    let IscnCommand::Check { text } = command;
    let given = if text.is_empty() {
        let mut all = String::new();
        std::io::stdin()
            .take(16 * 1024 * 1024)
            .read_to_string(&mut all)
            .map_err(|e| Failure::Failed(format!("stdin: {e}")))?;
        all.lines().filter(|l| !l.trim().is_empty()).map(str::to_owned).collect()
    } else {
        text
    };
    let mut out = String::new();
    for line in given {
        let checked = crate::domain::iscn::check(&line);
        let _ = writeln!(out, "{}", serde_json::to_string(&checked).map_err(|e| Failure::Failed(e.to_string()))?);
    }
    print(&out)
}
