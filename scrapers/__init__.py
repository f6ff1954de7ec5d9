"""The outside world -> plain values. Knows nothing of the service or its database.

    address --> http.WebClient ---------------------> Fetched | Unchanged | FetchError
                  |-- guard     may this address be reached?
                  |-- hosts     not too often, not too many at once
                  |-- transport one connection, errors named
                  '-- decoding  gzip and deflate within the cap

    Fetched --> workers.ParserPool (processes that can be killed)
                  |-- feed      documents, jsonfeed, entries, sniffing  --> Feed of FeedEntry | ParseError
                  |               passing, slicing, scan: without known items; interpreter: feedparser
                  '-- article   documents, page                         --> ArticleText       | ParseError

    page    --> discovery.find_feeds --> FeedLink         OPML <--> opml.read_opml, write_opml
    address --> robots.RobotsCache   --> may it be fetched, or when to ask again

``text`` makes every text plain before it leaves. ``types`` and ``errors`` are the contracts with the rest.
"""
