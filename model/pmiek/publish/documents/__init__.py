"""Word documents that people go on writing in: fiches, the draft programme, differences between editions."""
