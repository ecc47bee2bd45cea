"""Reading notes (notat) about politiske pejlemærker: pure functions from text to goal sets and follow-up, without Django."""
