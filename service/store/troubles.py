"""What watch-keeping rules found wrong, between two looks. It changes in the transaction that makes the alert."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.keeping import Trouble
from service.domain.keeping.finding import finding_of
from service.store.tables import AlertRow, TroubleRow

__all__ = ["forget_others", "keep", "kept", "open_subjects", "over"]


async def kept(session: AsyncSession, rule: str) -> list[Trouble]:
    """A rule's, with what people said of the alerts about them: a resolved one counts as acknowledged."""
    found = (
        select(TroubleRow, AlertRow)
        .outerjoin(AlertRow, col(AlertRow.id) == col(TroubleRow.alert_id))
        .where(col(TroubleRow.rule) == rule)
        .order_by(col(TroubleRow.id))
    )
    return [_trouble(row, alert) for row, alert in (await session.execute(found)).all()]


async def open_subjects(session: AsyncSession) -> dict[str, set[str]]:
    """Rule -> subjects."""
    found: dict[str, set[str]] = {}
    for rule, subject in await session.execute(select(col(TroubleRow.rule), col(TroubleRow.subject))):
        found.setdefault(rule, set()).add(subject)
    return found


async def keep(
    session: AsyncSession, rule: str, wanted: Sequence[Trouble], forget: Sequence[str], told: Mapping[str, str]
) -> None:
    """Write what stays and take out what is over. ``told``: subject -> the alert that tells it now."""
    if forget:
        gone = delete(TroubleRow).where(col(TroubleRow.rule) == rule, col(TroubleRow.subject).in_(forget))
        await session.execute(gone)
    rows = (await session.execute(select(TroubleRow).where(col(TroubleRow.rule) == rule))).scalars()
    there = {row.subject: row for row in rows}
    for trouble in wanted:
        subject = trouble.finding.subject
        row = there.get(subject)
        if row is None:
            row = TroubleRow(rule=rule, subject=subject, opened_at=trouble.opened, due_at=trouble.due)
            session.add(row)
        row.finding = trouble.finding.as_object()
        row.due_at, row.why, row.cleared_at = trouble.due, trouble.why, trouble.cleared
        row.told_at, row.told_level, row.times = trouble.told, trouble.told_level, trouble.times
        row.alert_id = told.get(subject, row.alert_id)
    await session.flush()


async def over(session: AsyncSession, alerts: Sequence[str], now: datetime) -> None:
    """Resolve alerts of which nothing is open any more."""
    still = select(col(TroubleRow.alert_id)).where(col(TroubleRow.alert_id).in_(alerts))
    await session.execute(
        update(AlertRow)
        .where(col(AlertRow.id).in_(alerts), col(AlertRow.resolved_at).is_(None), col(AlertRow.id).not_in(still))
        .values(resolved_at=now)
    )


async def forget_others(session: AsyncSession, rules: Sequence[str]) -> None:
    """Those of rules that are switched off or gone."""
    await session.execute(delete(TroubleRow).where(col(TroubleRow.rule).not_in(rules)))


def _trouble(row: TroubleRow, alert: AlertRow | None) -> Trouble:
    return Trouble(
        finding=finding_of(row.finding),
        opened=row.opened_at,
        due=row.due_at,
        why=row.why,
        cleared=row.cleared_at,
        told=row.told_at,
        told_level=row.told_level,
        times=row.times,
        alert=row.alert_id,
        acknowledged=alert is not None and (alert.acknowledged_at is not None or alert.resolved_at is not None),
        snoozed_until=alert.snoozed_until if alert is not None else None,
    )
