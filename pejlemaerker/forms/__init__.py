"""What people fill in about pejlemærker. Each form checks, and its `save` is one action."""
