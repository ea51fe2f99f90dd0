#!/usr/bin/env python
"""The command line of Trilink."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from config.embedded.errors import EmbeddedError

WRONG_SURROUNDINGS = 2

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, EmbeddedError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(WRONG_SURROUNDINGS)
