"""Saving a row that has been checked, without asking the database about every constraint first."""

from django.db import IntegrityError, models, transaction


def save(row: models.Model) -> None:
    """Validate the row's own fields, then save it and let the database judge its constraints.

    Django's full_clean asks one query a constraint before it writes; here the write is tried, and only when it is
    refused are they asked, for the message. Raises ValidationError; IntegrityError only for what no constraint names.
    """
    row.clean_fields(exclude={field.name for field in row._meta.concrete_fields if field.is_relation})
    row.clean()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        row.full_clean()
        raise
