//! Parses arguments and calls the command line; nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    trephine::cli::main()
}
