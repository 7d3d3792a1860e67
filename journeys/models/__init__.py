from journeys.models.journey import Journey, JourneyPersona, JourneyVersion, JourneyVersionEnd, Persona
from journeys.models.run import Passage, Run
from journeys.models.stage import ExpectedTouchpoint, Stage

__all__ = [
    "ExpectedTouchpoint",
    "Journey",
    "JourneyPersona",
    "JourneyVersion",
    "JourneyVersionEnd",
    "Passage",
    "Persona",
    "Run",
    "Stage",
]
