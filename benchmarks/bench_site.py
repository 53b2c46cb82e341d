"""Measure how soon each page of a site is there when it is opened from disk, and how large the site is.

Run after a batch: ``python benchmarks/bench_site.py [--site results/standaard/site]``.
Prints a table: milliseconds until the page is parsed and until its scripts have run, the median of three
openings in Chromium at 1280 pixels.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
TIMES = """() => {
  const entry = performance.getEntriesByType('navigation')[0];
  return [entry.domInteractive, entry.loadEventEnd];
}"""
OPENINGS = 3
PAGES = tuple(
    "index compare flows map bottlenecks assets projects municipalities alignment data method".split()  # noqa: SIM905
)


def main() -> None:
    """Print seconds per page and megabytes per part of the site."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path, default=ROOT / "results" / "standaard" / "site")
    site = parser.parse_args().site.resolve()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        print(f"{'page':16}{'parsed, ms':>12}{'ready, ms':>12}")
        for name in PAGES:
            times = []
            for _ in range(OPENINGS):
                page = browser.new_page(viewport={"width": 1280, "height": 900})
                page.goto(f"{site.as_uri()}/{name}.html", wait_until="load", timeout=120_000)
                times.append(page.evaluate(TIMES))
                page.close()
            parsed, ready = (statistics.median(t[i] for t in times) for i in (0, 1))
            print(f"{name:16}{parsed:12.0f}{ready:12.0f}")
        browser.close()
    for part in ("data/assets", "data", "assets", ""):
        size = sum(path.stat().st_size for path in (site / part).rglob("*") if path.is_file())
        print(f"{part or 'whole site':16}{size / 1e6:12.1f} MB")


if __name__ == "__main__":
    main()
