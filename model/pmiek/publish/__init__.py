"""Site, documents, exchange, disclosure."""
