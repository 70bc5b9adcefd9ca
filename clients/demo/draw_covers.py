"""Draw the covers of the demo's articles: `python -m clients.demo.draw_covers [path of chromium]`.

Chromium renders each SVG at twice its size and Pillow keeps it as WebP. Every bit of chance is seeded with the picture's
name, so that drawing again gives the same picture.
"""

import io
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

from PIL import Image
from playwright.sync_api import sync_playwright

from clients.demo.drawing import harbour, willow
from clients.demo.drawing.shapes import HEIGHT, WIDTH, picture

COVERS = Path(__file__).parent / "covers"

PICTURES: dict[str, Callable[[Random], str]] = {
    "willow-nobody-keeping-count": willow.bench,
    "willow-who-hears-your-no-first": willow.coat,
    "willow-worry-at-three": willow.lamp,
    "willow-kitchen-sheet": willow.kitchen_sheet,
    "willow-the-second-cup": willow.second_cup,
    "willow-how-heavy-before-you-ask": willow.stairs,
    "willow-anger-in-front-of": willow.kettle,
    "harbour-heard-to-the-end": harbour.two_chairs,
    "harbour-who-goes-first": harbour.rain,
    "harbour-a-town-stays-strange": harbour.harbour_lights,
    "harbour-who-else-is-at-the-table": harbour.kite,
    "harbour-if-they-knew": harbour.boats,
    "harbour-a-path-through-the-reeds": harbour.reeds,
}


def draw_all(chromium: str) -> None:
    """Draw every cover into `covers/`, replacing what is there."""
    COVERS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=2)
        for name, draw in PICTURES.items():
            page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{picture(draw(Random(name)))}")  # noqa: S311 chance, not secrecy
            large = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            large.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(COVERS / f"{name}.webp", quality=82, method=6)
        browser.close()


if __name__ == "__main__":
    draw_all(*sys.argv[1:] or ["/usr/bin/chromium"])
