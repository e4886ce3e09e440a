"""The weight and speed of the pages for people in a browser, and pictures of them.

    python bench/browser/pages.py INDEX [--rounds 5] [--words 60] [--content FOLDER]
    python bench/browser/pages.py INDEX --pictures bench/browser/pictures [--content FOLDER]

A server of its own is started on the index, and Chromium on its pages, from the loopback address. The home page: bytes,
layout shift and the largest paint in a new page each round, and the time of its answer. The search box: from the
press of a key to the frame that shows the suggestions, and that without the time of the request. GraphiQL: from opening
it to the first answer. Times are medians. With `--pictures`, pictures for the README are made instead.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
from playwright.sync_api import Browser, Page, sync_playwright

_PORT = 8976
_BASE = f"http://127.0.0.1:{_PORT}"
_SERVE = (sys.executable, "-c", "from gateway.cli.main import main; main()", "serve", "--port", str(_PORT))
_PATIENCE = 120.0
_ANSWERS = 100
_WORDS = ("facial", "market", "climate", "harbour", "election", "robot", "energy", "privacy", "football", "museum")

_LOADED = """
    () => new Promise((resolve) => {
        const found = { shift: 0, paint: 0 };
        new PerformanceObserver((list) => list.getEntries().forEach((entry) => (found.shift += entry.value)))
            .observe({ type: "layout-shift", buffered: true });
        new PerformanceObserver((list) => list.getEntries().forEach((entry) => (found.paint = entry.startTime)))
            .observe({ type: "largest-contentful-paint", buffered: true });
        const loaded = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
        const bytes = loaded.reduce((sum, entry) => sum + entry.transferSize, 0);
        setTimeout(() => resolve({ ...found, bytes, requests: loaded.length }), 500);
    })
"""
_WATCH = """
    () => {
        const box = document.querySelector("newsstand-search");
        const panel = box.shadowRoot.querySelector("[part=panel]");
        let pressed = 0;
        window.times = [];
        box.addEventListener("keydown", () => (pressed = performance.now()), { capture: true });
        new MutationObserver(() => {
            if (!panel.querySelector("[role=option]")) return;
            requestAnimationFrame(() => setTimeout(() => {
                const requests = performance.getEntriesByType("resource");
                const request = requests.filter(({ name }) => name.includes("suggest")).pop();
                if (!request || request.startTime < pressed) return;
                const whole = performance.now() - pressed;
                times.push([whole, whole - (request.responseEnd - request.startTime)]);
                performance.clearResourceTimings();
            }));
        }).observe(panel, { childList: true });
    }
"""


def main() -> None:
    """Measure, or make pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index")
    parser.add_argument("--content", default="nowhere", help="where the pictures of articles are")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--words", type=int, default=60, help="how many keys are pressed in the search box")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER")
    arguments = parser.parse_args()
    with _serving(arguments.index, arguments.content) as server, sync_playwright() as playwright:
        program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        if arguments.pictures:
            _take_pictures(browser, arguments.pictures)
        else:
            _measure_home(browser, server, arguments.rounds)
            _measure_box(browser, arguments.words)
            _measure_graphiql(browser, arguments.rounds)
        browser.close()


@contextmanager
def _serving(index: str, content: str) -> Iterator[int]:
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("wb") as log:
        process = subprocess.Popen((*_SERVE, "--index", index, "--content", content), stderr=log)
        try:
            deadline = time.monotonic() + _PATIENCE
            while not _is_ready():
                if time.monotonic() > deadline or process.poll() is not None:
                    sys.exit((Path(folder) / "log").read_text())
                time.sleep(0.1)
            yield process.pid
        finally:
            process.terminate()
            process.wait()


def _is_ready() -> bool:
    try:
        return httpx2.get(f"{_BASE}/readyz").is_success
    except httpx2.TransportError:
        return False


def _measure_home(browser: Browser, server: int, rounds: int) -> None:
    with httpx2.Client() as client:
        first = _answer_time(client)
        before = _processor_time(server)
        later = statistics.median(_answer_time(client) for _ in range(_ANSWERS))
        processor = (_processor_time(server) - before) / _ANSWERS
    print(
        f"home page: first answer {first:.1f} ms, later ones {later:.1f} ms, {processor:.1f} ms of them processor time"
    )
    loads = []
    for _ in range(rounds):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(_BASE)
        loads.append(page.evaluate(_LOADED))
        page.close()
    last = loads[-1]
    paint = statistics.median(load["paint"] for load in loads)
    shift = max(load["shift"] for load in loads)
    print(
        f"  {last['bytes']:,} bytes in {last['requests']} requests, layout shift {shift}, largest paint {paint:.0f} ms"
    )


def _processor_time(server: int) -> float:
    """The milliseconds of the processor that a process has taken (proc(5), fields 14 and 15)."""
    fields = Path(f"/proc/{server}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _answer_time(client: httpx2.Client) -> float:
    started = time.perf_counter()
    client.get(_BASE)
    return 1000 * (time.perf_counter() - started)


def _measure_box(browser: Browser, keys: int) -> None:
    page = browser.new_page()
    page.goto(_BASE)
    page.evaluate(_WATCH)
    box = page.get_by_role("combobox")
    pressed = 0
    while pressed < keys:
        for word in _WORDS:
            box.fill("")
            for letter in word[:4]:
                box.press(letter)
                page.wait_for_timeout(250)
                pressed += 1
    times = page.evaluate("times")
    whole, added = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"search box: {len(times)} keys, {whole:.1f} ms to the frame with suggestions, {added:.1f} ms in the browser")
    page.close()


def _measure_graphiql(browser: Browser, rounds: int) -> None:
    times = []
    for _ in range(rounds):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        started = time.perf_counter()
        page.goto(f"{_BASE}/graphql")
        _run_first_query(page)
        times.append(time.perf_counter() - started)
        page.close()
    print(f"GraphiQL: first answer {statistics.median(times):.1f} s after opening")


def _run_first_query(page: Page) -> None:
    page.get_by_role("region", name="Operation Editor").get_by_text("articles(").wait_for()
    page.get_by_role("button", name="Execute query").click()
    page.get_by_role("region", name="Result").get_by_text('"data"').wait_for()


def _take_pictures(browser: Browser, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    page.goto(_BASE)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / "home.png")
    page.set_viewport_size({"width": 760, "height": 620})
    box = page.get_by_role("combobox")
    box.fill("facial recogniton")
    box.press("Enter")
    page.get_by_role("option").first.wait_for()
    box.press("ArrowDown")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / "search-box.png")
    page.close()


if __name__ == "__main__":
    main()
