"""All settings, in one file; what differs between places is environment (README: Drift)."""

from pathlib import Path

from django.utils.csp import CSP

from kit.env import (
    env_address,
    env_bool,
    env_choice,
    env_database,
    env_grants,
    env_list,
    env_mail,
    env_number,
    env_secret,
    env_text,
    env_url,
)

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env_bool("DEBUG", default=False)
DEMO = env_bool("DEMO", default=False)
SECRET_KEY = env_secret("SECRET_KEY", default="kun-til-udvikling" if DEBUG else None)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "meetings",
    "pejlemaerker",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "kit.static_files.StaticFiles",
    "django_htmx",
    "pgtrigger",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
]

MIDDLEWARE = [
    "django.middleware.csp.ContentSecurityPolicyMiddleware",  # first, so that no answer goes without
    "kit.logs.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kit.reading.ReadingPages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # asks the database nothing
    "kit.guards.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "meetings.reading_log.ReadingLog",  # last, so that nothing is fetched after it
]

ROOT_URLCONF = "pejlemaerker.urls"
WSGI_APPLICATION = "pejlemaerker.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pejlemaerker.context.site",
            ],
            "builtins": [
                "django_htmx.templatetags.django_htmx",
                "django.templatetags.static",
                "kit.templatetags.danish",
            ],
            "libraries": {"danish": "kit.templatetags.danish", "papers": "kit.templatetags.papers"},
        },
    },
]

# --- Database -------------------------------------------------------------------------------------------------------

# Seconds that a statement may take. Pages have a limit (wsgi.py); commands, which migrate and import, have none.
STATEMENT_TIMEOUT = env_number("STATEMENT_TIMEOUT", default=0, least=0)
DATABASES = {"default": env_database("DATABASE_URL", patience=STATEMENT_TIMEOUT)}
if env_secret("READING_DATABASE_URL", default=""):  # a standby that pages may be read from
    DATABASES["reading"] = env_database("READING_DATABASE_URL", patience=STATEMENT_TIMEOUT)
DATABASE_ROUTERS = ["kit.reading.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The models write search_path-free SQL; one schema, so pgtrigger needs no help finding its tables.
PGTRIGGER_SCHEMA_EDITOR = True

# One cache for all processes: who guesses is counted, and a code is used, once for the whole house. Its table comes
# with the migrations. Room for many, because a full cache forgets, and forgetting would be a guesser's way out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

# --- Tasks and mail -------------------------------------------------------------------------------------------------

# The queue is a table, so that a task is asked for in the same transaction as the write that needs it.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# Where there is a mail server, letters need to know whom they are from and where their links lead.
MAILERS = {"default": env_mail("EMAIL_URL", default="console:" if DEBUG or DEMO else "none:")}
_SENDS = "smtp" in MAILERS["default"]["BACKEND"]
SENDS_MAIL = MAILERS["default"]["BACKEND"] != "kit.mail.NoMailServer"
DEFAULT_FROM_EMAIL = env_address("DEFAULT_FROM_EMAIL", default=None if _SENDS else "Pejlemærker <demo@localhost>")
SITE_URL = env_url("SITE_URL", default=None if _SENDS else "http://127.0.0.1:8000")

# --- People ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "meetings.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = [  # scrypt first: it costs a guesser memory too, and us half the time of PBKDF2
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

PASSWORD_RESET_TIMEOUT = 3600  # seconds that the link in a letter lasts

# Who writes logs in with two factors; the demo's logins are known to all, and would only be in the way.
REQUIRE_SECOND_FACTOR = env_bool("REQUIRE_SECOND_FACTOR", default=not (DEBUG or DEMO))
MFA_ADAPTER = "pejlemaerker.login.adapter.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # the code before and after: phones are seldom on time

# The municipality's own login (Entra ID or another OpenID Connect provider); without an issuer there is none.
OIDC_ISSUER = env_text("OIDC_ISSUER", default="").rstrip("/")
OIDC_CLIENT_ID = env_text("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env_secret("OIDC_CLIENT_SECRET", default=None if OIDC_ISSUER else "")
OIDC_NAME = env_text("OIDC_NAME", default="kommunens login")
OIDC_SCOPES = env_list("OIDC_SCOPES", default=["openid", "profile", "email"])
OIDC_SUBJECT_CLAIM = env_text("OIDC_SUBJECT_CLAIM", default="sub")  # Entra ID: oid
OIDC_GROUPS_CLAIM = env_text("OIDC_GROUPS_CLAIM", default="groups")
OIDC_TRUST_EMAIL = env_bool("OIDC_TRUST_EMAIL", default=False)  # may an address alone say which user it is?
_ROLES = {"member", "chair", "leader", "consultant", "secretary", "head", "administrator", "auditor"}
OIDC_ROLES = env_grants("OIDC_ROLES", roles=_ROLES)
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5  # seconds to wait for the provider

SESSION_ENGINE = "kit.sessions"
SESSION_HOURS = env_number("SESSION_HOURS", default=12)  # from the login, whatever happens
SESSION_IDLE_MINUTES = env_number("SESSION_IDLE_MINUTES", default=180)  # a meeting may be long, and nobody types in it
LOGIN_DATA_DAYS = env_number(
    "LOGIN_DATA_DAYS", default=365
)  # then it is forgotten who last logged in, and written to whom
SESSION_COOKIE_AGE = (SESSION_HOURS + 24) * 3600  # a day more, so that one can be told that it ended

# --- Language and time ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "da"
TIME_ZONE = "Europe/Copenhagen"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = None
DATA_LICENCE = env_text("DATA_LICENCE", default="Creative Commons Navngivelse 4.0 International (CC BY 4.0)")
DATA_LICENCE_URL = env_text("DATA_LICENCE_URL", default="https://creativecommons.org/licenses/by/4.0/deed.da")
SITE_NAME = env_text("SITE_NAME", default="Demo" if DEMO else "")  # the municipality's name in every page's head

# --- Static files ---------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("dkfds", BASE_DIR / "node_modules" / "dkfds" / "dist"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Old font formats and source maps: hardly anyone asks for them, and compressing them takes most of the time.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["woff", "woff2", "ttf", "eot", "png", "map"]

# --- Safety ---------------------------------------------------------------------------------------------------------

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],  # data: for the small icons inside DKFDS's style sheet
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
# "no-referrer" would make browsers send "Origin: null", and every form post would be refused.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_USE_SESSIONS = True  # so that the session is the only cookie
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # for the same reason
CSRF_FAILURE_VIEW = "pejlemaerker.views.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a leader's page has two for each question about each pejlemærke
DATA_UPLOAD_MAX_NUMBER_FILES = 1
UPLOAD_MAX_SIZE = 25_000_000  # bytes of an attachment, as people count them ("25 MB")
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",  # small ones
    "kit.uploads.CappedUpload",
]

# Behind TLS everything is strict; the demo on 127.0.0.1 speaks plain HTTP.
HTTPS = env_bool("HTTPS", default=not (DEBUG or DEMO))
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"  # of this host alone, and browsers see to it
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if env_bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Logs: to stdout, without personal data ---------------------------------------------------------------------------

LOG_FORMAT = env_choice("LOG_FORMAT", default="text", among=["text", "json"])
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "kit.logs.JsonLine"},
    },
    "filters": {"tokens": {"()": "kit.logs.HideTokens"}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": LOG_FORMAT,
            "filters": ["tokens"],
        },
    },
    "root": {"handlers": ["stdout"], "level": "WARNING"},
    "loggers": {
        "django": {"level": "INFO"},
        "django.server": {"level": "INFO", "propagate": True},  # without Django's own handler, which knows no filter
        "pejlemaerker": {"level": "INFO"},
        # One event a request is for machines; people who read along have their proxy, or no need.
        "pejlemaerker.requests": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
    },
}
