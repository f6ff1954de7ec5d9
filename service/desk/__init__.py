"""What people do here beside looking: the same for the command line, the API and the pages.

a command | a request | a form -> one function of this package -> the database, or the web through its choke point

What only writes takes the caller's transaction, so that a caller can write more in it; what asks the web, or reads
much, takes the database and opens none for long. What cannot be done is a ``Refused`` (errors.py), in one line.
"""
