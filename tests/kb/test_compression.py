"""What the public reads is compressed; the desk is not; a compressed answer is still known by its ETag."""

import gzip

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dossier")]
GZIP = {"accept-encoding": "gzip"}


@pytest.mark.parametrize(
    "path", ["/timelines/deepseek/", "/bn/claims/", "/api/v1/claims/", "/timelines/deepseek.json",
             "/disputes/cost-of-deepseek-v3.svg"],
)  # fmt: skip
def test_public_answers_are_compressed_and_known_again(path):
    client = Client()
    plain, small = client.get(path), client.get(path, headers=GZIP)
    assert small["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small["Vary"]
    assert gzip.decompress(small.content) == plain.content
    assert len(small.content) < len(plain.content) / 2
    if "ETag" in small:
        again = client.get(path, headers=GZIP | {"if-none-match": small["ETag"]})
        assert again.status_code == 304


def test_a_page_of_a_claim_or_a_timeline_is_light():
    for path in ("/claims/c6wznfnhtt/", "/timelines/deepseek/", "/bn/timelines/export-controls/"):
        assert len(Client().get(path, headers=GZIP).content) < 20_000, path


def test_downloads_are_compressed_as_they_stream():
    answer = Client().get("/api/v1/exports/claims.csv", headers=GZIP)
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(b"".join(answer)).startswith(b"ref,")


def test_the_desk_is_not_compressed(editor):
    desk = Client()
    desk.force_login(editor)
    assert "Content-Encoding" not in desk.get("/admin/", headers=GZIP)
