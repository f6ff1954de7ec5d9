"""How far a deal is, as a sentence tells it. The first rule that fits decides.

Denied and ended come first, because they turn around what the rest says ("ended talks", "has not signed").
"""

import re
from functools import cache

from service.domain.facts.fact import Kind, Status

__all__ = ["status_of"]

_DEAL = (
    r"(?:talks?|deals?|plans?|contracts?|agreements?|bids?|projects?|purchase|merger|acquisition|takeover|leases?|"
    r"partnership|investment|credit|negotiations|offers?|ipo|suit|lawsuit|claim|case|orders?|tender|sale|round|loan|discussions|approach|proposal)"
    r"(?!\s(?:battles?|fights?|wars?|sagas?|contests?|struggles?|speculation|defen[cs]e))"
)
_STOP = (
    r"(?:end(?:s|ed|ing)?(?!\s(?:up|down|higher|lower|at|flat))|drop(?:s|ped)?(?!\s(?:by|to|more|as|\d))|halt(?:s|ed)?|paus(?:es|ed)|reject(?:s|ed)?|terminat(?:es|ed|ing)|"
    r"cancel(?:s|s|led|ed|ling)?|scrap(?:s|ped|ping)?|abandon(?:s|ed)?|withdr(?:aws?|ew|awn)|shelv(?:es|ed)|"
    r"rebuff(?:s|ed)?|spurn(?:s|ed)?|"
    r"ax(?:es|ed)|ditch(?:es|ed)|suspend(?:s|ed)?|broke(?:n)? off|turn(?:s|ed) down|called off|tears? up|tore up)"
)
_VERB = (
    r"(?:buy|acquire|sell|invest|raise|bid|merge|lease|rent|sign|take over|fund|sue|supply|purchase|lend|join|pay|"
    r"spend|divest|strike|award)"
)
_RULES: tuple[tuple[Status, str], ...] = (
    (
        Status.ANNOUNCED,
        r"""\b(?:reject(?:s|ed)?|dismiss(?:es|ed)?|ruled\sagainst|thr(?:ows?|ew)\sout)\b[^.;]{0,60}\b(?:effort|attempt|challenge|appeal|
        objections?)\b[^.;]{0,30}\b(?:stop|block|thwart|prevent|delay)\b""",
    ),
    (
        Status.DENIED,
        r"""\b(?:den(?:y|ies|ied|ying)\b(?!\s+(?:access|(?:any\s|all\s)?(?:wrongdoing|liability)|the\s(?:allegations|charges|claims)))
        |(?:has|have|had|did|does|do|is|are|was|were|will|would)(?:\s(?:not|never)|n't)\s(?:yet\s)?(?:been\s)?(?:\w+\s)?
         (?:sign|agree|ma(?:d|k)e\s(?:an?|any|the)\s(?:\w+\s)?(?:offer|bid|deal|investment|approach|decision|proposal)|reach|bought|buy|acquir|invest|in\stalks|negotiat|planning|plan|sell|sold|sue|
         rais|award|lease|rent|struck|order|part\sof)
        |no\s(?:agreement|deal|contract|offer|talks|decision)\b[^.;]{0,20}\b(?:has|have|had|was|were|is)\b
        |never\s(?:considered|made|offered|planned|intended|agreed|bought|sold|held)\b|dismiss(?:es|ed)\s(?:as\s\w+\s)?(?:an?\s|the\s)?(?:\S+\s){0,2}?(?:report|rumou?r|speculation)s?\b|dementiert|bestreitet|kein(?:e|en)?\s(?:vertrag|vereinbarung|angebot|übernahme|auftrag)
        |nicht\s(?:unterzeichnet|kaufen|übernehmen|gekauft|übernommen)
        |dément|n'a\spas\s(?:signé|conclu|acheté|racheté)|aucun\s(?:accord|contrat)
        |niega|negó|desmint(?:ió|e)|no\sha\s(?:firmado|comprado|acordado)|nega|negou|não\s(?:assinou|comprou|fechou)
        |smentisce|non\sha\s(?:firmato|acquistato|raggiunto)|ontkent|geen\s(?:akkoord|deal|contract))
        |否定|否认|부인""",
    ),
    (
        Status.LOST,
        rf"""\b(?:(?<!-)los(?:e|es|t|ing)\s(?:out\b|(?:\S+\s){{0,6}}{_DEAL}|(?:its|an?|the|his|her)\s(?:\w+\s)?appeal)|unsuccessful|(?:was|were|is|are|been)\soutbid
        |outbid\W*$|dismiss(?:es|ed)\b[^.;]{{0,40}}{_DEAL}|(?:overturn(?:s|ed)|toss(?:es|ed)|revers(?:es|ed))\b[^.;]{{0,40}}\b(?:verdict|order|ruling|award)|ruled\sagainst|thr(?:ows?|ew)\sout|fine[sd]\b|sided\swith
        |{_DEAL}\b[^.;]{{0,40}}\b(?:was|were)\s(?:dismissed|thrown\sout)|(?:won't|(?:will|does|did)\snot|doesn't|didn't)\s(?:have|need)\sto\spay|(?:need|must)\snot\spay
        |bids?\b[^.;]{{0,40}}\bcontract\b[^.;]{{0,10}}\bwas\srejected
        |verl(?:or|iert|oren)\b[^.;]{{0,40}}(?:auftrag|vertrag|klage|ausschreibung|prozess)|abgewiesen
        |(?:auftrag|klage|prozess)\b[^.;]{{0,80}}\bverloren
        |perd(?:u|ió|eu)\b[^.;]{{0,30}}(?:contrat|appel|contrato|licita|demanda|juicio)|débouté
        |ha\sperso\b[^.;]{{0,30}}(?:gara|contratto|causa)|verloor\b[^.;]{{0,30}}(?:opdracht|order|zaak))
        |(?:受注|落札|契約)(?:に|には)?(?:至ら|できな)|失注|敗訴|未中标|落选|败诉|수주에\s실패|패소""",
    ),
    (
        Status.ENDED,
        rf"""\b(?:(?:{_STOP})\s(?:(?!after|when|as|amid|since)\S+\s){{0,6}}?{_DEAL}|{_DEAL}\b[^;]{{0,80}}?\b(?:was|were|has|have|had|is|are)
         \s(?:\w+\s)?(?:been\s)?(?:\w+\s)?(?:{_STOP}|collapsed|failed|fallen|broken)\b
        |{_DEAL}\s(?:between\s)?[^.;]{{0,60}}?\b(?:collapse[sd]?|fails?|failed|fell\sthrough|falls?\sthrough|fell\sapart|broke\sdown)
        |(?:stop(?:s|ped|ping)?|quit|ceas(?:es?|ed|ing))\s(?:negotiat\w+|talking)\b
        |{_DEAL}\b[^.;]{{0,80}}\b(?:is|are|was|were)\s(?:now\s)?off\b(?!\s\w)
        |(?:come|came|comes)\sto\san\s(?:\w+\s)?end|call(?:s|ed)?\soff|(?:deal|talks|merger|plan|sale|bid)\s(?:is|was|are|were|now)\s(?:now\s)?off\b
        |(?<!not\s)(?<!cannot\s)(?:pull(?:s|ed|ing)?|back(?:s|ed|ing)?)\sout\b|withdraw(?:s|al|n|ing)?\b[^.;]{{0,40}}\b(?:the|its|a)\b[^.;]{{0,30}}?\b{_DEAL}
        |\b(?:block(?:s|ed)|prohibit(?:s|ed)|veto(?:es|ed))\b[^.;]{{0,60}}\b{_DEAL}|put(?:s|ting)?\son\s(?:hold|ice)\b|lehn(?:t|te|en|ten)\b[^.;]{{0,110}}\bab\b|no\slonger\s(?:interested|pursu\w+|in\stalks|plan\w*|seek\w*|consider\w*|wants?)\b|retir(?:a|ó|e|é|ado)\b[^.;]{{0,30}}\b(?:oferta|opa|offre|offerta)\b|(?:untersag(?:t|te|ten)|verb(?:ietet|ot|oten))\b[^.;]{{0,60}}\b(?:übernahme|fusion|kauf|verkauf|zusammenschluss)|(?:interdi[tr]\w*|bloqu\w+|vet(?:a|ó)|blocca\w*|prohíbe|prohibió)\b[^.;]{{0,40}}\b(?:rachat|fusion|acquisition|compra|fusión|adquisición|acquisizione|fusione|venta|vente)\b|{_DEAL}\b[^.;]{{0,60}}\b(?:was|were|been)\sblocked|walk(?:s|ed)?\saway|drop(?:s|ped)?\sout|turn(?:s|ed)?\s(?:\S+\s){{0,4}}down
        |(?<!hard\sto\s)(?:scrapp|cancel|abandon|shelv|terminat)\w*+(?!\s(?:fees?|penalt|polic|rights?|clause))|scraps\s(?:the|its|an?|plans?|deals?|talks|[\ue000-\uf8ff])
        |br(?:echen|icht|ach|achen)\b[^.;]{{0,90}}\bab\b|beende(?:t|n|te|ten)|geplatzt|gescheitert|abgesagt|abgebrochen|aufgekündigt|gekündigt|storniert
        |ont\séchoué|échec\sd|ne\sse\spoursui\w+\spas|ne\s(?:présent|relèv|déposer)\w+\spas\sd'offre|jett?e\sl'éponge|zieht\b[^.;]{{0,60}}\szurück|scheitert|se\srompen|fracas(?:a|ó|an)
        |a\srenoncé|renonce|abandonn(?:e|é)|rompu|résili(?:e|é)|annul(?:e|é)
        |(?:pus(?:o|ieron)|puesto|pone[n]?)\sfin\sa|da(?:n|do|r)?\spor\sterminad\w+|canceló|cancela(?:do|da)?|rompió|desistió|abandonó|rescindió
        |desistiu|cancelou|rompeu|abandonou
        |salta(?:ta|to)?\b|fallit[aoi]|annulla(?:to|ta)|rinuncia(?:to)?|interrott[aoi]
        |geschrapt|afgeblazen|beëindigd|afgeketst|stopgezet|stukgelopen)
        |打ち切|中止|撤回|白紙|破談|終了|终止|取消|告吹|放弃|终结|중단|결렬|철회|무산|취소|해지""",
    ),
    (
        Status.WON,
        r"""\b(?:(?<!a\s)w(?:in|ins|on|inning)\b(?!\smillion|'t)|award(?:s|ed)?\b|selected|chose|chosen|picked|beat(?:s|ing|en)?
        |outbid|receiv(?:es|ed)\s(?:\S+\s){1,4}?orders?\b|order(?:s|ed)\s(?:[^.;]{0,40}\s)?to\spay|must\spay|(?:is|was|are|were)\srequired\sto\spay|verdict\b[^.;]{0,60}\bto\spay
        |gewinnt|gewann|gewonnen|(?:erhält|erhielt|bekommt|bekam)\b[^.;]{0,60}(?:auftrag|zuschlag)|zuschlag|an\sland\s(?:gezogen|ziehen)|zieht\b[^.;]{0,60}\san\sland|ergattert\w*
        |auftr[aä]g\w*\b[^.;]{0,80}\b(?:gesichert|erhalten)\b
        |remport(?:e|é)|décroch(?:e|é)|gan(?:a|ó)\s|adjudic\w+|venceu|ganhou|vince\s|vinto|aggiudica\w*
        |wint|gewonnen|gegund)\b|受注|落札|勝訴|中标|胜诉|수주|낙찰|승소""",
    ),
    (
        Status.RUMOURED,
        rf"""\b(?:rumou?r\w*|(?:may|might|could)\s(?:soon\s|also\s|still\s|be\s)?(?:{_VERB}|(?:buy|acquir|sell|rais|mak|bid|plann|tak)ing)\b|consider(?:s|ing|ed)?|weigh(?:s|ing)
        |explor(?:es?|ing)|reports?\sof\san?\s|(?:may|might|could)\sfetch|(?:may|might|could)\s(?:\w+\s){{0,2}}?(?:make|launch|submit|table)\s(?:an?|its)\s(?:\w+\s){{0,3}}?(?:bid|offer|approach|investment|proposal)|(?:may|might|could)\sbe\s(?:acquired|merged|awarded|taken|sold|bought)\b|evaluat(?:es|ing)|potential\s(?:sale|bid|deal|takeover|merger)|mull(?:s|ing)|ey(?:es|eing)|reportedly(?!\s(?:agreed|signed|reached|struck|in\s(?:\w+\s){{0,2}}(?:talks|discussions|negotiations)))|(?:(?:is|are)\s|(?<=[\ue000-\uefff]\s))said\sto(?!\s(?:have|be\sin\stalks))|said\sto\sbe|hypothetical(?:ly)?
        |(?<!over\s)whether|possible\s(?:{_DEAL})|(?<!after\s)(?<!of\s)speculat\w+|could\slead\sto|study(?:ing)\s(?:a|the)|(?:wants?|looking)\sto\s(?:\w+\s)?{_VERB}\b|interested\sin|if\s(?:it|they)\s(?:buys?|acquires?)
        |könnten?|prüf(?:t|en)|erwäg(?:t|en)|gerücht\w*|angeblich|interessiert
        |pourrai(?:t|ent)|envisag\w+|étudi(?:e|ent)|songe|rumeur
        |podría[n]?|estudia|baraja|sopesa|rumor|poderia[m]?|avalia|cogita
        |potrebbe(?:ro)?|valuta|zou(?:den)?|overweegt)\b|検討|可能性|考虑|传闻|据传|或将|검토|전해""",
    ),
    (
        Status.TALKS,
        r"""\b(?:in\s(?:\w+\s){0,2}(?:talks|discussions|negotiations)|talks\s(?:with|to|over|about|on)|talking\sto|(?:held|holding|hold|holds|having|had)\s(?:\w+\s){0,4}(?:talks|discussions|negotiations)
        |negotiat(?:es?\b|ing|ions?)|close\sto\s(?:an?\b|\w+ing\b|(?:deal|agreement)\b)
        |clos(?:es|ed|ing)\sin\son|near(?:s|ing)?\s(?:an?\s|(?:\S+\s){0,3}?(?:deal|agreement|settlement|purchase|sale|takeover|acquisition|contract|pact))|seek(?:s|ing)?\s(?:to\s(?:buy|acquire|sell|raise|merge|take|invest|lease|settle|borrow)\b|(?:\S+\s){0,3}?(?:deal|buyers?|funding|investors?|investment|loan|financing|bids?|merger|partner|stake|takeover|contract|\uf000))
        |a\spunto\sde\s(?:cerrar|comprar|vender|firmar|adquirir)|sur\sle\spoint\sd|sul\spunto\sdi|prestes\sa\s|steh(?:t|en)\s(?:kurz\s)?vor\s
        |verhandel\w+|gespräche\w*|verhandlung\w*
        |en\sdiscussions?|négoci\w+|pourparlers|negocia\w*|en\sconversaciones|em\sconversas
        |tratta\s|trattativ\w+|negozi\w+|in\sgesprek|onderhandel\w*)|交渉|協議中|洽谈|谈判|磋商|협상|논의 중""",
    ),
    (
        Status.AGREED,
        r"""\b(?:agree(?:s|d|ing)?(?:\s\w+){0,2}\s(?:to|on)\b|agree[sd]?\s(?:an?\b|the\b|\uf000|(?:deal|takeover|bid|merger|sale)\b)|agreed\.
        |(?:tentative|definitive|preliminary)\sagreement|(?:expand|extend|deepen|broaden)(?:s|ed)\b[^.;]{0,30}\b(?:partnership|agreement|collaboration|contract|deal)|arranged\sa\b|accept(?:s|ed)\b[^.;]{0,40}(?:\b(?:bid|offer|proposal|deal|buyout|takeover)\b|\uf000)|ha(?:s|ve)\sordered|confirm(?:s|ed)\s(?:an?|the|its)\b[^.;]{0,40}\b(?:order|deal|contract|purchase)|bestell(?:t|te|ten)\b|settl(?:es?(?!\sback)|ed)|settlement|renew(?:s|ed)|sign(?:s|ed|ing)?\b|ink(?:s|ed)|land(?:s|ed)\s(?:an?|the|its|\uf000)|seal(?:s|ed)\b|(?:cut|str(?:ikes?|uck)|reach(?:es|ed)?)\s(?:\S+\s){0,3}?(?:deal|agreement|pact)|
        secur(?:es|ed|ing)(?!\son)|bag(?:s|ged)\s(?:\S+\s){1,5}?(?:orders?|contracts?|deal)\b|(?:hands|handed)\s[\ue000-\uefff]|placed\s(?:\S+\s){1,4}?orders?\b|(?:deal|agreement|settlement)\b[^.;]{0,40}\breached|reach(?:es|ed)\s(?:a|an)|
        struck\s(?:a|an)|clinch(?:es|ed)|buys|acquires|takes\sover|sells
        |takes\s(?:\S+\s){0,3}stake|unterzeichn\w+|vereinbart\w*|einig(?:t|en|ten)\ssich|unterschr\w+|(?:übernimmt|kauft|erwirbt|gewährt|schließt)\b
        |fusionne|signature\sd|sign(?:e|é|ent)|rachète|acquiert|conclu[te]?\b|s'offre|cède\s|vende\s|vend\s
        |ha[n]?\s(?:firmado|acordado|suscrito|cerrado\sun|llegado\sa)|firm(?:ó|a|aron|an)\b|acord(?:ó|aron)|pactaron|firmaron|compra(?=\s\ue000|\s[\ue000-\uf8ff])|adquiere|suscribió|cerró\sun
        |fechou|assinou|adquire|acertou|siglato|firmato|firma\s|acquista|acquisisce|raggiunto
        |tekent|tekende|getekend|neemt\s|koopt|sluit)|[\ue000-\uefff]'s\s(?:\S+\s)?contracts?\swith\s[\ue000-\uefff]|締結|合意|契約した|签署|签订|达成|체결|합의했""",
    ),
    (
        Status.ANNOUNCED,
        r"""\b(?:(?:will|would|(?<!looking\s)(?<!seeking\s)to|should)\sbe\s(?:\w+\s)?(?:acquired|bought|sold|completed|merged|invested|paid)
        |was\sto\sraise)\b""",
    ),
    (
        Status.COMPLETED,
        r"""\b(?:complet(?:es|ed)|announc(?:es|ed)\s(?:the\s)?(?:\w+\s)?(?:closing|completion)\sof|clos(?:es|ed)\b(?!\s(?:at|up|down|higher|lower))|finali[sz](?:es|ed)|bought|acquired|(?:was|were|been)\staken\sprivate|
        (?:after|having)\sraising|(?<!be\s)raised(?!\s(?:its|his|the|their)\s(?:\S+\s){0,2}(?:bid|offer|stake))|
        received(?!\s(?:\S+\s){0,4}(?:offer|bid|approach|proposal))|sold|invested|provided|lent|paid|merged|purchased
        |t(?:ook|aken)\s(?:\S+\s){0,3}stake|(?:built|amass(?:es|ed)|disclos(?:es|ed)|reveal(?:s|ed)|unveil(?:s|ed))\s(?:an?|its)\s(?:\S+\s){0,3}?stake|(?:leased|rented)\s(?:out\s)?(?:an?|the|its|some|about|\d\S*)\s|(?:trimm|reduc|lower|slash|halv|increas|boost|lift|doubl|upp|rais)ed\s(?:its|their|his|a)\s(?:\S+\s){0,3}?(?:stake|holding|interest)|abgeschlossen|eingesammelt|sammelten?\b|(?:übernommen|gekauft|erworben)\sh(?:at|atte)\b|h(?:at|aben|atten?)\b[^.;]{0,140}(?:übernommen|gekauft|erworben|verkauft|investiert|erhalten|bekommen|eingenommen|gesammelt)|eingestiegen|(?:ver)?kauften?|übernahm(?:en)?|erwarb(?:en)?|(?:be)?zahlte[n]?|schluckte[n]?|erhielt(?:en)?|bekam(?:en)?|steckte[n]?
        |(?:a|ont|avoir|ayant|avait|aient)\s(?:racheté|acquis|levé|acheté|vendu|cédé|obtenu|bouclé|investi|finalisé|récolté|récupéré|repris)|finalis(?:e|é)|boucl(?:e|é|ant)|récolt(?:e|é|ant)
        |ha(?:n|bía[n]?)?\s(?:comprado|adquirido|vendido|completado|invertido|levantado|captado|recaudado|obtenido|cerrado\sla)
        |réuni|compró|adquirió|obtuvo|vendió|captó|levantó|completó|invirtió|cerró\sla
        |comprou|adquiriu|captou|vendeu|concluiu|levantou|investiu
        |ha\s(?:acquistato|acquisito|raccolto|concesso|venduto|completato|investito)
        |overgenomen|gekocht|verkocht|opgehaald|kocht)\b|買収した|完了|を受けた|調達した|完成|获得|인수했|완료|유치했|마쳤""",
    ),
    (
        Status.ANNOUNCED,
        rf"""\b(?:announc\w+|unveil\w*|will\b|would\b|plan(?:s|ned)?\sto|intends?\sto|to\s{_VERB}\b|launch\w*|
        fil(?:es|ed)\b|su(?:es|ed|ing)\b|offer(?:s|ed)?\b|bids?\b|lend(?:s|ing)?\b|invests\b|cleared|approved|green\slight|go-ahead
        |be\sacquired|investier(?:t|en)|klagt|will\s|plant|kündigt|angekündigt|leent|investeert|klaagt
        |team(?:s|ed|ing)?\sup|partner(?:s|ed|ing)\swith|join(?:s|ed|ing)?\sforces|(?:rents|leases)\sout|among\s(?:the\s)?(?:\w+\s){{0,2}}(?:bidders|suitors)|gründe(?:t|n|ten)\b|(?:form|set\sup|creat)(?:s|ed)?\s(?:an?|their)\s|s'engage|dépôt|dépos|(?:is|are|'s|'re)\s(?:buying|purchasing|acquiring|selling)\b|soll(?:en)?\b[^.;]{{0,200}}\bwerden\b|proposed|bietet|bot\b|autoris\w+|autoriza\w*|s'apprête|propos(?:e|ait|era)\b|s'apprêt|annonc\w+|va\s|investira|attaqué|anunci\w+|invertirá|demandó|vai\s|processou|annuncia\w*|investirà|kondigt)
        |発表|出資する|投資する|買収する|宣布|将|起诉|발표|투자한다|인수한다""",
    ),
)

_IN_SUITS = {
    Status.TALKS: re.compile(r"\btalks|\bclose to\b|\bnear", re.IGNORECASE),
    Status.COMPLETED: re.compile(r"\bpaid|\bcomplet", re.IGNORECASE),
}
"""A plaintiff seeks damages, and sues over what was sold: in a lawsuit these two need words of their own."""


@cache
def _compiled() -> tuple[tuple[Status, re.Pattern[str]], ...]:
    return tuple((status, re.compile(rule, re.VERBOSE)) for status, rule in _RULES)


def status_of(text: str, kind: Kind) -> Status | None:
    """``text``: one sentence, in plain characters or masked. None where it says nothing of it."""
    text = text.lower()  # much quicker than patterns that ignore case
    for status, rule in _compiled():
        if kind is Kind.LAWSUIT and status in _IN_SUITS and not _IN_SUITS[status].search(text):
            continue
        if rule.search(text):
            return _as_of(status, kind)
    return None


def _as_of(status: Status, kind: Kind) -> Status:
    """One wins a tender or a case; a lost takeover bid is an ended one."""
    if kind in (Kind.CONTRACT, Kind.LAWSUIT, Kind.DEAL):
        return status
    return {Status.LOST: Status.ENDED, Status.WON: Status.AGREED}.get(status, status)
