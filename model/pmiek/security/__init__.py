"""Sensitivities, N-1, screening of all hours, AC, medium and low voltage."""
