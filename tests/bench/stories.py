"""The stories that the benchmark's pages tell, and the words of a site around them, in the story's language."""

from dataclasses import dataclass
from pathlib import Path

__all__ = ["CHROME", "Chrome", "Story", "read_stories"]

_FILE = Path(__file__).resolve().parent.parent / "data" / "extraction" / "stories.txt"


@dataclass(frozen=True)
class Story:
    language: str
    title: str
    author: str
    lead: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Chrome:
    """What stands around an article. ``teasers``: title and text of other articles."""

    menu: tuple[str, ...]
    related: str
    read_also: str
    most_read: str
    share: tuple[str, ...]
    newsletter: str
    cookies: tuple[str, ...]
    buttons: tuple[str, str]
    comments: tuple[str, ...]
    legal: str
    bio: str
    teasers: tuple[tuple[str, str], ...]


def read_stories() -> tuple[Story, ...]:
    stories = []
    for block in _FILE.read_text(encoding="utf-8").split("##\n"):
        head, lead, *paragraphs = block.strip().split("\n")
        language, title, author = head.split(" | ")
        stories.append(Story(language, title, author, lead, tuple(paragraphs)))
    return tuple(stories)


_ENGLISH = Chrome(
    ("Home", "Markets", "Technology", "Opinion", "Video", "Log in"),
    "Related stories",
    "Read also:",
    "Most read",
    ("Share on Facebook", "Share on LinkedIn", "Copy link", "Print"),
    "Get the morning briefing. Our editors pick the five stories that matter and send them to you before breakfast.",
    (
        "We and our 812 partners store information on your device and use it to show you advertising that fits you.",
        "You may change your mind at any time in the settings. Some partners rely on their legitimate interest, which "
        "you can object to one by one in the list of partners.",
    ),
    ("Accept all", "Manage options"),
    (
        "My cousin worked at that place and he says that none of this is true, they were all sent home in March.",
        "Why is nobody talking about what Nvidia did last year? It was exactly the same story and nobody cared.",
        "First! Also, great article, I have been reading this site since the days of the modem.",
    ),
    "© The Example Courier. All rights reserved. No part of this site may be copied without the written consent of "
    "the publisher.",
    "has covered data centres and the people who live next to them for nine years. Before that she wrote about trains.",
    (
        ("Nvidia opens a school for welders", "The chip maker needs people who can join pipes, and trains them now."),
        ("Dell recalls a batch of batteries", "Owners of two older notebooks should look at the serial number."),
        ("How to read a power bill", "Our guide explains each line of it, and the one that you may contest."),
        ("Intel names a new head of factories", "He comes from a company that makes glass and has built six plants."),
    ),
)
_GERMAN = Chrome(
    ("Startseite", "Wirtschaft", "Technik", "Meinung", "Videos", "Anmelden"),
    "Mehr zum Thema",
    "Lesen Sie auch:",
    "Meistgelesen",
    ("Teilen", "Tweeten", "Link kopieren", "Drucken"),
    "Der Morgen in fünf Minuten: Unser Newsletter bringt Ihnen die wichtigsten Nachrichten vor dem ersten Kaffee.",
    (
        "Wir und unsere 812 Partner speichern Informationen auf Ihrem Gerät, um Ihnen passende Werbung zu zeigen.",
        "Sie können Ihre Einwilligung jederzeit in den Einstellungen widerrufen. Einzelne Partner berufen sich auf ein "
        "berechtigtes Interesse, dem Sie in der Liste der Partner widersprechen können.",
    ),
    ("Alle akzeptieren", "Einstellungen"),
    (
        "Das haben wir vor zehn Jahren schon gesagt, aber damals wollte es bei der Stadt ja niemand hören.",
        "Wer soll das alles bezahlen? Am Ende wieder wir, so wie damals bei Infineon.",
    ),
    "© Beispiel-Bote. Alle Rechte vorbehalten. Nachdruck nur mit schriftlicher Genehmigung des Verlags.",
    "berichtet seit neun Jahren über Rechenzentren und ihre Nachbarn. Davor schrieb sie über Eisenbahnen.",
    (
        ("Siemens baut Werk für Schalter aus", "Der Konzern stellt hundert Leute ein und sucht noch einen Standort."),
        ("SAP verschiebt Umzug nach Norden", "Das neue Haus wird frühestens im kommenden Jahr fertig."),
        ("So lesen Sie Ihre Stromrechnung", "Unser Ratgeber erklärt jede Zeile und die eine, die strittig ist."),
    ),
)
_JAPANESE = Chrome(
    ("ホーム", "経済", "技術", "社説", "動画", "ログイン"),
    "関連記事",
    "あわせて読みたい：",
    "アクセスランキング",
    ("シェアする", "ツイート", "リンクをコピー", "印刷"),
    "朝の五分でわかるニュースレター。編集部が選んだ五本の記事を、毎朝六時にお届けします。",
    (
        "当社と812社の提携先は、お客様の端末に情報を保存し、関心に合った広告を表示するために利用します。",
        "同意は設定画面からいつでも取り消すことができます。提携先の一覧から個別に拒否することもできます。",
    ),
    ("すべて同意する", "設定を管理"),
    (
        "十年前にも同じ話を聞いた気がします。今度こそ本当に動くのでしょうか。",
        "エヌビディアの時も同じことを言っていましたよね。",
    ),
    "© 例新聞社 無断転載を禁じます。記事・写真の著作権は例新聞社に帰属します。",
    "は九年にわたりデータセンターと地域を取材している。以前は鉄道を担当した。",
    (
        ("富士通、部品の共同購入を拡大", "地方の工場三か所で来月から始める。"),
        ("エヌビディアが溶接の学校を開く", "配管をつなぐ人材が足りないため、自ら育てる。"),
        ("電気料金の明細の読み方", "一行ずつ解説し、確認すべき点をまとめた。"),
    ),
)
_FRENCH = Chrome(
    ("Accueil", "Économie", "Technologies", "Débats", "Vidéos", "Connexion"),
    "Sur le même sujet",
    "Lire aussi :",
    "Les plus lus",
    ("Partager", "Tweeter", "Copier le lien", "Imprimer"),
    "Chaque matin, la rédaction choisit cinq articles et vous les envoie avant le premier café.",
    (
        "Nous et nos 812 partenaires stockons des informations sur votre appareil afin d'afficher des publicités.",
        "Vous pouvez retirer votre consentement à tout moment dans les réglages, ou vous opposer à chaque partenaire.",
    ),
    ("Tout accepter", "Paramétrer"),
    ("On nous avait promis la même chose pour la gare, et on attend toujours.", "Et Thales, personne n'en parle ?"),
    "© Le Courrier d'Exemple. Tous droits réservés. Reproduction interdite sans l'accord écrit de l'éditeur.",
    "suit les centres de données et leurs voisins depuis neuf ans. Elle écrivait auparavant sur les trains.",
    (
        ("Thales ouvre une école de soudure", "Le groupe manque de bras pour assembler les tuyaux et forme lui-même."),
        ("Atos repousse son déménagement", "Le nouveau siège ne sera pas prêt avant l'an prochain."),
        ("Comment lire sa facture d'électricité", "Notre guide explique chaque ligne, et celle qui se conteste."),
    ),
)
_SPANISH = Chrome(
    ("Portada", "Economía", "Tecnología", "Opinión", "Vídeos", "Entrar"),
    "Noticias relacionadas",
    "Lea también:",
    "Lo más leído",
    ("Compartir", "Tuitear", "Copiar enlace", "Imprimir"),
    "Cada mañana la redacción elige cinco noticias y se las envía antes del primer café.",
    (
        "Nosotros y nuestros 812 socios guardamos información en su dispositivo para mostrarle publicidad adecuada.",
        "Puede retirar su consentimiento en cualquier momento en los ajustes u oponerse a cada socio de la lista.",
    ),
    ("Aceptar todo", "Configurar"),
    ("Lo mismo prometieron con el mercado y ahí sigue cerrado.", "¿Y de Telefónica por qué no dice nadie nada?"),
    "© El Correo de Ejemplo. Todos los derechos reservados. Prohibida la reproducción sin permiso del editor.",
    "escribe sobre centros de datos y sus vecinos desde hace nueve años. Antes escribía sobre trenes.",
    (
        ("Telefónica abre una escuela de soldadores", "Faltan manos para unir tuberías y la empresa las forma."),
        ("Indra aplaza su mudanza al norte", "La nueva sede no estará lista hasta el próximo año."),
        ("Cómo leer la factura de la luz", "Nuestra guía explica cada línea y la que se puede discutir."),
    ),
)
CHROME = {"en": _ENGLISH, "de": _GERMAN, "ja": _JAPANESE, "fr": _FRENCH, "es": _SPANISH}
