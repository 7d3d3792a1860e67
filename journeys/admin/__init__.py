from journeys.admin.journey import JourneyAdmin, JourneyVersionAdmin, PersonaAdmin
from journeys.admin.run import PassageAdmin, RunAdmin
from journeys.admin.stage import ExpectedTouchpointAdmin, StageAdmin

__all__ = [
    "ExpectedTouchpointAdmin",
    "JourneyAdmin",
    "JourneyVersionAdmin",
    "PassageAdmin",
    "PersonaAdmin",
    "RunAdmin",
    "StageAdmin",
]
