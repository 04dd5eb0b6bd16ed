"""The list of claims narrowed from the address bar, and facets of the other lists."""

import re
from html import unescape

import pytest

from tests.claims.views.test_pages import get, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dossier")]


def chips(html):
    return [words(one) for one in re.findall(r'<a class="chip".*?</a>', html, re.DOTALL)]


def test_bounds_tell_more_than_500_million_from_6_million(client):
    said = words(get(client, "/claims/?bounds=must&amount_min=400000000&unit=USD"))
    assert "more than $500 million" in said
    assert "about $6 million" not in said


def test_times_overlap(client):
    said = words(get(client, "/claims/?time_from=2023-10&time_to=2023-10"))
    assert "was announced on 17 October 2023" in said
    assert "Nvidia H800 was banned from export to China (2023)" in said
    assert "21 March 2023" not in said


def test_an_empty_form_lists_everything(client):
    empty = "&".join(
        f"{name}=" for name in ("q", "subject", "property", "amount_min", "unit", "rank", "bounds")
    )
    assert chips(get(client, f"/claims/?{empty}")) == []
    assert get(client, f"/claims/?{empty}").count('class="list__title"') == 50


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("amount_min=lots", "amount_min"), ("time_from=soon", "time_from"), ("rank=best", "rank"),
        ("min_origins=x", "min_origins"), ("scope=no-colon", "scope"), ("unit=parsec-ish", "unit"),
        ("disputed=maybe", "disputed"), ("amount_max=%00", "amount_max"), ("valid_on=2023-99", "valid_on"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_at_its_field_with_400(client, query, field):
    html = get(client, f"/claims/?{query}&subject=deepseek-v3", status=400)
    assert f'id="e-{field}"' in html
    assert "<details open>" in html
    assert 'class="list__title"' not in html
    assert 'value="deepseek-v3"' in html


def test_each_chip_takes_one_thing_away_and_keeps_the_rest(client):
    html = get(client, "/claims/?subject=deepseek-v3&property=training-cost&edition=1")
    assert len(chips(html)) == 2
    assert any("DeepSeek-V3" in one for one in chips(html))
    addresses = [unescape(one) for one in re.findall(r'<a class="chip" href="([^"]+)"', html)]
    assert addresses == ["?property=training-cost&edition=1", "?subject=deepseek-v3&edition=1"]
    assert '<input type="hidden" name="edition" value="1">' in html


def test_pages_of_a_narrowed_list_stay_narrowed(client):
    html = get(client, "/claims/?asserted_by=deepseek")
    following = unescape(re.search(r'rel="next" href="([^"]+)"', html)[1])
    assert "asserted_by=deepseek" in following
    first = set(re.findall(r'href="/claims/(\w+)/"', html))
    second = set(re.findall(r'href="/claims/(\w+)/"', get(client, f"/claims/{following}")))
    assert second
    assert first.isdisjoint(second)


def test_deprecated_claims_are_listed_only_when_asked_for(client):
    assert get(client, "/claims/?rank=deprecated&q=zebra").count('class="list__title"') == 0


@pytest.mark.parametrize(
    ("path", "chip"),
    [
        ("/sources/?language=bn", "Bengali"), ("/sources/?source_type=primary", "primary source"),
        ("/sources/?publisher=reuters", "Reuters"), ("/disputes/?state=settled", "settled"),
        ("/properties/?data_type=time", "time"),
    ],
)  # fmt: skip
def test_lists_are_narrowed_by_facets(client, path, chip):
    html = get(client, path)
    (shown,) = chips(html)
    assert chip in shown
    listed = html.count('class="list__title"')
    assert 0 < listed < get(client, path.split("?")[0]).count('class="list__title"')
    counts = re.findall(r'aria-current="true">[^<]*</a> <span class="facets__count">(\d+)<', html)
    assert [str(min(int(one), 50)) for one in counts] == [str(listed)]


def test_a_list_that_cannot_be_narrowed_like_that_says_so(client):
    assert "cannot be narrowed" in words(get(client, "/sources/?language=!!", status=400))


def test_another_moment_of_a_narrowed_list_is_narrowed_too(client):
    html = unescape(get(client, "/claims/?subject=deepseek-v3&unit=USD&q=%22%3E&after=c2a583mq56"))
    assert 'href="?subject=deepseek-v3&unit=USD&q=%22%3E&edition=1"' in html
    form = re.search(
        r'<form method="get" action="/claims/">(?:(?!</form>).)*id="known-at".*?</form>', html, re.DOTALL
    )
    assert form is not None
    for name, value in (("subject", "deepseek-v3"), ("unit", "USD"), ("q", '">')):
        assert f'<input type="hidden" name="{name}" value="{value}">' in form[0]
    assert 'name="after"' not in form[0]
    past = unescape(get(client, "/claims/?subject=deepseek-v3&edition=0"))
    assert 'href="?subject=deepseek-v3">Read this page as it stands today' in past
