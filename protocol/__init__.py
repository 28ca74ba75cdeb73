"""The protocol, pure: bytes in, values out. No clock, no files, no network.

:mod:`~protocol.codec` reads and writes signed lines, :mod:`~protocol.register` and :mod:`~protocol.head`
decide what they mean together, :mod:`~protocol.bundle` carries them. The specification for other
implementers is docs/protocol.md; the schemas and test vectors are in the ``schemas`` package.
"""
