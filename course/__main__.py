"""`python -m course VERB`: the verbs of the Makefile, for machines without make."""

import sys

from course.cli import main

sys.exit(main())
