from journeys.models.journey import Journey, JourneyVersion, Persona
from journeys.models.run import Passage, Run
from journeys.models.stage import ExpectedTouchpoint, Stage

__all__ = ["ExpectedTouchpoint", "Journey", "JourneyVersion", "Passage", "Persona", "Run", "Stage"]
