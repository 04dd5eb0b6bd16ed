from django.apps import AppConfig


class KbConfig(AppConfig):
    """The project itself: the roof (urls, api, views) and the cellar (models, lib)."""

    name = "kb"
    verbose_name = "Claimbook"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kb.lib.formats import digits

        digits.install()
