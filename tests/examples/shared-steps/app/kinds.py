"""Words that the service and its database share."""

from enum import Enum


class Side(Enum):
    BACK = "back"
    LAY = "lay"
