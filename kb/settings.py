"""Every setting, read from the environment; docs/settings.md describes each variable."""

import os
from pathlib import Path

import drf_spectacular_sidecar
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from kb.lib.build import fingerprint
from kb.lib.env import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(
    os.environ, secrets=["SECRET_KEY", "DATABASE_URL", "CLAIMBOOK_EDITOR_PASSWORD", "EMAIL_URL"]
)

DEBUG: bool = env.bool("DEBUG", default=False)
SECRET_KEY: str = env.required(
    "SECRET_KEY",
    why="50 random characters that sign sessions",
    development="only-for-development",
    debug=DEBUG,
)
ALLOWED_HOSTS: list[str] = [
    host
    for host in env.required(
        "ALLOWED_HOSTS",
        why="the host names this site answers to, separated by commas",
        development="localhost,127.0.0.1,[::1]",
        debug=DEBUG,
    ).split(",")
    if host
]
env.check()
CSRF_FAILURE_VIEW = "kb.views.stale_form"
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

DATA_DIR = Path(env.str("CLAIMBOOK_DATA", default=str(BASE_DIR / "var")))
DATA_DIR.mkdir(parents=True, exist_ok=True)

INSTALLED_APPS = [
    "kb",
    "companies",
    "claims",
    "claims.ledger",
    "claims.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "rest_framework_api_key",
    "django_filters",
    "drf_spectacular",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "kb.middleware.Compressed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kb.middleware.AsMarkdown",
    "kb.middleware.LanguageOfThePath",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kb.middleware.DeskAsWished",
    "kb.middleware.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "kb.urls"
WSGI_APPLICATION = "kb.wsgi.application"
LOGIN_URL = "admin:login"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# SQLite by default. IMMEDIATE: a transaction that will write takes the write lock when it begins, so it
# waits for its turn instead of failing half-way; FULL: a committed edition survives a power cut.
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'claimbook.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("bn", _("Bengali")), ("hi", _("Hindi")), ("vi", _("Vietnamese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "kb.lib.formats"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000  # bytes of a form without its files: a long text may be pasted
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a claim with its evidence is one form

STATIC_URL = "static/"
# Of the sidecar only Swagger UI: with Redoc, gathering static files takes a minute longer.
_SIDECAR = Path(drf_spectacular_sidecar.__file__).parent / "static/drf_spectacular_sidecar/swagger-ui-dist"
STATICFILES_DIRS = [BASE_DIR / "static", ("drf_spectacular_sidecar/swagger-ui-dist", _SIDECAR)]
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    *Compressor.SKIP_COMPRESS_EXTENSIONS,
    "map",
)  # large, and read by nobody
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(DATA_DIR / "files"), "file_permissions_mode": 0o600},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Nothing is loaded from elsewhere and nothing runs from a page's text.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
# HTTPS=false is for a site on the loopback address only; `make run` sets it.
HTTPS: bool = env.bool("HTTPS", default=not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["claims.api.rendering.BodyRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "claims.api.problems.problem_response",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
    # What one partner may ask of the letterbox.
    "DEFAULT_THROTTLE_RATES": {"user": env.rate("CLAIMBOOK_PARTNER_RATE", default="1000/hour")},
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Claimbook API",
    "DESCRIPTION": "Sourced claims, as of any edition. Reading takes no key; sending claims in does.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_PUBLIC": True,
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SCHEMA_COERCE_PATH_PK": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": ["claims.api.openapi.components.add_components"],
}

# The password of the login that `make run` makes in an empty base; a random one when it is empty.
EDITOR_PASSWORD: str = env.str("CLAIMBOOK_EDITOR_PASSWORD", default="")
# One-person mode: an editor may approve their own claims. The ledger names it wherever it was used.
ONE_PERSON_MODE: bool = env.bool("CLAIMBOOK_ONE_PERSON", default=False)
CLAIM_LICENSE = "CC-BY-4.0"

# Mail: notices of the desk, sent by `manage.py work`. Without a server they are printed where the worker runs.
_MAIL = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND: str = _MAIL["EMAIL_BACKEND"]
EMAIL_HOST: str = _MAIL["EMAIL_HOST"] or "localhost"
EMAIL_PORT: int = _MAIL["EMAIL_PORT"] or 25
EMAIL_HOST_USER: str = _MAIL["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD: str = _MAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS: bool = _MAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = _MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL: str = env.str("CLAIMBOOK_MAIL_FROM", default="claimbook@localhost")
# Where the desk is, for links in mail.
DESK_URL: str = env.str("CLAIMBOOK_DESK_URL", default="http://127.0.0.1:8000").rstrip("/")

# Capturing pages. Nothing is fetched unless somebody asks, or runs `manage.py recapture`.
FETCH_PORTS = frozenset({80, 443, *map(int, env.list("CLAIMBOOK_FETCH_PORTS", default=[]))})
FETCH_AGENT: str = env.str("CLAIMBOOK_FETCH_AGENT", default="Claimbook/0.1 (editorial archive; single pages)")
RECAPTURE_DAYS: int = env.int("CLAIMBOOK_RECAPTURE_DAYS", default=30)
BUILD: str = env.str("BUILD", default="") or fingerprint(
    [BASE_DIR / name for name in ("kb", "companies", "claims", "templates", "static", "locale")]
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
