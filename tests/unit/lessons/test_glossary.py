from __future__ import annotations

import pytest

from app.lessons.glossary import GLOSSARY, meaning_of

MAX_WORDS = 35


def test_a_term_that_is_not_in_the_glossary_is_refused_so_that_no_page_shows_it() -> None:
    with pytest.raises(ValueError, match="'momentum' is not in the glossary"):
        meaning_of("momentum")


@pytest.mark.parametrize("term", GLOSSARY)
def test_a_meaning_is_short_and_made_of_whole_sentences(term: str) -> None:
    meaning = meaning_of(term)

    assert len(meaning.split()) <= MAX_WORDS
    assert meaning[0].isupper()
    assert meaning.endswith((".", "%."))


def test_the_terms_are_in_the_order_of_the_alphabet() -> None:
    assert list(GLOSSARY) == sorted(GLOSSARY, key=str.lower)
