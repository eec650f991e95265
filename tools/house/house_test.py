#!/usr/bin/env python3
"""The checker fires: trees that break one rule each, and trees that break none."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

import cpp  # noqa: E402
import house  # noqa: E402
import rules  # noqa: E402

CLEAN_HEADER = "#pragma once\n\n// Ring: a ring.\n\n#include <vector>\n\nint Ring();\n"


class Tree(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        self.root = Path(self._folder.name)

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def findings(self):
        return house.check(self.root)[1]

    def assert_clean(self):
        self.assertEqual(self.findings().faults, [])

    def assert_fault(self, expected):
        self.assertEqual(self.findings().faults, [expected])


class Cases(Tree):
    def test_a_folder_of_cases_holds_texts_and_their_readme(self):
        self.write("src/floor/scenarios/limit_orders.txt", "== a section\n")
        self.write("src/floor/scenarios/README.md", "# Scenarios\n")
        self.assert_clean()

    def test_and_nothing_else(self):
        self.write("src/floor/scenarios/stage.cc", "int stage = 0;\n")
        self.assert_fault(
            "src/floor/scenarios/stage.cc:1: name: cases are called snake_case.txt, "
            "beside a README.md"
        )


class Includes(Tree):
    def test_a_clean_tree_passes(self):
        self.write("src/tape/ring.h", CLEAN_HEADER)
        self.write("src/tape/ring.cc", '#include "tape/ring.h"\n#include "base/assert.h"\n')
        self.write("src/app/main.cc", '#include "hub/shard.h"\n#include "web/page.h"\n')
        self.write("README.md", "# Livetape\n")
        self.assert_clean()

    def test_siblings_do_not_include_each_other(self):
        self.write("src/tape/ring.cc", '// why\n#include "hub/shard.h"\n')
        self.assert_fault(
            'src/tape/ring.cc:2: include: "hub/shard.h": tape may include base, metrics, sqlite, '
            "not hub"
        )

    def test_base_includes_nothing_of_ours(self):
        self.write("src/base/log.cc", '#include "metrics/registry.h"\n')
        self.assert_fault(
            'src/base/log.cc:1: include: "metrics/registry.h": base may include nothing of ours, '
            "not metrics"
        )

    def test_only_who_may_include_all_sees_the_page(self):
        self.write("src/http/page.cc", '#include "web/page.h"\n')
        self.assert_fault(
            'src/http/page.cc:1: include: "web/page.h": http may include base, metrics, not web'
        )

    def test_every_row_of_the_table_is_enforced(self):
        for folder, allowed in rules.INCLUDES.items():
            for target in rules.INCLUDES:
                self.write(f"src/{folder}/probe.cc", f'#include "{target}/probe.h"\n')
                may = "*" in allowed or target == folder or target in allowed
                with self.subTest(folder=folder, target=target):
                    self.assertEqual(len(self.findings().faults), 0 if may else 1)
            (self.root / f"src/{folder}/probe.cc").write_text("")

    def test_paths_are_written_from_src(self):
        self.write("src/tape/ring.cc", '#include "ring.h"\n')
        self.assert_fault('src/tape/ring.cc:1: include: "ring.h": write the path from src/')

    def test_an_include_in_a_comment_is_none(self):
        self.write("src/tape/ring.cc", '// #include "hub/shard.h"\n/*\n#include "hub/a.h"\n*/\n')
        self.assert_clean()

    def test_a_folder_that_does_not_exist_is_named(self):
        self.write("src/api/a.cc", '#include "helpers/a.h"\n')
        self.assert_fault('src/api/a.cc:1: include: "helpers/a.h": there is no folder src/helpers')


class Libraries(Tree):
    def test_asio_stays_out_of_headers(self):
        self.write("src/http/server.h", "#pragma once\n#include <boost/asio/io_context.hpp>\n")
        self.assert_fault(
            "src/http/server.h:2: library: <boost/asio/io_context.hpp> belongs into .cc files only"
        )

    def test_beast_stays_in_http(self):
        self.write("src/api/stream.cc", "#include <boost/beast/http.hpp>\n")
        self.assert_fault(
            "src/api/stream.cc:1: library: <boost/beast/http.hpp> belongs into http only"
        )

    def test_http_may_use_it_in_its_sources(self):
        self.write("src/http/server.cc", "#include <boost/asio/io_context.hpp>\n")
        self.assert_clean()

    def test_the_floor_links_without_boost(self):
        self.write("src/floor/order.cc", "#include <boost/container/flat_map.hpp>\n")
        self.assertIn("src/floor/order.cc:1: library:", self.findings().faults[0])


class Sizes(Tree):
    def test_a_file_over_400_lines_is_warned_of(self):
        self.write("src/hub/shard.cc", "int a;\n" * 401)
        self.assert_clean()
        self.assertEqual(
            self.findings().warnings,
            ["src/hub/shard.cc:401: warning: size: 401 lines, more than 400: why?"],
        )

    def test_a_file_over_800_lines_fails(self):
        self.write("src/hub/shard.cc", "int a;\n" * 801)
        self.assert_fault("src/hub/shard.cc:801: size: 801 lines, at most 800: split it")

    def test_a_made_file_may_be_long(self):
        self.write("web/src/api/schema.d.ts", "export type A = 1;\n" * 801)
        self.assert_clean()

    def test_a_long_function_fails(self):
        body = "  Step();\n" * 79
        self.write("src/hub/a.cc", f"namespace hub {{\nvoid Shard::Run(int a) {{\n{body}}}\n}}\n")
        self.assert_fault("src/hub/a.cc:2: function: Shard::Run has 81 lines, at most 80: split it")

    def test_a_function_of_80_lines_passes(self):
        body = "  Step();\n" * 78
        self.write("src/hub/a.cc", f"void Shard::Run(int a) {{\n{body}}}\n")
        self.assert_clean()

    def test_a_long_class_is_no_function(self):
        body = "  void Step() { Go(); }\n" * 100
        self.write("src/hub/a.cc", f"template <typename T>\nclass Shard {{\n{body}}};\n")
        self.assert_clean()


class Banned(Tree):
    def assert_banned(self, path, line, rule, what):
        self.write(path, line + "\n")
        faults = self.findings().faults
        self.assertEqual(len(faults), 1, faults)
        self.assertTrue(faults[0].startswith(f"{path}:1: {rule}: {what} "), faults[0])

    def test_clocks(self):
        for line, what in [
            ("auto t = std::chrono::steady_clock::now();", "steady_clock::now"),
            ("auto t = system_clock::now();", "system_clock::now"),
            ("auto t = time(nullptr);", "time"),
            ("auto t = std::time(nullptr);", "std::time"),
            ("::clock_gettime(CLOCK_MONOTONIC, &t);", "::clock_gettime"),
            ("gettimeofday(&t, nullptr);", "gettimeofday"),
        ]:
            with self.subTest(line):
                self.assert_banned("src/hub/a.cc", line, "clock", what)

    def test_what_only_looks_like_a_clock(self):
        self.write(
            "src/hub/a.cc",
            'f(event.time());\nevent->time();\nuptime(1);\nText("time(");\n// time(0)\n'
            "Price::time(1);\nint64_t time;\n",
        )
        self.assert_clean()

    def test_the_clock_itself_may(self):
        self.write("src/base/clock.cc", "auto t = std::chrono::steady_clock::now();\n")
        self.write("bench/load/main.cc", "auto t = std::chrono::steady_clock::now();\n")
        self.assert_clean()

    def test_randomness(self):
        self.assert_banned("src/hub/a.cc", "int a = rand();", "randomness", "rand")
        self.assert_banned("src/hub/a.cc", "std::random_device d;", "randomness", "random_device")

    def test_main_may_draw_a_seed(self):
        self.write("src/app/main.cc", "std::random_device d;\n")
        self.assert_clean()

    def test_sleep(self):
        self.assert_banned(
            "src/hub/a_test.cc", "std::this_thread::sleep_for(1ms);", "sleep", "sleep_for"
        )
        self.write("src/hub/a_test.cc", "")
        self.assert_banned("tests/a.test.mjs", "await sleep(100);", "sleep", "sleep")

    def test_floats_in_the_floor(self):
        self.assert_banned("src/floor/a.cc", "double price = 0;", "float", "double")
        self.write("src/floor/a.cc", "// no double here\nint64_t price = 0;\n")
        self.assert_clean()

    def test_unordered_in_the_floor(self):
        self.assert_banned(
            "src/floor/a.cc", "std::unordered_map<int, int> m;", "unordered", "unordered_map"
        )

    def test_names_that_say_nothing(self):
        self.assert_banned("src/hub/a.cc", "class ShardManager {};", "name", "class ShardManager")


class Places(Tree):
    def test_names_of_files(self):
        self.write("src/hub/Shard.cc", "")
        self.assert_fault(
            "src/hub/Shard.cc:1: name: files are called snake_case.cc or snake_case.h"
        )

    def test_other_suffixes(self):
        self.write("src/hub/shard.cpp", "")
        self.assert_fault(
            "src/hub/shard.cpp:1: name: files are called snake_case.cc or snake_case.h"
        )

    def test_words_that_say_nothing(self):
        self.write("src/hub/string_utils.cc", "")
        self.assert_fault(
            "src/hub/string_utils.cc:1: name: say what it is in the field's words"
        )

    def test_unknown_folder(self):
        self.write("src/misc/a.cc", "")
        self.assert_fault(
            "src/misc/a.cc:1: place: src/misc is not in the table of folders (tools/house/rules.py)"
        )

    def test_folder_in_a_folder(self):
        self.write("src/hub/deep/a.cc", "")
        self.assert_fault(
            "src/hub/deep/a.cc:1: place: src/hub has no folder deep (tools/house/rules.py)"
        )

    def test_room_of_a_folder(self):
        self.write("src/api/streams/a.cc", "")
        self.assert_clean()

    def test_file_without_a_folder(self):
        self.write("src/main.cc", "")
        self.assert_fault("src/main.cc:1: place: files of src/ stand in its folders")

    def test_header_without_pragma_once(self):
        self.write("src/hub/a.h", "// Says what.\n#include <vector>\n")
        self.assert_fault("src/hub/a.h:1: header: headers begin with #pragma once")

    def test_empty_folder(self):
        (self.root / "docs").mkdir()
        self.assert_fault("docs:1: empty folder: remove it, or fill it")

    def test_folders_of_the_build_do_not_count(self):
        self.write("build/release/a.cc", "auto t = std::chrono::steady_clock::now();\n")
        self.write("web/node_modules/x/a.h", "int a;\n")
        self.write("web/index.html", "")
        self.assert_clean()

    def test_places_of_one_machine(self):
        place = "/".join(["", "root", "notes.md"])
        self.write("docs/a.md", f"See\n{place}\n")
        self.assert_fault(
            f"docs/a.md:2: word: {place[:6]} belongs to one machine or registry, not here"
        )

    def test_addresses_of_registries(self):
        host = ".".join(["registry", "npmjs", "org"])
        self.write("web/package-lock.json", f'"resolved": "https://{host}/a.tgz"\n')
        self.assertEqual(len(self.findings().faults), 1)

    def test_paths_of_urls_may_look_alike(self):
        self.write("docs/a.md", "`GET /api/home/a`, https://desk.example/work/a\n")
        self.assert_clean()

    def test_bytes_that_are_no_text_pass(self):
        (self.root / "ticks.gz").write_bytes(b"\x1f\x8b\xff\x00")
        self.assert_clean()


class Cpp(unittest.TestCase):
    def test_texts_and_comments_go_and_lines_stay(self):
        source = 'a("x // y"); // z\nb(R"(1\n2)"); /* c\n */ char d = \'"\'; int e = 1\'000;\n'
        code = cpp.without_comments_and_texts(source)
        self.assertEqual(code.count("\n"), source.count("\n"))
        for gone in ["x", "y", "z", "1\n", "2)", "/*"]:
            self.assertNotIn(gone, code)
        self.assertIn("int e = 1'000;", code)

    def test_functions_are_found_where_they_are(self):
        source = (
            "namespace a {\n\nint F(int b,\n      int c) {\n  if (b) {\n    G();\n  }\n}\n\n"
            "class C {\n public:\n  int H() const { return 1; }\n};\n\n"
            "struct D : E<int()> {\n  int x = 1;\n};\n}\n"
        )
        self.assertEqual(cpp.functions(source), [(3, 6, "int F"), (11, 2, "public:\n  int H")])


class CommandLine(Tree):
    def run_house(self):
        return subprocess.run(
            [sys.executable, str(Path(house.__file__)), str(self.root)],
            capture_output=True,
            text=True,
            check=False,
        )

    def test_a_fault_is_printed_and_fails(self):
        self.write("src/hub/a.h", "int a;\n")
        run = self.run_house()
        self.assertEqual(run.returncode, 1)
        self.assertIn("src/hub/a.h:1: header:", run.stdout)
        self.assertIn("house: 1 files, 1 faults, 0 warnings", run.stdout)

    def test_a_clean_tree_succeeds(self):
        self.write("src/hub/a.h", CLEAN_HEADER)
        self.assertEqual(self.run_house().returncode, 0)

    def test_nothing_to_check_is_a_fault(self):
        self.assertEqual(self.run_house().returncode, 1)


if __name__ == "__main__":
    unittest.main()
