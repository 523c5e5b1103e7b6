from __future__ import annotations

import html
import re

import httpx
import pytest

from app.lessons.catalogue import LESSONS
from app.lessons.glossary import GLOSSARY
from tests.http.test_pages import HTML

PAGES = ["learn", *(f"learn/{lesson.name}" for lesson in LESSONS)]


def terms(page: str) -> dict[str, str]:
    """The meanings that a page shows on tap, by what each is called by its button."""
    buttons = re.findall(r'<span role="button" tabindex="0" class="term" [^>]*aria-controls="([^"]+)">', page)
    notes = re.findall(r'<span\s+class="term-note" id="([^"]+)" hidden><strong>[^<]+</strong> ([^<]+)</span>', page)
    assert len(set(buttons)) == len(buttons)
    assert buttons == [name for name, _ in notes]
    return {name: html.unescape(meaning) for name, meaning in notes}


@pytest.mark.parametrize("path", ["", "runs", *PAGES])
def test_a_page_has_each_of_its_terms_once_with_the_meaning_of_the_glossary(client: httpx.Client, path: str) -> None:
    page = client.get(path, headers=HTML).text

    shown = terms(page)
    assert shown
    assert set(shown.values()) <= set(GLOSSARY.values())
    assert "/page/terms.js" in page
    assert "/page/terms.css" in page


def test_the_lessons_explain_all_terms_but_that_of_training_alone(client: httpx.Client) -> None:
    shown = {meaning for path in PAGES for meaning in terms(client.get(path, headers=HTML).text).values()}

    assert {term for term, meaning in GLOSSARY.items() if meaning not in shown} == {"epoch"}


def test_the_list_of_words_has_all_of_them_with_their_meanings(client: httpx.Client) -> None:
    page = client.get("learn/words", headers=HTML).text

    listed = re.findall(r"<dt>([^<]+)</dt>\s*<dd>([^<]+)</dd>", page)
    assert [(word, html.unescape(meaning)) for word, meaning in listed] == list(GLOSSARY.items())
