"""Words about messages to people. Every text is a msgid."""

from collections.abc import Callable, Mapping

from node.errors import N_

KIND: Mapping[str, str] = {
    "urgent": N_("Wanted today"),
    "digest": N_("What else fits, once a day"),
    "asked": N_("Asked for one request"),
    "confirmed": N_("Confirmed"),
    "called_off": N_("Called off"),
    "stale": N_("Nothing heard, and it ends tomorrow"),
    "returned": N_("Ended, because nothing was heard"),
    "moved": N_("Another day, time or place"),
    "held": N_("Not to go yet"),
    "reminder": N_("A reminder for tomorrow"),
    "wrote": N_("A coordinator wrote"),
    "found": N_("To whoever asked: somebody was found"),
    "looking": N_("To whoever asked: we look again"),
    "new_day": N_("To whoever asked: the day"),
    "ended": N_("To whoever asked: we do not go on with it"),
    "how": N_("To whoever asked: how did it go?"),
    "sign_in": N_("A link to come in"),
    "reply": N_("An answer to a text"),
    "chat_code": N_("Digits for an address in the chat"),
}

SAY: Mapping[str, str] = {
    "asked": N_("“We would like to ask you for this: %(what)s. Can you do it?”"),
    "confirmed": N_("“It is yours, thank you: %(what)s. I tell you where, and how to reach them.”"),
    "called_off": N_("“You need not go: %(what)s. Thank you for being ready!”"),
    "returned": N_("“We heard nothing from you about this: %(what)s. Have you been there?”"),
    "held": N_("“Please do not go yet: %(what)s. Let us talk about it first.”"),
    "stale": N_(
        "“Nobody has told us how this stands: %(what)s. Are you still going to do it, or is it done?”"
    ),
    "moved": N_("“It is on another day or at another time now: %(what)s. Can you still come?”"),
}
"""What to say on the telephone: the kind of a message -> one sentence."""
SAY_MOVED: Mapping[str, str] = {
    "where": N_("“It is at another place now: %(what)s. I tell you where. Can you still come?”"),
    "both": N_(
        "“It is at another time and at another place now: %(what)s. I tell you where. Can you still come?”"
    ),
}
"""The same of what moved, where that is not the day or the time alone."""

STATE: Mapping[str, str] = {
    "waiting": N_("Waiting"),
    "failed": N_("Did not arrive"),
    "given_up": N_("Too late to send"),
}

TLS: Mapping[str, str] = {
    "starttls": N_("STARTTLS (usual, port 587)"),
    "tls": N_("TLS from the start (port 465)"),
    "none": N_("No encryption: the mail server is on this very machine (port 25)"),
}

WAY: Mapping[str, str] = {
    "email": N_("By e-mail"),
    "text": N_("By text message"),
    "push": N_("By notification on my phone or computer"),
    "chat": N_("By message in the chat where I am"),
    "phone": N_("Not by messages: ring me"),
}

TOLD_BY: Mapping[str, str] = {
    "phone": N_("Ring me"),
    "email": N_("By e-mail"),
    "text": N_("By text message"),
}
"""How somebody who asks wants to hear how far it is: codes of ``ContactBy``."""

STAGE: Mapping[str, str] = {
    "connect": N_("The mail server did not answer. Look at its name, the port and the encryption."),
    "sign_in": N_("The mail server did not accept the user name or the password."),
    "sender": N_("The mail server does not let us send from this address."),
    "recipient": N_("There is no mailbox with this address, or it takes nothing. Ask for another one."),
    "content": N_("The mail server would not take this message."),
}
"""What an answer was about -> what it means and what to do."""

GATEWAY_STAGE: Mapping[str, str] = {
    "connect": N_("The gateway did not answer, or not as one. Look at its address."),
    "sign_in": N_("The gateway did not accept our key."),
    "recipient": N_("No text can be sent to this number. Ask for another one."),
    "content": N_("The gateway would not take this text."),
}
"""The same of a gateway for texts."""
PUSH_STAGE: Mapping[str, str] = {
    "recipient": N_("None of their devices shows our notifications any more. Ring them."),
    "content": N_("The service that brings notifications would not take this one."),
}
"""The same of the services that bring notifications."""
CHAT_STAGE: Mapping[str, str] = {
    "connect": N_("The chat service did not answer. Look at its address."),
    "sign_in": N_("The chat service did not accept our key."),
    "recipient": N_(
        "The chat service knows no such address, or takes nothing from us there. Ask for another one."
    ),
    "content": N_("The chat service would not take this message."),
}
"""The same of a chat service."""
CHAT_NOT_NOW = N_("The chat service takes nothing just now. We try again by ourselves.")
PUSH_NOT_NOW = N_("The service that brings notifications takes nothing just now. We try again by ourselves.")
GATEWAY_KIND: Mapping[str, str] = {
    "apprise": N_("A service (Apprise)"),
    "hook": N_("A gateway of our own (web hook)"),
}
GATEWAY_NOT_NOW = N_("The gateway takes nothing just now. We try again by ourselves.")
NOT_NOW = N_("The mailbox takes nothing just now. We try again by ourselves.")


def answer(code: str) -> str:
    """The msgid for the code of a mail server's answer (``domain.notices.answers.Refusal.answer``); empty for none."""
    return _meaning(code, STAGE, NOT_NOW)


def gateway_answer(code: str) -> str:
    """The same for a gateway for texts."""
    return _meaning(code, GATEWAY_STAGE, GATEWAY_NOT_NOW)


def push_answer(code: str) -> str:
    """The same for a service that brings notifications."""
    return _meaning(code, PUSH_STAGE, PUSH_NOT_NOW)


def chat_answer(code: str) -> str:
    """The same for a chat service."""
    return _meaning(code, CHAT_STAGE, CHAT_NOT_NOW)


ANSWER: Mapping[str, Callable[[str], str]] = {
    "email": answer,
    "text": gateway_answer,
    "push": push_answer,
    "chat": chat_answer,
}
"""By the way that a message went."""
WHO_SAID: Mapping[str, str] = {
    "email": N_("The mail server said:"),
    "text": N_("The gateway said:"),
    "push": N_("The service that brings notifications said:"),
    "chat": N_("The chat service said:"),
}
"""The same."""


def _meaning(code: str, stages: Mapping[str, str], not_now: str) -> str:
    stage, _, number = code.rpartition("_") if code[-3:].isdecimal() else (code, "", "")
    if stage in ("recipient", "content") and number.startswith("4"):
        return not_now
    return stages.get(stage, "")
