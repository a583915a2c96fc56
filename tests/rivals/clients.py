"""The three clients that none of us wrote: installing them, and how each is told where to publish.

Nothing of them is changed. Each gets its own environment below target/rivals, with the versions
pinned beside this file.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
STORE = ROOT / "target" / "rivals"
USER, TOKEN = "author@example.com", "sandbox-token"


def install():
    """Installs the clients; quick when the pinned versions are there already."""
    STORE.mkdir(parents=True, exist_ok=True)
    for name in ("md2conf", "md2cf"):
        wanted = HERE / f"{name}.txt"
        home = STORE / name
        if _is_fresh(home, wanted):
            continue
        print(f"   installing {name}", flush=True)
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([home / "bin/pip", "install", "-q", "-r", wanted], check=True)
        _mark(home, wanted)
    home = STORE / "markdown-confluence"
    lock = HERE / "node" / "package-lock.json"
    if not _is_fresh(home, lock):
        print("   installing markdown-confluence", flush=True)
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(HERE / "node", home)
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=home, check=True)
        _mark(home, lock)


def _digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _is_fresh(home, wanted):
    stamp = home / ".installed-for"
    return stamp.exists() and stamp.read_text() == _digest(wanted)


def _mark(home, wanted):
    (home / ".installed-for").write_text(_digest(wanted))


class Sandbox:
    """The sandbox as a process of its own."""

    def __init__(self, binary):
        self.process = subprocess.Popen(
            [binary, "sandbox", "--port", "0", "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        text = ""
        for line in self.process.stdout:
            text += line
            if line.strip() == "}":
                break
        self.base = json.loads(text)["base_url"]

    def call(self, path, body=None, method=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, method=method)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request) as answer:
            read = answer.read()
        return json.loads(read) if read else None

    def pages(self, space, product="cloud"):
        return self.call(f"/_sandbox/pages?space={space}&product={product}")

    def home(self, space, product="cloud"):
        return next(page["id"] for page in self.pages(space, product) if page["parent_id"] is None)

    def reset(self):
        self.call("/_sandbox/reset", {}, "POST")

    def latency(self, milliseconds):
        self.call("/_sandbox/latency", {"milliseconds": milliseconds}, "POST")

    def requests(self):
        return self.call("/_sandbox/requests")

    def forget_requests(self):
        self.call("/_sandbox/requests", method="DELETE")

    def stop(self):
        self.process.terminate()
        self.process.wait()


def md2conf(sandbox, folder, space):
    """PyPI markdown-to-confluence, through v2. Writes page ids into the sources."""
    environment = {
        "CONFLUENCE_API_URL": f"{sandbox.base}/wiki/",
        "CONFLUENCE_API_KEY": TOKEN,
        "CONFLUENCE_USER_NAME": USER,
        "CONFLUENCE_SPACE_KEY": space,
    }
    home = sandbox.home(space)
    command = [STORE / "md2conf/bin/md2conf", folder, "--root-page", home]
    command += ["--no-render-mermaid", "--no-force-valid-url", "-l", "warning"]
    return command, environment, ROOT


def md2cf(sandbox, folder, space):
    """PyPI md2cf, through v1 of Data Center."""
    command = [STORE / "md2cf/bin/md2cf", "--host", f"{sandbox.base}/confluence/rest/api"]
    command += ["--username", USER, "--password", TOKEN, "--space", space, "--only-changed", folder]
    return command, {}, ROOT


def markdown_confluence(sandbox, folder, space):
    """npm @markdown-confluence/cli, through v1 of Cloud, in ADF."""
    environment = {
        "CONFLUENCE_BASE_URL": sandbox.base,
        "CONFLUENCE_PARENT_ID": sandbox.home(space),
        "ATLASSIAN_USERNAME": USER,
        "ATLASSIAN_API_TOKEN": TOKEN,
        "FOLDER_TO_PUBLISH": ".",
        "CONFLUENCE_CONTENT_ROOT": f"{folder}/",
    }
    entry = STORE / "markdown-confluence/node_modules/@markdown-confluence/cli/dist/index.js"
    return ["node", entry], environment, folder


CLIENTS = {"md2conf": md2conf, "md2cf": md2cf, "markdown-confluence": markdown_confluence}


def environment_with(more):
    """The environment of a client: ours without anything that says where Confluence is."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("CONFLUENCE_", "ATLASSIAN_", "TRIBUTARY_"))}
    return {**kept, **more, "NO_COLOR": "1"}
