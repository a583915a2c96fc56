//! The two body formats: what the stand-in accepts, and what a reader is shown.

mod accepted;
mod adf;
mod converted;
mod inert;
mod shown;
mod surroundings;
