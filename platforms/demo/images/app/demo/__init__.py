"""The parts of the demo platform that are written in Python: api, agent and model."""
