"""From judged occurrences to a Mention: confidence, salience, spans, evidence, snippet; and the rejections."""

from collections.abc import Sequence

from service.domain.matching.layout import LEAD
from service.domain.matching.page import Page
from service.domain.matching.patterns import Role
from service.domain.matching.verdict import Judged
from service.domain.matching.weights import confidence
from service.domain.model import Document, Entity, Field, Mention, Rejection, Salience, Span

__all__ = ["mention_of", "rejection_of", "span_of"]

_SNIPPET = 240
_EVIDENCE = 6
_WORTH_TELLING = 0.3
_OFTEN = 3
_MOST_SPANS = 500
_AGAIN = 2


def span_of(judged: Judged, page: Page, document: Document) -> Span:
    """The occurrence as a stretch of the stored text."""
    candidate = judged.candidate
    start, end = page.texts[candidate.field].origin(candidate.start, candidate.end)
    stored = document.title if candidate.field is Field.TITLE else document.text
    return Span(candidate.field, start, end, stored[start:end], candidate.pattern.text)


def mention_of(entity: Entity, accepted: Sequence[Judged], page: Page, document: Document) -> Mention:
    """``accepted``: at least one, in reading order.

    The mention keeps the spans of the first 500; its ``count`` is the true number.
    """
    spans = tuple(span_of(one, page, document) for one in accepted[:_MOST_SPANS])
    best = max(range(len(spans)), key=lambda i: (round(accepted[i].score, 3), -i))
    return Mention(
        entity=entity.name,
        confidence=round(confidence(accepted[best].score), 3),
        salience=_salience(accepted, document),
        spans=spans,
        evidence=_evidence(accepted, best),
        snippet=_snippet(spans, best, document),
        total=len(accepted) if len(accepted) > len(spans) else 0,
    )


def rejection_of(entity: Entity, judged: Judged, page: Page, document: Document) -> Rejection:
    against = sorted((sign for sign in judged.signs if sign[0] < 0), key=lambda sign: sign[0])
    reasons = [words for weight, words in against if weight <= -_WORTH_TELLING][:3]
    if judged.candidate.pattern.role is Role.ALIAS and judged.signs[0][0] < 0 and len(reasons) <= 1:
        reasons = [f"{judged.signs[0][1]}, and nothing proves that {entity.name} is meant"]
    return Rejection(entity.name, span_of(judged, page, document), "; ".join(reasons) or "too little speaks for it")


def _salience(accepted: Sequence[Judged], document: Document) -> Salience:
    """In the title, or early and again, or often and spread: main. Early, or again: secondary. Else passing.

    "Early" is the lead, or the first third of a text that is hardly longer than a lead.
    """
    in_title = any(one.candidate.field is Field.TITLE for one in accepted)
    body = [one.candidate.start for one in accepted if one.candidate.field is Field.TEXT]
    size = max(1, len(document.text))
    early = bool(body) and body[0] < min(LEAD, size / _OFTEN)
    spread = (body[-1] - body[0]) / size if body else 0.0
    if in_title or (early and len(body) >= _AGAIN) or (len(body) >= 2 * _OFTEN and spread > 1 / _OFTEN):
        return Salience.MAIN
    if early or len(body) >= _AGAIN:
        return Salience.SECONDARY
    return Salience.PASSING


def _evidence(accepted: Sequence[Judged], best: int) -> tuple[str, ...]:
    """The best occurrence's own reasons, then where and how often."""
    one = accepted[best]
    where = "title" if one.candidate.field is Field.TITLE else "text"
    told = [f"{one.signs[0][1]}, written “{one.candidate.written}” in the {where}"]
    rest = sorted(one.signs[1:], key=lambda sign: -abs(sign[0]))
    told.extend(words for weight, words in rest if abs(weight) >= _WORTH_TELLING)
    told = told[:_EVIDENCE]
    if len(accepted) > 1:
        told.append(f"named {len(accepted)} times")
    return tuple(told)


def _snippet(spans: Sequence[Span], best: int, document: Document) -> str:
    """At most 240 characters around the best span that lies in the body, else in the title."""
    span = spans[best]
    if span.field is Field.TITLE:
        span = next((s for s in spans if s.field is Field.TEXT), span)
    stored = document.title if span.field is Field.TITLE else document.text
    room = max(0, _SNIPPET - (span.end - span.start)) // 2
    start = max(0, span.start - room)
    end = min(len(stored), start + _SNIPPET)
    start = max(0, end - _SNIPPET)
    cut = stored[start:end]
    if start > 0:
        head, space, tail = cut.partition(" ")
        cut = tail if space and start + len(head) < span.start else cut
    if end < len(stored):
        head, space, tail = cut.rpartition(" ")
        cut = head if space and len(tail) < end - span.end else cut
    return " ".join(cut.split())
