"""Days to come, for lists of cases that are made when the tests are collected."""

from kit.clock import today

# Ahead on any day the tests may run, and near enough to be a year somebody means.
AHEAD = f"{today().year + 1}-12-31"
