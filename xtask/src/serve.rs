//! A static server for dist/, for one user on this machine.
//!
//! It sends the two headers that isolate a page (COOP and COEP), without which a browser gives it no shared
//! memory and the page uses the single-thread build. `Cache-Control: no-cache` makes a reload show a new build.

use crate::report::{Failure, OrFail, Result};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// Longest head of a request that is read.
const MAX_HEAD: u64 = 16 * 1024;
/// How long a browser that opened a connection may stay silent.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server; it ends with the program.
pub struct Serving {
    /// Where the page is, such as `http://127.0.0.1:8080/`.
    pub address: String,
    thread: thread::JoinHandle<()>,
}

impl Serving {
    /// Answers requests until the program is ended.
    pub fn wait(self) {
        let _ = self.thread.join();
    }
}

/// Serves a folder on this machine only. Port 0 means any free one.
///
/// One thread and one request a connection: nothing ever waits behind another request. (The crate tiny_http, used here
/// before, sometimes left a connection behind another one that a browser kept open, and the page never loaded.)
pub fn start(folder: &Path, port: u16, isolated: bool) -> Result<Serving> {
    let folder = folder
        .canonicalize()
        .or_fail(format!("cannot read {}", folder.display()), "run this in a checkout")?;
    let listener = TcpListener::bind(("127.0.0.1", port)).map_err(|error| {
        let next = port.saturating_add(1);
        Failure::new(
            format!("cannot listen on 127.0.0.1:{port}: {error}"),
            format!("end the program that uses this port, or take another: cargo xtask serve --port {next}"),
        )
    })?;
    let port = listener.local_addr().map_or(port, |address| address.port());
    let folder = Arc::new(folder);
    let thread = thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let folder = folder.clone();
            // A browser that leaves in mid-answer is no error of ours.
            thread::spawn(move || _ = answer(stream, &folder, isolated));
        }
    });
    Ok(Serving { address: format!("http://127.0.0.1:{port}/"), thread })
}

fn answer(stream: TcpStream, folder: &Path, isolated: bool) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut head = BufReader::new(stream.try_clone()?.take(MAX_HEAD));
    let mut request = String::new();
    head.read_line(&mut request)?;
    // The other lines change nothing here, but an answer before they are read would cut the browser short.
    let mut line = String::new();
    while head.read_line(&mut line)? > 2 {
        line.clear();
    }
    let mut words = request.split_ascii_whitespace();
    let (method, url) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if !["GET", "HEAD"].contains(&method) {
        let text = "only GET and HEAD are answered\n";
        return send(
            stream,
            "405 Method Not Allowed",
            "text/plain",
            isolated,
            text.len() as u64,
            text.as_bytes(),
        );
    }
    let Some((path, file)) = find(folder, url).and_then(|path| Some((path.clone(), File::open(path).ok()?)))
    else {
        let text = "not found\n";
        return send(stream, "404 Not Found", "text/plain", isolated, text.len() as u64, text.as_bytes());
    };
    let length = file.metadata()?.len();
    let body = file.take(if method == "HEAD" { 0 } else { length });
    send(stream, "200 OK", content_type(&path), isolated, length, body)
}

fn send(
    mut stream: TcpStream,
    status: &str,
    kind: &str,
    isolated: bool,
    length: u64,
    mut body: impl Read,
) -> io::Result<()> {
    let isolation = if isolated {
        "Cross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Embedder-Policy: require-corp\r\n"
    } else {
        ""
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
         Cache-Control: no-cache\r\nCross-Origin-Resource-Policy: same-origin\r\n\
         X-Content-Type-Options: nosniff\r\n{isolation}Connection: close\r\n\r\n"
    )?;
    io::copy(&mut body, &mut stream)?;
    stream.flush()
}

/// The file that a request's address names, if it is in `folder` (itself canonical) even after links.
fn find(folder: &Path, url: &str) -> Option<PathBuf> {
    let mut path = folder.join(relative(url)?);
    if path.is_dir() {
        path.push("index.html");
    }
    let path = path.canonicalize().ok()?;
    (path.starts_with(folder) && path.is_file()).then_some(path)
}

/// The path in an address, relative and without any way up; `None` when it tries one or is no path at all.
fn relative(url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.strip_prefix('/')?;
    let mut relative = PathBuf::new();
    for part in path.split('/') {
        let part = decoded(part)?;
        // Decoding may bring in separators; a Windows drive needs a colon. Hidden files are nobody's page.
        if part.starts_with('.') || part.contains(['/', '\\', ':', '\0']) {
            return None;
        }
        relative.push(part);
    }
    Some(relative)
}

/// Percent-decoding; `None` when it is broken or does not give UTF-8.
fn decoded(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            bytes.push((digit()? * 16 + digit()?) as u8);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|kind| kind.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "csv" => "text/csv; charset=utf-8",
        "txt" | "md" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_paths_below_the_folder() {
        assert_eq!(relative("/"), Some("".into()));
        assert_eq!(relative("/demo/films.csv?x=/../y#z"), Some("demo/films.csv".into()));
        assert_eq!(relative("/a%20b/%C3%A9.csv"), Some("a b/é.csv".into()));
    }

    #[test]
    fn no_address_leads_out() {
        let tries = [
            "/..",
            "/../Cargo.toml",
            "/a/../../b",
            "/%2e%2e/Cargo.toml",
            "/%2E%2E%2FCargo.toml",
            "/a%2f..%2f..%2fb",
            "/..%5c..%5cb",
            "/c:/b",
            "/.git/config",
            "/a%00b",
            "/%zz",
            "/%f",
            "/%ff",
            "http://other/a",
            "*",
            "",
        ];
        for url in tries {
            assert_eq!(relative(url), None, "{url}");
        }
    }

    fn ask(address: &str, request: &str) -> String {
        let mut stream =
            TcpStream::connect(address.trim_start_matches("http://").trim_end_matches('/')).unwrap();
        write!(stream, "{request}\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn a_page_comes_isolated_and_typed_and_links_out_of_the_folder_do_not() {
        let outer = std::env::temp_dir().join(format!("archipelago-serve-{}", std::process::id()));
        let folder = outer.join("www");
        std::fs::create_dir_all(folder.join("sub")).unwrap();
        std::fs::write(folder.join("index.html"), "<p>here").unwrap();
        std::fs::write(folder.join("sub/a.wasm"), "wasm").unwrap();
        std::fs::write(outer.join("secret.txt"), "secret").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(outer.join("secret.txt"), folder.join("way-out.txt")).unwrap();

        let served = start(&folder, 0, true).unwrap();
        let page = ask(&served.address, "GET / HTTP/1.1");
        assert!(page.starts_with("HTTP/1.1 200") && page.ends_with("<p>here"), "{page}");
        assert!(page.contains("Cross-Origin-Opener-Policy: same-origin\r\n"), "{page}");
        assert!(page.contains("Cross-Origin-Embedder-Policy: require-corp\r\n"), "{page}");
        assert!(page.contains("Content-Type: text/html; charset=utf-8\r\n"), "{page}");
        let head = ask(&served.address, "HEAD /sub/a.wasm HTTP/1.1");
        assert!(head.contains("Content-Type: application/wasm\r\n") && head.ends_with("\r\n\r\n"), "{head}");
        assert!(ask(&served.address, "GET /../secret.txt HTTP/1.1").starts_with("HTTP/1.1 404"));
        assert!(ask(&served.address, "GET /way-out.txt HTTP/1.1").starts_with("HTTP/1.1 404"));
        assert!(ask(&served.address, "POST / HTTP/1.1").starts_with("HTTP/1.1 405"));

        let plain = start(&folder, 0, false).unwrap();
        assert!(!ask(&plain.address, "GET / HTTP/1.1").contains("Cross-Origin-Embedder-Policy"));

        let port = plain.address.trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap();
        let failure = start(&folder, port, true).err().unwrap();
        assert!(failure.advice.contains(&format!("--port {}", port + 1)), "{failure}");
        std::fs::remove_dir_all(outer).unwrap();
    }
}
