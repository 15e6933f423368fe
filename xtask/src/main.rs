//! Set-up, build, serve, test and bench of Archipelago.
//!
//! `cargo xtask` compiles and runs this program (.cargo/config.toml). The WebAssembly builds are data in
//! wasm-pack.toml. The way of each command: `setup` finds or installs tools, `builds` makes the page's packages
//! with them, `serve` and `test` use the result.

mod browser;
mod builds;
mod draw;
mod first_load;
mod packages;
mod peers;
mod process;
mod project;
mod reference;
mod report;
mod serve;
mod setup;
mod site;
mod test;
mod toolchain;
mod wrappers;

use project::Project;
use report::{Failure, OrFail, Result};
use std::process::{Command, ExitCode};

const USAGE: &str = "\
cargo xtask COMMAND

  serve [--port N] [--no-isolation]
        set up what is missing, build, and serve the page on http://127.0.0.1:8080/ (or port N);
        --no-isolation leaves out the headers for shared memory, so the page uses one thread
  test [--quick | --only STEP]...
        set up what is missing and run every check and test, or the native ones, or the named ones
  build [single | view | modes | threads | site]
        set up what is missing, make all builds of the page's WebAssembly, and of them and www/ the
        site in dist/; or make one build, or the site of the builds as they are
  bench
        run the benchmarks, native and in a browser
  bench --reference [FOLDER]...
        the same pipeline in Python, natively and in a browser: ratios, and whether the answers agree;
        installs the Python packages outside of the repository first
  bench --quality
        label purity of default maps on all labelled sets, written to docs/quality.md
  bench --peers [--rounds N]
        UMAP and t-SNE beside umap-learn, openTSNE, embedding-atlas and umap-js on the same neighbors,
        written to docs/peers.md; installs these outside of the repository first
  bench --draw [--points N]... [--rounds N]
        frame times while panning beside regl-scatterplot and cosmos.gl, written to docs/draw.md unless
        sizes are named; installs these outside of the repository first
  bench --draw --pictures [films | moby-thesaurus | mnist-63k | 1m]...
        pictures of the page beside these and embedding-atlas, written to docs/pictures-*.png
  setup
        only set up what is missing
  env [threads | single | view | modes]
        print shell code after which wasm-pack works by itself, in this shell:
        eval \"$(cargo xtask env)\"";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nerror: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let Some((command, rest)) = arguments.split_first() else {
        println!("{USAGE}");
        return Ok(());
    };
    if ["help", "--help", "-h"].contains(&command.as_str()) {
        println!("{USAGE}");
        return Ok(());
    }
    let project = Project::open()?;
    match command.as_str() {
        "setup" => {
            nothing_more(rest)?;
            setup::for_builds(&project)?;
            setup::for_tests(&project).map(drop)
        }
        "env" => env(&project, rest),
        "build" => build(&project, rest),
        "serve" => serve(&project, rest),
        "test" => test::all(&project, rest),
        "bench" => match rest.split_first() {
            Some((word, folders)) if word == "--reference" => reference::compare(&project, folders),
            Some((word, more)) if word == "--quality" => {
                nothing_more(more)?;
                quality(&project)
            }
            Some((word, more)) if word == "--peers" => peers::compare(&project, more),
            Some((word, more)) if word == "--draw" => draw::compare(&project, more),
            _ => {
                nothing_more(rest)?;
                bench(&project)
            }
        },
        _ => Err(Failure::new(format!("there is no command \"{command}\""), "cargo xtask help lists them")),
    }
}

fn nothing_more(rest: &[String]) -> Result<()> {
    match rest.first() {
        None => Ok(()),
        Some(word) => {
            Err(Failure::new(format!("there is no argument \"{word}\""), "cargo xtask help lists them"))
        }
    }
}

fn env(project: &Project, rest: &[String]) -> Result<()> {
    let (name, more) = rest.split_first().map_or(("threads", rest), |(name, more)| (name.as_str(), more));
    nothing_more(more)?;
    let build = project.build(name)?;
    let kit = setup::for_builds(project)?;
    let browser = setup::for_tests(project)?;
    print!("{}", builds::shell(&builds::environment(project, &kit, build, Some(&browser))?));
    Ok(())
}

fn build(project: &Project, rest: &[String]) -> Result<()> {
    if rest == ["site"] {
        return site::make(project, &setup::for_builds(project)?);
    }
    let chosen = match rest.split_first() {
        None => None,
        Some((name, more)) => {
            nothing_more(more)?;
            Some(project.build(name)?)
        }
    };
    let kit = setup::for_builds(project)?;
    match chosen {
        Some(build) => builds::make(project, &kit, build),
        None => builds::make_all(project, &kit),
    }
}

fn serve(project: &Project, rest: &[String]) -> Result<()> {
    let (mut port, mut isolated) = (8080, true);
    let mut words = rest.iter().map(String::as_str);
    while let Some(word) = words.next() {
        match word {
            "--no-isolation" => isolated = false,
            "--port" => {
                let number = words.next().and_then(|number| number.parse().ok()).filter(|number| *number > 0);
                port = number.ok_or_else(|| {
                    Failure::new(
                        "--port needs a number from 1 to 65535",
                        "for example: cargo xtask serve --port 8081",
                    )
                })?;
            }
            _ => return nothing_more(&[word.to_string()]),
        }
    }
    // The port is taken first: nobody waits for a build to learn that it is in use.
    let site = project.site();
    std::fs::create_dir_all(&site)
        .or_fail(format!("cannot make {}", site.display()), "make this folder writable")?;
    let serving = serve::start(&site, port, isolated)?;
    build(project, &[])?;
    println!("\nArchipelago is on {}  (Ctrl-C ends it)", serving.address);
    serving.wait();
    Ok(())
}

/// `cargo bench`, then tests/browser/*.bench.mjs against the built page.
fn quality(project: &Project) -> Result<()> {
    let mut cargo = process::native_cargo();
    cargo.args(["bench", "--features", "cli", "--bench", "quality", "--", "default", "--write"]);
    process::run(cargo.current_dir(&project.root), "see the messages above")
}

fn bench(project: &Project) -> Result<()> {
    process::run(process::native_cargo().current_dir(&project.root).arg("bench"), "see the messages above")?;
    build(project, &[])?;
    let browser = setup::for_tests(project)?;
    let serving = serve::start(&project.site(), 0, true)?;
    for file in test::page_files(project, ".bench.mjs")? {
        let mut node = Command::new("node");
        node.arg(file).env("ARCHIPELAGO_URL", &serving.address).env("CHROME", &browser.chrome);
        process::run(node.current_dir(&project.root), "see the messages above")?;
    }
    Ok(())
}
