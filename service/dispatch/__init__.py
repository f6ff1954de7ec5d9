"""Running claimed jobs: a lane a kind of work, each with its own room.

tick -> Lane.kick() -> claim what is due, as much as there is room for -> run each job in a task of its own
                                 ^----------------- a finished job frees its place and kicks again
due times of the next second -> gusts() -> Lane.kick() at each
tick -> Pulse.beat(): do ticks run, and do lanes get an answer when they look?
"""

from service.dispatch.ahead import gusts
from service.dispatch.lane import Lane
from service.dispatch.pulse import STALE_SECONDS, Pulse
from service.dispatch.works import Works

__all__ = ["STALE_SECONDS", "Lane", "Pulse", "Works", "gusts"]
