//! Prepares what Tauri embeds: permissions, icons, the built UI.

use std::path::Path;

fn main() {
    // The UI is built before the window is packaged; a build of the core alone needs no Node.
    let dist = Path::new("ui/dist");
    if !dist.join("index.html").exists() {
        let page = "<!doctype html><title>Tributary</title><p>Build the UI first: npm --prefix ui run build</p>";
        #[expect(
            clippy::disallowed_methods,
            reason = "build scripts have no library to write with"
        )]
        let written = std::fs::create_dir_all(dist)
            .and_then(|()| std::fs::write(dist.join("index.html"), page));
        if let Err(error) = written {
            println!("cargo::warning=ui/dist could not be prepared: {error}");
        }
    }
    println!("cargo::rerun-if-changed=ui/dist");
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(
            tauri_build::AppManifest::new()
                .permissions_path_pattern("./src-tauri/permissions/**/*"),
        );
    if let Err(error) = tauri_build::try_build(attributes) {
        panic!("the window's configuration is wrong: {error:#}");
    }
}
