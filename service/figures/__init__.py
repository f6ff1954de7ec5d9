"""Figures about what was found, for the command line, the API and the pages: facets of a listing, volume over time,
share of voice, who is named with whom, top sources, deals.

Ask -> facets, volume, share_of_voice, co_mentions, top_sources, deals -> a frozen answer with its Basis

What counts in all but facets and deals is what was news: not what stood in a feed at its first poll, what a rescan
found, or what was withdrawn. ``past=True`` counts the first two as well. Times are when newsvane found it.
"""

from service.figures.answers import (
    Basis,
    CoMentions,
    Count,
    Deal,
    Deals,
    Facets,
    Pair,
    Series,
    Share,
    ShareOfVoice,
    SourceCount,
    TopSources,
    Totals,
    Volume,
    as_object,
)
from service.figures.questions import co_mentions, deals, facets, share_of_voice, top_sources, volume
from service.figures.totals import totals

__all__ = [
    "Basis",
    "CoMentions",
    "Count",
    "Deal",
    "Deals",
    "Facets",
    "Pair",
    "Series",
    "Share",
    "ShareOfVoice",
    "SourceCount",
    "TopSources",
    "Totals",
    "Volume",
    "as_object",
    "co_mentions",
    "deals",
    "facets",
    "share_of_voice",
    "top_sources",
    "totals",
    "volume",
]
