//! The browser to test in, and its driver: a Chrome or Chromium and the chromedriver of the same release.

use crate::process::{answer, is_program, on_path};
use crate::project::Project;
use crate::report::{Failure, OrFail, Result};
use serde_json::{Value, json};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A browser and its driver.
pub struct Browser {
    /// The browser.
    pub chrome: PathBuf,
    /// Its chromedriver.
    pub driver: PathBuf,
}

const ADVICE: &str = "install Chromium or Chrome and the chromedriver of the same release \
                      (Debian: chromium chromium-driver),\nor set CHROME and CHROMEDRIVER to where they are";

/// The browser named by `CHROME` and `CHROMEDRIVER`, else one in a usual place.
pub fn find() -> Result<Browser> {
    let browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    let mac = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];
    let drivers = ["/usr/lib/chromium-browser/chromedriver", "/usr/lib/chromium/chromedriver"];
    let chrome = pick("CHROME", &browsers, &mac)?;
    let driver = pick("CHROMEDRIVER", &["chromedriver"], &drivers)?;
    let (browser_release, driver_release) = (release(&chrome), release(&driver));
    if browser_release != driver_release {
        let told = |release: Option<u32>| release.map_or("no".to_string(), |number| number.to_string());
        let what = format!(
            "{} is release {} but {} is release {}",
            chrome.display(),
            told(browser_release),
            driver.display(),
            told(driver_release)
        );
        return Err(Failure::new(what, ADVICE));
    }
    Ok(Browser { chrome, driver })
}

fn pick(variable: &str, names: &[&str], places: &[&str]) -> Result<PathBuf> {
    if let Some(named) = env::var_os(variable).filter(|named| !named.is_empty()).map(PathBuf::from) {
        if is_program(&named) {
            return Ok(named);
        }
        let what = format!("{variable} names {}, which is no program", named.display());
        return Err(Failure::new(what, ADVICE));
    }
    let placed = places.iter().map(PathBuf::from).find(|file| is_program(file));
    names
        .iter()
        .find_map(|name| on_path(name))
        .or(placed)
        .ok_or_else(|| Failure::new(format!("there is no {} here", names[0]), ADVICE))
}

/// The major version a program prints, such as 156 in "Chromium 156.0.8078.79 built on ...".
fn release(program: &Path) -> Option<u32> {
    read_release(&answer(Command::new(program).arg("--version"))?)
}

fn read_release(text: &str) -> Option<u32> {
    text.split_whitespace().find_map(|word| word.split_once('.')?.0.parse().ok())
}

/// webdriver.json with the browser's place added, for wasm-bindgen's test runner.
///
/// The repository's file names no browser, as it may lie anywhere.
pub fn capabilities(project: &Project, browser: &Browser) -> Result<PathBuf> {
    let advice = "correct webdriver.json";
    let text = fs::read_to_string(project.root.join("webdriver.json"))
        .or_fail("cannot read webdriver.json", advice)?;
    let mut all: Value = serde_json::from_str(&text).or_fail("webdriver.json", advice)?;
    all["goog:chromeOptions"]["binary"] = json!(browser.chrome);
    let folder = project.root.join("target/wasm");
    let file = folder.join("webdriver.json");
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&file, format!("{all:#}\n")))
        .or_fail(format!("cannot write {}", file.display()), "make this folder writable")?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_release_is_read_from_what_browsers_print() {
        assert_eq!(read_release("Chromium 156.0.8078.79 built on Debian GNU/Linux 12"), Some(156));
        assert_eq!(read_release("ChromeDriver 156.0.8078.79 (0123abc-refs/heads/main@{#1})"), Some(156));
        assert_eq!(read_release("Chromium"), None);
    }
}
