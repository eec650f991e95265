"""Just enough C++ to check rules: code without comments and texts, includes, lengths of functions."""

import re

_TOKEN = re.compile(
    r"""//[^\n]*
      | /\*.*?\*/
      | R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)"
      | "(?:\\.|[^"\\\n])*"
      | (?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])*'
    """,
    re.VERBOSE | re.DOTALL,
)
_INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
_TYPE_OR_SCOPE = re.compile(r"^(?:namespace|extern|(?:enum\s+)?(?:class|struct)|enum|union)\b")
_TEMPLATE = re.compile(r"^template\s*<[^{};]*?>\s*(?=\w)")


def without_comments_and_texts(source):
    """The same lines, with every comment gone and every text empty."""

    def blank(match):
        token = match.group()
        lines = "\n" * token.count("\n")
        if token.startswith("/"):
            return " " + lines
        return ("''" if token.startswith("'") else '""') + lines

    return _TOKEN.sub(blank, source)


def without_comments(source):
    def blank(match):
        token = match.group()
        return " " + "\n" * token.count("\n") if token.startswith("/") else token

    return _TOKEN.sub(blank, source)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def includes(source):
    """(line, "<" or '"', header) of each include."""
    text = without_comments(source)
    return [(line_of(text, m.start(1)), m.group(1), m.group(2)) for m in _INCLUDE.finditer(text)]


def functions(source):
    """(first line, number of lines, beginning of its text) of each function with a body.

    A brace opens a function if what stands before it has parentheses, is no type or namespace, and
    is not inside another function. Good for formatted code; it need not understand the language.
    """
    code = without_comments_and_texts(source)
    code = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: "\n" * m.group().count("\n"), code,
                  flags=re.MULTILINE)
    found = []
    scopes = []  # per open brace: (is it a function, first line, text)
    begin = 0  # where the statement began that the next brace belongs to
    for match in re.finditer(r"[{};]", code):
        at, mark = match.start(), match.group()
        if mark == "{":
            head = code[begin:at]
            text = _TEMPLATE.sub("", head.strip())
            inside = any(scope[0] for scope in scopes)
            is_function = not inside and "(" in text and not _TYPE_OR_SCOPE.match(text)
            first = line_of(code, begin + len(head) - len(head.lstrip()))
            scopes.append((is_function, first, text.split("(")[0].strip()))
        elif mark == "}" and scopes:
            is_function, first, text = scopes.pop()
            if is_function:
                found.append((first, line_of(code, at) - first + 1, text))
        begin = at + 1
    return found
