"""Rules that watch newsvane itself: what is wrong with it, since when, and when a person hears of it. Pure.

a rule's ``watch`` -> keeping_of() -> Keeping
what is seen (sources, bodies, channels, work, disk) -> find.py's friends -> Finding, one a subject
Finding + what was open before -> settle() -> Settled: what to tell, what is over, what stays open
-> alerts_of() -> AlertDraft, through the ordinary outbox
"""

from service.domain.keeping.finding import Finding
from service.domain.keeping.spec import KINDS, Keeping, keeping_of, keeping_to_mapping
from service.domain.keeping.telling import alerts_of
from service.domain.keeping.troubles import Settled, Trouble, settle

__all__ = [
    "KINDS",
    "Finding",
    "Keeping",
    "Settled",
    "Trouble",
    "alerts_of",
    "keeping_of",
    "keeping_to_mapping",
    "settle",
]
