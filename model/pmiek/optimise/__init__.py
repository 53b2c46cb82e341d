"""Solve and diagnosis, expansion, operation, market."""
