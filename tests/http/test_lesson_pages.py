from __future__ import annotations

import html
import re
import textwrap
from html.parser import HTMLParser

import httpx
import pytest

from app.lessons.catalogue import LESSONS
from app.network.network import Network
from app.settings import ROOT
from app.web.learn.lesson_pages import code_of
from tests.http.test_pages import HTML, addresses
from tests.support.api import assert_problem
from tests.support.rooms import open_room
from tests.support.server import Server

NAMES = [lesson.name for lesson in LESSONS]
MAX_WORDS = 150


class _TextOf(HTMLParser):
    """The text of the sections of a class, without formulas and meanings of words, which are shown on tap."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name, self._depth, self._formulas, self._in_note, self.text = name, 0, 0, False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "math":
            self._formulas += 1
        if "term-note" in (dict(attrs).get("class") or ""):
            self._in_note = True
        if tag == "section" and (self._depth or self._name in (dict(attrs).get("class") or "").split()):
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "math":
            self._formulas -= 1
        if tag == "span":
            self._in_note = False
        if tag == "section" and self._depth:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._depth and not self._formulas and not self._in_note:
            self.text += data


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_is_a_page_that_says_which_it_is_and_leads_on(client: httpx.Client, name: str) -> None:
    response = client.get(f"learn/{name}", headers=HTML)
    found, number = addresses(response.text).found, NAMES.index(name)

    assert response.status_code == 200
    assert f"Lesson {number + 1} of 5" in response.text
    assert f"<h1>{html.escape(LESSONS[number].title)}</h1>" in response.text
    linked = {
        address.removeprefix("learn/") for address in found if address.startswith("learn/") and "#" not in address
    }
    further = {"words", "test"} if name == NAMES[-1] else {"words"}
    assert linked == set(NAMES[max(0, number - 1) : number + 2]) - {name} | further


def test_the_list_leads_to_all_lessons_in_their_order(client: httpx.Client) -> None:
    page = client.get("learn", headers=HTML).text

    linked = [path for path in addresses(page).found if path.startswith("learn/")]
    assert linked == ["learn/test", *(f"learn/{name}" for name in NAMES), "learn/words"]
    for lesson in LESSONS:
        assert html.escape(lesson.idea) in page


def test_a_lesson_in_a_room_leads_it_for_the_admin_and_follows_it_for_others(server: Server) -> None:
    with open_room(server) as room:
        path = f"learn/slope?room={room.code.lower()}"
        follows = room.anyone.get(path, headers=HTML).text
        room.anyone.get(server.login_url)
        leads = room.anyone.get(path, headers=HTML).text

        for page in (follows, leads):
            assert f'href="learn/gradient?room={room.code}"' in page
        assert ("follow-room.js" in follows, "lead-room.js" in follows) == (True, False)
        assert ("follow-room.js" in leads, "lead-room.js" in leads) == (False, True)


@pytest.mark.parametrize("query", ["", "?room=", "?room=NOROOM", "?room=%00"])
def test_a_lesson_with_no_room_or_a_forgotten_one_is_just_the_lesson(client: httpx.Client, query: str) -> None:
    page = client.get(f"learn/slope{query}", headers=HTML)

    assert page.status_code == 200
    assert "room" not in page.text.partition("<main")[2].partition("</main>")[2]
    assert "-room.js" not in page.text


def test_an_unknown_lesson_is_a_problem_that_names_those_there_are(client: httpx.Client) -> None:
    assert_problem(client.get("learn/backpropagation"), 404, *NAMES)
    page = client.get("learn/backpropagation", headers=HTML)
    assert (page.status_code, page.headers["content-type"].partition(";")[0]) == (404, "text/html")


@pytest.mark.parametrize("name", NAMES)
def test_the_code_of_a_lesson_is_what_its_files_say_at_those_lines(client: httpx.Client, name: str) -> None:
    page = client.get(f"learn/{name}", headers=HTML).text
    shown = re.findall(
        r'<figcaption>(\S+), line (\d+)</figcaption>.*?aria-hidden="true">\s*(.*?)</pre>.*?<code>(.*?)</code>',
        page,
        re.S,
    )

    assert len(shown) == len(LESSONS[NAMES.index(name)].code)
    for file, line, numbers, code in shown:
        lines = html.unescape(code).split("\n")
        first = int(line) - 1
        there = (ROOT / file).read_text().splitlines()[first : first + len(lines)]
        assert lines == textwrap.dedent("\n".join(there)).split("\n")
        assert [int(number) for number in numbers.split()] == list(range(first + 1, first + 1 + len(lines)))


def test_the_shown_code_of_a_method_keeps_its_shape() -> None:
    lines = code_of(Network.activations).text.split("\n")

    assert lines[0].startswith("def activations(self")
    assert {line[:4] for line in lines[1:]} == {"    "}


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_has_few_words(client: httpx.Client, name: str) -> None:
    parser = _TextOf("lesson-text")
    parser.feed(client.get(f"learn/{name}", headers=HTML).text)

    assert 5 < len(parser.text.split()) <= MAX_WORDS


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_asks_two_to_four_questions_each_with_a_choice_and_one_in_own_words(
    client: httpx.Client, name: str
) -> None:
    page = client.get(f"learn/{name}", headers=HTML).text
    questions = re.split(r' data-prediction="\w+"', page)[1:]

    assert 2 <= len(questions) <= 4
    assert [question for question in questions if question.count("data-choice=") < 2] == []
    assert page.count("<textarea") == 1
    assert "Compare with a model answer" in page


@pytest.mark.parametrize("name", NAMES)
def test_each_control_that_a_teacher_can_hide_has_one_short_name_of_its_own(client: httpx.Client, name: str) -> None:
    page = client.get(f"learn/{name}", headers=HTML).text
    controls = set(re.findall(r'data-control="(\w+)"(?:\s+data-control-name="([^"]*)")?', page))
    names = [given for _, given in controls]

    assert len(names) == len(set(names)) == len({control for control, _ in controls})
    assert [given for given in names if not re.fullmatch(r"[A-Z][^\d.]{2,29}", given)] == []
