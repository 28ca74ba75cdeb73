"""Page words for codes, and what goes out put into words. Every text is a msgid."""
