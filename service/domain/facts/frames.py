"""The frames that give parties their parts: tables of data, the first that fits a name decides.

In a masked sentence each name is one private character and each amount another; ``roles`` looks, in small letters.
"""

from service.domain.facts.firm_frames import FIRM_FRAMES
from service.domain.facts.money_frames import MONEY_FRAMES
from service.domain.facts.trade_frames import TRADE_FRAMES

__all__ = ["FRAMES"]

FRAMES = (*TRADE_FRAMES, *FIRM_FRAMES, *MONEY_FRAMES)
