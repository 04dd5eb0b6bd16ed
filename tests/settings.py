"""Settings for tests: the real ones, in a temporary folder, on SQLite or on the throw-away PostgreSQL.

`make test` runs every test twice, `--dist each` over two workers: the first takes SQLite, the second PostgreSQL.
"""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ["HTTPS"] = "false"
os.environ["DEBUG"] = "false"
os.environ["CLAIMBOOK_DATA"] = tempfile.mkdtemp(prefix="claimbook-tests-")
atexit.register(shutil.rmtree, os.environ["CLAIMBOOK_DATA"], ignore_errors=True)
os.environ.pop("DATABASE_URL", None)
if os.environ.get("PYTEST_XDIST_WORKER") == "gw1" and "CLAIMBOOK_TEST_POSTGRES" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["CLAIMBOOK_TEST_POSTGRES"]

from kb.settings import *  # noqa: E402, F403
from kb.settings import DATA_DIR, DATABASES, STORAGES  # noqa: E402

# A file, as in real life: several connections must meet in it.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
(DATA_DIR / "static").mkdir()
