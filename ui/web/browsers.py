"""Which browser this is, as two words of ours: enough to know one's own device by, and no more than that is kept."""

from collections.abc import Mapping

BROWSERS: Mapping[str, tuple[str, str]] = {
    "Edg": ("edge", "Edge"),
    "OPR": ("opera", "Opera"),
    "SamsungBrowser": ("samsung", "Samsung Internet"),
    "Firefox": ("firefox", "Firefox"),
    "FxiOS": ("firefox", "Firefox"),
    "CriOS": ("chrome", "Chrome"),
    "Chrome": ("chrome", "Chrome"),
    "Safari": ("safari", "Safari"),
}
"""What stands in the header -> code and name. The first that is found counts: later ones are in many headers."""
SYSTEMS: Mapping[str, tuple[str, str]] = {
    "Android": ("android", "Android"),
    "iPhone": ("iphone", "iPhone"),
    "iPad": ("ipad", "iPad"),
    "Windows": ("windows", "Windows"),
    "CrOS": ("chromebook", "Chromebook"),
    "Macintosh": ("mac", "Mac"),
    "Linux": ("linux", "Linux"),
}


def code_of(user_agent: str) -> str:
    """``firefox-windows``; either half, or both, may be missing."""
    halves = (
        next((code for sign, (code, _) in table.items() if sign in user_agent[:400]), "")
        for table in (BROWSERS, SYSTEMS)
    )
    return "-".join(half for half in halves if half)


def names_of(code: str) -> tuple[str, str]:
    """(browser, system) by their own names; empty where it is not known."""
    known = {code: name for table in (BROWSERS, SYSTEMS) for code, name in table.values()}
    systems = {code for code, _ in SYSTEMS.values()}
    halves = [half for half in code.split("-") if half in known]
    return (
        next((known[half] for half in halves if half not in systems), ""),
        next((known[half] for half in halves if half in systems), ""),
    )
