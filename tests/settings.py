"""The settings of the test run: ours, with a data directory of its own that is removed afterwards."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_data_dir = Path(tempfile.mkdtemp(prefix="provsluss-tests-"))
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
os.environ["PROVSLUSS_DATA_DIR"] = str(_data_dir)
os.environ.pop("PROVSLUSS_DATABASE_URL", None)

from provsluss.settings import *  # noqa: E402, F403

# A file and not SQLite's memory: threads and processes of a test meet the same locks as in real life.
DATABASES["default"]["TEST"] = {"NAME": _data_dir / "test.sqlite3"}  # noqa: F405
# Logging in is part of many tests; a slow hash would be most of their time.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Calls that are made side by side need the database from several threads, which a test that is rolled back does not
# have; what is about them says so.
CALLS_AT_ONCE = 1
# So does what is asked of Skolverket by a thread beside the page's.
QUESTIONS_AT_ONCE = 0
