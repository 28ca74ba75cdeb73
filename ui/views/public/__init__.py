"""For anybody: the front page, asking, offering, what is near, languages, feeds."""
