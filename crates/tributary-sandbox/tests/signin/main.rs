//! The sign-in servers over HTTP, as an application and the person at the browser see them.

mod application;
mod cloud;
mod data_center;
mod hosts;
mod whole;
