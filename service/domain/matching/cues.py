"""General signs around one occurrence of a name: casing, article, position, symbols, addresses.

Each sign is a (weight, words) pair; ``words`` end up in a mention's evidence or a rejection's reason. No sign knows
any entity: what is particular to one stands in its definition. The noun phrase around the name is looked at in
``phrases``, what only companies have in ``company``.
"""

import re
from collections.abc import Iterator

from service.domain.matching.boundary import is_unspaced
from service.domain.matching.company import CompanyCues
from service.domain.matching.figures import program_signs
from service.domain.matching.layout import Layout
from service.domain.matching.lexicon import (
    ALWAYS_CAPITAL,
    NAMES_TAKE_ARTICLES,
    NEWS_VERBS,
    VERB_LIKE,
    articles_of,
    is_common_word,
)
from service.domain.matching.normal import NormalText
from service.domain.matching.patterns import Role, Shape
from service.domain.matching.persons import person_named
from service.domain.matching.phrases import phrase_signs, title_case
from service.domain.matching.position import (
    CONJUNCTIONS,
    OTHER_LATIN,
    SUBJECT_AFTER,
    VERB_AFTER,
    has_determiner,
    is_branch,
    position_signs,
    roles,
    small_signs,
)
from service.domain.matching.scan import Candidate
from service.domain.model import Field, Strength

__all__ = ["Cues", "Sign"]

Sign = tuple[float, str]

_WORD_BEFORE = re.compile(r"([^\W\d_]+'?)[ ]*[\"`*]{0,2}$")
_WORD_AFTER = re.compile(r"(?:'s)?[\"`*]{0,2} +[\"'`*\[]*([^\W_]+)")
_NOUNS_THAT = re.compile(r" [a-z]+s that ")
"""Things of the name that a clause follows, not what the name does."""
_OTHER_SCRIPTS = ("ja", "zh", "ko", "th", "ar", "ru", "uk", "el", "he", "hi")
_UNSPACED = ("ja", "zh", "th")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S*$")
_PATH = re.compile(r"[\w.-]*[/\\][\w./\\-]*$")
_OWNER_BEFORE = re.compile(r"(?:^|[\s\"'(\[<,:=@]|[\w-]+\.[a-z]{2,4}/)$")
_OWNED_PATH = re.compile(r"/([A-Za-z0-9][\w-]*)(?=[\s:@#,)\]\"'>]|\.?(?:\s|$))")
_REPOSITORY = re.compile(
    r"(?:\b(?:repo|repository|image|fork|clone|from|pull|uses)[: ]+\S{0,40}|\.[a-z]{2,4}/)$", re.IGNORECASE
)
_OF_LANGUAGE = re.compile(
    r"[\"'] (?:(?:comes|derives|is derived|stems) from|means?|meant|rhymes|is (?:latin|greek|a word|a noun|a verb)|"
    r"as a word)\b",
    re.IGNORECASE,
)
_IS_HANDLE = re.compile(r"(?![\w@(/.-])|[.](?!\w)|-(?!\w)")
_SOMEBODYS = frozenset({"my", "your", "his", "her"})
_ADVERBS = frozenset({"first", "then", "again", "twice", "once", "now", "here", "there", "today", "next", "last"})
_ENDS = " .,;:!?)'\"\n"
_LOOK = 60


class Cues:
    """The signs of one field; what concerns a whole sentence or the whole article is found once."""

    __slots__ = ("_body", "_company", "_folded", "_language", "_layout", "_memory", "_plain", "_text", "_whole")

    def __init__(self, text: NormalText, layout: Layout, language: str | None, title: str, body: str) -> None:
        """``title``, ``body``: the plain texts of the article, of which ``text`` is one."""
        self._text = text
        self._folded = text.folded
        self._plain = text.plain
        self._layout = layout
        self._language = language
        self._whole = f"{title}\n{body}"
        self._body = body
        self._company = CompanyCues(text, layout)
        self._memory: dict[tuple[str, str], bool] = {}

    def signs(self, candidate: Candidate, shape: Shape, *, company: bool) -> Iterator[Sign]:
        """Every general sign at this occurrence."""
        start, end = candidate.start, candidate.end
        if candidate.pattern.role in (Role.DOMAIN, Role.TICKER):
            return
        branch = company and shape is Shape.WORD and is_branch(candidate, self._plain)
        yield from self._casing(candidate, shape, company=company, branch=branch)
        if not branch:
            before, after = self._folded[max(0, start - _LOOK) : start], self._folded[end : end + _LOOK]
            yield from _article(candidate, before, after, self._language, shape)
        yield from _symbols(candidate, self._plain)
        if candidate.written.islower() and candidate.glued and self._plain[end : end + 2].rstrip(_ENDS) == "s":
            yield -3.5, "a plural in small letters, as common nouns have"
        elif candidate.glued and self._plain[end : end + 2].rstrip(_ENDS) == "s" and self.has_small(candidate.written):
            yield -4.5, "a plural, and the article has the word in small letters"
        elif candidate.glued:
            yield (-0.6 if shape <= Shape.WORD else -0.3), "stuck to its neighbour, as extraction does"
        if not candidate.written.islower():
            yield from phrase_signs(candidate, self._plain, self._layout, shape, self._language, company=company)
            weak = company and shape is Shape.WORD and candidate.pattern.strength is Strength.WEAK
            if weak and self._is_surname(candidate):
                yield -2.6, f"the article names a person called {candidate.written}"
        elif company and shape is Shape.WORD:
            yield from program_signs(candidate, self._plain)
        if company:
            yield from self._company.signs(candidate, shape)

    def has_small(self, written: str) -> bool:
        """Whether the article has the word, or its plural, in small letters too; not as a part of an address."""
        small = rf"(?<![\w/.@#$=-]){re.escape(written.lower())}s?(?![\w/@=]|[.-]\w)"
        return self._once("small", written, small, self._whole)

    def _has_capital(self, written: str) -> bool:
        """Whether the article's body has the word with a capital where only a name has one."""
        name = re.escape(written.title())
        return self._once(
            "capital",
            written,
            rf"[^\W\d_A-Z],? {name}(?![^\W_])|(?<![^\W_]){name}(?:'s | [a-z]+(?:ed|s) (?:it|the|an?|its)\b)",
            self._body,
        )

    def _is_surname(self, candidate: Candidate) -> bool:
        key = ("surname", candidate.written)
        if key not in self._memory:
            self._memory[key] = person_named(candidate.written, self._whole)
        return self._memory[key]

    def _once(self, question: str, written: str, expression: str, text: str) -> bool:
        key = (question, written)
        known = self._memory.get(key)
        if known is None:
            known = self._memory[key] = re.search(expression, text) is not None
        return known

    def _casing(self, candidate: Candidate, shape: Shape, *, company: bool, branch: bool) -> Iterator[Sign]:
        written, alias = candidate.written, candidate.pattern.plain
        if written.islower() and not alias.islower():
            everyday = is_common_word(alias)
            if self._text.without_capitals:
                yield (-1.0 if everyday else -0.4), "in small letters, as the whole text is"
            else:
                yield (-2.5 if everyday else -1.4 if shape is Shape.DISTINCTIVE else -1.0), "in small letters"
        if company and shape is Shape.WORD and written.islower() and self._text.without_capitals:
            yield from small_signs(self._plain, candidate)
        elif shape is Shape.WORD and written[:1].isupper():
            weak = candidate.pattern.strength is Strength.WEAK
            if self._in_other_script(candidate):
                yield (2.8 if weak else 1.5), "a Latin name in a text of another script"
            else:
                yield from self._capital(candidate, weak=weak, branch=branch)

    def _in_other_script(self, candidate: Candidate) -> bool:
        """Whether a neighbour belongs to a script without spaces, or only signs stand beside it in such a language."""
        before = self._plain[max(0, candidate.start - 2) : candidate.start].rstrip()[-1:]
        after = self._plain[candidate.end : candidate.end + 2].lstrip()[:1]
        if any(c.isalpha() and is_unspaced(c) for c in (before, after)):
            return True
        return self._language in _UNSPACED and not before.isalnum() and not after.isalnum()

    def _capital(self, candidate: Candidate, *, weak: bool, branch: bool) -> Iterator[Sign]:
        """What the capital of an everyday word says, by where it stands."""
        written, plain, language = candidate.written, self._plain, self._language
        starts = self._layout.starts_sentence(candidate.start)
        begin, finish = self._layout.sentence_bounds(self._layout.sentence(candidate.start))
        sentence = plain[max(begin, candidate.start - 200) : min(finish, candidate.end + 200)]
        heading = title_case(sentence, written)
        symbol = written.isupper() and candidate.pattern.text.isupper() and not heading
        small = self.has_small(written)
        only_above = small and language != "de" and not self._has_capital(written)
        if only_above and candidate.field is Field.TITLE and not heading:
            yield -1.8, "a capital only in the title, and the article has the everyday word"
        if symbol and language != "de" and not starts and not has_determiner(plain, candidate, language):
            yield (2.6 if weak else 0.7), "capitals in a sentence that has few"
        elif language == "de" or written.isupper() or heading or written.lower() in ALWAYS_CAPITAL:
            yield from position_signs(plain, candidate, weak=weak, starts=starts, language=language)
            if weak and only_above:
                yield -4.0, "a heading, and the article has only the everyday word"
        elif starts:
            yield -0.3, "capital at a sentence's start"
            if not (language in OTHER_LATIN and small) or SUBJECT_AFTER.match(plain, candidate.end):
                yield from position_signs(plain, candidate, weak=weak, starts=True, language=language)
        elif has_determiner(plain, candidate, language) and not branch:
            yield (0.5 if weak else 0.7), "capital in mid-sentence"
        elif language in _OTHER_SCRIPTS:
            yield (1.5 if weak else 0.7), "an English word in a text of another script"
        else:
            contrast = small and not (only_above and candidate.field is Field.TITLE)
            yield from self._mid_sentence(candidate, weak=weak, branch=branch, contrast=contrast)

    def _mid_sentence(self, candidate: Candidate, *, weak: bool, branch: bool, contrast: bool) -> Iterator[Sign]:
        yield (2.6 if weak else 0.7), "capital in mid-sentence, as names have"
        if contrast:
            yield 2.0, "the everyday word stands elsewhere in small letters"
        if branch:
            yield 0.5, "a branch of it, with its place"
            return
        for words in roles(self._plain, candidate):
            yield (1.8 if weak else 0.5), words
            return


def _article(candidate: Candidate, before: str, after: str, language: str | None, shape: Shape) -> Iterator[Sign]:
    """An article that belongs to the word itself makes it a common noun: "the target is", "a target"."""
    word = _WORD_BEFORE.search(before)
    if word is None or word.group(1) not in articles_of(language) or "\n" in before[word.start() :]:
        return
    if word.group(1) in CONJUNCTIONS and not candidate.written.islower():
        return
    following = _WORD_AFTER.match(after)
    noun_follows = (
        following is not None
        and not (after.startswith("'s") and language in (None, "en") and is_common_word(candidate.written))
        and (VERB_AFTER.match(after) is None or _NOUNS_THAT.match(after) is not None)
        and following.group(1) not in _ADVERBS
        and following.group(1) not in VERB_LIKE
        and following.group(1) not in NEWS_VERBS
    )
    if candidate.written.islower():
        weight = -3.0 if is_common_word(candidate.written) else (-1.0 if candidate.pattern.text.islower() else -2.2)
        yield (-0.5 if noun_follows else weight), f"“{word.group(1)}” before it, as before a common noun"
    elif shape is Shape.ACRONYM and (noun_follows or not after.strip()):
        return  # "your XYZ account", or a line that breaks off
    elif noun_follows and word.group(1) in _SOMEBODYS:
        yield -1.0, f"“{word.group(1)}” before it, as before a thing"
    elif not noun_follows and language not in NAMES_TAKE_ARTICLES:
        yield -2.2, f"“{word.group(1)}” before it, as before a common noun"


def _symbols(candidate: Candidate, plain: str) -> Iterator[Sign]:
    start, end = candidate.start, candidate.end
    before = plain[start - 1] if start else ""
    after = plain[end] if end < len(plain) else ""
    if before == "$":
        yield -4.0, "a stock or token symbol that is not the entity's"
    elif before == "#" and candidate.pattern.strength is Strength.WEAK:
        yield -0.5, "a hashtag"
    if before in {'"', "'"} and _OF_LANGUAGE.match(plain, end):
        yield -4.0, "spoken of as a word"
    if _owns_path(candidate, plain):
        yield 3.5, "owner of a repository or image"
        return
    if before == "@" and _IS_HANDLE.match(plain, end) and not plain[max(0, start - 2) : start - 1].isalnum():
        yield (2.5 if is_common_word(candidate.written) else 3.0), "a handle that is its very name"
    if after == "@" or (after in ("_", "/") and candidate.written.islower()):
        yield -0.5, "part of an identifier"
    elif before in ("_", ".") and start > 1 and plain[start - 2].isalnum() and candidate.written.islower():
        yield -1.0, "part of an identifier"
    stretch = plain[max(0, start - 120) : start]
    if ("://" in stretch or "www." in stretch) and _ADDRESS.search(stretch):
        yield (-1.5 if candidate.written.islower() else -0.5), "inside a web address"
    elif before in ("/", "\\") and _PATH.search(stretch) and candidate.written.islower():
        yield -0.5, "inside a path"


def _owns_path(candidate: Candidate, plain: str) -> bool:
    """Whether the name stands first in "NAME/some-thing", as owners of repositories and images do."""
    start, end = candidate.start, candidate.end
    if not candidate.written.islower() or _OWNER_BEFORE.search(plain[max(0, start - _LOOK) : start]) is None:
        return False
    path = _OWNED_PATH.match(plain, end)
    if path is None:
        return False
    mark = plain[path.end() : path.end() + 2]
    return (
        re.search(r"[-\d]", path.group(1)) is not None
        or (mark[:1] in {":", "@", "#"} and (mark[1:].isalnum() or start == 0))
        or _REPOSITORY.search(plain[max(0, start - _LOOK) : start]) is not None
    )
