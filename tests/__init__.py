"""Tests, simulated portals and the demo."""
