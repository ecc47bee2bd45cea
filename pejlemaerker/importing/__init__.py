"""Reading notes (notat) about pejlemærker: pure functions from text to goal sets and follow-up, without Django."""
