//! How servers are reached, over real TLS and through real proxies on this machine.
//!
//! - `reach`: whom the client trusts, what it shows, which way it takes, and who decides.
//! - `doctor`: which step on the way is said to fail.
//! - `scripts`: proxies that a script chooses.
//! - `updates`: newer versions of the program, right ones and others.

mod doctor;
mod reach;
mod scripts;
mod updates;
