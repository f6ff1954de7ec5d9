"""The scrapers against a hostile web: a real server on loopback, real worker processes."""
