"""The four roles as groups, each with what the one before it may do."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

ENTITIES = (
    "entity", "company", "hardware", "aimodel", "organization", "person", "technique", "policy", "event", "facility",
    "publication",
)
WRITTEN = ("claim", "source", "publisher", "dispute", "timeline")
VOCABULARY = ("property", "scopedimension")
LOOKED_AT = ("snapshot", "captureattempt", "halflife")


def _verbs(app, models, *verbs):
    return {f"{app}.{verb}_{model}" for verb in verbs for model in models}


CONTRIBUTOR = (
    _verbs("companies", ENTITIES, "view", "add", "change")
    | _verbs("claims", WRITTEN, "view", "add", "change")
    | _verbs("claims", VOCABULARY + LOOKED_AT, "view")
)
EDITOR = (
    CONTRIBUTOR
    | _verbs("claims", VOCABULARY, "add", "change")
    | _verbs("claims", ("halflife",), "add", "change", "delete")
    | {"claims.approve_claim"}
)
PUBLISHER = EDITOR | {"claims.publish_claim"}
ADMINISTRATOR = (
    PUBLISHER
    | _verbs("claims", ("byline", "redaction"), "view", "add", "change")
    | _verbs("auth", ("user",), "view", "add", "change")
    | _verbs("auth", ("group",), "view")
    | {"claims.administer_claim"}
)
GROUPS = {
    "contributor": CONTRIBUTOR, "editor": EDITOR, "publisher": PUBLISHER, "administrator": ADMINISTRATOR,
}


def make_groups(apps, schema_editor):
    using = schema_editor.connection.alias
    for label in ("auth", "companies", "claims"):
        config = apps.get_app_config(label)
        config.models_module = True  # else Django makes permissions only when all migrations are through
        create_permissions(config, verbosity=0, using=using, apps=apps)
        config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    known = {
        f"{one.content_type.app_label}.{one.codename}": one
        for one in permissions.select_related("content_type")
    }
    for name, wanted in GROUPS.items():
        group, _made = apps.get_model("auth", "Group").objects.using(using).get_or_create(name=name)
        group.permissions.set([known[one] for one in sorted(wanted)])


def remove_groups(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    groups.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0005_workflow"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, remove_groups)]
