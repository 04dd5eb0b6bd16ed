"""What a page says to programs that read pages: JSON-LD in the words of schema.org. Pure.

A claim is a `Claim`, with a `ClaimReview` where it has a grade; a dispute is a `ClaimReview` of its members. An entity
has the type of its kind, a company `Organization`; a list is a `Dataset` with its downloads.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from claims.wording import CREDIBILITY, DISPUTE_STATES

Shape = Mapping[str, Any]
Linked = dict[str, Any]
CONTEXT: Final = "https://schema.org"
LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"
_TYPES: Final = {
    "company": "Organization",
    "organization": "Organization",
    "person": "Person",
    "event": "Event",
    "publication": "CreativeWork",
    "facility": "Place",
    "hardware": "Product",
    "model": "SoftwareApplication",
    "policy": "Legislation",
}
WORST, BEST = 1, 6


def site(base: str) -> Linked:
    return {"@type": "Organization", "name": "Claimbook", "url": f"{base}/"}


def claim(shape: Shape, sentence: str, url: str, base: str) -> Linked:
    """A claim, with the review of it where it has a grade. `base` is the site's address without its last slash."""
    said: Linked = {
        "@type": "Claim",
        "@id": url,
        "url": url,
        "name": sentence,
        "about": thing(shape["subject"]),
        "appearance": [_work(one["source"]) for one in shape["evidence"] if one["stance"] == "supports"],
    }
    if shape["asserted_by"]:
        said["author"] = thing(shape["asserted_by"])
    if not shape["credibility"]:
        return {"@context": CONTEXT} | said
    return {
        "@context": CONTEXT,
        "@type": "ClaimReview",
        "url": url,
        "claimReviewed": sentence,
        "itemReviewed": said,
        "author": site(base),
        "reviewRating": _rating(shape["credibility"]),
        "version": shape["edition"],
    }


def dispute(shape: Shape, members: Iterable[tuple[Shape, str, str]], url: str, base: str) -> Linked:
    """A dispute as a review; `members` are (claim, sentence, address)."""
    return {
        "@context": CONTEXT,
        "@type": "ClaimReview",
        "url": url,
        "claimReviewed": str(shape["question"]),
        "reviewBody": str(shape["answer"]),
        "author": site(base),
        "reviewRating": {
            "@type": "Rating",
            "alternateName": str(DISPUTE_STATES.get(shape["state"], shape["state"])),
        },
        "itemReviewed": [
            {"@type": "Claim", "@id": address, "url": address, "name": sentence}
            for _claim, sentence, address in members
        ],
        "version": shape["edition"],
    }


def thing(entity: Shape) -> Linked:
    """What a claim is about, as it stands inside other things."""
    return {"@type": _TYPES.get(str(entity["kind"]), "Thing"), "name": str(entity["label"])}


def entity(shape: Shape, url: str) -> Linked:
    """An entity with its other names and its identifiers."""
    others = [
        name["text"]
        for name in shape["names"]
        if name["role"] != "misspelling" and name["text"] != shape["label"]
    ]
    said = {
        "@context": CONTEXT,
        **thing(shape),
        "@id": url,
        "url": url,
        "alternateName": list(dict.fromkeys(others)),
    }
    if shape["description"]:
        said["description"] = str(shape["description"])
    if shape["identifiers"]:
        said["identifier"] = [
            {"@type": "PropertyValue", "propertyID": one["scheme"], "value": one["value"]}
            for one in shape["identifiers"]
        ]
    return said


def dataset(name: str, description: str, url: str, downloads: Mapping[str, str], base: str) -> Linked:
    """A list; `downloads` maps media types to addresses."""
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "name": name,
        "description": description,
        "url": url,
        "license": LICENSE,
        "creator": site(base),
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": address}
            for kind, address in downloads.items()
        ],
    }


def _work(source: Shape) -> Linked:
    work: Linked = {"@type": "CreativeWork", "name": source["title"], "inLanguage": source["language"]}
    if source["address"]:
        work["url"] = source["address"]
    if source["publisher"]:
        work["publisher"] = {"@type": "Organization", "name": source["publisher"]}
    if source["published_on"]:
        work["datePublished"] = source["published_on"]["earliest"]
    return work


def _rating(credibility: int) -> Linked:
    """The Admiralty scale turned round, since schema.org's best is the greatest: 1 (confirmed) becomes 6."""
    return {
        "@type": "Rating",
        "worstRating": WORST,
        "bestRating": BEST,
        "ratingValue": BEST + WORST - credibility,
        "alternateName": str(CREDIBILITY[credibility]),
    }
