from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompaniesConfig(AppConfig):
    """The registry: who and what claims are about."""

    name = "companies"
    verbose_name = _("Registry")
    default_auto_field = "django.db.models.BigAutoField"
