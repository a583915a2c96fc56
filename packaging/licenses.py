"""Prints the licenses of everything that is part of the two programs: libraries of Rust, of the web
UI, and what pictures are drawn with. Reads what the build has on this machine; asks nobody."""

import hashlib
import json
import pathlib
import subprocess
import sys

NAMES = ("license", "licence", "copying", "notice", "unlicense", "copyright")


def texts_below(folder):
    """The texts that lie beside a library's manifest."""
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name.lower().startswith(NAMES):
            yield path.read_text(encoding="utf-8", errors="replace").strip()


def rust_libraries():
    """What `cargo` puts into the programs: no tests, no build scripts, nothing of other systems."""
    host = subprocess.run(["rustc", "-vV"], check=True, capture_output=True, text=True).stdout
    host = next(line.split()[1] for line in host.splitlines() if line.startswith("host:"))
    told = subprocess.run(
        ["cargo", "metadata", "--format-version=1", "--locked", "--offline", "--filter-platform", host],
        check=True, capture_output=True, text=True,
    ).stdout
    told = json.loads(told)
    packages = {package["id"]: package for package in told["packages"]}
    needs = {node["id"]: node["deps"] for node in told["resolve"]["nodes"]}
    programs = {"tributary-desktop", "tributary-cli"}
    waiting = [one for one in told["workspace_members"] if packages[one]["name"] in programs]
    seen = set()
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        for need in needs[one]:
            if any(kind["kind"] is None for kind in need["dep_kinds"]):
                waiting.append(need["pkg"])
    for one in seen - set(told["workspace_members"]):
        package = packages[one]
        folder = pathlib.Path(package["manifest_path"]).parent
        yield package["name"], package["version"], package["license"] or "see the text", folder


def ui_libraries():
    """What the web UI is built with and carries; its tools are no part of it."""
    wanted = json.loads(pathlib.Path("ui/package.json").read_text())
    names = {*wanted.get("dependencies", {}), "svelte"}
    for name in names:
        folder = pathlib.Path("ui/node_modules") / name
        manifest = json.loads((folder / "package.json").read_text())
        yield name, manifest["version"], manifest["license"], folder


def pictures():
    """Fonts and the program that draws graphs."""
    assets = pathlib.Path("crates/tributary-diagrams/assets")
    for path in sorted((assets / "fonts/licenses").iterdir()):
        yield path.stem, path.read_text(encoding="utf-8").strip()
    for name in ("NOTICE", "LICENSE"):
        path = assets / "graphviz" / name
        yield f"Graphviz, {name}", path.read_text(encoding="utf-8").strip()


def main():
    libraries = sorted([*rust_libraries(), *ui_libraries()], key=lambda library: library[:2])
    users = {}
    print("What Tributary is made with, and under which licenses\n")
    for name, version, license_, folder in libraries:
        print(f"{name} {version}: {license_}")
        for text in texts_below(folder):
            key = hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
            users.setdefault(key, (text, []))[1].append(f"{name} {version}")
    for name, text in pictures():
        users[name] = (text, [name])
    for text, names in sorted(users.values(), key=lambda entry: entry[1]):
        print(f"\n{'=' * 80}\n{', '.join(names)}\n{'-' * 80}\n{text}")
    if len(libraries) < 100:
        sys.exit("error: hardly any library was found, which cannot be all of them")


main()
