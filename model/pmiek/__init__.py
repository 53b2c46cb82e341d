"""pmiek: from municipal energy demand to a traceable list of infrastructure projects."""

__version__ = "0.1.0"
