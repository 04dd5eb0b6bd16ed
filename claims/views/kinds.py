"""The kinds of entities: the word in their addresses and their names in the plural and the singular."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.wording import KIND_NAMES


@dataclass(frozen=True, slots=True)
class Kind:
    code: str
    path: str
    plural: str | Promise
    singular: str | Promise

    @property
    def list_name(self) -> str:
        """The name of the list's address."""
        return f"claims:{self.code}-list"


KINDS = (
    Kind("company", "companies", _("Companies"), KIND_NAMES["company"]),
    Kind("hardware", "hardware", _("Hardware"), KIND_NAMES["hardware"]),
    Kind("model", "models", _("Models"), KIND_NAMES["model"]),
    Kind("person", "people", _("People"), KIND_NAMES["person"]),
    Kind("organization", "organizations", _("Organizations"), KIND_NAMES["organization"]),
    Kind("technique", "techniques", _("Techniques"), KIND_NAMES["technique"]),
    Kind("policy", "policies", _("Policies"), KIND_NAMES["policy"]),
    Kind("event", "events", _("Events"), KIND_NAMES["event"]),
    Kind("facility", "facilities", _("Facilities"), KIND_NAMES["facility"]),
    Kind("publication", "publications", _("Publications"), KIND_NAMES["publication"]),
)
KIND_BY_CODE = {kind.code: kind for kind in KINDS}
