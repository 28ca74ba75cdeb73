"""Templates become Python once for each language, and what will be the same on every page is worked out then.

``_("Board")``, ``asset("site.css")`` and the like are constants of their language: looked up when the template is
compiled, not a hundred times a page. The parts that templates import are made once for each language too; what they see
as ``site`` and ``page`` is whatever page is being drawn.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from weakref import WeakKeyDictionary

from jinja2 import Environment, Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, new_context
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from ui.i18n import Apart, Language

COMPONENTS: Final = "c"
"""What every template calls ``parts/components.html``, which hands the constants on."""
TRANSLATED: Final = frozenset({"_", "gettext"})
"""What the i18n extension calls the look-up of one message."""

_GIVEN_THE_CONTEXT: Final = TRANSLATED | {"ngettext", "pgettext", "npgettext"}

_MARKED: Final = re.compile("[&<>\"']").search


def told(value: Any) -> str:
    """As ``escape``, for what only goes into the page: of a thousand values a page nearly all are words without a
    sign of HTML in them, which need not become ``Markup`` first, or are ``Markup`` already."""
    kind = type(value)
    return value if kind is Markup or (kind is str and _MARKED(value) is None) else escape(value)


class _Telling(CodeGenerator):
    _read = 0
    """Attributes read so far, each of which has names of its own."""

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.told(")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """Read by Python itself where the thing has it; all else (a key, nothing) is looked for in Jinja's way."""
        if self.environment.is_async or self.environment.sandboxed:
            super().visit_Getattr(node, frame)
            return
        self._read += 1
        of, found, name = f"t_of_{self._read}", f"t_is_{self._read}", repr(node.attr)
        self.write(f"({found} if ({found} := getattr(({of} := ")
        self.visit(node.node, frame)
        self.write(f"), {name}, missing)) is not missing else environment.getattr({of}, {name}))")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """Parts and what pages and their values can do are called by Python itself: Jinja's own way looks first, at
        each call, whether something wants to be handed the context; of ours only the words of a language do."""
        plain = isinstance(node.node, nodes.Getattr) or (
            isinstance(node.node, nodes.Name) and node.node.name not in _GIVEN_THE_CONTEXT
        )
        if not plain or self.environment.is_async or self.environment.sandboxed:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write("environment.called(")
        self.visit(node.node, frame)
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        self.write(")")


class _Part(Template):
    """Made once for its environment: nobody gives a template globals of its own, so none need be looked for."""

    def new_context(
        self,
        vars: dict[str, Any] | None = None,
        shared: bool = False,
        locals: Mapping[str, Any] | None = None,
    ) -> Context:
        """From the environment's own globals, in place of a chain of none and those, looked through for each."""
        given = self.environment.globals
        return new_context(self.environment, self.name, self.blocks, vars, shared, given, locals)

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class Compiling(Environment):
    """A Jinja environment of one language. ``constants``: functions whose answer depends on their words only."""

    def __init__(self, language: Language, constants: Mapping[str, Callable[..., Any]], **how: Any) -> None:
        super().__init__(autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do"], **how)
        catalogue = Apart(language.catalogue, language.direction)
        self.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
        self.policies["ext.i18n.trimmed"] = True
        self._worked_out = _WorkedOut(language, constants)
        self._drawn = {name: Drawn() for name in ("site", "page")}
        self.globals.update(constants, comma=language.comma, **self._drawn)
        self.filters["kept"] = Kept()

    template_class = _Part
    code_generator_class = _Telling
    told = staticmethod(told)
    called: Final = operator.call

    @contextmanager
    def drawing(self, values: Mapping[str, Any]) -> Iterator[None]:
        """While it lasts, the imported parts see these as ``site`` and ``page``. Nothing may be awaited meanwhile."""
        for name, drawn in self._drawn.items():
            drawn.now = values[name]
        try:
            yield
        finally:
            for drawn in self._drawn.values():
                drawn.now = None

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        return super()._generate(self._worked_out.visit(source), name, filename, defer_init)


class Kept:
    """``row|kept(macro, ...)``: what a macro drew of one thing, for as long as somebody holds that very thing.

    Whoever made it decides how long that is: what was opened of sealed records is let go of when they are closed.
    ``rest`` is all else that the macro may look at; of one thing only the last few drawings are kept.
    """

    MOST: Final = 8

    def __init__(self) -> None:
        self._drawn: WeakKeyDictionary[Any, dict[tuple[Any, ...], str]] = WeakKeyDictionary()

    def __call__(self, of: Any, macro: Any, *rest: Any) -> str:
        """As ``macro(of, *rest)``. ``of`` is told from others by being itself."""
        drawn = self._drawn.get(of)
        if drawn is None:
            drawn = self._drawn[of] = {}
        how = (macro.name, *rest)
        if how not in drawn:
            if len(drawn) >= self.MOST:
                drawn.clear()
            drawn[how] = macro(of, *rest)
        return drawn[how]


class Drawn:
    """Stands in imported parts for one value of the page that is being drawn."""

    __slots__ = ("now",)

    def __init__(self) -> None:
        self.now: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.now, name)


class _WorkedOut(NodeTransformer):
    """Puts constants in place of calls whose answer is known."""

    def __init__(self, language: Language, constants: Mapping[str, Callable[..., Any]]) -> None:
        self._language = language
        self._constants = constants

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.TemplateData:
        """A comma right behind something that is filled in parts two members: that of the language."""
        if node.data.startswith(", "):
            return nodes.TemplateData(self._language.comma + node.data[2:], lineno=node.lineno)
        return node

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.Expr:
        """Nothing, where a condition has no second choice, in place of Jinja's way to say what is missing there."""
        found = self.generic_visit(node)
        assert isinstance(found, nodes.CondExpr)
        if found.expr2 is None:
            found.expr2 = nodes.Const("")
        return found

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        """A message with places to fill becomes ``Markup(message) % {...}``; one without, like a constant, its text."""
        call = self.generic_visit(node)
        assert isinstance(call, nodes.Call)
        plain = not call.dyn_args and not call.dyn_kwargs
        words = [each.value for each in call.args if isinstance(each, nodes.Const)]
        if not plain or len(words) != len(call.args) or not words:
            return call
        name = _name(call.node)
        if name in TRANSLATED and len(words) == 1:
            return self._translated(words[0], call)
        if name in self._constants and not call.kwargs:
            return nodes.Const(self._constants[name](*words), lineno=call.lineno)
        return call

    def _translated(self, message: str, call: nodes.Call) -> nodes.Expr:
        text = Markup(self._language.on_page(message))  # noqa: S704 - catalogues are ours
        if not call.kwargs:
            return nodes.Const(text % {}, lineno=call.lineno)
        pairs = [nodes.Pair(nodes.Const(each.key), each.value, lineno=call.lineno) for each in call.kwargs]
        return nodes.Mod(nodes.Const(text), nodes.Dict(pairs, lineno=call.lineno), lineno=call.lineno)


def _name(called: nodes.Expr) -> str:
    """Of a function, also of one that comes with the components; empty for anything else."""
    if isinstance(called, nodes.Name):
        return called.name
    if isinstance(called, nodes.Getattr) and isinstance(called.node, nodes.Name):
        return called.attr if called.node.name == COMPONENTS else ""
    return ""
