"""Statements that differ in their subject only are one event with several subjects."""

import pytest

from claims.events import events
from claims.wording import sentence, sentence_html
from tests.claims.story import BANNED, H800, claim, entity

A100 = entity("a100", "Nvidia A100", "hardware")


def ban(ref, subject, *, source="s1", on="2023", text="China", **changes):
    evidence = [{"stance": "supports", "source": {"ref": source}}]
    return claim(ref, subject, BANNED, on=on, text=text) | {"evidence": evidence} | changes


def test_the_same_said_of_several_is_one_row_that_names_them_all():
    (event,) = events([ban("c1", H800), ban("c2", A100)])
    assert [one["ref"] for one in event.together] == ["c2", "c1"]
    assert sentence(event.lead, "en") == "Nvidia A100 and Nvidia H800 was banned from export to China"
    html = sentence_html(event.lead, "en", lambda one: f"/{one['slug']}/")
    assert '<a href="/a100/">Nvidia A100</a> and <a href="/h800/">Nvidia H800</a>' in html
    assert not event.contested


@pytest.mark.parametrize(
    "changes",
    [{"on": "2024"}, {"text": "Russia"}, {"source": "s2"}, {"note": "In steps."}, {"rank": "preferred"}],
)
def test_what_differs_in_more_stays_apart(changes):
    assert len(events([ban("c1", H800), ban("c2", A100, **changes)])) == 2


def test_alternatives_of_one_event_are_not_joined_with_others():
    assert len(events([ban("c1", H800), ban("c2", H800, on="2022"), ban("c3", A100)])) == 2
