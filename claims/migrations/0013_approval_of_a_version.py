"""Approvals bind to a version. Those given before hold for the last version that had the approved body."""

from __future__ import annotations

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def bind(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    revisions = apps.get_model("kb", "Revision").objects.using(editor.connection.alias)
    approvals = apps.get_model("claims", "Approval").objects.using(editor.connection.alias)
    for approval in approvals.iterator():
        same = revisions.filter(kind=approval.kind, ref=approval.ref, body_sha256=approval.body_sha256)
        approval.version = same.aggregate(last=models.Max("version"))["last"] or 0
        approval.save(update_fields=["version"])


class Migration(migrations.Migration):
    dependencies: ClassVar = [("claims", "0012_eras"), ("kb", "0002_presence")]
    operations: ClassVar = [
        migrations.AddField("approval", "version", models.PositiveIntegerField(default=0), preserve_default=False),
        migrations.RunPython(bind, migrations.RunPython.noop, elidable=True),
        migrations.RemoveConstraint("approval", "claims_approval_once_a_person"),
        migrations.AddConstraint(
            "approval",
            models.UniqueConstraint(
                fields=["kind", "ref", "version", "approved_by"], name="claims_approval_once_a_person"
            ),
        ),
    ]
