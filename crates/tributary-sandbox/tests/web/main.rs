//! The pages a person opens in a browser, on a running sandbox.

mod browser;
mod pages;
