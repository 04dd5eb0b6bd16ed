"""How heavy a page is on first view, how soon it paints, and whether it moves: `python benchmarks/pages.py`.

The site as `make run` serves it, from a base of its own in a temporary folder, in a Chromium that has seen nothing.
Bytes are those on the wire, compressed, without fonts for scripts other than the page's own. The first contentful paint
is set against that of a bare page (/healthz) in the same run. Ends with 1 when a page of a claim or a timeline is
heavier than 100 kB, or when anything moves after it was painted.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PAGES = (
    "/", "/claims/c2a583mq56/", "/bn/claims/c2a583mq56/", "/timelines/deepseek/", "/hi/timelines/deepseek/",
    "/vi/timelines/export-controls/", "/disputes/cost-of-deepseek-v3/", "/companies/deepseek/", "/claims/",
)  # fmt: skip
BOUND = ("claims/c", "timelines/")  # pages that must be lighter than HEAVIEST
HEAVIEST = 100_000  # bytes
ROUNDS = 5
LATIN = ("latin-4", "latin-6")  # in the names of files: basic Latin in both weights
OWN_SCRIPT = {"bn": (*LATIN, "bengali"), "hi": (*LATIN, "devanagari"), "vi": (*LATIN, "vietnamese")}
OBSERVED = """() => new Promise(done => {
  let moved = 0, painted = 0;
  new PerformanceObserver(list => list.getEntries().forEach(one => { moved += one.value }))
    .observe({type: "layout-shift", buffered: true});
  new PerformanceObserver(list => list.getEntries().forEach(one => {
    if (one.name === "first-contentful-paint") painted = one.startTime }))
    .observe({type: "paint", buffered: true});
  setTimeout(() => done([painted, moved]), 400);
})"""


def served(folder: str) -> tuple[subprocess.Popen[bytes], str]:
    """The running site and its address; Raises TimeoutError when it does not answer within two minutes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    settings = {
        "CLAIMBOOK_DATA": folder, "DEBUG": "false", "SECRET_KEY": "only for this run", "HTTPS": "false",
        "ALLOWED_HOSTS": "127.0.0.1", "HOST": "127.0.0.1", "PORT": port,
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"], cwd=ROOT, env=os.environ | settings, stdout=subprocess.DEVNULL
    )
    for _second in range(120):
        time.sleep(1)
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return process, f"http://127.0.0.1:{port}"
        except OSError:
            continue
    process.terminate()
    raise TimeoutError("the site did not answer")


def first_view(browser: Browser, address: str, path: str) -> tuple[int, int, float, float]:
    """Bytes on the wire, requests, milliseconds to the first contentful paint, and how much moved."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    names: dict[str, str] = {}
    sizes: dict[str, int] = {}
    session.on(
        "Network.requestWillBeSent", lambda one: names.update({one["requestId"]: one["request"]["url"]})
    )

    def finished(one: dict[str, Any]) -> None:
        sizes[one["requestId"]] = int(one["encodedDataLength"])

    session.on("Network.loadingFinished", finished)
    page.goto(address + path)
    page.wait_for_load_state("networkidle")
    painted, moved = page.evaluate(OBSERVED)
    context.close()
    own = OWN_SCRIPT.get(path.split("/")[1], LATIN)
    counted = [size for key, size in sizes.items() if not _foreign(names.get(key, ""), own)]
    return sum(counted), len(counted), float(painted), float(moved)


def _foreign(name: str, own: Sequence[str]) -> bool:
    """Whether a file is a font for letters other than those of the page's language; Latin ones are on every page."""
    return name.endswith(".woff2") and not any(script in name for script in own)


def main() -> int:
    chromium = shutil.which("chromium")
    if chromium is None:
        print("chromium is missing: apt-get install chromium")
        return 1
    broken = 0
    with tempfile.TemporaryDirectory() as folder:
        process, address = served(folder)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                bare = median(first_view(browser, address, "/healthz")[2] for _ in range(ROUNDS))
                print(f"{'page':36} {'kB':>6} {'files':>5} {'paint ms':>9} {'to bare':>8} {'moved':>6}")
                for path in PAGES:
                    views = [first_view(browser, address, path) for _ in range(ROUNDS)]
                    size, files = views[0][:2]
                    painted, moved = median(one[2] for one in views), max(one[3] for one in views)
                    print(
                        f"{path:36} {size / 1000:6.1f} {files:5} {painted:9.0f} {painted / bare:8.1f} {moved:6.3f}"
                    )
                    heavy = any(part in path for part in BOUND) and size > HEAVIEST
                    broken += heavy or moved > 0
                browser.close()
        finally:
            process.terminate()
            process.wait(30)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
