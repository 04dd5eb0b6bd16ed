"""How a date stands in a body: its EDTF text with the days around it."""

from kb.lib.edtf import desk_date


def time_body(text: str) -> dict[str, str | None] | None:
    """{"edtf", "earliest", "latest"} with ISO days, None where open; None for no date.

    Raises EdtfError when `text` is no date that the desk takes.
    """
    if not text:
        return None
    date = desk_date(text)
    return {
        "edtf": date.text,
        "earliest": date.earliest.isoformat() if date.earliest else None,
        "latest": date.latest.isoformat() if date.latest else None,
    }
