"""Where sentences, paragraphs, the lead and lists of links lie in a plain text."""

import re
from bisect import bisect_right

__all__ = ["Layout"]

_BREAK = re.compile(r"[.!?]+[\"')\]]*\s+(?=[^a-z\s])|[。！？]+|\n+")
_NO_END = re.compile(r"(?:^|[\s(\"'])(?:[A-Z]|Mr|Mrs|Ms|Dr|St|vs|No|Nr|z\.B|d\.h|bzw|ca|Mio|Mrd|Sr|Sra|approx|Jr)$")
_ABBREVIATION = 8
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"'()\[\]]+")
_LINK_LINE = 160
_HEADINGS = re.compile(
    r"[#*\s>|]*(?:"
    r"related(?: (?:articles|stories|posts|news|content|topics|reading|links|coverage))?|more (?:stories|news|articles|"
    r"from [^\n]{1,40}|on this(?: story| topic)?|posts|to explore|reading|like this)|"
    r"most (?:read|popular|viewed|shared)|read (?:more|next|also)|"
    r"recommended(?: (?:for you|stories|reading|articles))?|trending(?: now)?|popular posts|"
    r"you (?:may|might) (?:also )?(?:like|be interested in)|recent posts|latest (?:news|stories|posts)|tags?|topics|"
    r"filed under|see also|categories|editors'? picks|what to read next|up next|keep reading|sponsored|"
    r"meistgelesen|mehr zum thema|lesen sie auch|das könnte sie (?:auch )?interessieren|verwandte (?:artikel|themen)|"
    r"schlagwörter|themen|à lire aussi|lire aussi|sur le même sujet|les plus lus|articles? (?:liés?|similaires)|"
    r"lea también|noticias relacionadas|te puede interesar|lo más leído|más noticias|etiquetas|"
    r"leia (?:também|mais)|notícias relacionadas|mais lidas|leggi anche|articoli correlati|i più letti|"
    r"lees ook|meer over|meest gelezen|gerelateerd|関連記事|相关(?:阅读|新闻)|관련 ?기사"
    r")\s*[:：]?\s*$",
    re.IGNORECASE,
)
"""A line that starts a list which is on the page but not in the article."""
_BUTTON_LINE = 90
_BUTTONS = re.compile(
    r"[^\w\n]*(?:"
    r"(?:share|tweet|repost|pin|send|email|post)(?: (?:this|it|now))?(?: (?:story|article|page|post|link))?"
    r" (?:on|to|via|with)\b|"
    r"(?:follow|find|join|like|connect with|subscribe to) (?:us|me|our (?:page|channel|feed)) (?:on|at|via|in)\b|"
    r"(?:share|follow)(?: this| us| me)?\s*[:|]|"
    r"(?:teilen auf|teile (?:das|dies)|folgen sie uns|folge uns|partager sur|partagez|suivez-nous|compartir en|"
    r"compártelo|síguenos|compartilhar|compartilhe|siga-nos|condividi su|seguici|delen (?:op|via)|volg ons)\b)",
    re.IGNORECASE,
)
"""A line of buttons: "Share on ..."; what stands in it is no part of the article."""
_TAG_LINE = re.compile(
    r"[^\w\n]*(?:tags?|tagged(?: (?:as|in|with))?|topics?|keywords?|categor(?:y|ies)|filed under|related|see also|"
    r"read (?:more|also|next)|schlagwörter|schlagworte|themen|stichwörter|mots-clés|étiquettes|etiquetas|temas|"
    r"palavras-chave|argomenti|trefwoorden|タグ|关键词|标签|태그)\s*[:：|]",
    re.IGNORECASE,
)
"""Such a heading with its list in the same line."""
_SENTENCE_END = re.compile(r"[.!?。！？][\"')\]]*$")
LEAD = 400
"""Code points of the body that count as its lead."""


class Layout:
    """Sentences, paragraphs and link lists of one field, found once."""

    __slots__ = ("_addresses", "_beside", "_lines", "_lists", "_paragraphs", "_sentences", "plain")

    def __init__(self, plain: str) -> None:
        self.plain = plain
        self._sentences = [0]
        self._paragraphs = [0]
        for mark in _BREAK.finditer(plain):
            if mark.group()[0] == "\n":
                self._paragraphs.append(mark.end())
            elif mark.group()[0] == "." and _NO_END.search(plain[max(0, mark.start() - _ABBREVIATION) : mark.start()]):
                continue
            self._sentences.append(mark.end())
            if "\n" in mark.group() and self._paragraphs[-1] != mark.end():
                self._paragraphs.append(mark.end())
        self._lists: list[tuple[int, int]] | None = None
        self._addresses: list[tuple[int, int]] | None = None
        self._beside: dict[int, bool] = {}
        self._lines: dict[str, bool] = {}

    def sentence(self, at: int) -> int:
        """Number of the sentence that holds the character at ``at``."""
        return bisect_right(self._sentences, at) - 1

    def paragraph(self, at: int) -> int:
        return bisect_right(self._paragraphs, at) - 1

    def sentence_bounds(self, number: int) -> tuple[int, int]:
        """Start and end (with the mark and spaces that follow) of a sentence."""
        start = self._sentences[number]
        end = self._sentences[number + 1] if number + 1 < len(self._sentences) else len(self.plain)
        return start, end

    def starts_sentence(self, start: int) -> bool:
        """Whether only quotes, bullets and spaces stand between the sentence's start and ``start``."""
        begin = self._sentences[self.sentence(start)]
        return start - begin <= _ABBREVIATION and not any(c.isalnum() for c in self.plain[begin:start])

    def in_address(self, at: int) -> bool:
        """Whether a web address covers the character at ``at``."""
        if self._addresses is None:
            has = "://" in self.plain or "www." in self.plain
            self._addresses = [hit.span() for hit in _ADDRESS.finditer(self.plain)] if has else []
        index = bisect_right(self._addresses, (at, len(self.plain))) - 1
        return index >= 0 and at < self._addresses[index][1]

    def is_boilerplate(self, at: int) -> bool:
        """Whether the line at ``at`` is beside the article: a list of links or tags after a heading such as "Related",
        such a heading with its list, or a line of buttons ("Share on ...")."""
        number = self.paragraph(at)
        known = self._beside.get(number)
        if known is None:
            known = self._beside[number] = self._is_beside(number)
        if known:
            return True
        if self._lists is None:
            self._lists = self._find_lists()
        index = bisect_right(self._lists, (at, len(self.plain))) - 1
        return index >= 0 and at < self._lists[index][1]

    def _is_beside(self, number: int) -> bool:
        start = self._paragraphs[number]
        end = self._paragraphs[number + 1] if number + 1 < len(self._paragraphs) else len(self.plain)
        line = self.plain[start : min(end, start + 2 * _LINK_LINE)].strip()
        known = self._lines.get(line)
        if known is None:
            known = self._lines[line] = _is_beside_line(line)
        return known

    def _find_lists(self) -> list[tuple[int, int]]:
        """A heading known from many sites, and the short lines without an end mark that follow it."""
        found: list[tuple[int, int]] = []
        starts = [*self._paragraphs, len(self.plain)]
        index, last = 0, len(starts) - 1
        while index < last:
            line = self.plain[starts[index] : starts[index + 1]].strip()
            index += 1
            if not line or len(line) > _LINK_LINE or not _HEADINGS.fullmatch(line):
                continue
            begin = index
            while index < last and _is_link_line(self.plain[starts[index] : starts[index + 1]].strip()):
                index += 1
            if index > begin:
                found.append((starts[begin], starts[index]))
        return found


def _is_beside_line(line: str) -> bool:
    """Whether a line is one of tags or buttons."""
    if len(line) <= _BUTTON_LINE and _BUTTONS.match(line):
        return not _SENTENCE_END.search(line)
    return _TAG_LINE.match(line) is not None and len(line) <= _LINK_LINE and not _SENTENCE_END.search(line)


def _is_link_line(line: str) -> bool:
    return len(line) <= _LINK_LINE and not _SENTENCE_END.search(line)
