"""How a sentence hangs on others: "The company", "The deal"; and what it only asks."""

import re

__all__ = ["ASKED", "INTRODUCED", "REFERS_BACK", "THE_COMPANY"]

ASKED = re.compile(
    r"^\W*You\b|"
    r"^(?!\W*(?:Why|How|When|What|Who|Where|Warum|Wie|Wann|Was|Wer|Pourquoi|Comment|Quand|Por qué|Cómo|Por que|Perché|"
    r"Waarom|Hoe)\b).*\?[\"')\s]*$",
    re.IGNORECASE | re.DOTALL,
)
"""Whether something is so, or advice; "Why did A and B end talks?" takes it for granted."""
REFERS_BACK = re.compile(
    r"\W{0,3}(?:The|It|Its|They|Their|This|That|These|Both|Under|Terms|Each|Financial|In (?:"
    r"return|exchange|the|a|an|all)|"
    r"Der|Die|Das|Es|Sie|Dies\w*|Le|La|Les|L'|Il|Elle|Ce\w*|El|Los|Las|Ambas|O|A|Os|As|Lo|Questo|Het|De|Dit)\b|(?:取得|買付|買収|譲渡|契約|投資|売却|総|交易|同社|両社)"
)
THE_COMPANY = re.compile(
    r"(?:[A-Z][\w ]{2,25},\s)?(?P<it>(?:It|it)(?=\s(?!(?:is|was|would be|will be)\s(?:the|a|not|\w+ed|un\w+)\b))|"
    r"(?:[Tt]he|This)\s(?:\S+\s){0,2}?(?:company|firm|group|start-?up|retailer|bank|carrier|airline|lender|insurer|brewer|utility|chain|operator|developer|broadcaster|publisher|manufacturer|provider|\S*maker|giant)|"
    r"[Tt]he\s(?:next|latest)(?:\sone)?(?=\sis\s)|(?:Das|Der)\s(?:Unternehmen|Konzern)|L'entreprise|La\s(?:empresa|compañía|società))(?=\s)"
    r"(?!\s(?:said|says|added|expects|told)\s(?!it\b|on\b|that it\b|\w+day\b))"
)
"""A subject that was named before."""
INTRODUCED = re.compile(
    r"\W*(?:Since|When|After|While|Although|Though|Because|Before|Once|As|If|Unlike|Like)\b[^,]{3,90},\s"
)
"""What a sentence begins with before its subject: "Since Acme was split, Beta has …"."""
