"""Which articles tell the same news: as each arrives, by what they share and where they contradict each other.

    title, text --words--> numbers --signature--> Signature, posted hashes
    hashes --index--> postings --assign.rivals--> members --index--> signatures
    both --evidence.compare--> Evidence --decide.judge--> Verdict --assign.assign--> Assignment

The index is either in memory (``StoriesInMemory``) or in the database (service/store/stories.py); docs/adr/0012 says
why it is done so.
"""

from service.domain.stories.assign import CROWDED, Assignment, Member, Posting, assign, rivals
from service.domain.stories.decide import strays
from service.domain.stories.evidence import compare
from service.domain.stories.memory import StoriesInMemory
from service.domain.stories.signature import Signature, posted_hashes, sign

__all__ = [
    "CROWDED",
    "Assignment",
    "Member",
    "Posting",
    "Signature",
    "StoriesInMemory",
    "assign",
    "compare",
    "posted_hashes",
    "rivals",
    "sign",
    "strays",
]
