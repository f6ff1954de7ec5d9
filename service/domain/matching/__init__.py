"""Which entities a document names, where exactly, and why.

    Document ─ normal ─> NormalText            one form of every character, with the way back by offset
             ─ scan ───> Candidate             one automaton over all names; boundaries, casing, longest name
             ─ judge ──> Judged                evidence at each occurrence: contexts, brackets, the other places, and
                                               cues: casing, position, the noun phrase, what companies do,
                                               fields: what the text around it speaks of
             ─ mention > Mention, Rejection    confidence, salience, spans into the stored text, reasons in words

    mapping (watch list) ─ definition ─> Entity <─ derive ─ a name alone

Pure. Nothing here knows a particular entity: those are data (``service/bundled/watchlist.yaml``).
"""

from service.domain.matching.definition import DefinitionError, entity_from_mapping, entity_to_mapping
from service.domain.matching.derive import derive_entity
from service.domain.matching.matcher import Matcher

__all__ = ["DefinitionError", "Matcher", "derive_entity", "entity_from_mapping", "entity_to_mapping"]
