"""One language for rules, live matching, preview and search. docs/query.md describes it.

text -> parse -> Query -> evaluate, matching_mentions, matching_facts over an ArticleView
                       -> missed_parts: at which part it fails
                       -> fts5_match, tsquery, metadata: a coarse question to the store, then
                       -> remainder: what is left to evaluate of what the full-text index named
                       -> print_query -> text
                       -> highlight, relevance: where its words stand, and how well an article answers
"""

from service.domain.query.errors import QueryError
from service.domain.query.evaluate import evaluate, matching_facts, matching_mentions
from service.domain.query.hits import Highlight, Marked, highlight, relevance
from service.domain.query.metadata import Metadata, metadata, picked_entities
from service.domain.query.missed import missed_parts
from service.domain.query.named import entities_in
from service.domain.query.parse import parse
from service.domain.query.prefilter import fts5_match, tsquery
from service.domain.query.printer import print_query
from service.domain.query.remainder import only_words, reads_words, remainder
from service.domain.query.syntax import Query
from service.domain.query.tokens import index_text, tokenize
from service.domain.query.view import ArticleView, FactView, MentionView

__all__ = [
    "ArticleView",
    "FactView",
    "Highlight",
    "Marked",
    "MentionView",
    "Metadata",
    "Query",
    "QueryError",
    "entities_in",
    "evaluate",
    "fts5_match",
    "highlight",
    "index_text",
    "matching_facts",
    "matching_mentions",
    "metadata",
    "missed_parts",
    "only_words",
    "parse",
    "picked_entities",
    "print_query",
    "reads_words",
    "relevance",
    "remainder",
    "tokenize",
    "tsquery",
]
