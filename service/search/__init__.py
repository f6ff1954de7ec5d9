"""The one read path: every listing of the command line, the API and the pages comes from here.

Ask -> page()   -> Page of lines (docs/formats.md), newest first
    -> stream() -> all of them, a batch at a time
    -> one()    -> a source, an article, a story, an alert or a delivery with all that is known of it
    -> follow() -> what happened since, as it happens
"""

from service.search.asking import Ask, AskError, check_triage, moment, wanted_of
from service.search.following import Followed, Happened, follow, follow_from
from service.search.listings import NOUNS, Page, page, stream
from service.search.single import explained, one
from service.search.watched import last_polls, rescans, watch_list

__all__ = [
    "NOUNS",
    "Ask",
    "AskError",
    "Followed",
    "Happened",
    "Page",
    "check_triage",
    "explained",
    "follow",
    "follow_from",
    "last_polls",
    "moment",
    "one",
    "page",
    "rescans",
    "stream",
    "wanted_of",
    "watch_list",
]
