"""docs/article.md is true: each of its links leads to a page, with a state that this page's script knows."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from app.lessons.catalogue import LESSONS
from app.runs.recipe import RunSettings
from app.settings import ROOT

HERE = "http://127.0.0.1:8000/"
ARTICLE = (ROOT / "docs" / "article.md").read_text()
LINKS = dict.fromkeys(re.findall(rf"\]\({HERE}([^)]*)\)", ARTICLE))
# Where a script says what its page's address holds: the first argument of `addressState`, or a part of it.
STATES = re.compile(r"(?:addressState\(|\b(?:DEFAULTS|COURSE|PLACE|VIEW) = )\s*\{((?:[^{}]|\{[^{}]*\})*)\}")


def _keys(*scripts: str) -> set[str]:
    texts = [path.read_text() for script in scripts for path in (ROOT / "static").glob(script)]
    return {key for text in texts for state in STATES.findall(text) for key in re.findall(r"(\w+):", state)}


def _known_keys(path: str) -> set[str]:
    if path == "runs":
        return set(RunSettings.model_fields)
    name = path.removeprefix("learn/")
    return _keys(f"learn/{name}/*.js", "sheet/own-drawing.js") if name != path else set()


@pytest.mark.parametrize("link", LINKS)
def test_a_link_leads_to_a_part_of_a_page_with_a_state_that_the_page_knows(client: httpx.Client, link: str) -> None:
    parts = urlsplit(link)
    answer = client.get(link, headers={"Accept": "text/html"})
    given = [key for key, _ in parse_qsl(parts.query, strict_parsing=bool(parts.query))]

    assert answer.status_code == 200
    assert set(given) <= _known_keys(parts.path)
    assert len(given) == len(set(given))
    if parts.fragment:
        assert f'id="{parts.fragment}"' in answer.text


def test_every_lesson_has_a_statement() -> None:
    assert {urlsplit(link).path for link in LINKS} >= {f"learn/{lesson.name}" for lesson in LESSONS}


def test_the_words_that_it_quotes_are_on_pages() -> None:
    sources = (*ROOT.glob("templates/**/*.html"), *ROOT.glob("static/**/*.js"))
    pages = "".join(path.read_text() for path in sources).replace("’", "'")

    assert [words for words in re.findall("“(.*?)”", ARTICLE) if words not in pages] == []
