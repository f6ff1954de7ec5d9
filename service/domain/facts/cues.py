"""The words that tell of a deal, and of which kind: a table of data, with the forms of verbs in a dozen languages."""

from service.domain.facts.fact import Kind

__all__ = ["CJK_CUES", "CUES", "SUFFIXES", "Cue"]

Cue = tuple[Kind, float]
"""A kind and the weight with which a word speaks for it."""

_AR = "ar a an ó aron ará arán aría ado ada ados adas ando ou aram are ano ato ata ati erà"
"""Endings of verbs like comprar and acquistare; those of vender, adquirir and racheter follow."""
_ER = "er e en ió ieron erá erán ido ida idos idas iendo endo eu eram ere ono uto uta erà"
_IR = "ir e en ió ieron irá irán ido ida idos idas iendo indo iu iram ire isce iscono ito ita irà"
_FR = "er e ent é ée és ées ait era eront ant"


def _forms(endings: str, *stems: str) -> str:
    return " ".join(stem + ending for stem in stems for ending in endings.split())


CUES: tuple[tuple[Kind, float, str], ...] = (
    (Kind.LAWSUIT, 3, """sue sues sued suing lawsuit lawsuits jury plaintiff defendant verdict fined litigation
        klage klagt verklagt verklagen klagte plainte procès demandó demandado demandar juicio querella processou
        rechtszaak klaagt aangeklaagd boete geldbuße bußgeld amende multa"""),
    (Kind.LAWSUIT, 2, """suit claim damages settlement settlements settled settles settle court judge complaint
    gericht urteil
        justice tribunal tribunale causa citato rechter schikking vergleich infringement
        arbitration arbitrator arbitrators
        arbitrage arbitraje"""),
    (Kind.LAWSUIT, 1.6, "case"),
    (Kind.LEASE, 3, """lease leases leasing rent rents rented renting rental mietet miete mietvertrag mieten
        pacht loue louer bail location alquiler alquila arrendamiento aluguel arrendamento affitto noleggio affittare
        huur huurt huren huurcontract"""),
    (Kind.LEASE, 2.6, "leased"),
    (Kind.FUNDING, 3, """borrow borrows borrowed borrowing funding loan loans lend lends lent lending fundraising
    finanzierungsrunde finanzierung finanzspritze finanzierungssumme geldspritze kapitalerhöhung kapitalrunde
    kredit darlehen
        anleihe eingesammelt prêt emprunt préstamo empréstimo prestito lening leent leende krediet financing levée
        financiación financiamento finanziamento financiering financieringsronde"""),
    (Kind.FUNDING, 2, """raise raises raised raising round series seed credit notes bonds bond ipo lève levé lever tour
        ronda captó levantó obtuvo rodada captou raccolto ronde capitalraise opgehaald"""),
    (Kind.ACQUISITION, 3, """acquire acquires acquired acquiring acquisition acquisitions takeover merger merge merges
        merged buyout übernimmt übernahme übernehmen übernommen fusion fusionieren erwirbt erwerben rachat rachète
        racheter racheté acquérir acquiert adquirió adquirir adquisición adquiere fusión adquiriu adquire aquisição
        fusão acquisizione acquisisce acquisito fusione overname overgenomen fusie opa"""),
    (Kind.ACQUISITION, 2.5, """buy buys bought buying kauf kauft kaufen gekauft kaufte achat achète compra comprar
        compró comprou acquista acquisto acquistato acquistare koopt kocht gekocht"""),
    (Kind.ACQUISITION, 2, """purchase purchased purchases purchasing divesting divestment divestiture sale sell sells
        sold selling divest divests verkauf verkauft verkaufen vend vendre vente céder cède cession venta vender vende
        vendió venda vendeu vendita venduto verkoop verkoopt verkocht kopen offload offloads offloaded offloading
        unload unloads unloaded"""),
    (Kind.ACQUISITION, 1.3, "stake offer offered offers beteiligung participation participación bid bids"),
    (Kind.INVESTMENT, 3, """invest invests invested investing investment investments investiert investieren
        investition investitionen investir investira investit investissement investissements invertir invertirá
        invierte invirtió inversión investimento investiu investe investirà investire investeert investeren
        investering"""),
    (Kind.INVESTMENT, 1.5, "spend spends spending project"),
    (Kind.INVESTMENT, 2, "gemeinschaftsunternehmen coentreprise"),
    (Kind.CONTRACT, 2.2, """contract contracts supply supplies supplied tender outsourcing auftrag aufträge
        liefervertrag lieferung liefert ausschreibung zuschlag contrat contrats fourniture contrato contratos
        licitación suministro licitação fornecimento contratto contratti commessa fornitura appalto opdracht levering
        vertrag verträge contractueel contracted"""),
    (Kind.CONTRACT, 2.1, "outbid"),
    (Kind.CONTRACT, 1.5, """order orders selected awarded awards subcontract ordered bestellung commande pedido
    encomenda
        ordine bestelling"""),
    (Kind.DEAL, 2, """deal deals agreement agreements partnership pact accord vereinbarung abkommen partnerschaft
        kooperation geschäft partenariat coopération alliance alleanza acuerdo alianza acordo
        parceria accordo overeenkomst akkoord transaction
        tie-up"""),
    (Kind.ACQUISITION, 2.5, " ".join((
        _forms(_AR, "compr", "acquist", "fusion"), _forms(_ER, "adquier"), _forms(_IR, "adquir", "acquis"),
        _forms(_FR, "achet", "rachet", "absorb"), "rachèt achètent achètera rachètera acquis acquise acquerra "
            "acquérait",
        "kaufte kauften übernahm übernahmen erwarb erwarben erworben schluckt schluckte schlucken geschluckt "
        "fusionne fusionnent fusionner fusionné",
    ))),
    (Kind.ACQUISITION, 2, " ".join((
        _forms(_ER, "vend", "ced"), _forms(_FR, "céd"), "cède cèdent vendre vendu vendue vendus vendra vendait vendant",
        "reprendre reprend reprennent repris reprise reprendra verkaufte verkauften veräußert veräußerte veräußern",
    ))),
    (Kind.ACQUISITION, 1.5, "bietet bieten geboten gebot angebot offerte offre offres oferta offerta"),
    (Kind.FUNDING, 2, " ".join((
        _forms(_AR, "recaud", "levant", "capt"), _forms(_FR, "récolt", "boucl", "lev"), "lève lèvent",
        "sammelt sammelte einsammeln leiht lieh geliehen",
    ))),
    (Kind.INVESTMENT, 3, " ".join((_forms(_IR, "invert", "invest"), "inviert invierten investierte investierten"))),
    (Kind.CONTRACT, 1.8, " ".join((
        _forms(_AR, "adjudic", "suministr", "encarg"), _forms(_FR, "livr"), "commandé commandée commandés "
            "commandées commandera fournir fournit fournira",
        "bestellt bestellte bestellten geordert ordert orderte beauftragt beauftragte vergibt",
    ))),
    (Kind.DEAL, 1.2, "talks negotiations plan plans bid gespräche verhandelt verhandlungen"),
)  # fmt: skip
SUFFIXES: tuple[tuple[str, Kind, float], ...] = (
    ("mietvertrag", Kind.LEASE, 3),
    ("vertrag", Kind.CONTRACT, 2.2),
    ("auftrag", Kind.CONTRACT, 2.2),
    ("kredit", Kind.FUNDING, 3),
    ("finanzierung", Kind.FUNDING, 3),
    ("übernahme", Kind.ACQUISITION, 3),
    ("verträge", Kind.CONTRACT, 2.2),
    ("aufträge", Kind.CONTRACT, 2.2),
    ("aufträgen", Kind.CONTRACT, 2.2),
    ("klage", Kind.LAWSUIT, 3),
)
"""German compounds end with what they are."""
CJK_CUES: tuple[tuple[Kind, float, str], ...] = (
    (Kind.LAWSUIT, 3, "提訴|訴訟|判決|和解金|起诉|诉讼|索赔|判决|罚款|소송|고소|제소"),
    (Kind.LEASE, 3, "賃借|賃貸|リース|レンタル|租赁|租用|임대|임차"),
    (Kind.FUNDING, 3, "融資|資金調達|調達|融资|贷款|募资|领投|대출|조달|유치"),
    (
        Kind.ACQUISITION,
        3,
        "買収|合併|売却|株式を取得|子会社化|の取得|を取得|譲渡|公開買い付け|TOB|收购|并购|合并|出售|인수|합병|매각",
    ),
    (Kind.INVESTMENT, 3, "投資|出資|投资|入股|투자"),
    (Kind.CONTRACT, 2.2, "契約|受注|発注|供給|合同|订单|中标|采购|供应|계약|수주|납품|공급"),
    (Kind.DEAL, 2, "提携|合意|協議|协议|合作|협약|제휴|합의"),
)
