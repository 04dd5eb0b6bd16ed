"""Every kind of page is valid HTML, as the parser of the HTML standard sees it, and names things once."""

import re
from collections import Counter

import html5lib
import pytest

from tests.claims.views.test_pages import PAGES, get

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("dossier")]
MORE = [
    "/embed/timelines/deepseek/", "/embed/disputes/cost-of-deepseek-v3/", "/embed/claims/c6wznfnhtt/",
    "/embed/properties/training-cost/", "/compare/c6wznfnhtt/", "/report/c6wznfnhtt/",
    "/timelines/deepseek/?by=subject", "/search/?q=Depseak",
]  # fmt: skip


@pytest.mark.parametrize(
    "path", [*PAGES, *MORE, "/bn/claims/c6wznfnhtt/", "/vi/disputes/cost-of-deepseek-v3/"]
)
def test_html_is_valid_and_every_id_is_there_once(client, path):
    html = get(client, path)
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(html)
    assert [(place, html5lib.constants.E[code] % rest) for place, code, rest in parser.errors] == []
    ids = Counter(re.findall(r'\sid="([^"]+)"', html))
    assert [name for name, count in ids.items() if count > 1] == []
    for name in set(
        re.findall(r'\s(?:for|popovertarget|aria-labelledby|aria-describedby|list)="([^"]+)"', html)
    ):
        assert all(one in ids for one in name.split()), name
