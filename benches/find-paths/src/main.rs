//! How long finding a file takes as somebody types, keystroke by keystroke, among many paths.
//!
//!     cargo run --release --manifest-path benches/find-paths/Cargo.toml -- [FILE]
//!
//! FILE has a path per line, for example of `git ls-files`; without one, 100,000 paths as large
//! repositories have them are made up. A keystroke has to be answered within a frame of 16 ms.

#[path = "../../../crates/tributary/src/browse/paths.rs"]
#[expect(dead_code, reason = "the library uses all of it")]
mod paths;

use std::time::{Duration, Instant};

use paths::Paths;

/// What somebody types, each beginning of it a keystroke.
const TYPED: [&str; 6] = [
    "readme",
    "service architecture md",
    "a",
    "docs/payment/deploy-guide",
    "PaymentGateway",
    "zzqx",
];

fn made_up() -> Vec<String> {
    let folders = ["docs", "services", "packages", "guides", "architecture", "decisions", "runbooks"];
    let things = ["payment", "gateway", "order", "customer", "deploy", "index", "search", "ledger", "session", "tenant"];
    let endings = ["README.md", "overview.md", "PaymentGateway.java", "deploy-guide.md", "diagram.puml", "values.yaml", "logo.svg"];
    (0..100_000)
        .map(|number| {
            let (folder, thing) = (folders[number % 7], things[number / 7 % 10]);
            let (other, ending) = (things[number / 70 % 10], endings[number / 700 % 7]);
            format!("{folder}/{thing}-service/{other}-{}/{ending}", number / 4900)
        })
        .collect()
}

fn main() {
    let file = std::env::args().nth(1);
    let lines = match &file {
        Some(file) => std::fs::read_to_string(file)
            .expect("the file is read")
            .lines()
            .map(str::to_owned)
            .collect(),
        None => made_up(),
    };
    let began = Instant::now();
    let paths = Paths::new(lines.iter().map(String::as_str));
    println!("{} paths, taken in {:.1} ms", paths.len(), milliseconds(began.elapsed()));
    let mut slowest = Duration::ZERO;
    for typed in TYPED {
        let mut times = vec![Duration::MAX; typed.len()];
        let mut fitting = 0;
        // The fastest of seven rounds: what else the machine does counts for nobody.
        for _ in 0..7 {
            paths.find("", 0);
            for end in 1..=typed.len() {
                let began = Instant::now();
                fitting = paths.find(&typed[..end], 200).fitting;
                times[end - 1] = times[end - 1].min(began.elapsed());
            }
        }
        let most = times.iter().max().copied().unwrap_or_default();
        let at = times.iter().position(|time| *time == most).unwrap_or_default();
        slowest = slowest.max(most);
        println!(
            "{typed:<28} {:>2} keys, slowest {:>6.2} ms at `{}`, {fitting:>6} fit in the end",
            times.len(),
            milliseconds(most),
            typed.get(..=at).unwrap_or(typed)
        );
    }
    println!("the slowest keystroke: {:.2} ms (a frame has 16 ms)", milliseconds(slowest));
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
