//! t-SNE: how points push each other: exactly, by the grid and by the tree.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::project::tsne::exact;
use archipelago::project::tsne::interpolation::Grid;
use archipelago::project::tsne::kernel::Kernel;
use archipelago::project::tsne::tree::Tree;
use common::{bits, blobs, on_any_threads};

/// `n` points of several sizes of groups, as wide as `width`.
fn scattered(seed: u64, n: usize, width: f32) -> Vec<[f32; 2]> {
    let centers = [[0.0, 0.0], [0.3, 0.1], [0.1, 0.4], [-0.4, -0.3], [-0.2, 0.45]];
    let points: Vec<f32> = blobs(seed, &centers, n / centers.len(), 0.05);
    points.as_chunks::<2>().0.iter().map(|p| p.map(|v| v * width)).collect()
}

/// Sum over all others of w^(1 + 1/a) (y_i - y_j), and of w over all pairs; in f64, as it is written.
fn slow_push(points: &[[f32; 2]], degrees: f64) -> (Vec<[f64; 2]>, f64) {
    let mut z = 0.0;
    let push = |i: usize| {
        let mut force = [0.0; 2];
        for j in (0..points.len()).filter(|&j| j != i) {
            let d = [0, 1].map(|c| f64::from(points[i][c]) - f64::from(points[j][c]));
            let w = (1.0 + (d[0] * d[0] + d[1] * d[1]) / degrees).powf(-degrees);
            z += w;
            (0..2).for_each(|c| force[c] += w.powf(1.0 + 1.0 / degrees) * d[c]);
        }
        force
    };
    ((0..points.len()).map(push).collect(), z)
}

/// The root mean square of the difference, by that of the values.
fn relative_error(found: &[[f32; 2]], want: &[[f64; 2]]) -> f64 {
    let square = |v: f64| v * v;
    let pairs = || found.as_flattened().iter().zip(want.as_flattened());
    let error: f64 = pairs().map(|(a, b)| square(f64::from(*a) - b)).sum();
    (error / pairs().map(|(_, b)| square(*b)).sum::<f64>()).sqrt()
}

#[test]
fn exact_push_is_the_sum() {
    for degrees in [1.0, 0.5, 3.0] {
        for n in [5, 45, 300] {
            let points = scattered(n as u64, n, 20.0);
            let (want, z) = slow_push(&points, degrees);
            let mut found = vec![[0.0; 2]; n];
            let found_z = exact::push(&points, Kernel::new(degrees), &mut found);
            assert!((found_z / z - 1.0).abs() < 1e-5, "{found_z} {z}");
            assert!(relative_error(&found, &want) < 1e-5);
        }
    }
}

/// From the start, which is tiny, over what layouts are like, to one that is wider than the largest grid. openTSNE 1.0.4
/// has 0.004, 0.022 and 0.043 at widths of 30, 100 and 250, of points made alike.
#[test]
fn the_grid_is_the_exact_sum() {
    let mut grid = Grid::new(Kernel::new(1.0));
    for (width, most) in
        [(1e-3, 1e-5), (1.0, 1e-5), (30.0, 2e-3), (100.0, 1e-2), (250.0, 4e-2), (2000.0, 2.0)]
    {
        let points = scattered(7, 3000, width);
        let (want, z) = slow_push(&points, 1.0);
        let mut found = vec![[0.0; 2]; points.len()];
        let found_z = grid.push(&points, &mut found);
        let error = relative_error(&found, &want);
        println!("width {width}: push {error:.2e}, Z {:.2e}", found_z / z - 1.0);
        let of_z = (found_z / z - 1.0).abs();
        assert!(error < most && of_z < 0.5 * most, "width {width}: {error} {of_z}");
    }
}

/// In the plane and in space; points in one place, too.
#[test]
fn the_tree_is_the_exact_sum() {
    fn check<const D: usize>(points: &[[f32; D]], degrees: f64, what: &str) {
        let kernel = Kernel::new(degrees);
        let (mut want, mut found) = (vec![[0.0; D]; points.len()], vec![[0.0; D]; points.len()]);
        let z = exact::push(points, kernel, &mut want);
        let mut tree = Tree::new(kernel);
        for _ in 0..2 {
            let found_z = tree.push(points, &mut found);
            let square = |v: f32| f64::from(v) * f64::from(v);
            let pairs = || found.as_flattened().iter().zip(want.as_flattened());
            let error: f64 = pairs().map(|(a, b)| square(a - b)).sum();
            let all: f64 = pairs().map(|(_, b)| square(*b)).sum();
            let error = (error / all.max(1e-30)).sqrt();
            let of_z = if z > 1.0 { (found_z / z - 1.0).abs() } else { 0.0 };
            println!("{what}, {D} dimensions, {degrees} degrees: push {error:.2e}, Z {of_z:.2e}");
            assert!(error < 0.02 && of_z < 0.01, "{what}, {D} dimensions: {error} {of_z}");
        }
    }
    for width in [1e-3, 1.0, 30.0, 250.0] {
        for degrees in [1.0, 0.5] {
            let plane = scattered(7, 3000, width);
            let space: Vec<[f32; 3]> =
                plane.iter().zip(scattered(8, 3000, width)).map(|(p, q)| [p[0], p[1], q[0]]).collect();
            check(&plane, degrees, &format!("width {width}"));
            check(&space, degrees, &format!("width {width}"));
        }
    }
    let mut copies = vec![[3.0f32, -1.0, 2.0]; 500];
    check(&copies, 1.0, "all in one place");
    copies.extend(scattered(2, 100, 50.0).iter().map(|p| [p[0], p[1], 0.0]));
    check(&copies, 1.0, "many in one place");
}

#[test]
fn the_tree_walks_in_pieces() {
    let points = scattered(7, 5000, 40.0);
    let (mut want, mut found) = (vec![[0.0; 2]; 5000], vec![[0.0; 2]; 5000]);
    let mut tree = Tree::new(Kernel::new(1.0));
    let z = tree.push(&points, &mut want);
    for most in [1, 700, 5000] {
        tree.build(&points);
        let mut pieces = 1;
        while !tree.walk(most) {
            pieces += 1;
        }
        assert_eq!(pieces > 5, most < 5000, "{most} points at once");
        assert_eq!((tree.finish(&mut found).to_bits(), &found), (z.to_bits(), &want));
    }
}

/// From so many points on that there are several units of work.
#[test]
fn pushes_have_the_same_bits_on_any_threads() {
    let points = scattered(7, 5000, 40.0);
    let kernel = Kernel::new(1.0);
    let pushed = |push: &dyn Fn(&mut [[f32; 2]]) -> f64| {
        let mut out = vec![[0.0; 2]; points.len()];
        let z = push(&mut out);
        (bits(out.as_flattened()), z.to_bits())
    };
    on_any_threads(|| pushed(&|out| exact::push(&points, kernel, out)));
    on_any_threads(|| pushed(&|out| Grid::new(kernel).push(&points, out)));
    on_any_threads(|| pushed(&|out| Tree::new(kernel).push(&points, out)));
}
