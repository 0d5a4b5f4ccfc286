"""`python -m dli VERB`: the same verbs as the Makefile, for machines without make."""

import sys

from dli.cli import main

sys.exit(main())
