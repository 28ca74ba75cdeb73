"""The same two pages as a minimal Django + SQLite app: the list of the board, and one request beside it.

Run by ``tests.bench.board`` in an environment of its own: needs, people and tasks in tables, sessions and sign-in of
Django, a row of an audit for each look at a request, autoescaped templates. No vault, no translations, no languages.
The needs are those that our board shows (``needs.json``). Each line of input asks for something: ``list`` and ``one``
for the CPU milliseconds of a look at that page, ``shown`` for both pages, to be compared.
"""

import json
import re
import sys
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings

FOLDER, ROUNDS = Path(sys.argv[1]), 8
LIST = """<!doctype html><html><head><title>Board</title></head><body><h1>Board</h1><ul>{% for row in rows %}<li>
<a href="/board/{{ row.id }}"><span>{{ row.category }}</span> <span class="chip">{{ row.state }}</span>
{% if row.due_day %}<span>by {{ row.due_day|date:"j M" }}</span>{% else %}<span>No hurry</span>{% endif %}
<span>{{ row.place }}</span> <span>{{ row.reference }}</span></a></li>{% endfor %}</ul>
<nav>{% for state, count in counts %}<a href="?show={{ state }}">{{ state }} {{ count }}</a>{% endfor %}</nav>
</body></html>"""
ONE = """<!doctype html><html><head><title>Board</title></head><body><h1>Board</h1>
<ul>{% for row in rows %}<li>
<a href="/board/{{ row.id }}"><span>{{ row.category }}</span> <span class="chip">{{ row.state }}</span>
{% if row.due_day %}<span>by {{ row.due_day|date:"j M" }}</span>{% else %}<span>No hurry</span>{% endif %}
<span>{{ row.place }}</span> <span>{{ row.reference }}</span></a></li>{% endfor %}</ul>
<nav>{% for state, count in counts %}<a href="?show={{ state }}">{{ state }} {{ count }}</a>{% endfor %}</nav>
<h2>{{ need.category }}</h2><p>{{ need.reference }}</p>
<dl><dt>When</dt><dd>{{ need.urgency }}</dd><dt>Where</dt><dd>{{ need.place }}</dd>
<dt>Notes</dt><dd>{{ need.notes }}</dd><dt>Name</dt><dd>{{ need.person.name }}</dd></dl>
<ul>{% for task in tasks %}<li>{{ task.person.name }}: {{ task.state }}
<form method="post">{% csrf_token %}<button>Confirm</button></form></li>{% endfor %}</ul>
<ol>{% for row in history %}<li>{{ row.at }} {{ row.action }} {{ row.actor }}</li>{% endfor %}</ol></body></html>"""

settings.configure(
    SECRET_KEY="made-up",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(FOLDER / "django.db")}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    ("django.template.loaders.cached.Loader",
                     [("django.template.loaders.locmem.Loader", {"list.html": LIST, "one.html": ONE})]),
                ]
            },
        }
    ],
)  # fmt: skip
django.setup()

from django.contrib.auth.decorators import login_required  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402


class Person(models.Model):
    name = models.CharField(max_length=200)

    class Meta:
        app_label = "board"


class Need(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    reference = models.CharField(max_length=9, unique=True)
    category = models.CharField(max_length=40)
    state = models.CharField(max_length=20, db_index=True)
    urgency = models.CharField(max_length=20)
    place = models.CharField(max_length=100)
    notes = models.TextField()
    due_day = models.DateField(null=True)

    class Meta:
        app_label = "board"


class Task(models.Model):
    need = models.ForeignKey(Need, on_delete=models.CASCADE)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    state = models.CharField(max_length=20)

    class Meta:
        app_label = "board"


class Audit(models.Model):
    need = models.ForeignKey(Need, on_delete=models.CASCADE)
    at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    action = models.CharField(max_length=40)

    class Meta:
        app_label = "board"


def listed():
    """The list, with how many there are of each state."""
    rows = Need.objects.exclude(state="closed").order_by("id")[:200]
    return {"rows": rows, "counts": Need.objects.values_list("state").annotate(models.Count("id"))}


@login_required
def board(request):
    """The list."""
    return render(request, "list.html", listed())


@login_required
def one(request, need):
    """One request beside the list, as on our board; the look is written down."""
    found = Need.objects.select_related("person").get(id=need)
    Audit.objects.create(need=found, at=timezone.now(), actor=request.user.username, action="look")
    tasks = Task.objects.filter(need=found).select_related("person")
    history = Audit.objects.filter(need=found).order_by("-id")[:20]
    about = {"need": found, "tasks": tasks, "history": history}
    return render(request, "one.html", listed() | about)


urlpatterns = [path("board", board), path("board/<int:need>", one)]


class Quiet(WSGIRequestHandler):
    """Writes no log."""

    def log_message(self, *_):
        """Nothing."""


def measured(browser: HTTPConnection, cookie: str, address: str) -> tuple[float, str]:
    """CPU milliseconds of the process a request, the median of the rounds; and the page."""
    times = []
    for turn in range(ROUNDS + 5):
        before = time.process_time()
        browser.request("GET", address, headers={"Cookie": cookie, "Connection": "close"})
        answer = browser.getresponse()
        page = answer.read()
        times.append(time.process_time() - before)
        assert answer.status == 200, (turn, answer.status)
    return sorted(times[5:])[ROUNDS // 2] * 1000, page.decode()


def main() -> None:
    """Fills the tables, signs in, measures what is asked for."""
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=WAL")
    with connection.schema_editor() as editor:
        for model in (Person, Need, Task, Audit):
            editor.create_model(model)
    for given in json.loads((FOLDER / "needs.json").read_text("utf-8")):
        person = Person.objects.create(name=given["name"])
        need = Need.objects.create(
            person=person, reference=given["reference"], category=given["category"], state=given["state"],
            urgency=given["urgency"], place=given["place"], notes=given["notes"],
            due_day=given["due_day"],
        )  # fmt: skip
        for name in given["asked"]:
            Task.objects.create(need=need, person=Person.objects.create(name=name), state="proposed")
    User.objects.create_user("ana", password="made-up password")
    client = Client()
    assert client.login(username="ana", password="made-up password")
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = HTTPConnection("127.0.0.1", server.server_port)
        addresses = {"list": "/board", "one": "/board/1"}
        for line in sys.stdin:
            if line.strip() == "shown":
                board_page, need_page = (measured(browser, cookie, each)[1] for each in addresses.values())
                said = {"shown": re.findall(r"<span>(\d{9})</span>", board_page), "page": need_page}
            else:
                said = {"milliseconds": measured(browser, cookie, addresses[line.strip()])[0]}
            print(json.dumps(said), flush=True)
        browser.close()
        server.shutdown()


main()
