"""Et papir as an object: one content, from which PDF, Word, HTML and plain text are all made."""
