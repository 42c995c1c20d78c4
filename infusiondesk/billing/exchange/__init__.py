"""What comes in and goes out in somebody's format: the per-diem question and the reviewed code tables."""

from infusiondesk.billing.exchange.per_diem import answer
from infusiondesk.billing.exchange.reference import shipped_reference

__all__ = ["answer", "shipped_reference"]
