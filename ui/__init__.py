"""The pages people use: server-drawn HTML and plain forms; every task works with JavaScript off.

``routes`` is the whole map of addresses, ``views`` has one file a page, ``forms`` what a page accepts, ``contexts``
what a template is given. Pages speak the group's words, never the code's (``tests/unit/ui/test_words.py``).
"""
