# What `demo` and `test` share: saying what is done, and installing what is missing.
# Sourced, not run.

started=$SECONDS
say() { printf '%s [%3ds] %s\n' "──" "$((SECONDS - started))" "$*"; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "installing packages needs root: run this as root, or install sudo"
  fi
}

# Installs the Debian packages that are missing.
need_packages() {
  local missing=() name
  for name in "$@"; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  command -v apt-get >/dev/null || fail "these packages are missing, and this is no Debian: ${missing[*]}"
  say "installing Debian packages: ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Finds Rust, new enough for the workspace. Debian 13 has rustup, which installs the toolchain that
# rust-toolchain.toml names; Debian 12 has a current compiler in its security updates, under another
# name because browsers are built with it. That one comes without clippy.
need_rust() {
  [ -d "$HOME/.cargo/bin" ] && PATH="$HOME/.cargo/bin:$PATH"
  rust_is_new && return 0
  if command -v rustup >/dev/null || package_is_known rustup; then
    need_packages rustup
    say "installing the Rust toolchain that rust-toolchain.toml names"
    rustup toolchain install >/dev/null
  elif package_is_known rustc-web; then
    need_packages rustc-web cargo-web rustfmt-web
  fi
  rust_is_new ||
    fail "Rust $(rust_wanted) or newer is missing: install rustup (https://rustup.rs), then run this again"
}
rust_wanted() { sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml; }
rust_is_new() {
  local found
  command -v cargo >/dev/null && found=$(rustc --version 2>/dev/null | cut -d' ' -f2) &&
    [ "$(printf '%s\n' "$(rust_wanted)" "$found" | sort -V | head -n 1)" = "$(rust_wanted)" ]
}
# A bare machine has no lists of packages yet.
package_is_known() {
  command -v apt-get >/dev/null || return 1
  [ -n "$(ls /var/lib/apt/lists/*_Packages* 2>/dev/null)" ] || as_root apt-get update -qq
  [ -n "$(apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p' | grep -v '(none)')" ]
}

# Finds Node 20.19 or newer, which Vite needs; the npm registry has it as a package where Debian's
# is older.
need_node() {
  local tools=target/node
  [ -x "$tools/node_modules/.bin/node" ] && PATH="$PWD/$tools/node_modules/.bin:$PATH"
  if ! node_is_new; then
    command -v npm >/dev/null || need_packages nodejs npm
    if ! node_is_new; then
      say "installing Node 22 beside the build"
      mkdir -p "$tools"
      npm install --silent --no-audit --no-fund --prefix "$tools" node@22 >/dev/null
      PATH="$PWD/$tools/node_modules/.bin:$PATH"
      node_is_new || fail "Node 20.19 or newer is needed; found $(node --version 2>/dev/null || echo none)"
    fi
  fi
}
node_is_new() {
  command -v node >/dev/null && command -v npm >/dev/null &&
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
}

# Installs the UI's packages when the lock file changed.
need_ui_packages() {
  local stamp=ui/node_modules/.installed-for now
  now=$(sha256sum ui/package-lock.json | cut -d' ' -f1)
  [ "$(cat "$stamp" 2>/dev/null)" = "$now" ] && return 0
  say "installing the UI's Node packages"
  npm --prefix ui ci --silent --no-audit --no-fund
  echo "$now" >"$stamp"
}

# Installs the parsers that exports of the audit log are read back with, when their list changed.
need_audit_readers() {
  local list=crates/tributary/tests/audit/readers.txt
  local readers="${CARGO_TARGET_DIR:-target}/audit-readers"
  cmp -s "$list" "$readers/installed.txt" && return 0
  say "installing parsers of log formats beside the build"
  python3 -m venv "$readers"
  "$readers/bin/pip" install --quiet --disable-pip-version-check -r "$list"
  cp "$list" "$readers/installed.txt"
}

# What holds the workflows to GitHub's schema, which comes along with it.
need_workflow_schema() {
  local checker="${CARGO_TARGET_DIR:-target}/workflow-schema"
  [ -x "$checker/bin/check-jsonschema" ] && return 0
  say "installing the schema of workflows beside the build"
  python3 -m venv "$checker"
  "$checker/bin/pip" install --quiet --disable-pip-version-check check-jsonschema==0.39.0
}

# Installs what a package.json lists beside the build, under a name, when its lock file changed.
need_node_packages() {
  local source=$1 target="${CARGO_TARGET_DIR:-target}/$2" what=$3
  cmp -s "$source/package-lock.json" "$target/installed.json" && return 0
  say "installing $what beside the build"
  mkdir -p "$target"
  cp "$source/package.json" "$source/package-lock.json" "$target"
  npm --prefix "$target" ci --silent --no-audit --no-fund --ignore-scripts
  cp "$source/package-lock.json" "$target/installed.json"
}

# The authorization server that signing in is tested against.
need_oidc_server() {
  need_node_packages crates/tributary-testbed/server oidc-server \
    "an authorization server of other people"
}

# The examples that the conversion is tested with.
need_conversion_suite() {
  need_node_packages crates/tributary-pages/tests/suite conversion-suite \
    "the specification of CommonMark"
}

# Asciidoctor, whose words of a document ours are compared with.
need_asciidoctor() {
  need_node_packages crates/tributary-pages/tests/markup/asciidoctor asciidoctor "Asciidoctor"
}

# Unpacks Debian's OpenSSH server beside the build, with the libraries that are not here: installed, it
# would listen from then on. Where it cannot be fetched, what is tested with it is left out.
need_ssh_server() {
  local target="${CARGO_TARGET_DIR:-target}/sshd"
  if [ -x /usr/sbin/sshd ] || [ -x "$target/usr/sbin/sshd" ]; then return 0; fi
  package_is_known openssh-server || return 0
  say "unpacking OpenSSH's server beside the build"
  # Lists of packages that are old name versions that are gone.
  fetch_ssh_server "$target.new" 2>/dev/null ||
    { as_root apt-get update -qq && fetch_ssh_server "$target.new"; } ||
    return 0
  rm -rf "$target"
  mv "$target.new" "$target"
}
fetch_ssh_server() {
  local names
  rm -rf "$1"
  mkdir -p "$1"
  # With the libraries that installing it would add; of those that are here, a newer one could want
  # another C library.
  names=$(apt-get install --simulate -qq --no-install-recommends openssh-server |
    sed -n 's/^Inst \(lib[^ ]*\|openssh-server\) (.*/\1/p') && [ -n "$names" ] || return 1
  (
    cd "$1" || exit 1
    # shellcheck disable=SC2086 # Names are words.
    apt-get download -qq -o APT::Sandbox::User=root $names || exit 1
    for package in *.deb; do
      dpkg -x "$package" . && rm "$package" || exit 1
    done
  )
}

build_packages=(build-essential pkg-config curl git ca-certificates)
window_packages=(libwebkit2gtk-4.1-dev libayatana-appindicator3-1)
# What makes and checks a Debian package.
packaging_packages=(dpkg-dev binutils python3)
test_packages=(xvfb xauth dbus dbus-x11 webkit2gtk-driver gnome-keyring libsecret-tools
  xdg-utils desktop-file-utils appstream libglib2.0-bin man-db dunst python3-dbusmock python3 python3-venv fonts-dejavu-core
  openssh-client)
