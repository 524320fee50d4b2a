"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.umask(0o077)  # what we write is for its owner's eyes only (design.md section 7)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "provsluss.settings")
application = get_wsgi_application()
