"""The kinds of entities: the word in their addresses and their names in the plural and the singular."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


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
    Kind("company", "companies", _("Companies"), _("Company")),
    Kind("hardware", "hardware", _("Hardware"), _("Hardware")),
    Kind("model", "models", _("Models"), _("Model")),
    Kind("person", "people", _("People"), _("Person")),
    Kind("organization", "organizations", _("Organizations"), _("Organization")),
    Kind("technique", "techniques", _("Techniques"), _("Technique")),
    Kind("policy", "policies", _("Policies"), _("Policy")),
    Kind("event", "events", _("Events"), _("Event")),
    Kind("facility", "facilities", _("Facilities"), _("Facility")),
    Kind("publication", "publications", _("Publications"), _("Publication")),
)
KIND_BY_CODE = {kind.code: kind for kind in KINDS}
