//! Every check and test, in order from quick to slow, each timed; the first failure ends the run.

use crate::browser::Browser;
use crate::builds;
use crate::first_load;
use crate::process::{native_cargo, run, shown};
use crate::project::Project;
use crate::report::{Failure, Result};
use crate::serve;
use crate::setup::{self, Kit};
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

/// What the steps work on.
struct Bench<'a> {
    project: &'a Project,
    /// Absent when every chosen step is native.
    web: Option<(Kit, Browser)>,
}

/// One step: its name for `--only`, what it is, and whether it needs the tools for WebAssembly.
struct Step {
    name: &'static str,
    what: &'static str,
    native: bool,
    run: fn(&Bench) -> Result<()>,
}

const STEPS: [Step; 17] = [
    Step {
        name: "fmt",
        what: "rustfmt",
        native: true,
        run: |bench| bench.cargo(&["fmt", "--all", "--check"]),
    },
    Step {
        name: "clippy",
        what: "clippy, native, all features",
        native: true,
        run: |bench| {
            bench.cargo(&["clippy", "--workspace", "--all-targets", "--all-features", "--", "-Dwarnings"])
        },
    },
    Step {
        name: "xtask",
        what: "cargo test of xtask itself",
        native: true,
        run: |bench| bench.cargo(&["test", "--package", "xtask", "--profile", "xtask"]),
    },
    Step {
        name: "native",
        what: "cargo test, with the command line",
        native: true,
        run: |bench| bench.cargo(&["test", "--features", "cli"]),
    },
    Step {
        name: "native-single",
        what: "cargo test, without threads",
        native: true,
        run: |bench| bench.cargo(&["test", "--no-default-features"]),
    },
    Step {
        name: "lint-single",
        what: "lints, wasm, single",
        native: false,
        run: |bench| bench.lint("single"),
    },
    Step {
        name: "lint-threads",
        what: "lints, wasm, threads",
        native: false,
        run: |bench| bench.lint("threads"),
    },
    Step { name: "lint-view", what: "lints, wasm, view", native: false, run: |bench| bench.lint("view") },
    Step { name: "lint-modes", what: "lints, wasm, modes", native: false, run: |bench| bench.lint("modes") },
    Step { name: "wasm-view", what: "wasm-pack test, view", native: false, run: |bench| bench.wasm("view") },
    Step {
        name: "wasm-modes",
        what: "wasm-pack test, modes",
        native: false,
        run: |bench| bench.wasm("modes"),
    },
    Step {
        name: "wasm-single",
        what: "wasm-pack test, single",
        native: false,
        run: |bench| bench.wasm("single"),
    },
    Step {
        name: "wasm-threads",
        what: "wasm-pack test, threads",
        native: false,
        run: |bench| bench.wasm("threads"),
    },
    Step { name: "build", what: "all builds of the page", native: false, run: |bench| bench.build() },
    Step {
        name: "first-load",
        what: "size of a first visit",
        native: true,
        run: |bench| first_load::check(bench.project),
    },
    Step { name: "types", what: "types of the page's scripts", native: false, run: |bench| bench.types() },
    Step { name: "page", what: "the built page in a browser", native: false, run: |bench| bench.page() },
];

/// Runs the steps that `arguments` choose: all; `--quick`, the native ones; `--only NAME`, that one (repeatable).
pub fn all(project: &Project, arguments: &[String]) -> Result<()> {
    let chosen = choose(arguments)?;
    let web = if chosen.iter().all(|step| step.native) {
        None
    } else {
        Some((setup::for_builds(project)?, setup::for_tests(project)?))
    };
    let bench = Bench { project, web };
    let mut times: Vec<(&Step, Duration)> = Vec::new();
    for step in chosen {
        eprintln!("\n=== {}: {}", step.name, step.what);
        let start = Instant::now();
        let outcome = (step.run)(&bench);
        times.push((step, start.elapsed()));
        if let Err(failure) = outcome {
            table(&times, false);
            let advice =
                format!("{}\nthis step alone: cargo xtask test --only {}", failure.advice, step.name);
            return Err(Failure::new(format!("{} failed: {}", step.name, failure.what), advice));
        }
    }
    table(&times, true);
    Ok(())
}

fn choose(arguments: &[String]) -> Result<Vec<&'static Step>> {
    let mut only = Vec::new();
    let mut quick = false;
    let mut words = arguments.iter().map(String::as_str);
    while let Some(word) = words.next() {
        match word {
            "--quick" => quick = true,
            "--only" => {
                let name = words.next().unwrap_or_default();
                let known: Vec<_> = STEPS.iter().map(|step| step.name).collect();
                let step = STEPS.iter().find(|step| step.name == name).ok_or_else(|| {
                    Failure::new(
                        format!("there is no step \"{name}\""),
                        format!("the steps: {}", known.join(" ")),
                    )
                })?;
                only.push(step);
            }
            _ => {
                let what = format!("cargo xtask test does not know \"{word}\"");
                return Err(Failure::new(what, "it takes --quick, or --only NAME"));
            }
        }
    }
    if !only.is_empty() {
        return Ok(only);
    }
    // The size is that of a build, which the quick run does not make.
    Ok(STEPS.iter().filter(|step| !quick || step.native && step.name != "first-load").collect())
}

fn table(times: &[(&Step, Duration)], passed: bool) {
    eprintln!("\n{:14}  {:>8}  outcome", "step", "seconds");
    for (i, (step, time)) in times.iter().enumerate() {
        let failed = !passed && i + 1 == times.len();
        let outcome = if failed { "FAILED" } else { "passed" };
        eprintln!("{:14}  {:8.1}  {outcome}  {}", step.name, time.as_secs_f64(), step.what);
    }
    let sum: f64 = times.iter().map(|(_, time)| time.as_secs_f64()).sum();
    eprintln!("{:14}  {sum:8.1}", "all");
}

impl Bench<'_> {
    fn web(&self) -> &(Kit, Browser) {
        self.web.as_ref().expect("a step that is not native has its tools set up")
    }

    fn run(&self, command: &mut Command) -> Result<()> {
        eprintln!("$ {}", shown(command));
        run(command.current_dir(&self.project.root), "see the messages above")
    }

    fn cargo(&self, arguments: &[&str]) -> Result<()> {
        self.run(native_cargo().args(arguments))
    }

    /// clippy where the toolchain has it, else the compiler's own lints; warnings are errors in both.
    fn lint(&self, name: &str) -> Result<()> {
        let (kit, browser) = self.web();
        let build = self.project.build(name)?;
        let environment = builds::environment(self.project, kit, build, Some(browser))?;
        let mut cargo = builds::command(self.project, &environment, "cargo");
        cargo.arg(if kit.toolchain.clippy { "clippy" } else { "check" });
        cargo.args(["--target", "wasm32-unknown-unknown", "--lib"]).args(build.test_args());
        // Not by a rustc flag, which would compile std and everything else once more.
        self.run(cargo.env("CARGO_UNSTABLE_WARNINGS", "true").env("CARGO_BUILD_WARNINGS", "deny"))
    }

    fn wasm(&self, name: &str) -> Result<()> {
        let (kit, browser) = self.web();
        let build = self.project.build(name)?;
        let environment = builds::environment(self.project, kit, build, Some(browser))?;
        let mut wasm_pack = builds::command(self.project, &environment, "wasm-pack");
        self.run(wasm_pack.args(["test", "--headless", "--chrome", "--"]).args(build.test_args()))
    }

    fn build(&self) -> Result<()> {
        let (kit, _) = self.web();
        builds::make_all(self.project, kit)
    }

    /// The scripts import the types that the builds bring.
    fn types(&self) -> Result<()> {
        self.build()?;
        let script = self.project.root.join("tests/browser/node_modules/typescript/bin/tsc");
        let mut node = Command::new("node");
        node.arg(script).args(["--noEmit", "--checkJs", "--strict", "--project", "www/tsconfig.json"]);
        self.run(&mut node)
    }

    /// The files tests/browser/*.spec.mjs, against a server on a free port, with the command line to compare with.
    fn page(&self) -> Result<()> {
        self.build()?;
        // As in the step "native", which has it compiled; its maps have the same bits as those of a release.
        self.cargo(&["build", "--features", "cli"])?;
        let target = env::var_os("CARGO_TARGET_DIR").map_or(self.project.root.join("target"), PathBuf::from);
        let program = target.join("debug").join("archipelago").with_extension(env::consts::EXE_EXTENSION);
        let (_, browser) = self.web();
        let site = self.project.site();
        let isolated = serve::start(&site, 0, true)?;
        let plain = serve::start(&site, 0, false)?;
        let mut node = Command::new("node");
        // What hangs fails its test (tests/browser/site.mjs has limits); this one is for a whole file, on a busy machine too.
        node.args(["--test", "--test-concurrency=1", "--test-timeout=900000"])
            .args(page_files(self.project, ".spec.mjs")?);
        node.env("ARCHIPELAGO_URL", &isolated.address).env("ARCHIPELAGO_URL_NO_ISOLATION", &plain.address);
        self.run(node.env("CHROME", &browser.chrome).env("ARCHIPELAGO_CLI", program))
    }
}

/// The files in tests/browser whose names end so, in the order of their names.
pub fn page_files(project: &Project, ending: &str) -> Result<Vec<String>> {
    let folder = fs::read_dir(project.root.join("tests/browser")).into_iter().flatten().flatten();
    let names = folder.filter_map(|entry| entry.file_name().into_string().ok());
    let mut files: Vec<_> =
        names.filter(|name| name.ends_with(ending)).map(|name| format!("tests/browser/{name}")).collect();
    files.sort();
    if files.is_empty() {
        return Err(Failure::new(
            format!("tests/browser has no *{ending}"),
            "run this in a complete checkout",
        ));
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(arguments: &[&str]) -> Result<Vec<&'static str>> {
        let arguments: Vec<_> = arguments.iter().map(|word| word.to_string()).collect();
        Ok(choose(&arguments)?.iter().map(|step| step.name).collect())
    }

    #[test]
    fn steps_are_chosen_by_name() {
        assert_eq!(names(&[]).unwrap().len(), STEPS.len());
        assert_eq!(names(&["--only", "fmt", "--only", "page"]).unwrap(), ["fmt", "page"]);
        let quick = ["fmt", "clippy", "xtask", "native", "native-single"];
        assert_eq!(names(&["--quick"]).unwrap(), quick);
        assert!(names(&["--only", "nothing"]).is_err());
        assert!(names(&["fmt"]).is_err());
    }
}
