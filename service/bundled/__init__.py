"""Data that ships with newsvane: the default watch list."""
