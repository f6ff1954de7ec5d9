"""Word lists that tell names of organisations from other words with a capital. No entity's name is here."""

__all__ = [
    "ALWAYS_EDGES",
    "EDGES",
    "FIRM_ENDS",
    "FORMS",
    "GOODS",
    "GOODS_BEHIND",
    "HEADLINE_CUTS",
    "INSTITUTIONS",
    "JOINED_BY",
    "NO_NAME",
    "OVERSEERS",
    "PLACES",
    "SOURCES",
    "TITLES",
    "TRADES",
    "WATCHDOGS",
    "words",
]


def words(text: str) -> frozenset[str]:
    """The words of a list written as prose."""
    return frozenset(text.split())


def _lines(text: str) -> frozenset[str]:
    return frozenset(" ".join(part.split()) for part in text.split(",") if part.strip())


FORMS = words(
    """
    pvt kgaa tbk berhad jsc pjsc a/s inc corp corporation ltd limited llc lp plc ag se sa gmbh kg nv bv spa srl ab asa
    oyj oy kk co
    company holdings
    holding llp s.a n.v b.v s.p.a pty pte bhd ltda
    """
)
"""Legal forms, left off a name."""

FIRM_ENDS = words(
    "materials industries systems technologies technology foods food pharmaceuticals pharma resources energy "
    "motors airlines "
    "airways bank bancorp financial partners capital ventures group labs networks media entertainment pictures "
    "studios stores "
    "brands international insurance securities steel mining oil gas petroleum chemical chemicals therapeutics "
    "biosciences "
    "health healthcare medical robotics software semiconductor semiconductors electronics electric power "
    "solutions services "
    "logistics foundation trust fund products communications telecom wireless aerospace defense"
)
"""With these a name that begins like a person's is a firm's: "Martin Farrow Materials"."""
GOODS_BEHIND = words(
    "campus project mine pipeline aircraft airliner airliners jet jets plane planes stadium phone phones "
    "vaccine satellite satellites "
    "rocket rockets drug drugs disaster spill scandal crash"
)
"""The same, in small letters only: "Norbreck Aircraft" is a firm."""
INSTITUTIONS = words(
    "university department ministry bank institute board port state republic kingdom government city office bureau "
    "agency college school council federation united universität universidad ministère banque ministerio"
)
"""Heads that take "of" into a name: "University of Edinburgh"."""

JOINED_BY = words("& of the de do di")

GOODS = words(
    """
    chips chip gpu gpus cpu cpus servers server processors racks shares share stock stocks aktie aktien accelerators
    bonds notes motherboards customers investors employees shareholders users executives officials companies firms
    club league side brand fans title wines vodka beer spokesman spokeswoman spokesperson engineers
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
    either somebody everybody everyone nobody accusing citing following including announcing joining leading backing
    adding noting calling using speaking someone investors shareholders regulators officials executives editor note
    concerns demand speed shares stocks customers prosecutors lawyers executive salta i you your my me us der die das
    des dem den ein eine einen einem einer laut am im zum zur und oder aber mit von für nach bei aus auf seit bis durch
    gegen ohne um über unter vor zwischen wie auch noch nur schon sehr es er sie wir ihr ihre sein seine le la les l
    un une des du de d au aux en et ou mais selon dans sur sous avec sans pour par il elle ils elles son sa ses leur
    ce cet cette ces nous vous y à el los las lo una unos unas del al con sin por para según su sus este esta esto
    ese esa y e o u en no se os as um uma do da dos das no na nos nas ao à pelo pela ahora hoy ayer además
    también así tras plus moins hier aujourd'hui ainsi cette cet rather début fin mi suite wurde wurden wird werden
    als beide beiden neue neuer neuen alle viele
    mehrere andere nachdem während obwohl weil wenn seitdem bevor sobald trotz wegen dank statt angesichts
    insgesamt zudem damit dabei ohne inzwischen nun com sem para por segundo seu
    sua este esta e gli i uno dello della dei degli delle nel nella con per su tra fra secondo è e il lo suo sua
    questo questa het een van voor met door over naar bij uit tot en of maar zijn haar hun dit deze volgens op aan
    """
_TIME = """
    mon tue tues wed thu thur thurs fri monday tuesday wednesday thursday friday saturday sunday january
    february march april may june july august
    september october november december q1 q2 q3 q4 jan feb mar apr jun jul aug sep sept oct nov dec montag dienstag
    mittwoch donnerstag freitag samstag sonntag januar februar märz mai juni juli oktober dezember lundi mardi
    mercredi jeudi vendredi samedi dimanche janvier février mars avril juin juillet août septembre octobre lunes
    martes miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio julio agosto septiembre
    octubre noviembre diciembre
    """
_DEAL = """
    deal deals contract contracts acquisition acquisitions takeover merger purchase buyout agreement partnership
    lease investment funding round loan lawsuit suit case settlement order orders bid talks offer stake sale tender
    negotiations discussions project plan plans price prices fund debt credit financing capital revenue profit loss
    market value data center
    centers centre centres ai ml ipo api gpu gpus cpu cpus it hpc cloud server servers chips semiconductor
    supercomputer buy buys bought buying sell sells sold selling acquire acquires acquired signs signed sign wins
    won win lands landed raises raised raise invests invest invested lead leads led sues sued complete completes
    completed closes closed agrees agreed announces announced ends ended drop drops dropped cancels cancelled scraps
    scrapped beats beating beat loses lost losing supply supplies outbid outbids lends lent leases leased rents
    rented secures secured eyes weighs nears reports hits gets gives takes makes says said jury court judge federal
    agency million billion trillion minority majority million-dollar billion-dollar dollars euros power
    capacity quarter quarterly
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
ALWAYS_EDGES = words(_TIME) | words(
    "vice ceo cfo cto coo mr mrs ms dr sir chairman president founder minister secretary series version rumor rumour "
    "i ipo hypothetically update exclusive breaking auftrag vertrag milliarden millionen euro dollar million billion"
)
"""What no name begins or ends with."""
_BUSINESS = """
    retailer chipmaker carmaker automaker drugmaker brewer insurer bank lender software hardware oil gas steel mining
    telecom telecoms media internet online phone mobile wireless airline airlines carrier travel insurance
    pharmaceutical biotech chip computer database search rival rivals shareholder investor billionaire tycoon startup
    conglomerate miner supermarket utility broadcaster publisher maker owner parent boss chief founder group firm
    holders bidder bidders seller board directors staff union pilots workers regulator court government judge police
    during even local real under among within along despite although though because so then thus if such which
    elsewhere bosses union meanwhile separately however also still today instead earlier squeezed backed despite amid
    alternatively be been being does did really means here's what's it's that again business businesses unit
    startups start-ups retailers banks lenders insurers airlines carmakers automakers chipmakers drugmakers miners
    brewers brokers private units tech technology division divisions assets
    """
_HEADLINE_VERBS = frozenset(
    form
    for verb in """offer near award agree pay merge seek bag boost launch join expand eye cut seal strike ink land snap
    grab unveil reject accept approve clear probe block back mull weigh explore consider want urge face top deny
    confirm say see jump push gain lift assemble receive fund close settle buy sell acquire sign win raise invest
    lead sue complete announce end drop cancel scrap beat lose lend lease rent secure report hit get give take make
    nab order abandon withdraw call pull plan warn ask tell boosts spend slash defend dismiss rule fine hand start move
    finalize finalise""".split()  # noqa: SIM905
    for form in (verb, verb + "s", verb + "es", verb + "ed", verb + "d", verb + "ing")
) | words("gets got paid sought struck said saw bought sold won lost lent sues gives took made cuts denies denied set")
TRADES = words(_BUSINESS)
"""What a firm is or does, before its name."""
HEADLINE_CUTS = _HEADLINE_VERBS | words(
    "to for in on over from with by at as after amid into via against and but is are through"
)
"""Where a headline that capitalises each word goes from one name to the next."""
EDGES = HEADLINE_CUTS | TRADES | ALWAYS_EDGES | words(_FUNCTION) | words(_DEAL)
"""What no name begins with at a sentence's start, nor begins or ends with in a headline that capitalises each word."""
TITLES = words(
    "vice ceo cfo cto coo mr mrs ms dr sir chairman president founder minister secretary judge analyst governor "
    "mayor premier professor congressman"
)
"""Before a person's name."""

_PLACES = """
    us, u.s, usa, uk, u.k, eu, europe, europa, america, americas, asia, africa, china, japan, korea, south korea,
    india, germany, france, italy, spain, portugal, netherlands, norway, sweden, denmark, finland, poland, canada,
    mexico, brazil, brasil, argentina, australia, singapore, taiwan, israel, saudi arabia, qatar, dubai, abu dhabi,
    russia, ukraine, switzerland, austria, belgium, ireland, britain, england, scotland, wales, deutschland,
    frankreich, italien, spanien, schweiz, österreich, españa, francia, italia, alemania, allemagne, suisse, texas,
    california, ohio, virginia, tennessee, arizona, nevada, georgia, florida, new york, wisconsin, wyoming,
    louisiana, washington, london, paris, berlin, luxemburg, kiel, leipzig, dresden, hannover, nürnberg, bonn,
    bremen, darmstadt, basel, genf, bern, munich, münchen, frankfurt, madrid, barcelona, milan, milano,
    rome, lisbon, amsterdam, zurich, zürich, memphis, austin, houston, dallas, chicago, boston, seattle, san
    francisco, los angeles, palo alto, santa clara, san jose, hong kong, tokyo, seoul, beijing, shanghai, shenzhen,
    taipei, mumbai, bengaluru, delhi, silicon valley, wall street, nashville, phoenix, atlanta, middle east,
    southeast asia, southeast asian,
    american, british, german, french, chinese, japanese, korean, european, indian, canadian, italian, spanish,
    dutch, swiss, israeli, saudi, russian, australian, asian, african
    """
_PLACES += """,
    alabama, alaska, arkansas, colorado, connecticut, delaware, hawaii, idaho, illinois, indiana, iowa, kansas,
    kentucky,
    maine, maryland, massachusetts, michigan, minnesota, mississippi, missouri, montana, nebraska, new hampshire,
    new jersey, new mexico, north carolina, south carolina, north dakota, south dakota, oklahoma, oregon, pennsylvania,
    rhode island, utah, vermont, west virginia, indonesia, malaysia, thailand, vietnam, philippines, pakistan,
    bangladesh, turkey, iran, iraq, egypt, nigeria, kenya, south africa, morocco, chile, peru, colombia, venezuela,
    bolivia, greece, hungary, romania, bulgaria, czech republic, croatia, serbia, luxembourg, iceland, new zealand,
    kazakhstan, kuwait, bahrain, oman, united states, united kingdom, united arab emirates, emirates, north sea, gulf,
    gulf of mexico, latin america, north america, south america, central america, eastern europe, western europe,
    north korea, greek, turkish, norwegian, swedish, danish, finnish, polish, hungarian, austrian, belgian, irish,
    scottish, brazilian, mexican, argentine, argentinian, chilean, egyptian, nigerian, indonesian, malaysian, thai,
    taiwanese, south korean, pan-european, middle eastern, ukrainian, czech, portuguese, iraqi, iranian,
    kuwaiti, arab, fort worth,
    san diego, philadelphia, detroit, denver, miami, minneapolis, st. louis, kansas city, pittsburgh, cleveland,
    brussels, moscow, papua new guinea, new guinea, ecuador, peru, bolivia, uruguay, paraguay, panama, costa rica,
    guatemala, cuba, jamaica, ghana,
    ethiopia, tanzania, uganda, angola, mozambique, zambia, zimbabwe, algeria, tunisia, libya, sudan, jordan, lebanon,
    syria, yemen, afghanistan, nepal,
    myanmar, cambodia, laos, mongolia, georgia, armenia, azerbaijan, uzbekistan, belarus, lithuania, latvia, estonia,
    slovakia, slovenia, serbia, albania, malta, cyprus, puerto rico, washington d.c, english, welsh, flemish, ala,
    ariz, ark, calif, colo, conn,
    del, fla, ga, ill, ind, kan, ky, la,
    mass, md, mich, minn, miss, mo, mont, neb, nev, okla, ore, pa, tenn, tex, vt, va, wash, wis, wyo, n.j, n.y,
    n.c, n.h, n.m, s.c, s.d, n.d, sydney, melbourne, toronto, montreal, vancouver, dublin, edinburgh,
    manchester, stockholm, oslo,
    copenhagen, helsinki, vienna, wien, prague, warsaw, athens, istanbul, cairo, johannesburg, jakarta, bangkok,
    manila,
    kuala lumpur, latam, emea, apac, hollywood,
    philippine, filipino, vietnamese, bangladeshi, pakistani, kenyan, moroccan, romanian, bulgarian, croatian, serbian,
    slovak, slovenian, estonian, latvian, lithuanian, icelandic, peruvian, colombian, venezuelan, bolivian, ecuadorian,
    ghanaian, ethiopian, tanzanian, ugandan, algerian, tunisian, libyan, jordanian, lebanese, syrian, afghan, omani,
    qatari, bahraini, emirati, kazakh, uzbek, belarusian, catalan, nordic, scandinavian, baltic, iberian,
    californian, texan, british virgin islands, cayman islands, sri lanka, new delhi,
    bangalore, hyderabad, osaka, guangzhou, kong, nyc, america's, londoner, bayern, hamburg,
    köln, stuttgart, düsseldorf, graz, linz, salzburg, österreichs, europas, russland, china, türkei
    """
_THINGS = """
    ac, mps, pe, jv, a.i, vc, vcs, tv series, super bowl, world cup, ceos, quote, profile, research, chart, web,
    securities, treasuries, congress, board, board of directors, senate, parliament,
    house, house of commons, white house, kremlin, olympics,
    internet explorer, chapter, opec, nato, us treasuries, treasury bonds, series a, series b, series c, series d,
    series e, series f, series g, llm, llms, ai labs, key points, key takeaways, takeaway points, foreign direct
    investment, fdi, direct investment, wi-fi, r&d, saas, esg, arr, ebitda, gdp, api, iot, ev, evs,
    grok, colossus, gpt, chatgpt, gemini, claude, llama, blackwell, hopper, internet, linux, windows, android, java,
    itanium, solaris, xeon, epyc, prohost, ceo, cfo, cto, ipo, covid, christmas, nasdaq, nyse, dax, s&p, dow jones,
    jedi, sec filing, new, h100s, crispr, tv, pc, pcs, mw, gw, kw, ico, cio, cmo, tb, gb, rpg, m&a, olap, hbm, ddr5,
    nvlink, cuda, solaris case
    """
PLACES = _lines(_PLACES)
"""Places and peoples."""
NO_NAME = PLACES | _lines(_THINGS)
"""Places, peoples and things that are no party by themselves."""

OVERSEERS = words(
    "commission department court authority administration ministry reserve treasury tribunal watchdog kartellamt "
    "bundeskartellamt regulators sec ftc doj fcc ofcom cma fda eu ec antitrust justice parliament committee "
    "association union"
)
"""How names of those end who watch over deals: they are parties only where they have a part."""

WATCHDOGS = words(
    "commission court authority tribunal watchdog kartellamt bundeskartellamt regulators regulator sec ftc doj fcc "
    "ofcom cma fda eu ec antitrust committee"
)
"""Those of them that buy nothing."""

SOURCES = _lines(
    """
    ブルームバーグ, ロイター, 日経, 日本経済新聞,
    bloomberg, reuters, wall street journal, the wall street journal, wsj, financial times, ft, the information,
    information, cnbc, cnn, bbc, nikkei, nikkei asia, new york times, washington post, axios, techcrunch, the verge,
    verge, semafor, handelsblatt, spiegel, manager magazin, faz, wirtschaftswoche, les échos, echos, les echos, le
    monde, le figaro, expansión, cinco días, el país, valor econômico, folha, il sole, corriere della sera,
    repubblica, het financieele dagblad, fd, politico, forbes, fortune, barron's, business insider, the register,
    dpa, afp, associated press, ap, marketwatch, bloomberg intelligence, bloomberg news, times, guardian, the
    guardian, telegraph, sky news, caixin, yonhap, korea times, x daily news, pr newswire, business wire,
    globenewswire, seeking alpha,
    usa today, upi, xinhua, new ratings, dow jones newswires,
    cbs, nbc, abc news, fox news, sky,
    sunday times, sunday express, mail on sunday, the mail on sunday, daily telegraph, observer, the economist, wired,
    venturebeat, zdnet, cnet, engadget, the next web, hacker news
    """
)
"""Who reports news: the source of a sentence, not a party of its deal."""
