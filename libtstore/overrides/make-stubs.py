#!/usr/bin/python3
# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes stubs for type checkers and editors, of a GIR file and of what the overrides add.

    make-stubs.py GIR STUBS OUTPUT

The classes in STUBS replace members of those in the GIR file, or add to them; all else in it
comes first, as it is."""

import ast
import keyword
import re
import sys
import textwrap
import xml.etree.ElementTree as ET

CORE = "{http://www.gtk.org/introspection/core/1.0}"
GLIB = "{http://www.gtk.org/introspection/glib/1.0}"

BASIC = {
    "filename": "str", "gboolean": "bool", "gdouble": "float", "gfloat": "float", "gpointer": "typing.Any",
    "none": "None", "utf8": "str", "GObject.Value": "typing.Any", "GLib.Quark": "int", "GType": "GObject.GType",
} | {name: "int" for name in ("gint", "guint", "gint64", "guint64", "glong", "gulong", "gsize", "gssize")}
HEADER = """# Copyright 2026 The libtstore authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""
BASES = {"enumeration": "_Enum", "bitfield": "_Flags", "record": "GObject.GBoxed"}
LINK = re.compile(r"\[\w+@(?:TStore\.)?([^\]]+)\]")


def python_name(name):
    name = name.replace("-", "_")
    return f"{name}_" if keyword.iskeyword(name) else name


def is_public(node):
    return node.get("introspectable") != "0" and GLIB + "is-gtype-struct-for" not in node.attrib


def may_be_none(node, prop, is_argument):
    """Whether a property can be, or can be set to nothing; or be left out of what makes an object."""
    methods = {method.get("name"): method for method in node.iterfind(CORE + "method")}
    places = [method.find(CORE + "return-value") for method in [methods.get(prop.get("getter"))] if method is not None]
    setters = [method for method in [methods.get(prop.get("setter"))] if method is not None]
    makers = node.findall(CORE + "constructor") if is_argument else []
    for function in setters:
        places += function.findall(f"{CORE}parameters/{CORE}parameter")
    for function in makers:
        places += [parameter for parameter in function.iterfind(f"{CORE}parameters/{CORE}parameter")
                   if parameter.get("name") == prop.get("name").replace("-", "_")]
    return any(place.get("nullable") == "1" for place in (prop, *places))


class Maker:
    def __init__(self, namespace):
        self.namespace = namespace
        self.classes = {node.get("name"): node for node in namespace.iterfind(CORE + "class")}
        self.callbacks = {node.get("name"): node for node in namespace.iterfind(CORE + "callback")}

    def type_of(self, node, is_argument=False):
        """What Python gets of a parameter, a result or a property, or may give."""
        array, kind = node.find(CORE + "array"), node.find(CORE + "type")
        if array is not None:
            return f"{'typing.Sequence' if is_argument else 'list'}[{self.type_of(array, is_argument)}]"
        name = kind.get("name")
        if name in self.callbacks:
            return f"typing.Callable[..., {self.result_of(self.callbacks[name])}]"
        if name == "Gio.AsyncReadyCallback":
            return "typing.Callable[..., None]"
        if name == "GObject.Value" and is_argument:
            return "_Storable"
        return BASIC.get(name, name)

    def optional(self, node, is_argument=False):
        name = self.type_of(node, is_argument)
        return f"typing.Optional[{name}]" if node.get("nullable") == "1" and name != "typing.Any" else name

    def result_of(self, node):
        """What a function returns, together with what it puts into its parameters, but for lengths of lists."""
        result = node.find(CORE + "return-value")
        parameters = node.findall(f"{CORE}parameters/{CORE}parameter")
        lengths = {array.get("length") for place in (result, *parameters) for array in place.iterfind(CORE + "array")}
        results = [parameter for i, parameter in enumerate(parameters)
                   if parameter.get("direction") == "out" and str(i) not in lengths]
        if not results or self.type_of(result) != "None":
            results.insert(0, result)
        names = [self.optional(result) for result in results]
        return names[0] if len(names) == 1 else f"tuple[{', '.join(names)}]"

    def arguments_of(self, node):
        """The parameters of a function as they are in Python."""
        parameters = node.findall(f"{CORE}parameters/{CORE}parameter")
        hidden, user_data = set(), set()
        for parameter in parameters:
            hidden.add(parameter.get("destroy"))
            user_data.add(parameter.get("closure"))
            for array in parameter.iterfind(CORE + "array"):
                hidden.add(array.get("length"))

        arguments, is_last = [], True
        for i, parameter in reversed(list(enumerate(parameters))):
            name = python_name(parameter.get("name"))
            if str(i) in user_data:
                arguments += [] if arguments else ["*user_data: typing.Any"]
            elif str(i) not in hidden and parameter.get("direction") != "out":
                is_last = is_last and parameter.get("nullable") == "1"
                default = " = None" if is_last else ""
                arguments.append(f"{name}: {self.optional(parameter, True)}{default}")
        return arguments[::-1]

    def function(self, node, first=None, decorator=None, prefix=""):
        arguments = ([first] if first else []) + self.arguments_of(node)
        lines = [f"@{decorator}"] if decorator else []
        lines.append(f"def {prefix}{python_name(node.get('name'))}({', '.join(arguments)}) -> {self.result_of(node)}:")
        return lines + indented(described(node) or ["..."])

    def properties_of(self, node, is_argument=False):
        """The properties that a class adds, or that it can be made with: names and types."""
        properties = {}
        for prop in node.iterfind(CORE + "property"):
            name = python_name(prop.get("name"))
            kind = self.type_of(prop)
            is_optional = kind != "typing.Any" and may_be_none(node, prop, is_argument)
            properties[name] = f"typing.Optional[{kind}]" if is_optional else kind
        return properties

    def props(self, node):
        properties = self.properties_of(node)
        if not properties:
            return []
        lines = [f"{name}: {kind}" for name, kind in properties.items()]
        return [f"class Props({node.get('parent')}.Props):", *indented(lines),
                "@property", "def props(self) -> Props: ..."]

    def writable_of(self, node):
        """The properties that an object can be made with."""
        parent = self.classes.get(node.get("parent"))
        names = {python_name(prop.get("name")) for prop in node.iterfind(CORE + "property")
                 if prop.get("writable") == "1"}
        own = {name: kind for name, kind in self.properties_of(node, True).items() if name in names}
        return (self.writable_of(parent) if parent is not None else {}) | own

    def create(self, node):
        """Properties are arguments of the class. What has none, and is not made of nothing, others make."""
        if node.get("abstract") == "1" and not node.findall(CORE + "virtual-method"):
            return []
        writable = self.writable_of(node)
        makers = node.findall(CORE + "constructor")
        if not writable and not any(maker.find(CORE + "parameters") is None for maker in makers):
            return []
        arguments = ["self", *(["*"] if writable else []), *(f"{name}: {kind} = ..." for name, kind in writable.items())]
        return [f"def __init__({', '.join(arguments)}) -> None: ..."]

    def class_functions(self, name):
        """The functions of the structure of a class."""
        for record in self.namespace.iterfind(CORE + "record"):
            if record.get(GLIB + "is-gtype-struct-for") == name:
                for method in record.iterfind(CORE + "method"):
                    yield self.function(method, "cls", "classmethod")

    def members(self, node):
        name = node.get("name")
        if node.tag in (CORE + "enumeration", CORE + "bitfield"):
            for member in node.iterfind(CORE + "member"):
                yield [f"{member.get('name').upper()} = {member.get('value')}"]
        if node.tag == CORE + "class":
            yield self.props(node)
            yield self.create(node)
            yield from self.class_functions(name)
        for constructor in filter(is_public, node.iterfind(CORE + "constructor")):
            yield self.function(constructor, "cls", "classmethod")
        for function in filter(is_public, node.iterfind(CORE + "function")):
            yield self.function(function, None, "staticmethod")
        for method in filter(is_public, node.iterfind(CORE + "method")):
            yield self.function(method, "self")
        for method in filter(is_public, node.iterfind(CORE + "virtual-method")):
            yield self.function(method, "self", prefix="do_")

    def bases_of(self, node):
        if node.tag != CORE + "class":
            return BASES[node.tag.removeprefix(CORE)]
        interfaces = [interface.get("name") for interface in node.iterfind(CORE + "implements")]
        return ", ".join([node.get("parent"), *interfaces])

    def make_class(self, node):
        lines = described(node)
        for member in self.members(node):
            lines += member
        return [f"class {node.get('name')}({self.bases_of(node)}):", *indented(lines or ["..."])]

    def make(self):
        """The source of the stubs, without what the overrides add."""
        lines = []
        for node in self.namespace.iterfind(CORE + "constant"):
            lines.append(f"{node.get('name')}: {self.type_of(node)}")
        for node in filter(is_public, self.namespace.iterfind(CORE + "function")):
            lines += self.function(node)
        for kind in ("enumeration", "bitfield", "record", "class"):
            for node in filter(is_public, self.namespace.iterfind(CORE + kind)):
                lines += self.make_class(node)
        return "\n".join(lines)


def indented(lines):
    return [f"    {line}" for line in lines]


def described(node):
    """The first paragraph of the documentation, and the signals of a class."""
    doc = node.find(CORE + "doc")
    if doc is None:
        return []
    paragraphs = [LINK.sub(r"\1", doc.text.strip().split("\n\n")[0])]
    signals = [signal.get("name") for signal in node.iterfind(GLIB + "signal")]
    if signals:
        paragraphs.append(f"Signals: {', '.join(signals)}.")
    text = "\n\n".join(textwrap.fill(paragraph, 90, break_on_hyphens=False) for paragraph in paragraphs)
    return [*f'r"""{text}"""'.split("\n")]


def names_of(statement):
    """What a statement in a class or a module defines."""
    if isinstance(statement, ast.Assign):
        return [target.id for target in statement.targets]
    if isinstance(statement, ast.AnnAssign):
        return [statement.target.id]
    return [statement.name] if hasattr(statement, "name") else []


def extend(made, added):
    """Puts the members of a class that are added in the place of those that are there."""
    names = {name for statement in added.body for name in names_of(statement)}
    made.body = [statement for statement in made.body if not names.intersection(names_of(statement))]
    made.body += [statement for statement in added.body if names_of(statement)]


def main():
    gir, stubs, output = sys.argv[1:]
    namespace = ET.parse(gir).getroot().find(CORE + "namespace")
    made = ast.parse(Maker(namespace).make())
    with open(stubs, encoding="utf-8") as file:
        added = ast.parse(file.read())

    classes = {statement.name: statement for statement in made.body if isinstance(statement, ast.ClassDef)}
    first = []
    for statement in added.body:
        if isinstance(statement, ast.ClassDef) and statement.name in classes:
            extend(classes[statement.name], statement)
        else:
            first.append(statement)
    made.body = first + made.body
    with open(output, "w", encoding="utf-8") as file:
        file.write(HEADER + ast.unparse(made) + "\n")


if __name__ == "__main__":
    main()
