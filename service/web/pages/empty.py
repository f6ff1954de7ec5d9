"""What a page without news says: why there is none, and when the next source is asked."""

from collections.abc import Mapping
from datetime import datetime

from service.figures import totals
from service.store import housekeeping, overview
from service.web.pages.frame import Frame

__all__ = ["why_nothing"]


async def why_nothing(frame: Frame) -> tuple[Mapping[str, int], datetime | None]:
    """How much there is of everything, and when the next poll is. Before the first mention it is counted anew, for then
    somebody is setting newsvane up and looks at what each step did."""
    counts = (await totals(frame.db, now=frame.now)).counts
    async with frame.db.read() as session:
        if not counts["mentions"]:
            counts = await housekeeping.counts(session, now=frame.now)
        return counts, (await overview.health(session)).next_poll_at
