# ruff: noqa: E501 - word lists
"""Words that stories are made of. Everything is invented; syllables make the names."""

import random


def words(text: str) -> list[str]:
    """A list that reads like a text."""
    return text.split()


SYLLABLES = words(
    "bar bel bor cal car cel cor dal dan dor dun el fen fer gal gar gor hal har hel ib jan jor kal kar kel kor lan lar "
    "lin lor mal mar mer mir mon nar nel nor or pal par pel quin ral ren ros sal sar sel sol tal tan ter tor ul van var "
    "vel vin wal war wen yor zan zel"
)
ENDINGS = words(
    "a an ard berg by ex field ford gate hurst ia ic ine is ix land ley mont o on or stead ton um us vale ville ys"
)
FIRST = words(
    "Ada Alba Amir Anouk Arno Bela Boris Carla Chidi Clara Dario Dina Edda Elif Emil Farah Felix Freya Gita Goran Hana "
    "Hugo Ida Igor Ines Ivo Jana Joel Jonas Kira Lars Lena Lior Luca Maja Malik Mira Nadia Nils Noor Olga Omar Oskar "
    "Petra Priya Rafael Rosa Samir Sanne Silas Sofia Tariq Tess Theo Uma Vera Viktor Yara Yusuf Zoe"
)
FIRM_ENDS = words(
    "Group Holdings Systems Networks Industries Partners Energy Capital Labs Motors Foods Chemicals Logistics Materials Robotics"
)
DAYS = words("Monday Tuesday Wednesday Thursday Friday")
MONTHS = words("January February March April May June July August September October November December")
ROLES = [
    "chief executive",
    "finance chief",
    "head of strategy",
    "spokesman",
    "spokeswoman",
    "chairman",
    "head of operations",
    "general counsel",
    "union leader",
    "plant manager",
    "regional director",
    "chief engineer",
]
SECTORS = [
    "cement",
    "battery",
    "shipping",
    "dairy",
    "steel",
    "memory chip",
    "wind turbine",
    "railway",
    "insurance",
    "software",
    "fertiliser",
    "furniture",
    "satellite",
    "beverage",
    "mining",
    "textile",
    "hospital",
    "airport",
    "timber",
    "pharmaceutical",
    "lithium",
    "paper",
    "port",
    "grain",
    "glass",
    "aluminium",
]
ADJECTIVES = words(
    "ageing ambitious awkward broad brittle careful cheap costly cramped crucial delicate distant domestic early eager "
    "expensive fierce flat fragile frank fresh gloomy gradual hasty heavy hidden idle joint lasting lean long-awaited "
    "loose lucrative modest narrow nervous novel obvious patchy patient private quiet rapid remote rigid rival robust "
    "rough rural scarce seasonal sharp short-lived sluggish sober steady stubborn sudden surplus swift tense thin tight "
    "timid tough troubled unusual urgent vague vast volatile weak wide"
)
NOUNS = words(
    "agreement appeal appetite auction backlog balance bargain barrier bid boom bottleneck budget cable campaign capacity "
    "cargo claim coalition commission committee complaint compromise concession contract corridor council court crew "
    "crisis customer deadline dealer debt delay demand deposit dispute dividend docks drought engine estimate export "
    "factory family farm fine fleet forecast freight fuel fund gap grid growth harbour harvest hearing household import "
    "inquiry inspector inventory investor landlord lawsuit lender licence lobby loss margin market merger ministry "
    "motion network order outage output owner panel parliament patent pension permit pipeline plant pledge policy "
    "portfolio price probe producer profit project promise proposal quota rail rate receipt refund region regulator "
    "repair report reserve retailer revenue review ruling rumour salary sanction season settlement share shipment "
    "shortage site spending stake storm strategy strike subsidy supplier survey tariff tax tender terminal toll trade "
    "trial truce union upgrade vessel vote wage warehouse warning workshop yard"
)
VERBS = words(
    "absorbed accelerated answered avoided blocked bridged challenged changed checked closed complicated confirmed "
    "covered cut delayed discouraged doubled drained eased echoed encouraged ended exposed extended favoured fed "
    "financed followed forced fuelled halted helped hurt ignored improved interrupted justified lifted limited lowered "
    "matched missed moved obscured opposed outpaced overtook postponed prompted protected questioned reached rejected "
    "released replaced resisted restored revived settled shaped shielded shifted slowed softened split squeezed stopped "
    "strengthened supported surprised sustained tested topped undercut unsettled upset weakened welcomed widened"
)
SYNONYMS = {
    "said": "stated", "told": "informed", "added": "continued", "company": "firm", "deal": "agreement",
    "about": "roughly", "more than": "over", "workers": "employees", "buy": "acquire", "expects": "anticipates",
    "plans": "intends", "plant": "factory", "jobs": "posts", "shares": "stock", "because": "since", "after": "following",
    "rose": "climbed", "fell": "dropped", "people": "persons", "will": "is to", "but": "yet", "also": "too",
    "however": "still", "largest": "biggest", "new": "fresh", "quickly": "fast", "nearly": "almost", "later": "afterwards",
    "begin": "start", "build": "construct", "show": "reveal", "sharp": "marked", "heavy": "strong", "last": "previous",
    "analysts": "observers", "government": "authorities", "money": "funds", "talks": "negotiations", "price": "cost",
    "demand": "appetite", "supplier": "vendor", "order": "purchase", "report": "account", "dispute": "quarrel",
    "output": "production", "growth": "expansion", "investor": "backer", "delay": "setback", "helped": "aided",
    "hurt": "harmed", "cut": "reduced", "customers": "clients", "spokesman": "representative", "quarter": "period",
}  # fmt: skip


def name(source: random.Random) -> str:
    return (source.choice(SYLLABLES) + source.choice(SYLLABLES) + source.choice(ENDINGS)).capitalize()


def person(source: random.Random) -> str:
    return f"{source.choice(FIRST)} {name(source)}"


def firm(source: random.Random) -> str:
    return f"{name(source)} {source.choice(FIRM_ENDS)}" if source.random() < 0.6 else name(source)


def amount(source: random.Random) -> str:
    if source.random() < 0.5:
        return f"{source.randint(2, 980)}"
    return f"{source.randint(1, 95)}.{source.randint(1, 9)}"
