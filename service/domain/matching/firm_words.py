"""Words that stand in the names of firms, and what they tell about the name before them. No entity's name is here."""

__all__ = ["GENERIC_FIRM_WORDS", "REGIONS", "ROLES", "SHARE_NOUNS", "STATES", "TRADE_NOUNS"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TRADE_NOUNS = _words(
    """
    elevator elevators lighting plumbing roofing heating cooling painting cleaning landscaping construction builders
    realty properties estates insurance mortgage records recordings pictures films productions publishing press
    books brewing brewery winery vineyards bakery cafe restaurant grill pub inn hotels dental clinic pharmacy salon
    spa consulting advisors advisers capital ventures bancorp bank trust foundation orchestra quartet financial
    pharmaceuticals therapeutics biosciences hospitality communications savings leasing ensemble automotores motors
    logistics trucking airlines shipping mining minerals metals resources goldfields petroleum drilling diamonds
    explorations aggregates fisheries farms nurseries diagnostics orthopedics orthopaedics veterinary optical
    opticians eyewear apparel clothing footwear jewelers jewellers jewelry jewellery cosmetics furniture flooring
    carpets windows doors fencing paving masonry carpentry boats yachts charters tours cycles guitars amplifiers
    pedals toys crafts florist florists catering distillery bridal weddings espresso coffee tearooms barbers nails
    growth events automation automotive properties property equity entertainment racing promotions outdoors
    sportswear tattoo motorcycles bikes surf golf archery firearms watches bearings valves pumps cranes tyres tires oil
    roasters ranches stables kennels yoga pilates gymnastics academies gardens solicitors attorneys architects
    surveyors brokers bookmakers staffing recruitment theatres cinemas ministries
    """
)
"""What, as the next word with a capital, makes a name that of another business or body."""

GENERIC_FIRM_WORDS = _words(
    """
    technology technologies systems system software hardware computer computers computing electronics semiconductor
    semiconductors networks network networking platforms platform labs lab laboratories research development
    engineering services service solutions enterprise enterprises industries industrial international global
    worldwide distribution sales sourcing operations brands products stores retail online digital data cloud web
    studios media ventures capital treasury finance funding management administration consulting support learning
    intelligence machines devices motor motors
    """
)
"""What companies add to their own names for their parts: "NAME Systems Inc" may well be the same company."""

REGIONS = _words(
    """
    eu america americas us usa u.s canada mexico méxico brasil brazil argentina chile colombia perú peru latin uk
    u.k britain england scotland ireland europe european emea deutschland germany france italia italy españa spain
    iberia ibérica portugal nederland netherlands belgium belgië belgique luxembourg schweiz suisse switzerland
    österreich austria sverige sweden norge norway danmark denmark suomi finland polska poland česká czech
    magyarország hungary românia romania ελλάς hellas greece türkiye turkey israel africa egypt nigeria kenya south
    north asia pacific apac japan china greater hong taiwan korea india singapore malaysia indonesia thailand
    vietnam philippines pakistan australia australasia zealand nordic nordics baltic middle gulf saudi arabia dubai
    """
)
"""Where a company's own branch is: "NAME Nederland BV"."""

STATES = frozenset(
    """
    Alabama,Alaska,Arizona,Arkansas,California,Colorado,Connecticut,Delaware,Florida,Georgia,Hawaii,Idaho,Illinois,
    Indiana,Iowa,Kansas,Kentucky,Louisiana,Maine,Maryland,Massachusetts,Michigan,Minnesota,Mississippi,Missouri,Montana,
    Nebraska,Nevada,New Hampshire,New Jersey,New Mexico,New York,North Carolina,North Dakota,Ohio,Oklahoma,Oregon,
    Pennsylvania,Rhode Island,South Carolina,South Dakota,Tennessee,Texas,Utah,Vermont,Virginia,West Virginia,Wisconsin,
    Wyoming,Pa.,Tenn.,Calif.,Ill.,Ind.,Kan.,Ky.,Md.,Mich.,Minn.,Miss.,Mo.,Neb.,Okla.,Ore.,Va.,Wash.,Wis.,Wyo.
    """.replace("\n    ", "")
    .strip()
    .split(",")
)
"""American states, as they stand behind a town."""

ROLES = _words(
    """
    ceo cfo cto coo cio ciso chairman chairwoman chair president vice chief executive senior director managing head
    founder cofounder co-founder boss manager engineer engineers analyst analysts spokesman spokeswoman spokesperson
    employee employees staff team developer developers chef vorstandschef pdg
    """
)
"""What a company's people are called."""

SHARE_NOUNS = _words(
    """
    aktie aktien aktionär aktionäre aktionaere anleger papier papiere titel kurs anleihe anleihen konzern chef
    chefin gründer mitarbeiter sprecher sprecherin kunde kunden vorstand finanzchef tochter zahlen umsatz gewinn
    gewinne absturz rally crash skandal bilanz geschäft deal server servern serverfirma hersteller system systeme
    systems rack racks gehäuse mainboard mainboards board boards plattform plattformen partner lieferant lieferanten
    zentrale based backed led owned made run built branded powered related like style supplied designed specific
    compatible only ceo cfo boss founder shares share stock stocks investor investors shareholder shareholders staff
    employees customer customers maker servers hardware motherboard motherboards products product nvidia amd intel
    story saga scandal probe case news trade position chart squeeze debacle accounting audit dip selloff chassis gear
    box boxes node nodes cluster clusters build builds unit units aandeel aandelen
    topman action actions acción acciones azioni ações
    """
)
"""What follows a company's name after a hyphen: its share, its people, its wares."""
