"""The steps of the main job. Each is: load -> network -> decide, purely -> one short write.

    poll.py      a due source    -> its feed's new items become articles that are due to be read
    push.py      a pushed body   -> the same, or a poll at once
    subscribe.py a due request   -> a hub that pushes a source, or is asked again later
    read.py      a due article   -> text, mentions, story, alerts and deliveries, in one transaction
    deliver.py   a due delivery  -> sent, to be tried again, or in the dead letter

A step records every expected outcome itself, through one exit that also writes its one log line.
"""
