"""The projector: what a class sees, and how a teacher leads it from there."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.support.rooms import Room
from tests.support.server import wait_until

# The first point of SEVEN as it stands in a picture of it.
START = "M 30 20"
FACE_DOWN, FACE_UP = ".wall-back", ".wall-card"


def draw_and_reveal(room: Room, labels: tuple[int | None, ...] = (7, 7, 1)) -> None:
    """A pupil for each label, who draws a 7."""
    for label in labels:
        room.join().draw(label).raise_for_status()
    room.teacher.post(f"{room.path}/reveal").raise_for_status()


def test_drawings_arrive_face_down_and_are_turned_up_with_the_answers(projector: Page, room: Room) -> None:
    names = [pupil.name for pupil in (room.join(), room.join())]
    projector.get_by_role("button", name="7", exact=True).click()
    expect(projector.get_by_role("heading", name="Everybody draw a 7.")).to_be_visible()
    for _, label in zip(names, (7, 1), strict=True):
        room.join().draw(label).raise_for_status()
    expect(projector.locator(FACE_DOWN)).to_have_count(2)
    assert START not in projector.content()

    projector.get_by_role("button", name="Reveal 2").click()
    expect(projector.locator(FACE_UP)).to_have_count(2)
    expect(projector.locator(FACE_DOWN)).to_have_count(0)
    expect(projector.locator(".wall-answer")).to_have_text(["7 ✓", "7 ✗"])
    expect(projector.locator("#result")).to_have_text("1 of 2 read right (50%); on MNIST's test images it reads 98.4%.")
    expect(projector.locator(f"path[d^='{START}']")).to_have_count(2)


def test_what_is_hidden_is_gone_from_the_page_also_where_it_is_shown_large(projector: Page, room: Room) -> None:
    draw_and_reveal(room, (7,))
    projector.locator(FACE_UP).click()
    expect(projector.get_by_role("dialog")).to_contain_text("read as 7: right")

    room.set_status(1, "hidden")
    expect(projector.get_by_role("dialog")).to_be_hidden()
    expect(projector.locator(FACE_UP)).to_have_count(0)
    assert START not in projector.content()


def test_names_that_are_switched_off_are_nowhere_on_the_page(projector: Page, room: Room) -> None:
    draw_and_reveal(room, (7,))
    name = projector.locator(".wall-name").inner_text()
    assert name in projector.locator(FACE_UP).get_attribute("aria-label")  # type: ignore[operator]

    projector.get_by_label("Names").uncheck()
    wait_until(lambda: name not in projector.content(), "the name to go")
    assert room.state()["names"] is False


@pytest.mark.slow
def test_where_tiles_are_too_small_for_names_the_page_says_so(projector: Page, room: Room) -> None:
    projector.set_viewport_size({"width": 1280, "height": 720})
    draw_and_reveal(room, (7,) * 5)
    said = projector.get_by_text("Too small for names")
    expect(projector.locator(".wall-name:visible")).to_have_count(5)
    expect(said).to_be_hidden()
    tops = projector.locator(".wall-tile").evaluate_all("tiles => tiles.map((tile) => tile.offsetTop)")
    assert len(set(tops)) == 1

    draw_and_reveal(room, (7,) * 75)
    expect(projector.locator(FACE_UP)).to_have_count(80)
    expect(said).to_be_visible()
    projector.get_by_label("Names").uncheck()
    expect(said).to_be_hidden()


def test_the_wall_is_sorted_and_a_new_question_empties_it(projector: Page, room: Room) -> None:
    draw_and_reveal(room, (7, 7, 1))
    answers = projector.locator(".wall-answer")
    expect(answers).to_have_text(["7 ✓", "7 ✓", "7 ✗"])
    projector.get_by_label("Sort").select_option("wrong first")
    expect(answers).to_have_text(["7 ✗", "7 ✓", "7 ✓"])

    projector.get_by_role("button", name="any").click()
    room.change(digit=3, prompt="Everybody draw a 3.")
    expect(projector.locator(".wall-tile")).to_have_count(0)


def test_the_switches_change_the_room_and_show_what_was_changed_elsewhere(projector: Page, room: Room) -> None:
    projector.get_by_label("Look up").check()
    projector.get_by_label("Lock").check()
    wait_until(lambda: room.state()["frozen"] and room.state()["locked"], "the room to change")
    expect(projector.get_by_text("Look up! The phones wait.")).to_be_visible()
    expect(projector.locator("#pupils")).to_contain_text("The room is locked.")

    room.change(frozen=False)
    expect(projector.get_by_label("Look up")).not_to_be_checked()


def test_the_class_keeps_the_projector_when_the_teacher_opens_the_control_page(projector: Page) -> None:
    with projector.expect_popup() as control:
        projector.get_by_role("link", name="Control page").click()
    expect(control.value.get_by_role("heading", level=1)).to_contain_text("Room")
    expect(projector.locator("#wall")).to_be_attached()


def test_simulated_pupils_are_marked(projector: Page) -> None:
    projector.get_by_role("button", name="Add five simulated pupils").click()
    expect(projector.locator("#pupils")).to_have_text("5 pupils are in, simulated.")
    projector.get_by_role("button", name="Reveal 5").click()
    expect(projector.locator(".wall-mark:visible").first).to_have_text("simulated")


def test_a_teacher_leads_with_the_keyboard_alone(projector: Page, room: Room) -> None:
    def press_until_focused(key: str, name: str) -> None:
        for _ in range(60):
            projector.keyboard.press(key)
            words = "(document.activeElement.ariaLabel || document.activeElement.textContent).trim()"
            if projector.evaluate(words).startswith(name):
                return
        raise AssertionError(f"{key} does not lead to {name}")

    press_until_focused("Tab", "7")
    projector.keyboard.press("Enter")
    expect(projector.get_by_role("heading", name="Everybody draw a 7.")).to_be_visible()
    for label in (7, 1):
        room.join().draw(label).raise_for_status()
    press_until_focused("Tab", "Reveal 2")
    projector.keyboard.press("Enter")
    expect(projector.locator(FACE_UP)).to_have_count(2)

    press_until_focused("Shift+Tab", "Drawn by")
    first = projector.evaluate("document.activeElement.closest('li').dataset.drawing")
    projector.keyboard.press("ArrowRight")
    second = projector.evaluate("document.activeElement.closest('li').dataset.drawing")
    assert (first, second) == ("1", "2")
    projector.keyboard.press("Enter")
    expect(projector.get_by_role("dialog")).to_contain_text("wrong")
    projector.keyboard.press("Escape")
    expect(projector.get_by_role("dialog")).to_be_hidden()
    assert projector.evaluate("document.activeElement.closest('li').dataset.drawing") == second


def test_the_classs_own_data_set_has_a_bar_for_each_digit(projector: Page, room: Room) -> None:
    projector.get_by_role("button", name="2 Our own data set").click()
    expect(projector.get_by_role("heading", name="Draw every digit, from 0 to 9.")).to_be_visible()
    for label in (7, 7, 1):
        room.join().draw(label).raise_for_status()

    counts = projector.locator(".balance-count")
    expect(counts).to_have_text(["0", "1", "0", "0", "0", "0", "0", "2", "0", "0"])


@pytest.mark.slow
def test_a_forgotten_room_is_gone_from_the_projector(projector: Page, room: Room) -> None:
    draw_and_reveal(room, (7,))
    expect(projector.locator(FACE_UP)).to_have_count(1)
    room.teacher.delete(room.path).raise_for_status()

    expect(projector.locator("#room-connection")).to_contain_text("This room was forgotten")
    wait_until(lambda: START not in projector.content(), "the drawing to go")


def test_a_teacher_who_was_signed_out_is_told_so_once_the_page_connects_again(
    projector: Page, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 401")
    expect(projector.locator("#next-step")).not_to_be_empty()
    projector.context.clear_cookies()
    projector.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # connects anew

    expect(projector.locator("#room-notice")).to_have_text("You are signed out. Sign in")


def test_a_room_that_was_forgotten_while_the_connection_was_lost_is_gone_too(
    projector: Page, room: Room, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 404")
    expect(projector.locator("#pupils")).to_have_text("Nobody is in yet.")
    for path in ("/events", ""):
        projector.route(f"**/rooms/{room.code}{path}", lambda route: route.fulfill(status=404, json={}))
    projector.route("**/events?after=*", lambda route: route.fulfill(status=404, json={}))
    projector.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # connects anew

    expect(projector.locator("#room-connection")).to_contain_text("This room was forgotten")
    expect(projector.get_by_role("link", name="To the rooms")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)])
def test_forty_drawings_fit_one_screen(projector: Page, room: Room, size: tuple[int, int]) -> None:
    projector.set_viewport_size({"width": size[0], "height": size[1]})
    draw_and_reveal(room, (7, 1) * 20)
    expect(projector.locator(FACE_UP)).to_have_count(40)
    expect(projector.locator("#wall path")).to_have_count(40)  # all are near the screen, so all are painted
    over = "wall => [wall.scrollHeight - wall.clientHeight, wall.scrollWidth - wall.clientWidth]"
    assert projector.locator("#wall").evaluate(over) == [0, 0]
    assert projector.evaluate("document.documentElement.scrollHeight") == size[1]


@pytest.mark.slow
def test_the_projector_is_accessible_and_fits_each_screen(projector: Page, room: Room) -> None:
    assert (violations_in_both_themes(projector), width_over(projector)) == ([], 0)
    draw_and_reveal(room)
    room.join().draw().raise_for_status()
    expect(projector.locator(".wall-tile")).to_have_count(4)
    assert violations_in_both_themes(projector) == []
    projector.locator(FACE_UP).first.click()
    assert violations_in_both_themes(projector) == []
    projector.keyboard.press("Escape")
    for activity in ("collect", "watch"):
        room.change(activity=activity, frozen=True)
        expect(projector.locator(f"main[data-activity={activity}]")).to_be_visible()
        assert violations_in_both_themes(projector) == []
        for width in (390, 1920):
            projector.set_viewport_size({"width": width, "height": 900})
            assert width_over(projector) == 0
