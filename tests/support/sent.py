"""Pictures that are laid on the sheet, and those that a page sends: Playwright does not tell a body that is a Blob."""

from __future__ import annotations

import base64
import io

from PIL import Image, ImageDraw
from playwright.sync_api import Page

from tests.support.hand import Stroke

SIDE, PEN = 280, 20


def picture_of(stroke: Stroke, form: str = "PNG") -> bytes:
    """A picture file of a stroke, twice as large as the page's own."""
    sheet = Image.new("L", (SIDE, SIDE), 255)
    ImageDraw.Draw(sheet).line([(x * SIDE, y * SIDE) for x, y in stroke], fill=0, width=PEN, joint="curve")
    content = io.BytesIO()
    sheet.save(content, form)
    return content.getvalue()


def lay(page: Page, picture: bytes, kind: str = "image/png") -> None:
    """On the sheet of the draw page, as a chosen file: it is sent as it is, and once."""
    page.locator("#upload").set_input_files({"name": "picture", "mimeType": kind, "buffer": picture})


def keep_sent_pictures(page: Page) -> None:
    """From now on, for `sent_picture`."""
    page.evaluate(
        """() => {
            const ask = window.fetch;
            window.sent = {};
            window.fetch = (path, options) => {
                if (options?.body instanceof Blob) window.sent[path] = options.body;
                return ask(path, options);
            };
        }"""
    )


def sent_picture(page: Page, path: str) -> bytes:
    """The last one sent to a path with its query."""
    encoded = page.evaluate(
        """async (path) => {
            const bytes = new Uint8Array(await window.sent[path].arrayBuffer());
            return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ""));
        }""",
        path,
    )
    return base64.b64decode(encoded)
