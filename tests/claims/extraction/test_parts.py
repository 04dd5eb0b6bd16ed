"""The article, and what the page hung around it."""

from __future__ import annotations

from claims.extraction.reading import read

STORY = (
    "The tower is 330 metres high since its new antenna was put up, which is six metres more than before. "
    "It was measured from the ground to the tip of the antenna by surveyors with a laser."
)


def regions(text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(text[one.start : one.end], one.region) for one in read(text, language).parts]


def test_a_page_of_one_article_is_title_byline_and_body():
    text = f"The tower has grown\n\nUpdated: 17 March 2022\n\n{STORY}\n\n{STORY}"
    assert [region for _, region in regions(text)] == ["title", "meta", "body"]


def test_what_follows_a_heading_of_other_articles_is_not_the_article_even_in_long_paragraphs():
    text = f"{STORY}\n\nRelated articles\n\n{STORY.replace('330', '124')}\n"
    cut = regions(text)
    assert [region for _, region in cut] == ["body", "boilerplate"]
    assert cut[1][0].startswith("Related articles")


def test_a_listing_of_short_lines_after_the_article_is_not_the_article():
    text = f"{STORY}\nTen towers to see\nJan 07,2025\nA bridge reopens\nJan 06,2025\n"
    figures = read(text, "en").figures
    assert [one.printed for one in figures if one.region == "body"] == ["330 metres", "six metres"]
    assert {one.region for one in figures if one.kind == "date"} == {"boilerplate"}


def test_a_trail_of_links_before_the_title_is_not_the_article():
    text = f"Home > News > Towers > The tower costs $5 million\n\nThe tower has grown\n\n{STORY}"
    assert [region for _, region in regions(text)] == ["boilerplate", "title", "body"]


def test_a_short_closing_sentence_belongs_to_the_article():
    text = f"{STORY}\n\nIt is still not the highest.\n\nMost read\nTowers"
    assert regions(text)[0][0].endswith("highest.")


def test_a_sentence_alone_is_all_body():
    assert regions("The tower is 330 metres high.") == [("The tower is 330 metres high.", "body")]


def test_an_empty_text_has_no_parts():
    assert read("", "en").parts == ()
    assert read("\n \n", "en").figures == ()
