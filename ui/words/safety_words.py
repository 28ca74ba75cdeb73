"""Words of the pages about safety checks."""

from collections.abc import Mapping

from node.domain.safety import visits
from node.errors import N_

MINUTES = visits.MINUTES
"""How long somebody may say that they will be."""

DECISION: Mapping[str, str] = {
    "cleared": N_("Fine"),
    "not_cleared": N_("Not enough, or taken back"),
}

CHECK_ASKED: Mapping[str, str] = {
    "none": N_("No check"),
    "met": N_("We have met them"),
    "id": N_("We saw who they are"),
    "criminal_record": N_("Police record seen"),
}

GOING: Mapping[str, str] = {
    "alone": N_("Alone is fine"),
    "timer": N_("Alone with a clock"),
    "pair": N_("Two together"),
}

INCIDENT: Mapping[str, str] = {
    "hurt": N_("Somebody was hurt"),
    "threat": N_("Somebody was threatened or frightened"),
    "child": N_("A child may not be safe"),
    "money": N_("Money or things are missing"),
    "crossed": N_("A line was crossed"),
    "place": N_("A place is not safe"),
    "told": N_("Something was told that should not have been"),
    "other": N_("Something else"),
}

TELLER: Mapping[str, str] = {
    "asker": N_("somebody who asked for help"),
    "helper": N_("a volunteer"),
}

LOOK_RULE: Mapping[str, str] = {
    "many": N_("Looked at very many people"),
    "night": N_("Looked at night, between eleven and six"),
    "same_name": N_("Looked at somebody with the same family name"),
    "same_street": N_("Looked at somebody of their own street"),
    "no_task": N_("Looked at people for whom they did nothing that week"),
}
