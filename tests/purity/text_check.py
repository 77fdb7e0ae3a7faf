"""Reads the C++ sources and finds what would break the layers or the determinism of the engine and the sim.

usage: text_check.py [ROOT]

Prints one line per finding, `file:line: what; use that`, and exits with 1 if there is any. Comments and
string literals do not count. A line that is right for a reason no rule can see carries `// purity: reason`.
"""

import re
import sys
from pathlib import Path

# What a folder may include -----------------------------------------------------------------------------

# Inside the engine a folder sees itself and every earlier row; folders of one row do not see each other.
ENGINE_ROWS = [
    ["base"],
    ["wire", "api"],
    ["io"],
    ["log", "metadata", "assign"],
    ["raft", "controller", "replica", "group", "txn", "client"],
    ["node"],
]


def engine_table():
    table, below = {}, []
    for row in ENGINE_ROWS:
        for folder in row:
            table[f"engine/{folder}"] = [*below, f"engine/{folder}"]
        below += [f"engine/{folder}" for folder in row]
    return table


ALLOWED_FOLDERS = {
    **engine_table(),
    "sim": ["engine", "sim"],
    "scenarios": ["engine", "sim", "scenarios"],
    "bindings": ["engine", "sim", "scenarios", "bindings"],
    "tests/support": ["engine", "tests/support"],
    "tests/engine": ["engine", "tests/support", "tests/engine"],
    "tests/sim": ["engine", "sim", "tests/support", "tests/sim"],
    "tests/scenarios": ["engine", "sim", "scenarios", "tests/support", "tests/scenarios"],
    "tests/programs": ["engine", "sim", "scenarios", "bindings"],
    "tests/bindings": ["engine", "sim", "scenarios", "bindings", "tests/support", "tests/bindings"],
}

# The headers that the engine and the sim may take from outside the repository.
PURE_HEADERS = set("""
    algorithm array bit bitset cassert cctype charconv climits compare concepts cstddef cstdint cstring deque
    exception expected functional initializer_list iterator limits list map memory new numeric optional queue
    ranges ratio set source_location span stdexcept string string_view tuple type_traits typeinfo utility
    variant vector version
    fmt/core.h fmt/format.h fmt/ranges.h fmt/compile.h
    """.split())

# Who may use what the rest may not: the file that counts references, and the search, outside of all worlds.
PRIVILEGES = {
    "engine/base/cow.h": ["<atomic>", "threads"],
    "engine/base/bytes.h": ["<atomic>", "threads"],
    "sim/search/": ["stored callbacks"]}

# Tokens that the engine and the sim do without: name, pattern, replacement --------------------------------

TOKENS = [
    ("clocks", r"\b(?:system|steady|high_resolution|utc|tai|gps|file)_clock\b", "the Now of the step"),
    ("clocks", r"\b(?:clock_gettime|gettimeofday|localtime|gmtime|mktime|strftime)\b", "the Now of the step"),
    ("clocks", r"\b(?:std::)?time\s*\(\s*(?:nullptr|NULL|0|&)|\bstd::clock\s*\(", "the Now of the step"),
    ("sleeping", r"\b(?:nanosleep|usleep|sleep_for|sleep_until)\b", "a timer effect"),
    (
        "threads",
        r"\bstd::(?:jthread|thread|async|future|promise|\w*mutex|\w*_lock|lock_guard|call_once|"
        r"condition_variable\w*|atomic\w*|barrier|latch|\w*_semaphore)\b|\bpthread_\w+|\bthread_local\b",
        "values and one thread; base::Cow to share",
    ),
    ("coroutines", r"\bco_(?:await|yield|return)\b", "a state machine whose state is a value"),
    (
        "entropy",
        r"\brandom_device\b|\bmt19937(?:_64)?\b|\bminstd_rand0?\b|\bdefault_random_engine\b|\branlux\w+|"
        r"\b(?:std::)?s?rand\s*\(|\bgetrandom\b|\bgetentropy\b|\barc4random\w*|\b[dlm]rand48\b",
        "a keyed draw of engine/base/random.h",
    ),
    (
        "samplers of the standard library",
        r"\bstd::\w+_distribution\b|\bgenerate_canonical\b",
        "the integer samplers of engine/base/random.h",
    ),
    ("std::shuffle", r"\bstd::(?:ranges::)?(?:shuffle|random_shuffle|sample)\b", "keyed draws and a loop"),
    (
        "input and output",
        r"\bstd::(?:w?c(?:out|err|log|in)|endl|\w*(?:[io]|string|file|f)stream|filesystem|print(?:ln)?)\b|"
        r"\bFILE\b|\bfmt::print\b|\b(?:std::)?v?(?:f|s|sn|d)?printf\s*\(|"
        r"\bf(?:open|write|read|puts)\s*\(|\bputs\s*\(",
        "a typed event, an effect or fmt::format",
    ),
    (
        "unordered containers",
        r"\bunordered_(?:multi)?(?:map|set)\b",
        "std::map, std::set or a sorted std::vector",
    ),
    ("std::hash", r"\bstd::hash\b", "engine/base/hash.h"),
    ("floating point", r"\b(?:float|double)\b", "integers and ratios of integers"),
    (
        "ordering by address",
        r"\bstd::(?:multi)?(?:map|set)\s*<[^,<>]*\*|\bstd::less\s*<[^<>]*\*\s*>",
        "an id as key",
    ),
    (
        "ordering by address",
        r"\bstd::(?:multi)?(?:map|set)\s*<\s*std::(?:shared|unique)_ptr\b",
        "an id as key",
    ),
    ("stored callbacks", r"\bstd::(?:move_only_)?function\b", "a std::variant, or a template parameter"),
    ("the environment", r"\b(?:secure_)?getenv\b", "configuration passed as a value"),
    ("locales", r"\bstd::locale\b|\bsetlocale\b", "fmt, which ignores the locale"),
    (
        "two mutations in one argument list",
        r"\w\s*\([^()]*(?:\+\+|--)[^()]*,[^()]*(?:\+\+|--)",
        "one statement each, since arguments are evaluated in no fixed order",
    ),
]
TOKENS = [(name, re.compile(pattern), replacement) for name, pattern, replacement in TOKENS]

DRAW = re.compile(r"(?<!std::)(?<!ranges::)\b(?:draw|next)\s*\(")
SORT = re.compile(r"\bstd::(?:ranges::)?(?:sort|partial_sort\w*|nth_element|sort_heap)\s*\(")
TOTAL_ORDER = re.compile(r"//\s*total order:\s*\S")
EXEMPT = re.compile(r"//\s*purity:\s*\S")
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX)\b")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(<[^>]+>|"[^"]+")', re.MULTILINE)
WIDE = re.compile(r"\b(?:long|size_t|ssize_t|ptrdiff_t|u?intptr_t)\b")


# Reading C++ ---------------------------------------------------------------------------------------------

LITERAL = re.compile(
    r"""//[^\n]*|/\*.*?\*/                               # comments
      | (?:u8|[uUL])?R"(?P<tag>[^()\s]*)\(.*?\)(?P=tag)"  # raw strings
      | "(?:\\.|[^"\\\n])*"                               # strings
      | (?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'               # characters, not the ' within 1'000
    """,
    re.DOTALL | re.VERBOSE,
)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)


def blank(match):
    """As long as what was matched, with its line ends kept, so that offsets and line numbers stay."""
    return re.sub(r"[^\n]", " ", match[0])


def strip_literals(text):
    return LITERAL.sub(lambda match: blank(match) if match[0][0] == "/" else '"' + blank(match)[1:], text)


def scope_of(head):
    """What an opening brace begins, told from the text before it: a namespace, a type, a body or a value."""
    head = re.sub(r"\btemplate\s*<[^{}]*?>(?=\s*(?:struct|class|union|requires|\w))", "", head)
    if re.search(r"\bnamespace\b|\bextern\b\s*\"", head):
        return "namespace"
    if re.search(r"\benum\b", head) and "(" not in head:
        return "enum"
    if re.search(r"\b(?:struct|class|union)\b[^()=]*$", head):
        return "type"
    constructor_member = re.search(r"\)[^?]*[^:]:(?!:)", head) and re.search(r"[\w>]\s*$", head)
    if "(" not in head or constructor_member:
        return "value"
    return "body"


def statements(code):
    """Yields (scope, offset, text) for each statement; a declaration keeps its initialiser."""
    scopes, start, parens, values = ["namespace"], 0, 0, 0
    for at, char in enumerate(code):
        if values and scopes[-1] != "body":
            values += {"{": 1, "}": -1}.get(char, 0)
            continue
        if char in "()":
            parens += 1 if char == "(" else -1
        elif char == "{":
            kind = scope_of(code[start:at])
            if scopes[-1] != "body" and (parens > 0 or kind == "value"):
                values = 1
                continue
            if kind == "value":
                kind = "body"
            yield scopes[-1], start, code[start:at]
            scopes.append(kind)
            start, parens = at + 1, 0
        elif char == "}" or (char == ";" and parens <= 0) or (char == ";" and scopes[-1] == "body"):
            yield scopes[-1], start, code[start:at]
            if char == "}" and len(scopes) > 1:
                scopes.pop()
            start, parens = at + 1, 0


LEADING_NOISE = re.compile(
    r"^(?:\s|(?:public|private|protected)\s*:|\[\[[^\]]*\]\]|[A-Z][A-Z_]+\([^()]*\)(?!\s*;))+"
)
NO_VARIABLE = re.compile(
    r"\b(?:using|typedef|friend|template|namespace|extern|operator|concept|return|class|struct|union|enum|"
    r"static_assert)\b"
)


def declared_variable(statement):
    """The part of a variable's declaration that stands before its value, or None if it declares none."""
    head = re.split(r"(?<![=!<>])=(?!=)|\{", statement, maxsplit=1)[0]
    if (
        "(" in head
        or NO_VARIABLE.search(head)
        or not re.search(r"[\w>\])&*]\s+[*&]?\w+(?:\s*\[[^\]]*\])?\s*$", head)
    ):
        return None
    return head


# The checks ------------------------------------------------------------------------------------------------


def folder_of(path):
    """The row of the table that a file belongs to."""
    return next((folder for folder in ALLOWED_FOLDERS if path.startswith(folder + "/")), None)


def privileges_of(path):
    return [name for prefix, names in PRIVILEGES.items() if path.startswith(prefix) for name in names]


def check_includes(path, text):
    folder = folder_of(path)
    if folder is None:
        if path.startswith("engine/"):
            yield 0, "this folder is in no layer", "a row in ENGINE_ROWS of tests/purity/text_check.py"
        return
    allowed = ALLOWED_FOLDERS[folder]
    pure = folder.startswith(("engine", "sim"))
    # Literals of the text are kept here: the path of an include looks like one.
    for match in INCLUDE.finditer(LITERAL.sub(lambda m: blank(m) if m[0][0] == "/" else m[0], text)):
        name = match[1][1:-1]
        if match[1][0] == '"':
            if not any(name.startswith(prefix + "/") for prefix in allowed):
                yield match.start(1), f"{folder} does not include {name}", f"a header of {', '.join(allowed)}"
        elif pure and name not in PURE_HEADERS and match[1] not in privileges_of(path):
            yield match.start(
                1
            ), f"{folder} does not include <{name}>", "a header of PURE_HEADERS in tests/purity/text_check.py"


def check_tokens(path, text, code):
    for name, pattern, replacement in TOKENS:
        if name in privileges_of(path):
            continue
        for match in pattern.finditer(code):
            yield match.start(), f"{name}: {' '.join(match[0].split())}", replacement
    lines = text.splitlines()
    for match in SORT.finditer(code):
        line = code.count("\n", 0, match.start())
        if not any(TOTAL_ORDER.search(near) for near in lines[max(line - 1, 0) : line + 1]):
            yield (
                match.start(),
                "a sort whose ties are not settled",
                "std::stable_sort, or a comment `// total order: why no two are equal`",
            )


def check_draws(code):
    """Two draws, or two steps of a stream, whose order the language leaves open.

    It is open between the arguments of one call and the operands of one sum. It is settled between
    statements, between the elements of a braced list, and by &&, || and ?.
    """
    starts = {match.start() for match in DRAW.finditer(code)}
    enclosing, previous = [], None
    for at, char in enumerate(code):
        if at in starts:
            around = list(enclosing)
            if previous:
                depth = sum(1 for one, other in zip(previous[1], around) if one == other)
                between = code_at_level(code[previous[0] : at], len(previous[1]) - depth)
                braced = depth == 0 or code[around[depth - 1]] == "{"
                settled = r"&&|\|\||\?|;|\)\s*\w" + (r"|[{},]" if braced else "")
                if not re.search(settled, between):
                    instead = "one statement each, since the order of evaluation is open"
                    yield at, "two draws in one expression", instead
            previous = (at, around)
        if char in "({":
            enclosing.append(at)
        elif char in ")}" and enclosing:
            enclosing.pop()


def code_at_level(text, level):
    """What of a text lies `level` brackets outside of its start, brackets included."""
    kept, depth = "", level
    for char in text:
        depth -= char in ")}"
        if depth <= 0:
            kept += char
        depth += char in "({"
    return kept


def check_state(code):
    for scope, offset, text in statements(code):
        noise = LEADING_NOISE.match(text)
        offset, text = offset + (noise.end() if noise else 0), text[noise.end() if noise else 0 :]
        head = declared_variable(text)
        if head is None:
            continue
        shown = " ".join(head.split())
        constant = re.search(r"\bconst(?:expr)?\b", head)
        if not constant and (re.search(r"\bstatic\b", head) or scope == "namespace"):
            yield offset, f"mutable static: {shown}", "a member of the state that owns it, or constexpr"
        wide = WIDE.search(head)
        member = scope == "type" or re.search(r"\w_\s*$", head)
        if wide and member and not constant:
            instead = "std::int64_t, std::uint32_t or a strong type"
            yield offset + wide.start(), f"{wide[0]} in state: {shown}", instead


def check_text(path, text):
    """All findings in one file, as lines `file:line: what; use that`."""
    code = DIRECTIVE.sub(blank, strip_literals(text))
    found = list(check_includes(path, text))
    if path.startswith(("engine/", "sim/")):
        found += check_tokens(path, text, code)
        found += check_draws(code)
        found += check_state(code)
    lines = text.splitlines() or [""]
    messages = []
    for offset, what, replacement in sorted(found):
        line = text.count("\n", 0, offset)
        if not EXEMPT.search(lines[line]):
            messages.append(f"{path}:{line + 1}: {what}; use {replacement}")
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line):
            messages.append(f"{path}:{number}: unfinished work is no comment; use an issue, or finish it")
    return messages


def check_tree(root):
    messages, files = [], 0
    for top in ("engine", "sim", "scenarios", "bindings", "tests"):
        for file in sorted((root / top).rglob("*")):
            if file.suffix in (".h", ".cc"):
                files += 1
                messages += check_text(file.relative_to(root).as_posix(), file.read_text(encoding="utf-8"))
    return messages, files


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
    messages, files = check_tree(root)
    print(*messages, sep="\n", end="\n" if messages else "")
    print(f"{files} files, {len(messages)} findings")
    sys.exit(1 if messages else 0)


if __name__ == "__main__":
    main()
