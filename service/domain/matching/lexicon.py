"""General words of several languages that the rules look for. No name of any entity stands here.

Each list serves one question; the rules that ask are in ``boundary``, ``cues`` and ``derive``.
"""

import re
from functools import cache, lru_cache
from importlib.resources import files

__all__ = [
    "AFTER_COMPANY",
    "ALWAYS_CAPITAL",
    "BEFORE_COMPANY",
    "BEFORE_NAMES",
    "BUSINESS_WORDS",
    "COMPANY_WORDS",
    "GENITIVE_LANGUAGES",
    "GLUED_WORDS",
    "LEGAL_FORMS",
    "NAMES_TAKE_ARTICLES",
    "NAMING_WORDS",
    "NEWS_VERBS",
    "PLACE_NOUNS",
    "PREPOSITIONS",
    "THING_WORDS",
    "VERB_LIKE",
    "articles_of",
    "is_common_word",
    "is_surname",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GLUED_WORDS = _words(
    """
    a about after against ahead alone along alongside already also although among amid an and announced are around as
    at based be because become became been before began behind being below between both bought but by called came can
    claims compared continues could customers data did does down due during each earlier even ever executives far
    filed first following followed follows for from gained gave gets gives going got had has have having he help helps
    her here his how however if in including inc instead into is it its joined just last later launched like made makes
    may might more most much must near never new next no nor not now of off offered offers on one only onto or other
    our out over per plans rather reported reports rose runs said same saw says see seen sells sent share shares she
    should since so sold some stock still such takes than that the their them then there these they this those though
    through to today together told too took toward towards under until up upon us use used users uses using versus via
    accused acquired acquires added adds agreed allows also appears argued became becomes began beat begins believes
    builds charges claimed cloud collects competes confirmed cut cuts declined delivers denied develops enables
    employees ended expects fell files fired founder gave goes grew grows hired hopes intends invested joins keeps
    knows laid launches leads lets licensed looks loses lost makes manages needs owns paid pays planned predicts
    prepares promised provided provides published pulled raised ran received recently refused released releases remains
    reportedly requires reveals runs seeks sent servers settled signed spent started sued supplies supports tells
    tried tries turned unveiled unveils wanted warned wins won works
    wants was we went were what when where whether which while who whose why will with within without would yet you
    your
    auf aus bei bis das dem den der des die durch ein eine für hat ist mit nach oder und von vor wie wird zu zum zur
    avec aux ce dans de des du en est et le les ou par pour que qui sur un une
    al como con del el en es la las los para por que se sin su una y
    ao com da do dos em na nas no nos o os ou para pelo pela por que um uma
    anche che col con dal dalla del della di e gli il ha nel nella per tra
    aan bij een en het heeft met naar om op over te tot uit van voor
    """
)
"""Words that extraction glues to a name when it drops the space at a link's edge ("at Xcorpalone")."""

_ENGLISH_ARTICLES = _words(
    "a an the this that these those every each another any some your my his her its their our no which what one same"
)
_ARTICLES = {
    "de": _words(
        """
        der die das den dem des ein eine einen einem einer eines dieser diese dieses diesem diesen jeder jede jedes
        jedem jeden jener jenes kein keine keinen keinem keiner keines mein meine meinem meinen sein seine seinem seinen
        seiner ihr ihre ihrem ihren ihrer unser unsere unserem unseren beide welcher im am zum zur vom beim ins ans
        """
    ),
    "fr": _words(
        "le la les un une l' ce cet cette ces chaque du au aux des mon ma mes son sa ses leur leurs notre nos votre "
        "aucun aucune quelque quel quelle"
    ),
    "es": _words(
        "el los la las un una unos unas este esta estos estas ese esa cada del al mi mis su sus nuestro nuestra otro "
        "otra ningún ninguna lo"
    ),
    "it": _words("il lo la gli i l' un uno una questo questa ogni mio suo sua loro"),
    "pt": _words("o a os as um uma este esta esse essa cada seu sua meu minha"),
    "nl": _words("de het een dit dat deze elke elk mijn zijn haar ons onze hun geen"),
}
_TELLING_ARTICLES = _ENGLISH_ARTICLES | _words("der das ein eine el los il les un une l'")


NAMES_TAKE_ARTICLES = ("pt", "it")
"""Languages in which a company's name often has an article ("a Acme", "la Acme")."""

ALWAYS_CAPITAL = _words(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december"
)
"""Everyday words that have a capital wherever they stand."""

PREPOSITIONS = _words(
    "at from by on with for than like via against into bei von mit chez par avec con da di com por van door und "
    "et y e en"
)


def articles_of(language: str | None) -> frozenset[str]:
    """Articles and other determiners of a language; of an unknown one, those that are nothing else in English."""
    return _TELLING_ARTICLES if language is None else _ARTICLES.get(language, _ENGLISH_ARTICLES)


VERB_LIKE = _words(
    """
    is are was were be been has have had does did do can could will would shall should may might must
    of in on at by for from to with into onto over under about after before than as and or but nor if because
    that which who whom whose when whenever where while until unless though although not also then there itself
    himself herself said says told tells spoke
    speaks knew knows gave gives saw sees warned warns predicted predicts answered answers replied foretold
    ist sind war hat wird und oder von mit im in am an auf für zu aus bei nach
    est sont a et ou de du des dans sur pour par avec en qui que
    es son fue ha y o de del en con por para que
    è sono ha e di del della in con per che the a an den das der die el la le les los
    é são foi tem e de do da em com por para que
    is zijn was heeft en of van in met op voor die dat
    """
)
"""Words that cannot be the noun an article before the name belongs to: "the target is", but "the Target deal"."""

GENITIVE_LANGUAGES = frozenset({"de", "nl", "sv", "da", "no", "nb"})
"""Languages that add a bare "s" to a name ("Acmes Aktie"); elsewhere it makes a plural, thus another word."""


def _phrases(text: str) -> frozenset[str]:
    return frozenset(" ".join(phrase.split()) for phrase in text.split(","))


AFTER_COMPANY = _phrases(
    """
    said, says, announced, announces, reported, reports, unveiled, unveils, launched, launches, acquired, acquires,
    buys, bought, hired, hires, sued, sues, expects, posted, plans to, agreed to, declined to, refused to, has agreed,
    has announced, has acquired, has launched, has said, shares, stock, shareholders, investors, earnings, revenue,
    revenues, profit, profits, quarterly, results, ceo, cfo, cto, chief, chairman, executive, executives, exec,
    workers, staff, boss, bosses, stores, warehouse, warehouses, drivers,
    dealers, dealerships, subscribers, lawyers, locations, branches,
    outlets, factories, executive's, veteran, alumni, phones, mitarbeiter, kunden, sprecher, tochter, filialen,
    spokesman, spokeswoman, spokesperson, employees, engineers, customers, headquarters, co founder, cofounder, founder,
    subsidiary, deal, bid, lawsuit, corp, inc, aktie, aktien, chef, konzern, meldet, kündigt, will, teilte, streicht,
    annonce, a annoncé, action, actions, pdg, anuncia, anunció, acciones, anunciou, ações, annuncia, ha annunciato,
    azioni, aandeel, aandelen, meldt
    """
)
"""What follows a company's name, with or without "'s"."""

BEFORE_COMPANY = _phrases(
    """
    shares of, shares in, stock of, ceo of, cfo of, head of, chief executive of, president of, founder of, co founder
    of, cofounder of, acquired by, bought by, owned by, made by, built by, backed by, deal with, partnership with,
    contract with, rival, rivals, competitor, chipmaker, tech giant, software giant, giant, startup, start up, company,
    firm, maker, vendor, vendors, provider, retailer, carmaker, employer, customer, customers, invest in, invested in,
    years at, job with, career at, stint at, worked for, works for, licensed from, licence from, license from,
    bought from, orders from, order from, supplied by, designed by, sold by, sued by, paid by, unit of, division of,
    arm of, months at, decade at, decades at, hosted by, parent, parent company,
    parent of, owner of, subsidiary of, investment in, lawsuit against, suit against, complaint against, case against,
    fine against, merger with, talks with, bid for, designer, customers of, users of, employees of, board of,
    stake in, works at, worked at, working at, job at, jobs at, layoffs at, engineer at, hired by, according to,
    interviewed at, interviewing at, interview at, internship at, intern at, laid off from, leased from, rented
    from, ran on, runs on, running on,
    companies like, firms like, vendors like, providers like, startups like, labs like, companies such as,
    firms such as, vendors such as, providers such as, startups such as, partners like,
    compete with, alternative to, alternatives to, aktien von, aktie von, anteile an, chef von, konzern, unternehmen,
    firma, hersteller, konzerns, entreprise, société, groupe, actions de, éditeur, fabricant, empresa, compañía,
    acciones de, gigante, fabricante, companhia, ações da, società, azienda, azioni di, colosso, bedrijf, aandelen van
    """
)
"""What stands before a company's name."""

NAMING_WORDS = _phrases(
    """
    the word, the term, the prefix, prefix, suffix, the letter, the syllable, le mot, das wort, la palabra,
    identity as, herself as, himself as, alter ego,
    called, named, dubbed, nicknamed, codenamed, code named, named after, namens, genannt, appelé, appelée, nommé,
    nommée, llamado, llamada, chamado, chamada, chiamato, chiamata, genaamd
    """
)
"""What gives a thing its name; unless a word such as "company" stands before, the thing is no company."""

NEWS_VERBS = _words(
    """
    accepts accused accuses acquired acquires added adds admits agreed agrees aims allows announced announces answers
    appeals appealed apologises apologizes argued argues asked asks backs banned bans beat beats became began begins
    bets bought boosts brings brought builds built buys called calls came cancelled cancels changed closes closed comes
    confirmed confirms considers cut cuts declined declines delays delayed delivers denied denies costs earned earns
    developed develops disclosed discloses dropped drops employs ended ends enters expands expanded expects extends
    faces fell files filed fights finds fired fixes forecast found gains gave gets gives goes got grew grows halts
    helped hired hires hit hits holds hopes hosts increased insists introduced introduces invested invests joined joins
    jumped keeps kept knows launched launches lays led lets licensed loses lost lowered lowers made makes matched
    matches meets merges missed misses moved moves named names needs offered offers opened opens operates orders
    ordered owns pays paid planned plans posted posts predicts prepares promised promises proposes provides publishes
    published pulls put puts raised raises ran reached reaches received recalls reduced refused refuses rejected
    rejects released releases removed removes replaced replaces reported reports resumed returns reveals revealed
    rolled rose runs said says scored scraps seeks sees sells sent sets settled settles showed shows shuts signed signs
    sold sought spends spent started starts stopped stops struggles sued sues suffers supplies suspends takes teaches
    tells threatens told took tops topped tried tries turned turns unveiled unveils urges uses wants warned warns
    weighs went widens wins withdraws won works
    """
)
"""Verbs whose subject is somebody: a lone noun before one is a name."""

BEFORE_NAMES = _words(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december american chinese european german french british japanese korean indian canadian israeli
    dutch swedish italian spanish russian ex former and or but with for by from at in on of to the while when as after
    before since although because if meanwhile however yesterday today via like unlike both either that us big tech
    even only also then now how why what where who is are was does did can will could should would says said not
    der die das bei von mit und für le la les chez avec et pour par el los las con y para por il lo gli di da per e
    inside outside behind against amid beyond within without among under over between using about into onto near around
    across despite plus through during
    vs versus ceo cfo cto inc corp ltd my your his her its our their this any every no
    """
)
"""Words that may have a capital before a company's name without being a part of it."""

PLACE_NOUNS = _words(
    """
    park arena field stadium center centre theater theatre hall river rainforest basin forest jungle delta street avenue
    road drive lane boulevard square plaza county city town village valley lake bay beach island islands mountain
    mountains canyon creek hill hills falls bridge airport station school college university academy church hospital
    museum library cemetery hotel
    """
)
"""What, as the next word with a capital, makes a name the name of a place."""

THING_WORDS = _words(
    """
    tool tools toolkit library framework package plugin plug-in extension module script app application bot chatbot
    assistant robot cli utility engine protocol token coin cryptocurrency network chain language game novel film movie
    series show episode album song band book comic magazine podcast exhibition play opera painting character hero
    heroine superhero villain girl boy woman man person singer player cat dog horse ship boat yacht drone machine deck
    card cards lens kit kite toy town village city community place district hamlet suburb mine ranch school prophet
    prophetess priestess seer werkzeug bibliothek spiel roman buch stadt dorf ort outil bibliothèque jeu livre ville
    novela canción coche lámpara romanzo canzone lampada torcia chanson lampe voiture knife torch lamp headlamp
    assistente asistente assistante
    automaton creature monster wizard warrior elf wrestler rapper amplifier chisel parrot discipline technique
    techniques method methods science flashlight lure airbrush needle midwife nurse teacher nickname deity goddess god
    herramienta juego libro pueblo ciudad jogo livro cidade gioco città paese spel boek stad dorp
    """
)
"""What, in "NAME is a ...", shows that a thing, a place or a person bears the name."""

COMPANY_WORDS = _words(
    """
    company companies firm firms startup startups group groups maker makers vendor vendors corporation provider
    unternehmen firma konzern entreprise société empresa compañía società azienda bedrijf
    """
)

BUSINESS_WORDS = _words(
    """
    company companies corporation share shares stock stocks shareholder shareholders investor investors revenue revenues
    earnings profit profits quarter quarterly ceo analyst analysts acquisition acquisitions acquire acquired lawsuit
    billion million nasdaq nyse startup contract partnership aktie aktien umsatz gewinn milliarden unternehmen konzern
    entreprise milliards bénéfice actionnaires empresa acciones ingresos millones ações receita bilhões azienda ricavi
    miliardi bedrijf omzet miljard
    """
)
"""Words that make it likelier that a sentence speaks of companies at all."""

LEGAL_FORMS = (
    "corporation", "incorporated", "company", "limited", "holdings", "holding", "group", "corp", "inc", "ltd", "llc",
    "plc", "co", "ag", "se", "gmbh", "kgaa", "sa", "s.a", "spa", "s.p.a", "nv", "n.v", "bv", "b.v", "ab", "asa", "oyj",
    "lp", "llp", "pte", "pty", "kk", "k.k", "sarl", "srl",
)  # fmt: skip
"""What may follow a company's name without being part of it, in small letters and without a last dot."""


@cache
def _listed(name: str) -> frozenset[str]:
    return _words(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def is_surname(word: str) -> bool:
    """Whether ``word`` (any case) is a common surname."""
    return word.casefold() in _listed("surnames.txt")


@lru_cache(maxsize=4096)
def is_common_word(word: str) -> bool:
    """Whether ``word`` (any case) is an everyday word or a common surname, thus a poor name by itself."""
    folded = word.casefold()
    return folded in _listed("common_words.txt") or is_surname(word) or _ABSTRACT.fullmatch(folded) is not None


_ABSTRACT = re.compile(r"[a-z]{3,}(?:tion|ness|ment|ful|ous|ity|ship|tive|sive|ssive)")
"""Endings that make words of everyday language; few names are made so without being such words too."""
