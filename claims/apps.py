from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    """The editorial heart: the desk, the press, and what readers and partners reach."""

    name = "claims"
    verbose_name = _("Claims")
    default_auto_field = "django.db.models.BigAutoField"


class DeskConfig(admin_apps.AdminConfig):
    """Django's admin with our front page (claims.admin.site); settings name it instead of django.contrib.admin."""

    default = False
    default_site = "claims.admin.site.DeskSite"
