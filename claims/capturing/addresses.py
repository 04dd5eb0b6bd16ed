"""Addresses of pages: what two of them have to share to be one document's."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from kb.lib.text import HostileText, check_url

# Parameters that say how a reader came, never what they read.
_TRACKING: Final = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|mc_cid|mc_eid|_ga|_gl"
    r"|_hsenc|_hsmi|mkt_tok|vero_id|oly_anon_id|oly_enc_id|wickedid|s_cid|ocid|cmpid|ref_src|ref_url",
    re.IGNORECASE,
)
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def canonical(url: str) -> str:
    """The address without what does not name the document: case of the host, default port, fragment, tracking.

    Raises HostileText when it is no http(s) address.
    """
    parts = urlsplit(check_url(url.strip()))
    query = "&".join(one for one in parts.query.split("&") if not _TRACKING.fullmatch(one.partition("=")[0]))
    return urlunsplit((parts.scheme, _netloc(parts), parts.path or "/", query, ""))


def key(url: str) -> str:
    """What two addresses share when they lead to one document: also without scheme, “www.” and a last slash."""
    parts = urlsplit(canonical(url))
    path = parts.path.rstrip("/")
    return parts.netloc.removeprefix("www.") + path + (f"?{parts.query}" if parts.query else "")


def same_site(one: str, other: str) -> bool:
    """Whether both are of one host, “www.” or not. Raises HostileText."""
    first, second = (_netloc(urlsplit(check_url(url))).removeprefix("www.") for url in (one, other))
    return first == second


def believed(stated: str, url: str) -> str:
    """The canonical address of the page at `url`: the one that it states, if that is on the same site, else its own.

    A page could name any address as its own and so pass for somebody else's document.
    """
    own = canonical(url)
    try:
        return canonical(whole) if stated and same_site(whole := urljoin(url, stated.strip()), url) else own
    except (HostileText, ValueError):
        return own


def _netloc(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
    return host + port
