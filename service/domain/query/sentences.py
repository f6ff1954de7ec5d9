"""Where sentences begin and end: just enough for SENTENCE(...)."""

import re

__all__ = ["sentence_spans"]

_BREAK = re.compile(
    r"""\n+                                        # a new paragraph
      | (?<=[。！？｡．])[」』”’）)]*                   # full-width stops need no space after them
      | (?<=[.!?…؟।])["'”’»)\]]*\s+(?=[^a-zß-öø-ÿ]|[a-z]{1,2}[A-Z])  # a stop, a space, no small letter (but "xAI")
    """,
    re.VERBOSE,
)
_ABBREVIATION = re.compile(
    r"""(?:^|[\s(."'“‘«])(?:[^\W\d_]                 # an initial: "J. Smith", "U.S. Army"
      | mr|mrs|ms|dr|prof|st|no|vs|gen|sen|rep|gov|jr|sr|inc|corp|co|ltd|bros|mt|ft|approx|est|fig|art|nr|bzw|ca|etc
      | jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec|mio|mrd|mill|pvt|plc|sra|dra|mme|sig)\.$""",
    re.VERBOSE | re.IGNORECASE,
)
_LOOK_BACK = 12


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence, in order; together they cover the text but for the breaks. Linear in time.

    A paragraph ends a sentence; so does ``. ! ?`` before a space, unless a word in small letters follows ("xAI" is
    none) or the stop belongs to an abbreviation or initial. "Inc." before a capital letter is taken as an abbreviation:
    two sentences may come out as one, which finds too much rather than too little.
    """
    spans = []
    start = 0
    for gap in _BREAK.finditer(text):
        before = text[max(start, gap.start() - _LOOK_BACK) : gap.start()]
        if before.endswith(".") and not gap.group().startswith("\n") and _ABBREVIATION.search(before):
            continue
        if gap.start() > start:
            spans.append((start, gap.end()))
        start = gap.end()
    if start < len(text):
        spans.append((start, len(text)))
    return spans
