"""A dossier that adds evidence to claims told elsewhere; and the shipped one that does."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from claims.dossiers.loading import load
from claims.dossiers.reading import DossierFaults
from claims.ledger import verify
from claims.models import Claim, Source
from kb.models import State
from tests.building import a_claim, a_source, published
from tests.claims.printed import derived_part
from tests.claims.views.test_pages import words
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db

HEAD = "dossier: {format: 1}\n"


def _folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def _more(claim: Claim, source: Source, *, also: str = "") -> str:
    return f"evidence:\n- claim: {claim.ref}\n  source: {source.slug}\n  original_value: 48\n  locator: page 2\n{also}"


def test_evidence_joins_what_a_claim_has_and_is_not_added_twice(tmp_path):
    claim, source = a_claim(state=State.APPROVED), a_source()
    published(claim, source)
    before = Claim.objects.with_parts().get(ref=claim.ref).body()
    folder = _folder(tmp_path, one=HEAD + _more(claim, source))
    assert load(folder, publish=True).changed["claims"] == 1
    after = Claim.objects.with_parts().get(ref=claim.ref).body()
    assert after["evidence"][0] == before["evidence"][0]
    assert [one["source"] for one in after["evidence"][1:]] == [source.ref]
    assert {key for key in after if after[key] != before[key]} == {"evidence"}
    assert derived_part(claim)["sources"] == 2
    again = load(folder, publish=True)
    assert (again.changed["claims"], again.unchanged["claims"], again.edition) == (0, 1, None)


def test_evidence_joins_a_claim_of_the_same_dossier(tmp_path):
    football = tmp_path / "football"
    shutil.copytree(ROOT / "tests" / "dossiers" / "football", football)
    ref = re.search(r"ref: (c\w{9})", (football / "claims" / "transfer.yaml").read_text(encoding="utf-8"))[1]
    extra = f"evidence:\n- {{claim: {ref}, source: daily-goal-en, locator: page 9}}\n"
    (football / "more.yaml").write_text(HEAD + extra if "dossier" in extra else extra, encoding="utf-8")
    load(football)
    assert "page 9" in [one.locator for one in Claim.objects.get(ref=ref).evidence.all()]


def test_faults_say_where_they_are(tmp_path):
    claim, draft, source = a_claim(state=State.APPROVED), a_claim(state=State.DRAFT), a_source()
    published(claim, source)
    unknown = HEAD + "evidence:\n- claim: c9zzzzzzzz\n  source: x\n  locator: page 2\n"
    spoilt = HEAD + _more(claim, source, also=f"- {{claim: {claim.ref}, source: nowhere, locator: page 3}}\n")
    for text, line, said in (
        (unknown, 3, "there is no claim 'c9zzzzzzzz'"),
        (HEAD + _more(draft, source), 3, "not approved on the desk"),
        (spoilt, 7, "there is no source 'nowhere'"),
    ):
        with pytest.raises(DossierFaults) as refusal:
            load(_folder(tmp_path, one=text))
        (fault,) = refusal.value.faults
        assert (fault.file, fault.line) == ("one.yaml", line)
        assert said in fault.message
    assert Claim.objects.get(ref=claim.ref).evidence.count() == 1


def test_what_is_added_to_one_claim_stands_in_one_file(tmp_path):
    claim, source, other = a_claim(state=State.APPROVED), a_source(), a_source()
    published(claim)
    with pytest.raises(DossierFaults, match="one file"):
        load(_folder(tmp_path, one=HEAD + _more(claim, source), two=_more(claim, other)))


@pytest.fixture
def _covered(dossier):
    load(ROOT / "dossiers" / "deepseek-coverage", publish=True)


@pytest.mark.usefixtures("_covered")
def test_the_coverage_of_a_figure_shows_its_one_origin_and_the_tree(client):
    assert list(verify.faults()) == []
    answer = client.get("/claims/c0q1877bxj/")
    html = answer.content.decode()
    said = words(html)
    assert "27 sources 1 origin 1 voice" in said
    assert "3 of 26 sources that took the figure from another changed it on the way." in said
    tree = html[html.index('class="tree tree--root"') :]
    tree = tree[: tree.index("<h2>")]
    assert (
        tree.index("SemiAnalysis")
        < tree.index("Tom's Hardware".replace("'", "&#x27;"))
        < tree.index("ensigame.com")
    )
    assert tree.index("ensigame.com") < tree.index("wehsl.com") < tree.index("kemaspedia.com")
    assert tree.count("tree__item ") + tree.count('tree__item"') == 28  # ensigame.com is quoted by nobody


@pytest.mark.usefixtures("_covered")
def test_copies_that_lost_a_digit_are_drift_and_legible_misprints_are_claims_of_their_own(client):
    shown = client.get("/api/v1/claims/c2a583mq56/").json()
    lost = [one for one in shown["evidence"] if "digit-lost" in one["drift"]]
    assert len(lost) == 6
    assert all("million মিলিয়ন" in one["original_value"] for one in lost)
    misprints = client.get(
        "/api/v1/claims/?property=training-cost&amount_min=55760000&amount_max=55760000&unit=USD"
    ).json()
    (claim,) = misprints["results"]
    assert claim["links"] == [{"relation": "misreports", "claim": "c2xr1j1ryb"}]
    assert claim["credibility"] == 5
