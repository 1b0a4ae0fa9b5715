"""`python -m lakebook_cli`."""

import sys

from lakebook_cli.main import main

sys.exit(main())
