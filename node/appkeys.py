"""Typed keys under which the application holds the services; pages and the API find them by these."""

from aiohttp import web

from node.clock import Clock
from node.config import Config
from node.domain.catalogue import Catalogue
from node.services.access import Access
from node.services.board import Board
from node.services.dispatch import Dispatch
from node.services.imports import Imports
from node.services.intake import Intake
from node.services.matching import Matching
from node.services.neighbourhood import Neighbourhood
from node.services.peering import Peering
from node.services.people import People
from node.services.places import Places
from node.services.publishing import Publishing
from node.services.setup import Setup
from node.services.standing import Standing
from node.services.tasks import Tasks
from node.services.team import Team

CONFIG = web.AppKey("config", Config)
CLOCK = web.AppKey("clock", Clock)
CATALOGUE = web.AppKey("catalogue", Catalogue)
ACCESS = web.AppKey("access", Access)
SETUP = web.AppKey("setup", Setup)
INTAKE = web.AppKey("intake", Intake)
BOARD = web.AppKey("board", Board)
DISPATCH = web.AppKey("dispatch", Dispatch)
TASKS = web.AppKey("tasks", Tasks)
TEAM = web.AppKey("team", Team)
MATCHING = web.AppKey("matching", Matching)
PEOPLE = web.AppKey("people", People)
PUBLISHING = web.AppKey("publishing", Publishing)
PLACES = web.AppKey("places", Places)
IMPORTS = web.AppKey("imports", Imports)
PEERING = web.AppKey("peering", Peering)
NEIGHBOURHOOD = web.AppKey("neighbourhood", Neighbourhood)
STANDING = web.AppKey("standing", Standing)
