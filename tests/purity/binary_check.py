"""Looks at what the compiled engine and sim ask of the outside world: their undefined symbols.

usage: binary_check.py ARCHIVE...

Each undefined symbol must be our own, a pure part of the C++ library, fmt, memcpy and its like, or the
compiler's run time. What reads a clock, opens a file, starts a thread or draws entropy is rejected, however
it got in. Prints one line per finding and exits with 1 if there is any.
"""

import re
import subprocess
import sys
from pathlib import Path

# What must never be asked for: what it does, what to use, and the names as patterns, C names or mangled ones.
REJECTED = [
    (
        "reads a clock",
        "the Now of the step",
        r"""clock clock_gettime gettimeofday time times localtime(_r)? gmtime(_r)? mktime strftime
            _ZNK?St6chrono\w*""",
    ),
    ("waits", "a timer effect", r"nanosleep usleep sleep poll select epoll_\w+"),
    (
        "threads or thread-local state",
        "values and one thread",
        r"""pthread_\w+ sem_\w+ __tls_get_addr _ZTH\w+ _ZTW\w+
            _ZNK?St(6thread|5mutex|18condition_variable)\w*""",
    ),
    (
        "draws entropy",
        "engine/base/random.h",
        r"getrandom getentropy s?rand s?random [dlm]rand48 arc4random\w* _ZNK?St13random_device\w*",
    ),
    (
        "touches files",
        "the Disk of the step",
        r"""open(at)?(64)? close p?read(64)? p?write(64)? stat\w* unlink rename mmap(64)?
            fopen(64)? fread fwrite _ZNK?St10filesystem\w*""",
    ),
    ("uses the network", "an effect", r"socket connect bind listen accept4? send(to|msg)? recv(from|msg)?"),
    (
        "prints",
        "a typed event or fmt::format",
        r"""v?(f|s|sn|d)?printf __\w*printf_chk puts putchar fputs std(in|out|err) _ZN3fmt2v9\d+v?print\w*
            _ZNK?S[iod]\w* _ZSt4(cout|cerr|clog) _ZSt16__ostream_insert\w* _ZNK?St8ios_base\w*
            _ZNK?St\d+basic_\w*(stream|filebuf)\w*""",
    ),
    (
        "depends on the environment",
        "configuration as a value",
        r"(secure_)?getenv setenv setlocale _ZNK?St6locale\w*",
    ),
    (
        "hashes as the library likes",
        "engine/base/hash.h and ordered containers",
        r"_ZSt11_Hash_bytes\w* _ZNK?St8__detail20_Prime_rehash_policy\w*",
    ),
    (
        "computes in floating point",
        "integers and ratios of integers",
        r"(exp|log|pow|sqrt|sin|cos|floor|ceil|round|fmod)[flp0-9]*",
    ),
    ("looks at the machine", "configuration as a value", r"getpid gettid uname sysconf sched_\w+ getcpu"),
]

# What is fine. S[tabs] are std::, std::allocator, std::basic_string and std::string in mangled names.
MANGLED_PREFIX = r"_Z(T[VISTC]|GV|GR|TWh|Th\w+?_|Tv\w+?_)?Z?N?[KVRO]*"
ALLOWED = [
    MANGLED_PREFIX + r"(7odradek|S[tabs]|3fmt|10__cxxabiv1|9__gnu_cxx)\w*",
    r"_Z(n[wa]|d[la])\w+",  # operators new and delete
    r"_ZT[IS][PK]*[a-z]",  # type information of built-in types
    r"mem(cpy|move|set|cmp|chr)|bcmp|str(len|n?cmp|n?cpy|chr)|__mem\w+_chk|abort|__assert_fail",
    r"__libc_single_threaded",  # std::shared_ptr, to count without atomics
    r"__cpu_(model|features2|indicator_init)",  # the hardware path of CRC-32C, with the same result
    r"_Unwind_\w+|__cxa_\w+|__gxx_personality_v0|__dynamic_cast",  # exceptions and casts
    r"__dso_handle|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_",
    r"__(u?div|u?mod|u?divmod|mulo?|ashl|ashr|lshr|popcount|clz|ctz|bswap)[a-z]*[sdt]i[2345]",  # integers
    r"_+(asan|ubsan|sanitizer|lsan)\w*|__(start|stop)_asan_globals",
]

REJECTED = [(what, instead, re.compile("|".join(names.split()))) for what, instead, names in REJECTED]
ALLOWED = re.compile("|".join(f"(?:{pattern})" for pattern in ALLOWED))


def judge(symbol):
    """None for a symbol that is fine, otherwise what is wrong with it and what to use."""
    symbol = symbol.split("@")[0]
    for what, instead, pattern in REJECTED:
        if pattern.fullmatch(symbol):
            return f"{what}; use {instead}"
    if not ALLOWED.fullmatch(symbol):
        return f"is on no list; use something pure, or add it to {Path(__file__).name} with a reason"
    return None


def undefined_symbols(archive, *options):
    """Pairs of where and what. nm prints `archive:object: U symbol`, with -l also a tab and `file:line`."""
    run = subprocess.run(
        ["nm", "-A", "--undefined-only", *options, archive], capture_output=True, text=True, check=True
    )
    for line in run.stdout.splitlines():
        found = re.match(r"(.*):\s+[Uwv] (\S+)(?:\t(.*))?$", line)
        if found:
            yield found[3] or found[1], found[2]


def demangle(symbol):
    return subprocess.run(["c++filt", symbol], capture_output=True, text=True, check=True).stdout.strip()


def check_archive(archive):
    """All findings in one archive, as lines `file:line: symbol what; use that`."""
    symbols = {symbol for _, symbol in undefined_symbols(archive)}
    wrong = {symbol: complaint for symbol in sorted(symbols) if (complaint := judge(symbol))}
    if not wrong:
        return []
    # Only now look for the lines, which is slow.
    places = sorted(set(undefined_symbols(archive, "-l")))
    return [f"{where}: {demangle(symbol)} {wrong[symbol]}" for where, symbol in places if symbol in wrong]


def main():
    messages = [message for archive in sys.argv[1:] for message in check_archive(archive)]
    print(*messages, sep="\n", end="\n" if messages else "")
    print(f"{len(sys.argv) - 1} archives, {len(messages)} findings")
    sys.exit(1 if messages else 0)


if __name__ == "__main__":
    main()
