//! Doors for the fuzzer (`tests/fuzz`) to what nobody else calls: there only when it is built.

use gix::bstr::BStr;

use super::submodules;

/// The address of the submodule at a path, out of `.gitmodules`.
pub fn address_of(modules: &[u8], path: &BStr, own: Option<&str>) -> Option<String> {
    submodules::address_of(modules, path, own)
}
