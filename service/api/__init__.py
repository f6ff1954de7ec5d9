"""The JSON API: what the database holds, and what people do, for other programs (docs/api.md).

request -> access (who asks) -> questions -> service.search -> answers (documented shapes) | problems (RFC 9457)
                             -> once      -> service.desk   ->

``routes`` holds the addresses, a module a noun; ``once`` and ``conditional`` what RFC 9110 and a lost answer ask for;
``websub`` is the callback of hubs. ``service.web.guard`` decides before all of them which requests are looked at.
"""
