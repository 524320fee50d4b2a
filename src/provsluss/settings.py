"""Django's settings. Those of ours are environment variables (see README), which installation/settings_model.py checks.

Raises InstallationProblem where one is wrong or the data directory cannot be used.
"""

from csp.constants import NONCE, NONE, SELF

from provsluss.installation.data_directory import ready_data_directory
from provsluss.installation.database_url import django_database
from provsluss.installation.secret_key import stored_secret_key
from provsluss.installation.wrong_settings import read_settings

_chosen = read_settings()

# --- Where everything lives -----------------------------------------------------------------------------------------

DATA_DIR = ready_data_directory(_chosen.data_dir)
# Secrets of sources, which are then named by the file alone.
SECRET_DIR = _chosen.secret_dir.absolute() if _chosen.secret_dir else None
# Certificates and keys that Inställningar can choose among: a directory for each organisation number.
CERTIFICATE_DIR = (_chosen.certificate_dir or DATA_DIR / "certificates").absolute()
DATABASE_URL = _chosen.database_url
# Signs sessions; without the setting it is made once in the data directory.
SECRET_KEY = _chosen.secret_key or stored_secret_key(DATA_DIR)
DEBUG = _chosen.debug
ALLOWED_HOSTS = list(_chosen.allowed_hosts)
CSRF_TRUSTED_ORIGINS = list(_chosen.trusted_origins)

# --- Database: embedded SQLite, or PostgreSQL by one setting --------------------------------------------------------

EMBEDDED_DATABASE = not DATABASE_URL
_SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA_DIR / "provsluss.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32768;",
    },
}
DATABASES = {"default": _SQLITE if EMBEDDED_DATABASE else django_database(DATABASE_URL)}
# The engine's own tables: a file beside ours, or the schema "dbos" in the same PostgreSQL database.
ENGINE_DATABASE_URL = f"sqlite:///{DATA_DIR / 'engine.sqlite3'}" if EMBEDDED_DATABASE else DATABASE_URL

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Skolverket -----------------------------------------------------------------------------------------------------

PRODUCTION_URL = _chosen.production_url
VERIFICATION_URL = _chosen.verification_url
# The authorisation server of both; its key (rules.md N11: it has changed several times) and its issuers, or the
# metadata of the TLS federation that say them. With none of these the machine's own authorities are trusted.
TOKEN_URL = _chosen.token_url
TOKEN_PINS = _chosen.token_pins
TOKEN_ISSUERS_FILE = _chosen.token_issuers_file
MOA_METADATA_URL = _chosen.moa_metadata_url
MOA_KEYS_FILE = _chosen.moa_keys_file
SIMULATOR_URL = _chosen.simulator_url
# rules.md T6: 200 KB a call. Whether that is 200 000 or 204 800 bytes is not said, so the smaller.
MAX_PAYLOAD_BYTES = _chosen.max_payload_bytes
# rules.md T7, calls a second for transfer + job status, and for reading. 0 is no limit.
TRANSFER_RATE = _chosen.transfer_rate
READ_RATE = _chosen.read_rate
# So many calls of one transfer are under way at once at the most, where Skolverket takes its time to answer.
CALLS_AT_ONCE = _chosen.calls_at_once
# The limits hold for an address. Machines on one database that Skolverket sees under addresses of their own can each
# use the whole limit: give each address a name of your choice. Machines behind one address share one name (or none).
OUTGOING_ADDRESS = _chosen.outgoing_address
# While Skolverket is away, the pause before the next try doubles up to so many seconds.
LONGEST_PAUSE_SECONDS = _chosen.longest_pause
# A job at Skolverket that has not ended after this many hours is given up; "Skicka" sends its objects again.
JOB_PATIENCE_HOURS = _chosen.job_patience_hours
# How long payloads and answers are kept, in days (design.md section 7).
PAYLOAD_DAYS = _chosen.payload_days
# Totals of transfers, and reports of what has been purged.
TOTALS_DAYS = _chosen.totals_days
# A removal of more than so many percent *and* more than so many objects of a kind waits for somebody's decision
# (design.md section 3.4). A huvudman can choose its own limits on a page.
REMOVAL_PERCENT = _chosen.removal_percent
REMOVAL_COUNT = _chosen.removal_count
# Seconds of silence after which another worker takes over a worker's work.
WORKER_DEAD_AFTER = _chosen.worker_dead_after

# --- Visitors, and what takes long ----------------------------------------------------------------------------------

# So many proxies of our own stand in front, and each adds to X-Forwarded-For by whom it was called.
TRUSTED_PROXIES = _chosen.trusted_proxies
# So many pages may ask Skolverket at the same time, each for so many seconds (web/frame/questions.py).
QUESTIONS_AT_ONCE = 3
QUESTION_SECONDS = 10.0

# --- The application ------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "provsluss.web",  # before allauth: its templates win
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "provsluss.organisations",
    "provsluss.catalogue",
    "provsluss.register",
    "provsluss.transfers",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "provsluss.web.frame.no_store.NoStoreMiddleware",
    "csp.middleware.CSPMiddleware",
    "provsluss.web.frame.bad_bytes.BadBytesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "provsluss.web.frame.body_size.BodySizeMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "provsluss.web.frame.organisation_scope.OrganisationScopeMiddleware",
    "provsluss.web.frame.searches.ForgottenSearchMiddleware",
]

ROOT_URLCONF = "provsluss.web.urls"
WSGI_APPLICATION = "provsluss.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "provsluss.web.frame.frame.frame",
            ],
            "builtins": ["provsluss.web.templatetags.provsluss"],
        },
    }
]

FORM_RENDERER = "provsluss.web.frame.form_rendering.FormRenderer"

# --- Login: closed by default ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = ["provsluss.web.frame.login_backend.OneAccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "provsluss.organisations.password_strength.GuessablePasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_ADAPTER = "provsluss.web.frame.login.ClosedAccountAdapter"
ACCOUNT_FORMS = {
    "login": "provsluss.web.frame.login.LoginForm",
    "change_password": "provsluss.web.frame.login.ChangePasswordForm",
    "reauthenticate": "provsluss.web.frame.login.ReauthenticateForm",
}
# Tries to log in are counted by web/frame/login_limits.py instead: allauth's limits lock out whole offices.
ACCOUNT_RATE_LIMITS = {"login": "", "login_failed": ""}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
# How often somebody has tried to log in is counted by all processes together. The table is made by a migration, so that
# web and workers need no right to make one.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "provsluss_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
MFA_ADAPTER = "provsluss.web.frame.login.MFAAdapter"
MFA_FORMS = {
    "authenticate": "provsluss.web.frame.login.CodeForm",
    "reauthenticate": "provsluss.web.frame.login.CodeAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# Accounts are handed out by an operator, so nobody can take over an address by not confirming it.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Provsluss"

SECURE_COOKIES = _chosen.https
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_COOKIES else None
SECURE_HSTS_SECONDS = 31536000 if SECURE_COOKIES else 0
SESSION_ENGINE = "provsluss.web.frame.sealed_sessions"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "provsluss.web.frame.error_pages.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- E-mail, language, files, logs ----------------------------------------------------------------------------------

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _chosen.email_host
EMAIL_PORT = _chosen.email_port
DEFAULT_FROM_EMAIL = _chosen.email_from

LANGUAGE_CODE = "sv"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = DATA_DIR / "uploads"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
MAX_WORKBOOK_BYTES = _chosen.max_workbook_bytes

LOG_LEVEL = _chosen.log_level
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "trouble": {"()": "provsluss.installation.trouble_log.TroubleFilter"},
        "personal_data": {"()": "provsluss.ss12000.log_filter.PersonalDataFilter"},
        "refusals": {"()": "provsluss.web.frame.refusal_log.RefusalFilter"},
    },
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["trouble", "personal_data"]},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "provsluss": {"level": LOG_LEVEL},
        "httpx2": {"level": "WARNING"},
        # DBOS would write past our filter, with a handler of its own, if it had none.
        "dbos": {"handlers": ["stderr"], "propagate": False},
        "django.request": {"filters": ["refusals"]},
    },
}
