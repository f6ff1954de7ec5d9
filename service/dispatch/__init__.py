"""Running claimed jobs: a lane a kind of work, each with its own room.

tick -> Lane.kick() -> claim what is due, as much as there is room for -> run each job in a task of its own
                                 ^----------------- a finished job frees its place and kicks again
"""

from service.dispatch.lane import Lane

__all__ = ["Lane"]
