"""The network side: what peers say, how it comes in, and how it goes out.

Knows ``protocol`` and never ``node``: everything it needs of its host reaches it through
``federation.ports``. The neighbourhood store (``federation.store``) holds only what can be fetched again;
``federation.ingest`` is the one way into it, for a pull, a file and our own lines alike.
"""
