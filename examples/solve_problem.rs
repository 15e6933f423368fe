//! Solves a Minimum Distortion Embedding problem written by another program, to compare the answers.
//!
//! usage: cargo run --release --example solve_problem -- PROBLEM.csv [ITERATIONS] [DIM] [START.f32]
//!
//! PROBLEM.csv has the columns i,j,weight: pairs of items, weight above 0 attracts, below 0 repels. The penalties are
//! PyMDE's defaults, Log1p and Log. START.f32 holds the start as little-endian 32-bit floats, row by row; normal numbers
//! without it. Prints the average distortion after each doubling of iterations. benches/reference/mde_compare.py runs
//! PyMDE beside it. From an .npz of PyMDE with `edges` and `weights`, a problem is written by
//!
//! ```python
//! z = numpy.load("OUT.npz", allow_pickle=True)
//! numpy.savetxt("PROBLEM.csv", numpy.c_[z["edges"], z["weights"]], fmt="%g", delimiter=",", header="i,j,weight", comments="")
//! ```
#![allow(clippy::disallowed_methods)] // A clock is what this program is for.

use archipelago::embed::{EmbedOptions, Penalty, Problem, Status, center};
use archipelago::graph::NeighborPairs;
use archipelago::random::{Rng, Use};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = arguments.first().ok_or("the path of a problem is missing: i,j,weight rows")?;
    let iterations: u32 = arguments.get(1).map_or(Ok(500), |s| s.parse())?;
    let dim: u32 = arguments.get(2).map_or(Ok(3), |s| s.parse())?;

    let (mut similar, mut dissimilar) = (NeighborPairs::default(), Vec::new());
    let mut n_items = 0;
    for line in std::fs::read_to_string(path)?.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let [i, j, weight] = fields[..] else { return Err(format!("not i,j,weight: {line}").into()) };
        let (i, j, weight): (u32, u32, f32) = (i.parse()?, j.parse()?, weight.parse()?);
        n_items = n_items.max(i as usize + 1).max(j as usize + 1);
        if weight > 0.0 {
            similar.pairs.push([i.min(j), i.max(j)]);
            similar.weights.push(weight);
        } else {
            dissimilar.push([i.min(j), i.max(j)]);
        }
    }
    println!("{n_items} items, {} similar pairs, {} dissimilar pairs", similar.pairs.len(), dissimilar.len());

    let options =
        EmbedOptions { dim, max_iterations: iterations, min_decrease: 0.0, ..EmbedOptions::default() };
    let mut rng = Rng::stream(1, Use::EmbedStart, 0);
    let mut x: Vec<f32> = match arguments.get(3) {
        Some(path) => {
            std::fs::read(path)?.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect()
        }
        None => (0..n_items * dim as usize).map(|_| rng.normal()).collect(),
    };
    if x.len() != n_items * dim as usize {
        return Err(format!("the start has {} numbers, not {n_items} x {dim}", x.len()).into());
    }
    center(&mut x, dim as usize);
    let problem = Problem::new(n_items, dim as usize, similar, &dissimilar, Penalty::LOG1P, Penalty::LOG);
    let mut status = Status::new(problem, &x, &options);
    let begin = Instant::now();
    let mut until = 1;
    while !status.is_finished() {
        status.run(&mut x, until.min(iterations as usize));
        println!(
            "{:>6} iterations {:>8.3} s   average distortion {:.6}   gradient norm {:.2e}",
            status.iteration(),
            begin.elapsed().as_secs_f64(),
            status.average_distortion(),
            status.gradient_norm()
        );
        until *= 2;
    }
    Ok(())
}
