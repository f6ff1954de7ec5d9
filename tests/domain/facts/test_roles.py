"""The frames that give parties their parts: what they say they need, they need."""

import re

from service.domain.facts.draft import masked
from service.domain.facts.frames import FRAMES
from service.domain.facts.money import find_money
from service.domain.facts.names import find_names
from service.domain.facts.plain import plain
from tests.domain.facts.labelled import DATA, examples


def test_a_frame_fits_no_text_without_its_stems() -> None:
    texts = []
    for name in sorted(path.name for path in DATA.glob("*.txt")):
        for example in examples(name):
            text = plain(example.text)
            amounts = find_money(text)
            names = find_names(text, (), amounts=amounts, language=example.language)
            texts.append(masked(text, names, amounts).lower())
    fitted = 0
    for _, frame, *needed in FRAMES:
        stems = needed[0].split() if needed else []
        for text in texts if stems else ():
            if re.search(frame, text):
                fitted += 1
                assert any(stem in text for stem in stems), (frame, stems, text)
    assert fitted > 100
