"""What people fill in about meetings; every form saves by one action."""
