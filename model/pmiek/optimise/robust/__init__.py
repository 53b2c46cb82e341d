"""Which choices hold in every future: what one storyline decides, tried in the others, and plans made for all.

Every problem here is the linear problem of the pathway (:mod:`pmiek.optimise.solve`) as sparse arrays, so that
decisions can be held, futures stacked and budgets added without writing the problem again.
"""
