import gc
import os

from django.core.wsgi import get_wsgi_application

from config.memory import give_back_large_blocks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# What was loaded stays for ever, and a batch makes thousands of short-lived objects: let the collector look less.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
give_back_large_blocks()
