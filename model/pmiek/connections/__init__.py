"""Who hangs where: demand, supply, service areas."""
