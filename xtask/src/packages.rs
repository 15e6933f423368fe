//! Debian packages: installed when this user may, else the line to type.

use crate::process::{answer, on_path, run};
use crate::report::{Failure, Result, step};
use std::process::Command;

/// A compiler for WebAssembly and the source of its std; its linker's number follows from its LLVM.
pub const RUST: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];
/// A browser to test in, its driver, and a font for screenshots of the emoji map.
pub const BROWSER: [&str; 3] = ["chromium", "chromium-driver", "fonts-noto-color-emoji"];

/// Installs packages by apt-get, as root or by `sudo` where that asks no password.
pub fn install(what: &str, names: &[&str]) -> Result<()> {
    let line = format!("apt-get install -y --no-install-recommends {}", names.join(" "));
    if on_path("apt-get").is_none() {
        return Err(Failure::new(
            format!("{what}: there is no apt-get here"),
            "install it by this system's own means",
        ));
    }
    let by_sudo = answer(Command::new("id").arg("-u")).as_deref() != Some("0");
    if by_sudo && answer(Command::new("sudo").args(["-n", "true"])).is_none() {
        return Err(Failure::new(
            format!("{what}: installing packages needs root"),
            format!("type: sudo {line}"),
        ));
    }
    let apt = |arguments: &[&str]| {
        let mut command = Command::new(if by_sudo { "sudo" } else { "apt-get" });
        if by_sudo {
            command.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        }
        command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments);
        command
    };
    step(format!("install {what} by apt-get ({})", names.join(" ")), || {
        run(&mut apt(&["update", "-qq"]), "check the network and /etc/apt")?;
        let mut arguments = vec!["install", "-qq", "-y", "--no-install-recommends"];
        arguments.extend(names);
        run(&mut apt(&arguments), &format!("type the line yourself to see why: {line}"))
    })
}
