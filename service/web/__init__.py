"""The pages: made on the server, readable without JavaScript, harmless whatever a feed holds.

request -> guard (Host, headers) -> pages -> service.search -> shown (what to show) -> templates

``app.create_app`` puts the API and the pages together. FastAPI is imported here and in ``service.api`` only.
"""
