//! What the repository says about its builds: wasm-pack.toml, read and checked, and the folders in use.

use crate::report::{Failure, OrFail, Result};
use serde::Deserialize;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The repository and its settings.
pub struct Project {
    /// The repository's folder.
    pub root: PathBuf,
    /// Where tools and toolchain wrappers live, shared by all checkouts of this user.
    pub cache: PathBuf,
    /// wasm-pack.toml.
    pub settings: Settings,
    /// The version of the crate wasm-bindgen, which its command line must equal.
    pub wasm_bindgen: String,
    /// The oldest Rust that compiles this repository, as (major, minor).
    pub oldest_rust: (u32, u32),
}

/// The contents of wasm-pack.toml.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Settings {
    /// Pinned tools.
    pub tools: Tools,
    /// The limits on what a first visit loads, one for each kind of page.
    pub first_load: Vec<FirstLoad>,
    /// The WebAssembly builds.
    #[serde(rename = "build")]
    pub builds: Vec<Build>,
}

/// Pinned versions of tools.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tools {
    /// A dated nightly, `nightly-YYYY-MM-DD`.
    pub rustup_toolchain: String,
    /// The crate wasm-pack.
    pub wasm_pack: String,
    /// npm's package binaryen.
    pub binaryen: String,
    /// npm's package esbuild.
    pub esbuild: String,
}

/// The limit on what a first visit loads.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FirstLoad {
    /// The kind of page.
    pub name: String,
    /// The builds that it loads.
    pub builds: Vec<String>,
    /// In bytes, each file gzipped by itself.
    pub gzip_budget_bytes: u64,
}

/// One WebAssembly build.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Build {
    /// `single`, `view` or `threads`.
    pub name: String,
    /// Arguments for cargo: the features.
    pub cargo_args: Vec<String>,
    /// Where the page finds the result, below the repository.
    pub out_dir: String,
    /// The files in tests/ that are for this build; the others are empty in WebAssembly.
    pub tests: Vec<String>,
    /// Flags for rustc, one word each.
    pub rustflags: Vec<String>,
    /// Further flags when the page's files are made, not when tests are.
    pub release_rustflags: Vec<String>,
    /// The parts of std to compile from source.
    pub build_std: Vec<String>,
    /// Features of std.
    pub build_std_features: Vec<String>,
    /// Arguments for wasm-opt.
    pub wasm_opt: Vec<String>,
}

impl Project {
    /// Reads the settings of the repository this program was compiled in.
    pub fn open() -> Result<Project> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .expect("xtask lies in the repository")
            .to_path_buf();
        let advice = "run this in a complete checkout";
        let read =
            |name: &str| fs::read_to_string(root.join(name)).or_fail(format!("cannot read {name}"), advice);
        let settings = Settings::parse(&read("wasm-pack.toml")?)?;
        let (wasm_bindgen, oldest_rust) = versions(&read("Cargo.toml")?)?;
        Ok(Project { cache: cache()?, settings, wasm_bindgen, oldest_rust, root })
    }

    /// The build of this name.
    pub fn build(&self, name: &str) -> Result<&Build> {
        self.settings.builds.iter().find(|build| build.name == name).ok_or_else(|| {
            let known: Vec<_> = self.settings.builds.iter().map(|build| build.name.as_str()).collect();
            Failure::new(
                format!("there is no build \"{name}\""),
                format!("the builds are: {}", known.join(", ")),
            )
        })
    }

    /// Where cargo puts what it compiles for this build. Builds with the same flags share the folder of the first
    /// one, and so std and all crates; other flags in one folder would rebuild them at every change of build.
    pub fn target_dir(&self, build: &Build) -> PathBuf {
        let first = self.settings.builds.iter().find(|other| other.compiles_like(build)).unwrap_or(build);
        self.root.join("target").join("wasm").join(&first.name)
    }

    /// Where the page lies as it is put on a server.
    pub fn site(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The folder of an installed tool of this version.
    pub fn tool(&self, name: &str, version: &str) -> PathBuf {
        self.cache.join("tools").join(format!("{name}-{version}"))
    }
}

impl Build {
    /// Arguments for cargo that choose the build's features and tests.
    pub fn test_args(&self) -> Vec<&str> {
        let features = self.cargo_args.iter().map(String::as_str);
        features.chain(self.tests.iter().flat_map(|name| ["--test", name])).collect()
    }

    /// Whether both compile std and the crates in the same way.
    fn compiles_like(&self, other: &Build) -> bool {
        let flags = |build: &Build| {
            [&build.rustflags, &build.release_rustflags, &build.build_std, &build.build_std_features]
                .map(Vec::clone)
        };
        flags(self) == flags(other)
    }
}

impl Settings {
    fn parse(text: &str) -> Result<Settings> {
        toml::from_str(text).or_fail("wasm-pack.toml", "correct the line named above")
    }
}

/// The pinned wasm-bindgen and the oldest Rust, from Cargo.toml.
fn versions(manifest: &str) -> Result<(String, (u32, u32))> {
    let manifest: toml::Table =
        toml::from_str(manifest).or_fail("Cargo.toml", "correct the line named above")?;
    let wasm_bindgen = manifest
        .get("target")
        .and_then(|targets| {
            targets.get("cfg(target_arch = \"wasm32\")")?.get("dependencies")?.get("wasm-bindgen")
        })
        .and_then(|entry| entry.as_str().or_else(|| entry.get("version")?.as_str()))
        .and_then(|version| version.strip_prefix('='))
        .ok_or_else(|| {
            let what = "Cargo.toml does not pin wasm-bindgen to one version for wasm32";
            Failure::new(
                what,
                "write wasm-bindgen = \"=X.Y.Z\" there: its command line must have the same version",
            )
        })?;
    let rust = manifest.get("package").and_then(|package| package.get("rust-version")?.as_str());
    let oldest_rust = rust.and_then(major_minor).ok_or_else(|| {
        Failure::new("Cargo.toml has no rust-version", "write rust-version = \"X.Y\" under [package]")
    })?;
    Ok((wasm_bindgen.to_string(), oldest_rust))
}

/// The first two numbers of a version.
pub fn major_minor(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

fn cache() -> Result<PathBuf> {
    let named = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let user = named("XDG_CACHE_HOME").or_else(|| Some(named("HOME")?.join(".cache")));
    let user = user.ok_or_else(|| {
        Failure::new("there is no place for a cache", "set HOME or XDG_CACHE_HOME to a folder of yours")
    })?;
    Ok(user.join("archipelago"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repositorys_own_settings_are_read() {
        let project = Project::open().unwrap();
        assert_eq!(project.build("threads").unwrap().out_dir, "www/pkg-threads");
        assert!(project.build("threads").unwrap().rustflags[0].contains("+atomics"));
        assert!(!project.build("single").unwrap().rustflags[0].contains("+atomics"));
        assert!(project.build("other").is_err());
        let folder = |name: &str| project.target_dir(project.build(name).unwrap());
        assert_eq!(folder("view"), folder("single"), "std is compiled once for both");
        assert_ne!(folder("threads"), folder("single"));
        for visit in &project.settings.first_load {
            assert!(visit.builds.iter().all(|name| project.build(name).is_ok()), "{}", visit.name);
        }
    }

    #[test]
    fn every_test_for_browsers_belongs_to_a_build() {
        let project = Project::open().unwrap();
        let listed: Vec<_> = project.settings.builds.iter().flat_map(|build| &build.tests).collect();
        for entry in fs::read_dir(project.root.join("tests")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let Some(name) = name.strip_suffix(".rs").filter(|name| name.starts_with("web_")) else {
                continue;
            };
            assert!(
                listed.iter().any(|known| *known == name),
                "wasm-pack.toml runs tests/{name}.rs in no build"
            );
        }
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_it() {
        let text = "[tools]\nwasm-pack = \"1\"\nwasm-pak = \"1\"\n";
        let failure = Settings::parse(text).err().unwrap();
        assert!(failure.what.contains("wasm-pak"), "{failure}");
    }

    #[test]
    fn wasm_bindgen_must_be_pinned_exactly() {
        let manifest = |version: &str| {
            format!(
                "[package]\nrust-version = \"1.95\"\n\
                 [target.'cfg(target_arch = \"wasm32\")'.dependencies]\nwasm-bindgen = \"{version}\"\n"
            )
        };
        assert_eq!(versions(&manifest("=0.2.7")).unwrap(), ("0.2.7".to_string(), (1, 95)));
        assert!(versions(&manifest("0.2.7")).is_err());
    }
}
