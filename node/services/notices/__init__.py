"""What people are told by themselves: found from the rows, kept as rows, sent by mail, text or notification.

For other rooms and pages, all on ``notices.Notices``:

* ``choices(person)`` and ``choose(actor, person, ...)``: what somebody wants to be told, how and when;
* ``sign_in_link(person, url)``: sends somebody a link that she asked for to come in;
* ``by_link``, ``choose_by_link``, ``out_by_link``: the same by the link at the foot of every message, ``/n/<token>``;
* ``push``: notifications on her own devices, turned on and off there.

``find`` and ``deliver`` are the jobs. ``ARCHITECTURE.md``, "The way of a notice", says how they hang together.
"""
