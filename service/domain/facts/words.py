"""Word lists that tell names of organisations from other words with a capital. No entity's name is here."""

__all__ = ["ALWAYS_EDGES", "EDGES", "FORMS", "GOODS", "INSTITUTIONS", "JOINED_BY", "NO_NAME", "SOURCES", "TITLES"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _lines(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(",") if part.strip())


FORMS = _words(
    """
    inc corp corporation ltd limited llc lp plc ag se sa gmbh kg nv bv spa srl ab asa oyj oy kk co company holdings
    holding s.a n.v b.v s.p.a pty pte bhd ltda
    """
)
"""Legal forms, left off a name."""

INSTITUTIONS = _words(
    "university department ministry bank institute board port state republic kingdom government city office bureau "
    "agency college school council federation united universität universidad ministère banque ministerio"
)
"""Heads that take "of" into a name: "University of Edinburgh"."""

JOINED_BY = _words("& of the de do di")

GOODS = _words(
    """
    chips chip gpu gpus cpu cpus servers server processors racks shares share stock stocks aktie aktien accelerators
    bonds notes motherboards customers investors employees shareholders users executives officials companies firms
    spokesman spokeswoman spokesperson engineers
    """
)
"""A name before one of these qualifies a thing and takes no part."""

_FUNCTION = """
    the a an on in at if it its two no neither last this these those that for from by with as and or but to of he
    she his her their they we our after before when while under over since new first one three four five six seven
    eight nine ten both all most some many each other another there here what who how why yes not is are was were
    has have had will would could may might can sources source analysts analyst according founded hypothetically
    rumor rumour rumors sales shares share talks update exclusive breaking report reports reuters: mr mrs ms dr sir
    ceo cfo cto coo chairman president chief founder minister secretary series version chapter section figure table
    page part step fewer less more about around nearly almost however meanwhile moreover also still yet then now
    today yesterday tomorrow early late earlier later hypothetical billionaire both company companies firm firms
    either somebody everybody someone investors shareholders regulators officials executives editor note concerns
    demand speed shares stocks customers prosecutors lawyers executive salta i you your my me us der die das des dem
    den ein eine einen einem einer laut am im zum zur und oder aber mit von für nach bei aus auf seit bis durch
    gegen ohne um über unter vor zwischen wie auch noch nur schon sehr es er sie wir ihr ihre sein seine le la les l
    un une des du de d au aux en et ou mais selon dans sur sous avec sans pour par il elle ils elles son sa ses leur
    ce cet cette ces nous vous y à el los las lo una unos unas del al con sin por para según su sus este esta esto
    ese esa y e o u en no se os as um uma do da dos das no na nos nas ao à pelo pela com sem para por segundo seu
    sua este esta e gli i uno dello della dei degli delle nel nella con per su tra fra secondo è e il lo suo sua
    questo questa het een van voor met door over naar bij uit tot en of maar zijn haar hun dit deze volgens op aan
    """
_TIME = """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december q1 q2 q3 q4 jan feb mar apr jun jul aug sep sept oct nov dec montag dienstag
    mittwoch donnerstag freitag samstag sonntag januar februar märz mai juni juli oktober dezember lundi mardi
    mercredi jeudi vendredi samedi dimanche janvier février mars avril juin juillet août septembre octobre lunes
    martes miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio julio agosto septiembre
    octubre noviembre diciembre
    """
_DEAL = """
    deal deals contract contracts acquisition acquisitions takeover merger purchase buyout agreement partnership
    lease investment funding round loan lawsuit suit case settlement order orders bid talks offer stake sale tender
    project plan plans price prices fund debt credit financing capital revenue profit loss market value data center
    centers centre centres ai ml ipo api gpu gpus cpu cpus it hpc cloud server servers chips semiconductor
    supercomputer buy buys bought buying sell sells sold selling acquire acquires acquired signs signed sign wins
    won win lands landed raises raised raise invests invest invested lead leads led sues sued complete completes
    completed closes closed agrees agreed announces announced ends ended drop drops dropped cancels cancelled scraps
    scrapped beats beating beat loses lost losing supply supplies outbid outbids lends lent leases leased rents
    rented secures secured eyes weighs nears reports hits gets gives takes makes says said jury court judge federal
    agency million billion trillion million-dollar billion-dollar dollars euros power capacity quarter quarterly
    shareholders stock exclusive hypothetically supplier buyer auftrag aufträge vertrag verträge milliarde
    milliarden million millionen euro dollar rechenzentrum rechenzentren gespräche gespräch wert kauf verkauf kredit
    umsatz lieferung lieferungen aktie aktien zahlung unternehmen konzern finanzierungsrunde übernahme klage
    anbieter kunde kunden server firma firmen start-up startup hersteller prozent investition investitionen jahr
    jahre jahren ende anfang mitte gericht urteil vergleich miete mietvertrag anteil anteile beteiligung mrd mio
    mrd. mio. kosten gewinn verlust quartal projekt verhandlungen vereinbarung netzwerksparte sparte tochter
    darlehen standort chef sprecher angaben kreisen insider medien bericht entscheidung leistung höhe us-dollar geld
    partner partnerschaft zusammenarbeit kapazität chips strom bau gesellschaft action contrat l'action bourse borsa
    titolo borse
    """
ALWAYS_EDGES = _words(_TIME) | _words(
    "ceo cfo cto coo mr mrs ms dr sir chairman president founder minister secretary series version rumor rumour "
    "hypothetically update exclusive breaking auftrag vertrag milliarden millionen euro dollar million billion"
)
"""What no name begins or ends with."""
EDGES = ALWAYS_EDGES | _words(_FUNCTION) | _words(_DEAL)
"""What no name begins with at a sentence's start, nor begins or ends with in a headline that capitalises each word."""
TITLES = _words("ceo cfo cto coo mr mrs ms dr sir chairman president founder minister secretary judge analyst")
"""Before a person's name."""

_PLACES = """
    us, u.s, usa, uk, u.k, eu, europe, europa, america, americas, asia, africa, china, japan, korea, south korea,
    india, germany, france, italy, spain, portugal, netherlands, norway, sweden, denmark, finland, poland, canada,
    mexico, brazil, brasil, argentina, australia, singapore, taiwan, israel, saudi arabia, qatar, dubai, abu dhabi,
    russia, ukraine, switzerland, austria, belgium, ireland, britain, england, scotland, wales, deutschland,
    frankreich, italien, spanien, schweiz, österreich, españa, francia, italia, alemania, allemagne, suisse, texas,
    california, ohio, virginia, tennessee, arizona, nevada, georgia, florida, new york, wisconsin, wyoming,
    louisiana, washington, london, paris, berlin, munich, münchen, frankfurt, madrid, barcelona, milan, milano,
    rome, lisbon, amsterdam, zurich, zürich, memphis, austin, houston, dallas, chicago, boston, seattle, san
    francisco, los angeles, palo alto, santa clara, san jose, hong kong, tokyo, seoul, beijing, shanghai, shenzhen,
    taipei, mumbai, bengaluru, delhi, silicon valley, wall street, nashville, phoenix, atlanta, middle east,
    american, british, german, french, chinese, japanese, korean, european, indian, canadian, italian, spanish,
    dutch, swiss, israeli, saudi, russian, australian, asian, african
    """
_THINGS = """
    grok, colossus, gpt, chatgpt, gemini, claude, llama, blackwell, hopper, internet, linux, windows, android, java,
    itanium, solaris, xeon, epyc, prohost, ceo, cfo, cto, ipo, covid, christmas, nasdaq, nyse, dax, s&p, dow jones,
    jedi, sec filing, new, h100s, crispr, tv, pc, pcs, mw, gw, kw, ico, cio, cmo, tb, gb, rpg, m&a, olap, hbm, ddr5,
    nvlink, cuda, solaris case
    """
NO_NAME = _lines(_PLACES) | _lines(_THINGS)
"""Places, peoples and things that are no party by themselves."""

SOURCES = _lines(
    """
    bloomberg, reuters, wall street journal, the wall street journal, wsj, financial times, ft, the information,
    information, cnbc, cnn, bbc, nikkei, nikkei asia, new york times, washington post, axios, techcrunch, the verge,
    verge, semafor, handelsblatt, spiegel, manager magazin, faz, wirtschaftswoche, les échos, echos, les echos, le
    monde, le figaro, expansión, cinco días, el país, valor econômico, folha, il sole, corriere della sera,
    repubblica, het financieele dagblad, fd, politico, forbes, fortune, barron's, business insider, the register,
    dpa, afp, associated press, ap, marketwatch, bloomberg intelligence, bloomberg news, times, guardian, the
    guardian, telegraph, sky news, caixin, yonhap, korea times, x daily news, pr newswire, business wire,
    globenewswire, seeking alpha
    """
)
"""Who reports news: the source of a sentence, not a party of its deal."""
