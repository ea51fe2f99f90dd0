"""Small files, small functions, each module with one sentence that says what it is."""

import ast

import pytest

from tests.architecture.tree import ROOT, code, files

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@pytest.fixture(scope="module")
def modules():
    return {path: ast.parse((ROOT / path).read_text()) for path in code()}


def test_no_file_is_too_long():
    lengths = {str(path): len((ROOT / path).read_text().splitlines()) for path in [*code(), *files(".html", ".js")]}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_too_long(modules):
    too_long = {
        f"{path}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path, module in modules.items()
        for node in ast.walk(module)
        if isinstance(node, FUNCTIONS) and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    }
    assert too_long == {}


def test_each_module_opens_with_a_sentence(modules):
    silent = [str(path) for path, module in modules.items() if module.body and not ast.get_docstring(module)]
    assert silent == []
