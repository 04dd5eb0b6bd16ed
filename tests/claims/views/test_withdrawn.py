"""What was published and withdrawn keeps its address and says why."""

import pytest

from claims import press
from claims.ledger.models import Edition, Reason
from tests.building import a_claim, published, resting_on

pytestmark = pytest.mark.django_db


def test_withdrawn_claim_keeps_its_address_and_says_what_it_said_and_why(client):
    claim = a_claim()
    published(*resting_on(claim), claim)
    before = Edition.objects.latest("number").number
    press.publish(
        [], withdraw=[claim], by=None, reason=Reason.RETRACTION, note={"en": "The paper took it back."}
    )
    answer = client.get(f"/claims/{claim.ref}/")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "This was withdrawn" in html
    assert "The paper took it back." in html
    assert "retraction" in html
    assert "€1 million" in html
    assert f"/claims/{claim.ref}/?edition={before}" in html
    assert (
        client.get(f"/claims/{claim.ref}/?edition={before}").content.decode().count("This was withdrawn") == 0
    )
    assert claim.ref not in client.get("/claims/").content.decode()
    assert "withdrawn" in client.get(f"/editions/{before + 1}/").content.decode()
