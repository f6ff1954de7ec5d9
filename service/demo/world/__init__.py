"""The sample world: invented outlets whose feeds and pages the demo and the tests read, on this machine only.

    outlets.yaml, stories/*.yaml --content.load_world--> World --rendering--> bytes of feeds and pages
                                                                    served by service.demo.server

README.md in this folder says how to add a story.
"""

from service.demo.world.content import FeedFormat, FeedSpec, Outlet, Story, World, WorldError, load_world

__all__ = ["FeedFormat", "FeedSpec", "Outlet", "Story", "World", "WorldError", "load_world"]
