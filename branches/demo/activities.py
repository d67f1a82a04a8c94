"""All demo activities of the eight branches."""

from __future__ import annotations

from branches.demo.activities_headquarters import HEADQUARTERS, RESCUE
from branches.demo.activities_north_slope import NORTH_SLOPE
from branches.demo.activities_plants import POWER_PLANT, WASHING_PLANT
from branches.demo.activities_qingshiliang import COAL_FACE, HEADING
from branches.demo.activities_transport import TRANSPORT
from branches.demo.texts import ActivityText

ACTIVITIES: tuple[ActivityText, ...] = (
    *HEADQUARTERS,
    *COAL_FACE,
    *HEADING,
    *TRANSPORT,
    *NORTH_SLOPE,
    *WASHING_PLANT,
    *POWER_PLANT,
    *RESCUE,
)
