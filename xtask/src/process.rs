//! Other programs: run them, read what they print, find them on PATH, stop them when they hang.

use crate::report::{Failure, OrFail, Result};
use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Runs a command to its end; its output goes to this program's stderr.
///
/// Fails with `advice` when the command cannot start or ends with another status than 0.
pub fn run(command: &mut Command, advice: &str) -> Result<()> {
    let status = command.stdout(io::stderr()).status().or_fail(starting(command), advice)?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("{}: {status}", shown(command)), advice)) }
}

/// Like [`run`], but ends the command after `limit`.
pub fn run_within(command: &mut Command, limit: Duration, advice: &str) -> Result<()> {
    let mut child = command.stdout(io::stderr()).spawn().or_fail(starting(command), advice)?;
    let end = Instant::now() + limit;
    loop {
        match child.try_wait().or_fail(shown(command), advice)? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(Failure::new(format!("{}: {status}", shown(command)), advice)),
            None if Instant::now() < end => std::thread::sleep(Duration::from_millis(100)),
            None => {
                // It may have ended in this instant; either way it is waited for and gone.
                let _ = child.kill();
                let _ = child.wait();
                let what = format!("{}: no end after {} s", shown(command), limit.as_secs());
                return Err(Failure::new(what, advice));
            }
        }
    }
}

/// What a command prints on stdout, without spaces at its ends; `None` when it cannot be run or fails.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_string())
}

/// The first program of this name on PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|file| is_program(file))
}

/// Whether a file is there that may be executed.
pub fn is_program(file: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.metadata().is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
    }
    #[cfg(not(unix))]
    file.is_file()
}

/// The cargo that started this program: the user's own, for everything that is not WebAssembly.
pub fn native_cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The command as one would type it, for messages.
pub fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn starting(command: &Command) -> String {
    format!("cannot start {}", command.get_program().to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_hangs_is_ended() {
        let start = Instant::now();
        let failure =
            run_within(Command::new("sleep").arg("30"), Duration::from_millis(200), "wait").unwrap_err();
        assert!(failure.what.contains("no end"), "{failure}");
        assert!(start.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn a_command_that_fails_says_which() {
        let failure = run(Command::new("sh").args(["-c", "exit 3"]), "look at it").unwrap_err();
        assert!(failure.to_string().contains("sh -c exit 3"), "{failure}");
        assert!(failure.to_string().contains("what to do: look at it"), "{failure}");
    }

    #[test]
    fn an_unknown_program_has_no_answer() {
        assert_eq!(answer(&mut Command::new("no-such-program-here")), None);
        assert_eq!(on_path("no-such-program-here"), None);
    }
}
