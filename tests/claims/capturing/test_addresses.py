"""Which addresses lead to one document."""

from __future__ import annotations

import pytest

from claims.capturing.addresses import believed, canonical, key, same_site
from kb.lib.text import HostileText


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("HTTPS://News.Example/A", "https://news.example/A"),
        ("https://news.example:443/a", "https://news.example/a"),
        ("http://news.example:80", "http://news.example/"),
        ("http://news.example:8080/", "http://news.example:8080/"),
        ("https://news.example./a#part", "https://news.example/a"),
        ("https://news.example/a?utm_source=x&id=7&UTM_Medium=y", "https://news.example/a?id=7"),
        ("https://news.example/a?fbclid=1&gclid=2&mc_eid=3", "https://news.example/a"),
        ("https://news.example/a?reference=1&id=2", "https://news.example/a?reference=1&id=2"),
        ("https://news.example/a?b=2&a=1", "https://news.example/a?b=2&a=1"),
        ("http://[2606:4700::1]:80/", "http://[2606:4700::1]/"),
    ],
)
def test_an_address_is_told_without_what_names_no_document(url: str, same: str) -> None:
    assert canonical(url) == same
    assert canonical(same) == same


def test_scheme_www_and_a_last_slash_part_no_documents() -> None:
    assert key("http://www.news.example/a/?utm_id=1") == key("https://news.example/a") == "news.example/a"
    assert key("https://news.example/a") != key("https://news.example/b")
    assert key("https://news.example/a?id=1") != key("https://news.example/a?id=2")
    assert key("https://news.example/") == "news.example"


def test_a_site_is_a_host() -> None:
    assert same_site("http://www.news.example/a", "https://NEWS.example/b")
    assert not same_site("https://news.example/", "https://sport.news.example/")
    assert not same_site("https://news.example/", "https://news.example:8443/")


@pytest.mark.parametrize(
    ("stated", "own"),
    [
        ("", "https://news.example/x?id=1"),
        ("/a", "https://news.example/a"),
        ("https://www.news.example/a?utm_term=1", "https://www.news.example/a"),
        ("https://bank.example/a", "https://news.example/x?id=1"),
        ("javascript:alert(1)", "https://news.example/x?id=1"),
        ("https://user@news.example/", "https://news.example/x?id=1"),
        ("http://[", "https://news.example/x?id=1"),
    ],
)
def test_a_page_names_its_own_address_only_on_its_own_site(stated: str, own: str) -> None:
    assert believed(stated, "https://news.example/x?id=1&fbclid=2") == own


def test_what_is_no_address_has_no_canonical_one() -> None:
    with pytest.raises(HostileText):
        canonical("ftp://news.example/")
