"""A simulated county of fifty organs over the report years 2008 to 2025, in all forms."""
