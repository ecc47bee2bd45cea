"""Logging in: password and second factor, the municipality's own login, and the way in when that is down."""
