//! As much of a Rust source as the architecture test asks about: identifiers, paths into the own crate and
//! calls of numbers' methods, by line, without comments, strings and character literals.

/// One file, read.
pub struct Source {
    /// Every identifier and keyword with its line (from 1).
    pub identifiers: Vec<(usize, String)>,
    /// Every path that starts at the crate's root, however it is written; groups in braces taken apart.
    pub crate_paths: Vec<Path>,
    /// Every method called by `.name(`, `f32::name` or `f64::name`, outside of modules called `tests`.
    pub method_calls: Vec<(usize, String)>,
}

/// A path from the crate's root: `crate::graph::{nearest, Graph}` gives two. `crate` alone gives no names.
pub struct Path {
    /// Its line, from 1.
    pub line: usize,
    /// The names after the root; `self` ends are dropped, a glob is `*`.
    pub names: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Name(String),
    /// `::`
    Colons,
    Sign(char),
}

impl Source {
    /// Reads a file; `file` is its path below src/, such as `embed/mod.rs`, which tells what `super` means.
    pub fn read(file: &str, text: &str) -> Source {
        let tokens = tokens(text);
        let identifiers = tokens.iter().filter_map(|(line, token)| match token {
            Token::Name(name) => Some((*line, name.clone())),
            _ => None,
        });
        Source {
            identifiers: identifiers.collect(),
            crate_paths: crate_paths(depth(file), &tokens),
            method_calls: method_calls(&tokens),
        }
    }
}

fn method_calls(tokens: &[(usize, Token)]) -> Vec<(usize, String)> {
    let is = |name: &str| Token::Name(name.to_string());
    let mut found = Vec::new();
    // Open braces, and how many were open where a module of tests began.
    let (mut open, mut tests) = (0, None);
    for (at, (line, token)) in tokens.iter().enumerate() {
        let before = |back: usize| at.checked_sub(back).map(|at| &tokens[at].1);
        match token {
            Token::Sign('{') => {
                if before(1) == Some(&is("tests")) && before(2) == Some(&is("mod")) && tests.is_none() {
                    tests = Some(open);
                }
                open += 1;
            }
            Token::Sign('}') => {
                open -= 1;
                tests = tests.filter(|began| *began < open);
            }
            Token::Name(name) if tests.is_none() => {
                let next = tokens.get(at + 1).map(|(_, token)| token);
                let called = before(1) == Some(&Token::Sign('.')) && next == Some(&Token::Sign('('));
                let float = before(2) == Some(&is("f32")) || before(2) == Some(&is("f64"));
                if called || float && before(1) == Some(&Token::Colons) {
                    found.push((*line, name.clone()));
                }
            }
            _ => {}
        }
    }
    found
}

/// How many `super` lead from a file's module to the crate's root.
fn depth(file: &str) -> usize {
    let folders = file.matches('/').count();
    match file.rsplit('/').next() {
        Some("lib.rs") => 0,
        Some("mod.rs") => folders,
        _ => folders + 1,
    }
}

fn crate_paths(file_depth: usize, tokens: &[(usize, Token)]) -> Vec<Path> {
    let mut found = Vec::new();
    let name = |at: usize| match tokens.get(at) {
        Some((_, Token::Name(name))) => name.as_str(),
        _ => "",
    };
    let sign =
        |at: usize, sign: char| matches!(tokens.get(at), Some((_, token)) if *token == Token::Sign(sign));
    // For each open brace, whether it is a module's.
    let mut braces: Vec<bool> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if sign(at, '{') {
            braces.push(at >= 2 && name(at - 2) == "mod");
        } else if sign(at, '}') {
            braces.pop();
        }
        let depth = file_depth + braces.iter().filter(|module| **module).count();
        let starts = at == 0 || tokens[at - 1].1 != Token::Colons;
        let mut end = at;
        if starts && ["self", "super"].contains(&name(at)) {
            let mut ups = usize::from(name(at) == "super");
            end += 1;
            while ups < depth && name(end + 1) == "super" && tokens[end].1 == Token::Colons {
                ups += 1;
                end += 2;
            }
            // A path that stays in its module concerns nobody else.
            end = if ups == depth && ups > 0 { end } else { at };
        } else if starts && name(at) == "crate" {
            // `pub(crate)` and `pub(in crate::a)` show, they do not use.
            let shown =
                at >= 2 && (sign(at - 1, '(') || name(at - 1) == "in") && tokens_before_are_pub(tokens, at);
            end = if shown { at } else { at + 1 };
        }
        if end == at {
            at += 1;
            continue;
        }
        let line = tokens[at].0;
        at = follow(tokens, end, line, Vec::new(), &mut found);
    }
    found
}

/// Whether `crate` at this place belongs to `pub(crate)` or `pub(in crate...)`.
fn tokens_before_are_pub(tokens: &[(usize, Token)], at: usize) -> bool {
    tokens[..at].iter().rev().take(3).any(|(_, token)| *token == Token::Name("pub".to_string()))
}

/// Reads on after the root or a name of a path; answers the place after the path.
fn follow(
    tokens: &[(usize, Token)],
    mut at: usize,
    mut line: usize,
    mut names: Vec<String>,
    found: &mut Vec<Path>,
) -> usize {
    while let Some((_, Token::Colons)) = tokens.get(at) {
        match tokens.get(at + 1) {
            Some((here, Token::Name(name))) => {
                line = *here;
                if name != "self" {
                    names.push(name.clone());
                }
                at += 2;
            }
            Some((here, Token::Sign('*'))) => {
                names.push("*".to_string());
                found.push(Path { line: *here, names });
                return at + 2;
            }
            Some((_, Token::Sign('{'))) => return group(tokens, at + 2, names, found),
            // Generic arguments: `Vec::<u8>`.
            _ => break,
        }
    }
    found.push(Path { line, names });
    at
}

/// Reads the inside of braces in a path; answers the place after the closing one.
fn group(tokens: &[(usize, Token)], mut at: usize, names: Vec<String>, found: &mut Vec<Path>) -> usize {
    while let Some((line, token)) = tokens.get(at) {
        let mut names = names.clone();
        match token {
            Token::Sign('}') => return at + 1,
            Token::Sign('*') => {
                names.push("*".to_string());
                found.push(Path { line: *line, names });
                at += 1;
            }
            Token::Name(name) if name == "as" => at += 2,
            Token::Name(name) => {
                if name != "self" {
                    names.push(name.clone());
                }
                at = follow(tokens, at + 1, *line, names, found);
            }
            _ => at += 1,
        }
    }
    at
}

fn tokens(text: &str) -> Vec<(usize, Token)> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        let rest = &chars[at..];
        let long = match rest {
            ['/', '/', ..] => rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()),
            ['/', '*', ..] => comment(rest),
            ['"', ..] => string(rest),
            ['b' | 'c', '"', ..] => 1 + string(&rest[1..]),
            ['b', '\'', ..] => 1 + character(&rest[1..]).unwrap_or(1),
            ['r', '"' | '#', ..] if raw_string(&rest[1..]).is_some() => 1 + raw_string(&rest[1..]).unwrap(),
            ['b' | 'c', 'r', '"' | '#', ..] if raw_string(&rest[2..]).is_some() => {
                2 + raw_string(&rest[2..]).unwrap()
            }
            // A lifetime's name is no identifier of anything; a label's neither.
            ['\'', ..] => character(rest).unwrap_or_else(|| 1 + word(&rest[1..])),
            [':', ':', ..] => {
                found.push((line, Token::Colons));
                2
            }
            [c, ..] if c.is_alphanumeric() || *c == '_' => {
                let long = word(rest);
                found.push((line, Token::Name(rest[..long].iter().collect())));
                long
            }
            [c, ..] => {
                if !c.is_whitespace() {
                    found.push((line, Token::Sign(*c)));
                }
                1
            }
            [] => break,
        };
        line += rest[..long].iter().filter(|c| **c == '\n').count();
        at += long;
    }
    found
}

fn word(rest: &[char]) -> usize {
    rest.iter().take_while(|c| c.is_alphanumeric() || **c == '_').count()
}

/// The length of a block comment, which may hold others.
fn comment(rest: &[char]) -> usize {
    let (mut at, mut open) = (0, 0);
    while at < rest.len() {
        match &rest[at..] {
            ['/', '*', ..] => (open, at) = (open + 1, at + 2),
            ['*', '/', ..] => (open, at) = (open - 1, at + 2),
            _ => at += 1,
        }
        if open == 0 {
            break;
        }
    }
    at
}

/// The length of a string, both quotes included.
fn string(rest: &[char]) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != '"' {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

/// The length of a raw string from its first `#` or quote; `None` for a raw identifier.
fn raw_string(rest: &[char]) -> Option<usize> {
    let hashes = rest.iter().take_while(|c| **c == '#').count();
    if rest.get(hashes) != Some(&'"') {
        return None;
    }
    let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let inside = &rest[hashes + 1..];
    let long = inside.windows(end.len()).position(|window| window == end)?;
    Some(hashes + 1 + long + end.len())
}

/// The length of a character literal; `None` for a lifetime.
fn character(rest: &[char]) -> Option<usize> {
    match rest {
        ['\'', '\\', ..] => Some(3 + rest[3..].iter().position(|c| *c == '\'')? + 1),
        ['\'', _, '\'', ..] => Some(3),
        _ => None,
    }
}
