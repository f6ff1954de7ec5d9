"""The JSON API: what the database holds, to be read by other programs.

request -> questions (what may be asked) -> service.search -> answers (documented shapes) | problems (RFC 9457)

The one part that changes anything is ``websub``, the callback of hubs. There are no users yet; ``service.web.guard``
sees to it that only this machine's own browser pages and programs, or those that the operator let in by the listen
address, are answered, and hubs at that callback.
"""
