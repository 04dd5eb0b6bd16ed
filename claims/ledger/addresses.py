"""The permanent path of everything published, the same for pages and, after /api/v1, for the API."""

PLURAL = {
    "company": "companies",
    "hardware": "hardware",
    "model": "models",
    "organization": "organizations",
    "person": "people",
    "technique": "techniques",
    "policy": "policies",
    "event": "events",
    "facility": "facilities",
    "publication": "publications",
}
SEGMENT = {
    "claim": "claims",
    "source": "sources",
    "dispute": "disputes",
    "timeline": "timelines",
    "property": "properties",
}


HOUSE = {"page": "about"}  # pages only: what the house says of itself is no list of the API


def path(kind: str, key: str) -> str:
    """The path of a thing under its slug or ref; `kind` is an entity's own kind, such as "company"."""
    return f"/{(PLURAL | SEGMENT | HOUSE)[kind]}/{key}/"
