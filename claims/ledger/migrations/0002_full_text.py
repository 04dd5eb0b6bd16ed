"""The full-text index over the words of search rows, in each database's own way."""

from django.db import migrations

SQLITE = [
    """
    CREATE VIRTUAL TABLE ledger_search_fts USING fts5(
        words, content='ledger_searchrow', content_rowid='record_id',
        tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co' tokenchars '_='"
    )
    """,
    """
    CREATE TRIGGER ledger_search_added AFTER INSERT ON ledger_searchrow BEGIN
        INSERT INTO ledger_search_fts(rowid, words) VALUES (new.record_id, new.words);
    END
    """,
    """
    CREATE TRIGGER ledger_search_removed AFTER DELETE ON ledger_searchrow BEGIN
        INSERT INTO ledger_search_fts(ledger_search_fts, rowid, words) VALUES ('delete', old.record_id, old.words);
    END
    """,
    """
    CREATE TRIGGER ledger_search_changed AFTER UPDATE OF record_id, words ON ledger_searchrow BEGIN
        INSERT INTO ledger_search_fts(ledger_search_fts, rowid, words) VALUES ('delete', old.record_id, old.words);
        INSERT INTO ledger_search_fts(rowid, words) VALUES (new.record_id, new.words);
    END
    """,
]
POSTGRESQL = [
    "CREATE INDEX ledger_search_words ON ledger_searchrow"
    " USING gin (array_to_tsvector(string_to_array(words, ' ')))",
]
UNDO = {
    "sqlite": [
        "DROP TRIGGER ledger_search_changed",
        "DROP TRIGGER ledger_search_removed",
        "DROP TRIGGER ledger_search_added",
        "DROP TABLE ledger_search_fts",
    ],
    "postgresql": ["DROP INDEX ledger_search_words"],
}


def _do(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def _undo(apps, schema_editor):
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(_do, _undo, hints={"tables": ["ledger_searchrow"]})]
