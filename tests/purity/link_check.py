"""Compares what each CMake target links with what its layer may link.

usage: link_check.py LINK_LIBRARIES [CMAKELISTS]

LINK_LIBRARIES is the file that CMake writes into the build folder: one line `target: library library…`.
"""

import re
import sys
from pathlib import Path

# Exactly what each layer may link directly; what is below comes along.
ALLOWED = {
    "odradek_engine": {"fmt::fmt"},
    "odradek_sim": {"odradek_engine"},
    "odradek_scenarios": {"odradek_sim", "tomlplusplus::tomlplusplus"},
    "odradek_cli": {"odradek_scenarios", "CLI11::CLI11", "nlohmann_json::nlohmann_json"},
    "odradek": {"odradek_cli"},
    "odradek_lying": {"odradek_cli"},
    "odradek_dying": {"odradek_cli"},
    "odradek_test_support": {"odradek_engine", "GTest::gtest", "rapidcheck"},
    "odradek_engine_tests": {"odradek_engine", "odradek_test_support", "GTest::gtest_main"},
    "odradek_sim_tests": {"odradek_sim", "odradek_test_support", "GTest::gtest_main"},
    "odradek_scenarios_tests": {"odradek_scenarios", "odradek_test_support", "GTest::gtest_main"},
    "odradek_bindings_tests": {"odradek_cli", "odradek_test_support", "GTest::gtest_main"},
}


def line_of(target, cmake_text):
    """The line of CMakeLists.txt that declares a target, or 1."""
    layer = re.sub(r"^odradek_(\w+)_tests$", r"\1", target)
    pattern = re.compile(
        rf"\b(?:add_layer|add_layer_tests|add_library|add_executable)\((?:{target}|{layer})\b"
    )
    found = pattern.search(cmake_text)
    return cmake_text.count("\n", 0, found.start()) + 1 if found else 1


def check_links(link_text, cmake_text=""):
    """All findings, as lines `CMakeLists.txt:line: what; use that`."""
    messages = []
    for line in link_text.splitlines():
        target, _, linked = line.partition(":")
        linked = [name for name in re.split(r"[;\s]+", linked) if name]
        where = f"CMakeLists.txt:{line_of(target, cmake_text)}"
        if target not in ALLOWED:
            messages.append(
                f"{where}: {target} has no row in the table of layers; use one in {Path(__file__).name}"
            )
            continue
        for name in linked:
            name = re.sub(r"^\$<LINK_ONLY:(.*)>$", r"\1", name)
            if name not in ALLOWED[target]:
                below = ", ".join(sorted(ALLOWED[target]))
                messages.append(f"{where}: {target} does not link {name}; use only {below}")
    return messages


def main():
    link_file = Path(sys.argv[1])
    cmake_file = (
        Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).resolve().parents[2] / "CMakeLists.txt"
    )
    link_text = link_file.read_text(encoding="utf-8")
    messages = check_links(link_text, cmake_file.read_text(encoding="utf-8"))
    print(*messages, sep="\n", end="\n" if messages else "")
    print(f"{len(link_text.splitlines())} targets, {len(messages)} findings")
    sys.exit(1 if messages or not link_text else 0)


if __name__ == "__main__":
    main()
