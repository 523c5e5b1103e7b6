"""python -m tests.browser.preview: the picture that other sites show beside a link to the draw page."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import FloatRect, expect, sync_playwright

from app.settings import ROOT
from tests.browser.conftest import ARGUMENTS, chromium
from tests.support.hand import SEVEN, draw_with_mouse
from tests.support.server import running_server

PREVIEW = ROOT / "static" / "draw" / "preview.png"
# The page below its header, in the size that og:image:width and og:image:height say.
CLIP: FloatRect = {"x": 0, "y": 56, "width": 1200, "height": 630}


def main() -> None:
    with tempfile.TemporaryDirectory() as state, running_server(Path(state)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1200, "height": 720}, reduced_motion="reduce")
        page.goto(server.url)
        draw_with_mouse(page, SEVEN)
        page.reload(wait_until="networkidle")  # so that the answer is to the whole drawing
        expect(page.locator(".answer-sentence")).to_have_text("More than 99% sure")
        picture = page.screenshot(clip=CLIP)
        browser.close()
    with Image.open(io.BytesIO(picture)) as image:
        image.quantize(128).save(PREVIEW, optimize=True)


if __name__ == "__main__":
    main()
