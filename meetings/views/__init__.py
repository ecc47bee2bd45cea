"""The pages of the meetings app."""
