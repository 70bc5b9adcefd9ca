"""What each measure is: items, answer values, scoring, bands, missing items, safety item, licence and citation.

Facts from the published rules, and no wording: that comes from the official form (`content.measures.wording`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PFIZER = "Developed with an educational grant from Pfizer Inc. No permission is needed to use it, and it costs nothing."
VA = "A measure of the US Department of Veterans Affairs, National Center for PTSD. It is in the public domain."


@dataclass(frozen=True, kw_only=True)
class Definition:
    """One measure. Every item has the same answer values, 0 to `highest`; items are counted from 1.

    `missing_allowed` is how many answers may be missing for a total that is then prorated. `unscored` is how many
    further items the official form may have, which count for nothing.
    """

    key: str
    name: str
    minutes: int
    items: int
    highest: int
    missing_allowed: int
    bands: tuple[tuple[int, int, str], ...]
    subscales: tuple[tuple[str, int, int], ...] = ()
    safety_item: int | None = None
    unscored: int = 0
    licence: str
    citation: str

    @property
    def maximum(self) -> int:
        return self.items * self.highest

    def item_id(self, number: int) -> str:
        return f"item{number}"

    def scoring(self) -> dict[str, Any]:
        """How the total is made, as a schema has it."""
        ids = [self.item_id(number) for number in range(1, self.items + 1)]
        scored: dict[str, Any] = {"rule": "sum", "prompts": ids, "maximum": self.maximum}
        scored["missing"] = {"allowed": self.missing_allowed}
        scored["bands"] = [{"from": low, "to": high, "label": label} for low, high, label in self.bands]
        if self.subscales:
            scored["subscales"] = [
                {"label": label, "prompts": ids[first - 1 : last]} for label, first, last in self.subscales
            ]
        return scored

    def safety(self) -> list[dict[str, Any]]:
        """An answer above zero to the safety item is acted on."""
        return [{"prompt": self.item_id(self.safety_item), "at_least": 1}] if self.safety_item else []


PHQ_9 = Definition(
    key="phq-9",
    name="PHQ-9",
    minutes=3,
    items=9,
    highest=3,
    missing_allowed=2,
    bands=(
        (0, 4, "minimal"),
        (5, 9, "mild"),
        (10, 14, "moderate"),
        (15, 19, "moderately severe"),
        (20, 27, "severe"),
    ),
    safety_item=9,
    unscored=1,
    licence=PFIZER,
    citation=(
        "Kroenke K, Spitzer RL, Williams JBW. The PHQ-9: validity of a brief depression severity measure. "
        "J Gen Intern Med 2001;16:606–613."
    ),
)
GAD_7 = Definition(
    key="gad-7",
    name="GAD-7",
    minutes=2,
    items=7,
    highest=3,
    missing_allowed=1,
    bands=((0, 4, "minimal"), (5, 9, "mild"), (10, 14, "moderate"), (15, 21, "severe")),
    unscored=1,
    licence=PFIZER,
    citation=(
        "Spitzer RL, Kroenke K, Williams JBW, Löwe B. A brief measure for assessing generalized anxiety disorder: "
        "the GAD-7. Arch Intern Med 2006;166:1092–1097."
    ),
)
# No rule for missing items is published with the PCL-5, so nothing is guessed: one missing answer, no total.
# 31 to 33 is the provisional cut-point that the National Center for PTSD names; it publishes no further bands.
PCL_5 = Definition(
    key="pcl-5",
    name="PCL-5",
    minutes=8,
    items=20,
    highest=4,
    missing_allowed=0,
    bands=(
        (0, 30, "below the provisional cut-point"),
        (31, 33, "at the provisional cut-point"),
        (34, 80, "above the provisional cut-point"),
    ),
    subscales=(
        ("Cluster B, intrusion", 1, 5),
        ("Cluster C, avoidance", 6, 7),
        ("Cluster D, thoughts and mood", 8, 14),
        ("Cluster E, arousal", 15, 20),
    ),
    licence=VA,
    citation=(
        "Weathers FW, Litz BT, Keane TM, Palmieri PA, Marx BP, Schnurr PP. The PTSD Checklist for DSM-5 (PCL-5). "
        "National Center for PTSD, 2013."
    ),
)
DEFINITIONS: Mapping[str, Definition] = {measure.key: measure for measure in (PHQ_9, GAD_7, PCL_5)}
