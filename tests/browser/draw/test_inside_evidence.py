"""Why this answer: what the page says of each pixel is the slope of the score, and its dab changes the answer."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import Page, Route, expect

from app.images import drawing
from app.images.normalise import normalise
from app.network.network import Network
from app.network.weights import read_weights
from app.settings import ROOT
from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.support.hand import ONE, SEVEN, THREE, draw_with_mouse
from tests.support.sent import SIDE, lay, picture_of
from tests.support.server import RunningServer

Numbers = NDArray[np.float64]
MIND = "**/lessons/mind?*"
EVIDENCE = "**/lessons/evidence?*"
# Straightened on its way to the input, so that what lies on the input lies askew on the sheet.
SLANTED = [(x + 0.5 * (0.5 - y), y) for x, y in SEVEN]
ROWS = ("for", "against", "rest", "score")


@pytest.fixture
def section(sheet: Page) -> Page:
    """The shared draw page with the section open and a clear sheet."""
    return sheet if sheet.locator(".inside-evidence").is_visible() else opened(sheet)


def opened(page: Page) -> Page:
    page.locator("details[data-module=evidence] > summary").click()
    return page


def exact(name: str) -> Network:
    """The served network in float64, which a central difference needs."""
    served = read_weights(ROOT / "models" / f"{name}.safetensors").network
    return Network(served.sizes, served.activation.name, served.cost.name, served.parameters.astype(np.float64))


def input_of(picture: bytes) -> Numbers:
    return np.asarray(normalise(drawing.read(picture))[0], np.float64)


def scores(network: Network, x: Numbers) -> Numbers:
    """Of n inputs (n, 784): each digit's weighted input less the mean of all ten, (n, 10)."""
    weights, biases = network.layers[-1]
    z = network.activations(x)[-2] @ weights.T + biases
    return np.asarray(z - z.mean(axis=1, keepdims=True))


def evidence(network: Network, x: Numbers, digit: int, h: float = 1e-5) -> Numbers:
    """Ink times the slope of the score, (784,), by central differences."""
    steps = h * np.eye(len(x))
    slopes = (scores(network, x + steps)[:, digit] - scores(network, x - steps)[:, digit]) / (2 * h)
    return np.asarray(x * slopes)


def sums(network: Network, x: Numbers, digit: int) -> list[float]:
    """As the table has them: for, against, biases, score."""
    found, score = evidence(network, x, digit), scores(network, x[None])[0, digit]
    return [found[found > 0].sum(), found[found < 0].sum(), score - found.sum(), score]


def column(page: Page, number: int) -> list[float]:
    cells = [page.locator(f".evidence-sum [data-row={row}] td").nth(number).inner_text() for row in ROWS]
    return [float(cell.replace("−", "-")) for cell in cells]


def read_pixel(page: Page, pixel: int) -> str:
    """What the page says of a pixel under the pointer."""
    canvas = page.locator(".evidence-why canvas")
    box = canvas.bounding_box()
    assert box is not None
    cell = box["width"] / 28
    canvas.hover(position={"x": (pixel % 28 + 0.5) * cell, "y": (pixel // 28 + 0.5) * cell})
    return page.locator(".evidence-why figcaption").inner_text()


def percent(share: float) -> str:
    return ">99%" if share > 0.99 else "<1%" if share < 0.01 else f"{int(100 * share + 0.5)}%"


@pytest.mark.slow
@pytest.mark.parametrize("model", ["classic", "wide"])
def test_each_pixel_says_its_ink_times_the_slope_and_all_adds_up_to_the_score(
    visit: OpenPage, server: RunningServer, model: str
) -> None:
    page = opened(visit(f"{server.url}?model={model}"))
    picture = picture_of(SEVEN)
    lay(page, picture)
    expect(page.locator("#evidence-title")).to_have_text("Why 7?")
    network, x = exact(model), input_of(picture)
    np.testing.assert_allclose(column(page, 0), sums(network, x, 7), atol=0.006)
    assert abs(sum(column(page, 0)[:3]) - column(page, 0)[3]) < 0.02

    expected = evidence(network, x, 7)
    for pixel in np.argsort(expected)[[0, 1, -2, -1]]:
        words = read_pixel(page, int(pixel))
        assert words.startswith(f"Pixel (row {pixel // 28 + 1}, column {pixel % 28 + 1}): ink ")
        found = re.search(r"ink ([\d.]+), counts ([\d.]+) (for|against) 7\.$", words)
        assert found is not None, words
        ink, value, side = found.groups()
        assert float(ink) == pytest.approx(x[pixel], rel=1e-3)
        assert float(value) * (1 if side == "for" else -1) == pytest.approx(expected[pixel], rel=2e-3)
    assert read_pixel(page, 0).endswith("no ink, so it does not count.")

    page.get_by_role("button", name="Why not 2?").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#evidence-title")).to_have_text("Why not 2?")
    np.testing.assert_allclose(column(page, 0), sums(network, x, 7), atol=0.006)
    np.testing.assert_allclose(column(page, 1), sums(network, x, 2), atol=0.006)
    lead = scores(network, x[None])[0] @ np.eye(10)[[7, 2]].T @ [1, -1]
    assert f"7 scores {lead:.2f} more than 2" in page.locator(".evidence-why [data-part=sentence]").inner_text()


@pytest.mark.slow
def test_the_keyboard_reads_and_keeps_a_pixel(section: Page) -> None:
    page = section
    picture = picture_of(SEVEN)
    lay(page, picture)
    expect(page.locator("#evidence-title")).to_have_text("Why 7?")
    expected = evidence(exact("classic"), input_of(picture), 7)
    canvas, under = page.locator(".evidence-why canvas"), page.locator(".evidence-why figcaption")
    label = canvas.get_attribute("aria-label") or ""
    for pixel in (int(expected.argmax()), int(expected.argmin())):
        assert f"(row {pixel // 28 + 1}, column {pixel % 28 + 1}), by {abs(expected[pixel]):.3f}"[:-1] in label
    canvas.focus()
    for key in ("ArrowUp", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    expect(under).to_contain_text("Pixel (row 14, column 17): ")
    expect(page.locator(".evidence-why [role=status].visually-hidden")).to_have_text(under.inner_text())
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Why not 3?").click()
    expect(page.locator("#evidence-title")).to_have_text("Why not 3?")
    expect(under).to_contain_text("Pixel (row 14, column 17): ")


@pytest.mark.slow
@pytest.mark.parametrize(("stroke", "digit", "kind"), [(ONE, 1, "ink"), (THREE, 3, "eraser")])
def test_the_dab_changes_the_answer_when_it_is_painted(
    section: Page, stroke: list[tuple[float, float]], digit: int, kind: str
) -> None:
    page = section
    picture = picture_of(stroke)
    with page.expect_response(MIND) as response:
        lay(page, picture)
    expect(page.locator(".evidence-mind")).to_have_attribute("aria-busy", "false")
    brush = response.value.json()["brush"]
    assert brush["kind"] == kind

    x, y, radius = (brush[name] * SIDE for name in ("x", "y", "radius"))
    sheet = Image.open(io.BytesIO(picture))
    shade = 0 if kind == "ink" else 255
    ImageDraw.Draw(sheet).ellipse((x - radius, y - radius, x + radius, y + radius), fill=shade)
    content = io.BytesIO()
    sheet.save(content, "PNG")
    probabilities = exact("classic").probabilities(input_of(content.getvalue())[None])[0]
    after = int(probabilities.argmax())
    assert after != digit
    expect(page.locator(".evidence-mind [data-part=mind]")).to_have_text(
        f"A spot of {kind} here, {radius:.0f} of 140 pixels wide,"
        f" changes the answer to {after} ({percent(float(probabilities.max()))})."
    )
    ring = ring_around(page, brush["x"], brush["y"], brush["radius"])
    assert min(ring) < 100
    assert (max(ring) < 100) == (kind == "ink"), "a whole ring for ink alone"
    place = f"{100 * brush['x']:.0f}% across, {100 * brush['y']:.0f}% down"
    expect(page.locator(".evidence-mind canvas")).to_have_attribute("aria-label", re.compile(f"{after}: {place}$"))

    page.get_by_role("button", name="Add this spot" if kind == "ink" else "Erase there").click()
    expect(page.locator(".answer-digit")).to_have_text(str(after))
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator(".answer-digit")).to_have_text(str(digit))


def ring_around(page: Page, x: float, y: float, radius: float) -> list[int]:
    """How light the drawing is all along a circle, 0..255."""
    drawn = seen(page)
    angles = np.arange(72) * np.pi / 36
    across, down = ((at * len(drawn)).astype(int) for at in (x + radius * np.cos(angles), y + radius * np.sin(angles)))
    return [int(light) for light in drawn[down, across, 0]]


def seen(page: Page) -> NDArray[np.uint8]:
    """The drawing with its evidence and its ring, on white paper, as (side, side, RGB)."""
    address = page.locator(".evidence-mind canvas").evaluate(
        """async (canvas) => {
            await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
            return canvas.toDataURL();
        }"""
    )
    drawn = Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2])))
    return np.asarray(
        Image.alpha_composite(Image.new("RGBA", drawn.size, "white"), drawn.convert("RGBA")).convert("RGB")
    )


@pytest.mark.slow
def test_an_old_dab_is_not_current_while_a_new_one_is_on_its_way(section: Page) -> None:
    page = section
    mind, part = page.locator(".evidence-mind [data-part=mind]"), page.locator(".evidence-mind")
    expect(mind).to_have_text("Draw a digit, and a ring shows how little would change the answer.")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/mind" in request.url else None)
    page.locator("#pad").hover()
    page.mouse.down()
    page.mouse.move(300, 400, steps=4)
    expect(page.locator("#evidence-title")).to_have_text(re.compile(r"Why \d\?"))
    assert asked == []
    with page.expect_response(MIND):
        page.mouse.up()
    expect(mind).to_contain_text("pixels wide")
    expect(part).not_to_have_class(re.compile("is-old"))

    held: list[Route] = []
    page.route(MIND, lambda route: held.append(route))
    with page.expect_request(MIND):
        draw_with_mouse(page, ONE)
    expect(part).to_have_class(re.compile("is-old"))
    expect(part).to_have_attribute("aria-busy", "true")
    nothing = {"digit": 1, "brush": None, "most_radius": 0.14}
    for route in held:
        route.fulfill(json=nothing)
    page.unroute(MIND)
    expect(part).not_to_have_class(re.compile("is-old"))
    expect(mind).to_have_text("No spot of ink or eraser up to 39 of 140 pixels wide changes the answer from 1.")
    page.get_by_role("button", name="Clear").click()
    expect(mind).to_contain_text("Draw a digit")
    expect(page.locator(".evidence-sum td").nth(1)).to_have_text("–")


@pytest.mark.slow
def test_the_evidence_lies_on_the_stroke_also_of_a_picture_that_the_browser_can_not_show(section: Page) -> None:
    page = section
    lay(page, picture_of(SLANTED, "TIFF"), "image/tiff")
    expect(page.locator(".evidence-mind [data-part=mind]")).to_contain_text("pixels wide")
    drawn = seen(page).astype(int)
    rows, columns = np.nonzero(abs(drawn[:, :, 0] - drawn[:, :, 2]) > 100)
    # The stroke, and the breadth of a pixel of the input around it.
    sheet = Image.open(io.BytesIO(picture_of(SLANTED))).filter(ImageFilter.MinFilter(15)).resize(drawn.shape[:2])
    assert len(rows) > 100
    assert (np.asarray(sheet)[rows, columns] < 128).mean() > 0.95
    assert np.ptp(rows) > 0.4 * len(drawn)


@pytest.mark.slow
def test_a_refusal_and_a_lost_server_are_reported_until_it_is_over(draw_page: Page, allowed_errors: list[str]) -> None:
    allowed_errors.append("status of 422|ERR_CONNECTION_REFUSED")
    page = opened(draw_page)
    problem = {"type": "about:blank", "title": "", "status": 422, "detail": "Nothing of that can be read."}
    for path in (EVIDENCE, MIND):
        page.route(path, lambda route: route.fulfill(status=422, json=problem))
    lay(page, picture_of(SEVEN))
    for part in ("problem", "mind-problem"):
        expect(page.locator(f".inside-evidence [data-part={part}]")).to_have_text("Nothing of that can be read.")
    for path in (EVIDENCE, MIND):
        page.unroute(path)
        page.route(path, lambda route: route.abort("connectionrefused"), times=1)
    lay(page, picture_of(ONE))
    expect(page.locator(".inside-evidence [data-part=problem]")).to_contain_text("can't be reached")
    expect(page.locator("#evidence-title")).to_have_text("Why 1?")
    expect(page.locator(".evidence-mind [data-part=mind]")).to_contain_text("pixels wide")
    for part in ("problem", "mind-problem"):
        expect(page.locator(f".inside-evidence [data-part={part}]")).to_be_hidden()


@pytest.mark.slow
def test_it_is_accessible_fits_a_small_phone_and_keeps_its_place(visit: OpenPage, server: RunningServer) -> None:
    page = opened(visit(server.url, viewport={"width": 360, "height": 780}))
    height = "(body) => body.offsetHeight"
    assert width_over(page) == 0
    before = page.locator(".inside-evidence").evaluate(height)
    lay(page, picture_of(SEVEN))
    expect(page.locator(".evidence-mind [data-part=mind]")).to_contain_text("pixels wide")
    page.get_by_role("button", name="Why not 3?").click()
    expect(page.locator("#evidence-title")).to_have_text("Why not 3?")
    assert (violations_in_both_themes(page), width_over(page)) == ([], 0)
    assert page.locator(".inside-evidence").evaluate(height) == before
