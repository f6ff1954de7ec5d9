"""How an alert stands, in a word and a colour. Pure."""

from dataclasses import dataclass

from service.store.lines import Line

__all__ = ["Standing", "standing"]


@dataclass(frozen=True, slots=True)
class Standing:
    """``state`` is a class of the style sheet, ``words`` what is said."""

    state: str
    words: str


def standing(alert: Line) -> Standing:
    """What held it back, or what a person said of it last."""
    if alert["silenced_by"]:
        return Standing("suppressed", "muted by a silence")
    if alert["inhibited_by"]:
        return Standing("suppressed", "held back by another alert")
    if alert["state"] == "acknowledged":
        return Standing("sent", f"seen by {alert['acknowledged_by']}" if alert["acknowledged_by"] else "seen")
    return Standing({"resolved": "sent", "snoozed": "pending"}.get(alert["state"], "new"), str(alert["state"]))
